"""Make the clauses of one contract: the shared ones as they stand, and one for each place that a template selects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from . import profile
from .contract import Basis, Clause, Level, Need
from .errors import FragmentError
from .places import Place, Role
from .rules import Rule

__all__ = ["derive_clauses", "read_error_codes", "read_needs", "response_places"]


def read_needs(catalogue: Mapping[str, Any]) -> dict[str, Need]:
    """Return the needs that clauses may name."""
    return {name: Need(name, need["reason"], need["remedy"]) for name, need in catalogue["needs"].items()}


def read_error_codes(catalogue: Mapping[str, Any]) -> dict[Rule, tuple[str, ...]]:
    """Return, by rule, the codes that plainly fit it.

    Raises:
        FragmentError: a code is listed for something that is no rule.
    """
    unknown = sorted(set(catalogue["error-codes"]) - set(Rule))
    if unknown:
        raise FragmentError(f"clauses.yaml: error-codes: no rule is called {', '.join(unknown)}; see spec/rules.py")
    return {Rule(word): tuple(codes) for word, codes in catalogue["error-codes"].items()}


def derive_clauses(
    catalogue: Mapping[str, Any],
    needs: Mapping[str, Need],
    places: tuple[Place, ...],
    value_types: tuple[str, ...],
    response_schema: Mapping[str, Any],
) -> tuple[Clause, ...]:
    """Return all clauses of a contract, section by section.

    Raises:
        FragmentError: two clauses have one id, or a template has an unknown selector.
    """
    clauses = [_clause(row, needs, row["id"]) for row in catalogue["clauses"]]
    for template in catalogue["derived"]:
        subjects = _select(template["for"], places, value_types, response_schema)
        clauses += [_clause(template, needs, template["id"].format(place=name, type=name), name) for name in subjects]
    ids = [clause.id for clause in clauses]
    twice = sorted({clause_id for clause_id in ids if ids.count(clause_id) > 1})
    if twice:
        raise FragmentError(f"clauses.yaml: more than one clause has the id {', '.join(twice)}; ids are unique")
    sections = list(catalogue["sections"])
    return tuple(sorted(clauses, key=lambda clause: sections.index(clause.section)))


def response_places(schema: Mapping[str, Any], pointer: str = "") -> Iterator[str]:
    """Yield the JSON Pointer of each member that a success schema names; `*` stands for any key of a map."""
    for key, member in schema.get("properties", {}).items():
        yield f"{pointer}/{key}"
        yield from response_places(member, f"{pointer}/{key}")
    if isinstance(entries := schema.get("additionalProperties"), Mapping):
        yield from response_places(entries, f"{pointer}/*")


def _clause(row: Mapping[str, Any], needs: Mapping[str, Need], clause_id: str, subject: str | None = None) -> Clause:
    return Clause(
        id=clause_id,
        section=row["section"],
        level=Level(row["level"]),
        basis=Basis(row["basis"]),
        statement=row["statement"].format(place=subject, type=subject) if subject else row["statement"],
        source=row["source"],
        needs=tuple(needs[name] for name in row.get("needs", ())),
        place=subject if subject and subject.startswith("/") else None,
        rests_on=tuple(row.get("rests-on", ())),
    )


def _select(
    selector: str, places: tuple[Place, ...], value_types: tuple[str, ...], response_schema: Mapping[str, Any]
) -> Iterable[str]:
    writable = [place for place in places if not place.read_only]
    links = [place for place in writable if place.role is Role.LINK]
    chosen: dict[str, Iterable[Place]] = {
        "required": (place for place in places if place.required),
        "writable": writable,
        "read-only": (place for place in places if place.read_only),
        "optional": (place for place in links if not place.required),
        "relationship": links,
        "select": (place for place in writable if place.role is Role.OPTION),
        "echoed": (place for place in writable if profile.holds_values(place.parent) or profile.holds_links(place.parent)),
    }
    if selector == "custom":
        return value_types
    if selector == "response":
        return response_places(response_schema)
    if selector not in chosen:
        raise FragmentError(
            f"clauses.yaml: unknown selector {selector!r}; known are {', '.join([*chosen, 'custom', 'response'])}"
        )
    return (place.pointer for place in chosen[selector])
