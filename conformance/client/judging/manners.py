"""Judges of a client's manners, and of the command that drives it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from ..message import ABSENT, Answer
from ..scenario import Played, ScenarioEvidence
from ..trouble import TroubleKind
from .check import Checks, Judge, check

__all__ = ["JUDGES"]

_SLACK = 2.0
"""How often a time-out goes into the time that an attempt may last: connecting and reading may each take one."""


def _times_out(seen: ScenarioEvidence) -> Checks:
    """Each attempt ends soon after the time-out, because the client leaves."""
    for played in seen.played if "timeout" in seen.applies else ():
        limit = played.message.timeout * _SLACK + 1.5
        for arrival in played.creates:
            lasted = (arrival.ended or played.ended) - arrival.at
            observed = f"an attempt that lasted {lasted:.1f} s"
            yield check(
                lasted <= limit, f"an attempt ends after {played.message.timeout:g} s or a little more", observed, arrival
            )


def _key_hidden(seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        for answer in _answers(played):
            if answer.error is not None:
                text = json.dumps([str(part) for part in vars(answer.error).values()])
                observed = "the key stands in what the error says"
                yield check(not seen.holds_key(text), "an error without the key", observed, *played.creates[-1:])


def _answers(played: Played) -> tuple[Answer, ...]:
    return (played.answer, *played.answer.answers) if played.answer is not None else ()


def _body_unchanged(seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        if played.answer is not None and played.answer.body is not ABSENT and not played.ask.non_finite:
            after = played.answer.body
            observed = f"the caller's body afterwards: {json.dumps(after)[:300]}"
            yield check(after == played.message.body, "the caller's body as it was", observed, *played.creates[-1:])


def _threads(seen: ScenarioEvidence) -> Checks:
    for played in seen.played:
        if not played.applied("parallel") or played.answer is None:
            continue
        given = Counter(map(_canonical, played.message.parallel))
        # An attempt that is sent again with its key counts once.
        sent = Counter(
            {
                (arrival.key or arrival.number, arrival.body): _canonical(_read(arrival.body)) for arrival in played.creates
            }.values()
        )
        observed = f"{sum((sent & given).values())} of {sum(given.values())} bodies arrived as they were given"
        yield check(sent == given, "each body arrives, once", observed, *played.creates)
        keys = [arrival.key for arrival in played.creates if arrival.made and arrival.key is not None]
        yield check(len(keys) == len(set(keys)), "a key for each operation", "operations shared a key", *played.creates)
        yield check(
            _own_answers(played), "each caller gets the answer to its own body", "answers were mixed up", *played.creates
        )


def _own_answers(played: Played) -> bool:
    ids = {_canonical(_read(arrival.body)): arrival.made for arrival in played.creates if arrival.made}
    answers = played.answer.answers if played.answer is not None else ()
    wanted = [ids.get(_canonical(body)) for body in played.message.parallel]
    return [answer.record_id for answer in answers] == wanted


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("latin-1")


def _canonical(value: Any) -> str:
    return json.dumps(_without_form(value), sort_keys=True)


def _without_form(value: Any) -> Any:
    """The value, in which one text and an array of one text are the same."""
    if isinstance(value, dict):
        return {key: _without_form(member) for key, member in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) else value


def _command(seen: ScenarioEvidence) -> Checks:
    expected = "one answer of the documented form, in time"
    for played in seen.played:
        trouble = played.trouble
        excused = trouble is not None and (
            trouble.kind is TroubleKind.WAITING or (trouble.kind is TroubleKind.HUNG and seen.scenario.patient)
        )
        if trouble is None or not excused:
            yield check(trouble is None, expected, f"the command {trouble.text if trouble else ''}", *played.arrivals[-1:])


JUDGES = (
    Judge("command:answers", _command),
    Judge("manners:timeout", _times_out, ("silence",)),
    Judge("manners:drip", _times_out, ("drip",)),
    Judge("manners:key-hidden", _key_hidden),
    Judge("manners:body-unchanged", _body_unchanged),
    Judge("manners:threads", _threads, ("parallel",)),
)
