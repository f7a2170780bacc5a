"""What the answer to an accepted create must be: its status, its members, its clock, and the echo of what was sent."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ....spec import Contract, error_form, profile
from ....spec.pointer import ABSENT, get_at
from ....strategies import Workspace
from ....strategies.schema import type_of
from ....strategies.texts import PECULIAR_TEXTS
from ....strategies.value_types import VALUE_TYPES
from ....strategies.values import Echo, Sameness
from ..wire.exchange import MISSING, Exchange
from ..wire.marker import markers_like, unstamp
from ..wire.pacing import read_date
from .difference import describe_difference, quote_json, quote_value, with_article
from .expectation import Expectation
from .judgement import NO_SUBJECT, Judgement, Judgements, Subject, judge
from .shape import RecordShape
from .strict_json import is_json_type
from .subject import about_place, about_value, known_options, value_type_of
from .values import comparison_of, parse_timestamp, same_links

__all__ = [
    "judge_echo",
    "judge_linked_once",
    "judge_read_back",
    "judge_same_option",
    "judge_status",
    "judge_success",
    "judge_unsent",
]

_CLOCK_TOLERANCE = 300.0
"""Seconds (contract 11)."""


def judge_success(contract: Contract, workspace: Workspace, shape: RecordShape, exchange: Exchange) -> Judgements:
    """Judge all that a success must be, whatever was sent."""
    media_type = exchange.response_headers.get("content-type", "no Content-Type")
    is_json = is_json_type(media_type) and exchange.body is not MISSING
    yield judge_status(exchange)
    observed = f"{media_type}, {quote_json(exchange.text, 40)}"
    symptom = media_type if exchange.body is not MISSING else f"{media_type}, and no JSON"
    expected, kind = "application/json that holds JSON", Expectation.SUCCESS_MEDIA_TYPE
    yield judge(kind, "success:media-type", expected, is_json, observed, symptom=symptom)
    yield from shape.judge_members(exchange.body)
    if isinstance(exchange.body, dict):
        yield from _judge_clock(contract, exchange)
        yield from shape.judge_values(contract, workspace, exchange.body)
        yield _judge_defined(contract, workspace, exchange.body)


def judge_status(exchange: Exchange) -> Judgement:
    """Judge whether a success says so with 200."""
    status = exchange.status
    return judge(Expectation.SUCCESS_STATUS, "success:status", "200", status == 200, str(status), due=("200",))


def _judge_defined(contract: Contract, workspace: Workspace, record: Any) -> Judgement:
    """Judge whether value types, cardinalities and object types are those that the live definitions say."""
    differing = next(_differing(workspace, record), None)
    pointer, expected, observed = differing or ("", "types as the definitions have them", "")
    about = about_place(contract, workspace, pointer) if differing else NO_SUBJECT
    return judge(Expectation.AS_DEFINED, "definitions:agree", expected, not differing, observed, subject=about)


def judge_unsent(workspace: Workspace, exchange: Exchange) -> Judgement:
    """Judge whether no custom text that was not sent is one of those that only this suite sends, so another create's."""
    sent = dict(profile.sent_members(exchange.sent))
    fields = (field for field in workspace.fields.values() if field.custom and not field.read_only)
    unsent = [field.pointer for field in fields if field.pointer not in sent]
    texts = [value for value in sent.values() if isinstance(value, str)]
    shown = {pointer: profile.read_back(exchange.body, pointer) for pointer in unsent}
    left = [
        pointer
        for pointer, value in shown.items()
        if isinstance(value, str) and value in PECULIAR_TEXTS and value not in texts
    ]
    expected, place = "nothing, or null", left[0] if left else ""
    observed, about = quote_json(shown.get(place)), Subject(place=place)
    return judge(Expectation.NOT_OF_ANOTHER, "success:unsent", expected, not left, observed, subject=about)


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
    if held:
        return judge(expectation, clause, f"{pointer} comes back", held, "", subject=Subject(place=pointer))
    expected = f"{error_form.place_param(pointer)} comes back{'' if presence else f' as {quote_value(sent)}'}"
    about = about_value(contract, workspace, pointer, sent, marker)
    symptom = _symptom(contract, workspace, pointer, sent, shown, marker)
    return judge(expectation, clause, expected, held, quote_value(shown), symptom=symptom, subject=about)


def _symptom(contract: Contract, workspace: Workspace, pointer: str, sent: Any, shown: Any, marker: str) -> str:
    """What became of a value, without anything that is of this run."""
    if profile.holds_links(pointer):
        return describe_difference(sent if isinstance(sent, list) else [sent], shown)
    known = VALUE_TYPES.get(value_type_of(contract, workspace, pointer) or "")
    if known and shown is not None and type_of(sent) == type_of(shown):
        if known.select and isinstance(sent, list) and len(sent) != len(shown):
            fewer = len(shown) < len(sent)
            if len(shown) == 1 and all(str(each) in str(shown[0]) for each in sent):
                return f"comes back as one text that holds all of its {len(sent)} options"
            return f"comes back with {len(shown)} {f'of its {len(sent)} options' if fewer else f'options for {len(sent)}'}"
        if known.select:
            return "comes back as another option"
        if known.sameness is Sameness.INSTANT:
            return f"{_of_moments(parse_timestamp(sent), parse_timestamp(shown))}, {quote_json(sent)} as {quote_json(shown)}"
    if marker and isinstance(sent, str) and marker in sent and shown is not None and not isinstance(shown, str):
        # Neither is shown, since both are of this run.
        return f"comes back as {with_article(type_of(shown))}"
    if isinstance(sent, str) and isinstance(shown, str) and marker and not sent.startswith(shown):
        return _of_stamped(sent, shown, marker)
    return describe_difference(sent, shown)


def _of_stamped(sent: str, shown: str, marker: str) -> str:
    """What became of a text that carries the marker."""
    if marker not in shown and re.search(markers_like(marker), shown):
        return "comes back as the text of another create"
    plain = unstamp(sent, marker)
    # The marker is changed as the rest of the text is.
    changed = marker.casefold() in shown.casefold() and marker not in shown
    bare = re.sub(f"{re.escape(marker)} ?", "", shown, flags=re.IGNORECASE) if changed else unstamp(shown, marker)
    return describe_difference(plain, bare) if plain != bare else describe_difference(sent, shown)


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
    shown = profile.record_id(read.body)
    symptom = "" if read.status != 200 else "another record" if shown and created.record_id else _without_id(created)
    yield judge(Expectation.READ_BACK, clause, expected, same, observed, symptom=symptom, due=("200",))
    if same:
        answered, kept = (
            judge_echo(contract, workspace, created.sent, record, clause, created.stamp)
            for record in (created.body, read.body)
        )
        # What the create's own answer showed altered is its echo's fault, not the store's.
        altered = {judgement.expected for judgement in answered if judgement.problem}
        yield from (judgement for judgement in kept if judgement.expected not in altered)
        yield from _judge_moment_kept(created, read, clause)


def _without_id(created: Exchange) -> str:
    return f"the answer to its {'read' if created.record_id else 'create'} has no ID"


def _judge_moment_kept(created: Exchange, read: Exchange, clause: str) -> Judgements:
    first, later = (profile.creation_time(each.body) for each in (created, read))
    if parse_timestamp(first) and parse_timestamp(later):
        expectation, same = comparison_of("DATETIME")
        expected, symptom = f"{profile.CREATED_AT} {first}", _of_moments(parse_timestamp(first), parse_timestamp(later))
        about, held = Subject(place=f"/{profile.CREATED_AT}"), same(first, later, ())
        yield judge(expectation, clause, expected, held, later, symptom=symptom, subject=about)


def judge_linked_once(contract: Contract, workspace: Workspace, exchange: Exchange, pointer: str, clause: str) -> Judgement:
    """Judge whether an accepted relationship does not hold an ID twice."""
    values = get_at(exchange.body, profile.value_pointer(pointer), []) if exchange.accepted else []
    # That it is no array of IDs is judged by itself.
    once = not isinstance(values, list) or len({str(value) for value in values}) == len(values)
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
        away = seconds - (time.time() if date is None else date)
        symptom = f"{_in_round_units(abs(away))} {'ahead of' if away > 0 else 'behind'} the clock"
        near, observed = abs(away) <= _CLOCK_TOLERANCE, f"{text}, {abs(away):.0f} s {'ahead' if away > 0 else 'behind'}"
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
            count = seconds / length
            # Offsets from UTC have half hours and quarters.
            return f"{count:g} {unit}" if (4 * count).is_integer() else f"{count:.0f} {unit}"
    if seconds < 1:
        return f"{seconds * 1000:g} milliseconds"
    return f"{seconds:.0f} second{'s' if round(seconds) > 1 else ''}"
