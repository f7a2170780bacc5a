"""The scenarios: every situation that a client is put in."""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from ...reference.conduct import HTML, Conduct, Delivery, ScriptedReply, json_reply, refusal
from ...spec import Role, error_form, profile
from ...spec.pointer import set_at
from .scenario import Ask, Scenario, Step

__all__ = ["ABSURD", "DATE_WAIT", "LONG_KEY", "LONG_WAIT", "OWN_KEY", "REFUSALS", "SCENARIOS", "WAIT", "find_scenarios"]

OWN_KEY = "Order-2026_0001-aBcDeF"
LONG_KEY = "k9-" + "Ab" * 126
WAIT, DATE_WAIT, LONG_WAIT = 2, 3, 3600
"""Seconds of Retry-After: as a number, as a date at least, and as more than a client is watched for."""
ABSURD = "9" * 30
REFUSALS = {400: "invalid_type", 401: None, 403: None, 404: None, 415: None, 422: "stage_unresolved"}
_LET_GO = 4.0
_PARAM = error_form.place_param(profile.custom_pointer(Role.VALUE, "colour"))
_PAGE = ScriptedReply(200, (("Content-Type", "text/html; charset=utf-8"),), HTML)
_GATEWAY = ScriptedReply(502, (("Content-Type", "text/html"),), HTML)
_RECORD: Mapping[str, Any] = {
    profile.ID: "scripted_0001",
    profile.CREATED_AT: "2026-03-01T09:30:00.000Z",
    profile.HTTP_LINK: None,
    profile.FIELDS: {},
    profile.RELATIONSHIPS: {},
}
_WHOLE = json_reply(200, _RECORD)
_HALF = ScriptedReply(_WHOLE.status, _WHOLE.headers, _WHOLE.body[: len(_WHOLE.body) // 2])
_CANNED = Conduct(commit=False, reply=_WHOLE)
"""A success for bodies that the reference's organization has no fields for."""


def _retry_after(value: str, status: int = 429) -> Conduct:
    return refusal(status, ("Retry-After", value))


def _retry_after_date(_: str) -> Conduct:
    return _retry_after(email.utils.formatdate(math.ceil(time.time()) + DATE_WAIT, usegmt=True))


def _edited(**members: Any) -> Conduct:
    return Conduct(edit=lambda record: {**record, **members})


def _with_value(value: Any, value_type: str) -> Conduct:
    return _with_member(Role.VALUE, profile.wrap_value(value, value_type))


def _with_member(role: Role, member: Mapping[str, Any]) -> Conduct:
    return Conduct(edit=lambda record: dict(set_at(record, profile.custom_pointer(role, "newcomer"), member)))


def _redirect(status: int) -> Callable[[str], Conduct]:
    return lambda other: Conduct(commit=False, reply=ScriptedReply(status, (("Location", other),), b""))


def _answered(reply: ScriptedReply) -> Conduct:
    """An answer that hides the record which was made."""
    return Conduct(reply=reply)


def _of_refusals() -> tuple[Scenario, ...]:
    return tuple(
        Scenario(
            f"refused-{status}",
            f"Every attempt is refused with {status}.",
            then=refusal(status, code=code, param=_PARAM if code else None),
        )
        for status, code in REFUSALS.items()
    )


def _of_redirects() -> tuple[Scenario, ...]:
    return tuple(
        Scenario(f"redirect-{status}", f"Every attempt is sent to another host with {status}.", then=_redirect(status))
        for status in (301, 302, 303, 307, 308)
    )


def _lost(name: str, statement: str, step: Step, **more: Any) -> Scenario:
    return Scenario(name, statement, steps=(step,), **more)


_REQUEST = (
    Scenario("plain", "A create as simple as can be."),
    Scenario("rich", "A body with every type of value and every relationship.", asks=(Ask("rich"),)),
    Scenario("texts", "Texts that get lost in encoders.", asks=(Ask("texts"),)),
    Scenario("numbers", "Numbers at the ends of what is safe.", then=_CANNED, asks=(Ask("numbers"),)),
    Scenario("nulls", "Attributes that are null.", asks=(Ask("nulls"),)),
    Scenario("links", "One ID, an array of one, an array of several.", asks=(Ask("links"),)),
    Scenario("keys", "Slugs in every style.", then=_CANNED, asks=(Ask("keys"),)),
    Scenario("base-url-path", "A base URL with a path.", prefix="/gateway/crm"),
    Scenario("base-url-slash", "A base URL with a slash at its end.", slash=True),
    Scenario("non-finite", "A number that JSON cannot hold.", then=_CANNED, asks=(Ask("number", non_finite=True),)),
)
_IDEMPOTENCY = (
    Scenario("two-different", "Two operations, one after the other.", asks=(Ask(), Ask())),
    Scenario("two-equal", "Two operations with equal bodies.", asks=(Ask(label="same"), Ask(label="same"))),
    Scenario("own-key", "The caller's own key.", steps=(refusal(503),), asks=(Ask(key=OWN_KEY),)),
    Scenario("long-key", "The caller's own key, of 255 characters.", asks=(Ask(key=LONG_KEY),)),
    Scenario(
        "no-retries",
        "A lost answer, for a caller who wants no retry.",
        steps=(Conduct(delivery=Delivery.DROP),) * 2,
        asks=(Ask(max_retries=0),),
    ),
)
_RETRIES = (
    *_of_refusals(),
    Scenario("conflict", "Every attempt is refused with a 409 of type conflict.", then=refusal(409, code="duplicate")),
    Scenario(
        "in-flight", "The first attempt learns that its key is in flight.", (refusal(409, type_="idempotency_conflict"),)
    ),
    Scenario("retry-after", "Over the limit, with Retry-After in seconds.", (_retry_after(str(WAIT)),)),
    Scenario("retry-after-503", "Unavailable, with Retry-After in seconds.", (_retry_after(str(WAIT), 503),)),
    Scenario("retry-after-date", "Over the limit, with Retry-After as a date.", (_retry_after_date,)),
    Scenario(
        "retry-after-long",
        "Over the limit, for an hour.",
        then=_retry_after(str(LONG_WAIT)),
        let_go=_LET_GO,
        patient=True,
    ),
    Scenario("retry-after-negative", "Over the limit, with a negative Retry-After.", (_retry_after("-5"),), patient=True),
    Scenario(
        "retry-after-garbled", "Over the limit, with a garbled Retry-After.", (_retry_after("soon; maybe"),), patient=True
    ),
    Scenario("retry-after-absent", "Over the limit, without a Retry-After.", (refusal(429),), patient=True),
    Scenario(
        "retry-after-absurd",
        "Over the limit, with a Retry-After of thirty digits.",
        (_retry_after(ABSURD),),
        let_go=_LET_GO,
        patient=True,
    ),
    Scenario("unavailable-twice", "Unavailable twice.", (refusal(503), refusal(503))),
    Scenario("unavailable", "Unavailable for ever.", then=refusal(503, message="Closed for good."), patient=True),
    Scenario("over-limit", "Over the limit for ever.", then=_retry_after("1"), patient=True),
    Scenario("backoff", "Unavailable once, eight times over.", (refusal(503),), asks=(Ask(),) * 8, scaled=False),
    _lost("lost-answer", "The connection closes before the first answer.", Conduct(delivery=Delivery.DROP)),
    _lost("cut-answer", "The first answer breaks off.", Conduct(delivery=Delivery.CUT)),
    _lost("no-answer", "The first attempt is never answered.", Conduct(delivery=Delivery.HANG), patient=True),
    _lost("gateway-answer", "A gateway answers the first attempt with 502.", _answered(_GATEWAY)),
    _lost(
        "failed-answer", "The first attempt makes a record and is answered with 500.", _answered(refusal(500).reply or _PAGE)
    ),
    _lost("unreadable-answer", "The first attempt makes a record and gets a page.", _answered(_PAGE)),
)
_ANSWERS = (
    Scenario("created", "201 in place of 200.", then=Conduct(status=201)),
    Scenario("interim", "Interim answers come first.", then=Conduct(interim=(102, 103, 103))),
    *_of_redirects(),
    Scenario("compressed", "An answer in gzip, if the client offers to read it.", then=Conduct(compress=True)),
    Scenario("chunked", "A chunked answer.", then=Conduct(delivery=Delivery.CHUNKED)),
    Scenario("slow", "An answer after more than half of the time-out.", then=Conduct(delay=0.9)),
    Scenario(
        "unknown-members",
        "Members that no client knows.",
        then=_edited(updatedAt=None, externalId=7, directions={"in": []}, **{"new-comer": [None]}),
    ),
    Scenario(
        "unknown-type",
        "A value type that no client knows.",
        then=_with_value({"a": 1}, "HOLOGRAM"),
    ),
    Scenario(
        "unknown-relationship",
        "A cardinality and an object type that no client knows.",
        then=_with_member(Role.LINK, {**profile.wrap_links((), "starship", "has_some"), "directions": ["out"]}),
    ),
    Scenario("null-link", "A link that is null.", then=_edited(httpLink=None)),
    Scenario("null-value", "A value that is null.", then=_with_value(None, "ADDRESS")),
    Scenario(
        "long-numbers",
        "Numbers of any length.",
        then=_with_value([2**63 + 1, 10**400, 1e-308, 0.1 + 0.2], "NUMBER"),
    ),
    Scenario("date-offset", "A date with an offset.", then=_edited(createdAt="2026-03-01T10:30:00+01:00")),
    Scenario("date-fraction", "A date with nine decimals.", then=_edited(createdAt="2026-03-01T09:30:00.123456789Z")),
    Scenario("date-whole", "A date without decimals.", then=_edited(createdAt="2026-03-01T09:30:00Z")),
    Scenario("html", "A page of HTML with status 200.", then=Conduct(False, _PAGE)),
    Scenario("no-content", "A 204.", then=Conduct(False, ScriptedReply(204))),
    Scenario(
        "empty", "A 200 without a body.", then=Conduct(False, ScriptedReply(200, (("Content-Type", "application/json"),)))
    ),
    Scenario("empty-object", "A 200 with {}.", then=Conduct(False, json_reply(200, {}))),
    Scenario("no-id", "A 200 with a record that has no ID.", then=Conduct(edit=lambda record: {**record, "id": None})),
    Scenario("json-list", "A 200 with a list.", then=Conduct(False, json_reply(200, []))),
    Scenario(
        "half",
        "A 200 with half a JSON text.",
        then=Conduct(False, _HALF),
    ),
)
_ERRORS = (
    Scenario(
        "error-bare",
        "An error without its wrapper.",
        then=refusal(422, code="stage_unresolved", param=_PARAM, message="No such stage.", bare=True),
    ),
    Scenario(
        "error-wrapped",
        "An error in full.",
        then=refusal(400, code="unknown_field", param=_PARAM, message="There is no field colour."),
    ),
    Scenario(
        "error-page", "A 403 with a page.", then=Conduct(False, ScriptedReply(403, (("Content-Type", "text/html"),), HTML))
    ),
    Scenario(
        "error-text",
        "A 413 in plain text.",
        then=Conduct(False, ScriptedReply(413, (("Content-Type", "text/plain"),), b"Too big")),
    ),
    Scenario("error-empty", "A 400 without a body.", then=Conduct(False, ScriptedReply(400))),
    Scenario("error-list", "A 400 with a list.", then=Conduct(False, json_reply(400, ["no"]))),
    Scenario("unreachable", "Nothing listens.", unreachable=True),
)
_MANNERS = (
    Scenario("silence", "No attempt is ever answered.", then=Conduct(False, delivery=Delivery.HANG), patient=True),
    Scenario(
        "drip",
        "Every answer comes byte by byte, and does not end.",
        then=Conduct(delivery=Delivery.DRIP, pause=0.25),
        deadline=10.0,
        patient=True,
    ),
    Scenario("parallel", "Six operations at the same time.", asks=(Ask(parallel=6),)),
)

SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario for scenario in (*_REQUEST, *_IDEMPOTENCY, *_RETRIES, *_ANSWERS, *_ERRORS, *_MANNERS)
}
"""By name, in the order in which they are played."""


def find_scenarios(names: tuple[str, ...]) -> tuple[Scenario, ...]:
    """The scenarios of those names, or all where none is named."""
    return tuple(SCENARIOS[name] for name in names) if names else tuple(SCENARIOS.values())
