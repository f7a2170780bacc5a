"""Notes what judges say of exchanges, with these as the evidence: what the methods of `Expect` have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ....reports import ExchangeRole
from ....strategies.values import Echo
from ..wire.exchange import Exchange
from . import echo, repeats
from .judgement import Evidence, Judgement, Judgements
from .record import Inputs
from .subject import workspace_of

__all__ = ["Noting"]


class Noting:
    """Notes judgements about one test case, and what is only observed in it."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._contract = inputs.contract
        self._workspace = inputs.workspace
        self._recorder = inputs.recorder
        self._own = inputs.own

    def holds(self, expected: str, held: bool, observed: str, *exchanges: Exchange, by: str = "") -> None:
        """Expect anything else by the case's own clause; the last exchange is the one that it is about.

        Args:
            by: another clause.
        """
        judgement = repeats.judge_situation(by or self._own, expected, held, observed, exchanges)
        self._note_in_order([judgement], ExchangeRole.FIRST, exchanges)

    def echoed(self, *exchanges: Exchange, history: Sequence[Exchange] = (), others: Sequence[Exchange] = ()) -> None:
        """Expect what creates sent to come back in their answers, each value by the clause of its place.

        Args:
            history: what was sent, in order; what had the key of a create before it is shown with it.
            others: creates that are known to have made other records, so that none of their values belongs in these answers.
        """
        markers = {other.stamp for other in others}
        for exchange in exchanges:
            # The answer to another create says something of keys, which is for the case to judge, and nothing of values.
            if not exchange.answers_another or exchange.marker_of_another in markers:
                at = next((place for place, each in enumerate(history) if each is exchange), 0)
                alike = [each for each in history[:at] if exchange.key and each.key == exchange.key]
                self._note_in_order(self._echo(exchange), ExchangeRole.STEP, [*alike, exchange])

    def observe(self, point: str, seen: str) -> None:
        """Record what the target does where the contract is silent."""
        self._recorder.observe((point, seen))

    def observe_choice(self, point: str, exchange: Exchange) -> None:
        """Record whether the target takes what it may take or refuse."""
        self.observe(point, "taken" if exchange.accepted else f"refused with {exchange.status}")

    def _echo(self, exchange: Exchange, echoes: Mapping[str, Echo] | None = None) -> Judgements:
        workspace = workspace_of(self._workspace, exchange)
        yield from echo.judge_echo(
            self._contract, workspace, exchange.sent, exchange.body, marker=exchange.stamp, echoes=echoes
        )
        # What is answered with another create's record is for the cases about keys to judge.
        if exchange.marked:
            yield echo.judge_unsent(workspace, exchange)

    def _note(
        self,
        judgements: Iterable[Judgement],
        judged: Exchange,
        *,
        control: Exchange | None = None,
        first: Exchange | None = None,
        between: Exchange | None = None,
    ) -> None:
        in_order = {ExchangeRole.CONTROL: control, ExchangeRole.FIRST: first, ExchangeRole.STEP: between}
        known = {**in_order, ExchangeRole.JUDGED: judged}.items()
        evidence = [Evidence(role, exchange) for role, exchange in known if exchange is not None]
        self._recorder.note(judgements, evidence)

    def _note_in_order(self, judgements: Iterable[Judgement], before: ExchangeRole, exchanges: Sequence[Exchange]) -> None:
        """Note what is judged of the last exchange; those before it have another role."""
        roles = [before] * (len(exchanges) - 1) + [ExchangeRole.JUDGED]
        evidence = [Evidence(role, exchange) for role, exchange in zip(roles, exchanges, strict=False)]
        self._recorder.note(judgements, evidence)
