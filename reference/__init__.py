"""A server that keeps the promise of any fragment to the letter: the embedded default target.

It shares no judging or generating code with the suite; of our rooms it imports spec alone.
"""

from __future__ import annotations

from .app import make_app
from .call import Answer, Call, Refusal
from .clock import CLOCK_HEADER, Clock
from .pipeline import Pipeline
from .sample import SampleKeys
from .server import Reference, serve
from .settings import Settings
from .transport import InProcess

__all__ = [
    "CLOCK_HEADER",
    "Answer",
    "Call",
    "Clock",
    "InProcess",
    "Pipeline",
    "Reference",
    "Refusal",
    "SampleKeys",
    "Settings",
    "make_app",
    "serve",
]
