"""What one cause shows in many ways is one finding; a second fault beside it keeps a finding of its own."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import pytest
from sample_findings import make_finding

from lightfield_contract.conformance.harness.verdicts.causes import merge_causes
from lightfield_contract.reports import ExchangeRole, Finding, Request, Response, Transcript
from lightfield_contract.spec import Rule

Group: TypeAlias = tuple[Sequence[Finding], Finding]
"""Findings of one cause, and one of another fault that resembles them."""

KEYED, OVERLAPPING = "with an Idempotency-Key", "at the same time as others"
CONFLICT = "answered 409 Conflict (idempotency_conflict, Idempotency-Key)"


def seen(number: str, method: str = "POST", status: int = 200, body: str = "{}", *, role: ExchangeRole) -> Transcript:
    """An exchange as a finding shows it."""
    request = Request(method, "http://127.0.0.1/v1/opportunities", (), "", "curl")
    answer = Response(status, "", (), body, len(body))
    return Transcript(number, "main", request, answer, "", False, 0.0, 0.0, role)


def of(clause: str, expectation: str, place: str = "", symptom: str = "", **changes: Any) -> Finding:
    """A finding about a valid create, whose identity is all that a test says of it."""
    given = {"expectation": expectation, "place": place, "symptom": symptom, "observed": symptom, **changes}
    return make_finding(clause, f"{zlib.crc32(repr(given).encode()):012x}", **given)


def read(body: str) -> Finding:
    """A read that was answered with 200 and not as documented."""
    exchanges = (seen("9", "GET", body=body, role=ExchangeRole.JUDGED),)
    return of("read:list", "documented-read", "/v1/opportunities", observed="`data` is missing", exchanges=exchanges)


def accepted(*rules: Rule) -> list[Finding]:
    """Breaches that were accepted, each at a place of its own."""
    return [of(f"c:{rule}", "refused", f"/fields/{rule}", rule=rule.value) for rule in rules]


GROUPS: Mapping[str, Group] = {
    "every refusal is a success, of reads too": (
        [*accepted(Rule.TYPE, Rule.NULL, Rule.MISSING, Rule.READ_ONLY), read('{"error": {"type": "bad_request"}}')],
        read('{"object": "list"}'),
    ),
    "a used key with another body changes the first record": (
        [
            of("idempotency:other-body", "same-exactly", "/fields/a", "comes back changed"),
            of("idempotency:other-body", "same-number", "/fields/b", "comes back changed, 1 as 2"),
            of("idempotency:lost-answer", "accounted-for", status_seen=409, context=(KEYED,)),
        ],
        of("custom:TEXT", "same-exactly", "/fields/c", "comes back changed"),
    ),
    "creates that overlap get each other's values": (
        [
            of("custom:TEXT", "same-exactly", "/fields/a", "is lost", context=(OVERLAPPING,)),
            of("link:custom", "same-links", "/relationships/b", "comes back empty", context=(OVERLAPPING,)),
        ],
        of("custom:TEXT", "same-exactly", "/fields/c", "is lost"),
    ),
    "nearly all members are missing": (
        [of(f"response:/{name}", "member", f"/{name}", "is missing") for name in ("id", "createdAt", "httpLink")]
        + [of("success:id-unique", "separate", symptom="no record")],
        of("response:/fields/*/value", "member", "/fields/*/value", "is a number, expected an object"),
    ),
    "even a plain create crashes": (
        [
            of("operation:create", "created", observed="answered 500", status_seen=500),
            of("refusal:no-5xx", "no-crash", "/fields/a", value="tab", observed="answered 500", status_seen=500),
        ],
        of("refusal:no-5xx", "no-crash", "/fields/a", rule="type", observed="answered 500", status_seen=500),
    ),
    "one value type is refused, wherever it stands": (
        [
            of("c:1", "created", observed="answered 422 (bad, fields.a)", features=(("/fields/{URL}", "plain"),)),
            of("c:2", "created", observed="answered 422 (bad, fields.b)", features=(("/fields/{URL}", "array"),)),
        ],
        of("c:3", "created", observed="answered 422 (other, fields.c)", features=(("/fields/{TEXT}", "plain"),)),
    ),
    "links are shown in another form": (
        [
            of("response:v", "member", "/relationships/*/values", "is an object, expected a string"),
            of("link:custom", "same-links", "/relationships/a", "comes back with other entries", observed='[{"id": 1}]'),
        ],
        of("link:custom", "same-links", "/relationships/b", "comes back empty", observed="[]"),
    ),
    "a repeat is answered with another status": (
        [
            of("success:status", "success-status", status_seen=201, context=(KEYED,)),
            of("idempotency:replay", "replayed", symptom="the same record, but another response than the first, 200"),
        ],
        of("idempotency:two-keys", "separate", symptom="the record of another request", context=(KEYED,)),
    ),
    "a record is stored under another ID": (
        [
            of("success:stored", "read-back", status_seen=404),
            of("success:once", "accounted-for", symptom="under another ID"),
        ],
        of("success:once", "accounted-for", context=(KEYED,)),
    ),
    "what a wrong replay names is not there": (
        [
            of(
                "success:stored",
                "still-stored",
                status_seen=404,
                exchanges=(seen("1", role=ExchangeRole.FIRST), seen("2", "GET", 404, role=ExchangeRole.JUDGED)),
            ),
            of(
                "idempotency:other-operation",
                "separate",
                symptom="the record of the earlier request",
                exchanges=(seen("1", role=ExchangeRole.JUDGED),),
            ),
        ],
        of("idempotency:replay", "replayed", symptom="a new record", context=(KEYED,)),
    ),
    "keys of refused requests stay in flight": (
        [
            of("idempotency:rate-limited", "key-kept", observed=CONFLICT, status_seen=409),
            of("success:id-unique", "created", observed=CONFLICT, status_seen=409, context=(KEYED,)),
        ],
        of("operation:create", "created", observed="answered 409 Conflict (conflict)", status_seen=409),
    ),
    "a required place may be missing beside something else": (
        [of("c:1", "refused", "/fields/a", rule="missing", context=("beside custom links",))],
        of("c:2", "refused", "/fields/b", rule="missing"),
    ),
    "whoever may not create is let in": (
        [
            of("scope:required", "caller-refused", context=("as no-create-2",)),
            of("idempotency:not-served", "history", symptom="the record of another request", context=("as no-create",)),
        ],
        of("idempotency:exact", "separate", symptom="the record of another request", context=(KEYED,)),
    ),
}
"""By what is wrong."""


@pytest.mark.parametrize("name", GROUPS)
def test_one_cause_is_one_finding(name: str) -> None:
    """And with another fault beside it there are two, of which neither holds the other."""
    alike, other = GROUPS[name]
    assert len(merge_causes(alike, lambda _: 0)) == 1
    both = merge_causes([*alike, other], lambda _: 0)
    assert sorted(len(each.occurrences) for each in both) == sorted([len(alike), 1])


def test_a_value_that_is_lost_plainly_is_not_explained_by_what_overlaps() -> None:
    """It is found beside creates that overlap as well, at the same place."""
    plain = of("custom:TEXT", "same-exactly", "/fields/a", "is lost")
    again = of("custom:TEXT", "same-exactly", "/fields/a", "is lost", context=(OVERLAPPING,))
    other = of("custom:TEXT", "same-exactly", "/fields/b", "comes back empty", context=(OVERLAPPING,))
    assert sorted(len(each.occurrences) for each in merge_causes([plain, again, other], lambda _: 0)) == [1, 2]


def test_an_id_for_two_does_not_explain_what_a_plain_create_shows() -> None:
    """What is read under the ID of another create is explained; a value that no answer shows right is not."""
    shared = of("success:id-unique", "id-of-its-own")
    get = (seen("3", "GET", role=ExchangeRole.JUDGED),)
    other = of("success:stored", "same-exactly", "/fields/a", "comes back changed", exchanges=get)
    plain = of("custom:TEXT", "same-exactly", "/fields/b", "is lost")
    assert sorted(len(each.occurrences) for each in merge_causes([shared, other, plain], lambda _: 0)) == [1, 2]
