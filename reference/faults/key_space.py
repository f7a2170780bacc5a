"""Faults of the key space: keys that are not taken, and keys that are merged."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Hashable

from ...spec import Parameter
from ..answers import Refusal
from ..idempotency import KEY_HEADER
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


class _CutAt(_Merged):
    """Ends a key at a character."""

    character = ""

    def merge(self, sent: str) -> str:
        return sent.split(self.character)[0]


@breaks("idempotency:exact")
class KeysEndAtSlashes(_CutAt):
    """A slash ends a key."""

    character = "/"


@breaks("idempotency:exact", source="postmanlabs/postman-app-support#30")
class KeysEndAtColons(_CutAt):
    """A colon ends a key."""

    character = ":"


@breaks("idempotency:exact")
class KeysTrimmedAtTheEnd(_Merged):
    """Full stops at the end of a key do not count."""

    def merge(self, sent: str) -> str:
        return sent.rstrip(".")


@breaks("idempotency:exact", source="http4s/http4s#446")
class HyphensAtTheEndOfKeysTrimmed(_Merged):
    """Hyphens at the end of a key do not count."""

    def merge(self, sent: str) -> str:
        return sent.rstrip("-")


@breaks("idempotency:exact", source="haproxy/haproxy#2487")
class EscapesOfKeysUndone(_Merged):
    """A backslash in a key is taken for an escape."""

    def merge(self, sent: str) -> str:
        return re.sub(r"\\(.)", r"\1", sent)


class _Forgotten(Fault):
    """Does not look at keys of a form."""

    form = ""

    def read_idempotency_key(self, call: Call) -> None:
        if re.fullmatch(self.form, call.headers.get(KEY_HEADER, "")) is None:
            super().read_idempotency_key(call)


@breaks("idempotency:characters")
class SingleCharacterKeysIgnored(_Forgotten):
    """A key of one character is ignored."""

    form = "."


@breaks("idempotency:characters")
class ShortKeysIgnored(_Forgotten):
    """A key of fewer than eight characters is ignored."""

    form = ".{1,7}"


@breaks("idempotency:characters")
class KeysOfDigitsIgnored(_Forgotten):
    """A key of digits is ignored."""

    form = "[0-9]+"


@breaks("refusal:no-5xx")
class OddKeysCrash(Fault):
    """A key with a slash in it is answered with a 500."""

    def check_key(self, sent: str, parameter: Parameter) -> None:
        super().check_key(sent, parameter)
        if "/" in sent:
            raise RuntimeError(sent)


@breaks("refusal:no-5xx")
class TwoKeysCrash(Fault):
    """A request with two keys is answered with a 500."""

    def read_idempotency_key(self, call: Call) -> None:
        if len(call.headers.getlist(KEY_HEADER)) > 1:
            raise RuntimeError(KEY_HEADER)
        super().read_idempotency_key(call)


@breaks("idempotency:no-key")
class EmptyKeysAreOne(Fault):
    """Creates with an empty key are one."""

    def check_key(self, sent: str, parameter: Parameter) -> None:
        if sent:
            super().check_key(sent, parameter)


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
