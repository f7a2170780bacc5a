"""All sections, at deep depth: Hypothesis and schemathesis draw, and show the smallest example of what they find."""

import pytest

from lightfield_contract.conformance.harness.driving.explorer import Explorer

pytestmark = pytest.mark.depth("deep")


@pytest.mark.clause("operation:create", "echo:", "success:", "response:", "custom:")
def test_no_valid_body_is_refused_or_altered(explorer: Explorer) -> None:
    """Whole bodies, drawn."""
    explorer.bodies()


@pytest.mark.clause("refusal:no-5xx", "refusal:", "required:", "type:", "read-only:", "unknown:", "link:")
def test_no_breach_is_accepted(explorer: Explorer) -> None:
    """A drawn valid body, and one breach of it."""
    explorer.breaches()


@pytest.mark.clause("idempotency:replay", "idempotency:")
def test_no_history_departs_from_the_model(explorer: Explorer) -> None:
    """Steps drawn one by one, against the model of the key store."""
    explorer.histories()


@pytest.mark.clause("refusal:no-5xx", "refusal:", "response:", "success:")
@pytest.mark.parametrize("fitting", [True, False], ids=["fitting", "unfitting"])
def test_schemathesis_finds_nothing(explorer: Explorer, fitting: bool) -> None:
    """What schemathesis draws from the fragment, with the workspace's IDs and options in it."""
    explorer.fuzz(fitting=fitting)
