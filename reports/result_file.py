"""Writes a result as a JSON file and reads it back; every other report can be made from that file alone."""

from __future__ import annotations

import dataclasses
import enum
import functools
import json
import types
import typing
from pathlib import Path
from typing import Any

from ..spec.contract import Basis, Level
from ..spec.errors import UsageError
from .files import write_files
from .model import SCHEMA_VERSION, Result

__all__ = ["parse_result", "read_json", "render_json", "write_json"]

# Members that take a few words only, wherever they occur.
_VOCABULARIES: dict[str, tuple[str, ...]] = {
    "level": tuple(Level),
    "basis": (*Basis, "all"),
    "kind": ("write", "read", "other"),
    "state": ("balanced", "unbalanced", "not verified"),
}


class _MismatchError(Exception):
    """A value that is not of the schema; the message says where and what was expected."""


def render_json(result: Result) -> str:
    """The JSON text, in the form of result.schema.json.

    It is plain ASCII, so that lone surrogates and the like, which servers do send, survive the round trip.
    """
    return json.dumps(result.to_json(), indent=1, ensure_ascii=True) + "\n"


def write_json(result: Result, path: str | Path) -> None:
    """Writes `render_json` to a file."""
    write_files({Path(path): render_json(result)})


def read_json(path: str | Path) -> Result:
    """The result in a file that `write_json` wrote.

    Raises:
        UsageError: there is no such file, or it holds something else.
    """
    try:
        text = Path(path).read_text("utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give the JSON file that a run wrote") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not a JSON text; give the JSON file that a run wrote") from error
    return parse_result(text, str(path))


def parse_result(text: str, origin: str) -> Result:
    """The result in a JSON text; `origin` names the text in messages.

    Raises:
        UsageError: the text is not JSON, or not of the schema.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{origin}: not a JSON text ({error}); give the JSON file that a run wrote") from error
    version = document.pop("schemaVersion", None) if isinstance(document, dict) else None
    if version != SCHEMA_VERSION or isinstance(version, bool):
        raise UsageError(
            f"{origin}: not a result of schemaVersion {SCHEMA_VERSION}; "
            "give the JSON file that a run of this version of lightfield-contract wrote"
        )
    try:
        result: Result = _decode(Result, document, "")
    except _MismatchError as error:
        raise UsageError(f"{origin}: not of result.schema.json: {error}; give the JSON file that a run wrote") from error
    return result


def _decode(form: Any, value: Any, place: str) -> Any:
    """The value as an instance of a type that the model uses: a dataclass, a tuple, an enum, an optional, or a plain one."""
    if dataclasses.is_dataclass(form) and isinstance(form, type):
        return _decode_object(form, value, place)
    if typing.get_origin(form) is tuple:
        return _decode_array(form, value, place)
    if isinstance(form, types.UnionType):
        return None if value is None else _decode(typing.get_args(form)[0], value, place)
    if isinstance(form, type) and issubclass(form, enum.Enum):
        try:
            return form(value)
        except ValueError:
            raise _MismatchError(f"{place or '/'} must be one of {', '.join(form)}") from None
    accepted = (int, float) if form is float else (form,)
    if not isinstance(value, accepted) or (isinstance(value, bool) and form is not bool):
        raise _MismatchError(f"{place or '/'} must be of type {form.__name__}")
    return value


def _decode_object(form: type, value: Any, place: str) -> Any:
    if not isinstance(value, dict):
        raise _MismatchError(f"{place or '/'} must be an object")
    members = _members(form)
    for name in value.keys() ^ members.keys():
        raise _MismatchError(f"{place}/{name} is {'missing' if name in members else 'unknown'}")
    for name, words in _VOCABULARIES.items():
        if name in members and value[name] not in words:
            raise _MismatchError(f"{place}/{name} must be one of {', '.join(words)}")
    return form(**{name: _decode(member, value[name], f"{place}/{name}") for name, member in members.items()})


def _decode_array(form: Any, value: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _MismatchError(f"{place} must be an array")
    items = typing.get_args(form)
    if items[-1] is Ellipsis:
        return tuple(_decode(items[0], item, f"{place}/{index}") for index, item in enumerate(value))
    if len(value) != len(items):
        raise _MismatchError(f"{place} must have {len(items)} items")
    return tuple(
        _decode(item_form, item, f"{place}/{index}")
        for index, (item_form, item) in enumerate(zip(items, value, strict=True))
    )


@functools.cache
def _members(form: type) -> dict[str, Any]:
    return typing.get_type_hints(form)
