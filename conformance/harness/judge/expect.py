"""The one thing through which tests judge: each method takes exchanges and notes, clause by clause, what they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ....reports import ExchangeRole
from ....spec import Operation, profile
from ....strategies import Mismatch, Placed
from ....strategies.values import Echo
from ..wire.exchange import Exchange
from . import answers, observations, refusal, repeats, success
from .expectation import Expectation
from .judgement import NO_SUBJECT, Evidence, Judgement, Judgements, Subject, judge
from .record import Inputs, Judged, NotVerified, unmet
from .refusal import SentBreach
from .subject import about_breach, about_place, workspace_of

__all__ = ["Expect"]


class Expect:
    """Judges the exchanges of one test case."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._contract = inputs.contract
        self._workspace = inputs.workspace
        self._recorder = inputs.recorder
        self._own = inputs.own

    def created(self, exchange: Exchange, clause: str = "") -> Exchange:
        """Expect a create to be accepted, and its answer to be all that a success must be, echo included.

        Args:
            clause: the one that a refusal breaks; the case's own when left out.

        Raises:
            Judged: it was not accepted.
            NotVerified: nor was the smallest body, so that there is nothing to be said of this one.
        """
        self._note_created(exchange, clause)
        self._note_success(exchange)
        self._note(self._echo(exchange), exchange)
        self._recorder.observe(*dict.fromkeys(observations.see_success(self._contract, self._workspace, exchange)))
        return exchange

    def taken(self, exchange: Exchange, place: str) -> Exchange:
        """Expect a create to be accepted, and what it set at a place to come back; the rest is for other cases to judge.

        Raises:
            Judged: it was not accepted.
            NotVerified: nor was the smallest body, so that there is nothing to be said of this one.
        """
        self._note_created(exchange)
        echo = success.judge_echo(self._contract, self._workspace, exchange.sent, exchange.body, marker=exchange.stamp)
        self._note((judgement for judgement in echo if judgement.subject.place == place), exchange)
        return exchange

    def accepted(self, exchange: Exchange) -> Exchange:
        """Expect the create that the case starts from; without it nothing can be judged, and what it sent comes back.

        Raises:
            NotVerified: the create was not accepted, or named no record.
        """
        if not exchange.record_id:
            raise NotVerified(f"a correct create was not accepted: {exchange.answer}", "see the clause operation:create")
        self.echoed(exchange)
        return exchange

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
                self._recorder.note(self._echo(exchange), _in_order(ExchangeRole.STEP, [*alike, exchange]))

    def rejected(self, exchange: Exchange) -> Exchange:
        """Expect the refusal that the case starts from; without it nothing can be judged, and nothing is blamed.

        Raises:
            NotVerified: it was not refused.
        """
        if not exchange.refused:
            raise NotVerified(
                f"a body with a mistake was not refused: {exchange.answer}", "see the clauses about required places"
            )
        return exchange

    def refused(self, attempt: SentBreach) -> Exchange:
        """Expect a breach to be refused, for its own reason. A breach that no source forbids is only observed."""
        breach, exchange = attempt.breach, attempt.exchange
        if breach.clause is None:
            self.observe(f"{breach.rule} at {breach.place or 'the body'}: {breach.variant}", _verb(exchange))
            self._note([answers.judge_no_crash(exchange, "refusal:no-5xx")], exchange)
            # Of a value that no source promises, none says how it comes back either; IDs do in one form alone.
            if exchange.record_id and profile.holds_links(breach.place):
                self._note_success(exchange)
            return exchange
        about = about_breach(self._contract, self._workspace, breach)
        self._note(refusal.judge_refusal(self._contract, exchange, breach, about), exchange, control=attempt.control)
        if exchange.refused:
            self._recorder.observe(*observations.see_refusal(exchange, breach))
        return exchange

    def survived(self, attempt: SentBreach) -> None:
        """Expect a request to be answered, with anything but a 5xx."""
        breach, exchange = attempt.breach, attempt.exchange
        about = about_breach(self._contract, self._workspace, breach)
        self._note([answers.judge_no_crash(exchange, self._own, about)], exchange)
        self.observe(f"{breach.rule}: {breach.variant}", _verb(exchange))

    def turned_away(self, exchange: Exchange, status: int, by: str, sent: str = "") -> None:
        """Expect a caller to be refused: with 401 or 403 by the case's clause, with exactly `status` by the clause `by`.

        Args:
            sent: what is special about the credentials, where the caller's name does not say it.
        """
        self._note(refusal.judge_caller(self._contract, exchange, self._own, by, status, Subject(kind=sent)), exchange)

    def replayed(self, first: Exchange, again: Exchange, by: str = "", kind: str = "") -> None:
        """Expect the second answer to be the first one: same status, same JSON value (contract 11).

        Args:
            by: the clause that says so; the case's own when left out.
            kind: what is special about the two.
        """
        self._note([repeats.judge_replayed(by or self._own, first, again, Subject(kind=kind))], again, first=first)

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
        self._recorder.note([repeats.judge_one_winner(self._own, exchanges)], _in_order(ExchangeRole.JUDGED, exchanges))
        winner = next((exchange for exchange in exchanges if exchange.accepted), None)
        for exchange in (exchange for exchange in exchanges if exchange is not winner):
            self.observe(f"{self._own}: the late one", "409" if exchange.status == 409 else "the original response")

    def linked_once(self, exchange: Exchange, pointer: str) -> None:
        """Expect an accepted relationship not to hold an ID twice."""
        self._note([success.judge_linked_once(self._contract, self._workspace, exchange, pointer, self._own)], exchange)

    def stored(self, created: Exchange, read: Exchange) -> None:
        """Expect a read to give the record that the create returned.

        Raises:
            NotVerified: the reader may not read records.
        """
        if read.status in (401, 403):
            raise unmet(self._contract.needs["read"], read.answer)
        self._note(success.judge_read_back(self._contract, self._workspace, created, read, self._own), read, first=created)
        self._note(self._inputs.shape.judge_values(self._contract, self._workspace, read.body), read, first=created)

    def same_option(self, by_label: Exchange, by_id: Exchange, pointer: str) -> None:
        """Expect two creates to show the same option at a select's place, each by its ID or by its label (contract 11)."""
        judgement = success.judge_same_option(self._contract, self._workspace, by_label, by_id, pointer, self._own)
        self._note([judgement], by_id, first=by_label)

    def reveals_nothing(self, exchange: Exchange, texts: Sequence[str], by: str = "", first: Exchange | None = None) -> None:
        """Expect an answer not to hold another organization's data.

        Args:
            by: the clause that says so; the case's own when left out.
        """
        self._note([refusal.judge_nothing_revealed(exchange, by or self._own, texts)], exchange, first=first)

    def key_information(self, exchange: Exchange) -> None:
        """Expect the validate endpoint to say that a key is active, and to name its scopes."""
        self._note([answers.judge_key_information(self._contract, exchange, self._own)], exchange)

    def read(
        self, exchange: Exchange, operation: Operation | None, *, of: Exchange | None = None, odd: bool = False
    ) -> None:
        """A read gets what the fragment says (contract 7 and 11).

        Args:
            of: the create whose record it reads.
            odd: whether its parameters are such that a refusal is an answer too.

        Raises:
            NotVerified: the target does not offer it, or the key may not read.
        """
        if operation is None or exchange.status in (401, 403, 404, 405, 501):
            raise unmet(self._contract.needs["read"], exchange.answer)
        self._note([answers.judge_read(self._contract, exchange, operation, self._own, odd=odd)], exchange, first=of)
        if operation == self._contract.collection.definitions and exchange.status == 200:
            self._note([answers.judge_options(exchange, "definitions:options")], exchange)

    def readable(self, exchange: Exchange) -> None:
        """Expect a read that the case compares others with to be answered.

        Raises:
            NotVerified: it was not.
        """
        if exchange.status != 200:
            raise unmet(self._contract.needs["read"], exchange.answer)

    def unreadable(self, exchange: Exchange, operation: Operation | None, kind: str, first: Exchange) -> None:
        """Expect a read not to be answered.

        Args:
            kind: whose key it was sent with, in words.
            first: what shows that there is something to be read.

        Raises:
            NotVerified: the fragment does not have the read.
        """
        if operation is None:
            raise unmet(self._contract.needs["read"], exchange.answer)
        self._note([answers.judge_unreadable(exchange, operation, self._own, kind)], exchange, first=first)

    def tolerated(self, exchange: Exchange, placed: Sequence[Placed]) -> None:
        """Expect values that no source demands to be accepted to come back where they are; which are is observed."""
        for each in placed:
            self.observe(f"{each.pointer}: {each.value.feature}", _verb(exchange))
        alone = placed[0] if len(placed) == 1 else None
        about = about_place(self._contract, self._workspace, alone.pointer, alone.value.feature) if alone else NO_SUBJECT
        self._note([answers.judge_no_crash(exchange, "refusal:no-5xx", about)], exchange)
        if exchange.accepted:
            echoes = {each.pointer: each.value.echo for each in placed}
            self._note(self._echo(exchange, echoes), exchange)

    def handled(self, exchange: Exchange, kind: str = "") -> None:
        """Expect no 5xx, a success of the right shape, an error of the right form, whatever was sent.

        Args:
            kind: what is special about the request, where that is neither its body nor its caller.
        """
        about = Subject(rule="history", kind=kind) if kind else NO_SUBJECT
        self._note([answers.judge_no_crash(exchange, "refusal:no-5xx", about)], exchange)
        if exchange.accepted:
            self._note_success(exchange)
        elif exchange.refused:
            self._note(refusal.judge_error(self._contract, exchange, NO_SUBJECT), exchange)

    def holds(self, expected: str, held: bool, observed: str, *exchanges: Exchange, by: str = "") -> None:
        """Expect anything else by the case's own clause; the last exchange is the one that it is about.

        Args:
            by: another clause.
        """
        judgement = repeats.judge_situation(by or self._own, expected, held, observed, exchanges)
        self._recorder.note([judgement], _in_order(ExchangeRole.FIRST, exchanges))

    def makes_record(self, exchange: Exchange, *before: Exchange, expected: str = "a record", by: str = "") -> Exchange:
        """Expect a create to make a record, and what it sent to come back where it does; `by` as in `holds`."""
        self.holds(expected, bool(exchange.record_id), exchange.answer, *before, exchange, by=by)
        return self.accepted(exchange) if exchange.record_id else exchange

    def observe(self, point: str, seen: str) -> None:
        """Record what the target does where the contract is silent."""
        self._recorder.observe((point, seen))

    def observe_choice(self, point: str, exchange: Exchange) -> None:
        """Record whether the target takes what it may take or refuse."""
        self.observe(point, "taken" if exchange.accepted else f"refused with {exchange.status}")

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
        self._recorder.note([judgement], _in_order(ExchangeRole.STEP, exchanges))

    def every(self, exchange: Exchange) -> None:
        """Judge what every exchange can break, whatever it is about.

        Raises:
            Judged: no answer came, or none to what was sent.
            NotVerified: the target answers nothing but 429.
        """
        found = list(answers.judge_every(self._contract, exchange, self._own, self._recorder.exchanges))
        others = (each for each in self._recorder.exchanges if each is not exchange and not each.overlapping)
        alike = (each for each in others if each.key == exchange.key)
        self._note(found, exchange, first=next(alike, None) if exchange.key else None)
        # An answer to a key that a 429 has used up says nothing of what was sent.
        used_up = any(each.expectation is Expectation.KEY_KEPT and each.problem for each in found)
        if not exchange.status or used_up:
            raise Judged
        if exchange.status == 429 and exchange.limited:
            raise NotVerified(
                f"the target answered 429 {exchange.limited + 1} times in a row", "lower --rate, or raise the target's limit"
            )

    def _echo(self, exchange: Exchange, echoes: Mapping[str, Echo] | None = None) -> Judgements:
        workspace = workspace_of(self._workspace, exchange)
        return success.judge_echo(
            self._contract, workspace, exchange.sent, exchange.body, marker=exchange.stamp, echoes=echoes
        )

    def _note_created(self, exchange: Exchange, clause: str = "") -> None:
        by = clause or self._own
        if not exchange.accepted and by != "operation:create" and (refusal := self._inputs.smallest_refusal()):
            raise NotVerified(f"the smallest body was not accepted: {refusal}", "see the clause operation:create")
        expected, observed, due = "accepted with 200 or 201", f"answered {exchange.answer}", ("200", "201")
        self._note([judge(Expectation.CREATED, by, expected, exchange.accepted, observed, due=due)], exchange)
        if not exchange.accepted:
            raise Judged

    def _note_success(self, exchange: Exchange) -> None:
        shape = self._inputs.shape
        self._note(success.judge_success(self._contract, self._workspace, shape, exchange), exchange)

    def _note(
        self,
        judgements: Iterable[Judgement],
        judged: Exchange,
        *,
        control: Exchange | None = None,
        first: Exchange | None = None,
    ) -> None:
        before = ((ExchangeRole.CONTROL, control), (ExchangeRole.FIRST, first), (ExchangeRole.JUDGED, judged))
        evidence = [Evidence(role, exchange) for role, exchange in before if exchange is not None]
        self._recorder.note(judgements, evidence)


def _in_order(before: ExchangeRole, exchanges: Sequence[Exchange]) -> list[Evidence]:
    """The last exchange is judged; those before it have another role."""
    roles = [before] * (len(exchanges) - 1) + [ExchangeRole.JUDGED]
    return [Evidence(role, exchange) for role, exchange in zip(roles, exchanges, strict=False)]


def _verb(exchange: Exchange) -> str:
    return "accepted" if exchange.accepted else f"refused with {exchange.status}"
