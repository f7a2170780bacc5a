"""What tests expect of reads: of records, of lists and definitions, and of what a key may do."""

from __future__ import annotations

from ....reports import ExchangeRole
from ....spec import Operation
from ..wire.exchange import Exchange
from . import echo, reads
from .noting import Noting
from .record import unmet

__all__ = ["ReadExpect"]


class ReadExpect(Noting):
    """Judges the reads of one test case."""

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
        self._note([reads.judge_read(self._contract, exchange, operation, self._own, odd=odd)], exchange, first=of)
        if operation == self._contract.collection.definitions and exchange.status == 200:
            self._note([reads.judge_options(exchange, "definitions:options")], exchange)

    def stored(self, created: Exchange, read: Exchange) -> None:
        """Expect a read to give the record that the create returned.

        Raises:
            NotVerified: the reader may not read records.
        """
        if read.status in (401, 403):
            raise unmet(self._contract.needs["read"], read.answer)
        self._note(echo.judge_read_back(self._contract, self._workspace, created, read, self._own), read, first=created)
        self._note(self._inputs.shape.judge_values(self._contract, self._workspace, read.body), read, first=created)

    def readable(self, exchange: Exchange) -> None:
        """Expect a read that the case compares others with to be answered.

        Raises:
            NotVerified: it was not.
        """
        if exchange.status != 200:
            raise unmet(self._contract.needs["read"], exchange.answer)

    def unreadable(self, exchange: Exchange, operation: Operation | None, kind: str, *before: Exchange) -> None:
        """Expect a read not to be answered.

        Args:
            kind: whose key it was sent with, in words.
            before: what shows that there is something to be read, in the order sent.

        Raises:
            NotVerified: the fragment does not have the read.
        """
        if operation is None:
            raise unmet(self._contract.needs["read"], exchange.answer)
        judgement = reads.judge_unreadable(exchange, operation, self._own, kind, before[-1].stamp)
        self._note_in_order([judgement], ExchangeRole.FIRST, [*before, exchange])

    def missing(self, exchange: Exchange, operation: Operation | None) -> None:
        """Expect a read of an ID that names nothing to be refused.

        Raises:
            NotVerified: the fragment does not have the read.
        """
        if operation is None:
            raise unmet(self._contract.needs["read"], exchange.answer)
        self._note([reads.judge_missing(exchange, operation, self._own)], exchange)

    def key_information(self, exchange: Exchange) -> None:
        """Expect the validate endpoint to say that a key is active, and to name its scopes."""
        self._note([reads.judge_key_information(self._contract, exchange, self._own)], exchange)
