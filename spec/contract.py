"""The typed contract: plain frozen data, made by the loader, read by everybody."""

from __future__ import annotations

import dataclasses
import enum
import functools
from collections.abc import Mapping
from typing import Any

from .operations import Collection, Operation, Parameter
from .places import Place, Role
from .rules import Rule
from .validator import Validator

__all__ = ["Basis", "Clause", "Contract", "Level", "Need"]

_KEY_HEADER = "idempotency-key"
"""The name that the IETF draft of the header gives it, in lower case."""
_KEY_LENGTH = 255
"""Characters of a key that every target has to take where the fragment names no limit (docs, Idempotency)."""


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

    ENDPOINT = "endpoint"
    """The endpoint's own reference page."""
    DOCS = "docs"
    """The vendor's other public pages."""
    RFC = "rfc"
    """HTTP semantics, JSON, date-time, the Idempotency-Key draft."""

    def covers(self, other: Basis) -> bool:
        """Return whether a run that asks for this basis includes clauses of the other one."""
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
        rests_on: ids of clauses, or their beginnings up to the colon, without which this one cannot be judged by itself.
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
        """Return whether it rests on the clause of that id."""
        return clause_id != self.id and any(
            clause_id == name or (name.endswith(":") and clause_id.startswith(name)) for name in self.rests_on
        )

    @property
    def kind(self) -> str:
        """The part of the id before the colon: which rule, without its place."""
        return self.id.partition(":")[0]


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
        clauses: in the order in which they are listed and reported.
        sections: titles by key, in order.
        needs: by name.
        values: JSON Schema of the non-null value of each value type.
        error_schema: JSON Schema of a refusal's body, both forms.
        error_types: the error types that go with a status.
        codes: all codes of errors that the sources list.
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
    clauses: tuple[Clause, ...]
    sections: Mapping[str, str]
    needs: Mapping[str, Need]
    values: Mapping[str, Mapping[str, Any]]
    error_schema: Mapping[str, Any]
    error_types: Mapping[int, tuple[str, ...]]
    codes: tuple[str, ...]
    error_codes: Mapping[Rule, tuple[str, ...]]
    validate: Operation | None

    def clause(self, clause_id: str) -> Clause:
        """Return the clause of that id.

        Raises:
            KeyError: there is none.
        """
        return self._clauses_by_id[clause_id]

    def place(self, pointer: str) -> Place:
        """Return the place at that JSON Pointer.

        Raises:
            KeyError: the fragment does not name it.
        """
        return self._places_by_pointer[pointer]

    def find_place(self, pointer: str) -> Place | None:
        """Return the place at that JSON Pointer; None where the fragment does not name it."""
        return self._places_by_pointer.get(pointer)

    @property
    def places(self) -> tuple[Place, ...]:
        """The places of the create's body, groups first, in the fragment's order."""
        return self.create.places

    @functools.cached_property
    def value_places(self) -> tuple[Place, ...]:
        """The places that hold a value: texts, options and others, read-only ones included."""
        return tuple(place for place in self.places if place.holds_value)

    @functools.cached_property
    def link_places(self) -> tuple[Place, ...]:
        """The places that hold links, read-only ones included."""
        return tuple(place for place in self.places if place.role is Role.LINK)

    @functools.cached_property
    def group_places(self) -> tuple[Place, ...]:
        """The objects whose members are places."""
        return tuple(place for place in self.places if place.holds_places)

    @functools.cached_property
    def marker_place(self) -> Place | None:
        """The free text that carries a run's marker: a required one, else any; None if there is none."""
        texts = [place for place in self.places if place.role is Role.TEXT and not place.read_only]
        return next((place for place in texts if place.required), texts[0] if texts else None)

    @functools.cached_property
    def version_header(self) -> Parameter | None:
        """The required header whose value the fragment fixes."""
        return next((p for p in self.create.parameters if p.location == "header" and "const" in p.schema), None)

    @functools.cached_property
    def key_header(self) -> Parameter | None:
        """The header that carries an idempotency key; None where the create takes none."""
        headers = (p for p in self.create.parameters if p.location == "header")
        return next((p for p in headers if p.name.lower() == _KEY_HEADER), None)

    @functools.cached_property
    def key_length(self) -> int:
        """The greatest length of an idempotency key, in characters."""
        schema = self.key_header.schema if self.key_header else {}
        return int(schema.get("maxLength") or _KEY_LENGTH)

    def is_error(self, body: Any) -> bool:
        """Return whether a body has the form of an error."""
        return self._error_validator.is_valid(body)

    @functools.cached_property
    def _error_validator(self) -> Validator:
        return Validator(self.error_schema)

    @functools.cached_property
    def _clauses_by_id(self) -> Mapping[str, Clause]:
        return {clause.id: clause for clause in self.clauses}

    @functools.cached_property
    def _places_by_pointer(self) -> Mapping[str, Place]:
        return {place.pointer: place for place in self.places}
