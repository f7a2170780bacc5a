"""What comes back of what was sent: each value and link in the answer, in a read, and nothing of another create."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ....reports.finding import AS_NULL, NOT_THERE
from ....spec import Contract, error_form, profile
from ....spec.pointer import ABSENT, get_at, last_segment, parent
from ....strategies import Workspace
from ....strategies.schema import type_of
from ....strategies.texts import PECULIAR_TEXTS
from ....strategies.value_types import VALUE_TYPES
from ....strategies.values import Echo, Sameness
from ..wire.exchange import Exchange
from ..wire.marker import markers_like, unstamp
from .difference import CHANGED, OTHER_ENTRIES, describe_difference, quote_json, quote_value, with_article
from .expectation import Expectation
from .judgement import Judgement, Judgements, Subject, judge
from .moments import between
from .subject import about_place, about_value, known_options, value_type_of
from .values import comparison_of, parse_timestamp, same_links

__all__ = ["judge_echo", "judge_linked_once", "judge_read_back", "judge_same_option", "judge_unsent"]


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
            member = _Member(contract, workspace, pointer, value, shown, marker)
            yield member.judged(own, sent, record, presence=echo is Echo.PRESENT)


class _Member(NamedTuple):
    """What was sent at a place, and what is shown there."""

    contract: Contract
    workspace: Workspace
    pointer: str
    sent: Any
    shown: Any
    marker: str

    def judged(self, clause: str, body: Any, record: Any, *, presence: bool) -> Judgement:
        """Return the judgement.

        Args:
            clause: "" for that of its value type.
            body: all that was sent. record: all that is shown.
            presence: whether no source says more of the value than that it comes back at all.
        """
        contract, workspace, pointer, sent, shown, marker = self
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
        symptom = self.without_value(record) or _difference(*self)
        if symptom.startswith((CHANGED, OTHER_ENTRIES)):
            # Any other way of altering it says more, though another place may hold just that.
            symptom = self.of_another_place(body) or symptom
        return judge(expectation, clause, expected, held, quote_value(shown), symptom=symptom, subject=about)

    def without_value(self, record: Any) -> str:
        """Whether the place is not there, or holds null; "" where it holds something."""
        if self.shown is not None:
            return ""
        there = last_segment(self.pointer) in get_at(record, parent(self.pointer), ())
        return AS_NULL if there else NOT_THERE

    def of_another_place(self, body: Any) -> str:
        """Whether it is what was sent at another place; "" where it is not."""
        links = profile.holds_links(self.pointer)
        same = same_links if links else operator.eq
        for pointer, value in profile.sent_members(body):
            comparable = profile.holds_links(pointer) == links and isinstance(value, str | list) and bool(value)
            if comparable and same(value, self.shown):
                named = pointer if self.contract.find_place(pointer) else "another place"
                return f"comes back as what is set at {named}"
        return ""


def _difference(contract: Contract, workspace: Workspace, pointer: str, sent: Any, shown: Any, marker: str) -> str:
    """What became of a value, without anything that is of this run."""
    if profile.holds_links(pointer):
        return describe_difference(sent if isinstance(sent, list) else [sent], shown)
    known = VALUE_TYPES.get(value_type_of(contract, workspace, pointer) or "")
    if known and type_of(sent) == type_of(shown):
        if known.select and isinstance(sent, list) and len(sent) != len(shown):
            fewer = len(shown) < len(sent)
            if len(shown) == 1 and all(str(each) in str(shown[0]) for each in sent):
                return f"comes back as one text that holds all of its {len(sent)} options"
            return f"comes back with {len(shown)} {f'of its {len(sent)} options' if fewer else f'options for {len(sent)}'}"
        if known.select:
            return "comes back as another option"
        if known.sameness is Sameness.INSTANT:
            return f"{between(parse_timestamp(sent), parse_timestamp(shown))}, {quote_json(sent)} as {quote_json(shown)}"
    if marker and isinstance(sent, str) and marker in sent and not isinstance(shown, str):
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


def judge_read_back(contract: Contract, workspace: Workspace, created: Exchange, read: Exchange, clause: str) -> Judgements:
    """Judge whether a read gives the record that a create returned."""
    same = read.status == 200 and bool(created.record_id) and profile.record_id(read.body) == created.record_id
    expected, observed = f"record {created.record_id}", f"answered {read.answer}"
    shown = profile.record_id(read.body)
    symptom = "" if read.status != 200 else "another record" if shown else _without_id(created)
    symptom = symptom if created.record_id else _without_id(created)
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
        expected, symptom = f"{profile.CREATED_AT} {first}", between(parse_timestamp(first), parse_timestamp(later))
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
