"""Drives a command of the user's: keeps it running where it stays, and starts it for each operation where it does not."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from .message import Answer, Message, UnreadableError, read_answer
from .process import MARK, Process
from .trouble import CommandTrouble, TroubleError, TroubleKind

__all__ = ["ClientUnderTest", "Command", "command_environment"]

_STAYS = 1.0
"""Seconds after its first answer in which a command that runs once per operation ends."""
_OURS = ("LIGHTFIELD_", "PYTHONSAFEPATH", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
"""Beginnings of variables that a command does not get: the user's keys, and what our own command line sets for pytest."""
_LOCAL = "127.0.0.1,localhost"


class ClientUnderTest(Protocol):
    """Whatever creates records when it is asked to; used by one thread at a time."""

    def call(self, message: Message, deadline: float, abandon: Callable[[], bool]) -> Answer:
        """Do what the message says.

        Raises:
            TroubleError: no answer came.
        """

    def close(self) -> tuple[str, Sequence[CommandTrouble]]:
        """End it; returns what it logged, and what went wrong besides single operations."""


def command_environment(api_key: str, base_url: str) -> dict[str, str]:
    """Our own environment with the reference's URL and key in place of everything that is the user's for Lightfield."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {
        **kept,
        "NO_PROXY": ",".join(filter(None, (kept.get("NO_PROXY"), _LOCAL))),
        "no_proxy": ",".join(filter(None, (kept.get("no_proxy"), _LOCAL))),
        "LIGHTFIELD_BASE_URL": base_url,
        "LIGHTFIELD_API_KEY": api_key,
    }


class Command:
    """A command of the user's, as a client.

    Args:
        words: the command and its arguments.
        environment: its variables.
        once: whether it ends after each answer; None to find out with the first.
    """

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], once: bool | None = None) -> None:
        self.once = once
        self._words = words
        self._environment = environment
        self._process: Process | None = None
        self._logged = ""
        self._answered = ""
        self._answers = 0  # of the process that runs
        self._troubles: list[CommandTrouble] = []

    def call(self, message: Message, deadline: float, abandon: Callable[[], bool]) -> Answer:
        """Runs the operation.

        Raises:
            TroubleError: the command crashed, hung, or printed something else; nothing of it is running then.
            UsageError: the command cannot be started.
        """
        process = self._ready(message)
        stayed = self._answers > 0
        try:
            process.write(message.line(), last=bool(self.once))
            answer = self._read(process, message, deadline, abandon)
        except UnreadableError as error:
            self._discard(process)
            raise TroubleError(TroubleKind.UNREADABLE, f"printed {error}") from error
        except BaseException:
            # One that answers once may not have ended yet when it was seen to stay.
            late = stayed and process.ended_well
            self._discard(process)
            if not late:
                raise
            self.once = True
            return self.call(message, deadline, abandon)
        if self.once is None:
            self.once = process.await_end(_STAYS)
        if self.once:
            self._finish(process)
        return answer

    def close(self) -> tuple[str, Sequence[CommandTrouble]]:
        """Ends it; returns its standard error, and what it left behind or printed besides its answers."""
        if self._process is not None:
            self._finish(self._process)
        return self._logged, self._troubles

    def _read(self, process: Process, message: Message, deadline: float, abandon: Callable[[], bool]) -> Answer:
        """The answer to a message; one more answer to the message before is noted and passed over."""
        while True:
            line = process.read_line(deadline, abandon)
            try:
                answer = read_answer(line, message)
            except UnreadableError as error:
                if not error.answers or error.answers != self._answered:
                    raise
                self._troubles.append(CommandTrouble(TroubleKind.EXTRA, f"answered {error.answers!r} twice"))
                continue
            self._answered, self._answers = message.id, self._answers + 1
            return answer

    def _ready(self, message: Message) -> Process:
        """A running process without unread output."""
        if self._process is not None and (not self._process.running or self._process.extra.strip()):
            self._finish(self._process)
        if self._process is None:
            # A mark for each process, so that what one leaves behind is not taken for another's.
            variables = {**self._environment, "LIGHTFIELD_BASE_URL": message.base_url, MARK: uuid.uuid4().hex}
            self._process = Process(self._words, variables)
        return self._process

    def _finish(self, process: Process) -> None:
        """Ends a process that has answered."""
        left = process.end()
        if left:
            self._troubles.append(CommandTrouble(TroubleKind.LEFT_BEHIND, left))
        if extra := process.extra.strip():
            shown = extra[:80].decode("utf-8", "replace")
            self._troubles.append(
                CommandTrouble(TroubleKind.EXTRA, f"printed {len(extra):,} more bytes after its answer: {shown!r}")
            )
        self._forget(process)

    def _discard(self, process: Process) -> None:
        """Kills a process that has not answered."""
        process.kill()
        self._forget(process)

    def _forget(self, process: Process) -> None:
        self._logged += process.errors
        self._process, self._answers = None, 0
