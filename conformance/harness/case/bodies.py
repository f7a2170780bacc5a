"""Valid bodies that many cases of a run start from, each made when it is first asked for."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import Any

from ....spec import Contract
from ....strategies import Depth, Pack, Placed, Workspace, enumerate_bodies, enumerate_packs, smallest_body
from ....strategies.bodies import other_options_body
from ....strategies.plan import full_body

__all__ = ["Bodies"]


@dataclasses.dataclass(frozen=True)
class Bodies:
    """Valid bodies that many cases start from, which must not be changed."""

    contract: Contract
    workspace: Workspace
    _filled: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict, init=False, repr=False, compare=False)

    def carry(self, pack: Pack, placed: Sequence[Placed] | None = None) -> dict[str, Any]:
        """Return the smallest one with the values of a pack in it, or with some of them."""
        if placed is not None:
            return pack.fill(self.smallest or {}, self.workspace, placed)
        # Asked for again by each breach that is written in a way of a pack's.
        if pack.id not in self._filled:
            self._filled[pack.id] = pack.fill(self.smallest or {}, self.workspace)
        return self._filled[pack.id]

    @functools.cached_property
    def smallest(self) -> dict[str, Any] | None:
        """The smallest one; None where the workspace does not have what it needs."""
        return smallest_body(self.contract, self.workspace)

    @functools.cached_property
    def carrying(self) -> dict[str, Any] | None:
        """The smallest one with the values of the first pack, less those that the first look found not to be taken."""
        return _carrying(self.smallest, self.workspace, self.packs) or self.smallest

    @functools.cached_property
    def of_other_organization(self) -> tuple[dict[str, Any], ...]:
        """For the other organization, one with values and the smallest one; none where too little of that is known."""
        theirs = self.workspace.other
        packs = () if self.workspace.other_plain else _first_packs(self.contract, theirs)
        smallest = smallest_body(self.contract, theirs)
        return tuple(body for body in (_carrying(smallest, theirs, packs), smallest) if body is not None)

    @functools.cached_property
    def fullest(self) -> tuple[dict[str, Any], ...]:
        """Those with much set: beside all features, in its plainest form, by ID, other options."""
        bodies = enumerate_bodies(self.contract, self.workspace, Depth.SMOKE)
        others = (body.value for body in bodies[:0:-1])
        return full_body(self.contract, self.workspace), *others, other_options_body(self.contract, self.workspace)

    @functools.cached_property
    def packs(self) -> tuple[Pack, ...]:
        """The first packs of values that are demanded to be accepted, the same at every depth."""
        return _first_packs(self.contract, self.workspace)


def _first_packs(contract: Contract, workspace: Workspace) -> tuple[Pack, ...]:
    return tuple(pack for pack in enumerate_packs(contract, workspace, Depth.SMOKE) if pack.demanded)


def _carrying(smallest: dict[str, Any] | None, workspace: Workspace, packs: Sequence[Pack]) -> dict[str, Any] | None:
    """The smallest body with the values of the first pack that are taken; None where there are none."""
    pack = next(iter(packs), None)
    placed = [each for each in pack.placed if each.pointer not in workspace.untaken] if pack else []
    return pack.fill(smallest, workspace, placed) if pack and placed and smallest else None
