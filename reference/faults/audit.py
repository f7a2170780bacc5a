"""Faults that only the audit sees: records that were answered and are not there, and records that were not asked for."""

from __future__ import annotations

import asyncio

from ...spec.profile import ID
from ..answers import JsonAnswer
from ..definitions import Field
from ..idempotency import KEY_HEADER
from ..steps import Call
from ..store import Record
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("success:stored")
class NotStored(Fault):
    """A create is answered, and nothing is stored."""

    def save(self, call: Call, record: Record) -> Record:  # noqa: ARG002 - it is not stored
        return record


@breaks("success:stored")
class NotStoredAtTimes(Fault):
    """Every tenth create is answered, and nothing is stored."""

    def save(self, call: Call, record: Record) -> Record:
        return record if self.every(10) else super().save(call, record)


@breaks("success:stored")
class NotStoredWithLinks(Fault):
    """A create that sets every optional relationship is answered, and nothing is stored."""

    def save(self, call: Call, record: Record) -> Record:
        optional = {place.key for place in self.contract.link_places if not place.required and not place.read_only}
        return record if optional <= set(record.links) else super().save(call, record)


@breaks("success:stored")
class NotStoredUnderShortKeys(Fault):
    """A create whose key has less than ten characters is answered, and nothing is stored."""

    def save(self, call: Call, record: Record) -> Record:
        return record if 0 < len(call.headers.get(KEY_HEADER, "")) < 10 else super().save(call, record)


@breaks("success:stored")
class VanishesLater(Fault):
    """A record is gone a moment after it was made."""

    def save(self, call: Call, record: Record) -> Record:
        def vanish() -> None:
            call.organization.index.pop(record.id, None)
            call.organization.records[record.object_type].remove(record)

        asyncio.get_running_loop().call_later(0.1, vanish)
        return super().save(call, record)


@breaks("success:stored")
class StoredWithoutLinks(Fault):
    """The response shows the links, and the stored record has none."""

    def created(self, call: Call, record: Record) -> JsonAnswer:
        answer = super().created(call, record)
        record.links = {}
        return answer


@breaks("success:stored")
class NotRetrieved(Fault):
    """A record stands in the list, and cannot be retrieved."""

    def find_record(self, call: Call) -> Record | None:
        return None if call.role == "retrieve" else super().find_record(call)


@breaks("success:stored")
class StoredUnderAnotherId(Fault):
    """The response shows another ID than the one under which the record is stored."""

    def created(self, call: Call, record: Record) -> JsonAnswer:
        answer = super().created(call, record)
        return JsonAnswer(answer.status, {**answer.body, ID: self.store.new_id(call.organization, call.resource)})


@breaks("success:once")
class MakesTwo(Fault):
    """Every create makes two records."""

    def save(self, call: Call, record: Record) -> Record:
        super().save(call, self.make_record(call))
        return super().save(call, record)


@breaks("success:once")
class MakesTwoAtTimes(Fault):
    """Every tenth create makes two records."""

    def save(self, call: Call, record: Record) -> Record:
        if self.every(10):
            super().save(call, self.make_record(call))
        return super().save(call, record)


@breaks("success:once")
class MakesTwoLater(Fault):
    """A second record appears a moment after a create without a key."""

    def save(self, call: Call, record: Record) -> Record:
        if call.claim is None:
            asyncio.get_running_loop().call_later(0.1, super().save, call, self.make_record(call))
        return super().save(call, record)


@breaks("success:once")
class MakesTwoOfArrays(Fault):
    """A create with an array of IDs in it makes two records."""

    def save(self, call: Call, record: Record) -> Record:
        if any(isinstance(value, list) for value in call.sent_links.values()):
            super().save(call, self.make_record(call))
        return super().save(call, record)


@breaks("success:once")
class MakesTwoBeyondBmp(Fault):
    """A create with a character beyond the basic plane makes two records."""

    def save(self, call: Call, record: Record) -> Record:
        if any(isinstance(value, str) and max(value, default="") > "\uffff" for value in record.fields.values()):
            super().save(call, self.make_record(call))
        return super().save(call, record)


@breaks("success:once")
class MakesTwoOfLabels(Fault):
    """A create that names an option by its label makes two records."""

    def save(self, call: Call, record: Record) -> Record:
        if any(field.options and field.system and self.labelled(call, field) for field in call.resource.fields.values()):
            super().save(call, self.make_record(call))
        return super().save(call, record)

    def labelled(self, call: Call, field: Field) -> bool:
        """Return whether the body names an option of the field by its label."""
        return call.sent_values.get(field.key) in [option.label for option in field.options]


@breaks("success:once")
class MakesTwoOfLongTexts(Fault):
    """A create with a text of 100 characters or more makes two records."""

    def save(self, call: Call, record: Record) -> Record:
        if any(isinstance(value, str) and len(value) >= 100 for value in record.fields.values()):
            super().save(call, self.make_record(call))
        return super().save(call, record)


@breaks("success:once")
class MakesTwoForCustom(Fault):
    """A create that sets a custom attribute makes two records."""

    def save(self, call: Call, record: Record) -> Record:
        if any(not call.resource.fields[key].system for key in call.sent_values):
            super().save(call, self.make_record(call))
        return super().save(call, record)
