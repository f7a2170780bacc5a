"""Faults of the body as a whole: texts that are not JSON, JSON that is no object, JSON that is hard to read."""

from __future__ import annotations

import contextlib
import json
import math
import re
from typing import Any

from ..answers import Refusal
from ..definitions import Field
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("malformed:json")
class NotANumberIsZero(Fault):
    """NaN and Infinity are read as 0."""

    decoder = json.JSONDecoder(parse_constant=lambda _: 0)


@breaks("malformed:json")
class ControlCharacters(Fault):
    """A string with a raw control character is read."""

    decoder = json.JSONDecoder(strict=False, parse_constant=int)


@breaks("malformed:json")
class IgnoresTheRest(Fault):
    """What follows the JSON text is ignored."""

    def parse(self, call: Call) -> dict[str, Any]:
        with contextlib.suppress(ValueError, RecursionError):
            text = call.body.decode()
            call.body = text[: self.decoder.raw_decode(text)[1]].encode()
        return super().parse(call)


@breaks("malformed:json")
class InvalidUtf8Replaced(Fault):
    """Bytes that are not UTF-8 are replaced."""

    def parse(self, call: Call) -> dict[str, Any]:
        call.body = call.body.decode(errors="replace").encode()
        return super().parse(call)


@breaks("malformed:json")
class TrailingCommas(Fault):
    """A comma before a closing brace is read over."""

    def parse(self, call: Call) -> dict[str, Any]:
        call.body = re.sub(rb",\s*}", b"}", call.body)
        return super().parse(call)


@breaks("malformed:json")
class LastBraceAdded(Fault):
    """A body whose last brace is missing is read as if it were there."""

    def parse(self, call: Call) -> dict[str, Any]:
        with contextlib.suppress(Refusal):
            return super().parse(call)
        call.body += b"}"
        return super().parse(call)


@breaks("malformed:json", also=("refusal:no-5xx",))
class MalformedCrashes(Fault):
    """A syntax error in the body is answered with a 500."""

    def parse(self, call: Call) -> dict[str, Any]:
        try:
            with contextlib.suppress(RecursionError, UnicodeDecodeError):
                json.loads(call.body or b"0")
        except json.JSONDecodeError as error:
            raise RuntimeError from error
        return super().parse(call)


@breaks("malformed:not-an-object")
class UnwrapsArrays(Fault):
    """An array of one object is taken for the object."""

    def parse(self, call: Call) -> dict[str, Any]:
        with contextlib.suppress(ValueError, RecursionError):
            payload = self.decoder.decode(call.body.decode())
            if isinstance(payload, list) and payload and isinstance(payload[0], dict):
                return dict(payload[0])
        return super().parse(call)


@breaks("malformed:not-an-object")
class NothingCreates(Fault):
    """A request without a body makes an empty record."""

    def parse(self, call: Call) -> dict[str, Any]:
        return super().parse(call) if call.body else {}

    def validate(self, call: Call) -> None:
        if call.body:
            super().validate(call)


@breaks("malformed:not-an-object", also=("refusal:no-5xx",))
class NotAnObjectCrashes(Fault):
    """A body that is a JSON text but no object is answered with a 500."""

    def parse(self, call: Call) -> dict[str, Any]:
        with contextlib.suppress(ValueError, RecursionError):
            json.loads(call.body).keys()
        return super().parse(call)


@breaks("malformed:survives")
class DeepNestingCrashes(Fault):
    """Nesting deeper than the parser goes is answered with a 500."""

    def parse(self, call: Call) -> dict[str, Any]:
        with contextlib.suppress(ValueError):
            json.loads(call.body)
        return super().parse(call)


@breaks("malformed:survives")
class HugeIntegersCrash(Fault):
    """An integer of thousands of digits is answered with a 500."""

    def parse(self, call: Call) -> dict[str, Any]:
        with contextlib.suppress(json.JSONDecodeError, UnicodeDecodeError, RecursionError):
            json.loads(call.body)
        return super().parse(call)


@breaks("malformed:survives")
class HugeExponentsCrash(Fault):
    """A number beyond double precision is answered with a 500."""

    def check_type(self, field: Field, value: Any) -> None:
        if value == math.inf:
            raise OverflowError
        super().check_type(field, value)


@breaks("malformed:survives")
class DuplicateMembersCrash(Fault):
    """A member name that occurs twice in an object is answered with a 500."""

    def parse(self, call: Call) -> dict[str, Any]:
        payload = super().parse(call)
        names = [name for name, _ in json.loads(call.body, object_pairs_hook=list)]
        if len(set(names)) < len(names):
            raise KeyError(names)
        return payload


@breaks("malformed:survives")
class LoneSurrogatesCrash(Fault):
    """An escape that makes half a surrogate pair is answered with a 500."""

    def check_text(self, text: str, payload: Any) -> None:
        try:
            super().check_text(text, payload)
        except UnicodeEncodeError as error:
            raise RuntimeError from error


@breaks("malformed:survives")
class NulCrashes(Fault):
    """A text with a NUL in it, which the database does not take, is answered with a 500."""

    def check_length(self, field: Field, value: Any) -> None:
        if isinstance(value, str) and "\0" in value:
            raise RuntimeError
        super().check_length(field, value)
