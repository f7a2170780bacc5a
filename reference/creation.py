"""From a checked body to a stored record."""

from __future__ import annotations

import asyncio
from typing import Any

from .call import Call
from .definitions import Field
from .store import Record
from .validation import Validation
from .values import instant

__all__ = ["Creation"]


class Creation(Validation):
    """The steps that make a record. They take any body, so that a fault may store what should be refused."""

    async def work(self, call: Call) -> None:  # noqa: ARG002 - a fault looks at the call
        """What takes time in a creation: other requests get their turn here."""
        await asyncio.sleep(self.settings.latency)

    def make_record(self, call: Call) -> Record:
        """The record that the body describes."""
        return Record(
            id=self.store.new_id(call.organization, call.kind),
            object_type=call.kind.object_type,
            created=call.now,
            fields=self.keep_fields(call),
            links=self.keep_links(call),
        )

    def keep_fields(self, call: Call) -> dict[str, Any]:
        """The values to store: those that were sent, and those that the server sets by itself."""
        kept = {field.key: value for field in call.kind.fields.values() if (value := self.initial(field)) is not None}
        for key, value in self.group(call, "fields").items():
            field = self.find_field(call.kind, key)
            if field is not None:
                kept[field.key] = self.keep_value(field, value)
        return kept

    def initial(self, field: Field) -> Any:
        """What a field is before anybody sets it: a read-only status begins with its first option."""
        starts = field.read_only and field.options and field.value_type == "SINGLE_SELECT"
        return field.options[0].id if starts else None

    def keep_value(self, field: Field, value: Any) -> Any:
        """The form in which a value is stored: options by ID, several telephones always as an array."""
        if field.options:
            return self.keep_options(field, value)
        if field.value_type == "TELEPHONE" and isinstance(value, str):
            return [value]
        if field.value_type == "DATETIME" and isinstance(value, str):
            return self.keep_instant(value)
        return value

    def keep_options(self, field: Field, value: Any) -> Any:
        """The IDs of the options that a select was set to, each once."""
        if isinstance(value, list):
            ids = [self.keep_option(field, text) for text in value]
            return [option_id for place, option_id in enumerate(ids) if option_id not in ids[:place]]
        return self.keep_option(field, value)

    def keep_option(self, field: Field, text: Any) -> Any:
        """The ID of one option."""
        option = self.find_option(field, text)
        return option.id if option else text

    def keep_instant(self, text: str) -> str:
        """A date and time as sent, with the offset that it was taken to have."""
        moment = instant(text)
        return text if moment is None or text[-1] in "Zz" or text[-6] in "+-" else f"{text}Z"

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        """The IDs to store, by relationship."""
        kept = {}
        for key, value in self.group(call, "relationships").items():
            relationship = self.find_relationship(call.kind, key)
            if relationship is not None:
                kept[relationship.key] = self.link_ids(value)
        return kept

    def save(self, call: Call, record: Record) -> Record:
        """Stores the record for everybody in the organization to read."""
        return call.organization.add(record)
