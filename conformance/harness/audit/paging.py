"""Judges whether the pages of a list are parts of one list, when nothing of the run is under way any more."""

from __future__ import annotations

from ....reports import ExchangeRole
from ....spec import Operation, profile
from ..case.api import Api
from ..case.world import World
from ..judge.judgement import Evidence
from ..judge.reads import judge_page
from ..judge.record import Recorder
from ..wire.exchange import Exchange

__all__ = ["judge_paging"]

_LIST = "read:list"
_TIMES = 3
"""Times that pages have to disagree: records that another client makes, or that an index takes in late, move them once."""
_PAGE = 25


def judge_paging(world: World, api: Api, recorder: Recorder) -> None:
    """Judge pages that begin within the first one, and at the end: they show what is there, and count all that they show.

    Args:
        recorder: takes the judgements.

    Raises:
        NotVerified: there is no list.
    """
    operation = world.contract.collection.list
    whole = api.get(operation, query=profile.page_query(_PAGE))
    if operation is None or whole.status != 200 or len(_ids(whole)) < 2:
        return
    within = len(_ids(whole)) - 1
    last = (profile.page_total(whole.body) or 0) - 1
    for offset, limit in ((1, 1), (within, _PAGE), *([(last, _PAGE)] if last > within else [])):
        whole = _judge_offset(operation, api, recorder, whole, offset, limit)


def _judge_offset(operation: Operation, api: Api, recorder: Recorder, whole: Exchange, offset: int, limit: int) -> Exchange:
    """Blame a page that differs each of several times, while the first one stays the same; return that, as last read."""
    for _ in range(_TIMES):
        before, page = whole, api.get(operation, query=profile.page_query(limit, offset))
        ids, total = _ids(before), profile.page_total(before.body)
        if page.status != 200 or (total is not None and total <= offset):
            return before
        judgement = judge_page(page, operation, _LIST, offset, ids[offset] if offset < len(ids) else None)
        if not judgement.problem:
            break
        whole = api.get(operation, query=profile.page_query(_PAGE))
        if (ids, total) != (_ids(whole), profile.page_total(whole.body)):
            return whole
    recorder.note([judgement], [Evidence(ExchangeRole.FIRST, before), Evidence(ExchangeRole.JUDGED, page)])
    return whole


def _ids(page: Exchange) -> list[str]:
    return [profile.record_id(record) for record in profile.page_records(page.body) or []]
