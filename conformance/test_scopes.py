"""Contract 5: who may create."""

import functools
from typing import Any

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.driving.reducing import Reduction
from lightfield_contract.conformance.harness.driving.repeats import create_under_used_key
from lightfield_contract.conformance.harness.judge import Expect


def turned_away(api: Api, expect: Expect, caller: str, body: dict[str, Any]) -> None:
    """Expect the create of a caller without the scope to be refused."""
    expect.turned_away(api.create(body, caller=caller), 403, by="scope:status")


def let_in(api: Api, expect: Expect, caller: str, body: dict[str, Any]) -> None:
    """Expect a caller's create to be accepted where the main key's is; what both may not set is no matter of keys."""
    theirs = api.as_caller_may(body, caller)
    if not theirs.accepted:
        expect.accepted(api.once(body, keyed=True))
        theirs = api.create(body, caller=caller)
    expect.created(theirs)


@pytest.mark.clause("scope:sufficient")
def test_the_create_scope_suffices(api: Api, expect: Expect, smallest_of: Reduction) -> None:
    """A key that holds nothing else creates, whatever is set."""
    caller = api.sender.caller("create-only").name
    smallest_of(api.richest_body(), functools.partial(let_in, api, expect, caller))


@pytest.mark.clause("operation:create")
def test_each_key_that_may_create_may_set_the_same(api: Api, expect: Expect, smallest_of: Reduction) -> None:
    """What one key of an organization may set, another one that may create sets as well."""
    expect.created(api.once())
    for caller in api.callers_like_main:
        smallest_of(api.richest_body(), functools.partial(let_in, api, expect, caller))


@pytest.mark.clause(
    "scope:required", "scope:status", "idempotency:not-served", "refusal:nothing-created", "refusal:error", "refusal:type"
)
def test_a_key_without_the_create_scope_is_turned_away(api: Api, expect: Expect, smallest_of: Reduction) -> None:
    """Near misses, such as read and update of the same object, or create of another one, do not do, whatever is sent."""
    first, *others = api.callers("no-create")
    expect.turned_away(api.once(caller=first, keyed=True), 403, by="scope:status")
    expect.turned_away(create_under_used_key(api, expect, [first, *others][-1]), 403, by="scope:status")
    for caller in others[:-1] or [first]:
        smallest_of(api.full_body(), functools.partial(turned_away, api, expect, caller))


@pytest.mark.clause(
    "key:required",
    "key:status",
    "refusal:nothing-created",
    "refusal:error",
    "refusal:type",
    "refusal:message",
    "answer:media-type",
)
@pytest.mark.parametrize("caller", ["no-key", pytest.param("unknown-key", marks=pytest.mark.depth("standard", "deep"))])
def test_a_missing_or_unknown_key_is_turned_away(api: Api, expect: Expect, caller: str) -> None:
    """Without a known key nothing is created."""
    expect.turned_away(create_under_used_key(api, expect, caller), 401, by="key:status")


@pytest.mark.clause("key:required", "key:status", "refusal:nothing-created", "refusal:error", "refusal:type")
@pytest.mark.parametrize(
    ("header", "sent"),
    [
        pytest.param("Bearer", "Bearer and no key in its Authorization", id="Bearer"),
        pytest.param(
            "Basic c2tfbGY6",
            "the scheme Basic in its Authorization",
            marks=pytest.mark.depth("standard", "deep"),
            id="Basic c2tfbGY6",
        ),
        pytest.param(
            "sk_lf_0000000000000000unknown",
            "an unknown key and no scheme in its Authorization",
            marks=pytest.mark.depth("standard", "deep"),
            id="sk_lf_0000000000000000unknown",
        ),
    ],
)
def test_a_malformed_authorization_header_is_turned_away(api: Api, expect: Expect, header: str, sent: str) -> None:
    """No key, another scheme, no scheme."""
    expect.turned_away(api.create(headers={"Authorization": header}), 401, by="key:status", sent=sent)


@pytest.mark.clause("key:validate")
def test_a_key_can_be_asked_what_it_may_do(api: Api, expect: Expect) -> None:
    """A key without any read scope may ask as well."""
    for caller in ("main", *api.callers("no-create")):
        expect.key_information(api.validate(caller))
