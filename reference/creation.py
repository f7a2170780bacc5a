"""The steps from a checked body to a stored record."""

from __future__ import annotations

import asyncio
from typing import Any

from .definitions import Field
from .steps import Call
from .store import Record
from .validation import Validation
from .value_types import Select, codec_of

__all__ = ["Creation"]


class Creation(Validation):
    """The steps that make a record. They take any body, so that a fault may store what should be refused."""

    async def work(self, call: Call) -> None:  # noqa: ARG002 - a fault looks at the call
        """Do what takes time in a creation: other requests get their turn here."""
        await asyncio.sleep(self.configuration.latency)

    def make_record(self, call: Call) -> Record:
        """Return the record that the body describes."""
        return Record(
            id=self.store.new_id(call.organization, call.resource),
            object_type=call.resource.object_type,
            created=call.now,
            fields=self.keep_fields(call),
            links=self.keep_links(call),
        )

    def keep_fields(self, call: Call) -> dict[str, Any]:
        """Return the values to store: those that were sent, and those that the server sets by itself."""
        fields = call.resource.fields.values()
        kept = {field.key: value for field in fields if (value := self.initial(field)) is not None}
        for key, value in call.sent_values.items():
            field = self.find_field(call.resource, key)
            if field is not None:
                kept[field.key] = self.keep_value(field, value)
        return kept

    def initial(self, field: Field) -> Any:
        """Return what a field is before anything sets it: a read-only status begins with its first option."""
        starts = field.read_only and field.options and codec_of(field.value_type).select is Select.ONE
        return field.options[0].id if starts else None

    def keep_value(self, field: Field, value: Any) -> Any:
        """Return the form in which a value is stored."""
        return self.keep_options(field, value) if field.options else codec_of(field.value_type).store(value)

    def keep_options(self, field: Field, value: Any) -> Any:
        """Return the IDs of the options that a select was set to, each once."""
        if isinstance(value, list):
            ids = [self.keep_option(field, text) for text in value]
            return [option_id for place, option_id in enumerate(ids) if option_id not in ids[:place]]
        return self.keep_option(field, value)

    def keep_option(self, field: Field, text: Any) -> Any:
        """Return the ID of one option."""
        option = self.find_option(field, text)
        return option.id if option else text

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        """Return the IDs to store, by relationship."""
        kept = {}
        for key, value in call.sent_links.items():
            relationship = self.find_relationship(call.resource, key)
            if relationship is not None:
                kept[relationship.key] = self.link_ids(value)
        return kept

    def save(self, call: Call, record: Record) -> Record:
        """Store the record for everyone in the organization to read."""
        return call.organization.add(record)
