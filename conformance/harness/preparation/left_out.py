"""Notes what an organization's own rules refuse, so that it is left out, and what is refused though the target lists it."""

from __future__ import annotations

from collections.abc import Iterator

from ....reports import ExchangeRole
from ..case.world import World
from ..judge.judgement import Evidence
from ..judge.record import Recorder
from ..judge.refusal import judge_listed
from ..judge.subject import about_place
from ..wire.exchange import Exchange

__all__ = ["LeftOut"]


class LeftOut:
    """What is left out of all bodies of one run.

    Args:
        recorder: takes what is observed, and what is judged.
    """

    def __init__(self, world: World, recorder: Recorder) -> None:
        self._world = world
        self._recorder = recorder
        self._counts: dict[str, int] = {}

    @property
    def notes(self) -> Iterator[str]:
        """What the user should know: how much was left out at each place."""
        for place, count in self._counts.items():
            yield f"{count} left out at {place}, because the organization refuses it; another one is used"

    def add(self, pointer: str, answer: Exchange, count: int = 1) -> None:
        """Note that so many things were refused at a place, by a rule of the organization."""
        self._counts[pointer] = self._counts.get(pointer, 0) + count
        self._recorder.observe(*[(f"left out at {pointer}", f"refused with {answer.answer}")] * count)

    def forget(self) -> None:
        """Leave out nothing of what was noted, since it did not help."""
        self._counts.clear()

    def observe(self, point: str, answer: Exchange) -> None:
        """Note a refusal that nothing is left out for."""
        self._recorder.observe((point, f"refused with {answer.status}"))

    def blame(self, clause: str, pointer: str, answer: Exchange) -> None:
        """Note that the target refuses what it lists, and not by a rule about the thing."""
        about = about_place(self._world.contract, self._world.workspace, pointer)
        self._recorder.note([judge_listed(answer, clause, about)], [Evidence(ExchangeRole.JUDGED, answer)])
