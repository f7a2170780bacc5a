"""Ways of sending a request that change nothing of what it says: each has to be taken (RFC 9110, 9112, 6750, 8259)."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .callers import Caller
from .coverage import covering_rows
from .depth import Depth

__all__ = ["AGAIN", "BY_ANOTHER", "CARRYING", "CHUNKED", "KEYED", "PLAINLY", "REPEATED", "Spelling", "enumerate_ways"]

KEYED: Final = "with an Idempotency-Key"
BY_ANOTHER: Final = "by another caller"
"""The words that breaches have for the same."""
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "names": {"as documented": "", "lower": "with header names in small letters", "upper": "with header names in capitals"},
    "scheme": {"Bearer": "", "bearer": "with the scheme spelled bearer", "BEARER": "with the scheme spelled BEARER"},
    "media_type": {
        "{}": "",
        "{}; charset=utf-8": "with a charset in the media type",
        '{};charset="UTF-8"': "with a quoted charset in the media type",
        "upper": "with the media type in capitals",
    },
    "form": {
        "plain": "",
        "compact": "with JSON that has no white space",
        "indented": "with JSON on several lines, its members in another order",
        "escaped": "with JSON whose letters are escapes and whose fractions have exponents",
        "lines": "with JSON on several lines",
        "reordered": "with JSON whose members are in another order",
        "escapes": "with JSON whose letters are escapes",
        "exponents": "with JSON whose fractions have exponents",
    },
    "framing": {"length": "", "chunked": "with Transfer-Encoding: chunked"},
    "key": {"none": "", "fresh": KEYED},
    "caller": {"main": "", "other": BY_ANOTHER},
    "body": {"smallest": "", "full": "with everything set"},
}
"""By factor, its levels, the plain one first, and the words by which a finding names each."""
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {"indented": ("lines", "reordered"), "escaped": ("escapes", "exponents")}
"""Of a level that is two things, each by itself: what shows with one alone is shown with that one."""


@dataclasses.dataclass(frozen=True)
class Spelling:
    """A way of sending a request; what is left out is as plain requests have it.

    Attributes:
        names: how the names of the headers are spelled.
        scheme: how that of the credentials is spelled.
        media_type: a pattern for the operation's own, or `upper`.
        form: how the JSON text is written.
        framing: whether the body has a length, or comes in chunks.
        key: whether it has an idempotency key of its own.
        caller: whether the main caller sends it, or another one that may create.
        body: whether it holds what it must, or all that it can.
    """

    names: str = "as documented"
    scheme: str = "Bearer"
    media_type: str = "{}"
    form: str = "plain"
    framing: str = "length"
    key: str = "none"
    caller: str = "main"
    body: str = "smallest"

    @property
    def words(self) -> tuple[str, ...]:
        """What is not plain about it."""
        return tuple(word for name, levels in _WORDS.items() if (word := levels[getattr(self, name)]))

    @property
    def plainer(self) -> Iterator[Spelling]:
        """The ways that have one thing less that is not plain, or half of one."""
        for name, levels in _WORDS.items():
            if levels[level := getattr(self, name)]:
                for plainer in (next(iter(levels)), *_PARTS.get(level, ())):
                    yield dataclasses.replace(self, **{name: plainer})

    def header_name(self, name: str) -> str:
        """Return a header's name as it is spelled here."""
        if self.names == "lower":
            return name.lower()
        return name.upper() if self.names == "upper" else name

    def content_type(self, media_type: str) -> str:
        """Return the operation's media type as it is spelled here."""
        return media_type.upper() if self.media_type == "upper" else self.media_type.format(media_type)

    def write(self, content: bytes) -> bytes:
        """Return a JSON text with the same value."""
        if self.form == "plain":
            return content
        value = json.loads(content)
        text = json.dumps(
            _reversed(value) if self.form in ("indented", "reordered") else value,
            ensure_ascii=self.form in ("escaped", "escapes"),
            separators=(",", ":") if self.form == "compact" else None,
            indent=3 if self.form in ("indented", "lines") else None,
        )
        text = _scientific(text) if self.form in ("escaped", "exponents") else text
        if self.form in ("escaped", "escapes"):
            # Each quote that opens a text is followed by its first letter; writing it as an escape changes nothing.
            text = re.sub(r'"([A-Za-z])', lambda found: f'"\\u{ord(found[1]):04x}', text)
        return text.encode("utf-8", "surrogatepass")


PLAINLY: Final = Spelling()
"""As every client library sends it."""


CARRYING: Final = (
    Spelling(names="upper", scheme="BEARER", media_type="upper", form="escaped", framing="chunked"),
    Spelling(names="lower", media_type="{}; charset=utf-8", form="indented"),
    Spelling(media_type='{};charset="UTF-8"', form="compact"),
)
"""As creates are sent that carry values, at every depth: all that there is to the writing of a request occurs."""


CHUNKED: Final = tuple(dataclasses.replace(way, framing="chunked") for way in CARRYING)
"""As breaches are written that are not written plainly, in turn: a check that looks at the length of a body is left out."""


AGAIN: Final = Spelling(names="lower", media_type="{}; charset=utf-8", framing="chunked")
"""As the first repeat of a create is sent, which has another form as well."""

REPEATED: Final[Mapping[str, tuple[Spelling, ...]]] = {
    "headers": (
        Spelling(names="lower", scheme="bearer", framing="chunked"),
        Spelling(names="upper", media_type="{}; charset=utf-8"),
    ),
    "compact": (Spelling(form="compact"),),
    "escaped": (Spelling(form="escaped"),),
}
"""By what is not plain, as repeats are sent of a create that was sent plainly: each form of the JSON by itself."""


def enumerate_ways(
    depth: Depth = Depth.STANDARD, caller: Caller = Caller.MAIN, *, keyed: bool = True
) -> tuple[Spelling, ...]:
    """Return ways in which every pair of levels of two factors occurs; none at smoke depth, which has those of `CARRYING`.

    Args:
        caller: who else may create; without anyone every way is the main caller's.
        keyed: whether the operation takes an idempotency key.
    """
    parts = {part for halves in _PARTS.values() for part in halves}
    levels = {name: tuple(level for level in found if level not in parts) for name, found in _WORDS.items()}
    levels |= {} if keyed else {"key": ("none",)}
    levels |= {"caller": ("main",)} if caller is Caller.MAIN else {}
    if depth is Depth.SMOKE:
        return ()
    return tuple(way for row in covering_rows(levels, 2) if (way := Spelling(**row)) != PLAINLY)


def _scientific(text: str) -> str:
    """The JSON text with an exponent at each fraction outside of strings that has none; it stays the same number."""
    return re.sub(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*', _with_exponent, text)


def _with_exponent(found: re.Match[str]) -> str:
    """Only a fraction gets one: with an exponent a whole number is none to many parsers, which may then see another body."""
    is_fraction = "." in found[0] and not found[0].startswith('"')
    return f"{found[0]}e0" if is_fraction and "e" not in found[0] else found[0]


def _reversed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _reversed(member) for key, member in reversed(list(value.items()))}
    return value
