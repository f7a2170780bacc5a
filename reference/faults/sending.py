"""Faults of how a request may be spelled: schemes, media types and credentials, each reported of another API."""

from __future__ import annotations

import re
from typing import Any

from ..answers import Refusal
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


class _Scheme(Fault):
    """Takes some spellings of the scheme alone."""

    taken = ""

    def read_token(self, call: Call) -> str | None:
        scheme = call.headers.get("Authorization", "").partition(" ")[0]
        return super().read_token(call) if re.fullmatch(self.taken, scheme) else None


@breaks("operation:create", source="kubestellar/console#7374")
class SmallBearerRefused(_Scheme):
    """The scheme is taken with a capital first letter alone."""

    taken = "Bearer"


@breaks("operation:create", source="phax/phoss-smp#521")
class CapitalBearerRefused(_Scheme):
    """The scheme is refused in capital letters."""

    taken = "Bearer|bearer"


class _MediaType(Fault):
    """Takes some spellings of the media type alone."""

    taken = ""

    def takes_media_type(self, call: Call, content_type: str) -> bool:
        return super().takes_media_type(call, content_type) and re.fullmatch(self.taken, content_type) is not None


@breaks("operation:create", source="aws/chalice#306")
class SmallMediaTypeOnly(_MediaType):
    """The media type is refused in other letters than small ones."""

    taken = "application/json.*"


@breaks("operation:create", source="smithy-lang/smithy-typescript#613")
class CapitalCharsetRefused(_MediaType):
    """A charset is taken in small letters alone."""

    taken = "[^;]*(; *charset=utf-8)?"


class _Lenient(Fault):
    """Finds a key in headers that are no credentials of its scheme."""

    form = ""

    def read_token(self, call: Call) -> str | None:
        match = re.fullmatch(self.form, call.headers.get("Authorization", ""))
        return super().read_token(call) or (match.group(1) if match else None)


@breaks("key:required", source="hedgedoc/hedgedoc#5533")
class TextAfterKeyTaken(_Lenient):
    """What comes after the key is overlooked."""

    form = r"(?i:bearer) +([!-~]+) .*"


@breaks("key:required", source="polyswarm/development#12")
class AnySchemeTaken(_Lenient):
    """The last word of the header is the key, whatever comes before it."""

    form = r".* ([!-~]+)"


@breaks("key:required", source="gitroomhq/postiz-app#1990")
class BareKeyTaken(_Lenient):
    """The key is taken without a scheme."""

    form = r"([!-~]+)"


@breaks("operation:create")
class ExponentRefused(Fault):
    """A number with an exponent is refused."""

    def parse(self, call: Call) -> dict[str, Any]:
        if re.search(rb"[:\[,] *-?\d[\d.]*[eE]", call.body):
            raise Refusal.bad_request("invalid_json", "The body is not JSON.")
        return super().parse(call)
