"""The messages between the suite and a client under test: one JSON object a line, in the form of messages.schema.json."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

__all__ = ["ABSENT", "Answer", "Failure", "Message", "UnreadableError", "read_answer"]

ABSENT: Final[Any] = type("_Absent", (), {"__repr__": lambda _: "ABSENT", "__bool__": lambda _: False})()
"""Stands for a member that an answer does not have, where null would say something."""


class UnreadableError(ValueError):
    """What a command printed is no answer; the message says why.

    Attributes:
        answers: the ID of another message that it answers; "" where it answers none.
    """

    def __init__(self, text: str, answers: str = "") -> None:
        super().__init__(text)
        self.answers = answers


@dataclasses.dataclass(frozen=True)
class Message:
    """What a client is asked to do: create one record, or several at the same time.

    Attributes:
        timeout: seconds after which a request is to be given up.
        wait_scale: a factor for all the client's waits, so that they cost less time.
        idempotency_key: the caller's own key.
        max_retries: how often to send again at most.
        non_finite: the JSON Pointer of a number in the body that is to be NaN, which JSON cannot say.
        parallel: bodies to create at the same time, in place of `body`.
    """

    id: str
    base_url: str
    body: Any
    timeout: float
    wait_scale: float | None = None
    idempotency_key: str | None = None
    max_retries: int | None = None
    non_finite: str | None = None
    parallel: tuple[Any, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; what is not asked for is left out."""
        wanted = {
            "waitScale": self.wait_scale,
            "idempotencyKey": self.idempotency_key,
            "maxRetries": self.max_retries,
            "nonFinite": self.non_finite,
            "parallel": list(self.parallel) or None,
        }
        given = {"id": self.id, "baseUrl": self.base_url, "timeout": self.timeout, "body": self.body}
        return given | {name: value for name, value in wanted.items() if value is not None}

    def line(self) -> bytes:
        """The message as a line in ASCII."""
        return json.dumps(self.to_json()).encode() + b"\n"


@dataclasses.dataclass(frozen=True)
class Failure:
    """An error as the client reports it to its caller; None and "" where it says nothing.

    Attributes:
        retryable: what the client says of whether a retry is worth it.
        text: everything that the error shows of itself when it is printed or logged.
    """

    status: int | None = None
    type: str | None = None
    code: str | None = None
    param: str | None = None
    message: str = ""
    retryable: bool | None = None
    text: str = ""


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came of a message: a record, an error, or several answers of `parallel`.

    Attributes:
        record: what the client returned, ABSENT where it failed; any JSON value.
        applied: the optional members of the message that the client took into account.
        body: the caller's body after the call, ABSENT where it is not given.
        unsupported: why the client cannot do what it was asked.
    """

    record: Any = ABSENT
    error: Failure | None = None
    applied: frozenset[str] = frozenset()
    body: Any = ABSENT
    unsupported: str = ""
    answers: tuple[Answer, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether the client reported to its caller that a record was made."""
        return self.record is not ABSENT

    @property
    def record_id(self) -> str:
        """The ID of the record that the caller got; "" where there is none to read."""
        found = self.record.get("id") if isinstance(self.record, dict) else ""
        return found if isinstance(found, str) else ""


def read_answer(line: bytes, message: Message) -> Answer:
    """The answer in a line that a command printed.

    Raises:
        UnreadableError: it is no JSON object of the documented form, or answers another message.
    """
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise UnreadableError(f"a line that is no JSON text: {_shown(line)}") from None
    if problem := next(iter(_validator().iter_errors(value)), None):
        place = "".join(f"/{part}" for part in problem.absolute_path) or "the object"
        raise UnreadableError(f"a message that is not of the documented form: {place}: {problem.message[:200]}")
    if value["id"] != message.id:
        raise UnreadableError(f"an answer to {value['id']!r}, where {message.id!r} was asked", value["id"])
    return _answer(value)


def _answer(value: Mapping[str, Any]) -> Answer:
    error = value.get("error")
    return Answer(
        record=value.get("record", ABSENT),
        error=Failure(**{name: part for name, part in error.items() if part is not None}) if error is not None else None,
        applied=frozenset(value.get("applied", ())),
        body=value.get("body", ABSENT),
        unsupported=value.get("unsupported", ""),
        answers=tuple(_answer(part) for part in value.get("answers", ())),
    )


@functools.cache
def _validator() -> Draft202012Validator:
    schema = json.loads((Path(__file__).parent / "messages.schema.json").read_text("utf-8"))
    return Draft202012Validator({**schema, "$ref": "#/$defs/answer"})


def _shown(line: bytes) -> str:
    text = line[:80].decode("utf-8", "replace").strip()
    return repr(text + ("…" if len(line) > 80 else ""))
