"""Judges packs of values: what a target refuses is taken out and judged by itself, and the rest is judged all the same."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from ....spec.pointer import get_at
from ....strategies import Pack, Placed
from ..case.api import Api
from ..case.world import World
from ..judge import Expect, Judged
from ..judge.refusal import names
from ..wire.exchange import Exchange
from .reducing import Reduction

__all__ = ["Unpacking"]


class Unpacking:
    """Judges packs for one case.

    Args:
        smallest_of: shows a finding about a whole body in its smallest form.
    """

    def __init__(self, world: World, api: Api, expect: Expect, smallest_of: Reduction) -> None:
        self._world = world
        self._api = api
        self._expect = expect
        self._smallest_of = smallest_of

    def judge(self, pack: Pack) -> None:
        """Expect each value of a pack to be accepted where a source says so, and whatever was accepted to come back.

        Raises:
            NotVerified: not even the smallest body is accepted.
        """
        left = list(pack.placed)
        if pack.demanded and (carried := self._carried(pack)) is not None:
            sent, exchange = carried
            self._smallest_of(sent, lambda value: self._expect.created(exchange if value == sent else self._api.once(value)))
            return
        while left and not (exchange := self._send(pack, left)).accepted:
            if len(left) == 1:
                self._refused(pack, left[0], exchange)
                return
            taken_out = self._culprits(pack, left, exchange)
            if not taken_out:
                # The values pass by themselves, so it is the body that is refused.
                if pack.demanded:
                    self._accepted(pack, left)
                return
            left = [placed for placed in left if placed not in taken_out]
        if left:
            self._accepted(pack, left)

    def _carried(self, pack: Pack) -> tuple[dict[str, Any], Exchange] | None:
        """A body with all values of a pack that other cases send too, and its create; None where it is not accepted."""
        body, exchange = self._api.full_body(), self._api.keyed()
        if any(get_at(body, each.pointer, None) != each.value.value for each in pack.placed):
            body = self._world.state.bodies.carry(pack)
            exchange = self._api.carrying(pack)
        return (body, exchange) if exchange.accepted and not exchange.answers_another else None

    def _send(self, pack: Pack, placed: Sequence[Placed]) -> Exchange:
        return self._api.once(self._world.state.bodies.carry(pack, placed))

    def _culprits(self, pack: Pack, left: list[Placed], exchange: Exchange) -> list[Placed]:
        """Those that the target refuses by themselves: the one that its error names, else all that are found by trying."""
        suspects = [placed for placed in left if names(exchange, placed.pointer)]
        if suspects and exchange.refused and not pack.demanded:
            self._refused(pack, suspects[0], exchange)
            return suspects[:1]
        for some in (suspects[:1], left):
            answers = [(placed, self._send(pack, [placed])) for placed in some]
            refused = [(placed, answer) for placed, answer in answers if not answer.accepted]
            for placed, answer in refused:
                self._refused(pack, placed, answer)
            if refused:
                return [placed for placed, _ in refused]
        return []

    def _refused(self, pack: Pack, placed: Placed, exchange: Exchange) -> None:
        if pack.demanded:
            with contextlib.suppress(Judged):
                self._expect.created(exchange, f"custom:{placed.value_type}" if placed.value_type else "")
        else:
            self._expect.tolerated(exchange, [placed])

    def _accepted(self, pack: Pack, placed: list[Placed]) -> None:
        body = self._world.state.bodies.carry(pack, placed)
        if pack.demanded:
            self._smallest_of(body, lambda value: self._expect.created(self._api.once(value)))
        else:
            self._expect.tolerated(self._api.once(body), placed)
