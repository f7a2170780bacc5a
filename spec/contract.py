"""The typed contract: plain frozen data, made by the loader, read by everybody."""

from __future__ import annotations

import dataclasses
import enum
import functools
from collections.abc import Mapping
from typing import Any

__all__ = ["Basis", "Clause", "Collection", "Contract", "Level", "Need", "Operation", "Parameter", "Place", "Shape"]


class Level(enum.StrEnum):
    """How much a clause binds (RFC 2119)."""

    MUST = "MUST"
    """Decides the exit status."""
    SHOULD = "SHOULD"
    """Advice when broken."""
    MAY = "MAY"
    """Observed, never judged."""


class Basis(enum.StrEnum):
    """The strongest source a clause rests on, in falling order of strength."""

    SEED = "seed"
    """The reference page of the endpoint."""
    DOCS = "docs"
    """The vendor's other public pages."""
    RFC = "rfc"
    """HTTP semantics, JSON, date-time, the Idempotency-Key draft."""

    def covers(self, other: Basis) -> bool:
        """Whether a run that asks for this basis includes clauses of the other one."""
        order = list(Basis)
        return order.index(other) <= order.index(self)


@dataclasses.dataclass(frozen=True)
class Need:
    """What a clause cannot be checked without.

    Attributes:
        name: the word by which clauses ask for it.
        reason: why the clause is not verified when it is absent.
        remedy: how a user provides it.
    """

    name: str
    reason: str
    remedy: str


@dataclasses.dataclass(frozen=True)
class Clause:
    """One normative statement.

    Attributes:
        id: `kind:subject`, unique in a contract; a derived clause's subject is a JSON Pointer or a value type.
        section: the key of the section in which it is listed.
        needs: what has to be given or offered before it can be checked.
        place: the JSON Pointer of the place it is about; None for a shared clause.
        rests_on: ids of clauses, or their beginnings up to the colon, without which this one cannot be judged apart.
    """

    id: str
    section: str
    level: Level
    basis: Basis
    statement: str
    source: str
    needs: tuple[Need, ...] = ()
    place: str | None = None
    rests_on: tuple[str, ...] = ()

    def rests_on_clause(self, clause_id: str) -> bool:
        """Whether it rests on the clause of that id."""
        return clause_id != self.id and any(
            clause_id == name or (name.endswith(":") and clause_id.startswith(name)) for name in self.rests_on
        )

    @property
    def kind(self) -> str:
        """The part of the id before the colon: which rule, without its place."""
        return self.id.partition(":")[0]


class Shape(enum.StrEnum):
    """What stands at a place of the request body."""

    GROUP = "group"
    """`fields` or `relationships` itself."""
    FIELD = "field"
    RELATIONSHIP = "relationship"


@dataclasses.dataclass(frozen=True)
class Place:
    """One place of the request body that the fragment names.

    Attributes:
        pointer: its JSON Pointer (RFC 6901), such as `/fields/$title`.
        schema: its JSON Schema, all references inlined.
        value_type: of a field, the name of its value type, where the fragment refers to one.
        object_type: of a relationship, the type of object it links to.
    """

    pointer: str
    shape: Shape
    required: bool
    read_only: bool
    schema: Mapping[str, Any]
    value_type: str | None = None
    object_type: str | None = None

    @property
    def group(self) -> str:
        """`fields` or `relationships`."""
        return self.pointer.split("/")[1]

    @property
    def key(self) -> str:
        """The last segment, which is the member's name in its parent object."""
        return self.pointer.rsplit("/", 1)[1].replace("~1", "/").replace("~0", "~")

    @property
    def takes_option(self) -> bool:
        """Whether the value is one of the options of a select."""
        return self.value_type == "SINGLE_SELECT"


@dataclasses.dataclass(frozen=True)
class Parameter:
    """A header or query parameter of an operation, with its JSON Schema."""

    name: str
    location: str
    required: bool
    schema: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Operation:
    """One method on one path.

    Attributes:
        method: upper case.
        path: as in the fragment, with `{name}` templates.
        scopes: what a key must hold, all of it.
        request_schema, response_schema: inlined JSON Schemas of the JSON body and of the 200; empty when none.
    """

    id: str
    method: str
    path: str
    scopes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    request_schema: Mapping[str, Any]
    response_schema: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Collection:
    """The operations on one object type; None where the fragment does not have one."""

    object_type: str
    path: str
    create: Operation | None = None
    list: Operation | None = None
    retrieve: Operation | None = None
    definitions: Operation | None = None


@dataclasses.dataclass(frozen=True)
class Contract:
    """One create endpoint's promise.

    Attributes:
        name: the fragment's file name without its ending.
        version: the edition's version, as sent in the version header.
        document: the fragment as parsed.
        create: the operation under test.
        collection: the collection it belongs to.
        collections: all of the fragment's, by object type.
        places: the request body's places, groups first, in the fragment's order.
        clauses: in the order in which they are listed and reported.
        sections: titles by key, in order.
        needs: by name.
        values: JSON Schema of the non-null value of each value type.
        error_schema: JSON Schema of a refusal's body, both forms.
        error_types: the error types that go with a status.
        error_codes: by rule, the codes that plainly fit it.
        validate: the operation that tells what a key may do, if there is one.
    """

    name: str
    title: str
    version: str
    document: Mapping[str, Any]
    create: Operation
    collection: Collection
    collections: Mapping[str, Collection]
    places: tuple[Place, ...]
    clauses: tuple[Clause, ...]
    sections: Mapping[str, str]
    needs: Mapping[str, Need]
    values: Mapping[str, Mapping[str, Any]]
    error_schema: Mapping[str, Any]
    error_types: Mapping[int, tuple[str, ...]]
    error_codes: Mapping[str, tuple[str, ...]]
    validate: Operation | None

    def clause(self, clause_id: str) -> Clause:
        """The clause of that id; KeyError if there is none."""
        return self._clauses_by_id[clause_id]

    def place(self, pointer: str) -> Place:
        """The place at that JSON Pointer; KeyError if the fragment does not name it."""
        return self._places_by_pointer[pointer]

    @functools.cached_property
    def fields(self) -> tuple[Place, ...]:
        """The named fields, read-only ones included."""
        return tuple(place for place in self.places if place.shape is Shape.FIELD)

    @functools.cached_property
    def relationships(self) -> tuple[Place, ...]:
        """The named relationships, read-only ones included."""
        return tuple(place for place in self.places if place.shape is Shape.RELATIONSHIP)

    @functools.cached_property
    def marker_place(self) -> Place | None:
        """The free text field that carries a run's marker: a required one, else any; None if there is none."""
        texts = [place for place in self.fields if place.value_type == "TEXT" and not place.read_only]
        return next((place for place in texts if place.required), texts[0] if texts else None)

    @functools.cached_property
    def version_header(self) -> Parameter | None:
        """The required header whose value the fragment fixes."""
        return next((p for p in self.create.parameters if p.location == "header" and "const" in p.schema), None)

    @functools.cached_property
    def key_length(self) -> int:
        """The greatest length of an Idempotency-Key, in characters."""
        lengths = [p.schema.get("maxLength") for p in self.create.parameters if p.name == "Idempotency-Key"]
        return int(lengths[0] or 255) if lengths else 255

    @functools.cached_property
    def _clauses_by_id(self) -> Mapping[str, Clause]:
        return {clause.id: clause for clause in self.clauses}

    @functools.cached_property
    def _places_by_pointer(self) -> Mapping[str, Place]:
        return {place.pointer: place for place in self.places}
