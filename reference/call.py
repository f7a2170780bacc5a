"""What travels through the pipeline: the call, its answer, and the refusal that ends it early."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Receive

from ..spec import Collection, Operation
from .definitions import Kind
from .limits import Quota
from .store import ApiKey, Organization

__all__ = ["Answer", "Call", "Refusal"]


@dataclasses.dataclass(frozen=True)
class Answer:
    """A status and a JSON body; headers that every answer carries are added at the end."""

    status: int
    body: Any
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Refusal(Exception):
    """Raised by a step that turns the request down.

    Attributes:
        type: the error's type, which goes with the status.
        code: what is wrong, for a program.
        param: where it is wrong: a dotted path into the body, or the name of a header or a query parameter.
        headers: besides those of every answer.
    """

    def __init__(
        self,
        status: int,
        type: str,  # noqa: A002 - the member's name in the error object
        message: str,
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.type = type
        self.message = message
        self.code = code
        self.param = param
        self.headers = headers or {}

    @classmethod
    def bad_request(cls, code: str, message: str, param: str | None = None) -> Refusal:
        """A 400: a wrong field, relationship or parameter."""
        return cls(400, "bad_request", message, code, param)


@dataclasses.dataclass
class Call:
    """One request on its way through the pipeline; the steps fill in what they find out.

    Attributes:
        role: which of a collection's operations it is: create, list, retrieve, definitions or validate.
        path_id: the record's ID in the path; empty where the path has none.
        receive: the connection, for whoever needs to know whether the client is still there.
        now: the time at which the request counts as made, which is not the server's own if an offset was given.
        token: the bearer token as sent.
        claim: what the idempotency key is stored under; None without a key.
        payload: the parsed body.
    """

    operation: Operation
    role: str
    collection: Collection | None
    headers: Headers
    query: tuple[tuple[str, str], ...]
    path_id: str
    receive: Receive
    now: float = 0.0
    body: bytes = b""
    oversized: bool = False
    token: str | None = None
    quota: Quota | None = None
    claim: Hashable | None = None
    payload: Any = None
    key: ApiKey = dataclasses.field(init=False)
    organization: Organization = dataclasses.field(init=False)

    @property
    def kind(self) -> Kind:
        """What the caller's organization knows about the objects that the operation is about."""
        if self.collection is None:
            raise LookupError("this operation is about no object type")
        return self.organization.kinds[self.collection.object_type]
