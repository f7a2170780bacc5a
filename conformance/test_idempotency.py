"""Contract 4: what the Idempotency-Key promises."""

import functools
from collections.abc import Sequence

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.case.pack_creates import DIGITS_KEYED
from lightfield_contract.conformance.harness.driving.failing_repeats import judge_first_repeat
from lightfield_contract.conformance.harness.driving.narrowing import Narrowing, Plainest
from lightfield_contract.conformance.harness.driving.reducing import Reduction
from lightfield_contract.conformance.harness.driving.repeats import (
    Originals,
    equal_with_near_key,
    judge_key_after_callers,
    judge_key_after_refusals,
    judge_race,
    still_stored,
)
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.conformance.harness.preparation.statements import HOUR
from lightfield_contract.strategies import Breach, Caller
from lightfield_contract.strategies.ways import REPEATED

DAY = 24 * HOUR


@pytest.mark.clause(
    "idempotency:replay", "idempotency:same-json", "idempotency:two-keys", "idempotency:exact", "idempotency:characters"
)
def test_a_repeat_returns_the_original(api: Api, expect: Expect, plainest_of: Plainest) -> None:
    """By another caller of the organization, in another form, under a short key; with nearly that key it is none."""
    first = expect.accepted(api.keyed())
    judge_first_repeat(api, expect, first, plainest_of)
    expect.separate(first, equal_with_near_key(api, expect, first), "idempotency:two-keys")


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:replay", "idempotency:same-json")
@pytest.mark.parametrize("kind", REPEATED)
def test_a_repeat_may_be_written_in_any_way(api: Api, expect: Expect, kind: str, plainest_of: Plainest) -> None:
    """How the names of headers are spelled, the media type, the framing and the form of the JSON make no other request."""
    # Of its own: where another form of a repeat has made a record, a key is not what it was.
    first = expect.accepted(api.create(api.valued, key=api.key()))
    by = "idempotency:replay" if kind == "headers" else "idempotency:same-json"
    for spelling in REPEATED[kind]:
        plainest_of(spelling, lambda way: expect.replayed(first, api.repeat(first, way=way), by))


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:replay")
def test_a_repeat_returns_the_original_after_the_record_has_changed(
    api: Api, expect: Expect, smallest_of: Reduction
) -> None:
    """After a while, in which a summary may be written, whoever asks who may create."""
    changed = expect.accepted(api.create(api.full_body(), key=api.key()))
    api.wait_for_change(changed)
    smallest_of(api.full_body(), Originals(api, expect, [changed]).repeat)


@pytest.mark.clause("idempotency:no-key")
def test_without_a_key_nothing_is_a_repeat(api: Api, expect: Expect) -> None:
    """Two equal requests, two records."""
    first = expect.accepted(api.once())
    expect.separate(first, api.equal(first))


@pytest.mark.clause("idempotency:other-body", "idempotency:characters")
def test_a_used_key_with_another_body_makes_nothing(api: Api, expect: Expect, smallest_of: Reduction) -> None:
    """The original response or a refusal, for another text and much besides; and the first record stays as it was.

    The key is of digits, which count as any other character does.
    """
    first = expect.accepted(api.original(DIGITS_KEYED))
    smallest_of(api.full_body(), functools.partial(Originals(api, expect, [first]).reuse, api.other_caller))
    still_stored(api, expect, first)


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:other-body")
def test_a_used_key_leaves_the_first_record_as_it_was(api: Api, expect: Expect, smallest_of: Reduction) -> None:
    """Whatever the second body was answered, which has another text alone or much besides, a read shows the first one."""
    first = expect.accepted(api.original(2))
    expect.original_or_refused(first, api.reworded(first))
    smallest_of(api.full_body(), functools.partial(Originals(api, expect, [first]).reuse, Caller.MAIN))
    expect.stored(first, api.read(first))


@pytest.mark.clause("idempotency:failure")
def test_a_refused_request_does_not_use_up_its_key(api: Api, expect: Expect, refusals: Sequence[Breach]) -> None:
    """Refused for one rule after the other, then created."""
    judge_key_after_refusals(api, expect, refusals)


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:other-body")
def test_bodies_with_one_key_at_the_same_time_make_one_record(api: Api, expect: Expect) -> None:
    """Whichever comes first; the others get its response or a refusal."""
    expect.one_winner(api.race_of_bodies(api.key(), 4))


@pytest.mark.clause("idempotency:concurrent", "success:id-unique", "echo:")
def test_requests_at_the_same_time_make_one_record(api: Api, expect: Expect) -> None:
    """Whoever comes late gets the original response or 409; a create of another body meanwhile makes a record of its own."""
    judge_race(expect, *api.race(api.key()))


@pytest.mark.clause("idempotency:lost-answer")
def test_a_lost_answer_can_be_fetched_with_the_key(api: Api, expect: Expect) -> None:
    """The connection is closed after sending; the retry gets the record, and it is the only one."""
    lost = api.create(api.valued, key=api.key(), abandon=True)
    expect.makes_record(api.retry(lost), lost)


@pytest.mark.clause("idempotency:unauthorized", "key:required", "key:status", "refusal:error", "refusal:type")
def test_callers_that_are_turned_away_do_not_use_up_a_key(api: Api, expect: Expect) -> None:
    """The same request with the right key creates, whoever was turned away under its idempotency key."""
    judge_key_after_callers(api, expect)


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:not-served", "refusal:error", "refusal:type")
@pytest.mark.parametrize("caller", ["unknown-key", "no-create"])
def test_a_caller_that_is_turned_away_does_not_get_the_answer(api: Api, expect: Expect, caller: str) -> None:
    """Who may not create may not see what was created."""
    first = expect.accepted(api.keyed())
    again = api.repeat(first, caller=caller)
    expect.holds("refused with 401 or 403", again.status in (401, 403), again.answer, first, again)
    expect.reveals_nothing(again, [first.record_id], first=first)


@pytest.mark.clause("idempotency:other-organization")
def test_another_organizations_key_is_independent(api: Api, expect: Expect) -> None:
    """The other organization gets a record of its own, or a refusal for what it may not link to; never ours."""
    first = expect.accepted(api.keyed())
    theirs = api.by_other_organization()
    expect.separate(first, theirs)
    expect.reveals_nothing(theirs, [first.record_id, first.stamp], first=first)


@pytest.mark.clause("idempotency:other-operation")
def test_the_same_key_on_another_operation_is_independent(api: Api, expect: Expect) -> None:
    """Each create endpoint has keys of its own."""
    first = expect.accepted(api.keyed())
    expect.separate(first, api.create_by_other_operation(first))


@pytest.mark.clause("idempotency:lifetime")
def test_a_key_lives_for_a_day(api: Api, expect: Expect) -> None:
    """An hour before the day is over the original comes back; an hour after it a new record is made."""
    first = expect.accepted(api.once(keyed=True, later=HOUR))
    expect.replayed(first, api.repeat(first, later=DAY))
    expect.separate(first, api.equal(first, key=first.key, later=DAY + 2 * HOUR))


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("idempotency:lifetime")
def test_a_key_that_is_over_begins_anew(api: Api, expect: Expect) -> None:
    """The record that it makes then is the original of the next day."""
    first = expect.accepted(api.create(key=api.key(), later=HOUR))
    second = expect.accepted(api.equal(first, key=first.key, later=DAY + 2 * HOUR))
    expect.replayed(second, api.repeat(second, later=DAY + 2 * HOUR))


@pytest.mark.breaches("idempotency:too-long")
def test_a_longer_key_is_refused(api: Api, expect: Expect, breach: Breach, narrowest_of: Narrowing) -> None:
    """One character more than allowed."""
    narrowest_of(breach, lambda each: expect.refused(api.attempt(each)))
