"""Keeps keys out of everything but requests: a wrapper that does not print itself, and removal by value."""

from __future__ import annotations

import base64
import functools
import logging
import urllib.parse
from collections.abc import Iterable, Mapping

__all__ = ["Redactor", "Secret", "guard_logs"]

_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")


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
    """Replaces keys, in plain, URL-encoded and base64 form, by the names of their variables."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        forms: dict[str, str] = {}
        for secret in secrets:
            for form in _forms(secret.reveal()):
                forms.setdefault(form, f"${secret.variable}")
        # The longest first, so that a key which starts with another one is not cut in two.
        self._forms: Mapping[str, str] = dict(sorted(forms.items(), key=lambda item: -len(item[0])))

    def text(self, text: str) -> str:
        """The text without keys."""
        for form, name in self._forms.items():
            if form in text:
                text = text.replace(form, name)
        return text

    def holds(self, text: str) -> bool:
        """Whether a key stands in the text, in any form."""
        return any(form in text for form in self._forms)


@functools.cache
def _forms(value: str) -> tuple[str, ...]:
    forms = {value, urllib.parse.quote(value, safe=""), urllib.parse.quote_plus(value)}
    # Base64 of a text that contains the key depends on the key's offset modulo 3; the characters that the
    # neighbours do not touch are the same whatever stands before and after.
    for offset in range(3):
        padded = b"\0" * offset + value.encode()
        whole = len(padded) // 3 * 4
        start = -(-offset * 8 // 6)
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            forms.add(encode(padded).decode()[start:whole].rstrip("="))
    return tuple(form for form in forms if len(form) >= 6)


class _LogFilter(logging.Filter):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites the record in place; every record passes."""
        record.msg, record.args = self._redactor.text(record.getMessage()), None
        return True


def guard_logs(redactor: Redactor) -> None:
    """Removes keys from what the HTTP libraries log: at debug level they log response headers."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        for old in [found for found in logger.filters if isinstance(found, _LogFilter)]:
            logger.removeFilter(old)
        logger.addFilter(_LogFilter(redactor))
