"""Judges a mutant with the whole suite, in a process that can be ended."""

from __future__ import annotations

import dataclasses
import enum
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import multiprocessing
import sys
import types
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from mutants import Mutant

from lightfield_contract import reference

__all__ = ["End", "Judged", "judge"]

_NAME = "lightfield_contract.mutated"
"""Beside the reference, so that the relative imports of its modules lead where they do there."""

_PATIENCE = 90.0
"""Seconds for one run: a change can make a server that never answers."""


class End(enum.Enum):
    """How a run against a mutant ended."""

    DETECTED = "a clause is violated"
    REFUSED = "not green: nothing was verified, or the target could not be judged"
    HANGS = "the run did not end"
    STILLBORN = "the server did not start"
    SURVIVED = "every clause conforms"


@dataclasses.dataclass(frozen=True)
class Judged:
    """What the suite says of one mutant.

    Attributes:
        depth: at which it was detected; the last that was tried, if it was not.
        blamed: ids of the clauses that are violated.
    """

    end: End
    depth: str = ""
    blamed: tuple[str, ...] = ()
    printed: str = dataclasses.field(default="", repr=False)


def judge(mutant: Mutant, depths: Sequence[str]) -> Judged:
    """Judge it at each depth until one detects it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["lightfield_contract.conformance.matrix", "lightfield_contract.conformance.harness"])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_judge, args=(sender, mutant, tuple(depths)))
    process.start()
    sender.close()
    try:
        judged = receiver.recv() if receiver.poll(_PATIENCE) else Judged(End.HANGS)
    except EOFError:
        judged = Judged(End.STILLBORN, printed="the process ended without an answer")
    finally:
        process.kill()
        process.join()
        receiver.close()
    assert isinstance(judged, Judged)
    return judged


def _judge(sender: Connection, mutant: Mutant, depths: tuple[str, ...]) -> None:
    from lightfield_contract.conformance.matrix import judge_server

    judged = Judged(End.SURVIVED)
    for depth in depths:
        try:
            server = _load(mutant).Reference()
            _ = server.app
        except Exception as error:  # whatever a changed module raises
            judged = Judged(End.STILLBORN, printed=repr(error))
            break
        result, printed = judge_server(server, [f"--lightfield-depth={depth}", "-x"], socket=False)
        blamed = tuple(clause.id for clause in result.clauses if clause.verdict.value == "violated") if result else ()
        end = End.DETECTED if blamed else End.REFUSED if result is None or result.run.exit_status else End.SURVIVED
        judged = Judged(end, depth, blamed, printed)
        if end is End.DETECTED:
            break
    sender.send(judged)


def _load(mutant: Mutant) -> types.ModuleType:
    """Import the reference anew under another name, with one module's source replaced."""
    for name in [name for name in sys.modules if name.startswith(_NAME)]:
        del sys.modules[name]
    finder = _Finder(mutant)
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module(_NAME)
    finally:
        sys.meta_path.remove(finder)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of the reference under the other name."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._folder = Path(reference.__file__).parent

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        file = self._file(fullname)
        if not fullname.startswith(_NAME) or not file.exists():
            return None
        folders = [str(file.parent)] if file.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(fullname, file, loader=self, submodule_search_locations=folders)

    def exec_module(self, module: types.ModuleType) -> None:
        file = self._file(module.__name__)
        source = self._mutant.source if file.stem == self._mutant.module else file.read_text(encoding="utf-8")
        exec(compile(source, str(file), "exec"), module.__dict__)  # noqa: S102  (our own source, with one change)

    def _file(self, fullname: str) -> Path:
        below = fullname.removeprefix(_NAME).strip(".").replace(".", "/")
        folder = self._folder / below
        return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
