"""Says something to the user at once, past what pytest captures: where the ledger is, what is waited for."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable

import pytest

__all__ = ["Tell", "say", "teller"]

Tell = Callable[[str], None]


def say(sentence: str) -> None:
    """Write a sentence to standard error."""
    sys.stderr.write(f"lightfield-contract: {sentence}\n")
    sys.stderr.flush()


def teller(config: pytest.Config) -> Tell:
    """Return what says a sentence to the user of a pytest session."""
    capture = config.pluginmanager.get_plugin("capturemanager")

    def tell(sentence: str) -> None:
        with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
            say(sentence)

    return tell
