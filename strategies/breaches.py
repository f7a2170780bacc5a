"""All breaches of a contract: one rule, at one place, in one way each."""

from __future__ import annotations

from collections.abc import Iterator

from ..spec import Contract
from .bodies import smallest_body
from .breach import Breach, Mutation
from .depth import Depth
from .meaning_breaches import custom_mutations, link_mutations, read_only_mutations
from .schema_breaches import schema_mutations
from .transport_breaches import body_mutations, header_mutations
from .unknown_breaches import unknown_mutations
from .workspace import Workspace

__all__ = ["enumerate_breaches", "mutations"]


def enumerate_breaches(contract: Contract, workspace: Workspace, depth: Depth = Depth.STANDARD) -> tuple[Breach, ...]:
    """Return all breaches of the contract that this workspace allows to make, in a fixed order.

    Each is made of the smallest valid body. Smoke depth has those marked `smoke`; standard and deep have all.
    Empty where there is no smallest body; `missing_needs` says why.
    """
    body = smallest_body(contract, workspace)
    if body is None:
        return ()
    found = mutations(contract, workspace)
    return tuple(mutation.apply(body) for mutation in found if mutation.smoke or depth is not Depth.SMOKE)


def mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """Yield all breaches, before they have a body."""
    yield from schema_mutations(contract, workspace)
    yield from read_only_mutations(contract, workspace)
    yield from link_mutations(contract, workspace)
    yield from unknown_mutations(contract, workspace)
    yield from custom_mutations(contract, workspace)
    yield from header_mutations(contract)
    yield from body_mutations(contract, workspace)
