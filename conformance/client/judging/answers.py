"""Judges of what a client makes of an answer: which it takes for a success, and which it does not."""

from __future__ import annotations

import functools

from ..scenario import Played, ScenarioEvidence
from .check import Checks, Judge, check, shown

__all__ = ["JUDGES"]

_REDIRECTS = tuple(f"redirect-{status}" for status in (301, 302, 303, 307, 308))


def _success(seen: ScenarioEvidence) -> Checks:
    """The caller gets the record that was made."""
    for played in seen.played:
        if played.answer is None or not played.creates or played.answer.unsupported:
            continue
        made = [arrival.made for arrival in played.creates if arrival.made]
        yield check(
            played.answer.record_id in made, "a success, with the record's ID", _described(played), *played.creates[-1:]
        )


def _awaited(seen: ScenarioEvidence) -> Checks:
    """As for any success, unless each attempt was given its time: a busy machine may take all of it."""
    if "timeout" in seen.applies:
        in_time = all(each.seconds < 0.95 * each.message.timeout * len(each.creates) for each in seen.played)
        yield from (each for each in _success(seen) if in_time or not each.problem)


def _described(played: Played) -> str:
    answer = played.answer
    if answer is None or answer.error is not None:
        error = answer.error if answer else None
        said = (error.message or error.text or error.type) if error else None
        return f"an error that says {shown(said)}" if said else "an error that says nothing" if error else "nothing"
    return f"a record with the ID {shown(answer.record_id)}" if answer.record_id else _success_words(answer.record)


def _success_words(record: object) -> str:
    return "a success without a record" if record is None else f"a success with the record {shown(record)}"


def _no_success(what: str, seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        if played.answer is not None and played.creates:
            observed = _success_words(played.answer.record) if played.answer.succeeded else ""
            yield check(not played.answer.succeeded, f"an error, since the answer was {what}", observed, played.creates[-1])


def _redirect_credentials(seen: ScenarioEvidence) -> Checks:
    for arrival in seen.at_other_host:
        texts = (arrival.target, arrival.body.decode("latin-1"), *(value for _, value in arrival.headers))
        leaked = any(seen.holds_key(text) for text in texts)
        yield check(not leaked, "the key is not sent to another host", "the key was sent there", arrival)
    if seen.creates and not seen.at_other_host:
        yield check(True, "the key is not sent to another host", "")


def _redirect_body(seen: ScenarioEvidence) -> Checks:
    for arrival in seen.at_other_host:
        observed = f"{len(arrival.body)} bytes were sent there"
        yield check(not arrival.body, "the body is not sent to another host", observed, arrival)
    if seen.creates and not seen.at_other_host:
        yield check(True, "the body is not sent to another host", "")


JUDGES = (
    Judge("answers:created", _success, ("plain", "rich")),
    Judge("answers:status-201", _success, ("created",)),
    Judge("answers:interim", _success, ("interim",)),
    Judge("answers:redirect-credentials", _redirect_credentials, _REDIRECTS),
    Judge("answers:redirect-body", _redirect_body, _REDIRECTS),
    Judge("answers:redirect-success", functools.partial(_no_success, "a redirect to another host"), _REDIRECTS),
    Judge("answers:compressed", _success, ("compressed",)),
    Judge("answers:chunked", _success, ("chunked",)),
    Judge("answers:slow", _awaited, ("slow",)),
    Judge("answers:unknown-members", _success, ("unknown-members",)),
    Judge("answers:unknown-values", _success, ("unknown-type", "unknown-relationship"), separate=True),
    Judge("answers:nulls", _success, ("null-link", "null-value"), separate=True),
    Judge("answers:long-numbers", _success, ("long-numbers",)),
    Judge("answers:dates", _success, ("date-offset", "date-fraction", "date-whole"), separate=True),
    Judge("answers:html", functools.partial(_no_success, "a page"), ("html",)),
    Judge("answers:empty", functools.partial(_no_success, "empty"), ("no-content", "empty"), separate=True),
    Judge(
        "answers:no-record",
        functools.partial(_no_success, "no record"),
        ("empty-object", "no-id", "json-list"),
        separate=True,
    ),
    Judge("answers:half", functools.partial(_no_success, "half a JSON text"), ("half",)),
)
