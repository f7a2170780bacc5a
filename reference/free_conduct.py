"""Freedoms of conduct: what a server that keeps the contract may do where the sources are silent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from ..spec import Contract
from .call import Answer, Call, Refusal
from .clock import Clock
from .definitions import Relationship
from .freedom import freedom
from .pipeline import Pipeline
from .settings import Settings
from .store import Record

__all__: list[str] = []


class _Mismatch(Pipeline):
    reuse_status = 409
    reuse_type = "idempotency_conflict"

    def __init__(self, contract: Contract, settings: Settings | None = None, clock: Clock | None = None) -> None:
        super().__init__(contract, settings, clock)
        self.bodies: dict[int, Any] = {}

    def complete(self, call: Call, answer: Answer) -> None:
        super().complete(call, answer)
        self.bodies[id(answer)] = call.payload

    def replay(self, call: Call, answer: Answer) -> Answer:
        if self.bodies.get(id(answer), call.payload) != call.payload:
            raise Refusal(
                self.reuse_status, self.reuse_type, "The key was used with another body.", "key_reused", "Idempotency-Key"
            )
        return super().replay(call, answer)


@freedom("other-body", "409")
class OtherBodyConflicts(_Mismatch):
    """A used key with another body is refused with a 409."""


@freedom("other-body", "422")
class OtherBodyUnprocessable(_Mismatch):
    """A used key with another body is refused with a 422."""

    reuse_status = 422
    reuse_type = "unprocessable_content"


@freedom("race", "wait")
class LateOnesWait(Pipeline):
    """A request whose key is in flight waits for the first one's answer."""

    async def create(self, call: Call) -> Answer:
        while True:
            try:
                return await super().create(call)
            except Refusal as refusal:
                if refusal.status != 409 or (entry := self.find_entry(call)) is None or entry.answer is not None:
                    raise
            await asyncio.sleep(0.002)


@freedom("index", "lags")
class Lags(Pipeline):
    """The list shows a record only after a while."""

    def __init__(self, contract: Contract, settings: Settings | None = None, clock: Clock | None = None) -> None:
        super().__init__(contract, settings, clock)
        self.saved: dict[str, float] = {}

    def save(self, call: Call, record: Record) -> Record:
        self.saved[record.id] = self.clock.now()
        return super().save(call, record)

    def listed(self, call: Call) -> Sequence[Record]:
        latest = self.clock.now() - 0.3
        return [record for record in super().listed(call) if self.saved.get(record.id, 0) <= latest]


@freedom("reading", "refused", rare=True)
class Unreadable(Pipeline):
    """Nothing can be read."""

    def authorize(self, call: Call) -> None:
        super().authorize(call)
        if call.role in ("list", "retrieve", "definitions"):
            raise Refusal(403, "forbidden", "Nothing can be read here.")


@freedom("validate", "missing")
class NoValidate(Pipeline):
    """The endpoint that tells what a key may do is not offered."""

    def validate_key(self, call: Call) -> Answer:  # noqa: ARG002 - of nobody
        raise Refusal(404, "not_found", "There is nothing at this path.")


@freedom("filter", "ignored")
class FilterIgnored(Pipeline):
    """The list does not filter, and says nothing."""

    def filter(self, call: Call, records: Sequence[Record]) -> Sequence[Record]:  # noqa: ARG002 - it does not
        return records


@freedom("filter", "refused")
class FilterRefused(Pipeline):
    """The list refuses to filter."""

    def filter(self, call: Call, records: Sequence[Record]) -> Sequence[Record]:
        if any(name.endswith("]") for name, _ in call.query):
            raise Refusal.bad_request("invalid_configuration", "Filters are not offered.")
        return records


@freedom("duplicates", "refused")
class DuplicatesRefused(Pipeline):
    """An ID that is given twice is refused."""

    def check_link(self, call: Call, relationship: Relationship, value: Any) -> None:
        super().check_link(call, relationship, value)
        if isinstance(value, list) and len(set(value)) < len(value):
            raise self.too_many_links(relationship)


@freedom("several", "first-kept")
class FirstKept(Pipeline):
    """Of several IDs for a relationship that holds one, the first is kept."""

    def check_link_count(self, relationship: Relationship, ids: tuple[str, ...]) -> None:
        super().check_link_count(relationship, ids[:1])

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        kinds = call.kind.relationships
        return {
            key: ids[:1] if kinds[key].cardinality == "has_one" else ids for key, ids in super().keep_links(call).items()
        }


class _UnknownId(Pipeline):
    unlinked_status = 404
    unlinked_type = "not_found"

    def refuse(self, call: Call, refusal: Refusal) -> Answer:
        if refusal.code in ("referenced_resource_missing", "relationship_entity_missing"):
            refusal.status, refusal.type = self.unlinked_status, self.unlinked_type
        return super().refuse(call, refusal)


@freedom("unknown-id", "404")
class UnknownIdNotFound(_UnknownId):
    """An ID that cannot be linked to is a 404."""


@freedom("unknown-id", "422")
class UnknownIdUnprocessable(_UnknownId):
    """An ID that cannot be linked to is a 422."""

    unlinked_status = 422
    unlinked_type = "unprocessable_content"


@freedom("order", "validate-first")
class ValidatesFirst(Pipeline):
    """A body is validated before its key is looked up."""

    def recall(self, call: Call) -> Answer | None:
        self.validate(call)
        return super().recall(call)


@freedom("unknown", "taken", seed_only=True)
class UnknownTaken(Pipeline):
    """Fields and relationships that no definition lists are ignored."""

    def check_unknown_field(self, call: Call, key: str) -> None: ...

    def check_unknown_relationship(self, call: Call, key: str) -> None: ...
