"""A server that keeps the promise of any fragment to the letter: the embedded default target.

It shares no judging or generating code with the suite; of our rooms it imports spec alone.
"""

from __future__ import annotations

from .app import make_app
from .arrival import Arrival
from .call import Answer, Call, Refusal
from .clock import CLOCK_HEADER, Clock
from .conduct import HTML, PLAIN, Conduct, Delivery, Reply, json_reply, refusal
from .definitions import Kind
from .pipeline import Pipeline
from .sample import SampleKeys, sample_store
from .scripted import Loop, Scripted
from .server import Reference, serve
from .settings import Settings
from .store import Organization
from .transport import InProcess

__all__ = [
    "CLOCK_HEADER",
    "HTML",
    "PLAIN",
    "Answer",
    "Arrival",
    "Call",
    "Clock",
    "Conduct",
    "Delivery",
    "InProcess",
    "Kind",
    "Loop",
    "Organization",
    "Pipeline",
    "Reference",
    "Refusal",
    "Reply",
    "SampleKeys",
    "Scripted",
    "Settings",
    "json_reply",
    "make_app",
    "refusal",
    "sample_store",
    "serve",
]
