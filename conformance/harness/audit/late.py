"""Judges what shows only when a run ends: keys used long ago and what a target does in the background."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from ....reports import ExchangeRole
from ....spec import error_form, profile
from ....spec.pointer import get_at
from ..case.api import Api
from ..case.world import World
from ..judge.echo import judge_read_back
from ..judge.expectation import Expectation
from ..judge.judgement import Evidence, Subject, judge
from ..judge.record import Limited, NotVerified, Recorder
from ..judge.repeats import NEW_RECORD
from ..judge.situations import situation_of
from ..wire.ledger import Entry
from .paging import judge_paging

__all__ = ["judge_late"]

_REPLAY, _LIMITED = "idempotency:replay", "idempotency:rate-limited"
_STORED, _SUMMARY = "success:stored", "success:summary"
_FRESH = 2
"""Creates with keys of their own, of which one has to be let in."""


def judge_late(world: World, api: Api, recorder: Recorder, own: Sequence[Entry]) -> None:
    """Judge by a few last requests, before the audit reads what they made.

    Args:
        recorder: takes the judgements.
        own: the ledger's entries of the endpoint under test.
    """
    with contextlib.suppress(NotVerified):
        _judge_late_replay(api, recorder, own)
    with contextlib.suppress(NotVerified):
        _judge_limited_to_the_end(api, recorder, own)
    with contextlib.suppress(NotVerified):
        _judge_kept(world, api, recorder)
    with contextlib.suppress(NotVerified):
        judge_paging(world, api, recorder)
    with contextlib.suppress(NotVerified):
        _observe_summary(world, api, recorder, own)


def _judge_late_replay(api: Api, recorder: Recorder, own: Sequence[Entry]) -> None:
    """A key that was used early in the run is still known when it ends: a store of few keys forgets it."""
    # The same one in each run of a seed, however the cases were spread.
    of_cases = sorted((entry for entry in own if entry.clause == _REPLAY), key=lambda entry: entry.number)
    known = filter(None, [api.known_full(), *of_cases])
    # A key that had two records while cases ran is for them to judge.
    records: dict[str | None, set[str]] = {}
    for entry in own:
        records.setdefault(entry.key, set()).add(entry.record)
    whole = (create for create in known if records.get(create.key, set()) <= {create.record_id, ""})
    first = next((create for create in whole if create.key and create.record_id), None)
    if first is None:
        return
    again = api.repeat(first)
    held, observed = again.record_id == first.record_id, f"answered {again.answer} {again.record_id}".strip()
    expected = f"the original response, with record {first.record_id}"
    symptom, about = NEW_RECORD if again.record_id else "", Subject(kind=situation_of(_REPLAY))
    kind = Expectation.REPLAYED_TO_THE_END
    judgement = judge(kind, _REPLAY, expected, held, observed, symptom=symptom, subject=about)
    recorder.note([judgement], [Evidence(ExchangeRole.FIRST, first), Evidence(ExchangeRole.JUDGED, again)])


def _judge_limited_to_the_end(api: Api, recorder: Recorder, own: Sequence[Entry]) -> None:
    """A key whose request got nothing but 429 still creates: where a fresh one is let in at once, the key is to blame."""
    used = {entry.key for entry in own if entry.record}
    limited = next((entry for entry in own if entry.too_many and entry.key and entry.key not in used), None)
    if limited is None:
        return
    try:
        again = api.repeat(limited)
    except Limited as problem:
        again = problem.exchange
    blocked = again.too_many and _is_let_in(api)
    if again.record_id or blocked:
        observed = f"answered {again.answer}, while a create with a fresh key was accepted"
        judgement = judge(Expectation.KEY_KEPT_TO_THE_END, _LIMITED, "created after a 429", not blocked, observed)
        recorder.note([judgement], [Evidence(ExchangeRole.FIRST, limited), Evidence(ExchangeRole.JUDGED, again)])


def _is_let_in(api: Api) -> bool:
    """Whether the target takes creates with a fresh key at once; one of a few may be limited."""
    for _ in range(_FRESH):
        with contextlib.suppress(Limited):
            if (fresh := api.create(key=api.key())).accepted and not fresh.limited:
                return True
    return False


def _judge_kept(world: World, api: Api, recorder: Recorder) -> None:
    """A record that much is set of is still as it was created, whatever was done in the background."""
    first = api.known_full()
    if first is not None and first.accepted and not first.answers_another:
        read = api.read(first)
        if read.status in (401, 403):
            return
        evidence = [Evidence(ExchangeRole.FIRST, first), Evidence(ExchangeRole.JUDGED, read)]
        recorder.note(judge_read_back(world.contract, world.workspace, first, read, _STORED), evidence)


def _observe_summary(world: World, api: Api, recorder: Recorder, own: Sequence[Entry]) -> None:
    """The summary comes some time after the creation (contract 11): a read-only text that a later read shows filled."""
    texts = [
        field for field in world.workspace.fields.values() if field.read_only and field.value_type in ("TEXT", "MARKDOWN")
    ]
    oldest = next((entry.record for entry in own if entry.record), "")
    if world.contract.collection.retrieve is None or not oldest:
        return
    read = api.get(world.contract.collection.retrieve, record_id=oldest)
    recorder.cannot(
        _SUMMARY, NotVerified("no read-only text field was filled when the run ended", "none: no source names a deadline")
    )
    for field in texts:
        if get_at(read.body, profile.value_pointer(field.pointer), None):
            recorder.note([judge(Expectation.SUMMARY_FILLED, _SUMMARY, "a text", True, "")], [])
            recorder.observe((_SUMMARY, f"{error_form.place_param(field.pointer)} is filled when the run ends"))
