"""What every step of the pipeline works on: the call, and the state of the server."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Receive

from ..spec import Collection, Contract, Operation
from ..spec.pointer import get_at
from ..spec.profile import LINK_MAP, VALUE_MAP
from .configuration import Clock, Configuration
from .definitions import Resource
from .limits import Quota, RateLimiter
from .sample import sample_store
from .store import ApiKey, Organization

__all__ = ["Call", "Steps"]


@dataclasses.dataclass
class Call:
    """One request on its way through the pipeline; the steps fill in what they find out.

    Attributes:
        role: which of a collection's operations it is: create, list, retrieve, definitions or validate.
        path_id: the record's ID in the path; empty where the path has none.
        receive: the connection, for a step that needs to know whether the client is still there.
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
    def resource(self) -> Resource:
        """What the caller's organization defines for the objects that the operation is about."""
        if self.collection is None:
            raise LookupError("this operation is about no object type")
        return self.organization.resources[self.collection.object_type]

    @property
    def sent_values(self) -> dict[str, Any]:
        """The values that the body sets, by key; empty where it has no object of them."""
        return self._sent(VALUE_MAP)

    @property
    def sent_links(self) -> dict[str, Any]:
        """The IDs that the body sets, by key; empty where it has no object of them."""
        return self._sent(LINK_MAP)

    def _sent(self, pointer: str) -> dict[str, Any]:
        found = get_at(self.payload, pointer, None)
        return found if isinstance(found, dict) else {}


class Steps:
    """The state that the steps share; the steps themselves are in the modules that `pipeline` names."""

    def __init__(self, contract: Contract, configuration: Configuration | None = None, clock: Clock | None = None) -> None:
        self.contract = contract
        self.configuration = configuration or Configuration()
        self.clock = clock or Clock()
        self.limiter = RateLimiter(self.configuration.rate)
        self.store = sample_store(contract, self.clock.now())
        self.prepare()

    def prepare(self) -> None:
        """Set up what overridden steps have to remember; the reference's own steps have nothing besides the store."""
