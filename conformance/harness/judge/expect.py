"""The one thing through which tests judge: each method takes exchanges and notes, clause by clause, what they show."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import jsonschema

from ....spec import Clause
from ....spec.pointer import get_at
from ....strategies import Body, Breach, History, Mismatch
from ..run.world import World
from ..wire.exchange import Exchange
from ..wire.trouble import trouble
from .judgement import Judgement, Judgements, judge
from .limits import judge_key_kept, judge_limit_headers, judge_retry_after
from .observations import see_refusal, see_success
from .record import CaseRecord, NotVerified, Violation
from .refusal import judge_error, judge_refusal
from .repeats import judge_one_winner, judge_original_or_refused, judge_replayed, judge_separate
from .shape import RecordShape
from .success import judge_echo, judge_success
from .values import same_value

__all__ = ["Expect", "Judged"]


class Judged(Exception):
    """The case is decided, and nothing that would follow can be judged any more."""


class Expect:
    """Judges the exchanges of one test case.

    Attributes:
        record: takes every judgement.

    Args:
        own: the clause that the case is about; what a method does not blame on another clause is blamed on it.
        selected: whether the run judges a clause at all.
    """

    def __init__(
        self, world: World, shape: RecordShape, record: CaseRecord, own: Clause | None, selected: Callable[[str], bool]
    ) -> None:
        self._world = world
        self._shape = shape
        self.record = record
        self._own = own.id if own else ""
        self._selected = selected

    def created(self, exchange: Exchange) -> Exchange:
        """The create was accepted, and the answer is all that a success must be, echo included."""
        if not exchange.accepted and self._own != "operation:create" and (told := self._world.smallest_told):
            raise NotVerified(f"the smallest body was not accepted: {told}", "see the clause operation:create")
        expected = "accepted with 200 or 201"
        self._note(judge(self._own, expected, exchange.accepted, f"answered {exchange.answer}"), exchange)
        if not exchange.accepted:
            raise Judged
        contract, workspace = self._world.contract, self._world.workspace
        self._note_all(judge_success(contract, self._shape, exchange), exchange)
        self._note_all(judge_echo(contract, workspace, exchange.sent, exchange.body), exchange)
        self.record.seen += dict.fromkeys(see_success(contract, workspace, exchange))
        return exchange

    def accepted(self, exchange: Exchange) -> Exchange:
        """What the case starts from; without it nothing can be judged, and nothing is blamed.

        Raises:
            NotVerified: the create was not accepted, or named no record.
        """
        if not exchange.record_id:
            raise NotVerified(f"a correct create was not accepted: {exchange.answer}", "see the clause operation:create")
        return exchange

    def rejected(self, exchange: Exchange) -> Exchange:
        """The refusal that the case starts from; without it nothing can be judged, and nothing is blamed.

        Raises:
            NotVerified: it was not refused.
        """
        if not exchange.refused:
            raise NotVerified(
                f"a body with a mistake was not refused: {exchange.answer}", "see the clauses about required places"
            )
        return exchange

    def refused(self, exchange: Exchange, breach: Breach, control: Exchange | None = None) -> None:
        """The breach was refused, for its own reason. A breach that no source forbids is only observed."""
        if breach.clause is None:
            self.observe(f"{breach.rule} at {breach.place or 'the body'}: {breach.variant}", _verb(exchange))
            self._survives(exchange, "refusal:no-5xx")
            return
        before = (control,) if control else ()
        crash = "refusal:no-5xx" if self._selected("refusal:no-5xx") else breach.clause
        judgements = judge_refusal(self._world.contract, exchange, breach, crash)
        self._note_all(judgements, *before, exchange, label=breach.id)
        if exchange.refused:
            self.record.seen += see_refusal(exchange, breach)

    def survived(self, exchange: Exchange, breach: Breach) -> None:
        """The request was answered, with anything but a 5xx."""
        self._survives(exchange, self._own)
        self.observe(f"{breach.rule}: {breach.variant}", _verb(exchange))

    def turned_away(self, exchange: Exchange, status: int, by: str) -> None:
        """The caller was refused: with 401 or 403 for the case's clause, with exactly `status` for the clause `by`."""
        self._note(
            judge(self._own, "refused with 401 or 403", exchange.status in (401, 403), f"answered {exchange.answer}"),
            exchange,
        )
        if exchange.refused:
            self._note(
                judge(by, f"refused with {status}", exchange.status == status, f"answered {exchange.answer}"), exchange
            )
            self._note_all(judge_error(self._world.contract, exchange), exchange)

    def replayed(self, first: Exchange, again: Exchange) -> None:
        """The second answer is the first one: same status, same JSON value (contract 11)."""
        self._note(judge_replayed(self._own, first, again), first, again)

    def separate(self, first: Exchange, second: Exchange) -> None:
        """The second create made a record of its own."""
        self._note(judge_separate(self._own, first, second), first, second)

    def original_or_refused(self, first: Exchange, again: Exchange) -> None:
        """The second answer is the first one or a 4xx, and no second record."""
        self._note(judge_original_or_refused(self._own, first, again), first, again)
        self.observe(self._own, f"refused with {again.status}" if again.refused else "the original response")

    def one_winner(self, exchanges: Sequence[Exchange]) -> None:
        """Of requests at the same time one made a record; each other one got that response, or 409."""
        self._note(judge_one_winner(self._own, exchanges), *exchanges)
        winner = next((exchange for exchange in exchanges if exchange.accepted), None)
        for exchange in (exchange for exchange in exchanges if exchange is not winner):
            self.observe(f"{self._own}: the late one", "409" if exchange.status == 409 else "the original response")

    def linked_once(self, exchange: Exchange, pointer: str) -> None:
        """An accepted relationship does not hold an ID twice."""
        values = get_at(exchange.body, f"{pointer}/values", []) if exchange.accepted else []
        once = isinstance(values, list) and len({str(value) for value in values}) == len(values)
        self._note(
            judge(self._own, "each ID once", once and exchange.status < 500, f"{exchange.answer}: {values}"), exchange
        )

    def stored(self, created: Exchange, read: Exchange) -> None:
        """What a read gives is the record that the create returned.

        Raises:
            NotVerified: the reader may not read records.
        """
        if read.status in (401, 403):
            raise self._world.lack("read", read.answer)
        same = read.status == 200 and isinstance(read.body, dict) and read.body.get("id") == created.record_id
        self._note(judge(self._own, f"record {created.record_id}", same, f"answered {read.answer}"), created, read)
        if same:
            answered, kept = (
                judge_echo(self._world.contract, self._world.workspace, created.sent, record, self._own)
                for record in (created.body, read.body)
            )
            # What the create's own answer showed altered is its echo's fault, not the store's.
            altered = {judgement.expected for judgement in answered if judgement.problem}
            self._note_all((judgement for judgement in kept if judgement.expected not in altered), created, read)

    def same_option(self, by_label: Exchange, by_id: Exchange, pointer: str) -> None:
        """Two creates show the same option at a select's place, each by its ID or by its label (contract 11)."""
        place = self._world.contract.place(pointer)
        defined = self._world.workspace.fields.get(place.key)
        one, other = (get_at(exchange.body, f"{pointer}/value", None) for exchange in (by_label, by_id))
        held = one is not None and same_value(place.value_type, one, other, defined.options if defined else ())
        self._note(judge(self._own, "the same option from label and ID", held, f"{one!r} and {other!r}"), by_label, by_id)

    def reveals_nothing(self, exchange: Exchange, texts: Sequence[str]) -> None:
        """The answer does not hold another organization's data."""
        shown = [text for text in texts if text and text in exchange.text]
        self._note(
            judge(self._own, "nothing of the other organization's object", not shown, f"the answer holds {shown}"), exchange
        )

    def key_information(self, exchange: Exchange) -> None:
        """The validate endpoint told an active key and its scopes."""
        operation = self._world.contract.validate
        valid = operation is not None and jsonschema.Draft202012Validator(operation.response_schema).is_valid(exchange.body)
        held = exchange.status == 200 and valid and exchange.body.get("active") is True
        self._note(
            judge(self._own, "200 with active and scopes", held, f"answered {exchange.answer}: {exchange.text[:120]}"),
            exchange,
        )

    def as_modelled(self, history: History, mismatch: Mismatch | None, exchanges: Sequence[Exchange]) -> None:
        """The target answered a history as the model of the key store says."""
        if mismatch is None:
            self._note(Judgement(self._own, f"history {history.name}"), *exchanges)
            return
        # A plain repeat is judged by itself; where a history fails there, what came between is to blame.
        plain = mismatch.clause == "idempotency:replay"
        self.mismatched(dataclasses.replace(mismatch, clause=history.clause) if plain else mismatch, exchanges)

    def mismatched(self, mismatch: Mismatch, exchanges: Sequence[Exchange]) -> None:
        """A history was answered otherwise than the model permits.

        Raises:
            NotVerified: a correct create was not accepted, which is for other cases to judge.
        """
        if mismatch.clause == "operation:create":
            raise NotVerified(
                f"a correct create was not accepted: {exchanges[-1].answer}", "see the clause operation:create"
            )
        self._note(Judgement(mismatch.clause, "what the model of the key store permits", mismatch.reason), *exchanges)

    def tolerated(self, exchange: Exchange, body: Body) -> None:
        """A body that no source demands to be accepted: what the target does is observed, but what it accepts comes back."""
        self.observe("; ".join(f"{at}: {what}" for at, what in body.features.items()), _verb(exchange))
        self._survives(exchange, "refusal:no-5xx")
        if exchange.accepted and body.echoed:
            self._note_all(judge_echo(self._world.contract, self._world.workspace, exchange.sent, exchange.body), exchange)

    def handled(self, exchange: Exchange) -> None:
        """Whatever was sent: no 5xx, a success of the right shape, an error of the right form."""
        self._survives(exchange, "refusal:no-5xx")
        if exchange.accepted:
            self._note_all(judge_success(self._world.contract, self._shape, exchange), exchange)
        elif exchange.refused:
            self._note_all(judge_error(self._world.contract, exchange), exchange)

    def holds(self, expected: str, held: bool, observed: str, *exchanges: Exchange) -> None:
        """Any other expectation of the case's own clause."""
        self._note(judge(self._own, expected, held, observed), *exchanges)

    def observe(self, point: str, seen: str) -> None:
        """Records what the target does where the contract is silent."""
        self.record.seen.append((point, seen))

    def every(self, exchange: Exchange) -> None:
        """What every exchange can break, whatever it is about."""
        # Where the run does not judge that clause, silence breaks what the case is about.
        silent = "operation:answers" if self._selected("operation:answers") or exchange.status else self._own
        self._note(judge(silent, "an HTTP response", bool(exchange.status), exchange.failure), exchange)
        if not exchange.status:
            raise Judged
        self._note(judge("refusal:no-key", "an answer that holds no API key", not exchange.leaked, "an API key"), exchange)
        if exchange.limited:
            self._judge_limited(exchange)
        if (
            exchange.authorized
            and exchange.method == "POST"
            and not trouble(exchange)
            and exchange.status not in (401, 403)
            and exchange.path == self._world.contract.create.path
        ):
            self._note(judge_limit_headers(exchange), exchange)

    def _judge_limited(self, exchange: Exchange) -> None:
        self._note(judge_retry_after(exchange), exchange)
        if exchange.status == 429:
            raise NotVerified(
                f"the target answered 429 {exchange.limited + 1} times in a row", "lower --rate, or raise the target's limit"
            )
        # A key that was used before, or is used at the same moment, may rightly get a 409.
        alone = "." not in exchange.number and not any(
            other.key == exchange.key for other in self.record.exchanges if other.number != exchange.number
        )
        if exchange.key and alone:
            self._note(judge_key_kept(exchange), exchange)

    def _survives(self, exchange: Exchange, clause: str) -> None:
        self._note(judge(clause, "any answer but a 5xx", exchange.status < 500, f"answered {exchange.answer}"), exchange)

    def _note_all(self, judgements: Judgements, *exchanges: Exchange, label: str = "") -> None:
        for judgement in judgements:
            self._note(judgement, *exchanges, label=label)

    def _note(self, judgement: Judgement, *exchanges: Exchange, label: str = "") -> None:
        if not self._selected(judgement.clause):
            return
        if judgement.problem:
            violation = Violation(judgement.clause, judgement.expected, judgement.problem, exchanges, label)
            self.record.violations.append(violation)
        else:
            self.record.keep(judgement.clause)


def _verb(exchange: Exchange) -> str:
    return "accepted" if exchange.accepted else f"refused with {exchange.status}"
