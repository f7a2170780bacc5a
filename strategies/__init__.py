"""What to send: valid bodies, breaches and idempotency histories, from the contract and the workspace alone, no HTTP."""

from __future__ import annotations

from ..spec.pointer import ABSENT, get_at, segments, set_at, without
from .bodies import Body, enumerate_bodies, observed_bodies
from .breach import Breach
from .breaches import breaches
from .depth import Depth
from .explore import bodies, breach_strategy
from .histories import History, enumerate_histories
from .keystore import Model
from .machine import history_machine
from .places import shapes
from .play import Departed, Driver, Play, play
from .reply import Count, Departure, Permitted, Reply
from .smallest import amendments, missing_needs, smallest_body
from .step import Answer, Caller, Key, Outcome, Payload, Step, spell_key
from .texts import PLAIN_TEXT
from .value import Value
from .values import demanded_values, values_of
from .workspace import FieldDefinition, Option, RelationshipDefinition, Workspace

__all__ = [
    "ABSENT",
    "PLAIN_TEXT",
    "Answer",
    "Body",
    "Breach",
    "Caller",
    "Count",
    "Departed",
    "Departure",
    "Depth",
    "Driver",
    "FieldDefinition",
    "History",
    "Key",
    "Model",
    "Option",
    "Outcome",
    "Payload",
    "Permitted",
    "Play",
    "RelationshipDefinition",
    "Reply",
    "Step",
    "Value",
    "Workspace",
    "amendments",
    "bodies",
    "breach_strategy",
    "breaches",
    "demanded_values",
    "enumerate_bodies",
    "enumerate_histories",
    "get_at",
    "history_machine",
    "missing_needs",
    "observed_bodies",
    "play",
    "segments",
    "set_at",
    "shapes",
    "smallest_body",
    "spell_key",
    "values_of",
    "without",
]
