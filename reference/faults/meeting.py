"""Faults of what meets in one body: a value or a link is lost or altered beside another one, and in no other body."""

from __future__ import annotations

from typing import Any

from ...spec import Place
from ..definitions import Field, Relationship
from ..idempotency import KEY_HEADER
from ..steps import Call
from .fault import Fault, breaks, is_link

__all__: list[str] = []

_LONG = 100
"""Characters from which a key counts as long."""


def _is_optional_link(place: Place) -> bool:
    return is_link(place) and not place.required


@breaks("operation:create", also=("refusal:no-5xx",))
class NullBesideObjectCrashes(Fault):
    """A custom attribute that is null beside one that is an object is answered with a 500."""

    def keep_fields(self, call: Call) -> dict[str, Any]:
        kept = super().keep_fields(call)
        sent = [value for key, value in call.sent_values.items() if not call.resource.fields[key].system]
        if None in sent and any(isinstance(value, dict) for value in sent):
            raise RuntimeError
        return kept


@breaks("custom:TEXT")
class NullDropsTexts(Fault):
    """Custom texts are lost beside a custom number that is null."""

    def keep_fields(self, call: Call) -> dict[str, Any]:
        kept, fields = super().keep_fields(call), call.resource.fields
        empty = any(value is None and fields[key].value_type == "NUMBER" for key, value in call.sent_values.items())
        return {key: None if empty and self.is_text(fields[key]) else value for key, value in kept.items()}

    def is_text(self, field: Field) -> bool:
        """Return whether it is a custom text."""
        return field.value_type == "TEXT" and not field.system


class _Links(Fault):
    """Stores other links than those sent at the place that it is about."""

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        kept = super().keep_links(call)
        if kept.get(self.key):
            kept[self.key] = self.change(call, kept)
        return kept

    def change(self, call: Call, kept: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Return what is stored at the place instead."""
        raise NotImplementedError

    def others(self, call: Call, kept: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Return what is stored at other places that link to the same type."""
        known = call.resource.relationships
        alike = [key for key, each in known.items() if each.object_type == known[self.key].object_type]
        return [kept[key] for key in alike if key != self.key and kept.get(key)]


@breaks("echo:{place}", where=_is_optional_link)
class LinkOfAnotherPlace(_Links):
    """{place} is given the IDs of another relationship to the same type of object, where the body has one."""

    def change(self, call: Call, kept: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        return next(iter(self.others(call, kept)), kept[self.key])


@breaks("echo:{place}", where=_is_optional_link)
class LinkOfEqualIdLost(_Links):
    """{place} is lost when another relationship of the body has the same ID."""

    def change(self, call: Call, kept: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        known = {record_id for ids in self.others(call, kept) for record_id in ids}
        return tuple(record_id for record_id in kept[self.key] if record_id not in known)


@breaks("echo:{place}", where=_is_optional_link, first=True)
class LongKeyDropsLink(_Links):
    """{place} is lost under a key of more than 100 characters."""

    def change(self, call: Call, kept: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        return () if len(call.headers.get(KEY_HEADER, "")) > _LONG else kept[self.key]


@breaks("link:custom")
class ThirdLinkLost(Fault):
    """Of an array of IDs at a custom relationship two are stored."""

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        named = {place.key for place in call.operation.places}
        return {key: ids if key in named else ids[:2] for key, ids in super().keep_links(call).items()}


@breaks("link:unknown")
class ThirdLinkUnchecked(Fault):
    """Of an array of IDs the first two are looked up."""

    def check_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        sent = call.sent_links.get(relationship.key)
        if not isinstance(sent, list) or record_id in sent[:2]:
            super().check_target(call, relationship, record_id)


@breaks("link:unknown")
class LastLinkChecked(Fault):
    """Of an array of IDs the last one is looked up."""

    def check_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        sent = call.sent_links.get(relationship.key)
        if not isinstance(sent, list) or record_id == sent[-1]:
            super().check_target(call, relationship, record_id)


@breaks("success:unsent")
class ValuesLeftOver(Fault):
    """Custom attributes that a create does not set have the values of the create before it."""

    def prepare(self) -> None:
        super().prepare()
        self._before: dict[str, dict[str, Any]] = {}

    def keep_fields(self, call: Call) -> dict[str, Any]:
        kept, fields = super().keep_fields(call), call.resource.fields
        custom = {key: value for key, value in kept.items() if not fields[key].system}
        found = {**self._before.get(call.organization.id, {}), **kept}
        self._before[call.organization.id] = custom
        return found
