"""Faults of the reads: answers that fail, or have another form than the documented one."""

from __future__ import annotations

from typing import Any

from ...spec import profile
from ..answers import JsonAnswer
from ..definitions import Field, Resource
from ..steps import Call
from ..store import ApiKey, Record
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


@breaks("read:definitions")
class DefinitionsWithoutLabels(Fault):
    """Definitions give fields no label."""

    def define_field(self, field: Field) -> dict[str, Any]:
        return {name: part for name, part in super().define_field(field).items() if name != profile.LABEL}


class _Definitions(Fault):
    """Definitions that say otherwise what they are about."""

    def render_definitions(self, resource: Resource) -> dict[str, Any]:
        defined = super().render_definitions(resource)
        return self.change(defined) if resource.object_type == self.contract.collection.object_type else defined

    def change(self, defined: dict[str, Any]) -> dict[str, Any]:
        """Return the definitions that are shown instead."""
        raise NotImplementedError


@breaks("read:definitions")
class DefinitionsOfNothing(_Definitions):
    """Definitions do not say what object type they are of."""

    def change(self, defined: dict[str, Any]) -> dict[str, Any]:
        return {name: part for name, part in defined.items() if name != profile.OBJECT_TYPE}


@breaks("read:definitions")
class DefinitionsOfAnother(_Definitions):
    """Definitions say that they are of another object type."""

    def change(self, defined: dict[str, Any]) -> dict[str, Any]:
        other = next(name for name in self.contract.collections if name != defined[profile.OBJECT_TYPE])
        return {**defined, profile.OBJECT_TYPE: other}


@breaks("read:definitions")
class DefinitionsWithQueryCrash(Fault):
    """Definitions are answered with a 500 where the request has a query."""

    def definitions(self, call: Call) -> JsonAnswer:
        if call.query:
            raise LookupError(call.query)
        return super().definitions(call)


@breaks("read:list")
class NegativeOffsetCrashes(Fault):
    """A negative offset is answered with a 500."""

    def read_number(self, call: Call, name: str, least: int, most: int, usual: int) -> int:
        if (name, True) in ((key, text.startswith("-")) for key, text in call.query if key == profile.OFFSET):
            raise IndexError(name)
        return super().read_number(call, name, least, most, usual)


@breaks("read:list")
class NoTotal(Fault):
    """The list does not say how many records there are."""

    def render_page(self, call: Call, page: Any, total: int) -> dict[str, Any]:
        rendered = super().render_page(call, page, total)
        own = call.collection == self.contract.collection
        return {name: part for name, part in rendered.items() if name != profile.TOTAL_COUNT} if own else rendered


@breaks("read:list")
class TotalOfPage(Fault):
    """The list counts the records of the page and not all."""

    def render_page(self, call: Call, page: Any, total: int) -> dict[str, Any]:  # noqa: ARG002 - what there is does not count
        return super().render_page(call, page, len(page))


@breaks("read:list")
class TotalStopsAtFifty(Fault):
    """The list counts no more than 50 records, and shows all."""

    def render_page(self, call: Call, page: Any, total: int) -> dict[str, Any]:
        return super().render_page(call, page, min(total, 50))


class _Numbers(Fault):
    """Reads one of the parameters of a list otherwise."""

    def read_number(self, call: Call, name: str, least: int, most: int, usual: int) -> int:
        number = super().read_number(call, name, least, most, usual)
        return self.change(name, number, usual) if call.collection == self.contract.collection else number

    def change(self, name: str, number: int, usual: int) -> int:
        """Return the number that counts."""
        raise NotImplementedError


@breaks("read:list")
class LimitIgnored(_Numbers):
    """A page is as long as it may be, whatever limit is asked for."""

    def change(self, name: str, number: int, usual: int) -> int:
        return usual if name == profile.LIMIT else number


@breaks("read:list", also=("success:once", "success:stored", "refusal:nothing-created"))
class EveryPageIsFirst(_Numbers):
    """Every page is the first one."""

    def change(self, name: str, number: int, usual: int) -> int:
        return usual if name == profile.OFFSET else number


@breaks("read:list")
class RecordSkipped(_Numbers):
    """Every page but the first begins one record late."""

    def change(self, name: str, number: int, usual: int) -> int:  # noqa: ARG002 - the usual offset is none
        return number + 1 if name == profile.OFFSET and number else number


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


@breaks("read:retrieve")
class MissingRecordIsNull(Fault):
    """Retrieving a record that is not there is answered with a 200 and null."""

    def retrieve(self, call: Call) -> JsonAnswer:
        return JsonAnswer(200, None) if self.find_record(call) is None else super().retrieve(call)


@breaks("read:scope")
class ReadingNeedsNoScope(Fault):
    """A record is shown to any key of its organization."""

    def authorize(self, call: Call) -> None:
        if call.role != "retrieve":
            super().authorize(call)


@breaks("read:scope")
class CreatingReads(Fault):
    """The create scope is enough to see the list."""

    def may(self, key: ApiKey, scopes: tuple[str, ...]) -> bool:
        return super().may(key, scopes) or super().may(key, tuple(scope.replace(":read", ":create") for scope in scopes))


@breaks("read:other-organization")
class RetrievedFromAnywhere(Fault):
    """A record is shown to every organization."""

    def find_record(self, call: Call) -> Record | None:
        everywhere = (organization.index.get(call.path_id) for organization in self.store.organizations.values())
        return next((record for record in everywhere if record is not None), None)


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
