"""The settings file: where it is found, what wins, what it may not hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lightfield_contract.conformance.harness.settings.file import (
    add_headers,
    find_settings,
    json_schema,
    read_settings_file,
)
from lightfield_contract.conformance.harness.settings.options import PREFIX, rows
from lightfield_contract.conformance.harness.settings.reading import read_settings, settings_in_force
from lightfield_contract.reports import GivenOption
from lightfield_contract.spec import UsageError

SCHEMA = Path(__file__).parents[3] / "conformance" / "settings.schema.json"
OWN = "lightfield-contract.toml"


def write(folder: Path, text: str, name: str = OWN) -> Path:
    """Write a settings file."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_an_option_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    """Option, settings file, default."""
    file = read_settings_file(write(tmp_path, 'depth = "smoke"\nseed = 7\n'))
    given = {f"{PREFIX}seed": "9"}
    settings = read_settings(given.get, file)
    assert (settings.depth.value, settings.seed, settings.timeout) == ("smoke", 9, 10.0)
    assert settings_in_force(given.get, file) == (GivenOption("depth", "smoke", OWN), GivenOption("seed", "9", "option"))


def test_every_option_of_a_run_may_stand_in_the_file(tmp_path: Path) -> None:
    """Each row that the command line has is a name of the file."""
    text = {
        "contract": '"opportunities"',
        "depth": '"smoke"',
        "basis": '"docs"',
        "clause": '["key:"]',
        "report": '"json"',
        "require": '"90%"',
    }
    text |= {
        "allow-http": "true",
        "insecure": "false",
        "strict": "true",
        "plan": "false",
        "exceed-limits": "true",
        "ca-file": '"a"',
        "client-cert": '"b"',
    }
    text |= {"client-key": '"c"', "known-failing": '"d"', "examples": '"e"', "report-dir": '"f"'}
    numbers = [row.name for _, row in rows() if row.name not in text and not row.pytest_only]
    lines = [f"{name} = {text.get(name, '1')}" for name in (*text, *numbers)]
    settings = read_settings(lambda _: None, read_settings_file(write(tmp_path, "\n".join(lines))))
    assert (settings.basis_word, settings.clauses, settings.strict, settings.max_writes) == ("docs", ("key:",), True, 1)


def test_the_nearest_file_upward_is_found(tmp_path: Path) -> None:
    """The command line looks in the folders above; a file without our table is no settings file."""
    inner = tmp_path / "project" / "deep"
    inner.mkdir(parents=True)
    above = write(tmp_path, '[tool.lightfield-contract]\ndepth = "smoke"\n', "pyproject.toml")
    write(inner, "[tool.other]\n", "pyproject.toml")
    assert find_settings(inner, upward=True) == above
    assert find_settings(inner, upward=False) is None


def test_a_file_of_its_own_wins_over_the_shared_one(tmp_path: Path) -> None:
    """In one folder."""
    write(tmp_path, "[tool.lightfield-contract]\nseed = 1\n", "pyproject.toml")
    own = write(tmp_path, "seed = 2\n")
    assert find_settings(tmp_path, upward=True) == own


def test_a_broken_shared_file_without_our_table_is_left_alone(tmp_path: Path) -> None:
    """It is another tool's to complain about."""
    write(tmp_path, "[tool.other\n", "pyproject.toml")
    assert find_settings(tmp_path, upward=True) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('dept = "smoke"\n', r":1: dept is no setting; did you mean depth"),
        ('api-key = "x"\n', r"cannot stand in a file: keys are read from the environment only"),
        ('LIGHTFIELD_API_KEY = "x"\n', r"cannot stand in a file"),
        ('contract = "sk_lf_abcdef"\n', r":1: contract holds an API key"),
        ('strict = "yes"\n', r":1: strict: true or false was expected"),
        ("\nclause = 1\n", r":2: clause: a list of texts was expected"),
        ("seed = [1]\n", r":1: seed: a text or a number was expected"),
        ("base-url = 1\n", r":1: base-url: a URL was expected"),
        ("headers = 1\n", r":1: headers: a table was expected"),
        ('[headers]\nX-Tenant = "a b"\n', r":2: X-Tenant: the name of a variable was expected"),
        ("depth =\n", r"not TOML"),
    ],
)
def test_a_mistake_is_said_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    """One sentence, with what to do, and never the value of a key."""
    with pytest.raises(UsageError, match=message) as caught:
        read_settings_file(write(tmp_path, text))
    assert "abcdef" not in str(caught.value)


def test_a_value_that_an_option_does_not_take_is_said_with_its_line(tmp_path: Path) -> None:
    """As on the command line."""
    file = read_settings_file(write(tmp_path, 'seed = 1\ndepth = "abyss"\n'))
    with pytest.raises(UsageError, match=r":2: depth: 'abyss' is not one of smoke, standard, deep"):
        read_settings(lambda _: None, file)


def test_headers_come_from_the_variables_that_the_file_names() -> None:
    """What the environment sets itself is left as it is."""
    environment = {"LIGHTFIELD_HEADERS": "x-tenant: own", "BYPASS": "secret-value", "TENANT": "other"}
    add_headers({"X-Tenant": "TENANT", "X-Bypass": "BYPASS"}, environment)
    assert environment["LIGHTFIELD_HEADERS"] == "x-tenant: own\nX-Bypass: secret-value"


def test_a_variable_that_is_not_set_is_a_mistake() -> None:
    """The header would be missing without a word."""
    with pytest.raises(UsageError, match="takes the header X-Bypass from the variable BYPASS, which is not set"):
        add_headers({"X-Bypass": "BYPASS"}, {})


def test_the_published_schema_is_the_one_of_the_options() -> None:
    """Made of the rows; `python -m json.tool` shows it."""
    assert json.loads(SCHEMA.read_text("utf-8")) == json_schema()
