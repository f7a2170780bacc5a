"""Turns the suite on, in the process that collects the conformance tests."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from ....spec import ContractError, UsageError, load
from ..wire.address import trim
from . import collection
from .findings import read_known_failing
from .hooks import SUITE, Hooks
from .selection import check_patterns
from .settings import read_settings
from .suite import Suite

__all__ = ["TRANSPORT", "activate"]

TRANSPORT = pytest.StashKey[httpx.BaseTransport]()
"""Where a plugin puts what is to carry requests in place of the network."""


def activate(config: pytest.Config) -> None:
    """Prepares the run and registers its hooks; harmless when repeated.

    Raises:
        pytest.UsageError: the user's input or the target makes a run impossible; pytest prints the message alone.
    """
    if SUITE in config.stash:
        return
    try:
        _activate(config)
    except ContractError as error:
        raise pytest.UsageError(str(error)) from None


def _activate(config: pytest.Config) -> None:
    settings = read_settings(config.getoption)
    contract = load(settings.contract)
    check_patterns(settings, contract)
    known = read_known_failing(settings.known_failing, contract)
    if settings.report_dir is not None:
        _make_folder(settings.report_dir)
    workers = _workers(config)
    shared = getattr(config, "workerinput", {}).get("lightfield_contract")
    if shared is not None:
        suite = Suite.join(settings, shared)
    elif hasattr(config, "workerinput"):
        told = "name the conformance tests on the command line when you run with -n"
        raise UsageError(f"{told}: pytest --pyargs lightfield_contract.conformance")
    else:
        url = trim(config.getoption("base_url", None) or "") or trim(os.environ.get("LIGHTFIELD_BASE_URL", ""))
        suite = Suite.prepare(settings, url, workers, config.stash.get(TRANSPORT, None))
    config.stash[SUITE] = suite
    config.pluginmanager.register(collection, "lightfield_contract_collection")
    config.pluginmanager.register(Hooks(suite, config, known, workers), "lightfield_contract_hooks")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--report-dir: {folder} cannot be made: {error.strerror}") from error


def _workers(config: pytest.Config) -> int:
    """How many processes share the target's limits; 1 without xdist."""
    specs = getattr(config.option, "tx", None) or []
    return max(1, len(specs))
