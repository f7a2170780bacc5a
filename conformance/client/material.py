"""The bodies that a client is asked to send: from the fragment and the reference's sample organization."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from typing import Any

from ...reference import Kind, Organization, sample_store
from ...spec import Contract

__all__ = ["TEXTS", "Material"]

TEXTS = (
    'quotes " and \\ back\\slashes, </script> & <b>, %20 + \u2028 \u2029 \u0085 \t \n',
    "\U0001f680 \u200d \U00020bb7 e\u0301 \u00e9 \u212b \ufb01 \u05d0\u05d1 \ufeff\u00a0end",
    "  two spaces before and after, İıSSß  ",
)
"""Texts that get lost in encoders, normalizers, trimmers and changers of case."""
_NUMBERS = (9007199254740991, 0.07, 1234567.89, -0.5, 0, 16777217)
_KEYS = ("snake_case", "camelCase", "kebab-case", "UPPER_Case9", "__edge__", "$dollar", "with space", "dotted.name", "größe")
"""Bare slugs in styles that a client might be tempted to convert."""


class Material:
    """Bodies by name; each carries a text of its own, drawn from the seed.

    Args:
        seed: of the texts; the same seed makes the same bodies.
    """

    def __init__(self, contract: Contract, seed: int = 0) -> None:
        self._contract = contract
        self._seed = seed
        store = sample_store(contract, 0.0)
        self._organization: Organization = next(iter(store.organizations.values()))
        self._kind: Kind = self._organization.kinds[contract.collection.object_type]

    def body(self, name: str, label: str) -> dict[str, Any]:
        """A body: smallest, rich, texts, numbers, nulls, links or keys.

        Args:
            label: what to draw its text by, such as the scenario and the number of the operation.
        """
        body = self._smallest(random.Random(f"{self._seed} {label}").getrandbits(40))  # noqa: S311 - no secret
        made: dict[str, Any] = getattr(self, f"_{name}")(copy.deepcopy(body)) if name != "smallest" else body
        return made

    @property
    def number_place(self) -> str:
        """The JSON Pointer of a number that a body may hold; "" where the fragment has no number."""
        return next((f"/fields/{key}" for key, _ in self._custom("NUMBER", "CURRENCY")), "")

    def _smallest(self, number: int) -> dict[str, Any]:
        fields = {key: self._value(field, number) for key, field in self._kind.fields.items() if field.required}
        links = {
            key: self._ids(relationship.object_type)[0]
            for key, relationship in self._kind.relationships.items()
            if relationship.required
        }
        groups = {"fields": fields, "relationships": links}
        return {name: groups[name] for name in self._kind.members if name in groups}

    def _rich(self, body: dict[str, Any]) -> dict[str, Any]:
        body["fields"] |= {key: self._value(field, 7) for key, field in self._custom()}
        return self._links(body)

    def _texts(self, body: dict[str, Any]) -> dict[str, Any]:
        places = (key for key, _ in self._custom("TEXT", "MARKDOWN", "HTML"))
        body["fields"] |= dict(zip(places, TEXTS, strict=False))
        required = next(
            (key for key, field in self._kind.fields.items() if field.required and field.value_type == "TEXT"), ""
        )
        return {**body, "fields": {**body["fields"], required: " ".join(TEXTS)}} if required else body

    def _numbers(self, body: dict[str, Any]) -> dict[str, Any]:
        body["fields"] |= {f"number-{place}": number for place, number in enumerate(_NUMBERS)}
        return body

    def _nulls(self, body: dict[str, Any]) -> dict[str, Any]:
        body["fields"] |= dict.fromkeys([key for key, _ in self._custom()][:3])
        return body

    def _links(self, body: dict[str, Any]) -> dict[str, Any]:
        """Every optional relationship: one ID, an array of one, an array of several, in turn."""
        if "relationships" not in body:
            return body
        writable = [item for item in self._kind.relationships.items() if not item[1].read_only and not item[1].required]
        for place, (key, relationship) in enumerate(writable):
            ids = list(self._ids(relationship.object_type))
            several = ids[:2] if relationship.cardinality == "has_many" else ids[:1]
            if ids:
                body["relationships"][key] = (ids[0], several)[place % 2] if several == ids[:1] else several
        return body

    def _keys(self, body: dict[str, Any]) -> dict[str, Any]:
        body["fields"] |= {key: key for key in _KEYS}
        return body

    def _number(self, body: dict[str, Any]) -> dict[str, Any]:
        body["fields"] |= {key: 1.5 for key, _ in self._custom("NUMBER", "CURRENCY")}
        return body

    def _custom(self, *types: str) -> Iterator[tuple[str, Any]]:
        for key, field in self._kind.fields.items():
            if not field.system and not field.read_only and (not types or field.value_type in types):
                yield key, field

    def _ids(self, object_type: str) -> list[str]:
        return [record.id for record in self._organization.of_type(object_type)]

    def _value(self, field: Any, number: int) -> Any:
        options = [option.id for option in field.options]
        made: Mapping[str, Any] = {
            "SINGLE_SELECT": options[0] if options else None,
            "MULTI_SELECT": options[:2],
            "NUMBER": 12.25,
            "CURRENCY": 990,
            "CHECKBOX": False,
            "DATETIME": "2026-03-01T09:30:00Z",
            "EMAIL": "ada@lightfield.example",
            "URL": "https://lightfield.example/a?b=c&d=e",
            "TELEPHONE": ["+15550100"],
            "SOCIAL_HANDLE": "https://x.com/lightfield",
            "ADDRESS": {"street": "1 High St", "city": "Leeds", "country": "GB"},
            "FULL_NAME": {"firstName": "Ada", "lastName": "Quill"},
        }
        return made.get(field.value_type, f"Opportunity {number:x}")
