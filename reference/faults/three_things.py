"""Faults of three things that meet: a check is skipped when one thing is present and another is not."""

from __future__ import annotations

import functools
from typing import Any

from ..definitions import Field, Relationship
from ..pipeline import Pipeline
from ..steps import Call
from .fault import Feature, breaks, is_field, is_link
from .interactions import ALL, Skipping

__all__: list[str] = []

_BY_NAME = {feature.name: feature for feature in ALL}


def _without(present: str, absent: str) -> Feature:
    one, other = _BY_NAME[present], _BY_NAME[absent]
    words = f"{one.words} and not {other.words}"
    return Feature(f"{present}-without-{absent}", words, functools.partial(_is_without, one, other))


def _is_without(one: Feature, other: Feature, server: Pipeline, call: Call) -> bool:
    return one.present(server, call) and not other.present(server, call)


_PAIRS = [
    _without("custom-attribute", "other-caller"),
    _without("key", "custom-relationship"),
    _without("other-caller", "key"),
    _without("custom-relationship", "optional"),
    _without("optional", "custom-relationship"),
]


@breaks("required:{place}", where=is_field, beside=tuple(_PAIRS), deep=True)
class RequiredOfThree(Skipping):
    """The required {place} may be left out."""

    def check_field_required(self, field: Field) -> None:
        if not self.skips(field.key):
            super().check_field_required(field)


@breaks("read-only:{place}", where=is_link, beside=tuple(_PAIRS), deep=True)
class ReadOnlyOfThree(Skipping):
    """The read-only {place} can be set."""

    def check_read_only_relationship(self, relationship: Relationship, value: Any) -> None:
        if not self.skips(relationship.key):
            super().check_read_only_relationship(relationship, value)


@breaks("type:{place}", where=is_link, first=True, beside=tuple(_PAIRS), deep=True)
class LinkTypeOfThree(Skipping):
    """{place} takes a value of any JSON type."""

    def check_link_type(self, relationship: Relationship, value: Any) -> None:
        if not self.skips(relationship.key):
            super().check_link_type(relationship, value)


@breaks("unknown:field", beside=tuple(_PAIRS), deep=True)
class UnknownFieldOfThree(Skipping):
    """A field that no definition lists is ignored."""

    def check_unknown_field(self, call: Call, key: str) -> None:
        if not self.skips():
            super().check_unknown_field(call, key)


@breaks("link:unknown", beside=tuple(_PAIRS), deep=True)
class LinkExistsOfThree(Skipping):
    """An ID that names nothing is accepted."""

    def check_unknown_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        if self.store.find_anywhere(record_id) is not None or not self.skips():
            super().check_unknown_target(call, relationship, record_id)
