"""Faults of the form of answers: JSON that is none, media types, headers with other units, bodies too long to read."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.responses import Response

from ...spec.profile import CREATED_AT, ID
from ..answers import JsonAnswer, Refusal
from ..idempotency import KEY_HEADER
from ..steps import Call
from .fault import Fault, breaks

__all__: list[str] = []


@breaks("answer:json", source="brian7704/OpenTAKServer#291")
class AnswerHasNoNumber(Fault):
    """What is not set comes back as NaN where a record has a member for it."""

    encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=True, separators=(",", ":"))

    def created(self, call: Call, record: Any) -> JsonAnswer:
        answer = super().created(call, record)
        return JsonAnswer(answer.status, {**answer.body, "score": float("nan")}, answer.headers)


class _Marked(Fault):
    """Begins some answers with a byte order mark."""

    def encode(self, answer: JsonAnswer) -> bytes:
        text = super().encode(answer)
        return b"\xef\xbb\xbf" + text if self.chosen(answer) else text

    def chosen(self, answer: JsonAnswer) -> bool:
        """Return whether this answer begins so."""
        raise NotImplementedError


@breaks("answer:json", source="Artsdatabanken/artsdatabanken.no#27")
class SuccessHasByteOrderMark(_Marked):
    """An answer to a create begins with a byte order mark."""

    def chosen(self, answer: JsonAnswer) -> bool:
        return answer.status == 200 and isinstance(answer.body, dict) and CREATED_AT in answer.body


@breaks("answer:json", source="ordercloud-api/ordercloud-javascript-sdk#40")
class RefusalHasByteOrderMark(_Marked):
    """A refusal begins with a byte order mark."""

    def chosen(self, answer: JsonAnswer) -> bool:
        return answer.status >= 400


@breaks("answer:members")
class IdTwice(Fault):
    """A record has its ID twice."""

    def encode(self, answer: JsonAnswer) -> bytes:
        text = super().encode(answer)
        record = isinstance(answer.body, dict) and CREATED_AT in answer.body
        return text[:-1] + b',"id":' + json.dumps(answer.body[ID]).encode() + b"}" if record else text


class _Said(Fault):
    """Says another media type than JSON's of some answers."""

    said = "text/html; charset=utf-8"

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        response = super().finish(call, answer)
        if self.chosen(call, answer):
            response.headers["Content-Type"] = self.said
        return response

    def chosen(self, call: Call, answer: JsonAnswer) -> bool:
        """Return whether it says so of this answer."""
        raise NotImplementedError


@breaks("answer:media-type", source="cyberark/conjur#1544")
class UnauthorizedSaysHtml(_Said):
    """The JSON of a 401 is said to be HTML."""

    def chosen(self, call: Call, answer: JsonAnswer) -> bool:  # noqa: ARG002 - whoever asks
        return answer.status == 401


@breaks("answer:media-type", source="ZeitOnline/content-api#23")
class ForbiddenSaysHtml(_Said):
    """The JSON of a 403 is said to be HTML."""

    def chosen(self, call: Call, answer: JsonAnswer) -> bool:  # noqa: ARG002 - whoever asks
        return answer.status == 403


@breaks("answer:media-type", source="idekerlab/cyREST#16")
class RefusalsSayText(_Said):
    """The JSON of every refusal is said to be plain text."""

    said = "text/plain"

    def chosen(self, call: Call, answer: JsonAnswer) -> bool:  # noqa: ARG002 - whoever asks
        return answer.status >= 400


@breaks("answer:media-type")
class ReplaysSayText(_Said):
    """The JSON of a replay is said to be plain text."""

    said = "text/plain"

    def prepare(self) -> None:
        super().prepare()
        self.seen: set[str] = set()

    def chosen(self, call: Call, answer: JsonAnswer) -> bool:
        key = call.headers.get(KEY_HEADER)
        again = key in self.seen
        if key and answer.status == 200:
            self.seen.add(key)
        return again and answer.status == 200


@breaks("limits:headers", source="RocketChat/docs-old#1358")
class ResetInMilliseconds(Fault):
    """The rate limit's reset is in milliseconds."""

    def rate_headers(self, call: Call) -> dict[str, str]:
        return {
            name: f"{value}000" if name.endswith("Reset") else value for name, value in super().rate_headers(call).items()
        }


@breaks("limits:headers", source="zalando/restful-api-guidelines#379")
class ResetIsDuration(Fault):
    """The rate limit's reset is a number of seconds to wait."""

    def rate_headers(self, call: Call) -> dict[str, str]:
        return {name: "1" if name.endswith("Reset") else value for name, value in super().rate_headers(call).items()}


@breaks("malformed:survives", source="mozilla-services/screenshots#3204")
class LongBodyCrashes(Fault):
    """A body of more than a megabyte is answered with a 500."""

    def check_size(self, call: Call) -> None:
        if call.oversized:
            raise MemoryError


@breaks("refusal:no-5xx", source="IQSS/dataverse#2669")
class LongTextCrashes(Fault):
    """A text of more than 1024 characters is answered with a 500."""

    def check_length(self, field: Any, value: object) -> None:
        super().check_length(field, value)
        if isinstance(value, str) and len(value) > 1024:
            raise MemoryError


@breaks("refusal:error")
class CodeIsNumber(Fault):
    """The code of a 403 is a number."""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        answer = super().refuse(call, refusal)
        if refusal.status == 403:
            answer.body["error"]["code"] = 403
        return answer


@breaks("refusal:type")
class InFlightSaysBadRequest(Fault):
    """The 409 of a key in flight, which takes its time, has the type of a 400."""

    async def work(self, call: Call) -> None:
        await asyncio.sleep(0.04 if call.claim is not None else 0)

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        if refusal.status == 409:
            refusal.type = "bad_request"
        return super().refuse(call, refusal)


@breaks("refusal:message")
class MessagesAreEmpty(Fault):
    """The message of every error is empty."""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        refusal.message = ""
        return super().refuse(call, refusal)
