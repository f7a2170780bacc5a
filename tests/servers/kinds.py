"""Reads organizations of one kind or several from their files: each kind's file holds what differs from plain."""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from .organization import Field, Manners, Option, Organization, Relationship, Thing

__all__ = ["KINDS", "clash", "identify", "mixtures", "read_organization"]

_FOLDER = Path(__file__).with_name("organizations")
KINDS = tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))
"""The names of all kinds of organization, a file each."""


def identify(prefix: str, *path: object) -> str:
    """Return an ID that depends on nothing but the prefix and the path."""
    return f"{prefix}_{hashlib.sha256(repr(path).encode()).hexdigest()[:20]}"


def clash(*names: str) -> bool:
    """Tell whether two of some kinds exclude each other."""
    return any(other in names for name in names for other in _load(name).get("excludes", ()))


@functools.cache
def mixtures() -> tuple[tuple[str, ...], ...]:
    """Return few mixtures of kinds that hold, between them, every pair of kinds that do not exclude each other.

    Without plain, which adds nothing, and none, over which nothing can be created.
    """
    kinds = [kind for kind in KINDS if kind not in ("plain", "none")]
    missing = {pair for pair in itertools.combinations(kinds, 2) if not clash(*pair)}
    found = []
    while missing:
        candidates = [_grow(pair, kinds, missing) for pair in sorted(missing)]
        best = max(candidates, key=lambda mixture: len(missing & set(itertools.combinations(mixture, 2))))
        missing -= set(itertools.combinations(best, 2))
        found.append(best)
    return tuple(found)


def _grow(mixture: tuple[str, ...], kinds: list[str], missing: set[tuple[str, str]]) -> tuple[str, ...]:
    while fits := [kind for kind in kinds if kind not in mixture and not clash(kind, *mixture)]:
        gains = [sum((min(kind, other), max(kind, other)) in missing for other in mixture) for kind in fits]
        mixture = (*mixture, fits[gains.index(max(gains))])
    return tuple(sorted(mixture))


def read_organization(*names: str, seat: str = "own") -> Organization:
    """Return the organization that is of all the kinds named, on top of the plain one.

    A kind's file holds only what differs from plain: its members come first and win, and null removes one.

    Args:
        names: names of kinds; "plain" adds nothing.
    """
    raw = _load("plain")
    for name in names:
        if name != "plain":
            raw = _merge(raw, _load(name))
    raw = _fill_up(raw)
    fields = {key: _field(seat, key, value, raw["fields"]) for key, value in raw["fields"].items()}
    return Organization(
        name="+".join(names) or "plain",
        seat=seat,
        fields=fields,
        relationships={key: _relationship(key, value) for key, value in raw["relationships"].items()},
        things={kind: tuple(_things(seat, kind, rows)) for kind, rows in raw["things"].items()},
        manners=Manners(**raw.get("manners", {})),
        records=raw.get("records", 20),
        busy=raw.get("busy", 0.0),
        scopes=tuple(raw.get("scopes", ())),
        given=tuple(raw.get("given", ())),
    )


@functools.cache
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
