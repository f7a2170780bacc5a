"""Contract 4 and 11: which idempotency keys are taken, and which are the same."""

from itertools import filterfalse

import pytest

from lightfield_contract.conformance.harness.case.api import LONG_KEYED, Api
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.spec import Contract
from lightfield_contract.strategies.key_space import exponent_keys, long_key, near_keys, rewritten_keys, short_key

SMOKE = ("letter case", "last character")


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
        expect.separate(first, api.equal(first, key=near_keys(first.key or "")[change]), "idempotency:exact", change)


@pytest.mark.clause("idempotency:exact", "idempotency:characters")
@pytest.mark.parametrize("kind", ["underscore", "leading zeros"])
def test_creates_under_keys_that_nearly_agree_are_two(api: Api, expect: Expect, kind: str) -> None:
    """They agree but for punctuation, or are one number: a key is a text, whatever it looks like."""
    first, second = api.twins(kind)
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
    plain, *others = rewritten_keys(api.key()).items()
    created = [expect.accepted(api.create(api.valued, key=plain[1]))]
    for kind, key in others:
        again = api.equal(created[0], key=key)
        expect.observe(f"an Idempotency-Key with {kind}", "taken" if again.accepted else f"refused with {again.status}")
        if again.accepted:
            same = next((each for each in created if each.record_id == again.record_id), created[0])
            expect.separate(same, again, kind=kind)
            created.append(again)


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:characters")
def test_a_short_key_works(api: Api, expect: Expect) -> None:
    """A few letters and digits are a key."""
    taken(expect, api.create(api.valued, key=short_key(api.key())))
