"""Says by what of its answers a finding is known when its requests are sent again."""

from __future__ import annotations

import dataclasses
import datetime
import json
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ..spec import error_form, profile, rate_limit
from ..spec.pointer import get_at
from .evidence import ABOUT_ERRORS, place_in_answer
from .finding import Finding, Response, Transcript
from .reproduction_requests import ACCEPTED, KEY_HEADER, Sent, json_of, record_of, status_of

__all__ = ["Reproduction", "known_by", "may_repeat", "unreproducible"]

_AT_THE_END: Final = ("still-stored", "summary-filled", "key-kept-to-the-end", "replayed-to-the-end")
_ABOUT_RECORDS: Final = "accounted-for"
_OVER_A_LIMIT: Final = ("retry-after", "key-kept", "limit-of-its-own", "limit-status")
_ABOUT_IDS: Final = ("replayed", "separate", "original-or-refused", "one-winner", "history", "as-the-case-says")
_ABOUT_ONE_ID: Final = "id-of-its-own"
_ABOUT_HEADERS: Final = ("limit-headers", "success-media-type", "json-said")
_ERROR_PLACES: Final = tuple(f"{outer}/{name}" for outer in ("", f"/{error_form.ERROR}") for name in ABOUT_ERRORS.values())
_NOTHING: Final = object()
_SHOWN: Final = 20_000
"""Characters of an answer that a transcript holds; of a longer one the end is missing."""


@dataclasses.dataclass(frozen=True)
class Reproduction:
    """By what of the answers a finding is known.

    Attributes:
        by: the status, the IDs, one ID for several records, the number of records, a record that an answer names, a value or
            that two are unlike, places, a page, a time, the text of the JSON, keys, the whole answer, or that there is
            none; the program has a rule for each.
        due: the statuses that were due.
        facts: what the run saw of it.
    """

    by: str
    due: tuple[str, ...]
    facts: dict[str, Any]


def unreproducible(finding: Finding) -> str:
    """Return why no requests can show a finding by themselves; "" where they can."""
    judged = finding.judged
    if judged is None:
        return "the audit found it, and no request of the run is known to show it"
    # A create without a key was answered by itself, and so its record can be missed at once.
    missed_at_once = finding.expectation == "still-stored" and not finding.own_exchanges[0].request.key
    if finding.expectation in _AT_THE_END and not missed_at_once:
        return "it showed when the run was over, a while after the same requests had been answered as they are to be"
    if finding.expectation in _OVER_A_LIMIT:
        return "it shows only over the announced rate limit, which one request after the other does not reach"
    about_a_key = finding.clause.startswith("idempotency:") and status_of(judged) in ACCEPTED
    known_to_add = status_of(judged) and not about_a_key
    if finding.expectation == _ABOUT_RECORDS and not known_to_add and len(finding.exchanges) == 1:
        return "a record more shows only in the target's list, after requests that are not part of the finding"
    known = _known_by(finding, judged)
    if known[0] == "answer" and known[1]["headers only"] and finding.expectation not in _ABOUT_HEADERS:
        return "the answer is too long for a program to hold it"
    if judged.response is None and finding.expectation not in ("answered", _ABOUT_RECORDS):
        return f"no answer came: {judged.failure}"
    return ""


def known_by(finding: Finding) -> Reproduction:
    """Return by what of its answers a finding is known, for one that is reproducible."""
    if finding.expectation == _ABOUT_ONE_ID:
        return Reproduction("one ID", finding.status_due, {})
    if finding.expectation == _ABOUT_RECORDS:
        return Reproduction("records", finding.status_due, {"query": profile.page_query(1)})
    by, facts = _known_by(finding, finding.exchanges[-1])
    return Reproduction(by, finding.status_due, facts)


def may_repeat(sent: Sequence[Sent], shown: Reproduction) -> bool:
    """Return whether a repeat may show the fault: that of a single create with a key, which has to get the same answer."""
    keyed = any(name.lower() == KEY_HEADER for name, _ in sent[-1].headers)
    return keyed and len(sent) == 1 and shown.by in ("status", "value", "places", "answer", "keys", "text", "time")


def _known_by(finding: Finding, judged: Transcript) -> tuple[str, dict[str, Any]]:
    response, kind = judged.response, finding.expectation
    if response is None:
        return "no answer", {}
    if finding.status_due and not any(_fits(response.status, due) for due in finding.status_due):
        return "status", {}
    whole = len(response.body) < _SHOWN
    if kind in _ABOUT_IDS and (facts := _ids(finding)):
        return "ids", facts
    if kind in _RULES and (known := _RULES[kind](finding, judged)):
        return known
    if kind.startswith("same-") or kind == "present":
        return "value", {
            "place": place_in_answer(finding),
            "sent": finding.place,
            "seen": _at_place(judged, place_in_answer(finding)) if whole and json_of(judged) is not None else None,
        }
    if kind == "nothing-revealed" and _names_arecord_of(finding, response):
        return "a record", {}
    places = _places(finding)
    # A place of several, such as that of each member of a map, is looked for in the whole answer.
    if places and whole and "*" not in "".join(places) and json_of(judged) is not None:
        return "places", {"places": places, "seen": response.body}
    return "answer", _answer(finding, response, whole)


def _time(finding: Finding, judged: Transcript) -> tuple[str, dict[str, Any]] | None:
    if not finding.place.startswith("/"):
        return None
    return "time", {"place": finding.place, "away": _away(finding, judged)}


def _page(_: Finding, judged: Transcript) -> tuple[str, dict[str, Any]]:
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(judged.request.url).query)
    # Of a long page the transcript has but a part; it may have been full.
    records, full = profile.page_records(json_of(judged)), int(query.get(profile.LIMIT, ["1"])[0])
    return "page", {"offset": int(query[profile.OFFSET][0]), "records": full if records is None else len(records)}


_RULES: Final[Mapping[str, Callable[[Finding, Transcript], tuple[str, dict[str, Any]] | None]]] = {
    "no-key-shown": lambda _, __: ("keys", {}),
    "json-text": lambda _, __: ("text", {}),
    "members-once": lambda _, __: ("text", {}),
    "same-option-either-way": lambda finding, _: ("unlike values", {"place": place_in_answer(finding)}),
    "time-near-clock": _time,
    "time-near-date": _time,
    "page-begins": _page,
}
"""By what a finding of an expectation is known; None where that is by the answer's places, or all of it."""


def _names_arecord_of(finding: Finding, response: Response) -> bool:
    """Whether the judged answer names what an earlier request of the finding made."""
    return any(record in response.body for each in finding.own_exchanges[:-1] if (record := record_of(each)))


def _places(finding: Finding) -> tuple[str, ...]:
    """The places of the answer that have to hold again what they held."""
    if finding.expectation in ABOUT_ERRORS:
        return _ERROR_PLACES
    place = place_in_answer(finding)
    if finding.expectation == "value-type" and place and profile.holds_values(finding.place):
        # Where an organization defines the attribute with another type, the answer names that beside the value.
        return (place, f"{finding.place}/{profile.VALUE_TYPE}")
    return (place,) if place else ()


def _ids(finding: Finding) -> dict[str, Any]:
    """Which answers named the same record; empty where that is as it should be, and something else is not."""
    exchanges = finding.own_exchanges
    ids = [record_of(exchange) for exchange in exchanges]
    pattern = [ids.index(each) if each else -1 for each in ids]
    first = pattern[-1]
    again = first not in (-1, len(ids) - 1)
    alike = json_of(exchanges[first]) == json_of(exchanges[-1]) if again else None
    same_status = again and status_of(exchanges[first]) == status_of(exchanges[-1])
    if finding.expectation == "replayed" and alike and same_status:
        return {}
    nameless = any(not each and status_of(exchange) in ACCEPTED for each, exchange in zip(ids, exchanges, strict=True))
    made, separate = len(set(filter(None, ids))), finding.expectation == "separate"
    return {"ids": pattern, "made": made, "alike": alike, "nameless": nameless, "separate": separate}


def _answer(finding: Finding, response: Response, whole: bool) -> dict[str, Any]:
    about_headers = finding.expectation in _ABOUT_HEADERS or not whole
    headers = {name.lower(): value for name, value in response.headers}
    limits = [name.lower() for name in rate_limit.HEADERS]
    compared = ["content-type", *(limits if finding.expectation in _ABOUT_HEADERS else ())]
    kept = {name: value for name, value in headers.items() if name in compared}
    expected = limits if finding.expectation == "limit-headers" else ["content-type"]
    return {
        "seen": "" if about_headers else response.body,
        "headers": kept,
        "absent": [name for name in expected if name not in headers],
        "headers only": about_headers,
    }


def _at_place(exchange: Transcript, place: str) -> str:
    """The JSON text of what stands at a place of an answer; "" for nothing."""
    found = get_at(json_of(exchange), place, _NOTHING)
    return "" if found is _NOTHING else json.dumps(found)


def _away(finding: Finding, judged: Transcript) -> float:
    """By how many seconds the time at the place was off, as far as it can be read; else an hour."""
    try:
        found = datetime.datetime.fromisoformat(str(get_at(json_of(judged), finding.place, "")))
    except ValueError:
        return 3600.0
    found = found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
    return abs(found.timestamp() - judged.sent_at)


def _fits(status: int, due: str) -> bool:
    return str(status) == due or (due.endswith("xx") and due[0] == str(status)[0])
