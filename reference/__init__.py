"""A server that keeps the contract of any fragment to the letter: the embedded default target.

It shares no judging or generating code with the suite; of our rooms it imports spec alone.
"""

from __future__ import annotations

from .answers import JsonAnswer, Refusal
from .app import make_app
from .configuration import CLOCK_HEADER, Clock, Configuration
from .observer import ObservedRequest, ObservedResponse, Observer
from .pipeline import Pipeline
from .sample import SampleKeys
from .server import Reference, serve
from .stand_in import Seen, stand_in
from .steps import Call

__all__ = [
    "CLOCK_HEADER",
    "Call",
    "Clock",
    "Configuration",
    "JsonAnswer",
    "ObservedRequest",
    "ObservedResponse",
    "Observer",
    "Pipeline",
    "Reference",
    "Refusal",
    "SampleKeys",
    "Seen",
    "make_app",
    "serve",
    "stand_in",
]
