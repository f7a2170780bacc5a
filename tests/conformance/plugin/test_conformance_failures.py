"""What plain pytest shows of a case that fails."""

from __future__ import annotations

import pytest

from lightfield_contract.conformance.running import TESTS
from lightfield_contract.reference import Reference
from lightfield_contract.reference.faults import fault
from lightfield_contract.spec import load


def test_a_failure_is_shown_once_with_its_answer(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """In pytest's own section; the summary has the sentence alone, save where pytest shows nothing of failures."""
    broken = fault("link-may-be-missing:/relationships/$account")
    arguments = ["--lightfield-depth=smoke", f"--lightfield-clause={broken.clause}", "-p", "no:cacheprovider", str(TESTS)]
    shown = {}
    with Reference(load(), None, broken.pipeline) as server:
        for variable, value in server.environment.items():
            monkeypatch.setenv(variable, value)
        for style in ("auto", "no"):
            assert pytest.main([f"--base-url={server.url}", f"--tb={style}", *arguments]) == 1
            shown[style] = capfd.readouterr().out
    for text in shown.values():
        assert text.count("curl -sS") == 1
    section = shown["auto"].partition("= FAILURES =")[2].partition("lightfield-contract 0")[0]
    assert "A create without /relationships/$account: 200, expected 400 or 422" in section
    assert "answer: 200 OK" in section
    assert '"values": [],  ◀' in section
