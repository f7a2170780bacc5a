"""What to send: valid bodies, breaches and idempotency histories, from the contract and the workspace alone, no HTTP."""

from __future__ import annotations

from .bodies import (
    Body,
    enumerate_amendments,
    enumerate_bodies,
    missing_needs,
    smallest_body,
)
from .breach import Breach
from .callers import Caller
from .depth import Depth
from .explore import breaches, valid_bodies
from .histories import History, enumerate_histories
from .key_model import Count, KeyModel, Mismatch, Permitted
from .packs import Pack, Placed, enumerate_packs
from .places import valid_values
from .plan import enumerate_breaches
from .play import Driver, HistoryMismatchError, Play, histories, history_machine, play
from .steps import Key, KeyAnswer, Payload, Reply, Step, spell_key
from .value_types import demanded_values, values_of
from .values import PLAIN_TEXT, Value
from .workspace import Workspace

__all__ = [
    "PLAIN_TEXT",
    "Body",
    "Breach",
    "Caller",
    "Count",
    "Depth",
    "Driver",
    "History",
    "HistoryMismatchError",
    "Key",
    "KeyAnswer",
    "KeyModel",
    "Mismatch",
    "Pack",
    "Payload",
    "Permitted",
    "Placed",
    "Play",
    "Reply",
    "Step",
    "Value",
    "Workspace",
    "breaches",
    "demanded_values",
    "enumerate_amendments",
    "enumerate_bodies",
    "enumerate_breaches",
    "enumerate_histories",
    "enumerate_packs",
    "histories",
    "history_machine",
    "missing_needs",
    "play",
    "smallest_body",
    "spell_key",
    "valid_bodies",
    "valid_values",
    "values_of",
]
