"""The creates of packs of values: they carry keys too, and are written in ways, that other cases are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ....spec.pointer import set_at
from ....strategies import Pack
from ....strategies.key_space import LETTER_CASE, near_keys, twin_keys
from ....strategies.ways import AGAIN, CARRYING, CHUNKED, PLAINLY, Spelling
from ..wire.exchange import Exchange
from .material import reformatted
from .shared_creates import SharedCreates

__all__ = ["DIGITS_KEYED", "LONG_KEYED", "TURNED_AWAY", "PackCreates"]

DIGITS_KEYED = 5
"""The number of the pack whose create has a key of digits."""
TURNED_AWAY = 4
"""The number of the pack whose create callers who may not create repeat; its key is used for nothing else."""
LONG_KEYED = 3
"""The number of the pack whose create has a key that is as long as it may be."""
TWINS: Final[Mapping[str, tuple[int, int]]] = {"underscore": (1, 2), "leading zeros": (TURNED_AWAY, DIGITS_KEYED)}
"""The numbers of two packs whose creates have keys that nearly agree, by what the keys differ in."""
WRITTEN = (2, 4, 5)
"""The numbers of the packs whose creates are written in the ways of `CARRYING`."""


class PackCreates(SharedCreates):
    """Sends the requests of one case, and asks for the creates of packs, which it may share with others."""

    def carrying(self, pack: Pack) -> Exchange:
        """A create with the values of a pack and a key of its own, which one other case may use.

        Some keys are long or nearly equal, and some creates are not written plainly, for cases that judge that.
        """
        packs = self._world.packs
        at = packs.index(pack) if pack in packs else -1
        way = dict(zip(WRITTEN, CARRYING, strict=True)).get(at, PLAINLY)
        twin = next(((kind, numbers.index(at)) for kind, numbers in TWINS.items() if at in numbers), None)
        return self.once(self._world.state.bodies.carry(pack), keyed=True, long=at == LONG_KEYED, way=way, twin=twin)

    def _carrying(self, number: int) -> Exchange | None:
        """The create of the pack of that number; None where there are fewer."""
        packs = self._world.packs
        return self.carrying(packs[number]) if number < len(packs) else None

    def twins(self, kind: str) -> tuple[Exchange, Exchange]:
        """Two creates whose keys nearly agree, the earlier one first; of values, where the target takes those."""
        carried = [exchange for number in TWINS[kind] if (exchange := self._carrying(number)) and exchange.accepted]
        if len(carried) == 2:
            first, second = sorted(carried, key=lambda exchange: exchange.sent_at)
            return first, second
        one, other = twin_keys(self.key())[kind]
        first = self.create(self.valued, key=one)
        return first, self.equal(first, key=other)

    def linked_twice(self) -> tuple[str, Exchange]:
        """A relationship, and a create that links to one thing twice there; its key nearly agrees with the long one."""
        place, sent = self._linked_twice()
        if sent.accepted and sent.answers_another:
            sent = self.create(sent.sent)
        return place, sent

    def _linked_twice(self) -> tuple[str, Exchange]:
        place, linked = self._given.link_to_repeat()
        long, body = self._carrying(LONG_KEYED), set_at(self._given.smallest, place, [linked, linked])
        return place, self.once(body, key=near_keys(long.key)[LETTER_CASE] if long and long.key else None)

    def near(self, first: Exchange, change: str) -> Exchange:
        """A create under a key that differs from the long one of an earlier create in one thing."""
        key = near_keys(first.key or "")[change]
        sent = self._linked_twice()[1] if change == LETTER_CASE else None
        return sent if sent and sent.accepted and sent.key == key else self.equal(first, key=key)

    def written_values(self, way: Spelling) -> Exchange | None:
        """A create of values that is written in a way of `CARRYING`, where the target takes it; else None."""
        numbers = [number for number, each in zip(WRITTEN, CARRYING, strict=True) if each == way]
        carried = [exchange for number in numbers if (exchange := self._carrying(number))]
        return next((exchange for exchange in carried if exchange.accepted), None)

    def original(self, number: int, key: str = "") -> Exchange:
        """The create of the pack of that number, where it is accepted, else a plain one with a key, or the given one."""
        carried = self._carrying(number)
        if carried and carried.accepted and not carried.answers_another:
            return carried
        return self.create(self.valued, key=key or self.key())

    def repeat_in_other_form(self, first: Exchange) -> Exchange:
        """Repeat a create with the same JSON value in another form, and as `AGAIN` has it where the target takes chunks."""
        way = AGAIN if self._takes(AGAIN) else PLAINLY
        return self.repeat(first, content=reformatted(first.content), way=way)

    def _takes(self, way: Spelling) -> bool:
        """Whether the target accepts what is written in a way: in chunks, and as `CARRYING` has it besides."""
        shown = [each for each, other in zip(CARRYING, CHUNKED, strict=True) if way == other or each.framing == "chunked"]
        return way == PLAINLY or all((self.written_values(each) or self.once(way=each)).accepted for each in shown)
