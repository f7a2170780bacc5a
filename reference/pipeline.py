"""The order of the steps. A fault or a variation is a class that overrides one of them in a few lines.

admit       read_clock authenticate limit_rate authorize check_version              admission
parse       read_body check_media_type check_size parse                             parsing
key         read_idempotency_key recall claim release complete                      idempotency
validate    check_members check_groups check_fields check_relationships             validation
create      work make_record save                                                   creation
answer      created render refuse finish                                            rendering
reads       retrieve list definitions validate_key                                  reading
"""

from __future__ import annotations

import email.utils
import functools
import json

from starlette.responses import Response

from ..spec import rate_limit
from .admission import Admission
from .answers import JsonAnswer, Refusal
from .creation import Creation
from .idempotency import Idempotency
from .parsing import ClientGoneError, Parsing
from .reading import Reading
from .steps import Call

__all__ = ["Pipeline", "http_date"]


class Pipeline(Admission, Parsing, Idempotency, Creation, Reading):
    """Everything that happens to a request, from its headers to its answer."""

    encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))

    async def handle(self, call: Call) -> Response:
        """Return the response to a call, whatever happens on the way.

        Raises:
            ClientGoneError: the client left before its request was complete.
        """
        try:
            return self.finish(call, await self.answer(call))
        except ClientGoneError:
            raise
        # Whatever a fault raises must not end the server.
        except Exception as error:
            return self.finish(call, self.crash(call, error))

    async def answer(self, call: Call) -> JsonAnswer:
        """Return what the call's operation answers, or its refusal."""
        await self.read_body(call)
        try:
            self.admit(call)
            return await self.perform(call)
        except Refusal as refusal:
            return self.refuse(call, refusal)

    async def perform(self, call: Call) -> JsonAnswer:
        """Do what the operation is for."""
        if call.role == "create":
            return await self.create(call)
        reads = {
            "retrieve": self.retrieve,
            "list": self.list,
            "definitions": self.definitions,
            "validate": self.validate_key,
        }
        return reads[call.role](call)

    async def create(self, call: Call) -> JsonAnswer:
        """Make a record, once for each idempotency key."""
        self.check_media_type(call)
        self.check_size(call)
        self.read_idempotency_key(call)
        call.payload = self.parse(call)
        original = self.recall(call)
        if original is not None:
            return original
        self.claim(call)
        try:
            answer = await self.make(call)
        except BaseException:
            self.release(call)
            raise
        self.complete(call, answer)
        return answer

    async def make(self, call: Call) -> JsonAnswer:
        """Make a record of a body that keeps the rules."""
        self.validate(call)
        await self.work(call)
        return self.created(call, self.save(call, self.make_record(call)))

    def finish(self, call: Call, answer: JsonAnswer) -> Response:
        """Return the response, with the headers that every one carries."""
        response = Response(self.encode(answer), answer.status, media_type="application/json")
        response.headers.update({"Date": http_date(int(call.now)), **self.rate_headers(call), **answer.headers})
        return response

    def encode(self, answer: JsonAnswer) -> bytes:
        """Return the body as JSON."""
        return self.encoder.encode(answer.body).encode()

    def rate_headers(self, call: Call) -> dict[str, str]:
        """Return what is left of the limit, in headers; there are none for an unknown key."""
        if call.quota is None:
            return {}
        return {
            rate_limit.LIMIT: str(call.quota.limit),
            rate_limit.REMAINING: str(call.quota.remaining),
            rate_limit.RESET: str(call.quota.reset),
        }


@functools.lru_cache(maxsize=8)
def http_date(second: int) -> str:
    """Return Unix seconds as the Date header writes them."""
    return email.utils.formatdate(second, usegmt=True)
