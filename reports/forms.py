"""Writes a result in the forms that a user asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from .files import try_writing, write_files
from .formats import FORMATS
from .model import Result

__all__ = ["FORMS", "try_reports", "write_reports"]

FORMS: Final[Mapping[str, str]] = {name: form.file for name, form in FORMATS.items()}
"""File names by form."""


def write_reports(result: Result, forms: tuple[str, ...], folder: Path) -> tuple[Path, ...]:
    """Write the reports into a folder, which is made where it is missing, and return the path of each form's own file.

    Raises:
        OSError: the folder or a file cannot be written; what stood there before is whole.
    """
    texts = {folder / FORMS[form]: FORMATS[form].render(result) for form in forms}
    further = [more(result) for form in forms if (more := FORMATS[form].render_more)]
    write_files({**texts, **{folder / name: text for files in further for name, text in files.items()}})
    return tuple(texts)


def try_reports(forms: tuple[str, ...], folder: Path) -> None:
    """Try what `write_reports` would do, and leave nothing behind.

    Raises:
        OSError: the folder or a file could not be written.
    """
    try_writing([folder / FORMS[form] for form in forms])
