"""Faults of keys and scopes: who gets in without a right, who stays out in spite of one, and with which status."""

from __future__ import annotations

from typing import Any

from ..answers import JsonAnswer, Refusal
from ..definitions import Relationship
from ..idempotency import KEY_HEADER
from ..steps import Call
from ..store import ApiKey
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("scope:sufficient")
class CreatingNeedsRead(Fault):
    """A key needs the read scope besides the create scope."""

    def may(self, key: ApiKey, scopes: tuple[str, ...]) -> bool:
        reads = tuple(f"{scope.rpartition(':')[0]}:read" for scope in scopes if scope.endswith(":create"))
        return super().may(key, (*scopes, *reads))


@breaks("scope:sufficient")
class LinkingNeedsRead(Fault):
    """A key needs a read scope to link to something."""

    def check_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        if not self.may(call.key, (f"{relationship.object_type}s:read",)):
            raise Refusal(403, "forbidden", "This key may not read what it links to.")
        super().check_target(call, relationship, record_id)


@breaks("scope:sufficient", also=("operation:create",))
class LinkingOptionallyNeedsRead(Fault):
    """A key needs a read scope to link to what need not be linked to."""

    def check_target(self, call: Call, relationship: Relationship, record_id: str) -> None:
        if not relationship.required and not self.may(call.key, (f"{relationship.object_type}s:read",)):
            raise Refusal(403, "forbidden", "This key may not read what it links to.")
        super().check_target(call, relationship, record_id)


@breaks("operation:create", also=("scope:sufficient",))
class FirstKeySetsAttributes(Fault):
    """Only the first key of an organization sets custom attributes; to the others they are unknown."""

    def check_field(self, call: Call, key: str, value: Any) -> None:
        field = call.resource.fields.get(key)
        own = (each for each in self.store.keys.values() if each.organization == call.key.organization)
        if field is not None and not field.system and call.key is not next(own):
            raise Refusal.bad_request("unknown_field", "There is no such field.", field.pointer)
        super().check_field(call, key, value)


@breaks("scope:sufficient")
class OnlyFullAccess(Fault):
    """Only keys with full access create."""

    def authorize(self, call: Call) -> None:
        super().authorize(call)
        if call.role == "create" and call.key.scopes:
            raise Refusal(403, "forbidden", "This key does not have full access.")


@breaks("scope:required")
class AnyKeyCreates(Fault):
    """Every known key may do everything."""

    def may(self, key: ApiKey, scopes: tuple[str, ...]) -> bool:  # noqa: ARG002 - scopes do not count
        return True


class _Near(Fault):
    """Takes another scope of the same object for the create scope."""

    held = ""

    def may(self, key: ApiKey, scopes: tuple[str, ...]) -> bool:
        near = tuple(scope.replace(":create", self.held) for scope in scopes)
        return super().may(key, scopes) or super().may(key, near)


@breaks("scope:required")
class ReadingCreates(_Near):
    """The read scope is enough to create."""

    held = ":read"


@breaks("scope:required")
class UpdatingCreates(_Near):
    """The update scope is enough to create."""

    held = ":update"


@breaks("scope:required")
class AnyCreateScope(Fault):
    """The create scope of any object is enough."""

    def may(self, key: ApiKey, scopes: tuple[str, ...]) -> bool:
        creates = any(held.endswith(":create") for held in key.scopes)
        return super().may(key, scopes) or (creates and all(scope.endswith(":create") for scope in scopes))


@breaks("scope:required")
class ScopeRemembered(Fault):
    """Once a key of an organization was let in to create, all of its keys are."""

    def prepare(self) -> None:
        super().prepare()
        self.let_in: set[tuple[str, tuple[str, ...]]] = set()

    def may(self, key: ApiKey, scopes: tuple[str, ...]) -> bool:
        if super().may(key, scopes):
            self.let_in.add((key.organization, scopes))
        return (key.organization, scopes) in self.let_in


@breaks("scope:required")
class ScopeUncheckedWithKey(Fault):
    """The scope is not checked for a request with an Idempotency-Key."""

    def authorize(self, call: Call) -> None:
        if KEY_HEADER not in call.headers:
            super().authorize(call)


class _Status(Fault):
    """Answers with another status and its type."""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        self.change(call, refusal)
        return super().refuse(call, refusal)

    def change(self, call: Call, refusal: Refusal) -> None:
        """Edits the refusal in place."""
        raise NotImplementedError


@breaks("scope:status")
class ForbiddenIsUnauthorized(_Status):
    """A key without the scope gets a 401."""

    def change(self, call: Call, refusal: Refusal) -> None:
        if call.role == "create" and refusal.status == 403:
            refusal.status, refusal.type = 401, "unauthorized"


@breaks("scope:status", also=("scope:required",))
class ForbiddenIsNotFound(_Status):
    """A key without the scope gets a 404."""

    def change(self, call: Call, refusal: Refusal) -> None:
        if call.role == "create" and refusal.status == 403:
            refusal.status, refusal.type = 404, "not_found"


class _UnknownCaller(Fault):
    """Lets some callers in as if they had the first key."""

    def find_key(self, token: str) -> ApiKey | None:
        return super().find_key(token) or (next(iter(self.store.keys.values())) if self.chosen(token) else None)

    def read_token(self, call: Call) -> str | None:
        return super().read_token(call) or f"header:{call.headers.get('Authorization', '')}"

    def chosen(self, token: str) -> bool:
        """Return whether a caller with that token, or with `header:` and a malformed header, is let in."""
        raise NotImplementedError


@breaks("key:required")
class NoKeyCreates(_UnknownCaller):
    """A request without a key is let in."""

    def chosen(self, token: str) -> bool:
        return not token.removeprefix("header:")


@breaks("key:required", also=("key:status",))
class LongerKeyCreates(Fault):
    """A token that goes on after a known key is taken for it."""

    def find_key(self, token: str) -> ApiKey | None:
        return next((key for known, key in self.store.keys.items() if token.startswith(known)), None)


@breaks("key:required", also=("key:status",))
class ShorterKeyCreates(Fault):
    """The beginning of a known key is taken for it."""

    def find_key(self, token: str) -> ApiKey | None:
        long = len(token) > len("sk_lf_") + 1
        return next((key for known, key in self.store.keys.items() if known.startswith(token) and long), None)


@breaks("key:required", also=("key:status",))
class KeysOfAnyCase(Fault):
    """A known key is taken in any letter case."""

    def find_key(self, token: str) -> ApiKey | None:
        folded = {known.casefold(): key for known, key in self.store.keys.items()}
        return folded.get(token.casefold())


@breaks("key:required")
class AnyToken(_UnknownCaller):
    """Every token that begins like a key is let in."""

    def chosen(self, token: str) -> bool:
        return token.startswith("sk_lf_")


@breaks("key:required")
class BearerAlone(_UnknownCaller):
    """A header with a scheme and no key is let in."""

    def chosen(self, token: str) -> bool:
        return token.removeprefix("header:") == "Bearer"


@breaks("key:required")
class BasicScheme(_UnknownCaller):
    """A header of another scheme is let in."""

    def chosen(self, token: str) -> bool:
        return token.startswith("header:Basic ")


@breaks("key:required")
class SchemeMissing(_UnknownCaller):
    """A header without a scheme is let in."""

    def chosen(self, token: str) -> bool:
        return token.startswith("header:sk_lf_")


@breaks("key:status")
class UnauthorizedIsForbidden(_Status):
    """A caller without a known key gets a 403."""

    def change(self, call: Call, refusal: Refusal) -> None:
        if call.role == "create" and refusal.status == 401:
            refusal.status, refusal.type = 403, "forbidden"


@breaks("key:status")
class MissingKeyIsForbidden(_Status):
    """A request without a key gets a 403."""

    def change(self, call: Call, refusal: Refusal) -> None:
        if refusal.status == 401 and "Authorization" not in call.headers:
            refusal.status, refusal.type = 403, "forbidden"


@breaks("key:status", also=("key:required",))
class MalformedKeyIsBadRequest(_Status):
    """A malformed Authorization header gets a 400."""

    def change(self, call: Call, refusal: Refusal) -> None:
        if refusal.status == 401 and "Authorization" in call.headers and call.token is None:
            refusal.status, refusal.type, refusal.code, refusal.place = 400, "bad_request", "invalid_type", "Authorization"
