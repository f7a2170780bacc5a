"""What the answer to an accepted create must be: its status, its members, its clock, and the echo of what was sent."""

from __future__ import annotations

import datetime
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema

from ....spec import Contract, profile
from ....spec.pointer import ABSENT, get_at
from ....strategies import Workspace
from ....strategies.schema import type_of
from ....strategies.value_types import VALUE_TYPES
from ....strategies.values import Echo, Sameness
from ..wire.exchange import MISSING, Exchange
from ..wire.marker import unstamp
from ..wire.pacing import read_date
from .difference import describe_difference, quote_json, with_article
from .expectation import Expectation
from .json_text import is_json_type
from .judgement import NO_SUBJECT, Judgement, Judgements, Subject, judge
from .subject import about_place, about_value, known_options, value_type_of
from .values import comparison_of, parse_timestamp, same_links

__all__ = [
    "RecordShape",
    "describe_error",
    "judge_echo",
    "judge_linked_once",
    "judge_read_back",
    "judge_same_option",
    "judge_success",
]

_CLOCK_TOLERANCE = 300.0
"""Seconds (contract 11)."""


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
        """Judge each member that the success schema names."""
        problems: dict[str, tuple[str, str, str]] = {}
        for path, kind, message, symptom in self._errors(None if body is MISSING else body):
            problems.setdefault(self._closest(path), (kind, f"/{'/'.join(path)}: {message}", symptom))
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
                expected = f"a value at {profile.place_param(shown.pointer)} that is a {shown.value_type}"
                held = known.is_valid(shown.value)
                about = about_place(contract, workspace, shown.pointer, shown.value_type)
                yield _judge_value_type(expected, shown.value, held, about)

    def _errors(self, body: Any) -> Iterator[tuple[list[str], str, str, str]]:
        """Path, kind, message and symptom of each error."""
        for error in self._record.iter_errors(body):
            path = [str(segment) for segment in error.absolute_path]
            if error.validator == "required" and isinstance(error.instance, dict):
                missing = (name for name in list(error.validator_value) if name not in error.instance)
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


def judge_success(contract: Contract, workspace: Workspace, shape: RecordShape, exchange: Exchange) -> Judgements:
    """Judge all that a success must be, whatever was sent."""
    media_type = exchange.response_headers.get("content-type", "no Content-Type")
    is_json = is_json_type(media_type) and exchange.body is not MISSING
    status = exchange.status
    yield judge(Expectation.SUCCESS_STATUS, "success:status", "200", status == 200, str(status), due=("200",))
    observed = f"{media_type}, {quote_json(exchange.text, 40)}"
    symptom = media_type if exchange.body is not MISSING else f"{media_type}, and no JSON"
    expected, kind = "application/json that holds JSON", Expectation.SUCCESS_MEDIA_TYPE
    yield judge(kind, "success:media-type", expected, is_json, observed, symptom=symptom)
    yield from shape.judge_members(exchange.body)
    if isinstance(exchange.body, dict):
        yield from _judge_clock(contract, exchange)
        yield from shape.judge_values(contract, workspace, exchange.body)
        yield _judge_defined(contract, workspace, exchange.body)


def _judge_defined(contract: Contract, workspace: Workspace, record: Any) -> Judgement:
    """Judge whether value types, cardinalities and object types are those that the live definitions say."""
    differing = next(_differing(workspace, record), None)
    pointer, expected, observed = differing or ("", "types as the definitions have them", "")
    about = about_place(contract, workspace, pointer) if differing else NO_SUBJECT
    return judge(Expectation.AS_DEFINED, "definitions:agree", expected, not differing, observed, subject=about)


def _differing(workspace: Workspace, record: Any) -> Iterator[tuple[str, str, str]]:
    """Place, what is due and what is there, of each member that says something else than its definition."""
    for value in profile.answered_values(record):
        field = workspace.fields.get(value.key)
        if field and field.value_type and isinstance(value.value_type, str) and value.value_type != field.value_type:
            yield value.pointer, f"{profile.VALUE_TYPE} {field.value_type}", value.value_type
    for links in profile.answered_links(record):
        link = workspace.relationships.get(links.key)
        pairs = ((profile.CARDINALITY, links.cardinality), (profile.OBJECT_TYPE, links.object_type)) if link else ()
        for name, shown in pairs:
            due = link.cardinality if link and name == profile.CARDINALITY else link.object_type if link else ""
            shown = shown.lower() if name == profile.CARDINALITY and isinstance(shown, str) else shown
            if due and isinstance(shown, str) and shown != due:
                yield links.pointer, f"{name} {due}", shown


def judge_echo(
    contract: Contract,
    workspace: Workspace,
    sent: Any,
    record: Any,
    clause: str = "",
    marker: str = "",
    echoes: Mapping[str, Echo] | None = None,
) -> Judgements:
    """Judge whether a record holds what was sent.

    Args:
        clause: the clause to judge by; each place's own one when left out.
        marker: the one that the request carries; "" for none.
        echoes: by pointer, how much has to come back where that is not all of it.
    """
    named = {place.pointer for place in contract.places}
    for pointer, value in profile.sent_members(sent):
        shown, echo = profile.read_back(record, pointer), (echoes or {}).get(pointer, Echo.SAME)
        if shown is not ABSENT and echo is not Echo.NONE:
            own = clause or (f"echo:{pointer}" if pointer in named else "")
            presence = echo is Echo.PRESENT
            yield _judge_member(contract, workspace, pointer, value, shown, own, marker, presence=presence)


def _judge_member(
    contract: Contract,
    workspace: Workspace,
    pointer: str,
    sent: Any,
    shown: Any,
    clause: str,
    marker: str,
    *,
    presence: bool,
) -> Judgement:
    if profile.holds_links(pointer):
        expectation, held = Expectation.SAME_LINKS, same_links(sent, shown) or (not sent and not shown)
        clause = clause or "link:custom"
    else:
        value_type = value_type_of(contract, workspace, pointer)
        expectation, same = comparison_of(value_type, presence=presence)
        held = same(sent, shown, known_options(workspace, pointer))
        clause = clause or f"custom:{value_type}"
    expected = f"{profile.place_param(pointer)} comes back{'' if presence else f' as {_show(sent)}'}"
    if held:
        return judge(expectation, clause, expected, held, "", subject=Subject(place=pointer))
    about = about_value(contract, workspace, pointer, sent, marker)
    symptom = _symptom(contract, workspace, pointer, sent, shown, marker)
    return judge(expectation, clause, expected, held, _show(shown), symptom=symptom, subject=about)


def _symptom(contract: Contract, workspace: Workspace, pointer: str, sent: Any, shown: Any, marker: str) -> str:
    """What became of a value, without anything that is of this run."""
    if profile.holds_links(pointer):
        return describe_difference(sent if isinstance(sent, list) else [sent], shown)
    known = VALUE_TYPES.get(value_type_of(contract, workspace, pointer) or "")
    if known and shown is not None and type_of(sent) == type_of(shown):
        if known.select and isinstance(sent, list) and len(sent) != len(shown):
            return f"comes back with {len(shown)} of its {len(sent)} options"
        if known.select:
            return "comes back as another option"
        if known.sameness is Sameness.INSTANT:
            return _of_moments(parse_timestamp(sent), parse_timestamp(shown))
    texts = isinstance(sent, str) and isinstance(shown, str) and not sent.startswith(shown)
    return describe_difference(*((unstamp(each, marker) for each in (sent, shown)) if texts and marker else (sent, shown)))


def _of_moments(sent: datetime.datetime | None, shown: datetime.datetime | None) -> str:
    """By how much a time is another one."""
    if sent is None or shown is None or sent.tzinfo is None or shown.tzinfo is None:
        return "comes back as another moment"
    away = (shown - sent).total_seconds()
    return f"comes back {_in_round_units(abs(away))} {'later' if away > 0 else 'earlier'}"


def judge_read_back(contract: Contract, workspace: Workspace, created: Exchange, read: Exchange, clause: str) -> Judgements:
    """Judge whether a read gives the record that a create returned."""
    same = read.status == 200 and bool(created.record_id) and profile.record_id(read.body) == created.record_id
    expected, observed = f"record {created.record_id}", f"answered {read.answer}"
    symptom = "another record" if read.status == 200 else ""
    yield judge(Expectation.READ_BACK, clause, expected, same, observed, symptom=symptom, due=("200",))
    if same:
        answered, kept = (
            judge_echo(contract, workspace, created.sent, record, clause, created.stamp)
            for record in (created.body, read.body)
        )
        # What the create's own answer showed altered is its echo's fault, not the store's.
        altered = {judgement.expected for judgement in answered if judgement.problem}
        yield from (judgement for judgement in kept if judgement.expected not in altered)


def judge_linked_once(contract: Contract, workspace: Workspace, exchange: Exchange, pointer: str, clause: str) -> Judgement:
    """Judge whether an accepted relationship does not hold an ID twice."""
    values = get_at(exchange.body, profile.value_pointer(pointer), []) if exchange.accepted else []
    once = isinstance(values, list) and len({str(value) for value in values}) == len(values)
    held, observed = once and exchange.status < 500, f"{exchange.answer}: {quote_json(values)}"
    symptom = "" if exchange.status >= 500 else "the ID is linked twice"
    about = about_place(contract, workspace, pointer)
    return judge(Expectation.LINKED_ONCE, clause, "each ID once", held, observed, symptom=symptom, subject=about)


def judge_same_option(
    contract: Contract, workspace: Workspace, by_label: Exchange, by_id: Exchange, pointer: str, clause: str
) -> Judgement:
    """Judge whether two creates show the same option at a select's place, by its ID or by its label (contract 11)."""
    one, other = (get_at(exchange.body, profile.value_pointer(pointer), None) for exchange in (by_label, by_id))
    _, same = comparison_of(contract.place(pointer).value_type)
    held = one is not None and same(one, other, known_options(workspace, pointer))
    expectation, expected = Expectation.SAME_OPTION_EITHER_WAY, "the same option from label and ID"
    about, observed = about_place(contract, workspace, pointer), f"{quote_json(one)} and {quote_json(other)}"
    symptom = "no option" if one is None else "another option"
    return judge(expectation, clause, expected, held, observed, symptom=symptom, subject=about)


def _judge_clock(contract: Contract, exchange: Exchange) -> Judgements:
    properties: Mapping[str, Any] = contract.create.response_schema["properties"]
    for key in (key for key, schema in properties.items() if schema.get("format") == "date-time"):
        text = exchange.body.get(key)
        moment = parse_timestamp(text)
        if moment is None:
            continue
        about = Subject(place=f"/{key}")
        has_offset = moment.tzinfo is not None
        expected = f"{key} with an offset or Z"
        kind, clause = Expectation.TIME_WITH_OFFSET, "success:timestamp-offset"
        yield judge(kind, clause, expected, has_offset, str(text), symptom="no offset and no Z", subject=about)
        date = read_date(exchange.response_headers.get("date"))
        seconds = (moment if has_offset else moment.replace(tzinfo=datetime.UTC)).timestamp()
        away = abs(seconds - (time.time() if date is None else date))
        symptom = f"{_in_round_units(away)} from the clock"
        near, observed = away <= _CLOCK_TOLERANCE, f"{text}, {away:.0f} s away"
        # By the answer's own clock it is a MUST, by ours a SHOULD; one of the two is compared (contract 11).
        comparable = has_offset and date is not None
        expected = f"{key} within {_CLOCK_TOLERANCE:g} s of the Date header"
        held = near or not comparable
        kind, clause = Expectation.TIME_NEAR_DATE, "success:timestamp-date"
        yield judge(kind, clause, expected, held, observed, symptom=symptom, subject=about)
        expected, held = f"{key} within {_CLOCK_TOLERANCE:g} s of our clock", near or comparable
        kind, clause = Expectation.TIME_NEAR_CLOCK, "success:timestamp-clock"
        yield judge(kind, clause, expected, held, observed, symptom=symptom, subject=about)


def _in_round_units(seconds: float) -> str:
    for unit, length in (("days", 86_400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds" if seconds >= 1 else f"{seconds * 1000:g} milliseconds"


def _judge_value_type(expected: str, value: Any, held: bool, about: Subject) -> Judgement:
    symptom = "" if held else _form_of(value)
    return judge(Expectation.VALUE_TYPE, "success:value-type", expected, held, _show(value), symptom=symptom, subject=about)


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
        return f"{shown} is not {due}", f"is {_form_of(error.instance)}, expected {due}"
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
        return f"{shown} is no {error.validator_value}", f"is {_form_of(error.instance)} that is no {error.validator_value}"
    return f"{shown} does not keep {error.validator} of the schema", f"does not keep {error.validator} of the schema"


def _show(value: Any) -> str:
    """A value as a sentence shows it."""
    return "nothing" if value is None else quote_json(value)


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
# Contract 11: an ISO 8601 date and time is the MUST; its offset has a judgement of its own, being a SHOULD.
_FORMATS.checks("date-time")(_is_timestamp)
_FORMATS.checks("uri")(_is_url)
