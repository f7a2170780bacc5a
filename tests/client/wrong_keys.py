"""Clients whose idempotency keys are wrong."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

import httpx
from careful import ApiError, Careful
from wrong import breaks

__all__: list[str] = []

_CONSTANT = str(uuid.uuid4())


class PerAttempt(Careful):
    """Chooses a key for each attempt anew."""

    def key_of(self, key: str | None, _number: int) -> str | None:
        return key

    def headers(self, content: bytes, key: str | None, number: int) -> dict[str, str]:
        return super().headers(content, self.key_of(key, number), number)


@breaks("idempotency:key", "lost-answer")
class NoKey(Careful):
    def fresh_key(self, _body: dict[str, Any]) -> str | None:
        return None


@breaks("idempotency:key", "failed-answer")
class KeyInWrongHeader(Careful):
    def headers(self, content: bytes, key: str | None, number: int) -> dict[str, str]:
        return {**super().headers(content, None, number), "X-Idempotency-Key": str(key)}


@breaks("idempotency:same-key", "unavailable-twice")
class KeyPerAttempt(PerAttempt):
    def key_of(self, _key: str | None, _number: int) -> str | None:
        return str(uuid.uuid4())


@breaks("idempotency:same-key", "lost-answer")
class KeyOnRetryOnly(PerAttempt):
    def key_of(self, key: str | None, number: int) -> str | None:
        return key if number else None


@breaks("idempotency:same-key", "unavailable-twice")
class KeyWithNumber(PerAttempt):
    def key_of(self, key: str | None, number: int) -> str | None:
        return f"{key}-{number}"


@breaks("idempotency:same-body", "unavailable-twice")
class StampedBody(Careful):
    def attempt(self, content: bytes, key: str | None, number: int) -> Any:
        return super().attempt(content[:-1] + f', "attempt": {number}}}'.encode(), key, number)


@breaks("idempotency:same-body", "lost-answer")
class EmptyBodyOnRetry(Careful):
    def attempt(self, content: bytes, key: str | None, number: int) -> Any:
        return super().attempt(b"{}" if number else content, key, number)


@breaks("idempotency:fresh", "two-different")
class ConstantKey(Careful):
    def fresh_key(self, _body: dict[str, Any]) -> str | None:
        return _CONSTANT


@breaks("idempotency:fresh", "two-different")
class KeyOfTheDay(Careful):
    def fresh_key(self, _body: dict[str, Any]) -> str | None:
        return hashlib.sha256(self.base_url.encode()).hexdigest()


@breaks("idempotency:not-derived", "two-equal")
class HashedBody(Careful):
    def fresh_key(self, body: dict[str, Any]) -> str | None:
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()


@breaks("idempotency:not-derived", "two-equal")
class NamedByText(Careful):
    def fresh_key(self, body: dict[str, Any]) -> str | None:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body["fields"])))


@breaks("idempotency:callers-key", "own-key")
class LowerCaseKey(Careful):
    def choose_key(self, body: dict[str, Any], key: str | None) -> str | None:
        return key.lower() if key is not None else self.fresh_key(body)


@breaks("idempotency:callers-key", "own-key")
class IgnoresOwnKey(Careful):
    def choose_key(self, body: dict[str, Any], _key: str | None) -> str | None:
        return self.fresh_key(body)


@breaks("idempotency:callers-key", "long-key")
class CutsOwnKey(Careful):
    def choose_key(self, body: dict[str, Any], key: str | None) -> str | None:
        return key[:64] if key is not None else self.fresh_key(body)


@breaks("idempotency:length", "plain")
class LongKey(Careful):
    def fresh_key(self, _body: dict[str, Any]) -> str | None:
        return "retry-" + str(uuid.uuid4()) * 8


@breaks("idempotency:length", "plain")
class EmptyKey(Careful):
    def fresh_key(self, _body: dict[str, Any]) -> str | None:
        return ""


@breaks("idempotency:resend", "no-retries")
class SendsAgainBelow(Careful):
    def send(self, url: str, headers: dict[str, str], content: bytes) -> tuple[int, httpx.Headers, bytes]:
        try:
            return super().send(url, headers, content)
        except ApiError:
            return super().send(url, headers, content)


@breaks("idempotency:resend", "no-retries")
class RetriesAnyway(Careful):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.max_retries = 2
