"""A form in which a result is written to a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from .model import Result

__all__ = ["Format"]


@dataclasses.dataclass(frozen=True)
class Format:
    """One form of report.

    A module of `formats` that holds one as `FORMAT` registers it: nothing else has to be touched.

    Attributes:
        name: what a user asks for.
        file: the name of the file that is written.
        render: makes the text of a result; it touches no file.
        render_more: makes the texts of further files, by their names in the folder; None for a form of one file.
    """

    name: str
    file: str
    render: Callable[[Result], str]
    render_more: Callable[[Result], Mapping[str, str]] | None = None
