"""Says in words what a finding's program sends, what was expected, what the run saw, and by what it knows the fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .finding import KEYED, ExchangeRole, Finding
from .inert import cut, inert
from .reproduction import Reproduction
from .reproduction_requests import ROUNDS, ROUNDS_AFTER_OTHERS, Sent

__all__ = ["explanation"]

_KNOWN_BY: Final = {
    "status": "the status of the last answer is the run's, or another one that was not due",
    "ids": "{ids}",
    "one ID": "two of the answers name one ID",
    "records": "the list holds more records afterwards than the answers named",
    "a record": "the last answer names a record that an earlier request made",
    "unlike values": "the value at {place} is another one in the last answer than in the first",
    "value": "the value at {place} of the last answer is {value}",
    "places": "what the last answer holds at {places} is what the run's held, but for times and IDs",
    "time": "the time at {place} of the last answer is far from the clock of this machine",
    "text": "the last answer is no JSON by RFC 8259, or holds a member twice",
    "page": "the last answer begins with another record than the first one has there, or counts fewer than it shows",
    "keys": "the last answer holds an API key",
    "answer": "the last answer is the run's, but for times and IDs",
    "no answer": "the last request gets no answer",
}
"""For each way in which a program tells that a fault shows, what has to be the case."""
_FILLED: Final = "Where the target has fewer records than that page needs, they are made first."
_SHORT: Final = 100
"""Characters of a value."""
_MOST: Final = 300
"""Characters of a sentence that says what was expected or seen."""


def explanation(finding: Finding, sent: Sequence[Sent], shown: Reproduction, before: Sequence[Sent]) -> list[str]:
    """Return the lines that a program opens with.

    Args:
        before: what the run sent just before the judged request.
    """
    number = f"{len(before)} requests" if len(before) > 1 else "request"
    fallback = f"Then {ROUNDS_AFTER_OTHERS} times more, after the {number} that the run had sent just before the last one."
    facts = {**shown.facts, "places": " and ".join(shown.facts.get("places", ()))}
    facts["value"] = _about_value(shown) if shown.by == "value" else ""
    facts["ids"] = _about_ids(sent, shown) if shown.by == "ids" else ""
    requests = [f"  {number}. {_request(each)}" for number, each in enumerate(sent, 1)]
    return [
        inert(finding.cause),
        "",
        f"Expected: {cut(inert(finding.expected), _MOST)}",
        f"The run saw: {cut(inert(finding.observed), _MOST)}",
        "",
        "The requests, in order, and the statuses that the run saw:",
        *requests,
        f"The fault shows where {_KNOWN_BY[shown.by].format_map(facts)}.",
        f"They are sent until it does, {ROUNDS} times at most, each time with texts and Idempotency-Keys that are new.",
        *([fallback] if before else []),
        *([_FILLED] if shown.by == "page" else []),
        "Exit status: 1 where the fault shows, 0 where it does not, 2 where something else stands in the way.",
    ]


def _request(sent: Sent) -> str:
    """One request, by whom it is sent, and what the run got."""
    headers = {name.lower(): value for name, value in sent.headers}
    authorization = headers.get("authorization", "")
    caller = authorization.partition("$")[2] if "$" in authorization else "no key of the run"
    words = [f"{sent.method} {inert(sent.path)}", f"by {inert(caller)}"]
    words += [KEYED] if "idempotency-key" in headers else []
    words += ["at the same moment as the others"] if sent.together else []
    return f"{', '.join(words)}: {sent.status or 'no answer'}"


def _about_value(shown: Reproduction) -> str:
    """What has to stand at the place."""
    seen = shown.facts["seen"]
    if seen is None:
        return "not the one that was sent"
    return f"again {cut(inert(seen), _SHORT)}" if seen else "missing again"


def _about_ids(sent: Sequence[Sent], shown: Reproduction) -> str:
    """Which records the answers have to name."""
    own = [number for number, each in enumerate(sent, 1) if each.role != ExchangeRole.BESIDE]
    if any(sent[number - 1].together for number in own):
        several = "the answers name more than one record" if shown.facts["made"] > 1 else ""
        nameless = "one of the answers accepts the create and names no record" if shown.facts["nameless"] else ""
        fewer = "fewer records are made than creates accepted" if shown.facts["separate"] else ""
        return several or nameless or fewer or "the answers have the statuses that the run saw"
    ids: Sequence[int] = shown.facts["ids"]
    if ids[-1] == -1:
        return "the last answer has the status of the run's and names no record"
    if ids[-1] == len(ids) - 1:
        return "the last answer names a record that no answer before it named"
    alike = "" if shown.facts["alike"] else ", and is another one"
    return f"the last answer names the record that answer {own[ids[-1]]} named{alike}"
