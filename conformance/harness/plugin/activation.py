"""Turns the suite on, in the process that collects the conformance tests."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from ....spec import Contract, ContractError, UsageError, load
from ....spec.document import DOCUMENT
from ....spec.given import show
from ..case.world import Tell, say
from ..preparation.mistakes import (
    check_fragment,
    reject_conflicts,
    reject_doubled_path,
    reject_empty_url,
    reject_misspelt_variables,
)
from ..run.closing import try_reporting
from ..run.planning import PLANNED, stand_in_for
from ..run.starting import begin_writes, join_run, start_run
from ..run.suite import Suite
from ..settings.file import BASE_URL, SettingsFile, add_headers, find_settings, read_settings_file
from ..settings.options import PREFIX, Settings
from ..settings.reading import read_settings, settings_in_force
from ..settings.selection import Selection
from ..verdicts.cases import is_narrowed
from ..verdicts.findings import Findings
from ..verdicts.known_failing import read_known_failing
from ..wire.address import trim
from ..wire.key_command import KEY_COMMAND
from ..wire.target import API_KEY
from . import collection
from .ahead import Ahead, in_flight
from .case_hooks import CaseHooks
from .ending import EndHooks, Heard
from .hooks import SUITE, Hooks

__all__ = ["TRANSPORT", "activate"]

TRANSPORT = pytest.StashKey[httpx.BaseTransport]()
"""Where a plugin puts what is to carry requests in place of the network."""


def activate(config: pytest.Config, *, may_wait: bool = False) -> None:
    """Prepares the run and registers its hooks; harmless when repeated.

    Args:
        may_wait: whether it is early enough to leave the first creates until pytest has collected the cases.

    Raises:
        pytest.UsageError: the user's input or the target makes a run impossible; pytest prints the message alone.
    """
    if SUITE in config.stash:
        return
    try:
        _activate(config, may_wait=may_wait)
    except ContractError as error:
        raise pytest.UsageError(str(error)) from None


def _activate(config: pytest.Config, *, may_wait: bool) -> None:
    file = _settings_file(config)
    settings = read_settings(config.getoption, file)
    contract = load(settings.contract)
    check_fragment(settings.contract, contract)
    Selection.of(settings, contract).check()
    known = read_known_failing(settings.known_failing, contract)
    if settings.examples is not None:
        _make_examples(settings.examples)
    workers = _workers(config)
    shared = getattr(config, "workerinput", {}).get("lightfield_contract")
    waits = False
    if shared is not None:
        suite = join_run(settings, shared)
    elif hasattr(config, "workerinput"):
        message = "name the conformance tests on the command line when you run with -n"
        raise UsageError(f"{message}: pytest --pyargs lightfield_contract.conformance")
    else:
        suite, waits = _start(config, settings, file, contract, may_wait=may_wait)
    document = DOCUMENT if settings.contract == "opportunities" else ""
    _register(config, suite, Findings(contract, known, document), workers, waits=waits)


def _register(config: pytest.Config, suite: Suite, findings: Findings, workers: int, *, waits: bool) -> None:
    """Register the hooks of the run; where its first creates wait, so does what needs them."""
    config.stash[SUITE] = suite
    config.pluginmanager.register(collection, "lightfield_contract_collection")
    config.pluginmanager.register(CaseHooks(suite, findings), "lightfield_contract_case_hooks")

    def begin() -> bool:
        changed = waits and begin_writes(suite, workers)
        findings.add(suite.state.first)
        if (most := in_flight(suite, config)) > 1:
            config.pluginmanager.register(Ahead(suite, most), "lightfield_contract_ahead")
        return changed

    if not waits:
        begin()
    redactor, worker = suite.world.target.redactor, hasattr(config, "workerinput")
    heard = Heard(redactor, worker=worker, begin=begin if waits else None)
    config.pluginmanager.register(EndHooks(suite, config, heard, findings), "lightfield_contract_end_hooks")
    config.pluginmanager.register(Hooks(suite, config, heard, findings, workers), "lightfield_contract_hooks")


def _start(
    config: pytest.Config, settings: Settings, file: SettingsFile | None, contract: Contract, *, may_wait: bool
) -> tuple[Suite, bool]:
    """Start the run, unless something is wrong with what the user gave; return whether its creates wait, too."""
    reject_misspelt_variables(os.environ, contract)
    reject_conflicts(settings)
    url = _base_url(config, file)
    if url:
        reject_doubled_path(url, contract)
    else:
        reject_empty_url(os.environ)
    if not settings.plan:
        try_reporting(settings)
    tell, transport = _teller(config), config.stash.get(TRANSPORT, None)
    unused = "" if url else _unused_key()
    if unused and settings.progress:
        tell(unused)
    waits = may_wait and bool(url) and not settings.plan and not config.option.collectonly and is_narrowed(config)
    writes = not config.option.collectonly and not waits
    start = functools.partial(start_run, settings, in_force=settings_in_force(config.getoption, file), tell=tell)
    if settings.plan and url:
        suite = _start_plan(config, start, url, transport)
    else:
        suite = start(url, _workers(config), transport, writes=writes)
    suite.state.notes[:0] = [unused] if unused else []
    return suite, waits


def _settings_file(config: pytest.Config) -> SettingsFile | None:
    """The settings file that an option names, else the one of the user's project."""
    named = config.getoption(f"{PREFIX}settings")
    found = find_settings(config.rootpath, upward=False) if named is None else named
    path = Path(found) if found else None
    if path is None:
        return None
    file = read_settings_file(path)
    add_headers(file.headers, os.environ)
    return file


def _base_url(config: pytest.Config, file: SettingsFile | None) -> str:
    """The target: of the option, else of the environment, else of the settings file.

    Raises:
        UsageError: the option or the settings file gives nothing, as where a variable in it is not set.
    """
    hint = "give the target's URL, or leave it out to have the embedded reference server judged"
    # pytest-base-url puts an empty text in the place of what was not given.
    if getattr(config.known_args_namespace, "base_url", None) == "":
        raise UsageError(f"--base-url is empty: {hint}")
    if file and file.base_url is not None and not trim(file.base_url):
        raise UsageError(f"{file.place(BASE_URL)} is empty: {hint}")
    in_file = file.base_url if file else None
    given = (config.getoption("base_url", None), os.environ.get("LIGHTFIELD_BASE_URL"), in_file)
    return next((url for url in map(trim, filter(None, given)) if url), "")


def _start_plan(
    config: pytest.Config, start: Callable[..., Suite], url: str, transport: httpx.BaseTransport | None
) -> Suite:
    """Read the target without a create, and start a run on a server that stands in for it."""
    seen = start(url, 0, transport, writes=False)
    try:
        reference, environment = stand_in_for(seen)
    finally:
        seen.close(last=True)
    config.stash[PLANNED] = seen.world.target
    suite = start("http://127.0.0.1", 0, reference.transport(), environment=environment)
    suite.state.notes[:0] = seen.state.notes
    return suite


def _unused_key() -> str:
    """What to say where a user may believe that their own server is judged; "" where there is no reason to."""
    variable = next((name for name in (API_KEY, KEY_COMMAND) if trim(os.environ.get(name, ""))), "")
    hint = "the embedded reference server is judged, and not yours; give --base-url or LIGHTFIELD_BASE_URL"
    return f"{variable} is set, and no base URL is given: {hint}" if variable else ""


def _make_examples(folder: Path) -> None:
    """Make the folder, because Hypothesis keeps nothing, without a word, where it cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--examples: {show(folder)} cannot be made: {error.strerror}; name a folder") from error


def _workers(config: pytest.Config) -> int:
    """How many processes of xdist share the run; 0 without it."""
    return len(getattr(config.option, "tx", None) or [])


def _teller(config: pytest.Config) -> Tell:
    """Return what says a sentence to the user of a pytest session."""
    capture = config.pluginmanager.get_plugin("capturemanager")

    def tell(sentence: str) -> None:
        with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
            say(sentence)

    return tell
