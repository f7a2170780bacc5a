"""Variations of records: the status of a create, IDs, times, options, unset members, and members beyond the documented."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from typing import Any

from ...spec.profile import VALUE, VALUES
from ..answers import Refusal
from ..definitions import Field, Relationship
from ..steps import Call
from ..store import Record
from .variation import Variation, permitted

__all__: list[str] = []


@permitted("status", "201", endpoint_only=True)
class SuccessIs201(Variation):
    """A success is a 201."""

    def created_status(self) -> int:
        return 201


@permitted("cardinality", "upper-case")
class UpperCaseCardinality(Variation):
    """Cardinalities are in upper case, as in definitions."""

    def render_cardinality(self, relationship: Relationship) -> str:
        return super().render_cardinality(relationship).upper()


@permitted("options", "labels")
class OptionsByLabel(Variation):
    """The value of a select is the option's label."""

    def render_option(self, field: Field, option_id: str) -> str:
        return next((option.label for option in field.options if option.id == option_id), option_id)


@permitted("options", "as-sent")
class OptionsAsSent(Variation):
    """The value of a select is what was sent: the option's ID, or its label."""

    def keep_option(self, field: Field, text: Any) -> Any:  # noqa: ARG002 - of any select
        return text


@permitted("unset", "absent")
class UnsetIsAbsent(Variation):
    """What is not set is not in the record."""

    def render_fields(self, call: Call, record: Record) -> dict[str, Any]:
        return {key: entry for key, entry in super().render_fields(call, record).items() if entry[VALUE] is not None}

    def render_relationships(self, call: Call, record: Record) -> dict[str, Any]:
        return {key: entry for key, entry in super().render_relationships(call, record).items() if entry[VALUES]}


@permitted("members", "more")
class MoreMembers(Variation):
    """Records, their fields and errors have members beyond the documented ones."""

    def render(self, call: Call, record: Record) -> dict[str, Any]:
        return {**super().render(call, record), "updatedAt": self.render_time(record.created), "externalId": None}

    def render_field(self, call: Call, record: Record, field: Field) -> dict[str, Any]:
        return {**super().render_field(call, record, field), "label": field.label}

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        return {**super().error_object(refusal), "requestId": "req_1", "details": []}


@permitted("http-link", "null")
class HttpLinkIsNull(Variation):
    """A record has no link."""

    def render_link(self, record: Record) -> None:  # noqa: ARG002 - there is none
        return None


class _TimeSpelled(Variation):
    """Spells timestamps in another way."""

    hours = 0
    unit = "seconds"

    def render_time(self, seconds: float) -> str:
        zone = datetime.timezone(datetime.timedelta(hours=self.hours))
        return datetime.datetime.fromtimestamp(seconds, zone).isoformat(timespec=self.unit)


@permitted("time", "offset")
class TimeWithOffset(_TimeSpelled):
    """Timestamps are in another time zone, with its offset."""

    hours = 2


@permitted("time", "microseconds")
class TimeInMicroseconds(_TimeSpelled):
    """Timestamps have six digits of a second."""

    unit = "microseconds"


@permitted("id", "uuid")
class IdIsUuid(Variation):
    """IDs are UUIDs."""

    def make_record(self, call: Call) -> Record:
        record = super().make_record(call)
        return dataclasses.replace(record, id=str(uuid.uuid5(uuid.NAMESPACE_OID, record.id)))


@permitted("id", "digits")
class IdIsDigits(Variation):
    """IDs are strings of digits."""

    def make_record(self, call: Call) -> Record:
        record = super().make_record(call)
        return dataclasses.replace(record, id=str(uuid.uuid5(uuid.NAMESPACE_OID, record.id).int))
