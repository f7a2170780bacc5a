"""Runs the server on a loopback port, with keys of its own, and another client beside it where the organization is busy."""

from __future__ import annotations

import contextlib
import dataclasses
import random
import secrets
import threading
import time
from collections.abc import Iterator
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from .admission import CLOCK_HEADER, Key, Limits
from .kinds import read_organization
from .organization import Manners, Organization
from .service import Service
from .store import Store

__all__ = ["Running", "assemble", "serve"]

_NEAR_MISSES = ("opportunities:read", "opportunities:update", "accounts:create")


@dataclasses.dataclass(frozen=True)
class Running:
    """A server, its keys and what it holds.

    Attributes:
        url: its base URL.
        environment: the variables that a user would set for it, without the base URL.
        application: the WSGI application, to be asked without a socket.
        store: what the organization under test holds.
        other: what the other organization holds.
    """

    url: str
    environment: dict[str, str] = dataclasses.field(repr=False)
    application: Service
    store: Store
    other: Store

    def headers(self, role: str = "", **more: str) -> dict[str, str]:
        """Return the headers of a correct request, by the end of a key's variable, such as `READ`."""
        secret = self.environment["LIGHTFIELD_API_KEY" + (f"_{role}" if role else "")].split(",")[0]
        return {"Authorization": f"Bearer {secret}", "Lightfield-Version": "2026-03-01", **more}

    def body(self, **fields: Any) -> dict[str, Any]:
        """Return the smallest body that the organization accepts, with more fields where given; it needs an account."""
        defined = self.store.organization.fields
        samples = {"TEXT": "A text", "NUMBER": 7}
        mandatory = {
            key: field.options[0].id if field.options else samples[field.type]
            for key, field in defined.items()
            if field.mandatory
        }
        smallest = {"$name": "A deal", "$stage": defined["$stage"].options[-1].id} | mandatory
        return {"fields": smallest | fields, "relationships": {"$account": self.store.things["account"][-1].id}}


class _Handler(WSGIRequestHandler):
    disable_nagle_algorithm = True  # head and body are written apart; waiting for an acknowledgement costs 40 ms each

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name of the method that it overrides
        """Say nothing."""


def assemble(
    *kinds: str | Organization, service: type[Service] = Service, rate: int = 1000, enforced: bool = False
) -> Running:
    """Return a server that does not listen yet: `application` answers, the URL is empty.

    Args:
        kinds: names of kinds, or one organization.
        service: the application; a subclass for a fault.
        rate: requests a second that are announced.
        enforced: whether more are refused.
    """
    given = [kind for kind in kinds if isinstance(kind, Organization)]
    organization = given[0] if given else read_organization(*(kind for kind in kinds if isinstance(kind, str)))
    store, other = Store(organization), Store(read_organization(seat="other"))
    keys = dict(_keys(store, other))
    environment = {name: ",".join(key.secret for key in some) for name, some in keys.items()}
    application = service([key for some in keys.values() for key in some], Limits(rate, enforced=enforced))
    return Running("", environment | _given(store), application, store, other)


@contextlib.contextmanager
def serve(
    *kinds: str | Organization, service: type[Service] = Service, rate: int = 1000, enforced: bool = False, prefix: str = ""
) -> Iterator[Running]:
    """Run a server for one organization, beside a plain other one, until the block ends; see `assemble`.

    With a prefix, such as `/api`, everything lies under that path.
    """
    assembled = assemble(*kinds, service=service, rate=rate, enforced=enforced)
    application = DispatcherMiddleware(NotFound(), {prefix: assembled.application}) if prefix else assembled.application
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        with _another_client(assembled.store):
            yield dataclasses.replace(assembled, url=f"http://127.0.0.1:{server.port}{prefix}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _keys(store: Store, other: Store) -> Iterator[tuple[str, list[Key]]]:
    def key(scopes: tuple[str, ...] = (), where: Store = store) -> Key:
        return Key(f"sk_lf_{secrets.token_hex(16)}", where, scopes)

    yield "LIGHTFIELD_API_KEY", [key(store.organization.scopes)]
    if not store.organization.scopes:
        reads = ("opportunities:read", "accounts:read", "contacts:read", "members:read")
        yield "LIGHTFIELD_API_KEY_READ", [key(reads)]
    yield "LIGHTFIELD_API_KEY_CREATE_ONLY", [key(("opportunities:create",))]
    yield "LIGHTFIELD_API_KEY_NO_CREATE", [key((scope,)) for scope in _NEAR_MISSES]
    yield "LIGHTFIELD_API_KEY_SECOND", [key(store.organization.scopes)]
    yield "LIGHTFIELD_API_KEY_OTHER_ORG", [key((), other)]


def _given(store: Store) -> dict[str, str]:
    """Return what else the user states: what to link to and a stage, such as no rule refuses, and the clock header."""
    organization, given = store.organization, {}
    for kind in organization.given:
        if kind == "stage":
            options = organization.fields["$stage"].options
            given["LIGHTFIELD_STAGE"] = next(option.id for option in options if not option.refused and not option.needs)
        else:
            things = organization.things[kind]
            given[f"LIGHTFIELD_{kind.upper()}_ID"] = next(thing.id for thing in things if not thing.refusal)
    if organization.manners.clock != Manners.clock:
        given["LIGHTFIELD_CLOCK_HEADER"] = CLOCK_HEADER
    return given


@contextlib.contextmanager
def _another_client(store: Store) -> Iterator[None]:
    """Let another client create records meanwhile: blank names, names that look like a marker, ordinary ones."""
    stop = threading.Event()

    def work() -> None:
        dice = random.Random(0)  # noqa: S311 - no secret depends on it
        while not stop.wait(1 / store.organization.busy):
            run, case = f"{dice.getrandbits(32):08x}", f"{dice.getrandbits(24):06x}-{dice.randrange(100):04}"
            name = dice.choice(
                ["", " ", "   ", f"lfc-{run}", f"lfc-{run} {case} Sample", f"Deal {case}", "Sample", "Renewal"]
            )
            stage = dice.choice(store.organization.fields["$stage"].options).id
            store.add({"$name": name, "$stage": stage}, {"$account": [store.things["account"][0].id]}, time.time())

    thread = threading.Thread(target=work, daemon=True)
    if store.organization.busy:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if store.organization.busy:
            thread.join()
