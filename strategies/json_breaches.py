"""Breaches of the body as a whole: bytes that are no JSON, JSON that is no object, JSON that is hard to read."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ..spec import Contract, Role
from ..spec.pointer import get_at, set_at
from ..spec.profile import custom_pointer
from .mutation import Mutation
from .places import custom_fields
from .texts import PLAIN_TEXT
from .workspace import Workspace

__all__ = ["json_mutations"]

_DEEP: Final = 10_000
_STAND_IN: Final = "conformance stand-in for raw JSON"

_TEXTS: Final[Mapping[str, tuple[Callable[[str], str], str | None, bool]]] = {
    "truncated": (lambda text: text[:-1], "malformed:json", True),
    "trailing-comma": (lambda text: f"{text[:-1]},}}", "malformed:json", False),
    "single-quotes": (lambda text: text.replace('"', "'"), "malformed:json", False),
    "comment": (lambda text: f"{text} // {PLAIN_TEXT}", "malformed:json", False),
    "two-texts": (lambda text: text + text, "malformed:json", False),
    "byte-order-mark": (lambda text: f"\ufeff{text}", None, False),
}
"""What RFC 8259 does not call a JSON text (a byte order mark may be read over): how, the clause, whether smoke."""

_RAW_VALUES: Final[Mapping[str, tuple[bytes, str, bool]]] = {
    "not-a-number": (b"NaN", "malformed:json", False),
    "infinity": (b"-Infinity", "malformed:json", False),
    "leading-zero": (b"007", "malformed:json", False),
    "deep-arrays": (b"[" * _DEEP + b"]" * _DEEP, "malformed:survives", True),
    "deep-objects": (b'{"a":' * _DEEP + b"1" + b"}" * _DEEP, "malformed:survives", False),
    "huge-integer": (b"9" * 5000, "malformed:survives", True),
    "huge-exponent": (b"1e400", "malformed:survives", False),
}
"""Spellings of a value, where a number may stand if the definitions list such a place."""

_RAW_ENDS: Final[Mapping[str, tuple[bytes, str, bool]]] = {
    "invalid-utf-8": (b"\xff\xc0\xaf", "malformed:json", True),
    "raw-line-feed": (b"\n", "malformed:json", False),
    "unknown-escape": (b"\\x41", "malformed:json", False),
    "lone-surrogate": (b"\\ud800", "malformed:survives", False),
    "nul-escape": (b"\\u0000", "malformed:survives", False),
}
"""Spellings inside a string, after the text at the marker place."""

_OTHERS: Final[Mapping[str, tuple[Callable[[Any], Any], bool]]] = {
    "empty": (lambda _: b"", True),
    "array": (lambda body: [body], True),
    "string": (lambda _: PLAIN_TEXT, True),
    "number": (lambda _: 7, False),
    "boolean": (lambda _: True, False),
    "null": (lambda _: None, False),
    "white-space": (lambda _: b" \n", False),
    "empty-array": (lambda _: [], False),
}
"""Bodies that are no object, and whether smoke depth sends them."""


def json_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """Spoil the spelling of a valid body; the rule `survives` asks for no refusal, only for an answer below 500."""
    for variant, (spell, clause, smoke) in _TEXTS.items():
        yield Mutation("malformed", "", variant, clause, functools.partial(_spelled, spell=spell), smoke=smoke)
    yield Mutation("malformed", "", "utf-16", None, lambda body: json.dumps(body).encode("utf-16"))
    for variant, (make, smoke) in _OTHERS.items():
        yield Mutation("not-an-object", "", variant, "malformed:not-an-object", make, smoke=smoke)
    for variant, (raw, clause, smoke) in _RAW_VALUES.items():
        spoil = functools.partial(_raw_value, pointer=_number_place(contract, workspace), raw=raw)
        yield Mutation(_rule(clause), "", variant, clause, spoil, smoke=smoke)
    for variant, (raw, clause, smoke) in _RAW_ENDS.items():
        spoil = functools.partial(_raw_end, pointer=_text_place(contract), raw=raw)
        yield Mutation(_rule(clause), "", variant, clause, spoil, smoke=smoke)
    yield Mutation("survives", "", "duplicate-members", "malformed:survives", _twice, smoke=True)
    yield Mutation("survives", "", "long-member", "malformed:survives", lambda b: {**b, PLAIN_TEXT * 10_000: PLAIN_TEXT})


def _rule(clause: str) -> str:
    return "survives" if clause == "malformed:survives" else "malformed"


def _number_place(contract: Contract, workspace: Workspace) -> str:
    """Where a number would be valid, so that only its spelling is wrong; else a field that nobody defined."""
    numbers = custom_fields(contract, workspace).get("NUMBER")
    return custom_pointer(Role.VALUE, numbers[0].key if numbers else "conformance_number")


def _text_place(contract: Contract) -> str:
    return contract.marker_place.pointer if contract.marker_place else custom_pointer(Role.VALUE, "conformance_text")


def _spelled(body: Any, spell: Callable[[str], str]) -> bytes:
    return spell(json.dumps(body, ensure_ascii=False)).encode()


def _raw_value(body: Any, pointer: str, raw: bytes) -> bytes:
    text = json.dumps(set_at(body, pointer, _STAND_IN), ensure_ascii=False).encode()
    return text.replace(json.dumps(_STAND_IN).encode(), raw, 1)


def _raw_end(body: Any, pointer: str, raw: bytes) -> bytes:
    now = json.dumps(get_at(body, pointer, PLAIN_TEXT), ensure_ascii=False).encode()
    return _raw_value(body, pointer, now[:-1] + raw + b'"')


def _twice(body: Any) -> bytes:
    """Each member of the body twice, with the same value."""
    text = json.dumps(body, ensure_ascii=False)
    return f"{text[:-1]}, {text[1:]}".encode()
