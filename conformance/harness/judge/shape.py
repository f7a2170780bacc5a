"""What the fragment's schemas say of a record: its members, and the value of each field by its value type."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema

from ....spec import Contract
from ..wire.exchange import MISSING
from .judgement import Judgements, judge
from .values import parse_timestamp

__all__ = ["RecordShape", "show"]


class RecordShape:
    """Validates records against one contract; made once, because compiling schemas costs more than using them."""

    def __init__(self, contract: Contract) -> None:
        self._places = [clause.place for clause in contract.clauses if clause.kind == "response" and clause.place]
        self._record = jsonschema.Draft202012Validator(contract.create.response_schema, format_checker=_FORMATS)
        self._values = {
            name: jsonschema.Draft202012Validator(schema, format_checker=_FORMATS)
            for name, schema in contract.values.items()
        }

    def judge_members(self, body: Any) -> Judgements:
        """Each member that the success schema names."""
        problems: dict[str, str] = {}
        for path, message in self._errors(None if body is MISSING else body):
            problems.setdefault(self._closest(path), f"/{'/'.join(path)}: {message}")
        for place in self._places:
            yield judge(
                f"response:{place}", f"{place} as the fragment's schema says", place not in problems, problems.get(place, "")
            )

    def judge_values(self, record: Mapping[str, Any]) -> Judgements:
        """Each field's value, by its value type (contract 2); null is always allowed."""
        fields = record.get("fields")
        for key, entry in fields.items() if isinstance(fields, dict) else ():
            value_type, value = (entry.get("valueType"), entry.get("value")) if isinstance(entry, dict) else (None, None)
            if value is not None and isinstance(value_type, str) and value_type in self._values:
                agrees = self._values[value_type].is_valid(value)
                yield judge("success:value-type", f"a value at fields.{key} that is a {value_type}", agrees, show(value))

    def _errors(self, body: Any) -> Iterator[tuple[list[str], str]]:
        for error in self._record.iter_errors(body):
            path = [str(segment) for segment in error.absolute_path]
            if error.validator == "required" and isinstance(error.instance, dict):
                yield from (([*path, name], "is missing") for name in error.validator_value if name not in error.instance)
            else:
                yield path, cut(error.message)

    def _closest(self, path: list[str]) -> str:
        """The most special clause's place that the path lies in; the first place for the record as a whole."""
        best, length = self._places[0], 0
        for place in self._places:
            segments = place.strip("/").split("/")
            inside = len(segments) <= len(path) and all(s in ("*", p) for s, p in zip(segments, path, strict=False))
            if inside and len(segments) > length:
                best, length = place, len(segments)
        return best


def show(value: Any) -> str:
    """A value as a sentence shows it."""
    return "nothing" if value is None else cut(repr(value))


def cut(text: str) -> str:
    """The text, shortened where it is too long for a sentence."""
    return text if len(text) <= 200 else f"{text[:160]}… ({len(text)} characters)"


def _is_timestamp(value: Any) -> bool:
    return not isinstance(value, str) or parse_timestamp(value) is not None


def _is_url(value: Any) -> bool:
    if not isinstance(value, str):
        return True
    try:
        parts = urllib.parse.urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


_FORMATS = jsonschema.FormatChecker(formats=())
# Contract 11: an ISO 8601 date and time is the MUST; its offset is judged apart, being a SHOULD.
_FORMATS.checks("date-time")(_is_timestamp)
_FORMATS.checks("uri")(_is_url)
