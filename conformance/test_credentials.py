"""Contract 5 and 11: what is no credential, though there is a key in it."""

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.conformance.harness.wire.outgoing import KEY

OTHERS = {
    "another-scheme": f"Basic {KEY}",
    "text-after-the-key": f"Bearer {KEY} more",
    "longer-key": f"Bearer {KEY}-0",
    "no-scheme": KEY,
}
"""Headers that hold a valid key and are no credentials of the scheme (RFC 6750 section 2.1, RFC 9110 section 11.4)."""


@pytest.mark.clause("key:required", "key:status", "refusal:nothing-created", "refusal:error", "refusal:type")
@pytest.mark.parametrize(
    "form",
    [
        *(form for form in OTHERS if form != "longer-key"),
        pytest.param("longer-key", marks=pytest.mark.depth("standard", "deep")),
    ],
)
def test_a_key_in_another_form_is_turned_away(api: Api, expect: Expect, form: str) -> None:
    """The key is a valid one; what is around it is not."""
    expect.turned_away(api.create(headers={"Authorization": OTHERS[form]}), 401, by="key:status", sent=form)
