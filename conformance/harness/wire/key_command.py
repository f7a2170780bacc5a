"""Runs the user's command that prints a fresh key: without a shell, with a time-out, and without showing what it prints."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping

from ....spec import UsageError
from .address import trim

__all__ = ["KEY_COMMAND", "LONGEST_VALUE", "is_key", "print_key", "with_key"]

KEY_COMMAND = "LIGHTFIELD_KEY_COMMAND"
"""The variable that holds the command, as a shell would part it into words."""
LONGEST_VALUE = 8_000
_SHORTEST = 4
"""Characters of a key: a shorter text stands in many an answer, which hiding it would change."""
"""Characters of a header's value; servers take none much longer."""
_TIMEOUT = 30.0


def with_key(environment: Mapping[str, str], variable: str) -> Mapping[str, str]:
    """The environment with a key in the variable: the one that is there, else the one that the command prints.

    Raises:
        UsageError: the command gives none.
    """
    if trim(environment.get(variable, "")) or not trim(environment.get(KEY_COMMAND, "")):
        return environment
    return {**environment, variable: print_key(environment)}


def is_key(text: str) -> bool:
    """Whether a header can carry it, and it can be hidden wherever it is shown."""
    return _SHORTEST <= len(text) <= LONGEST_VALUE and text.isascii() and text.isprintable() and " " not in text


def print_key(environment: Mapping[str, str], timeout: float = _TIMEOUT) -> str:
    """The key that the command prints.

    Raises:
        UsageError: the command cannot be run, fails, takes too long or prints something else. Neither the command nor
            anything that it printed is repeated: both may hold secrets.
    """
    try:
        words = shlex.split(environment.get(KEY_COMMAND, ""))
    except ValueError:
        words = []
    if not words:
        raise UsageError(f"{KEY_COMMAND} cannot be read: give a program and its arguments, quoted as for a shell")
    status, output = _run(words, environment, timeout)
    if status:
        end = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        raise UsageError(f"{KEY_COMMAND} {end}, so there is no key: run it by hand to see why")
    key = trim(output.decode("utf-8", "replace"))
    if not is_key(key):
        raise UsageError(f"{KEY_COMMAND} did not print a key: it has to print the key alone, in ASCII and on one line")
    return key


def _run(words: list[str], environment: Mapping[str, str], timeout: float) -> tuple[int, bytes]:
    try:
        process = subprocess.Popen(  # noqa: S603 - to run the user's own command is what this is for
            words,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no command"
        raise UsageError(f"{KEY_COMMAND} cannot be run ({reason}): name a program that is on the PATH") from None
    try:
        output, _ = process.communicate(timeout=timeout)
    except BaseException as error:
        _end(process)
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        raise UsageError(f"{KEY_COMMAND} did not end within {timeout:g} s: run it by hand to see why") from None
    return process.returncode, output


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the command with whatever it has started, which would hold its output open."""
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()
