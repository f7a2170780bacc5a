"""Judges whether the pages of a list are parts of one list, when nothing of the run is under way any more."""

from __future__ import annotations

from ....reports import ExchangeRole
from ....spec import Operation, profile
from ..case.api import Api
from ..case.session import World
from ..judge.answers import judge_page
from ..judge.judgement import Evidence
from ..judge.record import Recorder
from ..wire.exchange import Exchange

__all__ = ["judge_paging"]

_LIST = "read:list"
_TIMES = 3
"""Times that pages have to disagree: records that another client makes, or that an index takes in late, move them once."""
_PAGE = 25


def judge_paging(world: World, api: Api, recorder: Recorder) -> None:
    """Judge pages of which each begins within the one before: they show what is there, and count more than they show.

    Args:
        recorder: takes the judgements.

    Raises:
        NotVerified: there is no list.
    """
    operation = world.contract.collection.list
    whole = api.get(operation, query=profile.page_query(_PAGE))
    if operation is None or whole.status != 200 or len(_ids(whole)) < 2:
        return
    for offset, limit in ((1, 1), (len(_ids(whole)) - 1, _PAGE)):
        whole = _judge_offset(operation, api, recorder, whole, offset, limit)


def _judge_offset(operation: Operation, api: Api, recorder: Recorder, after: Exchange, offset: int, limit: int) -> Exchange:
    """Blame a page that differs each of several times, while the one around it stays the same; return that, as last read."""
    for _ in range(_TIMES):
        before = after
        page = api.get(operation, query=profile.page_query(limit, offset))
        after = api.get(operation, query=profile.page_query(_PAGE))
        if page.status != 200 or _ids(before) != _ids(after) or len(_ids(before)) <= offset:
            return after
        judgement = judge_page(page, operation, _LIST, offset, _ids(before)[offset])
        if not judgement.problem:
            break
    recorder.note([judgement], [Evidence(ExchangeRole.FIRST, before), Evidence(ExchangeRole.JUDGED, page)])
    return after


def _ids(page: Exchange) -> list[str]:
    return [profile.record_id(record) for record in profile.page_records(page.body) or []]
