"""What answers must say of the rate limit, and what a 429 must leave alone (contract 4 and 6)."""

from __future__ import annotations

from ..wire.exchange import Exchange
from .judgement import Judgement, judge

__all__ = ["judge_key_kept", "judge_limit_headers", "judge_retry_after"]

_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


def judge_limit_headers(exchange: Exchange) -> Judgement:
    """The three headers, each a number."""
    bad = [name for name in _HEADERS if not _is_number(exchange.response_headers.get(name))]
    return judge("limits:headers", "three X-RateLimit headers, each a number", not bad, f"not a number: {', '.join(bad)}")


def judge_retry_after(exchange: Exchange) -> Judgement:
    """Each 429 on the way to the answer said when to come back."""
    told = f"{exchange.unreadable} of {exchange.limited} without a readable Retry-After"
    return judge("limits:retry-after", "Retry-After with each 429", not exchange.unreadable, told)


def judge_key_kept(exchange: Exchange) -> Judgement:
    """The retry of a create with a new key, after a 429, did not find the key used up."""
    kept = exchange.status != 409
    return judge("idempotency:rate-limited", "created after a 429", kept, f"answered {exchange.answer}")


def _is_number(text: str | None) -> bool:
    try:
        return float(text or "") >= 0
    except ValueError:
        return False
