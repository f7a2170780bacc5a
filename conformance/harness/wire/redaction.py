"""Keeps keys out of everything but requests: a wrapper that does not print itself, and removal by value."""

from __future__ import annotations

import base64
import functools
import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping

__all__ = ["LOGGERS", "OWN_LOGGER", "Redactor", "Secret", "guard_logs"]

_SHORTEST = 6
"""Characters of a form below which a match would be chance."""
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|\\u00([0-9A-Fa-f]{2})|\\")
OWN_LOGGER = "lightfield_contract"
"""It has a line for each answer."""
LOGGERS = (OWN_LOGGER, *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))
"""All that tell of requests; those of the HTTP library log response headers at debug level."""


class Secret:
    """A key that never shows itself: `str`, `repr` and tracebacks give the name of its variable."""

    __slots__ = ("_value", "variable")

    def __init__(self, value: str, variable: str) -> None:
        self._value = value
        self.variable = variable

    def reveal(self) -> str:
        """The key itself, for the Authorization header and for finding it in what must not hold it."""
        return self._value

    def __repr__(self) -> str:
        return f"${self.variable}"


class Redactor:
    """Replaces secrets by the names of their variables: plain, URL-encoded, escaped as in JSON, and in base64.

    Args:
        headers: secrets that are too short to be looked for everywhere, by the name of the header beside which they are.
    """

    def __init__(self, secrets: Iterable[Secret], headers: Mapping[str, Secret] | None = None) -> None:
        self._beside = [(_beside(name, secret), f"${secret.variable}") for name, secret in (headers or {}).items()]
        self._secrets: tuple[Secret, ...] = ()
        self._lock = threading.Lock()
        self.learn(*secrets)

    def learn(self, *secrets: Secret) -> None:
        """Takes in more secrets: a key that was fetched in the middle of a run is hidden from then on."""
        with self._lock:
            self._secrets += secrets
            self._prepare()

    def _prepare(self) -> None:
        # The longest first, so that a key which starts with another one is not cut in two.
        ordered = sorted(self._secrets, key=lambda secret: -len(secret.reveal()))
        self._forms = [(secret, (secret.reveal(), *_base64_forms(secret.reveal()))) for secret in ordered]
        self._plain = [form for _, forms in self._forms for form in forms]
        self._bare = [_unescape(secret.reveal()) for secret in ordered]

    def text(self, text: str) -> str:
        """The text without keys."""
        for pattern, name in self._beside:
            text = pattern.sub(rf"\1{name}", text)
        if not self.holds(text):
            return text
        for secret, forms in self._forms:
            # A pattern takes longer to make than to use, and most runs need one or none.
            if _may_be_escaped(text) or any(form in text for form in forms):
                text = _pattern(secret.reveal()).sub(f"${secret.variable}".replace("\\", "\\\\"), text)
        return text

    def holds(self, text: str) -> bool:
        """Whether a key stands in the text, in any form."""
        # A loop, for a request and its answer are searched several times, and a generator would take twice as long.
        for form in self._plain:
            if form in text:
                return True
        # Only an escaped key needs the slow search, and every answer is searched: most are ruled out without it.
        if not _may_be_escaped(text):
            return False
        bare = _unescape(text)
        likely = any(key in bare for key in self._bare) or any("%" in key or "\\" in key for key in self._plain)
        return likely and any(_pattern(secret.reveal()).search(text) for secret, _ in self._forms)


def _may_be_escaped(text: str) -> bool:
    return "%" in text or "\\" in text


def _beside(name: str, secret: Secret) -> re.Pattern[str]:
    """Matches a header's name and its value, as texts and logs write them: `X-A: b`, `(b'x-a', b'b')`, `"X-A": "b"`."""
    return re.compile(rf"(\b{re.escape(name)}\b[\s:;=,'\"b]{{1,8}}){re.escape(secret.reveal())}", re.IGNORECASE)


@functools.cache
def _pattern(value: str) -> re.Pattern[str]:
    """Matches a key in every form: each character may be escaped by itself, as encoders do as they please."""
    spelled = "".join(
        rf"(?:%(?i:{ord(character):02x})|\\u00(?i:{ord(character):02x})|\\?{re.escape(character)})" for character in value
    )
    return re.compile("|".join([spelled, *map(re.escape, _base64_forms(value))]))


def _unescape(text: str) -> str:
    """The text with every escape that a key's pattern takes undone, so that an escaped key stands there plainly."""
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)) if found[1] or found[2] else "", text)


@functools.cache
def _base64_forms(value: str) -> list[str]:
    """What base64 of a text that contains the key contains, for each place of the key in it modulo 3.

    The characters that the neighbours do not touch are the same whatever stands before and after.
    """
    forms = set()
    for offset in range(3):
        padded = b"\0" * offset + value.encode()
        whole = len(padded) // 3 * 4
        start = -(-offset * 8 // 6)
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            forms.add(encode(padded).decode()[start:whole].rstrip("="))
    return sorted((form for form in forms if len(form) >= _SHORTEST), key=len, reverse=True)


class _LogFilter(logging.Filter):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites the record in place; every record passes."""
        record.msg, record.args = self._redactor.text(record.getMessage()), None
        return True


def guard_logs(redactor: Redactor) -> Callable[[], None]:
    """Remove keys from what the HTTP libraries log: at debug level they log response headers.

    Returns:
        What ends that; harmless when repeated.
    """
    guard = _LogFilter(redactor)
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addFilter(guard)

    def unguard() -> None:
        for logger in loggers:
            logger.removeFilter(guard)

    return unguard
