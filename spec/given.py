"""What a user gave: show it in a message, and read a file that it names; a mistake in it is one sentence."""

from __future__ import annotations

import codecs
import difflib
import stat
from collections.abc import Collection
from pathlib import Path

from .errors import UsageError

__all__ = ["current_folder", "did_you_mean", "names_near", "quote", "read_given_file", "show"]

_LONGEST = 100
_HOLDS = 3
"""Characters from which on a name is looked for inside others."""


def quote(text: str) -> str:
    """Return a text in quotes, on one line, and not too long to stand in a message."""
    shown = repr(text[:_LONGEST])
    return shown if len(text) <= _LONGEST else f"{shown} and {len(text) - _LONGEST} characters more"


def show(path: str | Path) -> str:
    """Return a path as it is, in quotes where it is empty, long, or not all to be seen."""
    text = str(path)
    plain = text.isprintable() and text == text.strip() and 0 < len(text) <= _LONGEST
    return text if plain else quote(text)


def current_folder() -> Path:
    """Return the folder that the user is in.

    Raises:
        UsageError: it is gone.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise UsageError(f"the current folder cannot be used ({error.strerror}): change to one that exists") from error


def read_given_file(path: str | Path, remedy: str) -> str:
    """Return the text of a file that a user named, without a byte order mark, each line ended by a line feed alone.

    Args:
        remedy: what the user is to do when it cannot be read, as the end of a sentence.

    Raises:
        UsageError: it cannot be read, or is not text.
    """
    try:
        # A pipe without a writer would be waited for without an end.
        if not stat.S_ISREG(Path(path).stat().st_mode):
            raise UsageError(f"{show(path)} cannot be read: it is not a file; {remedy}")
        content = Path(path).read_bytes()
        # As PowerShell and some editors on Windows write.
        wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except OSError as error:
        raise UsageError(f"{show(path)} cannot be read: {error.strerror}; {remedy}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{show(path)} cannot be read: it is not text in UTF-8; {remedy}") from error
    except ValueError as error:
        raise UsageError(f"{show(path)} cannot be read: no file has such a name; {remedy}") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def did_you_mean(name: str, known: Collection[str], most: int = 1, *, otherwise: str = "") -> str:
    """Return the end of a sentence about a name that is not known.

    Args:
        known: the names that are; those that begin with the name count as near, else those that hold it, else those that
            are spelled like it.
        most: how many to give.
        otherwise: what to say where none is near.
    """
    begin = [each for each in known if name and each.startswith(name)]
    near = begin or [each for each in known if len(name) >= _HOLDS and name in each]
    near = near[:most] or names_near(name, known, most)
    return f"; did you mean {', '.join(near)}?" if near else otherwise and f"; {otherwise}"


def names_near(name: str, known: Collection[str], most: int = 1, *, alike: float = 0.6) -> list[str]:
    """Return the known names that are spelled like one that is not known, the nearest first.

    Args:
        alike: how much alike they have to be, from 0 to 1.
    """
    return difflib.get_close_matches(name, known, n=most, cutoff=alike)
