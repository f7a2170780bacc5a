"""The words of an idempotency history: who sends what under which key, and what came back."""

from __future__ import annotations

import dataclasses
import enum

from .callers import Caller

__all__ = ["Key", "KeyAnswer", "Payload", "Reply", "Step", "spell_key"]


class Key(enum.StrEnum):
    """An idempotency key of a history; `spell_key` writes it out."""

    PLAIN = "plain"
    ANOTHER = "another"
    OTHER_CASE = "other-case"
    """PLAIN in another letter case."""
    SPACED = "spaced"
    """PLAIN with a space inside."""
    LONGEST = "longest"
    """As long as a key may be."""
    OTHER_END = "other-end"
    """LONGEST, but for its last character."""

    def resembles(self, other: Key) -> bool:
        """Return whether a store that folds case, drops spaces or cuts keys may take the two for one."""
        families = ({Key.PLAIN, Key.OTHER_CASE, Key.SPACED}, {Key.LONGEST, Key.OTHER_END})
        return self is not other and any({self, other} <= family for family in families)


def spell_key(key: Key, prefix: str, length: int) -> str:
    """Return the key as sent, in ASCII: the prefix makes it the history's own, `length` is the greatest allowed.

    Raises:
        ValueError: the prefix leaves no room for the keys to differ.
    """
    if len(prefix) + len("-retry key") > length:
        raise ValueError(f"the prefix {prefix!r} is too long for keys of at most {length} characters")
    if key in (Key.LONGEST, Key.OTHER_END):
        filled = f"{prefix}-".ljust(length - 1, "0")[: length - 1]
        return filled + ("a" if key is Key.LONGEST else "b")
    ends = {Key.PLAIN: "retrykey", Key.ANOTHER: "another", Key.OTHER_CASE: "RetryKey", Key.SPACED: "retry key"}
    return f"{prefix}-{ends[key]}"


class Payload(enum.StrEnum):
    """Which body a step sends; the same word is the same JSON value throughout a history."""

    FIRST = "first"
    SECOND = "second"
    """Another valid body."""
    INVALID = "invalid"
    """A body that must be refused."""


@dataclasses.dataclass(frozen=True, repr=False)
class Step:
    """One request of a history, or several equal ones at the same time.

    Attributes:
        key: None sends no idempotency key.
        reformatted: whether the body is spelled with other member order, white space and escapes.
        other_operation: whether another create operation is called, with a valid body of its own.
        lost: whether the connection is dropped after sending, before the answer is read.
        copies: how many equal requests are sent at the same time.

    Raises:
        ValueError: a combination about which the contract says nothing: a lost answer to a request that is not a
            keyed valid one of a caller who may create, or of several; another operation with anything but FIRST.
    """

    payload: Payload = Payload.FIRST
    key: Key | None = Key.PLAIN
    caller: Caller = Caller.MAIN
    reformatted: bool = False
    other_operation: bool = False
    lost: bool = False
    copies: int = 1

    def __post_init__(self) -> None:
        if self.copies < 1:
            raise ValueError("a step sends at least one request")
        if self.lost and (self.copies > 1 or self.key is None or self.caller.denied or self.payload is Payload.INVALID):
            raise ValueError("only one keyed, valid and allowed request can lose its answer")
        if self.other_operation and (self.payload is not Payload.FIRST or self.reformatted):
            raise ValueError("another operation takes its own body, which is Payload.FIRST")

    def __repr__(self) -> str:
        """Name only what differs from the plainest step, as a call that makes it."""
        given = ((field.name, getattr(self, field.name), field.default) for field in dataclasses.fields(self))
        return f"Step({', '.join(f'{name}={_spelled(value)}' for name, value, default in given if value != default)})"

    @property
    def organization(self) -> str:
        """`own` or `other`."""
        return self.caller.organization

    @property
    def needs(self) -> frozenset[str]:
        """Names of `contract.needs` without which the step cannot be taken."""
        caller = {self.caller.value} if self.caller.optional else set()
        return frozenset(caller | ({"other-operation"} if self.other_operation else set()))


def _spelled(value: object) -> str:
    return f"{type(value).__name__}.{value.name}" if isinstance(value, enum.Enum) else repr(value)


@dataclasses.dataclass(frozen=True)
class KeyAnswer:
    """What one request of a step got.

    Attributes:
        status: the HTTP status; None if the answer was dropped.
        record: of a 2xx, the ID of the record that it shows.
        content: a text that is equal for equal status and JSON value, however spelled; empty if not compared.
    """

    status: int | None
    record: str | None = None
    content: str = ""


class Reply(enum.StrEnum):
    """What an answer is, in the light of the history before it."""

    NEW = "new"
    """A success that shows a record not seen before."""
    ORIGINAL = "original"
    """A success that shows the record which this key made."""
    ANOTHER = "another record"
    """A success that shows a record of another key, organization or operation; never permitted."""
    REFUSED = "refused"
    """A 4xx other than 409."""
    CONFLICT = "conflict"
    """A 409."""
    LOST = "lost"
    """No answer, because the connection was dropped on purpose."""
    BROKEN = "broken"
    """Anything else, such as a 5xx, or a success without a record; never permitted."""
