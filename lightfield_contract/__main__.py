"""Run the command line as `python -m lightfield_contract`."""

from __future__ import annotations

import sys

from .conformance.cli import main

if __name__ == "__main__":
    sys.exit(main())
