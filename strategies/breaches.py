"""All mutations of a contract: one rule, at one place, in one way each."""

from __future__ import annotations

from collections.abc import Iterator

from ..spec import Contract
from .breach import Mutation
from .meaning_breaches import custom_mutations, link_mutations, read_only_mutations
from .schema_breaches import schema_mutations
from .transport_breaches import body_mutations, header_mutations
from .unknown_breaches import unknown_mutations
from .workspace import Workspace

__all__ = ["mutations"]


def mutations(contract: Contract, workspace: Workspace) -> Iterator[Mutation]:
    """Yield all breaches, before they have a body."""
    yield from schema_mutations(contract, workspace)
    yield from read_only_mutations(contract, workspace)
    yield from link_mutations(contract, workspace)
    yield from unknown_mutations(contract, workspace)
    yield from custom_mutations(contract, workspace)
    yield from header_mutations(contract)
    yield from body_mutations(contract, workspace)
