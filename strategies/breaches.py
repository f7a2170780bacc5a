"""Enumerates the breaches of a contract: one rule, at one place, in one way each."""

from __future__ import annotations

from collections.abc import Iterator

from ..spec import Contract
from .breach import Breach
from .custom_breaches import custom_mutations
from .depth import Depth
from .json_breaches import json_mutations
from .link_breaches import link_mutations
from .mutation import Mutation
from .place_breaches import place_mutations
from .read_only_breaches import read_only_mutations
from .smallest import smallest_body
from .unknown_breaches import unknown_mutations
from .wire_breaches import wire_mutations
from .workspace import Workspace

__all__ = ["breaches", "mutations"]


def breaches(contract: Contract, workspace: Workspace, depth: Depth = Depth.STANDARD) -> tuple[Breach, ...]:
    """All breaches of the contract that this workspace allows to make, in a fixed order.

    Each is made of the smallest valid body. Smoke depth has those marked `smoke`; standard and deep have all.
    Empty where there is no smallest body; `missing_needs` says why.
    """
    body = smallest_body(contract, workspace)
    if body is None:
        return ()
    found = mutations(contract, workspace)
    return tuple(mutation.applied_to(body) for mutation in found if mutation.smoke or depth is not Depth.SMOKE)


def mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """All breaches, before they have a body."""
    yield from place_mutations(contract, workspace)
    yield from read_only_mutations(contract, workspace)
    yield from link_mutations(contract, workspace)
    yield from unknown_mutations(contract, workspace)
    yield from custom_mutations(contract, workspace)
    yield from wire_mutations(contract)
    yield from json_mutations(contract, workspace)
