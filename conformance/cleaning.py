"""Cleans up after a run: reads what it has made from its ledger or its result, and deletes that from the target."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from ..reports import MadeRecord, inert, parse_result
from ..spec import UsageError, load
from ..spec.given import read_given_file, show
from .harness.audit.cleaning import Cleaned, clean_up, made_records
from .harness.audit.listing import count_records
from .harness.case.state import State
from .harness.case.world import World
from .harness.preparation.discovery import reject_unknown_key
from .harness.run.folder import RunFolder
from .harness.run.starting import make_suite
from .harness.settings.options import Settings
from .harness.wire.key_command import with_key
from .harness.wire.ledger import Origin, read_ledger, read_origin
from .harness.wire.target import API_KEY, read_target

__all__ = ["clean_run", "describe_cleaned"]

_REMEDY = "give the ledger that a run named when it began, or the JSON file that it wrote"


def clean_run(path: str, settings: Settings, *, dry: bool = False) -> tuple[Origin, Cleaned]:
    """Delete what one run has made, where its target deletes records.

    Args:
        path: of its ledger or its result.
        settings: how to reach the target.
        dry: only see what would be deleted.

    Raises:
        UsageError: the file is neither, or there is no key.
        TargetError: the target cannot be reached.
    """
    origin, made = _read(path)
    contract = load(origin.contract)
    target = read_target(contract, origin.target, with_key(os.environ, API_KEY), settings.way)
    world = World(contract, origin.run, State(contract, target))
    suite = make_suite(settings, world, RunFolder.make())
    try:
        contact = suite.quiet("contact").api
        suite.meet(contact)
        reject_unknown_key(world, contact)
        api = suite.quiet("cleaning").api
        world.state.note_held(count_records(world, api))
        return origin, clean_up(world, api, made, dry=dry)
    finally:
        suite.close(last=True)


def describe_cleaned(origin: Origin, cleaned: Cleaned, *, dry: bool) -> Iterator[str]:
    """Yield what became of a run's records, in lines."""
    counts = {
        "would be deleted" if dry else "deleted": cleaned.deleted,
        "gone before": cleaned.gone,
        "kept": cleaned.kept,
        "left": cleaned.left,
    }
    yield f"{origin.run} at {origin.target}: {', '.join(f'{len(found)} {word}' for word, found in counts.items())}"
    for record_id in cleaned.deleted if dry else ():
        yield inert(f"would be deleted {record_id}")
    for word, found in (("kept", cleaned.kept), ("left", cleaned.left)):
        for reason in dict.fromkeys(found.values()):
            yield inert(f"{word}, because {reason}:")
            yield from (inert(f"  {record_id}") for record_id, why in found.items() if why == reason)


def _read(path: str) -> tuple[Origin, tuple[MadeRecord, ...]]:
    text = read_given_file(path, _REMEDY)
    head = text.partition("\n")[0]
    try:
        is_ledger = "origin" in json.loads(head)
    except (ValueError, TypeError):
        is_ledger = False
    if is_ledger and (origin := read_origin(Path(path))):
        return origin, made_records(load(origin.contract), read_ledger(Path(path)))
    return _read_result(text, path)


def _read_result(text: str, path: str) -> tuple[Origin, tuple[MadeRecord, ...]]:
    result = parse_result(text, show(path))
    if "://" not in result.run.target:
        raise UsageError(f"{show(path)} is the result of a client's run, which made nothing at a server; {_REMEDY}")
    given = {option.name: option.value for option in result.run.settings}
    if result.run.marker and not result.run.marker.startswith("lfc-"):
        raise UsageError(f"{show(path)}: {result.run.marker} is no marker of a run; {_REMEDY}")
    origin = Origin(result.run.marker, result.run.target, given.get("contract", result.run.contract))
    records = {record.id: record for record in result.records}
    object_type = load(origin.contract).collection.object_type
    # What no answer names carries the marker, or is left alone.
    stray = [MadeRecord(found, object_type, 0.0) for found in result.audit.unaccounted if found not in records]
    return origin, (*records.values(), *stray)
