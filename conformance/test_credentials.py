"""Contract 5 and 11: what is no credential, though there is a key in it."""

import pytest

from lightfield_contract.conformance.harness.case.api import Api
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.conformance.harness.wire.outgoing import CAPITAL_KEY, CUT_KEY, KEY

OTHERS = {
    "another-scheme": f"Basic {KEY}",
    "text-after-the-key": f"Bearer {KEY} more",
    "longer-key": f"Bearer {KEY}-0",
    "shorter-key": f"Bearer {CUT_KEY}",
    "key-in-capitals": f"Bearer {CAPITAL_KEY}",
    "no-scheme": KEY,
}
"""Headers that hold a valid key and are no credentials of the scheme (RFC 6750 section 2.1, RFC 9110 section 11.4)."""
NEARLY = ("longer-key", "shorter-key", "key-in-capitals")
"""Those whose key is no known one."""


@pytest.mark.clause("key:required", "key:status", "refusal:nothing-created", "refusal:error", "refusal:type")
@pytest.mark.parametrize(
    "form",
    [
        *(form for form in OTHERS if form not in NEARLY),
        *(pytest.param(form, marks=pytest.mark.depth("standard", "deep")) for form in NEARLY),
    ],
)
def test_a_key_in_another_form_is_turned_away(api: Api, expect: Expect, form: str) -> None:
    """The key is a valid one; what is around it is not."""
    if form in NEARLY:
        api.check_key_has_letters()
    expect.turned_away(api.create(headers={"Authorization": OTHERS[form]}), 401, by="key:status", sent=form)
