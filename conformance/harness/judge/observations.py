"""What answers show of the choices that the contract leaves (contract 11): recorded, never judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....spec import Contract
from ....strategies import Breach, Workspace
from ..wire.exchange import Exchange

__all__ = ["see_refusal", "see_success"]


def see_success(contract: Contract, workspace: Workspace, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Points and what was seen of them, in the answer to an accepted create."""
    yield "status of a success", str(exchange.status)
    fields, links = (_entries(exchange.body, group) for group in ("fields", "relationships"))
    sent = (exchange.sent.get("fields") or {}) if isinstance(exchange.sent, dict) else {}
    for key, entry in fields.items():
        if entry.get("value") is None and key not in sent:
            yield "a field that was not sent", "present, with null"
        if key in sent and (spelled := _spelling(workspace, key, entry.get("value"))):
            yield "a select in the response", spelled
    if not any(key not in sent for key in fields):
        yield "a field that was not sent", "absent"
    for entry in links.values():
        cardinality = entry.get("cardinality")
        if isinstance(cardinality, str):
            yield "spelling of cardinality", "upper case" if cardinality.isupper() else "lower case"
    known = contract.create.response_schema.get("properties", {})
    for name in exchange.body if isinstance(exchange.body, dict) else ():
        if name not in known:
            yield "members besides the documented ones", str(name)[:40]


def see_refusal(exchange: Exchange, breach: Breach) -> Iterator[tuple[str, str]]:
    """Points and what was seen of them, in the refusal of a breach."""
    if exchange.error:
        wrapped = isinstance(exchange.body, dict) and isinstance(exchange.body.get("error"), dict)
        yield "form of an error", "in its wrapper" if wrapped else "without its wrapper"
    yield f"status of a refusal: {breach.rule}", str(exchange.status)


def _entries(body: Any, group: str) -> dict[str, dict[str, Any]]:
    entries = body.get(group) if isinstance(body, dict) else None
    return {key: entry for key, entry in entries.items() if isinstance(entry, dict)} if isinstance(entries, dict) else {}


def _spelling(workspace: Workspace, key: str, value: Any) -> str:
    defined = workspace.fields.get(key)
    for option in defined.options if defined else ():
        if isinstance(value, str) and value in (option.id, option.label):
            return "its ID" if value == option.id else "its label"
    return ""
