"""Finds what the modules of a package declare, so that a fault or a variation is listed because it is written."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import TypeVar

__all__ = ["declarations"]

_Declaration = TypeVar("_Declaration")


def declarations(package: str, kind: type[_Declaration]) -> Iterator[_Declaration]:
    """Yield the `declaration` of each class that has one of its own, module by module, in the order of the text."""
    paths = importlib.import_module(package).__path__
    names = sorted(module.name for module in pkgutil.iter_modules(paths))
    for module in [importlib.import_module(f"{package}.{name}") for name in names]:
        for value in vars(module).values():
            declared = vars(value).get("declaration") if isinstance(value, type) else None
            if isinstance(declared, kind) and value.__module__ == module.__name__:
                yield declared
