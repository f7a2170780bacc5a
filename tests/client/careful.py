"""A careful client in Python: keeps every clause, step by step, so that a faulty one has to override a step only."""

from __future__ import annotations

import concurrent.futures
import copy
import datetime
import email.utils
import functools
import json
import math
import os
import random
import sys
import time
import traceback
import uuid
from typing import Any

import httpx

__all__ = ["ApiError", "Careful", "answer"]

APPLIED = ["timeout", "waitScale", "idempotencyKey", "maxRetries", "nonFinite", "parallel"]


class ApiError(Exception):
    """An operation that failed; status None where no answer told one."""

    def __init__(self, message: str, status: int | None = None, retryable: bool = False, **members: Any) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.retryable = retryable
        self.type = members.get("type")
        self.code = members.get("code")
        self.param = members.get("param")


class Careful:
    """Creates records.

    Args:
        timeout: seconds for each attempt, from its beginning to the end of its answer.
        wait_scale: a factor for all waits, for tests.
    """

    path = "/v1/opportunities"
    version = "2026-03-01"
    first_wait = 0.5
    longest_wait = 60.0

    def __init__(
        self, base_url: str, api_key: str, timeout: float = 30.0, max_retries: int = 3, wait_scale: float = 1.0
    ) -> None:
        self.base_url = base_url
        self.api_key = api_key
        self.timeout = timeout
        self.max_retries = max_retries
        self.wait_scale = wait_scale
        self.log: list[str] = []

    @functools.cached_property
    def http(self) -> httpx.Client:
        """The connections, which several threads may use at the same time."""
        return self.transport()

    def __enter__(self) -> Careful:
        return self

    def __exit__(self, *_: object) -> None:
        if "http" in vars(self):
            self.http.close()

    def create(self, body: dict[str, Any], key: str | None = None) -> Any:
        """Create one record, with as many attempts as it takes and is allowed."""
        content = self.encode(body)
        key = self.choose_key(body, key)
        for attempt in range(self.max_retries + 1):
            try:
                return self.attempt(content, key, attempt)
            except ApiError as error:
                wait = self.wait_before(error, attempt)
                if wait is None:
                    raise
                self.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def choose_key(self, body: dict[str, Any], key: str | None) -> str | None:
        """The caller's key, or a fresh one."""
        return key if key is not None else self.fresh_key(body)

    def fresh_key(self, _body: dict[str, Any]) -> str | None:
        """A key that no other operation has."""
        return str(uuid.uuid4())

    def encode(self, body: dict[str, Any]) -> bytes:
        """The body as it is sent."""
        try:
            return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        except ValueError as error:
            raise ApiError(f"the body is not JSON: {error}") from None

    def attempt(self, content: bytes, key: str | None, number: int) -> Any:
        """One request and its answer: a record, or an error that says whether a retry is worth it."""
        status, headers, answer = self.send(self.url(), self.headers(content, key, number), content)
        if status not in (200, 201):
            raise self.refused(status, headers, answer)
        return self.record(status, headers, answer)

    def url(self) -> str:
        """Where creates go."""
        return self.base_url.rstrip("/") + self.path

    def headers(self, _content: bytes, key: str | None, _number: int) -> dict[str, str]:
        """The header fields of one attempt."""
        named = {"Idempotency-Key": key} if key is not None else {}
        return {
            "Authorization": f"Bearer {self.api_key}",
            "Lightfield-Version": self.version,
            "Content-Type": "application/json",
            "Accept": "application/json",
            **named,
        }

    def send(self, url: str, headers: dict[str, str], content: bytes) -> tuple[int, httpx.Headers, bytes]:
        """Send once, and read all of the answer within the time-out."""
        deadline = time.monotonic() + self.timeout
        try:
            with self.http.stream("POST", url, headers=headers, content=content) as response:
                parts = []
                for part in response.iter_bytes():
                    parts.append(part)
                    self.check_time(deadline)
                return response.status_code, response.headers, b"".join(parts)
        except httpx.HTTPError as error:
            raise self.unanswered(error) from error

    def transport(self) -> httpx.Client:
        """A transport that neither follows redirects nor reads the environment."""
        return httpx.Client(timeout=self.timeout, follow_redirects=False, trust_env=False)

    def check_time(self, deadline: float) -> None:
        """Ends an answer that takes longer than the time-out."""
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the answer took too long")

    def unanswered(self, error: Exception) -> ApiError:
        """The error where no answer came."""
        return ApiError(f"no answer: {type(error).__name__}", None, retryable=True)

    def record(self, status: int, _headers: httpx.Headers, answer: bytes) -> Any:
        """The record in an answer; anything else is an error, after which a record may have been made."""
        try:
            record = json.loads(answer)
        except ValueError:
            raise ApiError("the answer is no JSON", status, retryable=True) from None
        if not isinstance(record, dict) or not isinstance(record.get("id"), str) or not record["id"]:
            raise ApiError("the answer is no record", status, retryable=True)
        return self.model(record)

    def model(self, record: dict[str, Any]) -> Any:
        """What the caller gets for a record."""
        return record

    def refused(self, status: int, headers: httpx.Headers, answer: bytes) -> ApiError:
        """The error in an answer, with or without its wrapper, JSON or not."""
        try:
            body = json.loads(answer)
        except ValueError:
            body = {}
        inner = body.get("error", body) if isinstance(body, dict) else {}
        told = inner if isinstance(inner, dict) else {}
        message = str(told.get("message") or f"the server answered {status}")
        error = ApiError(message, status, self.worth_a_retry(status, told), **self.members(told))
        error.retry_after = headers.get("Retry-After")  # type: ignore[attr-defined]
        return error

    def members(self, told: dict[str, Any]) -> dict[str, Any]:
        """What the server names its error by."""
        return {name: told.get(name) for name in ("type", "code", "param")}

    def worth_a_retry(self, status: int, told: dict[str, Any]) -> bool:
        """Whether the same request may fare better later."""
        return status in (408, 429, 500, 502, 503, 504) or (status == 409 and told.get("type") == "idempotency_conflict")

    def wait_before(self, error: ApiError, attempt: int) -> float | None:
        """Seconds to wait before the next attempt; None to give up."""
        if not error.retryable or attempt >= self.max_retries:
            return None
        asked = self.asked_to_wait(getattr(error, "retry_after", None))
        if asked is None:
            return self.backoff(attempt)
        return asked if asked <= self.longest_wait else None

    def backoff(self, attempt: int) -> float:
        """Seconds to wait where nobody says how long."""
        doubled: float = self.first_wait * 2**attempt
        return doubled * random.uniform(0.5, 1.5)  # noqa: S311 - no secret

    def asked_to_wait(self, text: str | None) -> float | None:
        """Seconds of a Retry-After; None where it says nothing that can be read."""
        if text is None:
            return None
        if text.isascii() and text.isdigit():
            return float(text)
        try:
            date = email.utils.parsedate_to_datetime(text)
        except ValueError:
            return None
        seconds = (date - datetime.datetime.now(datetime.UTC)).total_seconds()
        return seconds if math.isfinite(seconds) and seconds >= 0 else None

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds * self.wait_scale)

    def create_all(self, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Create several records at the same time; what came of each."""
        with concurrent.futures.ThreadPoolExecutor(len(bodies)) as pool:
            return list(pool.map(lambda body: outcome(self, body, None), bodies))


def outcome(client: Careful, body: dict[str, Any], key: str | None) -> dict[str, Any]:
    """What came of one operation, as the answer to a message tells it."""
    try:
        return {"record": client.create(body, key), "body": body}
    except Exception as error:
        names = ("status", "type", "code", "param", "retryable")
        told = {name: getattr(error, name, None) for name in names}
        text = "".join(traceback.format_exception(error))
        return {"error": {**told, "message": str(error), "text": text}, "body": body}


def answer(kind: type[Careful], message: dict[str, Any], log: list[str]) -> dict[str, Any]:
    """The answer to a message."""
    retries = message.get("maxRetries", 3)
    api_key = os.environ.get("LIGHTFIELD_API_KEY") or message["apiKey"]
    with kind(message["baseUrl"], api_key, message["timeout"], retries, message.get("waitScale", 1.0)) as client:
        client.log = log
        return {"id": message["id"], "applied": APPLIED, **answer_with(client, message)}


def answer_with(client: Careful, message: dict[str, Any]) -> dict[str, Any]:
    """What came of a message."""
    if "parallel" in message:
        return {"answers": client.create_all(message["parallel"])}
    body = copy.deepcopy(message["body"])
    if "nonFinite" not in message:
        return outcome(client, body, message.get("idempotencyKey"))
    group, key = message["nonFinite"].strip("/").split("/")
    body[group][key] = math.nan
    told = outcome(client, body, None)
    return {name: part for name, part in told.items() if name != "body"}  # which JSON could not tell


def main() -> None:
    """Answer messages until there are no more."""
    log: list[str] = []
    for line in sys.stdin:
        print(json.dumps(answer(Careful, json.loads(line), log)), flush=True)  # noqa: T201 - it speaks by lines
        sys.stderr.writelines(log)


if __name__ == "__main__":
    main()
