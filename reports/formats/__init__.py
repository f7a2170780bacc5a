"""The forms in which a result can be written: each module here that has a `FORMAT` is one of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Final

from ..format import Format

__all__ = ["FORMATS"]


def _find() -> Iterator[Format]:
    for found in pkgutil.iter_modules(__path__):
        form = getattr(importlib.import_module(f"{__name__}.{found.name}"), "FORMAT", None)
        if isinstance(form, Format):
            yield form


FORMATS: Final[Mapping[str, Format]] = {form.name: form for form in sorted(_find(), key=lambda form: form.name)}
"""By the name that a user asks for."""
