"""Faults of the reads: answers that fail, or have another form than the documented one."""

from __future__ import annotations

from typing import Any

from ...spec import profile
from ..answers import JsonAnswer
from ..definitions import Field
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("read:definitions")
class OptionsAreLabels(Fault):
    """Definitions list the options of an organization's own selects as bare texts."""

    def define_field(self, field: Field) -> dict[str, Any]:
        defined = super().define_field(field)
        if field.options and not field.system:
            defined[profile.TYPE_CONFIGURATION] |= {profile.OPTIONS: [option.label for option in field.options]}
        return defined


@breaks("read:list")
class TotalIsText(Fault):
    """The list says how many records there are as a text."""

    def render_page(self, call: Call, page: Any, total: int) -> dict[str, Any]:
        rendered = super().render_page(call, page, total)
        own = call.collection == self.contract.collection
        return {**rendered, profile.TOTAL_COUNT: str(total)} if own else rendered


@breaks("read:retrieve")
class RetrievedWithoutLink(Fault):
    """A retrieved record has no httpLink."""

    def retrieve(self, call: Call) -> JsonAnswer:
        answer = super().retrieve(call)
        return JsonAnswer(answer.status, {name: part for name, part in answer.body.items() if name != profile.HTTP_LINK})


@breaks("read:retrieve")
class MissingRecordCrashes(Fault):
    """Retrieving a record that is not there is answered with a 500."""

    def retrieve(self, call: Call) -> JsonAnswer:
        if self.find_record(call) is None:
            raise LookupError(call.path_id)
        return super().retrieve(call)


@breaks("read:links")
class ListedAsArray(Fault):
    """What can be linked to is listed as a bare array."""

    def list(self, call: Call) -> JsonAnswer:
        answer = super().list(call)
        own = call.collection == self.contract.collection
        return answer if own else JsonAnswer(answer.status, answer.body[profile.DATA])


@breaks("success:stored")
class RetrievedWithoutLinks(Fault):
    """A retrieved record shows no IDs of the relationships that need not be set."""

    def retrieve(self, call: Call) -> JsonAnswer:
        answer = super().retrieve(call)
        entries = answer.body.get(profile.RELATIONSHIPS, {})
        for key, entry in entries.items():
            if not call.resource.relationships[key].required:
                entry[profile.VALUES] = []
        return answer
