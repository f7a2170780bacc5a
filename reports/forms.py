"""Writes a result in the forms that a user asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from .formats import FORMATS
from .model import Result

__all__ = ["FORMS", "write_reports"]

FORMS: Final[Mapping[str, str]] = {name: form.file for name, form in FORMATS.items()}
"""File names by form."""


def write_reports(result: Result, forms: tuple[str, ...], folder: Path) -> tuple[Path, ...]:
    """Write the reports into a folder, which is made where it is missing, and return their paths.

    Raises:
        OSError: the folder or a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for form in forms:
        (folder / FORMS[form]).write_text(FORMATS[form].render(result), "utf-8")
    return tuple(folder / FORMS[form] for form in forms)
