"""What a permitted variation is: a class that overrides a step in a way that the contract leaves open.

Adding a variation is adding one class to the module of its subject: `@permitted` names what varies and how, the docstring
says what such a server does.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from ..catalogue import declarations
from ..pipeline import Pipeline

__all__ = ["Variation", "VariationInfo", "permitted", "variations"]


class Variation(Pipeline):
    """A pipeline with a step that works in another way.

    Attributes:
        declaration: what `@permitted` says about the class.
    """

    declaration: ClassVar[VariationInfo | None] = None


@dataclasses.dataclass(frozen=True)
class VariationInfo:
    """One way of doing one thing.

    Attributes:
        factor, level: what varies, and how; together they are its name.
        statement: what such a server does, in one sentence.
        configured: attributes of the server's `Configuration` that are not as usual.
        endpoint_only: whether it conforms to the endpoint's reference page, but not to the vendor's other pages.
        rare: whether a suite sees much less of such a server, so that it is not combined with everything.
    """

    factor: str
    level: str
    statement: str
    pipeline: type[Variation]
    configured: Mapping[str, Any]
    endpoint_only: bool
    rare: bool


_Class = TypeVar("_Class", bound=type[Variation])


def permitted(
    factor: str,
    level: str,
    *,
    configured: Mapping[str, Any] | None = None,
    endpoint_only: bool = False,
    rare: bool = False,
) -> Callable[[_Class], _Class]:
    """Enter a class in the list, as one way of doing what `factor` names.

    Args:
        level: the name of the way; the reference's own way is `usual` and is none of them.
        configured, endpoint_only, rare: as in `VariationInfo`; what is endpoint-only is rare too.
    """

    def declare(pipeline: _Class) -> _Class:
        statement = pipeline.__doc__ or ""
        pipeline.declaration = VariationInfo(
            factor, level, statement, pipeline, configured or {}, endpoint_only, rare or endpoint_only
        )
        return pipeline

    return declare


@functools.cache
def variations() -> Mapping[str, Mapping[str, VariationInfo]]:
    """Return all variations, by factor and level."""
    found: dict[str, dict[str, VariationInfo]] = {}
    for declared in declarations(__package__, VariationInfo):
        found.setdefault(declared.factor, {})[declared.level] = declared
    return found
