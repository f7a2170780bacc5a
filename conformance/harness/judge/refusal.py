"""What a refusal must be: a status that fits, an error that says why, and the right place."""

from __future__ import annotations

import re
from collections.abc import Collection

import jsonschema

from ....spec import Contract
from ....strategies import Breach
from ..wire.exchange import Exchange
from .judgement import Judgement, Judgements, judge

__all__ = ["judge_error", "judge_refusal", "names_place"]

_ANY_4XX = range(400, 500)
_BAD_BODY = (400, 422)
_FITTING: dict[str, Collection[int]] = {
    # Contract 11 lists the freedoms; whatever is not here is a bad body, for which 400 or 422 fits.
    "malformed": _ANY_4XX,
    "not-an-object": _ANY_4XX,
    "media-type": _ANY_4XX,
    "version": (400,),
    "key-too-long": (400, 431),
    "unknown-id": (400, 404, 422),
    "other-type": (400, 404, 422),
    "empty": (400, 404, 422),
    "other-organization": (400, 403, 404, 422),
}


def judge_refusal(
    contract: Contract, exchange: Exchange, breach: Breach, clause_of_5xx: str = "refusal:no-5xx"
) -> Judgements:
    """All that the refusal of a breach must be.

    Args:
        clause_of_5xx: the clause that a 5xx breaks; it is then the only one, for a crash says nothing of the rule.
    """
    if exchange.status >= 500:
        yield judge(clause_of_5xx, "a refusal, and no 5xx", False, f"answered {exchange.answer}")
        return
    clause = breach.clause or ""
    fitting = _FITTING.get(breach.rule, _BAD_BODY)
    told = "any 4xx" if fitting is _ANY_4XX else " or ".join(str(status) for status in fitting)
    expected = f"refused with {told}, because of {breach.rule} at {breach.place or 'the body'}"
    yield judge(clause, expected, exchange.status in fitting, f"answered {exchange.answer}")
    yield judge("refusal:no-5xx", "no 5xx", True, "")
    if breach.rule == "media-type":
        yield judge("media-type:status", "415", exchange.status == 415, f"answered {exchange.answer}")
    if exchange.refused:
        yield from judge_error(contract, exchange)
        yield from _judge_reason(contract, exchange, breach)


def judge_error(contract: Contract, exchange: Exchange) -> Judgements:
    """What every refusal's body must be, whatever it is about."""
    is_error = jsonschema.Draft202012Validator(contract.error_schema).is_valid(exchange.body)
    yield judge("refusal:error", "an error object with type and message", is_error, f"{exchange.text[:120]!r}")
    types = contract.error_types.get(exchange.status)
    if is_error and types:
        told = exchange.error.get("type")
        expected = f"type {' or '.join(types)} with a {exchange.status}"
        yield judge("refusal:type", expected, told in types, f"type {told!r}")


def _judge_reason(contract: Contract, exchange: Exchange, breach: Breach) -> Judgements:
    if not exchange.error:
        return
    if exchange.status == 400:
        yield _judge_code(contract, exchange, breach)
    param = exchange.error.get("param")
    # For a place in the body a 400 has to name it; a header's name, and any param of a 422, may be left out (contract 11).
    demanded = exchange.status == 400 and breach.place.startswith("/")
    has_place = bool(breach.place) and (demanded or isinstance(param, str))
    if has_place:
        held = isinstance(param, str) and names_place(param, breach.place)
        yield judge("refusal:place", f"param names {breach.place}", held, f"param {param!r}")


def _judge_code(contract: Contract, exchange: Exchange, breach: Breach) -> Judgement:
    code = exchange.error.get("code")
    codes = contract.error_codes.get(breach.rule)
    expected = f"code {' or '.join(codes)}" if codes else "some code"
    return judge("refusal:code", expected, bool(code) and (not codes or code in codes), f"code {code!r}")


def names_place(param: str, place: str) -> bool:
    """Whether a `param` names a place: `fields.$x`, `fields.x`, `/fields/$x` or `$x` for `/fields/$x` (contract 11).

    What lies deeper than the place names it as well, as in `relationships.$x[0]`. A header is compared without case.
    """
    if not place.startswith("/"):
        return param.strip().lower() == place.lower()
    wanted = _segments(place)
    named = _segments(param)
    return named[: len(wanted)] == wanted or named[:1] == wanted[-1:]


def _segments(path: str) -> list[str]:
    return [part.removeprefix("$") for part in re.split(r"[/.\[\]]+", path.strip()) if part]
