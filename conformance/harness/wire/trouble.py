"""Tells the target's own answers from what stands on the way to it: silence, gateways, proxies, login pages, redirects."""

from __future__ import annotations

import html
import re
import urllib.parse

from ....spec import error_form
from .exchange import MISSING, Exchange

__all__ = ["GATEWAY", "describe", "is_own_error", "is_page", "leads_to", "signature", "trouble"]

GATEWAY = frozenset({502, 503, 504, 511, *range(520, 531)})
"""Statuses of gateways, of networks that want a login (RFC 6585), and of a well-known CDN (520 and on)."""
_OWN_PAGES = (405, 429, 500, 501)
"""Statuses whose pages a server's framework writes by itself: a method that it does not know, too many requests, a crash."""
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_SHOWN = 60
_SIGNING = ("Server", "Via", "Proxy-Authenticate", "Retry-After")
"""Headers that tell who answered, and what it wants."""


def trouble(exchange: Exchange) -> str:
    """What shows that an exchange may say nothing of the target; "" where it is the target's own answer.

    That is no answer at all, a gateway's status without the API's error form (contract 11), a redirect, a proxy that wants
    a login, and a page where the API would answer JSON. A target that answers so by itself does it again when asked again.
    """
    if exchange.cause == "dropped":
        return ""
    if not exchange.status:
        return exchange.failure
    if is_own_error(exchange):
        return ""
    page = is_page(exchange) and exchange.status not in _OWN_PAGES
    strange = exchange.status in GATEWAY or exchange.status == 407 or 300 <= exchange.status <= 399
    return describe(exchange) if page or strange else ""


def signature(exchange: Exchange) -> tuple[int, str, str]:
    """What is alike in answers of one origin."""
    return exchange.status, exchange.cause, _media_type(exchange)


def is_own_error(exchange: Exchange) -> bool:
    """Whether it is an error in the API's own form, with or without its wrapper (contract 3)."""
    error = error_form.read_error(exchange.body)
    return error is not None and isinstance(error.type, str) and isinstance(error.message, str)


def is_page(exchange: Exchange) -> bool:
    """Whether an answer holds something else than JSON, and does not claim to be JSON."""
    media_type = _media_type(exchange)
    claims_json = media_type == "application/json" or media_type.endswith("+json")
    return bool(exchange.text.strip()) and exchange.body is MISSING and not claims_json


def leads_to(exchange: Exchange) -> str:
    """Where a redirect leads, without query and fragment, which may hold tokens; "" for none."""
    location = exchange.response_headers.get("location", "")
    if not location or not 300 <= exchange.status <= 399:
        return ""
    try:
        parts = urllib.parse.urlsplit(urllib.parse.urljoin(exchange.url, location))
    except ValueError:
        return "an address that cannot be read"
    return _printable(urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "")), 200)


def describe(exchange: Exchange) -> str:
    """What was seen of an answer, for a sentence: status, media type, title or first words, and who signed it."""
    if not exchange.status:
        return exchange.failure
    parts = [f"{exchange.status} {exchange.reason}".strip(), _media_type(exchange) or "no Content-Type"]
    if there := leads_to(exchange):
        parts.append(f"leads to {there}")
    if words := _first_words(exchange.text):
        parts.append(f'"{words}"')
    signed = {name: exchange.response_headers.get(name.lower(), "") for name in _SIGNING}
    return ", ".join([*parts, *(f"{name}: {_printable(value, _SHOWN)}" for name, value in signed.items() if value)])


def _media_type(exchange: Exchange) -> str:
    return _printable(exchange.response_headers.get("content-type", "").partition(";")[0].strip().lower(), _SHOWN)


def _first_words(text: str) -> str:
    title = _TITLE.search(text[:20_000])
    return _printable(html.unescape(title[1] if title else _HIDDEN.sub(" ", text[:20_000])), _SHOWN)


def _printable(text: str, most: int) -> str:
    """One line of harmless characters."""
    shown = text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)
    line = " ".join(shown.split())
    return line if len(line) <= most else f"{line[:most].rstrip()}…"
