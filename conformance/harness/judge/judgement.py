"""What a judge makes of exchanges: for each expectation, whether it held, what it is about, and what shows it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from typing import Final, TypeAlias

from ....reports import ExchangeRole
from ....reports.finding import KEYED, OTHER_CREDENTIALS, OVERLAPPING
from ..wire.exchange import Exchange
from .expectation import Expectation

__all__ = ["NO_SUBJECT", "Evidence", "Judgement", "Judgements", "Subject", "judge"]


@dataclasses.dataclass(frozen=True)
class Subject:
    """What of the contract a judgement is about.

    Attributes:
        rule: the rule that the request broke; "" for a valid request.
        place: where: a JSON Pointer into the request body or the record, a header's name, or "".
        kind: the kind of value that stood there, or the way in which the rule was broken.
        role: the place in words that hold for any organization; the place itself where it does.
    """

    rule: str = ""
    place: str = ""
    kind: str = ""
    role: str = ""


NO_SUBJECT: Final = Subject()
"""Of a judgement that is about an answer as a whole."""


@dataclasses.dataclass(frozen=True)
class Evidence:
    """An exchange, and what it is to the judgement."""

    role: ExchangeRole
    exchange: Exchange


@dataclasses.dataclass(frozen=True)
class Judgement:
    """Whether one expectation held.

    Attributes:
        clauses: the clause that is blamed, then the others that it touches; one of those is blamed in a run that does not
            judge the first.
        expected: one sentence.
        problem: what was seen instead; "" when the expectation held.
        symptom: what was seen, in words that hold for any run, as a sentence about the cause has them.
        due: the statuses that were due, each a number or a class such as `4xx`; empty where it is not about one.
        features: pairs of a place and the form of what the judged request held there; the recorder adds them.
        evidence: in the order sent, the judged exchange last; the recorder adds it where a judge has not.
        beside: what has to be present in the request, though the rule has nothing to do with it; none where nothing has.
        share: how many requests of the run show it, and of how many that could; zeros where that is not counted.
    """

    expectation: Expectation
    clauses: tuple[str, ...]
    expected: str
    problem: str = ""
    symptom: str = ""
    due: tuple[str, ...] = ()
    subject: Subject = NO_SUBJECT
    features: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    beside: tuple[str, ...] = ()
    share: tuple[int, int] = (0, 0)

    @property
    def clause(self) -> str:
        """The clause that is blamed."""
        return self.clauses[0]

    @property
    def judged(self) -> Exchange | None:
        """The exchange that it is about."""
        return self.evidence[-1].exchange if self.evidence else None

    @property
    def context(self) -> tuple[str, ...]:
        """How the judged request was sent, in words that hold for any run."""
        if self.judged is None:
            return ()
        caller, words = self.judged.caller, [*self.beside]
        if caller not in ("", "main", "read"):
            words.append(f"as {caller}")
        elif caller and not self.judged.authorized and self.judged.method == "POST":
            words.append(OTHER_CREDENTIALS)
        words += [KEYED] if self.judged.key is not None else []
        return (*words, OVERLAPPING) if self.judged.overlapping else tuple(words)

    @property
    def identity(self) -> str:
        """What tells it from other ways of breaking the contract.

        It is the same in every run against the same behaviour, whatever the organization, the seed and the number of
        workers: it holds no ID, no option, no key of the organization's own, and no number of a case.
        """
        subject = self.subject
        parts = [self.expectation, subject.rule, subject.role or subject.place, subject.kind, *self.context]
        return f"{self.clause}#{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]}"


Judgements: TypeAlias = Iterator[Judgement]


def judge(
    expectation: Expectation,
    clause: str,
    expected: str,
    held: bool,
    observed: str,
    *,
    touched: tuple[str, ...] = (),
    symptom: str = "",
    due: tuple[str, ...] = (),
    subject: Subject = NO_SUBJECT,
) -> Judgement:
    """Return a judgement; what was observed is kept only when the expectation did not hold.

    Args:
        symptom: what was observed, without anything that is of this run; left out where `due` and the status say it all.
    """
    if is_kept(expectation, held):
        return Judgement(expectation, (clause, *touched), expected, due=due, subject=subject)
    return Judgement(expectation, (clause, *touched), expected, observed or "nothing", symptom, due, subject)


def is_kept(_: Expectation, held: bool) -> bool:
    """Return whether an expectation counts as kept. The proof that each is needed turns one off here, by its name."""
    return held
