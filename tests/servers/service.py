"""The server as one WSGI application: routes, idempotency keys, and the form of every answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from .admission import CLOCK_HEADER, Admission, Call
from .creation import Creation
from .reads import Reads
from .refusal import Refused
from .store import Claim, Record

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["Service"]

_ROUTES = Map(
    [
        Rule("/v1/opportunities", methods=["POST"], endpoint="create"),
        Rule("/v1/opportunities", methods=["GET"], endpoint="list"),
        Rule("/v1/opportunities/definitions", methods=["GET"], endpoint="definitions"),
        Rule("/v1/opportunities/<identifier>", methods=["GET"], endpoint="retrieve"),
        Rule("/v1/opportunities/<identifier>", methods=["DELETE"], endpoint="delete"),
        Rule("/v1/accounts", methods=["POST"], endpoint="create_account"),
        Rule("/v1/accounts", methods=["GET"], endpoint="account"),
        Rule("/v1/contacts", methods=["GET"], endpoint="contact"),
        Rule("/v1/members", methods=["GET"], endpoint="member"),
        Rule("/v1/auth/validate", methods=["GET"], endpoint="validate"),
    ],
    merge_slashes=False,
    redirect_defaults=False,
    strict_slashes=False,
)


class Service(Reads, Creation, Admission):
    """Answers requests by the contract. A fault is a subclass that overrides one step."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        # Read to its end, whatever comes of it: what stays in the socket would be taken for the next request.
        call = Call(request, request.get_data(), time.time())
        try:
            endpoint, arguments = _ROUTES.bind_to_environ(environ).match()
            response = self.respond(call, str(endpoint), **arguments)
        except Refused as refused:
            response = self.show_refusal(call, refused)
        except HTTPException as problem:
            response = self.show_refusal(call, Refused(problem.code or 404, "", "no such operation"))
        response.headers.update(call.headers)
        response.headers["Date"] = http_date(call.now)
        return response(environ, start_response)

    def respond(self, call: Call, endpoint: str, **arguments: str) -> Response:
        """Return the answer of one endpoint."""
        if endpoint == "create":
            self.admit(call, "opportunities:create", "write")
            return self.write(call, endpoint, lambda body: self.show(call.store, self.create(call, body), call.now))
        if endpoint == "create_account":
            self.admit(call, "accounts:create", "write")
            return self.write(call, endpoint, lambda body: self.show_thing(self.create_account(call, body)))
        if endpoint == "delete":
            self.admit(call, "opportunities:delete", "write")
            return as_json(200, self.delete(call, **arguments))
        if endpoint == "validate":
            self.admit(call, "", "read")
            return as_json(200, self.validate(call))
        if endpoint in ("account", "contact", "member"):
            self.admit(call, f"{endpoint}s:read", "search")
            return as_json(200, self.list_things(call, endpoint))
        self.admit(call, "opportunities:read", "search" if endpoint == "list" else "read")
        reads: dict[str, Callable[..., Any]] = {
            "list": self.list_records,
            "definitions": self.definitions,
            "retrieve": self.retrieve,
        }
        return as_json(200, reads[endpoint](call, **arguments))

    def write(self, call: Call, operation: str, make: Callable[[dict[str, Any]], Any]) -> Response:
        """Carry out a write once for each idempotency key."""
        self.check_headers(call)
        self.move_clock(call)
        body = self.read_json(call)
        key = call.request.headers.get("Idempotency-Key", "")
        if not key:
            return as_json(200, make(body))
        known = self.claim(call, operation, key)
        if known is not None:
            return self.replay(call, body, known)
        answer: bytes | None = None
        try:
            answer = as_bytes(make(body))
        finally:
            call.store.settle(operation, key, call.now, body, answer)
        return as_json(200, answer)

    def claim(self, call: Call, operation: str, key: str) -> Claim | None:
        """Take an idempotency key; see `Store.claim`."""
        return call.store.claim(operation, key, call.now)

    def replay(self, call: Call, body: Any, known: Claim) -> Response:
        """Answer a request whose key was used, or is in use."""
        if known.answer is None:
            raise Refused(409, "", "a request with this key is in flight", "Idempotency-Key", type_="idempotency_conflict")
        if body != known.body and call.store.organization.manners.used_key == "refused":
            raise Refused(422, "idempotency_key_reused", "the key was used with another body", "Idempotency-Key")
        return as_json(200, known.answer)

    def move_clock(self, call: Call) -> None:
        """Take the request as made as many seconds later as the clock header says, where that is honoured."""
        offset = call.request.headers.get(CLOCK_HEADER, "")
        if call.store.organization.manners.clock == "honoured" and offset:
            try:
                call.now += float(offset)
            except ValueError:
                raise Refused(400, "invalid_clock", "expected seconds", CLOCK_HEADER) from None

    def delete(self, call: Call, identifier: str) -> Any:
        """Move a record to the trash; once more is a no-op."""
        if not call.store.organization.manners.deletes:
            raise Refused(405, "", "records cannot be deleted")
        record: Record | None = call.store.find(identifier)
        if record is None and identifier not in call.store.trash:
            raise Refused(404, "", "no such opportunity")
        call.store.trash.add(identifier)
        return {"id": identifier, "deleted": True}

    def show_refusal(self, call: Call, refused: Refused) -> Response:
        """Return the error object, bare or in its wrapper."""
        call.headers |= refused.headers
        wrapped = call.key is None or call.store.organization.manners.wrapped
        return as_json(refused.status, {"error": refused.error} if wrapped else refused.error)


def as_bytes(body: Any) -> bytes:
    """Return a body as JSON in ASCII, so that even a lone surrogate can be sent."""
    return body if isinstance(body, bytes) else json.dumps(body, allow_nan=False).encode("ascii")


def as_json(status: int, body: Any) -> Response:
    """Return a JSON answer."""
    return Response(as_bytes(body), status, content_type="application/json")
