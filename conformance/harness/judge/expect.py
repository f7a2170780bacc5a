"""The one thing through which tests judge: each method takes exchanges and notes, clause by clause, what they show."""

from __future__ import annotations

from collections.abc import Sequence

from ....spec import profile
from ....strategies import Placed
from ..wire.exchange import Exchange
from . import answers, echo, observations, refusal, success
from .expect_reads import ReadExpect
from .expect_repeats import RepeatExpect
from .expectation import Expectation
from .judgement import NO_SUBJECT, Subject, judge
from .record import Judged, NotVerified
from .refusal import SentBreach
from .subject import about_breach, about_place

__all__ = ["Expect"]


class Expect(ReadExpect, RepeatExpect):
    """Judges the exchanges of one test case: what came of one create here, the rest in what it is made of."""

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
        found = echo.judge_echo(self._contract, self._workspace, exchange.sent, exchange.body, marker=exchange.stamp)
        self._note((judgement for judgement in found if judgement.subject.place == place), exchange)
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

    def turned_away(self, exchange: Exchange, status: int, by: str, sent: str = "", required: str = "") -> None:
        """Expect a caller to be refused: with 401 or 403 by the case's clause, with exactly `status` by the clause `by`.

        Args:
            sent: what is special about the credentials, where the caller's name does not say it.
            required: the clause in place of the case's own.
        """
        clause, about = required or self._own, Subject(kind=sent)
        self._note(refusal.judge_caller(self._contract, exchange, clause, by, status, about), exchange)

    def linked_once(self, exchange: Exchange, pointer: str) -> None:
        """Expect an accepted relationship not to hold an ID twice."""
        self._note([echo.judge_linked_once(self._contract, self._workspace, exchange, pointer, self._own)], exchange)

    def same_option(self, by_label: Exchange, by_id: Exchange, pointer: str) -> None:
        """Expect two creates to show the same option at a select's place, each by its ID or by its label (contract 11)."""
        judgement = echo.judge_same_option(self._contract, self._workspace, by_label, by_id, pointer, self._own)
        self._note([judgement], by_id, first=by_label)

    def reveals_nothing(self, exchange: Exchange, texts: Sequence[str], by: str = "", first: Exchange | None = None) -> None:
        """Expect an answer not to hold another organization's data.

        Args:
            by: the clause that says so; the case's own when left out.
        """
        self._note([refusal.judge_nothing_revealed(exchange, by or self._own, texts)], exchange, first=first)

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

    def makes_record(self, exchange: Exchange, *before: Exchange, expected: str = "a record", by: str = "") -> Exchange:
        """Expect a create to make a record, and what it sent to come back where it does; `by` as in `holds`."""
        self.holds(expected, bool(exchange.record_id), exchange.answer, *before, exchange, by=by)
        return self.accepted(exchange) if exchange.record_id else exchange

    def every(self, exchange: Exchange) -> None:
        """Judge what every exchange can break, whatever it is about.

        Raises:
            Judged: no answer came, or none to what was sent.
        """
        found = list(answers.judge_every(self._contract, exchange, self._own, self._recorder.exchanges))
        others = (each for each in self._recorder.exchanges if each is not exchange and not each.overlapping)
        alike = (each for each in others if each.key == exchange.key)
        self._note(found, exchange, first=next(alike, None) if exchange.key else None)
        # An answer to a key that a 429 has used up says nothing of what was sent.
        used_up = any(each.expectation is Expectation.KEY_KEPT and each.problem for each in found)
        if not exchange.status or used_up:
            raise Judged

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


def _verb(exchange: Exchange) -> str:
    return "accepted" if exchange.accepted else f"refused with {exchange.status}"
