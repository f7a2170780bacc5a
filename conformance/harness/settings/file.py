"""The settings file: `lightfield-contract.toml`, or `[tool.lightfield-contract]` in `pyproject.toml`."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final

from ....spec import UsageError
from ....spec.given import did_you_mean, quote, read_given_file, show
from ..wire import way as ways
from .options import rows
from .row import OptionRow

__all__ = [
    "BASE_URL",
    "HEADERS",
    "SettingsFile",
    "add_headers",
    "choose_settings",
    "find_settings",
    "json_schema",
    "read_settings_file",
]

BASE_URL: Final = "base-url"
HEADERS: Final = "headers"
_OWN, _SHARED, _TABLE = "lightfield-contract.toml", "pyproject.toml", "lightfield-contract"
_SECRET = re.compile(r"sk_lf_|^lightfield_|api-?_?key|authorization|secret|token|password", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_KEY_HINT = "keys are read from the environment only: set LIGHTFIELD_API_KEY there"


@dataclasses.dataclass(frozen=True)
class SettingsFile:
    """What a settings file says.

    Attributes:
        values: of options, by name, each of the kind that its option takes.
        base_url: the target; None where the file names none.
        headers: by name of a header, the variable that holds its value.
    """

    path: Path
    values: Mapping[str, Any]
    base_url: str | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    lines: Mapping[str, int] = dataclasses.field(default_factory=dict)

    def place(self, name: str) -> str:
        """Return where an option stands, for a message."""
        return f"{show(self.path)}:{self.lines.get(name, 1)}: {name if name.isprintable() else quote(name)}"


def find_settings(folder: Path, *, upward: bool) -> Path | None:
    """Return the settings file of a folder; None if there is none.

    Args:
        upward: whether to go on in the folders above, the nearest first.
    """
    for place in (folder, *folder.parents) if upward else (folder,):
        if (place / _OWN).is_file():
            return place / _OWN
        if (place / _SHARED).is_file() and _table(place / _SHARED) is not None:
            return place / _SHARED
    return None


def choose_settings(named: str | None) -> SettingsFile | None:
    """Return the settings file of a command line: the one that is named, none for an empty name, else the nearest upward.

    Raises:
        UsageError: as `read_settings_file`.
    """
    path = find_settings(Path.cwd(), upward=True) if named is None else Path(named) if named else None
    return read_settings_file(path) if path else None


def read_settings_file(path: Path) -> SettingsFile:
    """Return what a settings file says.

    Raises:
        UsageError: it cannot be read, holds what is no setting, or holds a key.
    """
    values = _table(path)
    if values is None:
        raise UsageError(f"{show(path)}: it has no table [tool.{_TABLE}], so there are no settings in it")
    lines = _lines(path)
    known = {row.name: row for _, row in rows() if not row.pytest_only}
    headers = values.pop(HEADERS, {})
    base_url = values.pop(BASE_URL, None)
    file = SettingsFile(path, values, base_url, headers, lines)
    if not isinstance(base_url, str | None):
        raise UsageError(f"{file.place(BASE_URL)}: a URL was expected")
    for name, value in values.items():
        if name not in known:
            raise UsageError(f"{file.place(name)} {_unknown(name, [*known, BASE_URL, HEADERS])}")
        _check(file, known[name], value)
    _check_headers(file)
    return file


def add_headers(headers: Mapping[str, str], environment: MutableMapping[str, str]) -> None:
    """Put the headers that a file names where headers are read from; one that the environment sets itself is left.

    Raises:
        UsageError: a variable is not set.
    """
    text = environment.get(ways.HEADERS, "")
    given = {line.partition(":")[0].strip().lower() for line in text.splitlines()}
    lines = [text] if text.strip() else []
    for name, variable in headers.items():
        if name.lower() in given:
            continue
        if not environment.get(variable):
            raise UsageError(f"the settings file takes the header {name} from the variable {variable}, which is not set")
        lines.append(f"{name}: {environment[variable].strip()}")
    if lines:
        environment[ways.HEADERS] = "\n".join(lines)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a settings file, made of the options."""
    properties: dict[str, Any] = {row.name: _schema_of(row) for _, row in rows() if not row.pytest_only}
    properties[BASE_URL] = {"type": "string", "description": "the target; an option or LIGHTFIELD_BASE_URL wins"}
    properties[HEADERS] = {
        "type": "object",
        "description": "more headers for each request: by name, the variable of the environment that holds the value",
        "additionalProperties": {"type": "string", "pattern": f"^{_VARIABLE.pattern}$"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Settings of lightfield-contract: {_OWN}, or [tool.{_TABLE}] in {_SHARED}",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _schema_of(row: OptionRow) -> dict[str, Any]:
    described = {"description": row.full_help}
    if row.flag:
        return {"type": "boolean", **described}
    if row.repeatable:
        return {"type": "array", "items": {"type": "string"}, **described}
    return {"enum": list(row.choices), **described} if row.choices else {"type": ["string", "number"], **described}


def _table(path: Path) -> dict[str, Any] | None:
    text = _text(path)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Another tool's mistakes in a file that all share are not ours to tell, unless the file holds our table.
        if path.name == _SHARED and f"tool.{_TABLE}" not in text:
            return None
        raise UsageError(f"{show(path)}: not TOML: {error}; change that, or name another file with --settings") from error
    if path.name != _SHARED:
        return document
    tool = document.get("tool")
    table = tool.get(_TABLE) if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _text(path: Path) -> str:
    return read_given_file(path, "give a settings file in TOML")


def _lines(path: Path) -> dict[str, int]:
    """In which line each name stands first; tomllib does not say."""
    found: dict[str, int] = {}
    for number, line in enumerate(_text(path).split("\n"), 1):
        if match := re.match(r"\s*\[?\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*[\]=]", line):
            found.setdefault(match[1], number)
    return found


def _unknown(name: str, known: list[str]) -> str:
    if _SECRET.search(name):
        return f"cannot stand in a file: {_KEY_HINT}"
    hint = did_you_mean(name.replace("_", "-"), known, otherwise=f"there are {', '.join(sorted(known))}")
    return f"is no setting{hint}"


def _check(file: SettingsFile, row: OptionRow, value: Any) -> None:
    for text in _texts(value):
        if "sk_lf_" in text:
            raise UsageError(f"{file.place(row.name)} holds an API key: {_KEY_HINT}")
    if row.flag:
        fits, expected = isinstance(value, bool), "true or false was expected"
    elif row.repeatable:
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        expected = "a list of texts was expected"
    else:
        fits = isinstance(value, str | int | float) and not isinstance(value, bool)
        expected = "a text or a number was expected"
    if not fits:
        raise UsageError(f"{file.place(row.name)}: {expected}")


def _check_headers(file: SettingsFile) -> None:
    if not isinstance(file.headers, dict):
        raise UsageError(f"{file.place(HEADERS)}: a table was expected, with a variable's name for each header")
    for name, variable in file.headers.items():
        if name.lower() in ways.OWN_HEADERS:
            raise UsageError(f"{file.place(name)} is a header which the suite or HTTP itself sets: take that line out")
        if not isinstance(variable, str) or not _VARIABLE.fullmatch(variable):
            raise UsageError(
                f"{file.place(name)}: the name of a variable was expected, which holds the header's value; "
                "the value itself does not belong into a file"
            )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value if isinstance(value, list) else ():
        yield from _texts(item)
