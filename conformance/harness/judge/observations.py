"""What answers show of the choices that the contract leaves (contract 11): recorded, never judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....spec import Contract, error_form, profile
from ....spec.pointer import ABSENT
from ....strategies import Breach, Workspace
from ..wire.exchange import Exchange
from .subject import known_options

__all__ = ["see_refusal", "see_success"]


def see_success(contract: Contract, workspace: Workspace, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Yield points and what was seen of them, in the answer to an accepted create."""
    yield "status of a success", str(exchange.status)
    sent = {pointer for pointer, _ in profile.sent_members(exchange.sent)}
    shown = list(profile.answered_values(exchange.body))
    for item in shown:
        if item.value in (None, ABSENT) and item.pointer not in sent:
            yield "a field that was not sent", "present, with null"
        if item.pointer in sent and (spelled := _spelling(workspace, item.pointer, item.value)):
            yield "a select in the response", spelled
    if all(item.pointer in sent for item in shown):
        yield "a field that was not sent", "absent"
    for links in profile.answered_links(exchange.body):
        if isinstance(links.cardinality, str):
            yield "spelling of cardinality", "upper case" if links.cardinality.isupper() else "lower case"
    known = contract.create.response_schema.get("properties", {})
    for name in exchange.body if isinstance(exchange.body, dict) else ():
        if name not in known:
            yield "members besides the documented ones", str(name)[:40]


def see_refusal(exchange: Exchange, breach: Breach) -> Iterator[tuple[str, str]]:
    """Yield points and what was seen of them, in the refusal of a breach."""
    if error := error_form.read_error(exchange.body):
        yield "form of an error", "in its wrapper" if error.wrapped else "without its wrapper"
    yield f"status of a refusal: {breach.rule}", str(exchange.status)


def _spelling(workspace: Workspace, pointer: str, value: Any) -> str:
    for option in known_options(workspace, pointer):
        if isinstance(value, str) and value in (option.id, option.label):
            return "its ID" if value == option.id else "its label"
    return ""
