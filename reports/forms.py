"""Which forms a report can be written in, and under which file names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from .ctrf import render_ctrf
from .har import render_har
from .junit import render_junit
from .markdown import render_markdown
from .model import Result
from .page import render_html
from .result_file import write_json

__all__ = ["FORMS", "write_reports"]

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
    """Writes the reports into a folder, which is made where it is missing, and returns their paths.

    Raises:
        OSError: the folder or a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for form in forms:
        path = folder / FORMS[form]
        if form == "json":
            write_json(result, path)
        else:
            path.write_text(_RENDERERS[form](result), "utf-8")
    return tuple(folder / FORMS[form] for form in forms)


_RENDERERS: Mapping[str, Callable[[Result], str]] = {
    "html": render_html,
    "junit": render_junit,
    "markdown": render_markdown,
    "ctrf": render_ctrf,
    "har": render_har,
}
