"""Contract 4: idempotency over several requests, as a model of the key store has it."""

import pytest

from lightfield_contract.conformance.harness.driving.histories import HistoryDriver
from lightfield_contract.conformance.harness.judge import Expect
from lightfield_contract.strategies import History


@pytest.mark.depth("standard", "deep")
def test_a_history_goes_as_the_model_says(expect: Expect, driver: HistoryDriver, history: History) -> None:
    """Each history goes after one way in which a key store loses writes, doubles them or leaks them."""
    mismatch = driver.play(history)
    expect.echoed(*driver.created, history=driver.exchanges)
    expect.as_modelled(mismatch, driver.exchanges)
