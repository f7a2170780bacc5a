"""Judges a client class in the tests' own process: what a command would answer, without one."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Sequence

from careful import Careful, answer

from lightfield_contract.conformance.client.message import Answer, Message, UnreadableError, read_answer
from lightfield_contract.conformance.client.running import judge_client
from lightfield_contract.conformance.client.trouble import CommandTrouble, TroubleError, TroubleKind
from lightfield_contract.conformance.harness.settings.options import Settings
from lightfield_contract.reference import SampleKeys
from lightfield_contract.reports import Result


class InProcess:
    """A class as a client; a call that goes on for too long is left alone."""

    def __init__(self, kind: type[Careful]) -> None:
        self._kind = kind
        self._log: list[str] = []
        self.once = False

    def call(self, message: Message, deadline: float, abandon: Callable[[], bool]) -> Answer:
        """Does what the message says, in a thread of its own."""
        told: list[dict[str, object]] = []
        asked = {**message.to_json(), "apiKey": SampleKeys().full}
        thread = threading.Thread(target=lambda: told.append(answer(self._kind, asked, self._log)), daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(0.02)
            if time.monotonic() > deadline:
                raise TroubleError(TroubleKind.HUNG, "did not answer in time")
            if abandon():
                raise TroubleError(TroubleKind.WAITING, "waits")
        if not told:
            raise TroubleError(TroubleKind.CRASHED, "crashed")
        try:
            return read_answer(json.dumps(told[0]).encode(), message)
        except UnreadableError as error:
            raise TroubleError(TroubleKind.UNREADABLE, f"printed {error}") from error

    def close(self) -> tuple[str, Sequence[CommandTrouble]]:
        """What it logged."""
        return "".join(self._log), ()


def judge(kind: type[Careful], names: Sequence[str] = (), seed: int = 0, workers: int = 8) -> Result:
    """The result of judging a class, in the scenarios of those names or in all."""
    os.environ.pop("LIGHTFIELD_API_KEY", None)
    settings = Settings(seed=seed, timeout=10.0)
    return judge_client(lambda _: InProcess(kind), kind.__name__, settings, names=names, workers=workers)
