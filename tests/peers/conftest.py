"""Lets the tests import what compare.py, as a script, finds beside itself."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
