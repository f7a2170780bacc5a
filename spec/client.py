"""Reads the catalogue of what a client must do, and makes a contract of it for one create endpoint."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import Any

import yaml

from .contract import Contract
from .derive import derive_clauses, read_needs
from .loader import load

__all__ = ["CLIENT_CATALOGUE", "load_client"]

CLIENT_CATALOGUE = "client.yaml"
"""The file's name, which is no fragment's."""


@functools.cache
def load_client(name: str = "opportunities") -> Contract:
    """The contract of a fragment, with the clauses that bind a client of it in place of those that bind a server.

    Args:
        name: as of `load`.

    Raises:
        UsageError: there is no such fragment.
        FragmentError: the fragment or the catalogue does not say what it must.
    """
    catalogue: dict[str, Any] = yaml.safe_load((Path(__file__).parent / CLIENT_CATALOGUE).read_text("utf-8"))
    needs = read_needs(catalogue)
    clauses = derive_clauses({**catalogue, "derived": []}, needs, (), (), {})
    return dataclasses.replace(load(name), clauses=clauses, sections=catalogue["sections"], needs=needs)
