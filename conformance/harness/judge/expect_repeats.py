"""What tests expect of creates that depend on each other: of repeats, of keys that differ, of creates at one time."""

from __future__ import annotations

from collections.abc import Sequence

from ....reports import ExchangeRole
from ....strategies import Mismatch
from ..wire.exchange import Exchange
from . import repeats
from .judgement import Subject
from .noting import Noting
from .record import NotVerified

__all__ = ["RepeatExpect"]


class RepeatExpect(Noting):
    """Judges the creates of one test case in the light of each other."""

    def replayed(
        self, first: Exchange, again: Exchange, by: str = "", kind: str = "", between: Exchange | None = None
    ) -> None:
        """Expect the second answer to be the first one: same status, same JSON value (contract 11).

        Args:
            by: the clause that says so; the case's own when left out.
            kind: what is special about the two.
            between: what was sent between the two, and may be the cause.
        """
        judgement = repeats.judge_replayed(by or self._own, first, again, Subject(kind=kind))
        self._note([judgement], again, first=first, between=between)

    def separate(self, first: Exchange, second: Exchange, by: str = "", kind: str = "") -> None:
        """Expect the second create to have made a record of its own, and what it sent to come back.

        Args:
            by: the clause that says so; the case's own when left out.
            kind: what is special about the second one.
        """
        judgement = repeats.judge_separate(by or self._own, first, second, Subject(kind=kind))
        self._note([judgement], second, first=first)
        if not judgement.problem and second.path == self._contract.create.path:
            self.echoed(second)

    def original_or_refused(self, first: Exchange, again: Exchange) -> None:
        """Expect the second answer to be the first one or a 4xx, and no second record."""
        self._note([repeats.judge_original_or_refused(self._own, first, again)], again, first=first)
        self.observe(self._own, f"refused with {again.status}" if again.refused else "the original response")

    def one_winner(self, exchanges: Sequence[Exchange]) -> None:
        """Expect one of the requests at one time to have made a record, and the others to get that response, or 409."""
        self._note_in_order([repeats.judge_one_winner(self._own, exchanges)], ExchangeRole.JUDGED, exchanges)
        winner = next((exchange for exchange in exchanges if exchange.accepted), None)
        for exchange in (exchange for exchange in exchanges if exchange is not winner):
            self.observe(f"{self._own}: the late one", "409" if exchange.status == 409 else "the original response")

    def as_modelled(self, mismatch: Mismatch | None, exchanges: Sequence[Exchange], clause: str = "") -> None:
        """Expect a history to have gone as the model of the key store says; `mismatch` says where it did not.

        Args:
            clause: the one that the history is about; the case's own when left out.

        Raises:
            NotVerified: a correct create was not accepted, which is for other cases to judge.
        """
        if mismatch and mismatch.clause == "operation:create":
            raise NotVerified(
                f"a correct create was not accepted: {exchanges[-1].answer}", "see the clause operation:create"
            )
        judgement = repeats.judge_history(clause or self._own, mismatch, exchanges)
        self._note_in_order([judgement], ExchangeRole.STEP, exchanges)
