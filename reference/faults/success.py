"""Faults of success: its status, its media type, its clock, and IDs that are not unique."""

from __future__ import annotations

import asyncio
import dataclasses

from starlette.responses import Response

from ..answers import JsonAnswer
from ..definitions import Resource
from ..steps import Call
from ..store import Organization, Record
from .fault import Fault, breaks, is_text

__all__: list[str] = []


@breaks("success:status")
class CreatedIs201(Fault):
    """A success is a 201."""

    def created_status(self) -> int:
        return 201


@breaks("success:status")
class StatusAtTimes(Fault):
    """Every tenth success is a 201."""

    def created_status(self) -> int:
        return 201 if self.every(10) else 200


@breaks("success:media-type")
class SaysHtml(Fault):
    """The answer to a create says that it is HTML."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        response = super().finish(call, answer)
        if call.role == "create":
            response.headers["Content-Type"] = "text/html; charset=utf-8"
        return response


@breaks("success:media-type")
class SaysNothing(Fault):
    """The answer to a create does not say what it is."""

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        response = super().finish(call, answer)
        if call.role == "create":
            del response.headers["Content-Type"]
        return response


class _Overlapping(Fault):
    """Takes long enough over a create for another one to come meanwhile."""

    async def work(self, call: Call) -> None:
        await super().work(call)
        await asyncio.sleep(0.02)


@breaks("echo:{place}", where=is_text, first=True)
class OverlappingBodiesMix(_Overlapping):
    """Creates at the same time all store what the last of them sent."""

    async def work(self, call: Call) -> None:
        self.latest = call.payload
        await super().work(call)
        call.payload = self.latest


@breaks("success:id-unique")
class OverlappingAreOne(_Overlapping):
    """A create that comes while another one is worked on gets its record."""

    def prepare(self) -> None:
        super().prepare()
        self.first: asyncio.Task[JsonAnswer] | None = None

    async def make(self, call: Call) -> JsonAnswer:
        if self.first is None or self.first.done():
            self.first = asyncio.ensure_future(super().make(call))
        return await asyncio.shield(self.first)


@breaks("success:id-unique")
class OneIdForTwo(Fault):
    """Every second record gets the ID of the one before it."""

    last = ""

    def make_record(self, call: Call) -> Record:
        record = super().make_record(call)
        record.id = self.last if self.last and self.every(2) else record.id
        self.last = record.id
        return record


@breaks("success:id-unique")
class IdIsClock(Fault):
    """The ID is the second of the creation."""

    def make_record(self, call: Call) -> Record:
        return dataclasses.replace(super().make_record(call), id=f"{call.resource.prefix}_{int(call.now)}")


@breaks("success:id-unique")
class IdOfName(Fault):
    """The ID is made of how many values the record has."""

    def make_record(self, call: Call) -> Record:
        record = super().make_record(call)
        return dataclasses.replace(record, id=f"{call.resource.prefix}_{len(record.fields)}_{len(record.links)}")


@breaks("success:id-unique")
class IdAgainAtTimes(Fault):
    """Every tenth record gets an ID that was given before."""

    def new_id(self, organization: Organization, resource: Resource) -> str:
        return (
            organization.of_type(resource.object_type)[-1].id
            if self.every(10)
            else self.store.new_id(organization, resource)
        )

    def make_record(self, call: Call) -> Record:
        return dataclasses.replace(super().make_record(call), id=self.new_id(call.organization, call.resource))


@breaks("success:timestamp-offset")
class NoOffset(Fault):
    """The creation time has neither offset nor Z."""

    def render_time(self, seconds: float) -> str:
        return super().render_time(seconds).rstrip("Z")


@breaks("success:timestamp-date")
class ClockBehind(Fault):
    """The creation time is an hour behind."""

    def render_time(self, seconds: float) -> str:
        return super().render_time(seconds - 3600)


@breaks("success:timestamp-clock")
class ClockBehindWithoutDate(Fault):
    """The creation time is an hour behind, and no answer has a Date header."""

    def render_time(self, seconds: float) -> str:
        return super().render_time(seconds - 3600)

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        response = super().finish(call, answer)
        del response.headers["Date"]
        return response


@breaks("success:timestamp-date")
class LocalTimeAsUtc(Fault):
    """The creation time is local time that says it is UTC."""

    def render_time(self, seconds: float) -> str:
        return super().render_time(seconds + 2 * 3600)
