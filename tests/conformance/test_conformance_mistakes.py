"""A user's mistake is one sentence with what to do about it, exit status 4, and nothing is sent."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from lightfield_contract.conformance.cli import main
from lightfield_contract.conformance.matrix import judge_server
from lightfield_contract.reference import Reference
from lightfield_contract.reports import Result, parse_result, render_json

NOWHERE = "http://127.0.0.1:9"
"""A port at which nobody listens: whatever is sent there ends in another sentence."""

MISTAKES = {
    "abbreviated option": (["run", "--dept", "smoke"], {}, "did you mean --depth?"),
    "misspelt option": (["run", "--detph=smoke"], {}, "did you mean --depth?"),
    "misspelt depth": (["run", "--depth", "smok"], {}, "did you mean smoke?"),
    "misspelt command": (["rnu"], {}, "did you mean run?"),
    "misspelt clause": (
        ["run", "--clause", "idempotency:replya", "--base-url", NOWHERE],
        {},
        "did you mean idempotency:replay?",
    ),
    "misspelt key": (
        ["run", "--base-url", NOWHERE],
        {"LIGHTFIELD_API_KEY_RAED": "sk"},
        "did you mean LIGHTFIELD_API_KEY_READ?",
    ),
    "misspelt URL": (["run"], {"LIGHTFIELD_BASE_URLS": NOWHERE}, "did you mean LIGHTFIELD_BASE_URL?"),
    "misspelt ID": (
        ["run", "--base-url", NOWHERE],
        {"LIGHTFIELD_ACOUNT_ID": "acc_1"},
        "did you mean LIGHTFIELD_ACCOUNT_ID?",
    ),
    "report without a folder": (["run", "--report", "html"], {}, "add --report-dir DIR"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_remedy(
    name: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, which holds no value of a variable."""
    arguments, environment, remedy = MISTAKES[name]
    for variable, value in {"LIGHTFIELD_API_KEY": "sk_lf_some", **environment}.items():
        monkeypatch.setenv(variable, value)
    assert main(arguments) == 4
    printed = capfd.readouterr()
    lines = [line for line in (printed.out + printed.err).splitlines() if line.strip()]
    assert len(lines) == 1, lines
    assert remedy in lines[0]
    assert "sk_lf_some" not in lines[0]


def test_a_url_may_stand_by_itself(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`run URL` judges that URL, and does not look for a file of that name."""
    monkeypatch.setenv("LIGHTFIELD_API_KEY", "sk_lf_some")
    assert main(["run", NOWHERE]) == 4
    printed = capfd.readouterr()
    assert NOWHERE in printed.out + printed.err
    assert "file or directory" not in printed.out + printed.err


@pytest.fixture(scope="module")
def result() -> Result:
    """A result of a short run."""
    found, printed = judge_server(Reference(), ["--lightfield-clause=key:validate"], socket=False)
    assert found is not None, printed
    return found


def test_results_in_the_wrong_order_are_no_comparison(
    result: Result, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The oldest comes first, or every repair would be a regression."""
    older = dataclasses.replace(result, run=dataclasses.replace(result.run, started_at="2020-01-01T00:00:00+00:00"))
    names = [str(tmp_path / name) for name in ("older.json", "newer.json")]
    for name, each in zip(names, (older, result), strict=True):
        Path(name).write_text(render_json(each), "utf-8")
    assert main(["compare", *names]) == 0
    assert main(["compare", *names[::-1]]) == 4
    assert "give the results in the order of their runs" in capfd.readouterr().err
    assert parse_result(json.dumps(json.loads(render_json(older))), "older") == older
