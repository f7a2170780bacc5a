"""Turns the model into plain JSON values and back: for the file of a result, and for the way from worker to controller."""

from __future__ import annotations

import enum
import functools
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import cattrs

__all__ = ["decode", "encode"]

_Data = TypeVar("_Data")


def encode(value: Any) -> Any:
    """Return frozen data of ours as objects, arrays and plain values, as a JSON parser would give them."""
    return _converter().unstructure(value)


def decode(form: type[_Data], plain: Any) -> _Data:
    """Return the data that `encode` made plain.

    It trusts its argument: what comes from outside is compared with its JSON Schema first.
    """
    return _converter().structure(plain, form)


@functools.cache
def _converter() -> cattrs.Converter:
    import cattrs  # a run in one process that writes no result does without

    converter = cattrs.Converter(detailed_validation=False, unstruct_collection_overrides={tuple: list})
    # cattrs takes a member of a StrEnum for a text, which it is; but not every reader of plain data takes it for one.
    converter.register_unstructure_hook(enum.StrEnum, lambda member: member.value)
    return converter
