"""Makes of a judgement that did not hold the finding that a report shows, with all that its requests met."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ....reports import ExchangeRole, Finding, say_cause
from ....spec import profile
from ..wire.marker import unstamp
from ..wire.sent import SentCreates
from .expectation import STORED, Expectation
from .judgement import Evidence, Judgement

__all__ = ["create_at", "make_finding"]

_LONGEST_EXAMPLE = 20_000


def make_finding(judgement: Judgement, case: str, sent: SentCreates | None = None) -> Finding:
    """Return what a report shows of a judgement that did not hold.

    Args:
        sent: the creates of the run, of which those are shown too that bear on the judgement's own.
    """
    judged = judgement.judged
    subject = judgement.subject
    finding = Finding(
        id=judgement.identity,
        clauses=judgement.clauses,
        cause="",
        expected=judgement.expected,
        observed=judgement.problem,
        symptom=judgement.symptom,
        expectation=judgement.expectation.value,
        rule=str(subject.rule),
        place=subject.place,
        value=str(subject.kind),
        context=judgement.context,
        features=judgement.features,
        share=judgement.share,
        status_due=judgement.due,
        status_seen=None if judged is None else judged.status,
        cases=(case,),
        example=_example(judgement),
        exchanges=tuple(each.exchange.to_transcript(each.role) for each in _completed(_with_origin(judgement, sent), sent)),
        preceding=tuple(each.to_transcript() for each in sent.preceding(judged)) if sent and judged else (),
    )
    return dataclasses.replace(finding, cause=say_cause([finding]))


def create_at(judgement: Judgement, evidence: Sequence[Evidence]) -> int:
    """Return which request's body matters: the judged one's, and of a record that is not there that of what made it."""
    stored = judgement.expectation in STORED and evidence[0].role is ExchangeRole.FIRST
    return 0 if stored else -1


def _with_origin(judgement: Judgement, sent: SentCreates | None) -> Sequence[Evidence]:
    """The evidence, and before it the create from which a value stayed that the judged one did not set."""
    judged, place = judgement.judged, judgement.subject.place
    if judgement.expectation is not Expectation.NOT_OF_ANOTHER or sent is None or judged is None:
        return judgement.evidence
    origin = sent.last_with(place, profile.read_back(judged.body, place), judged)
    return [*([Evidence(ExchangeRole.FIRST, origin)] if origin else []), *judgement.evidence]


def _completed(evidence: Sequence[Evidence], sent: SentCreates | None) -> Sequence[Evidence]:
    """The same with what else its requests met, and with whole answers."""
    if sent is None or not evidence:
        return evidence
    *before, judged = (Evidence(each.role, sent.whole(each.exchange)) for each in evidence)
    others = sent.beside([*(each.exchange for each in before), judged.exchange])
    if not others:
        return [*before, judged]
    before += [Evidence(ExchangeRole.BESIDE, other) for other in others]
    before.sort(key=lambda each: each.exchange.sent_at)
    met = [judged.exchange.meets(each.exchange) for each in before]
    if not any(met):
        return [*before, judged]
    return [
        Evidence(each.role, dataclasses.replace(each.exchange, overlapping=each.exchange.overlapping or meets))
        for each, meets in zip([*before, judged], [*met, True], strict=True)
    ]


def _example(judgement: Judgement) -> str:
    """The body of the request that matters, without the markers of this run."""
    if not judgement.evidence:
        return ""
    content = judgement.evidence[create_at(judgement, judgement.evidence)].exchange.content
    text = content.decode("utf-8", "backslashreplace")[:_LONGEST_EXAMPLE]
    for stamp in (evidence.exchange.stamp for evidence in judgement.evidence):
        text = unstamp(text, stamp) if stamp else text
    return text
