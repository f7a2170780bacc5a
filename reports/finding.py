"""What shows that a target breaks the contract, as plain frozen data: findings, and the exchanges in them."""

from __future__ import annotations

import dataclasses
import enum
from typing import Final

__all__ = [
    "ACCEPTED_AGAIN",
    "AS_NULL",
    "GONE",
    "KEYED",
    "NOT_THERE",
    "OTHER_CREDENTIALS",
    "OVERLAPPING",
    "REPEAT",
    "ExchangeRole",
    "Finding",
    "Occurrence",
    "Request",
    "Response",
    "Transcript",
]

KEYED: Final = "with an Idempotency-Key"
OVERLAPPING: Final = "at the same time as others"
OTHER_CREDENTIALS: Final = "with invalid credentials"
"""How a request was sent, as the context of a finding has it."""
NOT_THERE, AS_NULL = "is missing", "comes back as null"
GONE: Final = (NOT_THERE, AS_NULL)
"""The symptoms of a value that is not kept: its place is not there, or holds null."""
ACCEPTED_AGAIN: Final = "accepted when its body is sent again"
"""The symptom of a correct create that is refused at times, whatever is in it."""
REPEAT: Final = "the repeat"
"""What stands for a place in a deciding feature of a repeated create: what came before it, or who sends it."""


@dataclasses.dataclass(frozen=True)
class Request:
    """A request as it was sent, keys removed.

    Attributes:
        headers: in the order sent; a key's value is `Bearer $LIGHTFIELD_API_KEY` or another variable's name.
        body: the text sent; bytes that are not UTF-8 escaped as in a Python literal, with `binary` set (`curl.body_text`).
        curl: a command that sends it again when pasted into a POSIX shell.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    curl: str
    binary: bool = False

    @property
    def key(self) -> str:
        """The Idempotency-Key; "" for none."""
        return next((value for name, value in self.headers if name.lower() == "idempotency-key"), "")


@dataclasses.dataclass(frozen=True)
class Response:
    """An answer as it came, keys removed; a long body is cut and `length` tells its bytes."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: str
    length: int


class ExchangeRole(enum.StrEnum):
    """What an exchange is to the finding that shows it."""

    CONTROL = "control"
    """The same request without the breach, which the target accepted."""
    FIRST = "first"
    """The request that the judged one follows: the create that it repeats, or whose record it reads."""
    STEP = "step"
    """An earlier request of the same history."""
    BESIDE = "beside"
    """Sent at the same moment, or before with the same Idempotency-Key: the finding is not about its answer."""
    JUDGED = "judged"
    """The request whose answer the finding is about."""


@dataclasses.dataclass(frozen=True)
class Transcript:
    """One exchange as reports show it: the request as it was sent and the answer as it came.

    Attributes:
        number: unique in the run, and the same in each run of one seed.
        caller: the name of who sent it.
        response: None when none came; `failure` says why, in a few words.
        overlapping: whether others were sent at the same moment.
        sent_at: Unix seconds.
        seconds: from sending to the end of the answer.
        role: what it is to the finding that shows it; None where no finding does.
    """

    number: str
    caller: str
    request: Request
    response: Response | None
    failure: str
    overlapping: bool
    sent_at: float
    seconds: float
    role: ExchangeRole | None = None


@dataclasses.dataclass(frozen=True)
class Occurrence:
    """One occurrence of a cause: by another clause, at another place, with another kind of value.

    Attributes:
        id: its identity, the same in every run against the same behaviour, whatever the organization, the seed and the
            number of workers: the clause and a digest of expectation, rule, place, value and context.
        clause: the one that is blamed.
        sentence: the cause, as this one alone shows it.
        rule, place, value, context, status_seen, observed, cases, example: as in `Finding`.
    """

    id: str
    clause: str
    sentence: str
    rule: str
    place: str
    value: str
    context: tuple[str, ...]
    status_seen: int | None
    observed: str
    cases: tuple[str, ...]
    example: str


@dataclasses.dataclass(frozen=True)
class Finding:
    """What breaks the contract: one cause, all its occurrences, and the smallest exchanges that show it.

    Attributes:
        id: the identity of its first occurrence, which all else here is about.
        clauses: the clause that is blamed, then the others that it touches.
        cause: one sentence that says what was sent that mattered, what came back, and what was due.
        expected, observed: one sentence each.
        symptom: what was seen, in words that hold for any run; "" where the status says it all.
        expectation: the name of the check that failed.
        rule: the rule that the request broke; "" for a valid request.
        place: where: a JSON Pointer into the request body or the record, a header's name, or "".
        value: the kind of value that stood there, or the way in which the rule was broken; "" for none.
        context: how it was sent: by whom, with an Idempotency-Key, at the same time as others.
        features: pairs of a place and the form of what the judged request held there.
        deciding: those of them, and of its headers, that next to no request that passes had together, or what is so of a
            repeat alone; empty where that is not known.
        passing: the body of the nearest request that passes, as JSON text; empty if none.
        share: how many requests of the run show it, and of how many that could; zeros where that is not counted.
        status_due: the statuses that were due, each a number or a class such as `4xx`; empty where it is not about one.
        status_seen: of the judged answer; 0 when none came, None when no exchange is known.
        cases: the test cases that showed it, the one of the example first.
        example: the smallest request body that shows it, run's marker removed, as JSON text; empty if none.
        exchanges: in the order sent.
        preceding: what the run sent just before the judged request, in the order sent. The finding is not about it, but what
            a server remembers of it may bear on the fault; programs fall back on it.
        rerun: the command that runs the blamed clause again.
        occurrences: all of them, this one first.
    """

    id: str
    clauses: tuple[str, ...]
    cause: str
    expected: str
    observed: str
    symptom: str = ""
    expectation: str = ""
    rule: str = ""
    place: str = ""
    value: str = ""
    context: tuple[str, ...] = ()
    features: tuple[tuple[str, str], ...] = ()
    deciding: tuple[tuple[str, str], ...] = ()
    passing: str = ""
    share: tuple[int, int] = (0, 0)
    status_due: tuple[str, ...] = ()
    status_seen: int | None = None
    cases: tuple[str, ...] = ()
    example: str = ""
    exchanges: tuple[Transcript, ...] = ()
    preceding: tuple[Transcript, ...] = ()
    rerun: str = ""
    occurrences: tuple[Occurrence, ...] = ()

    @property
    def clause(self) -> str:
        """The clause that is blamed."""
        return self.clauses[0]

    @property
    def case(self) -> str:
        """The test case of the example; "" where no case made the finding."""
        return self.cases[0] if self.cases else ""

    @property
    def refused(self) -> bool:
        """Whether the judged answer is a 4xx."""
        return 400 <= (self.status_seen or 0) < 500

    @property
    def own_exchanges(self) -> tuple[Transcript, ...]:
        """Those that it is about, without what was only sent beside them."""
        return tuple(each for each in self.exchanges if each.role is not ExchangeRole.BESIDE)

    @property
    def judged(self) -> Transcript | None:
        """The exchange that the finding rests on: the last one."""
        return self.exchanges[-1] if self.exchanges else None
