"""The ASGI app: one route for each path of the fragment, all leading into one pipeline."""

from __future__ import annotations

import dataclasses
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import cast

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ..spec import Collection, Contract, Operation
from .answers import JsonAnswer, Refusal
from .configuration import Clock, Configuration
from .observer import Observer, observed
from .parsing import ClientGoneError
from .pipeline import Pipeline
from .steps import Call

__all__ = ["make_app"]


def make_app(
    contract: Contract,
    configuration: Configuration | None = None,
    pipeline: type[Pipeline] = Pipeline,
    *,
    clock: Clock | None = None,
    observer: Observer | None = None,
) -> ASGIApp:
    """Return a server for the fragment, with sample data and a memory of its own.

    Args:
        contract: what to serve.
        configuration: how; the defaults suit an embedded server.
        pipeline: the class of the pipeline, of which a faulty server overrides a step.
        clock: the server's clock, for a test that moves it.
        observer: is shown each request and its response.
    """
    steps = pipeline(contract, configuration, clock)

    async def refuse(_: Request, error: Exception) -> Response:
        return _no_operation(steps, cast(HTTPException, error))

    app = Starlette(routes=_routes(contract, steps), exception_handlers={HTTPException: refuse})
    app.router.redirect_slashes = False
    return observed(app, observer) if observer else app


@dataclasses.dataclass(frozen=True)
class _Served:
    """One operation, and what it is for."""

    operation: Operation
    role: str
    collection: Collection | None = None


class _PathApp:
    """The operations of one path, by method, as an ASGI app."""

    def __init__(self, pipeline: Pipeline, served: Mapping[str, _Served]) -> None:
        self.pipeline = pipeline
        self.served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # What answers GET answers HEAD; the server leaves out the body.
        served = self.served["GET" if scope["method"] == "HEAD" else scope["method"]]
        call = Call(
            operation=served.operation,
            role=served.role,
            collection=served.collection,
            headers=Headers(scope=scope),
            query=tuple(urllib.parse.parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            path_id=next(iter(scope["path_params"].values()), ""),
            receive=receive,
        )
        try:
            response = await self.pipeline.handle(call)
        except ClientGoneError:
            return
        await response(scope, receive, send)


def _routes(contract: Contract, pipeline: Pipeline) -> list[Route]:
    paths: dict[str, dict[str, _Served]] = {}
    for served in _operations(contract):
        paths.setdefault(served.operation.path, {})[served.operation.method] = served
    return [Route(path, _PathApp(pipeline, served), methods=list(served)) for path, served in paths.items()]


def _operations(contract: Contract) -> Iterator[_Served]:
    """Yield all of the fragment's, in an order in which no template swallows another operation's fixed path."""
    if contract.validate is not None:
        yield _Served(contract.validate, "validate")
    for role in ("definitions", "list", "create", "retrieve"):
        for collection in contract.collections.values():
            operation: Operation | None = getattr(collection, role)
            if operation is not None:
                yield _Served(operation, role, collection)


def _no_operation(pipeline: Pipeline, error: HTTPException) -> Response:
    """Return the answer where no operation was found, in the form of every other refusal."""
    known = {
        404: ("not_found", "There is nothing at this path."),
        405: ("method_not_allowed", "No such method at this path."),
    }
    type_, message = known.get(error.status_code, ("bad_request", error.detail))
    refusal = Refusal(error.status_code, type_, message)
    body = pipeline.encode(JsonAnswer(error.status_code, pipeline.error_body(None, refusal)))
    return Response(body, error.status_code, headers=error.headers, media_type="application/json")
