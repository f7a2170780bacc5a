"""Breaches by how a request is sent: its headers, its media type, and bytes that are no JSON or hard to read."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ..spec import Contract, Parameter, Role, Rule
from ..spec.pointer import get_at, set_at
from ..spec.profile import custom_pointer
from .breach import Mutation
from .places import custom_fields
from .values import PLAIN_TEXT
from .workspace import Workspace

__all__ = ["body_mutations", "header_mutations"]

_VERSIONS: Final = {"unknown": "1999-01-01", "future": "2999-12-31", "empty": ""}

_CONTENT_TYPE: Final = "Content-Type"
_REFUSED_TYPES: Final = {
    "text/plain": True,
    "application/x-www-form-urlencoded": False,
    "application/xml": False,
    "multipart/form-data; boundary=sample": False,
    "application/octet-stream": False,
}
"""Media types that are not JSON, and whether smoke depth sends them."""

_OBSERVED_TYPES: Final = ("application/vnd.sample+json", "text/json")

_DEEP: Final = 10_000
_MEGABYTE: Final = 200_000
"""Repetitions of the plainest text that make more than a megabyte."""
_STAND_IN: Final = "conformance stand-in for raw JSON"
_MALFORMED: Final = "malformed:json"
_SURVIVES: Final = "malformed:survives"

_TEXTS: Final[Mapping[str, tuple[Callable[[str], str], str | None, bool]]] = {
    "truncated": (lambda text: text[:-1], _MALFORMED, True),
    "trailing-comma": (lambda text: f"{text[:-1]},}}", _MALFORMED, False),
    "single-quotes": (lambda text: text.replace('"', "'"), _MALFORMED, False),
    "comment": (lambda text: f"{text} // {PLAIN_TEXT}", _MALFORMED, False),
    "two-texts": (lambda text: text + text, _MALFORMED, False),
    "byte-order-mark": (lambda text: f"\ufeff{text}", None, False),
}
"""What RFC 8259 does not call a JSON text (a byte order mark may be read over): how, the clause, whether smoke."""

_RAW_VALUES: Final[Mapping[str, tuple[bytes, str, bool]]] = {
    "not-a-number": (b"NaN", _MALFORMED, False),
    "infinity": (b"-Infinity", _MALFORMED, False),
    "leading-zero": (b"007", _MALFORMED, False),
    "deep-arrays": (b"[" * _DEEP + b"]" * _DEEP, _SURVIVES, True),
    "deep-objects": (b'{"a":' * _DEEP + b"1" + b"}" * _DEEP, _SURVIVES, False),
    "huge-integer": (b"9" * 5000, _SURVIVES, False),
    "huge-exponent": (b"1e400", _SURVIVES, False),
}
"""Spellings of a value, where a number may stand if the definitions list such a place."""

_RAW_ENDS: Final[Mapping[str, tuple[bytes, str, bool]]] = {
    "invalid-utf-8": (b"\xff\xc0\xaf", _MALFORMED, True),
    "raw-line-feed": (b"\n", _MALFORMED, False),
    "unknown-escape": (b"\\x41", _MALFORMED, False),
    "lone-surrogate": (b"\\ud800", _SURVIVES, False),
    "nul-escape": (b"\\u0000", _SURVIVES, False),
}
"""Spellings inside a string, after the text at the marker place."""

_OTHERS: Final[Mapping[str, tuple[Callable[[Any], Any], bool]]] = {
    "empty": (lambda _: b"", False),
    "array": (lambda body: [body], True),
    "string": (lambda _: PLAIN_TEXT, False),
    "number": (lambda _: 7, False),
    "boolean": (lambda _: True, False),
    "null": (lambda _: None, False),
    "white-space": (lambda _: b" \n", False),
    "empty-array": (lambda _: [], False),
}
"""Bodies that are no object, and whether smoke depth sends them."""


def header_mutations(contract: Contract) -> Iterator[Mutation]:
    """Yield breaches in the headers, over a body that stays valid: those that the fragment lists, then the media type."""
    for parameter in contract.create.parameters:
        if parameter.location == "header":
            yield from _values(contract, parameter)
            yield from _lengths(contract, parameter)
    yield from _media_types(contract)


def body_mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """Yield other spellings of a valid body; the rule `survives` asks for no refusal, only for an answer below 500."""
    for variant, (spell, text_clause, smoke) in _TEXTS.items():
        mutate = functools.partial(_spelled, spell=spell)
        yield Mutation(Rule.MALFORMED, "", variant, text_clause, mutate, smoke=smoke)
    yield Mutation(Rule.MALFORMED, "", "utf-16", None, lambda body: json.dumps(body).encode("utf-16"))
    for variant, (make, smoke) in _OTHERS.items():
        yield Mutation(Rule.NOT_AN_OBJECT, "", variant, "malformed:not-an-object", make, smoke=smoke)
    for variant, (raw, clause, smoke) in _RAW_VALUES.items():
        mutate = functools.partial(_raw_value, pointer=_number_pointer(contract, workspace), raw=raw)
        yield Mutation(_rule(clause), "", variant, clause, mutate, smoke=smoke)
    for variant, (raw, clause, smoke) in _RAW_ENDS.items():
        mutate = functools.partial(_raw_end, pointer=_text_pointer(contract), raw=raw)
        yield Mutation(_rule(clause), "", variant, clause, mutate, smoke=smoke)
    doubled_nul = functools.partial(_doubled_nul, pointer=_text_pointer(contract))
    yield Mutation(Rule.SURVIVES, "", "nul-in-duplicate-members", _SURVIVES, doubled_nul, smoke=True)
    yield Mutation(Rule.SURVIVES, "", "duplicate-members", _SURVIVES, _doubled)
    yield Mutation(Rule.SURVIVES, "", "long-body", _SURVIVES, lambda body: {**body, PLAIN_TEXT: PLAIN_TEXT * _MEGABYTE})
    yield Mutation(Rule.SURVIVES, "", "long-member", _SURVIVES, lambda body: {**body, PLAIN_TEXT * 10_000: PLAIN_TEXT})


def _values(contract: Contract, parameter: Parameter) -> Iterator[Mutation]:
    """No header where one is required, and values besides the only one."""
    version = parameter == contract.version_header
    rule = Rule.VERSION if version else Rule.HEADER
    if parameter.required:
        clause = "version:missing" if version else None
        yield Mutation(rule, parameter.name, "missing", clause, headers={parameter.name: None}, smoke=version)
    if "const" in parameter.schema:
        clause = "version:unknown" if version else None
        near = _near(str(parameter.schema["const"]))
        for variant, value in {**_VERSIONS, **near}.items():
            # The next one is taken by who takes any, any later one, or any that begins alike.
            smoke = version and variant == next(iter(near))
            yield Mutation(rule, parameter.name, variant, clause, headers={parameter.name: value}, smoke=smoke)


def _near(version: str) -> dict[str, str]:
    """Versions that are almost the known one: a target may look at its beginning alone, or for it in what was sent."""
    other_end = {"near": f"{version[:-1]}{(int(version[-1]) + 1) % 10}"} if version[-1:].isdigit() else {}
    return {**other_end, "longer": f"{version}0"}


def _lengths(contract: Contract, parameter: Parameter) -> Iterator[Mutation]:
    """A value too long by one character and by far, and an empty one, which is only observed (contract 11)."""
    key = parameter == contract.key_header
    clause = "idempotency:too-long" if key else None
    if (most := parameter.schema.get("maxLength")) is not None:
        for variant, length in (("by-one", most + 1), ("by-far", most * 4)):
            headers = {parameter.name: ("sample-" + "k" * length)[:length]}
            rule = Rule.KEY_TOO_LONG if key else Rule.HEADER
            yield Mutation(rule, parameter.name, variant, clause, headers=headers, smoke=key and variant == "by-one")
    if parameter.schema.get("minLength", 0) > 0:
        rule = Rule.KEY_EMPTY if key else Rule.HEADER
        yield Mutation(rule, parameter.name, "empty", None, headers={parameter.name: ""})


def _media_types(contract: Contract) -> Iterator[Mutation]:
    """The body stays as it is: what these find is a target that reads it whatever the header says."""
    for name, smoke in _REFUSED_TYPES.items():
        if (variant := name.partition(";")[0]) != contract.create.media_type:
            headers = {_CONTENT_TYPE: name}
            yield Mutation(Rule.MEDIA_TYPE, _CONTENT_TYPE, variant, "media-type:refused", headers=headers, smoke=smoke)
    missing: dict[str, str | None] = {_CONTENT_TYPE: None}
    yield Mutation(Rule.MEDIA_TYPE, _CONTENT_TYPE, "missing", "media-type:missing", headers=missing, smoke=True)
    for other in _OBSERVED_TYPES:
        yield Mutation(Rule.MEDIA_TYPE, _CONTENT_TYPE, other, None, headers={_CONTENT_TYPE: other})


def _rule(clause: str) -> Rule:
    return Rule.SURVIVES if clause == _SURVIVES else Rule.MALFORMED


def _number_pointer(contract: Contract, workspace: Workspace) -> str:
    """Where a number would be valid, so that only its spelling is wrong; else a field that no definition lists."""
    numbers = custom_fields(contract, workspace).get("NUMBER")
    return numbers[0].pointer if numbers else custom_pointer(Role.VALUE, "conformance_number")


def _text_pointer(contract: Contract) -> str:
    marker = contract.marker_place
    return marker.pointer if marker else custom_pointer(Role.VALUE, "conformance_text")


def _spelled(body: Any, spell: Callable[[str], str]) -> bytes:
    return spell(json.dumps(body, ensure_ascii=False)).encode()


def _raw_value(body: Any, pointer: str, raw: bytes) -> bytes:
    text = json.dumps(set_at(body, pointer, _STAND_IN), ensure_ascii=False).encode()
    return text.replace(json.dumps(_STAND_IN).encode(), raw, 1)


def _raw_end(body: Any, pointer: str, raw: bytes) -> bytes:
    now = json.dumps(get_at(body, pointer, PLAIN_TEXT), ensure_ascii=False).encode()
    return _raw_value(body, pointer, now[:-1] + raw + b'"')


def _doubled_nul(body: Any, pointer: str) -> bytes:
    """What parsers get over, and what comes after them may not, in one body: smoke depth has room for no more."""
    return _doubled(set_at(body, pointer, f"{get_at(body, pointer, PLAIN_TEXT)}\0"))


def _doubled(body: Any) -> bytes:
    """Each member of the body twice, with the same value."""
    text = json.dumps(body, ensure_ascii=False)
    return f"{text[:-1]}, {text[1:]}".encode()
