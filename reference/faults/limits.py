"""Faults of the rate limit: headers that are missing or no numbers, and a 429 that does not say when to come back."""

from __future__ import annotations

from starlette.responses import Response

from ..answers import JsonAnswer, Refusal
from ..limits import Quota
from ..pipeline import http_date
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("limits:headers")
class NoLimitHeaders(Fault):
    """No answer announces the rate limit."""

    def rate_headers(self, call: Call) -> dict[str, str]:  # noqa: ARG002 - whatever is left
        return {}


@breaks("limits:headers")
class NoReset(Fault):
    """No answer says when the rate limit is reset."""

    def rate_headers(self, call: Call) -> dict[str, str]:
        return {name: value for name, value in super().rate_headers(call).items() if not name.endswith("Reset")}


@breaks("limits:headers")
class ResetIsDate(Fault):
    """The reset of the rate limit is a date in words."""

    def rate_headers(self, call: Call) -> dict[str, str]:
        return {**super().rate_headers(call), **({"X-RateLimit-Reset": http_date(call.quota.reset)} if call.quota else {})}


@breaks("limits:headers")
class NoLimitOnRefusals(Fault):
    """A refusal does not announce the rate limit."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        if answer.status >= 400:
            call.quota = None
        return super().finish(call, answer)


@breaks("limits:headers")
class NoLimitOnForbidden(Fault):
    """A 403 does not announce the rate limit."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        if answer.status == 403:
            call.quota = None
        return super().finish(call, answer)


@breaks("limits:headers")
class NoLimitOnReads(Fault):
    """A read does not announce the rate limit."""

    def rate_headers(self, call: Call) -> dict[str, str]:
        return super().rate_headers(call) if call.operation.method != "GET" else {}


@breaks("limits:headers")
class NoLimitOnReplays(Fault):
    """A replay does not announce the rate limit."""

    def replay(self, call: Call, answer: JsonAnswer) -> JsonAnswer:
        call.quota = None
        return super().replay(call, answer)


@breaks("limits:headers")
class NoLimitAtTimes(Fault):
    """Every tenth answer does not announce the rate limit."""

    def rate_headers(self, call: Call) -> dict[str, str]:
        return {} if self.every(10) else super().rate_headers(call)


class _Limited(Fault):
    """Answers the tenth create with a 429."""

    retry_after = ""

    def limit_rate(self, call: Call) -> None:
        super().limit_rate(call)
        if call.role == "create" and next(self._times) == 10 and call.quota is not None:
            raise self.too_many(call, call.quota)

    def too_many(self, call: Call, quota: Quota) -> Refusal:
        refusal = super().too_many(call, quota)
        refusal.headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        return refusal


@breaks("limits:retry-after")
class NoRetryAfter(_Limited):
    """A 429 does not say when to come back."""


@breaks("limits:retry-after")
class RetryAfterInWords(_Limited):
    """A 429 says in words when to come back."""

    retry_after = "in a second"


@breaks("limits:status", limited=True)
class OverLimitIsForbidden(Fault):
    """What is over the limit is refused with a 403."""

    def too_many(self, call: Call, quota: Quota) -> Refusal:
        return Refusal(403, "forbidden", super().too_many(call, quota).message)


@breaks("limits:separate", limited=True)
class OneLimitForAll(Fault):
    """Creates and lists count against one limit."""

    def category(self, call: Call) -> str:
        return "Write" if call.role == "list" else super().category(call)


@breaks("limits:separate", limited=True)
class LimitOfAllOrganizations(Fault):
    """The creates of all organizations count against one limit."""

    def limit_rate(self, call: Call) -> None:
        own, everyone = call.organization, next(iter(self.store.organizations.values()))
        call.organization = everyone if call.role == "create" else own
        try:
            super().limit_rate(call)
        finally:
            call.organization = own
