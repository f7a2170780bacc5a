"""Finds what the modules of a package declare, so that a fault or a variation is listed because it is written."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import TypeVar

__all__ = ["declarations"]

_Declaration = TypeVar("_Declaration")


def declarations(package: str, kind: type[_Declaration]) -> Iterator[_Declaration]:
    """Yield the `declaration` of each class that has one of its own, module by module, in the order of the text.

    A module holds its classes by name, or in a tuple where they are made of the rows of a table.
    """
    paths = importlib.import_module(package).__path__
    names = sorted(module.name for module in pkgutil.iter_modules(paths))
    for module in [importlib.import_module(f"{package}.{name}") for name in names]:
        for value in vars(module).values():
            own = value if isinstance(value, tuple) else (value,) if _is_defined_in(value, module.__name__) else ()
            declared = (vars(each).get("declaration") for each in own if isinstance(each, type))
            yield from (each for each in declared if isinstance(each, kind))


def _is_defined_in(value: object, module: str) -> bool:
    return isinstance(value, type) and value.__module__ == module
