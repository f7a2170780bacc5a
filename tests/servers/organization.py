"""An organization as data: what it defines, what it holds, by which rules of its own it refuses, and its manners."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

__all__ = ["KINDS", "Field", "Manners", "Option", "Organization", "Relationship", "Thing", "clash", "identify", "read_organization"]

_FOLDER = Path(__file__).with_name("organizations")
KINDS = tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))
"""The names of all kinds of organization, a file each."""


@dataclasses.dataclass(frozen=True)
class Option:
    """An option of a select.

    Attributes:
        pipeline: the label of the pipeline that holds it, for stages.
        parent: the ID of the option of the parent field without which this one is refused.
        needs: keys of fields without which this option is refused (422).
        refused: whether the organization's rules refuse it always (422).
    """

    id: str
    label: str
    pipeline: str = ""
    parent: str = ""
    needs: tuple[str, ...] = ()
    refused: bool = False


@dataclasses.dataclass(frozen=True)
class Field:
    """A field of a record.

    Attributes:
        required: without it a create is a 400.
        mandatory: without it a create is a 422, though no source says that it is required.
        parent: for a dependent select, the key of the field on which it depends.
        service: for a social handle, the service whose profile URL it has to be.
    """

    key: str
    type: str
    options: tuple[Option, ...] = ()
    required: bool = False
    mandatory: bool = False
    read_only: bool = False
    unique: bool = False
    multiple: bool = False
    parent: str = ""
    service: str = ""


@dataclasses.dataclass(frozen=True)
class Relationship:
    """A relationship of a record; `many` says whether it holds more than one."""

    key: str
    object_type: str
    many: bool = False
    required: bool = False
    read_only: bool = False


@dataclasses.dataclass(frozen=True)
class Thing:
    """An account, contact or member; `refusal` is "", `inactive` (400) or `rule` (422)."""

    id: str
    name: str
    refusal: str = ""


@dataclasses.dataclass(frozen=True)
class Manners:
    """What the contract leaves open, as this organization's server does it.

    Attributes:
        forms: which spellings of a value are taken: strict, usual or open.
        texts: `any`, or `clean` to refuse control characters and lone surrogates.
        blank: whether blank texts are taken.
        unset: how a field without a value comes back: null or absent.
        unknown_id: the status for an ID that names nothing.
        two_ids: what two IDs for a has_one come to: refused, or the first one.
        used_key: what a used key with another body comes to: original or refused.
        any_key: whether an idempotency key may hold any visible character.
        any_case: whether a label may be written in other letter case.
        select_value: how an option comes back: id or label.
        wrapped: whether an error stands in an `error` member.
        extras: whether answers have the members of later editions.
        unique_status: the status for a value that another record holds.
        unique_in: where definitions say `unique`: configuration or field.
        definitions: served or forbidden.
        mentions_read_only: whether definitions have `readOnly`.
        listing: the list of records: served, forbidden or absent.
        name_filter: whether the list takes `$name[equal]`.
        order: what comes first in the list: newest or oldest.
        lag: seconds until a record appears in the list.
        clock: whether the clock header is honoured, ignored, or not offered ("").
        summary_after: seconds until the summary appears; None for never.
        deletes: whether records can be deleted.
    """

    forms: str = "usual"
    texts: str = "any"
    blank: bool = True
    unset: str = "null"
    unknown_id: int = 400
    two_ids: str = "refused"
    used_key: str = "original"
    any_key: bool = True
    any_case: bool = False
    select_value: str = "id"
    wrapped: bool = True
    extras: bool = False
    unique_status: int = 422
    unique_in: str = "configuration"
    definitions: str = "served"
    mentions_read_only: bool = True
    listing: str = "served"
    name_filter: bool = True
    order: str = "newest"
    lag: float = 0.0
    clock: str = ""
    summary_after: float | None = None
    deletes: bool = False


@dataclasses.dataclass(frozen=True)
class Organization:
    """All that is fixed about one organization.

    Attributes:
        things: by object type, what can be linked to.
        records: how many opportunities it holds before anybody sends anything.
        busy: records a second that another client creates.
        scopes: of the main key; empty for full access.
        given: what a user would give in the environment besides keys: stage, account, contact or member.
    """

    name: str
    fields: Mapping[str, Field]
    relationships: Mapping[str, Relationship]
    things: Mapping[str, tuple[Thing, ...]]
    manners: Manners
    records: int = 20
    busy: float = 0.0
    scopes: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


def identify(prefix: str, *path: object) -> str:
    """Return an ID that depends on nothing but the prefix and the path."""
    return f"{prefix}_{hashlib.sha256(repr(path).encode()).hexdigest()[:20]}"


def clash(*names: str) -> bool:
    """Tell whether two of some kinds exclude each other."""
    return any(other in names for name in names for other in _load(name).get("excludes", ()))


def read_organization(*names: str, seat: str = "own") -> Organization:
    """Return the organization that is of all the kinds named, on top of the plain one.

    A kind's file holds only what differs from plain: its members come first and win, and null removes one.

    Args:
        names: names of kinds; "plain" adds nothing.
        seat: enters every ID, so that two organizations of one kind share none.
    """
    raw = _load("plain")
    for name in names:
        if name != "plain":
            raw = _merge(raw, _load(name))
    raw = _fill_up(raw)
    fields = {key: _field(seat, key, value, raw["fields"]) for key, value in raw["fields"].items()}
    return Organization(
        name="+".join(names) or "plain",
        fields=fields,
        relationships={key: _relationship(key, value) for key, value in raw["relationships"].items()},
        things={kind: tuple(_things(seat, kind, rows)) for kind, rows in raw["things"].items()},
        manners=Manners(**raw.get("manners", {})),
        records=raw.get("records", 20),
        busy=raw.get("busy", 0.0),
        scopes=tuple(raw.get("scopes", ())),
        given=tuple(raw.get("given", ())),
    )


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def _merge(base: Any, over: Any) -> Any:
    if isinstance(base, dict) and isinstance(over, dict):
        merged = {key: _merge(base.get(key), value) for key, value in over.items() if value is not None}
        return merged | {key: value for key, value in base.items() if key not in over}
    if isinstance(base, list) and isinstance(over, list) and over:
        return [*over, *base]
    return over


def _fill_up(raw: dict[str, Any]) -> dict[str, Any]:
    """Add as many ordinary things, fields, options and relationships as `many` asks for in all."""
    many, most = raw.get("many", {}), raw.get("at_most")
    things = {
        kind: [*rows[:most], *({"name": f"{kind.title()} {number}"} for number in range(len(rows), many.get(kind, 0)))]
        for kind, rows in raw["things"].items()
    }
    fields = {
        key: value | {"options": value["options"][:most]} if "options" in value else value
        for key, value in raw["fields"].items()
    }
    plain_types = sorted({value["type"] for key, value in fields.items() if not key.startswith("$")})
    for number in range(len(fields), many.get("fields", 0)):
        kind = plain_types[number % len(plain_types)]
        fields[f"attribute_{number}"] = {"type": kind} | ({"options": ["One", "Two"]} if kind.endswith("SELECT") else {})
    for key, value in fields.items():
        options = value.get("options", [])
        if many.get("options") and len(options) > 2:
            more = [f"Option {number}" for number in range(len(options), many["options"])]
            fields[key] = value | {"options": [*options, *more]}
    relationships = dict(raw["relationships"])
    for number in range(len(relationships), many.get("relationships", 0)):
        kind = ("account", "contact", "member")[number % 3]
        relationships[f"link_{number}"] = {"object": kind, "many": number % 2 == 0}
    return raw | {"things": things, "fields": fields, "relationships": relationships}


def _field(seat: str, key: str, raw: Mapping[str, Any], fields: Mapping[str, Any]) -> Field:
    rest = {name: value for name, value in raw.items() if name != "options"}
    parents = _options(seat, raw["parent"], fields[raw["parent"]].get("options", []), {}) if "parent" in raw else ()
    by_label = {option.label: option.id for option in parents}
    return Field(key=key, options=tuple(_options(seat, key, raw.get("options", []), by_label)), **rest)


def _options(seat: str, key: str, rows: list[Any], parents: Mapping[str, str]) -> Iterator[Option]:
    for number, row in enumerate(rows):
        raw = {"label": row} if isinstance(row, str) else dict(row)
        raw["needs"] = tuple(raw.get("needs", ()))
        raw["parent"] = parents.get(raw.get("parent", ""), "")
        yield Option(id=identify("opt", seat, key, number), **raw)


def _relationship(key: str, raw: Mapping[str, Any]) -> Relationship:
    rest = {name: value for name, value in raw.items() if name != "object"}
    return Relationship(key=key, object_type=raw["object"], **rest)


def _things(seat: str, kind: str, rows: list[dict[str, Any]]) -> Iterator[Thing]:
    for number, row in enumerate(rows):
        yield Thing(id=identify(kind[:3], seat, kind, number), **row)
