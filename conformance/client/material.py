"""The bodies that a client is asked to send: from the fragment and the reference's sample organization."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from ...reference.definitions import Field, Relationship, Resource
from ...reference.sample import sample_store
from ...reference.store import Organization
from ...spec import Contract, Role
from ...spec.pointer import set_at
from ...spec.profile import custom_pointer

__all__ = ["TEXTS", "ClientBodies"]

TEXTS = (
    'quotes " and \\ back\\slashes, </script> & <b>, %20 + \u2028 \u2029 \u0085 \t \n',
    "\U0001f680 \u200d \U00020bb7 e\u0301 \u00e9 \u212b \ufb01 \u05d0\u05d1 \ufeff\u00a0end",
    "  two spaces before and after, İıSSß  ",
)
"""Texts that get lost in encoders, normalizers, trimmers and changers of case."""
_NUMBERS = (9007199254740991, 0.07, 1234567.89, -0.5, 0, 16777217)
_KEYS = ("snake_case", "camelCase", "kebab-case", "UPPER_Case9", "__edge__", "$dollar", "with space", "dotted.name", "größe")
"""Bare slugs in styles that a client might be tempted to convert."""


class ClientBodies:
    """Bodies by name; each carries a text of its own, drawn from the seed.

    Args:
        seed: of the texts; the same seed makes the same bodies.
    """

    def __init__(self, contract: Contract, seed: int = 0) -> None:
        self._contract = contract
        self._seed = seed
        store = sample_store(contract, 0.0)
        self._organization: Organization = next(iter(store.organizations.values()))
        self._resource: Resource = self._organization.resources[contract.collection.object_type]

    def body(self, name: str, label: str) -> dict[str, Any]:
        """A body: smallest, rich, texts, numbers, nulls, links or keys.

        Args:
            label: what to draw its text by, such as the scenario and the number of the operation.
        """
        body = self._smallest(random.Random(f"{self._seed} {label}").getrandbits(40))  # noqa: S311 - no secret
        made: dict[str, Any] = getattr(self, f"_{name}")(body) if name != "smallest" else body
        return made

    @property
    def number_place(self) -> str:
        """The JSON Pointer of a number that a body may hold; "" where the fragment has no number."""
        return next((field.pointer for field in self._custom("NUMBER", "CURRENCY")), "")

    def _smallest(self, number: int) -> dict[str, Any]:
        body: dict[str, Any] = {}
        for place in self._resource.members.values():
            body = set_at(body, place.pointer, {}) if place.required and place.holds_places else body
        for field in self._resource.fields.values():
            body = set_at(body, field.pointer, self._value(field, number)) if field.required else body
        for link in self._resource.relationships.values():
            body = set_at(body, link.pointer, self._ids(link)[0]) if link.required else body
        return body

    def _rich(self, body: dict[str, Any]) -> dict[str, Any]:
        for field in self._custom():
            body = set_at(body, field.pointer, self._value(field, 7))
        return self._links(body)

    def _texts(self, body: dict[str, Any]) -> dict[str, Any]:
        for field, text in zip(self._custom("TEXT", "MARKDOWN", "HTML"), TEXTS, strict=False):
            body = set_at(body, field.pointer, text)
        place = self._contract.marker_place
        return set_at(body, place.pointer, " ".join(TEXTS)) if place is not None else body

    def _numbers(self, body: dict[str, Any]) -> dict[str, Any]:
        for place, number in enumerate(_NUMBERS):
            body = set_at(body, custom_pointer(Role.VALUE, f"number-{place}"), number)
        return body

    def _nulls(self, body: dict[str, Any]) -> dict[str, Any]:
        for field in list(self._custom())[:3]:
            body = set_at(body, field.pointer, None)
        return body

    def _links(self, body: dict[str, Any]) -> dict[str, Any]:
        """Every optional relationship: one ID, an array of one, an array of several, in turn."""
        links = [each for each in self._resource.relationships.values() if not each.read_only and not each.required]
        for place, link in enumerate(links):
            ids = self._ids(link)
            several = ids[:2] if link.cardinality == "has_many" else ids[:1]
            if ids:
                body = set_at(body, link.pointer, several if len(several) > 1 or place % 2 else ids[0])
        return body

    def _keys(self, body: dict[str, Any]) -> dict[str, Any]:
        for key in _KEYS:
            body = set_at(body, custom_pointer(Role.VALUE, key), key)
        return body

    def _number(self, body: dict[str, Any]) -> dict[str, Any]:
        return set_at(body, self.number_place, 1.5) if self.number_place else body

    def _custom(self, *types: str) -> Iterator[Field]:
        for field in self._resource.fields.values():
            if not field.system and not field.read_only and (not types or field.value_type in types):
                yield field

    def _ids(self, link: Relationship) -> list[str]:
        return [record.id for record in self._organization.of_type(link.object_type)]

    def _value(self, field: Field, number: int) -> Any:
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
