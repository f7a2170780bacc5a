"""Freedoms of form: how a server that keeps the contract may write what it answers."""

from __future__ import annotations

import dataclasses
import datetime
import gzip
import uuid
from typing import Any

from starlette.responses import Response, StreamingResponse

from .call import Answer, Call, Refusal
from .definitions import Field, Relationship
from .freedom import freedom
from .pipeline import Pipeline
from .store import Record

__all__: list[str] = []


@freedom("status", "201", seed_only=True)
class Created(Pipeline):
    """A success is a 201."""

    def created_status(self) -> int:
        return 201


@freedom("family", "422")
class Unprocessable(Pipeline):
    """A mistake at a place of the body is a 422."""

    def refuse(self, call: Call, refusal: Refusal) -> Answer:
        if refusal.status == 400 and (refusal.param or "").startswith(("fields", "relationships")):
            refusal.status, refusal.type = 422, "unprocessable_content"
        return super().refuse(call, refusal)


@freedom("envelope", "bare")
class Bare(Pipeline):
    """An error stands without its wrapper."""

    def error_body(self, call: Call | None, refusal: Refusal) -> dict[str, Any]:
        wrapped = super().error_body(call, refusal)
        body: dict[str, Any] = wrapped.get("error", wrapped)
        return body


@freedom("param", "pointer")
class Pointers(Pipeline):
    """A place is named by its JSON Pointer."""

    def place(self, group: str, key: str = "") -> str:
        return f"/{group}/{key}" if key else f"/{group}"


@freedom("param", "without-dollar")
class WithoutDollar(Pipeline):
    """A place is named without the dollar of system fields."""

    def place(self, group: str, key: str = "") -> str:
        return super().place(group, key.removeprefix("$"))


@freedom("param", "key-alone")
class KeyAlone(Pipeline):
    """A place is named by its key alone."""

    def place(self, group: str, key: str = "") -> str:
        return key or super().place(group)


@freedom("cardinality", "upper-case")
class Shouted(Pipeline):
    """Cardinalities are in upper case, as in definitions."""

    def render_cardinality(self, relationship: Relationship) -> str:
        return super().render_cardinality(relationship).upper()


@freedom("options", "labels")
class Labels(Pipeline):
    """The value of a select is the option's label."""

    def render_option(self, field: Field, option_id: str) -> str:
        return next((option.label for option in field.options if option.id == option_id), option_id)


@freedom("options", "as-sent")
class AsSent(Pipeline):
    """The value of a select is what was sent: the option's ID, or its label."""

    def keep_option(self, field: Field, text: Any) -> Any:  # noqa: ARG002 - of any select
        return text


@freedom("unset", "absent")
class SetOnly(Pipeline):
    """What is not set is not in the record."""

    def render_fields(self, call: Call, record: Record) -> dict[str, Any]:
        return {key: entry for key, entry in super().render_fields(call, record).items() if entry["value"] is not None}

    def render_relationships(self, call: Call, record: Record) -> dict[str, Any]:
        return {key: entry for key, entry in super().render_relationships(call, record).items() if entry["values"]}


@freedom("members", "more")
class MoreMembers(Pipeline):
    """Records, their fields and errors have members that nobody asked for."""

    def render(self, call: Call, record: Record) -> dict[str, Any]:
        return {**super().render(call, record), "updatedAt": self.render_time(record.created), "externalId": None}

    def render_field(self, call: Call, record: Record, field: Field) -> dict[str, Any]:
        return {**super().render_field(call, record, field), "label": field.label}

    def error_object(self, refusal: Refusal) -> dict[str, Any]:
        return {**super().error_object(refusal), "requestId": "req_1", "details": []}


@freedom("http-link", "null")
class NoLink(Pipeline):
    """A record has no link."""

    def render_link(self, record: Record) -> None:  # noqa: ARG002 - there is none
        return None


class _Time(Pipeline):
    hours = 0
    unit = "seconds"

    def render_time(self, seconds: float) -> str:
        zone = datetime.timezone(datetime.timedelta(hours=self.hours))
        return datetime.datetime.fromtimestamp(seconds, zone).isoformat(timespec=self.unit)


@freedom("time", "offset")
class East(_Time):
    """Timestamps are in another time zone, and say so."""

    hours = 2


@freedom("time", "microseconds")
class Fractions(_Time):
    """Timestamps have six digits of a second."""

    unit = "microseconds"


@freedom("id", "uuid")
class Uuids(Pipeline):
    """IDs are UUIDs."""

    def make_record(self, call: Call) -> Record:
        record = super().make_record(call)
        return dataclasses.replace(record, id=str(uuid.uuid5(uuid.NAMESPACE_OID, record.id)))


@freedom("id", "digits")
class Digits(Pipeline):
    """IDs are strings of digits."""

    def make_record(self, call: Call) -> Record:
        record = super().make_record(call)
        return dataclasses.replace(record, id=str(uuid.uuid5(uuid.NAMESPACE_OID, record.id).int))


@freedom("connection", "close")
class Closes(Pipeline):
    """The connection is closed after each answer."""

    def finish(self, call: Call, answer: Answer) -> Response:
        response = super().finish(call, answer)
        response.headers["Connection"] = "close"
        return response


@freedom("transfer", "chunked")
class Chunked(Pipeline):
    """A body comes in chunks, without its length."""

    def finish(self, call: Call, answer: Answer) -> Response:
        response = super().finish(call, answer)
        body = bytes(response.body)

        async def chunks() -> Any:
            yield body[:7]
            yield body[7:]

        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        return StreamingResponse(chunks(), response.status_code, headers)


@freedom("transfer", "gzip")
class Compressed(Pipeline):
    """A body is compressed where the client takes that."""

    def finish(self, call: Call, answer: Answer) -> Response:
        response = super().finish(call, answer)
        if "gzip" not in call.headers.get("Accept-Encoding", ""):
            return response
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        body = gzip.compress(bytes(response.body))
        return Response(body, response.status_code, {**headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


@freedom("reasons", "none", seed_only=True)
class NoReasons(Pipeline):
    """A refusal says nothing."""

    def error_body(self, call: Call | None, refusal: Refusal) -> dict[str, Any]:  # noqa: ARG002 - nothing
        return {}
