"""Checks the IDs and options that the user gives to write with: of what the target does not have a sentence is said."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ....spec import Collection, Contract, Option, RelationshipDefinition, UsageError, error_form, profile
from ....spec.given import quote
from ....spec.pointer import set_at
from ....strategies.workspace import USED_IDS
from ..case.api import Api
from ..case.material import texts_of
from ..case.world import World
from ..judge.refusal import denies_listed, named_place, names
from ..wire.exchange import Exchange
from ..wire.target import variable_of

__all__ = [
    "PAGE",
    "check_ids",
    "check_options",
    "choose_option",
    "linked_types",
    "list_ends",
    "list_ids",
    "list_texts",
    "reject_unlisted",
]

PAGE: Final = 25
_LAG: Final = 1.0
"""Seconds given to a list to show what was made before the run."""
_SHOWN: Final = 10
"""Options that a message names."""


def choose_option(world: World, key: str, given: str, known: tuple[Option, ...]) -> Option:
    """Return the option that the user means at a select.

    Raises:
        UsageError: the definitions list others, or several of that label.
    """
    if not known:
        return Option(id=given)
    meant = [option for option in known if option.id == given] or [option for option in known if option.label == given]
    variable = variable_of(key)
    if len(meant) > 1:
        seen = f"several options have the label {quote(given)}"
        raise UsageError(f"{variable}: {seen}; give the ID of one, such as {meant[0].id}")
    if not meant:
        listed = ", ".join(option.label or option.id for option in known[:_SHOWN])
        reads = f"the definitions that {world.reader.key} opens" if world.reader.key else "the definitions"
        raise UsageError(f"{variable}: no option has the ID or label {quote(given)}; {reads} list {listed}")
    return meant[0]


def reject_unlisted(world: World, api: Api) -> None:
    """See that the IDs that the user gave are listed, of each type of which the target lists all that there is.

    Raises:
        UsageError: one is not, and is not a moment later either.
    """
    for name, given in world.target.given_ids.items():
        collection = world.contract.collections.get(name)
        absent = {*given[:USED_IDS]} - {*(_list_all(api, collection, world.reader.name) or given)}
        if absent:
            # One that was just made may not be listed yet.
            time.sleep(_LAG)
            absent -= {*(_list_all(api, collection, world.reader.name, offset=0) or given)}
        if absent:
            raise _unknown_id(name, min(absent))


def _unknown_id(object_type: str, linked: str) -> UsageError:
    hint = "give the ID of one, or leave the variable unset"
    return UsageError(f"{variable_of(object_type, '_ID')}: the target knows no {object_type} {quote(linked)}; {hint}")


def check_ids(world: World, api: Api) -> None:
    """Try the IDs that the user gave and the target does not list; what is refused makes nothing.

    Raises:
        UsageError: the target says that there is no such object.
    """
    smallest = world.smallest
    for place in world.contract.link_places:
        given = world.target.given_ids.get(place.object_type or "", ())[:USED_IDS]
        if smallest is None or place.read_only or not given:
            continue
        listed = list_ids(api, world.contract.collections.get(place.object_type or ""), world.reader.name)
        for linked in (linked for linked in given if linked not in listed):
            answer = api.once(set_at(smallest, place.pointer, linked))
            named = named_place(answer)
            if denies_listed(answer) and (not named or error_form.names_place(named, place.pointer)):
                raise _unknown_id(place.object_type or "", linked)


def check_options(world: World, api: Api) -> None:
    """Try an option that the user gave of a select whose options are not listed; what is refused makes nothing.

    Raises:
        UsageError: the target refuses a create for it, and for nothing else.
    """
    smallest = world.smallest
    for place in world.contract.value_places:
        given, field = world.target.given_options.get(place.key, ""), world.workspace.fields.get(place.key)
        if smallest is None or not given or (field and field.options):
            continue
        answer = api.once(set_at(smallest, place.pointer, given))
        if answer.status in (400, 404, 422) and names(answer, place.pointer):
            seen = f"the target refuses {quote(given)} ({answer.answer}), and lists no options with the keys that were given"
            raise UsageError(f"{variable_of(place.key)}: {seen}; give one that it has")


def linked_types(contract: Contract, relationships: Mapping[str, RelationshipDefinition]) -> set[str]:
    """Return the types of objects to which a create may link: by the contract, and by an organization's definitions."""
    types = {place.object_type for place in contract.link_places if place.object_type and not place.read_only}
    return types | {each.object_type for each in relationships.values() if not each.read_only}


def list_ids(api: Api, collection: Collection | None, caller: str) -> tuple[str, ...]:
    """Return the IDs on the first page of a collection; none where it cannot be read."""
    return _ids_on(_page(api, collection, caller)) or ()


def list_ends(api: Api, collection: Collection | None, caller: str) -> tuple[str, ...]:
    """Return the IDs on the first page of a collection, and on the last one where it has several: some may be archived."""
    first = _page(api, collection, caller)
    ids, total = _ids_on(first) or (), profile.page_total(first.body) if first is not None else None
    further = total is not None and total > len(ids) > 0
    last = _ids_on(_page(api, collection, caller, max(len(ids), (total or 0) - PAGE))) if further else ()
    return tuple(dict.fromkeys((*ids, *(last or ()))))


def list_texts(api: Api, collection: Collection | None, caller: str) -> tuple[str, ...]:
    """Return the texts by which the first objects of a collection could be recognized."""
    records = _records_on(_page(api, collection, caller)) or []
    return tuple(text for record in records[:USED_IDS] for text in texts_of(record))


def _list_all(api: Api, collection: Collection | None, caller: str, offset: int | None = None) -> tuple[str, ...] | None:
    """The IDs of a whole collection; None where they are more than a page holds, or not known."""
    page = _page(api, collection, caller, offset)
    ids = _ids_on(page)
    return ids if page is not None and ids is not None and profile.page_total(page.body) == len(ids) else None


def _page(api: Api, collection: Collection | None, caller: str, offset: int | None = None) -> Exchange | None:
    """The answer to a read of a collection's beginning; None where it has no list."""
    if collection is None or collection.list is None:
        return None
    return api.get(collection.list, caller=caller, query=profile.page_query(PAGE, offset))


def _records_on(page: Exchange | None) -> Sequence[Any] | None:
    """The records that a page shows; None where it is none."""
    return profile.page_records(page.body) if page is not None and page.status == 200 else None


def _ids_on(page: Exchange | None) -> tuple[str, ...] | None:
    """The IDs that a page shows; None where it is none."""
    records = _records_on(page)
    return None if records is None else tuple(found for record in records if (found := profile.record_id(record)))
