"""What a record has to be by the schemas of the fragment: each of its members, and each value by its value type."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ....spec import Contract, error_form, profile
from ....spec.pointer import ABSENT
from ....spec.validator import Validator
from ....strategies import Workspace
from ....strategies.schema import type_of
from ..wire.exchange import MISSING
from .difference import quote_json, quote_value, with_article
from .expectation import Expectation
from .judgement import Judgement, Judgements, Subject, judge
from .subject import about_place
from .values import parse_timestamp

if TYPE_CHECKING:
    import jsonschema

__all__ = ["RecordShape", "describe_error"]

_LONG = 60
"""Characters of a value that says less than its form."""


class RecordShape:
    """Validates records against one contract; made once, because compiling schemas costs more than using them."""

    def __init__(self, contract: Contract) -> None:
        self._places = [clause.place for clause in contract.clauses if clause.kind == "response" and clause.place]
        self._record = Validator(contract.create.response_schema, _FORMATS)
        self._values = {name: Validator(schema, _FORMATS) for name, schema in contract.values.items()}

    def judge_members(self, body: Any) -> Judgements:
        """Judge each member that the success schema names."""
        problems: dict[str, tuple[str, str, str]] = {}
        for path, kind, message, symptom in self._errors(None if body is MISSING else body):
            place = self._closest(path)
            # The names of an organization's own members say nothing of any other.
            within = len(path) > len(place.strip("/").split("/"))
            found = kind, f"/{'/'.join(path)}: {message}", f"has a member that {symptom}" if within else symptom
            problems.setdefault(place, found)
        for place in self._places:
            kind, problem, symptom = problems.get(place, ("", "", ""))
            expected = f"{place or 'the record'} as the fragment's schema says"
            about, clause = Subject(place=place, kind=kind), f"response:{place}"
            yield judge(Expectation.MEMBER, clause, expected, not problem, problem, symptom=symptom, subject=about)

    def judge_values(self, contract: Contract, workspace: Workspace, record: Any) -> Judgements:
        """Judge each value by its value type (contract 2); null is always allowed."""
        for shown in profile.answered_values(record):
            known = self._values.get(shown.value_type) if isinstance(shown.value_type, str) else None
            if known is not None and shown.value is not ABSENT and shown.value is not None:
                expected = f"a value at {error_form.place_param(shown.pointer)} that is a {shown.value_type}"
                held = known.is_valid(shown.value)
                about = about_place(contract, workspace, shown.pointer, shown.value_type)
                yield _judge_value_type(expected, shown.value, held, about)

    def _errors(self, body: Any) -> Iterator[tuple[list[str], str, str, str]]:
        """Path, kind, message and symptom of each error."""
        for error in self._record.errors(body):
            path = [str(segment) for segment in error.absolute_path]
            if (
                error.validator == "required"
                and isinstance(error.instance, dict)
                and isinstance(error.validator_value, list)
            ):
                missing = (name for name in error.validator_value if name not in error.instance)
                yield from (([*path, name], "missing", "is missing", "is missing") for name in missing)
            else:
                yield path, str(error.validator), *describe_error(error)

    def _closest(self, path: list[str]) -> str:
        """The most special clause's place that the path lies in; the first place for the record as a whole."""
        best, length = self._places[0], 0
        for place in self._places:
            segments = place.strip("/").split("/")
            inside = len(segments) <= len(path) and all(s in ("*", p) for s, p in zip(segments, path, strict=False))
            if inside and len(segments) > length:
                best, length = place, len(segments)
        return best


def _judge_value_type(expected: str, value: Any, held: bool, about: Subject) -> Judgement:
    observed, symptom = ("", "") if held else (quote_value(value), f"{_form_of(value)}{_of_items(value)}")
    return judge(Expectation.VALUE_TYPE, "success:value-type", expected, held, observed, symptom=symptom, subject=about)


def _of_items(value: Any) -> str:
    """What an array holds where all of it is of one type."""
    types = {type_of(each) for each in value} if isinstance(value, list) else set()
    return f" of {types.pop()}s" if len(types) == 1 else ""


def _form_of(value: Any) -> str:
    """What a value is, without what may be of this run in it."""
    if value in ("", [], {}):
        return f"an empty {type_of(value)}"
    return with_article(type_of(value))


def describe_error(error: jsonschema.ValidationError) -> tuple[str, str]:
    """Return an error of a schema in a sentence, and in a few words that hold for any run."""
    shown = quote_json(error.instance, 160)
    if error.validator == "type":
        wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        due = " or ".join(with_article(str(name)) for name in wanted)
        form = _form_of(error.instance)
        return f"{form} where {due} is due" if len(shown) > _LONG else f"{shown} is not {due}", f"is {form}, expected {due}"
    if error.validator == "required" and isinstance(error.instance, Mapping):
        names = error.validator_value if isinstance(error.validator_value, list) else []
        missing = ", ".join(f"`{name}`" for name in names if name not in error.instance)
        return f"{missing} is missing", f"has no {missing}"
    if error.validator in ("pattern", "enum", "const"):
        return (
            f"{shown} is none of what the schema allows",
            f"is {quote_json(error.instance, 40)}, which the schema does not allow",
        )
    if error.validator == "format":
        due = _FORMAT_NAMES.get(str(error.validator_value), str(error.validator_value))
        return f"{shown} is no {due}", f"is {_form_of(error.instance)} that is no {due}"
    if error.validator == "minLength":
        return (
            f"{shown} is too short",
            f"is {_form_of(error.instance)}, expected a longer one",
        )
    return f"{shown} does not keep {error.validator} of the schema", f"does not keep {error.validator} of the schema"


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


# Contract 11: an ISO 8601 date and time is the MUST; its offset has a judgement of its own, being a SHOULD.
_FORMATS = {"date-time": _is_timestamp, "uri": _is_url}
_FORMAT_NAMES = {"date-time": "date and time", "uri": "absolute URI"}
