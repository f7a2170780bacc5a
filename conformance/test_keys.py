"""Contract 4 and 11: which idempotency keys are taken, and which are the same."""

from itertools import filterfalse

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.case.pack_creates import LONG_KEYED
from lightfield_contract.conformance.harness.driving.failing_repeats import judge_single_key
from lightfield_contract.conformance.harness.driving.keys import judge_ends_of_keys, judge_refused_twin, judge_rewritten_keys
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.spec import Contract
from lightfield_contract.strategies.key_space import LETTER_CASE, exponent_keys, long_key, near_keys, single_key

SMOKE = (LETTER_CASE, "last character")


def taken(expect: Expect, exchange: Exchange, by: str = "idempotency:characters") -> Exchange:
    """Expect a fresh key to be taken."""
    return expect.accepted(expect.makes_record(exchange, by=by))


@pytest.mark.clause("idempotency:length", "idempotency:characters", "idempotency:exact")
def test_a_key_of_the_greatest_length_works_and_differs_from_its_like(api: Api, expect: Expect, contract: Contract) -> None:
    """It holds a character of each class; it creates, it replays, and a key that differs in one respect is another one."""
    first = api.original(LONG_KEYED, long_key(api.key(), contract.key_length))
    # A refusal of the characters would be one of the length as well; a shorter key tells.
    taken(expect, first if first.accepted else api.create(api.valued, key=long_key(api.key(), 0)))
    taken(expect, first, by="idempotency:length")
    expect.replayed(first, api.repeat(first))
    for change in SMOKE:
        expect.separate(first, api.near(first, change), "idempotency:exact", change)


@pytest.mark.clause("idempotency:exact", "idempotency:characters")
@pytest.mark.parametrize("kind", ["underscore", "leading zeros"])
def test_creates_under_keys_that_nearly_agree_are_two(api: Api, expect: Expect, kind: str) -> None:
    """They agree but for punctuation, or are one number: a key is a text, whatever it looks like."""
    first, second = api.twins(kind)
    judge_refused_twin(api, expect, second)
    expect.separate(taken(expect, first), second, kind=kind)


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:exact")
def test_keys_that_differ_in_one_character_are_two(api: Api, expect: Expect, contract: Contract) -> None:
    """Of any class, and anywhere."""
    first = expect.accepted(api.create(api.valued, key=long_key(api.key(), contract.key_length)))
    keys = near_keys(first.key or "")
    for change in filterfalse(SMOKE.__contains__, keys):
        expect.separate(first, api.equal(first, key=keys[change]), kind=change)


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:exact", "idempotency:characters")
def test_keys_that_are_one_number_are_two(api: Api, expect: Expect) -> None:
    """One of them is written with an exponent."""
    one, other = exponent_keys(api.key())
    first = taken(expect, api.create(api.valued, key=one))
    expect.separate(first, api.equal(first, key=other), kind="exponent")


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:exact")
def test_keys_that_differ_in_punctuation_are_several(api: Api, expect: Expect) -> None:
    """Whether spaces, quotes and the like are taken is the target's choice; where they are, they count."""
    judge_rewritten_keys(api, expect)


@pytest.mark.clause("idempotency:exact", "refusal:no-5xx")
def test_keys_that_differ_after_punctuation_are_two(api: Api, expect: Expect, thorough: bool) -> None:
    """A slash or a space may be refused; where it is taken, it ends no key, and is counted."""
    judge_ends_of_keys(api, expect, expect.accepted(api.keyed()), thorough=thorough)


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:characters")
def test_a_single_character_is_a_key(api: Api, expect: Expect) -> None:
    """Another run may have used it today: whatever create it shows, a repeat shows the same; a refusal says nothing."""
    first = api.create(api.valued, key=single_key(api.key()))
    expect.observe_choice("an Idempotency-Key of one character", first)
    if first.record_id:
        judge_single_key(api, expect, first)


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:no-key")
def test_an_empty_key_is_none(api: Api, expect: Expect) -> None:
    """It is refused, or as if it were absent; two creates with it are not one."""
    first = api.create(api.valued, key="")
    expect.handled(first, "a create with an empty Idempotency-Key")
    if first.record_id:
        expect.separate(first, api.create(api.valued, key=""), kind="a second create with an empty Idempotency-Key")


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("refusal:no-5xx")
def test_two_keys_in_one_request_are_answered(api: Api, expect: Expect, contract: Contract) -> None:
    """Which of them counts, or that neither is taken, is the target's choice."""
    key, header = api.key(), contract.key_header
    exchange = api.create(api.valued, key=key, headers={header.name.lower(): api.key()} if header else {})
    expect.handled(exchange, "a create with two Idempotency-Keys")
    expect.observe_choice("two Idempotency-Keys", exchange)
