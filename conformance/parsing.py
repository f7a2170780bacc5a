"""How the command line is read: what wrong usage ends with, and the numbers that an option takes."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import Any, NoReturn

__all__ = ["Parser", "count_above_0", "seconds_above_0", "seed_from_0"]

_LONGEST = 500
"""Characters of a mistake in the arguments that are shown."""


class Parser(argparse.ArgumentParser):
    """Ends with the status that the design gives to wrong usage, and takes no option by a part of its name."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **{**keywords, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        """Print the message on one line, and where more is said."""
        message += self._suggestion(message)
        shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in message[:_LONGEST])
        self.exit(4, f"{self.prog}: {shown}; see {self.prog} --help\n")

    def _suggestion(self, message: str) -> str:
        """What may have been meant by an option or a word that is none; "" for nothing near."""
        known = list(_words(self))
        if found := re.match(r"unrecognized arguments: (\S+)|argument [^:]+: invalid choice: '([^']*)'", message):
            from ..spec.given import did_you_mean

            word = (found[1] or found[2] or "").partition("=")[0]
            if word in known:
                return f"; {word} is an option of another command"
            return did_you_mean(word, known)
        return ""


def _words(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every option and choice of a parser and of its commands."""
    for action in parser._actions:
        yield from action.option_strings
        for choice in action.choices or ():
            yield str(choice)
            if isinstance(action.choices, dict):
                yield from _words(action.choices[choice])


def seconds_above_0(text: str) -> float:
    """Read a number of seconds."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds


def count_above_0(text: str) -> int:
    """Read how many of something."""
    if (count := _whole(text)) is None or count < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return count


def seed_from_0(text: str) -> int:
    """Read what is drawn from."""
    if (seed := _whole(text)) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number, 0 or more")
    return seed


def _whole(text: str) -> int | None:
    """The number that some digits are; None for any other text."""
    # Python reads no number of thousands of digits.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
