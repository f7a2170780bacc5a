"""Checks the types of the self-tests strictly: `python tests/typed.py CACHE`, with the package installed.

Each folder is checked by itself and from within, as pytest imports it: its modules know each other by their bare names.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent


def main(cache: str) -> int:
    """Check every folder that holds Python; 1 when there is a mistake in any."""
    failed = False
    for folder in sorted({file.parent for file in TESTS.rglob("*.py")} - {TESTS}):
        files = sorted(file.name for file in folder.glob("*.py") if file.name != "__init__.py")
        options = ["--config-file", str(TESTS.parent / "pyproject.toml"), "--cache-dir", str(Path(cache).resolve())]
        command = [sys.executable, "-m", "mypy", *options, *files]
        path = os.pathsep.join([str(TESTS), str(TESTS / "client")])
        print(folder.relative_to(TESTS), flush=True)  # noqa: T201 - it is a command
        failed |= subprocess.run(command, cwd=folder, env={**os.environ, "MYPYPATH": path}, check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
