"""Each clause of a client is proved: a client with one fault breaks it, and the careful one does not."""

from __future__ import annotations

import collections

import pytest
import wrong_answers  # noqa: F401 - importing a module is what enters its faults
import wrong_keys  # noqa: F401
import wrong_requests  # noqa: F401
import wrong_retries  # noqa: F401
from careful import Careful
from in_process import judge
from words_of_python import words_of_python
from wrong import FAULTS, Fault

from lightfield_contract.reports import Verdict
from lightfield_contract.spec import load_client

BROKEN = (Verdict.VIOLATED, Verdict.ADVICE)
TRIES = {"retries:jitter": 3}
"""A busy machine makes equal waits differ, so that a client without jitter is let off at times; never the other way."""
BY_COMMAND = {"command:answers", "command:once", "command:ends"}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_fault_is_caught_by_its_clause(fault: Fault) -> None:
    """The clause that a wrong client breaks is reported broken, in the words of HTTP and JSON."""
    for _ in range(TRIES.get(fault.clause, 1)):
        result = judge(fault.kind, [fault.scenario], workers=1)
        if fault.clause in {clause.id for clause in result.clauses if clause.verdict in BROKEN}:
            break
    else:
        pytest.fail("no clause of it is broken")
    said = [text for finding in result.findings for text in (finding.cause, finding.expected, finding.observed)]
    assert [text for text in said if words_of_python(text, sentence=True)] == []


def test_every_clause_has_two_faults() -> None:
    """No clause rests on a single proof; those about the command itself are proved with commands."""
    counts = collections.Counter(fault.clause for fault in FAULTS)
    assert {clause.id for clause in load_client().clauses if counts[clause.id] < 2} == BY_COMMAND


@pytest.mark.parametrize("seed", range(3))
def test_the_careful_client_keeps_every_clause(seed: int) -> None:
    """Nothing is found in a client that does everything right, and nothing is left unverified."""
    result = judge(Careful, seed=seed)
    assert {clause.id: clause.verdict for clause in result.clauses if clause.verdict is not Verdict.CONFORMS} == {}
    assert result.run.exit_status == 0
