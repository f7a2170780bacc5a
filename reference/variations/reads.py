"""Variations of the reads: what can be read, what the list shows, and what it filters."""

from __future__ import annotations

from collections.abc import Sequence

from ...spec import profile
from ..answers import JsonAnswer, Refusal
from ..steps import Call
from ..store import Record
from .variation import Variation, permitted

__all__: list[str] = []


@permitted("index", "lags")
class IndexLags(Variation):
    """The list shows a record only after a while."""

    def prepare(self) -> None:
        super().prepare()
        self.saved: dict[str, float] = {}

    def save(self, call: Call, record: Record) -> Record:
        self.saved[record.id] = self.clock.now()
        return super().save(call, record)

    def listed(self, call: Call) -> Sequence[Record]:
        latest = self.clock.now() - 0.3
        return [record for record in super().listed(call) if self.saved.get(record.id, 0) <= latest]


@permitted("reading", "refused", rare=True)
class ReadingRefused(Variation):
    """No record and no definition can be read."""

    def authorize(self, call: Call) -> None:
        super().authorize(call)
        if call.role in ("list", "retrieve", "definitions"):
            raise Refusal(403, "forbidden", "Nothing can be read here.")


@permitted("reading", "absent", rare=True)
class ReadingAbsent(Variation):
    """The endpoint has no reads: not of records, and not of definitions."""

    def admit(self, call: Call) -> None:
        super().admit(call)
        if call.role in ("list", "retrieve", "definitions") and call.collection == self.contract.collection:
            raise Refusal(404, "not_found", "There is nothing at this path.")


@permitted("pages", "short")
class PagesShort(Variation):
    """A page of the list holds five records, whatever was asked for."""

    def read_number(self, call: Call, name: str, least: int, most: int, usual: int) -> int:
        number = super().read_number(call, name, least, most, usual)
        return min(number, 5) if name == profile.LIMIT else number


@permitted("validate", "missing")
class ValidateMissing(Variation):
    """The endpoint that says what a key may do is not offered."""

    def validate_key(self, call: Call) -> JsonAnswer:  # noqa: ARG002 - of any key
        raise Refusal(404, "not_found", "There is nothing at this path.")


@permitted("filter", "ignored")
class FilterIgnored(Variation):
    """The list does not filter, and gives no hint of that."""

    def filter(self, call: Call, records: Sequence[Record]) -> Sequence[Record]:  # noqa: ARG002 - it does not
        return records


@permitted("filter", "refused")
class FilterRefused(Variation):
    """The list refuses to filter."""

    def filter(self, call: Call, records: Sequence[Record]) -> Sequence[Record]:
        if any(name.endswith("]") for name, _ in call.query):
            raise Refusal.bad_request("invalid_configuration", "Filters are not offered.")
        return records
