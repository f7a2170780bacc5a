"""Contract 1, 5 and 11: how a request may be written, and what is no credential."""

import pytest

from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.conformance.harness.run.case import Api
from lightfield_contract.conformance.harness.wire.client import KEY

SPELLINGS = {
    "small-scheme": {"Authorization": f"bearer {KEY}"},
    "capital-scheme": {"Authorization": f"BEARER {KEY}"},
    "capital-media-type": {"Content-Type": "Application/JSON"},
    "charset": {"Content-Type": "application/json; charset=utf-8"},
    "capital-charset": {"Content-Type": "application/json; charset=UTF-8"},
}
"""Headers that say the same as the usual ones (RFC 9110 sections 8.3.1 and 11.1)."""
OTHERS = {
    "another-scheme": f"Token {KEY}",
    "text-after-the-key": f"Bearer {KEY} more",
    "no-scheme": KEY,
}
"""Headers that hold a valid key and are no credentials of the scheme (RFC 6750 section 2.1, RFC 9110 section 11.4)."""


@pytest.mark.clause(
    "operation:spelling",
    "limits:headers",
    "limits:retry-after",
    "idempotency:rate-limited",
    "operation:answers",
    "refusal:no-key",
    "answer:",
)
def test_several_spellings_at_once_are_taken(api: Api, expect: Expect) -> None:
    """One create for all, whose answer is judged by its headers too; where it is refused, the next cases tell which."""
    together = {**SPELLINGS["capital-scheme"], "Content-Type": "Application/JSON; charset=UTF-8"}
    expect.created(api.create(key=api.key(), headers=together))


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("operation:spelling")
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_spelling_is_taken(api: Api, expect: Expect, spelling: str) -> None:
    """By itself."""
    expect.created(api.create(headers=SPELLINGS[spelling]))


@pytest.mark.depth("standard", "deep")
@pytest.mark.clause("key:required", "key:status", "refusal:nothing-created", "refusal:error", "refusal:type")
@pytest.mark.parametrize("form", OTHERS)
def test_a_key_in_another_form_is_turned_away(api: Api, expect: Expect, form: str) -> None:
    """The key is a valid one; what is around it is not."""
    expect.turned_away(api.create(headers={"Authorization": OTHERS[form]}), 401, by="key:status", sent=form)
