"""Tells how a stage of a case ended (set-up, call or teardown): as it should, by an error of ours, or from outside."""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from ..verdicts.cases import TESTS, Gap

__all__ = ["StageEnd", "attach_stage", "attached_stage", "read_stage"]

_ATTRIBUTE = "lightfield_contract_stage"
_LONGEST = 300
_HOOKS = Path(__file__).with_name("case_hooks.py")
"""Stands in the traceback of whatever is raised around a case, by whomever."""


@dataclasses.dataclass(frozen=True)
class StageEnd:
    """How a stage ended.

    Attributes:
        last: whether it settles what became of the case.
        gap: why the case did not come to its end; None when it did, or goes on.
        judged: whether it is a judgement of ours that fails the case.
        error: an error of ours, in a line; "" for none.
    """

    last: bool
    gap: Gap | None = None
    judged: bool = False
    error: str = ""


def attach_stage(report: pytest.TestReport | pytest.CollectReport, stage: StageEnd) -> None:
    """Attach it to a report as plain values, which travel from workers to the controller."""
    setattr(report, _ATTRIBUTE, {**vars(stage), "gap": stage.gap and vars(stage.gap)})


def attached_stage(report: pytest.TestReport | pytest.CollectReport) -> StageEnd | None:
    """Return what was attached to a report; None for one that is not of this suite."""
    raw = getattr(report, _ATTRIBUTE, None)
    return raw and StageEnd(**{**raw, "gap": raw["gap"] and Gap(**raw["gap"])})


def read_stage(call: pytest.CallInfo[None], *, finished: bool, judged: bool, redact: Callable[[str], str]) -> StageEnd:
    """Return how a stage ended.

    Args:
        finished: whether the case's own code has come to its end.
        judged: whether it fails by a judgement of ours.
        redact: takes keys out of a text.
    """
    said = redact(_say(call.excinfo))[:_LONGEST] if call.excinfo else ""
    error = said if _is_ours(call.excinfo) else ""
    if finished and call.when == "call":
        return StageEnd(last=True, judged=judged)
    if call.when == "teardown" or (call.when == "setup" and call.excinfo is None):
        return StageEnd(last=False, error=error)
    return StageEnd(last=True, gap=_gap(call, said, error), error=error)


def _gap(call: pytest.CallInfo[None], said: str, error: str) -> Gap:
    if error:
        return Gap(f"an error of ours ended a case: {error}", "report it to the authors of this suite")
    if call.excinfo is None:
        return Gap("a plugin passed over a case", "run without the plugin")
    if call.excinfo.errisinstance((pytest.skip.Exception, pytest.xfail.Exception)):
        return Gap(f"a case was skipped: {call.excinfo.value}", "let it run")
    if call.when == "setup":
        return Gap(f"a case failed in set-up: {said}", "repair what is set up before it")
    return Gap(f"a case was ended from outside: {said}", "see what ended it, and give it more time if that is all it takes")


def _say(error: pytest.ExceptionInfo[BaseException]) -> str:
    """Return what was raised, in a line that is the same for all cases."""
    if isinstance(error.value, pytest.FixtureLookupError):
        return f"fixture {error.value.argname!r} not found"
    return error.exconly(tryshort=True).partition("\n")[0]


def _is_ours(error: pytest.ExceptionInfo[BaseException] | None) -> bool:
    """Whether an exception came out of our own code, and not of the user's fixtures and plugins around it."""
    if error is None or error.errisinstance((pytest.skip.Exception, pytest.fail.Exception, KeyboardInterrupt)):
        return False
    files = {Path(frame.f_code.co_filename) for frame, _ in traceback.walk_tb(error.tb)}
    return any(file != _HOOKS and file.is_relative_to(TESTS) for file in files)
