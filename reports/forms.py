"""Which forms a report can be written in, and under which file names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from .ctrf import render_ctrf
from .files import try_writing, write_files
from .har import render_har
from .junit import render_junit
from .markdown import render_markdown
from .model import Result
from .page import render_html
from .result_file import render_json

__all__ = ["FORMS", "try_reports", "write_reports"]

FORMS: Mapping[str, str] = {
    "json": "result.json",
    "html": "report.html",
    "junit": "junit.xml",
    "markdown": "summary.md",
    "ctrf": "ctrf.json",
    "har": "exchanges.har",
}
"""File names by form."""


def write_reports(result: Result, forms: tuple[str, ...], folder: Path) -> tuple[Path, ...]:
    """Write the reports into a folder, which is made where it is missing, and return their paths.

    Raises:
        OSError: the folder or a file cannot be written; what stood there before is whole.
    """
    texts = {folder / FORMS[form]: _RENDERERS[form](result) for form in forms}
    write_files(texts)
    return tuple(texts)


def try_reports(forms: tuple[str, ...], folder: Path) -> None:
    """Try what `write_reports` would do, and leave nothing behind.

    Raises:
        OSError: the folder or a file could not be written.
    """
    try_writing([folder / FORMS[form] for form in forms])


_RENDERERS: Mapping[str, Callable[[Result], str]] = {
    "json": render_json,
    "html": render_html,
    "junit": render_junit,
    "markdown": render_markdown,
    "ctrf": render_ctrf,
    "har": render_har,
}
