"""The servers that every tool judges: seeded faults and conforming servers, with what they were asked counted."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from lightfield_contract.reference import Call, Pipeline, Reference, Refusal
from lightfield_contract.reference.faults import fault, faults
from lightfield_contract.reference.variations import ConformingServer, conforming_servers
from lightfield_contract.spec import load

__all__ = ["Counts", "Kind", "Served", "Subject", "choose", "serve"]


class Kind(enum.StrEnum):
    """What a server is."""

    FAULT = "fault"
    CONFORMING = "conforming"
    PLAIN = "plain"
    """The reference itself, which tells a tool's constant noise."""


@dataclasses.dataclass(frozen=True)
class Subject:
    """One server, by name, so that it can be told to another process."""

    kind: Kind
    id: str


@dataclasses.dataclass
class Counts:
    """What a server was asked, counted in the server itself, the same way for every tool."""

    requests: int = 0
    writes: int = 0
    created: int = 0


@dataclasses.dataclass(frozen=True)
class Served:
    """What it takes to serve a subject.

    Attributes:
        basis: the weakest basis by which it keeps the contract, its fault aside.
        given: variables that a user would set for want of something that it does not offer.
    """

    pipeline: type[Pipeline]
    configuration: Any
    counts: Counts
    basis: str = "all"
    given: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def server(self) -> Reference:
        """Return a new one, not yet started."""
        return Reference(load(), self.configuration, self.pipeline)


class _Counting(Pipeline):
    counts: ClassVar[Counts]

    async def handle(self, call: Call) -> Any:
        self.counts.requests += 1
        self.counts.writes += call.role == "create"
        response = await super().handle(call)
        self.counts.created += call.role == "create" and response.status_code in range(200, 300)
        return response

    def error_body(self, call: Call | None, refusal: Refusal) -> Any:
        # A method or a path that is not there never comes to `handle`.
        self.counts.requests += call is None
        return super().error_body(call, refusal)


def choose(ids: Sequence[str], *, every: int, conforming: int | None) -> tuple[Subject, ...]:
    """The servers to judge.

    Args:
        ids: of faults; when empty, those of the catalogue that are `every` places apart.
        conforming: how many conforming servers, spread over all of them; all when None.

    Raises:
        UsageError: there is no fault of that id.
    """
    chosen = [fault(each) for each in ids] or list(faults())[::every]
    servers = [server.id for server in conforming_servers(load())]
    count = len(servers) if conforming is None else min(conforming, len(servers))
    spread = [servers[number * len(servers) // count] for number in range(count)]
    return (
        *(Subject(Kind.FAULT, info.id) for info in chosen),
        *(Subject(Kind.CONFORMING, name) for name in spread),
    )


def serve(subject: Subject) -> Served:
    """The subject's server, about to be counted from nothing."""
    counts = Counts()
    if subject.kind is Kind.FAULT:
        return Served(_counted(fault(subject.id).pipeline, counts), None, counts)
    if subject.kind is Kind.PLAIN:
        return Served(_counted(Pipeline, counts), None, counts)
    server = _conforming(subject.id)
    return Served(_counted(server.pipeline, counts), server.configuration, counts, server.basis, server.given)


def _counted(pipeline: type[Pipeline], counts: Counts) -> type[Pipeline]:
    return type(pipeline.__name__, (_Counting, pipeline), {"counts": counts, "__doc__": pipeline.__doc__})


def _conforming(name: str) -> ConformingServer:
    return next(server for server in conforming_servers(load()) if server.id == name)
