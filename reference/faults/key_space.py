"""Faults of the key space: keys that are not taken, and keys that are merged."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Hashable

from ...spec import Parameter
from ..answers import Refusal
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


class _Refused(Fault):
    """Refuses keys that do not have a form."""

    form = ""

    def check_key(self, sent: str, parameter: Parameter) -> None:
        super().check_key(sent, parameter)
        if re.fullmatch(self.form, sent) is None:
            raise Refusal.bad_request("invalid_key", "The key does not have the form of one.", parameter.name)


@breaks("idempotency:characters", source="govuk-pay/pay-publicapi#1714")
class UnderscoresRefused(_Refused):
    """A key with an underscore in it is refused."""

    form = "[^_]*"


@breaks("idempotency:characters", source="SPSCommerce/sps-api-standards#98")
class ShortKeysRefused(_Refused):
    """A key of fewer than 20 characters is refused."""

    form = ".{20,}"


@breaks("idempotency:characters", source="SPSCommerce/sps-api-standards#98")
class CapitalsRefused(_Refused):
    """A key with a capital letter in it is refused."""

    form = "[^A-Z]*"


class _Merged(Fault):
    """Takes keys for one that are two."""

    def key_scope(self, call: Call, sent: str) -> Hashable:
        return super().key_scope(call, self.merge(sent))

    def merge(self, sent: str) -> str:
        """Return what is compared instead of the key."""
        raise NotImplementedError


@breaks("idempotency:exact", source="unkeyed/unkey#4091")
class KeysInSmallLetters(_Merged):
    """Keys are compared without case."""

    def merge(self, sent: str) -> str:
        return sent.casefold()


@breaks("idempotency:exact", source="BookStackApp/BookStack#5037")
class KeysCutAt200(_Merged):
    """Keys that agree in 200 characters are one."""

    def merge(self, sent: str) -> str:
        return sent[:200]


@breaks("idempotency:exact", source="jxjj/simple-ldap-search#12")
class KeysAsIntegers(_Merged):
    """A key of digits is taken for a number."""

    def merge(self, sent: str) -> str:
        return str(int(sent)) if sent.isdecimal() else sent


@breaks("idempotency:exact", source="livecode/livecode#6861")
class KeysAsDoubles(_Merged):
    """A key that looks like a number is taken for one, exponent and all."""

    def merge(self, sent: str) -> str:
        return str(float(sent)) if re.fullmatch(r"\d+(e\d+)?", sent) else sent


@breaks("idempotency:exact")
class KeysWithoutPunctuation(_Merged):
    """Punctuation in a key does not count."""

    def merge(self, sent: str) -> str:
        return re.sub(r"[-_]", "", sent)


@breaks("idempotency:exact")
class UnderscoreIsAnyCharacter(_Merged):
    """An underscore in a key stands for a hyphen."""

    def merge(self, sent: str) -> str:
        return sent.replace("_", "-")


@breaks("idempotency:exact", source="ForumMagnum/ForumMagnum#9996")
class LastTenCharactersCount(_Merged):
    """Of a key the last ten characters and its length count."""

    def merge(self, sent: str) -> str:
        return f"{len(sent)}:{sent[-10:]}"


@breaks("idempotency:exact")
class InnerSpacesOfKeysJoined(_Merged):
    """Two spaces in a key are one."""

    def merge(self, sent: str) -> str:
        return " ".join(sent.split())


@breaks("idempotency:exact")
class QuotesOfKeysTakenOff(_Merged):
    """Quotes around a key do not count."""

    def merge(self, sent: str) -> str:
        return sent.strip('"')


@breaks("idempotency:exact", source="python-hyper/hyper#314")
class KeysEndAtSeparators(_Merged):
    """A comma or a semicolon ends a key."""

    def merge(self, sent: str) -> str:
        return re.split("[,;]", sent)[0]


@breaks("idempotency:exact")
class KeysReadAsForms(_Merged):
    """A key is read as a form is, with its escapes undone."""

    def merge(self, sent: str) -> str:
        return urllib.parse.unquote_plus(sent)
