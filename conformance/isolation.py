"""Keeps the command line free of what the user has set for their own pytest and Python."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator, Mapping

__all__ = ["isolated"]

_NAMES = ("PY_COLORS", "PYTHONWARNINGS", "VERIFY_BASE_URL")
"""Variables that pytest, Python and pytest-base-url read, besides all whose names begin with PYTEST_."""

_OURS = {
    # Plugins that are installed are for the user's own tests, and some take a second to load.
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    # Workers are started in the current folder, whose modules may be named as some of the standard library are.
    "PYTHONSAFEPATH": "1",
}


@contextlib.contextmanager
def isolated() -> Iterator[None]:
    """Take the variables and warning filters away, for this process and those that it starts; may be nested."""
    theirs = {name: value for name, value in os.environ.items() if name.startswith("PYTEST_") or name in _NAMES}
    before = {name: os.environ.get(name) for name in {*theirs, *_OURS}}
    options = sys.warnoptions[:]
    with warnings.catch_warnings():
        # A warning is for the authors of what warns: as an error, it would end a run for no fault of the target.
        warnings.simplefilter("ignore")
        sys.warnoptions.clear()
        _set({**dict.fromkeys(theirs), **_OURS})
        try:
            yield
        finally:
            _set(before)
            sys.warnoptions[:] = options


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
