"""What a refusal must be: a status that fits, an error that says why, and the right place; and what one says of a body."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from ....spec import Contract, Rule, error_form
from ....spec.pointer import get_at
from ....strategies import Breach
from ....strategies.schema import type_of
from ..wire.exchange import MISSING, Exchange
from .difference import quote_json, with_article
from .expectation import Expectation
from .judgement import Judgement, Judgements, Subject, judge

__all__ = [
    "SentBreach",
    "denies_listed",
    "is_ruling",
    "judge_caller",
    "judge_error",
    "judge_listed",
    "judge_nothing_revealed",
    "judge_refusal",
    "named_place",
    "names",
    "sign_of",
]

_INACTIVE = "relationship_entity_inactive"
_DENYING = ("referenced_resource_missing", "relationship_entity_missing", "invalid_type")

_ANY_4XX: Final = range(400, 500)
_BAD_BODY: Final = (400, 422)
_FITTING: Final[Mapping[str, Collection[int]]] = {
    # Contract 11 lists what is permitted; whatever is not here is a bad body, for which 400 or 422 fits.
    Rule.MALFORMED: _ANY_4XX,
    Rule.NOT_AN_OBJECT: _ANY_4XX,
    Rule.MEDIA_TYPE: _ANY_4XX,
    Rule.VERSION: (400,),
    Rule.KEY_TOO_LONG: (400, 431),
    Rule.UNKNOWN_ID: (400, 404, 422),
    Rule.OTHER_TYPE: (400, 404, 422),
    Rule.EMPTY: (400, 404, 422),
    Rule.OTHER_ORGANIZATION: (400, 403, 404, 422),
}
_NO_CRASH: Final = "refusal:no-5xx"


@dataclasses.dataclass(frozen=True)
class SentBreach:
    """A breach that was sent.

    Attributes:
        exchange: what came of it.
        control: the exchange that showed the target to accept the same body without the breach, if any of this process did.
    """

    breach: Breach
    exchange: Exchange
    control: Exchange | None = None


def judge_refusal(contract: Contract, exchange: Exchange, breach: Breach, about: Subject) -> Judgements:
    """Judge all that the refusal of a breach must be.

    A 5xx is the only thing that is judged of an answer: a crash says nothing of the rule.

    Args:
        about: the breach, as a subject.
    """
    clause = breach.clause or ""
    observed = f"answered {exchange.answer}"
    due = _due(_FITTING.get(breach.rule, _BAD_BODY))
    if exchange.status >= 500:
        expected = "a refusal, and no 5xx"
        crash = Expectation.REFUSED_WITHOUT_CRASH
        yield judge(crash, _NO_CRASH, expected, False, observed, touched=(clause,), due=due, subject=about)
        return
    fits = exchange.status in _FITTING.get(breach.rule, _BAD_BODY)
    words = "any 4xx" if due == ("4xx",) else " or ".join(due)
    expected = f"refused with {words}, because of {breach.rule} at {breach.place or 'the body'}"
    yield judge(Expectation.REFUSED, clause, expected, fits, observed, due=due, subject=about)
    yield judge(Expectation.REFUSED_WITHOUT_CRASH, _NO_CRASH, "no 5xx", True, "")
    if clause == "media-type:refused":
        fits = exchange.status == 415
        due = ("415",)
        status = Expectation.MEDIA_TYPE_STATUS
        yield judge(status, "media-type:status", "415", fits, observed, due=due, subject=about)
    if exchange.refused:
        yield from judge_error(contract, exchange, about)
        yield from _judge_reason(contract, exchange, breach, about)


def judge_caller(contract: Contract, exchange: Exchange, clause: str, exact: str, status: int, about: Subject) -> Judgements:
    """Judge the refusal of a caller who may not create.

    Args:
        clause: says that there is one, with 401 or 403.
        exact: says which of the two it is, which is `status`.
    """
    held, expected, observed = exchange.status in (401, 403), "refused with 401 or 403", f"answered {exchange.answer}"
    yield judge(Expectation.CALLER_REFUSED, clause, expected, held, observed, due=("401", "403"), subject=about)
    if exchange.refused:
        held, expected = exchange.status == status, f"refused with {status}"
        yield judge(Expectation.CALLER_STATUS, exact, expected, held, observed, due=(str(status),), subject=about)
        yield from judge_error(contract, exchange, about)


def judge_nothing_revealed(exchange: Exchange, clause: str, texts: Sequence[str]) -> Judgement:
    """Judge whether an answer holds none of some texts of another organization."""
    shown = [text for text in texts if text and text in exchange.text]
    expected, observed = "nothing of what it may not see", f"the answer holds {quote_json(shown)}"
    return judge(Expectation.NOTHING_REVEALED, clause, expected, not shown, observed, symptom="what it may not see")


def judge_listed(exchange: Exchange, clause: str, about: Subject) -> Judgement:
    """Judge a create with a listed thing or option whose refusal is not a rule of the organization about it (contract 11).

    Args:
        about: the place at which it stands.
    """
    expected, observed = "what the target lists is taken, by each of its names", f"answered {exchange.answer}"
    due = ("200", "201")
    return judge(Expectation.LISTED_TAKEN, clause, expected, exchange.accepted, observed, due=due, subject=about)


def judge_error(contract: Contract, exchange: Exchange, about: Subject) -> Judgements:
    """Judge what every refusal's body must be, whatever it is about."""
    is_error = contract.is_error(exchange.body)
    expected, observed = "an error object with type and message", quote_json(exchange.text, 120)
    symptom = "" if is_error else _describe_body(exchange)
    yield judge(Expectation.ERROR_FORM, "refusal:error", expected, is_error, observed, symptom=symptom, subject=about)
    types = contract.error_types.get(exchange.status)
    error = error_form.read_error(exchange.body)
    if is_error and error:
        held = bool(str(error.message).strip())
        yield judge(Expectation.MESSAGE_SAYS, "refusal:message", "a message that says something", held, '""', subject=about)
    if is_error and types and error:
        expected = f"type {' or '.join(types)} with a {exchange.status}"
        held, observed = error.type in types, f"type {quote_json(error.type)}"
        yield judge(Expectation.ERROR_TYPE, "refusal:type", expected, held, observed, symptom=observed, subject=about)


def _judge_reason(contract: Contract, exchange: Exchange, breach: Breach, about: Subject) -> Judgements:
    error = error_form.read_error(exchange.body)
    if error is None:
        return
    if exchange.status == 400:
        yield _judge_code(contract, breach, error.code, about)
    # For a place in the body a 400 has to name it; a header's name, and any param of a 422, may be left out (contract 11).
    demanded = exchange.status == 400 and breach.place.startswith("/")
    if breach.place and (demanded or isinstance(error.param, str)):
        held = isinstance(error.param, str) and error_form.names_place(error.param, breach.place)
        observed = f"param {quote_json(error.param)}" if error.param is not None else "no param"
        expected, kind = f"param names {breach.place}", Expectation.ERROR_PLACE
        yield judge(kind, "refusal:place", expected, held, observed, symptom=observed, subject=about)


def _judge_code(contract: Contract, breach: Breach, code: object, about: Subject) -> Judgement:
    linked = get_at(breach.body, breach.place, None) if breach.rule == Rule.UNKNOWN_ID else None
    # A relationship may hold one ID, so two of them can be what is wrong.
    several = isinstance(linked, list) and len(linked) > 1
    codes = () if several else contract.error_codes.get(Rule(breach.rule))
    expected = f"code {' or '.join(codes)}" if codes else "some code"
    # The list is open, but a listed code is written as it is listed.
    respelled = isinstance(code, str) and code not in contract.codes and code.lower() in contract.codes
    held = bool(code) and not respelled and (code in codes if codes else not _of_unknown_key(contract, breach, code))
    observed = f"code {quote_json(code)}" if code is not None else "no code"
    return judge(Expectation.ERROR_CODE, "refusal:code", expected, held, observed, symptom=observed, subject=about)


def _of_unknown_key(contract: Contract, breach: Breach, code: object) -> bool:
    """Whether a code says that a key is unknown, of a value at one that is known."""
    known = breach.rule in (Rule.NULL, Rule.EMPTY, Rule.EMPTY_ARRAY, Rule.CUSTOM_TYPE)
    unknown = [contract.error_codes.get(rule, ()) for rule in (Rule.UNKNOWN_FIELD, Rule.UNKNOWN_RELATIONSHIP)]
    return known and any(code in codes for codes in unknown)


def _describe_body(exchange: Exchange) -> str:
    """What stands where an error object is due, in words that hold for any run."""
    if exchange.body is MISSING:
        return "no JSON" if exchange.text else "no body"
    if not isinstance(exchange.body, dict):
        return with_article(type_of(exchange.body))
    error = error_form.read_error(exchange.body)
    if error is None:
        held = ", ".join(f"{with_article(type_of(value))} at `{name}`" for name, value in list(exchange.body.items())[:4])
        return f"an object with {held or 'nothing in it'}"
    return (
        " and ".join(
            f"no {name}" if held is None else f"{with_article(type_of(held))} for its {name}"
            for name, held in (
                ("type", error.type),
                ("message", error.message),
                ("code", error.code),
                ("param", error.param),
            )
            if not isinstance(held, str) and (held is not None or name in ("type", "message"))
        )
        or "an error that is not as documented"
    )


def _due(statuses: Collection[int]) -> tuple[str, ...]:
    return ("4xx",) if statuses is _ANY_4XX else tuple(str(status) for status in statuses)


def is_ruling(answer: Exchange) -> bool:
    """Return whether it can be a rule of the organization's own about a thing, an option or an attribute (contract 11)."""
    code = _error(answer)[0]
    return (answer.status == 422 and code not in _DENYING) or (answer.status == 400 and code == _INACTIVE)


def denies_listed(answer: Exchange) -> bool:
    """Return whether it says of something in the body that it does not exist, or is of another type."""
    return answer.refused and (answer.status == 404 or _error(answer)[0] in _DENYING)


def named_place(answer: Exchange) -> str:
    """Return the `param` of its error; "" where it names no place."""
    param = _error(answer)[1]
    return param if isinstance(param, str) else ""


def names(answer: Exchange, pointer: str) -> bool:
    """Return whether its error names a place."""
    return error_form.names_place(named_place(answer), pointer)


def sign_of(answer: Exchange) -> tuple[Any, ...]:
    """Return what tells one refusal from another."""
    return answer.status, *_error(answer)


def _error(answer: Exchange) -> tuple[Any, Any, Any]:
    error = error_form.read_error(answer.body)
    return (error.code, error.param, error.message) if error else (None, None, None)
