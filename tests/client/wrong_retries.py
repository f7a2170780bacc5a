"""Clients that send again when they should not, too soon, too often, or make more records than one."""

from __future__ import annotations

import email.utils
import time
from typing import Any

import httpx
from careful import ApiError, Careful
from wrong import breaks

__all__: list[str] = []


class Keyless(Careful):
    """Sends no key, so that whatever it repeats may make another record."""

    def choose_key(self, _body: dict[str, Any], _key: str | None) -> str | None:
        return None


@breaks("retries:refused", "refused-422")
class RetriesEverything(Careful):
    def worth_a_retry(self, _status: int, _told: dict[str, Any]) -> bool:
        return True


@breaks("retries:refused", "refused-401")
class RetriesUnauthorized(Careful):
    def worth_a_retry(self, status: int, told: dict[str, Any]) -> bool:
        return status == 401 or super().worth_a_retry(status, told)


@breaks("retries:refused", "refused-404")
class RetriesNotFound(Careful):
    def worth_a_retry(self, status: int, told: dict[str, Any]) -> bool:
        return status == 404 or super().worth_a_retry(status, told)


@breaks("retries:conflict", "conflict")
class RetriesConflict(Careful):
    def worth_a_retry(self, status: int, told: dict[str, Any]) -> bool:
        return status == 409 or super().worth_a_retry(status, told)


@breaks("retries:conflict", "conflict")
class RetriesConflictWithoutKey(Keyless):
    def worth_a_retry(self, status: int, told: dict[str, Any]) -> bool:
        return status == 409 or super().worth_a_retry(status, told)


@breaks("retries:retry-after", "retry-after")
class IgnoresRetryAfter(Careful):
    first_wait = 0.1

    def asked_to_wait(self, _text: str | None) -> float | None:
        return None


@breaks("retries:retry-after", "retry-after-503")
class RetryAfterOf429Only(Careful):
    first_wait = 0.1

    def refused(self, status: int, headers: httpx.Headers, answer: bytes) -> ApiError:
        return super().refused(status, headers if status == 429 else httpx.Headers(), answer)


@breaks("retries:retry-after", "retry-after")
class TakesMilliseconds(Careful):
    def asked_to_wait(self, text: str | None) -> float | None:
        found = super().asked_to_wait(text)
        return found / 1000 if found is not None else None


@breaks("retries:retry-after-long", "retry-after-long")
class IgnoresLongWait(Careful):
    first_wait = 0.1

    def asked_to_wait(self, text: str | None) -> float | None:
        found = super().asked_to_wait(text)
        return found if found is None or found <= 60 else None


@breaks("retries:retry-after-long", "retry-after-long")
class CapsLongWait(Careful):
    def asked_to_wait(self, text: str | None) -> float | None:
        found = super().asked_to_wait(text)
        return min(found, 2.0) if found is not None else None


@breaks("retries:retry-after-date", "retry-after-date")
class IgnoresDate(Careful):
    first_wait = 0.1

    def asked_to_wait(self, text: str | None) -> float | None:
        return float(text) if text and text.isdigit() else None


@breaks("retries:retry-after-date", "retry-after-date")
class DateInLocalTime(Careful):
    def asked_to_wait(self, text: str | None) -> float | None:
        if not text or text.isdigit():
            return super().asked_to_wait(text)
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - 3600 - time.time())


@breaks("retries:retry-after-unreadable", "retry-after-negative")
class SleepsNegative(Careful):
    def asked_to_wait(self, text: str | None) -> float | None:
        return float(text) if text and text.lstrip("-").isdigit() else super().asked_to_wait(text)


@breaks("retries:retry-after-unreadable", "retry-after-garbled")
class CrashesOnGarbled(Careful):
    def asked_to_wait(self, text: str | None) -> float | None:
        return float(text) if text is not None else None


@breaks("retries:retry-after-unreadable", "retry-after-absent")
class CrashesOnAbsent(Careful):
    def asked_to_wait(self, text: str | None) -> float | None:
        return super().asked_to_wait(str(text)) if text is not None else float(None)  # type: ignore[arg-type]


@breaks("retries:retry-after-unreadable", "retry-after-garbled")
class WaitsForEver(Careful):
    longest_wait = 1000.0

    def asked_to_wait(self, text: str | None) -> float | None:
        return super().asked_to_wait(text) if text is None or text.isdigit() else 50.0 / self.wait_scale


class _Backoff(Careful):
    def backoff(self, _attempt: int) -> float:
        return 0.0


@breaks("retries:backoff", "backoff")
class NoBackoff(_Backoff):
    pass


@breaks("retries:backoff", "backoff")
class BackoffInMilliseconds(Careful):
    def backoff(self, attempt: int) -> float:
        return super().backoff(attempt) / 1000


@breaks("retries:jitter", "backoff")
class NoJitter(Careful):
    def backoff(self, attempt: int) -> float:
        doubled: float = self.first_wait * 2**attempt
        return doubled


@breaks("retries:jitter", "backoff")
class SameJitter(Careful):
    def backoff(self, _attempt: int) -> float:
        return 0.4321


@breaks("retries:bounded", "unavailable")
class RetriesForEver(Careful):
    first_wait = 0.01

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.max_retries = 10**9

    def backoff(self, _attempt: int) -> float:
        return 0.01


@breaks("retries:bounded", "over-limit")
class RetriesAHundredTimes(Careful):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.max_retries = 100

    def sleep(self, _seconds: float) -> None:
        time.sleep(0.001)


@breaks("retries:lost-answer", "lost-answer")
class LosesWithoutKey(Keyless):
    pass


@breaks("retries:lost-answer", "lost-answer")
class ResendsLostWithNewKey(Careful):
    def attempt(self, content: bytes, key: str | None, number: int) -> Any:
        return super().attempt(content, f"{key}-{number}", number)


@breaks("retries:cut-answer", "cut-answer")
class CutWithoutKey(Keyless):
    pass


@breaks("retries:cut-answer", "cut-answer")
class ResendsCutWithNewKey(Careful):
    def attempt(self, content: bytes, key: str | None, number: int) -> Any:
        return super().attempt(content, f"{number}-{key}", number)


@breaks("retries:no-answer", "no-answer")
class UnansweredWithoutKey(Keyless):
    pass


@breaks("retries:no-answer", "no-answer")
class ResendsUnansweredWithNewKey(Careful):
    def attempt(self, content: bytes, _key: str | None, number: int) -> Any:
        return super().attempt(content, self.fresh_key({}), number)


@breaks("retries:failed-answer", "gateway-answer")
class GatewayWithoutKey(Keyless):
    pass


@breaks("retries:failed-answer", "failed-answer")
class FailedWithoutKey(Keyless):
    pass


@breaks("retries:failed-answer", "unreadable-answer")
class UnreadableWithoutKey(Keyless):
    pass


@breaks("retries:last-status", "unavailable")
class TooManyRetries(Careful):
    def create(self, body: dict[str, Any], key: str | None = None) -> Any:
        try:
            return super().create(body, key)
        except ApiError as error:
            raise ApiError("too many retries") from error


@breaks("retries:last-status", "over-limit")
class TellsServerError(Careful):
    def create(self, body: dict[str, Any], key: str | None = None) -> Any:
        try:
            return super().create(body, key)
        except ApiError as error:
            error.status = 500 if error.status == 429 else error.status
            raise
