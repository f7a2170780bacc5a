"""Ways to run Python, pytest and the command line as users do, in folders of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

FOREIGN = re.compile(r"LIGHTFIELD_|PYTEST_|PYTHON|FORCE_COLOR|NO_COLOR|COLUMNS|TMPDIR")
PATIENCE = 90


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that the self-tests lie in, which is a checkout."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def clean_environment() -> dict[str, str]:
    """Our own environment without anything that the suite, pytest or Python would read."""
    return {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}


@pytest.fixture(scope="session")
def run(clean_environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a program to its end, in a folder, with the variables that a test gives; `python` is our own."""

    def start(
        arguments: list[str], folder: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        program, *rest = arguments
        known = sys.executable if program == "python" else str(Path(sys.executable).with_name(program))
        return subprocess.run(
            [known, *rest],
            cwd=folder,
            env={**clean_environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return start
