"""Reads what a user asked for: options first, then the settings file, then the defaults; and what has to be verified."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from ....reports import ClauseResult, GivenOption, Verdict
from ....spec import UsageError
from ....spec.given import did_you_mean, quote
from .file import SettingsFile
from .options import PREFIX, Settings, rows
from .row import OptionRow

__all__ = ["Requirement", "read_requirement", "read_settings", "read_workers", "settings_in_force"]


def read_settings(option: Callable[[str], Any], file: SettingsFile | None = None) -> Settings:
    """Return what the user asked for.

    Args:
        option: gives what stands for an option of pytest, None where it was not given.
        file: the settings file, where there is one.

    Raises:
        UsageError: a value cannot be used; it says where it stands.
    """
    given: dict[str, Any] = {}
    for field, row in rows():
        value, place = _find(row, option, file)
        if value is not None:
            given[field] = _read(row, value, place)
    if "reports" in given and given.get("report_dir") is None:
        begin = "--" if option(f"{PREFIX}progress") else PREFIX
        raise UsageError(f"{begin}report: no folder is given to write into; add {begin}report-dir DIR")
    return Settings(**given)


def read_workers(given: str | None, file: SettingsFile | None) -> int | None:
    """Return how many processes share the work; None for one alone.

    Raises:
        UsageError: it is no such number.
    """
    row = next(row for _, row in rows() if row.name == "workers")
    value, place = (given, "--workers") if given is not None or file is None else _in_file(row, file)
    return None if value is None else int(_read(row, value, place))


def settings_in_force(option: Callable[[str], Any], file: SettingsFile | None = None) -> tuple[GivenOption, ...]:
    """Return what the user gave, and where; none of it is secret, for keys are in the environment alone."""
    found = []
    for _, row in rows():
        value, _ = _find(row, option, file)
        if value is not None and not row.pytest_only:
            text = ", ".join(map(str, value)) if isinstance(value, list) else "yes" if row.flag else str(value)
            by_option = _by_option(row, option) is not None
            found.append(GivenOption(row.name, text, "option" if by_option or file is None else file.path.name))
    return tuple(found)


def _find(row: OptionRow, option: Callable[[str], Any], file: SettingsFile | None) -> tuple[Any, str]:
    """What was given for an option, and where; None where it was not."""
    value = _by_option(row, option)
    if value is not None:
        return value, f"{'--' if option(f'{PREFIX}progress') else PREFIX}{row.name}"
    return _in_file(row, file) if file else (None, "")


def _by_option(row: OptionRow, option: Callable[[str], Any]) -> Any:
    return None if row.command_only else option(PREFIX + row.name)


def _in_file(row: OptionRow, file: SettingsFile) -> tuple[Any, str]:
    return file.values.get(row.name), file.place(row.name)


def _read(row: OptionRow, value: Any, place: str) -> Any:
    if row.flag:
        return value
    if row.repeatable:
        return tuple(_read_text(row, str(text), place) for text in value)
    return _read_text(row, str(value), place)


def _read_text(row: OptionRow, text: str, place: str) -> Any:
    try:
        return row.read(text)
    except (ValueError, KeyError, OverflowError):
        expected = f"one of {', '.join(row.choices)}" if row.choices else row.expected
        words = row.words or row.choices
        near = [
            hint for word in text.split(",") if word.strip() not in words and (hint := did_you_mean(word.strip(), words))
        ]
        raise UsageError(f"{place}: {quote(text)} is not {expected}{''.join(near[:1])}") from None


@dataclasses.dataclass(frozen=True)
class Requirement:
    """What has to be verified, so that a run which could not look is not taken for one that found nothing.

    Attributes:
        percent: of the judged clauses.
        clauses: ids, or beginnings of some.
    """

    percent: float = 0.0
    clauses: tuple[str, ...] = ()

    def unmet(self, results: Sequence[ClauseResult]) -> str:
        """Return what is missing, in a sentence; "" where nothing is."""
        verified = [result for result in results if result.verdict is not Verdict.NOT_VERIFIED]
        share = 100 * len(verified) / len(results) if results else 0.0
        if share < self.percent:
            return f"{share:.0f} % of the clauses are verified, and --require asks for {self.percent:g} %"
        wanted = [result for result in results if any(result.id.startswith(name) for name in self.clauses)]
        missing = [result.id for result in wanted if result not in verified]
        missing += [name for name in self.clauses if not any(result.id.startswith(name) for result in wanted)]
        return f"--require asks for what is not verified: {', '.join(missing)}" if missing else ""


def read_requirement(text: str) -> Requirement:
    """Return what `90%` or `success:once,idempotency:` asks for.

    Raises:
        ValueError: it is neither.
    """
    if text.endswith("%"):
        percent = float(text[:-1])
        if not 0 < percent <= 100:
            raise ValueError(text)
        return Requirement(percent)
    clauses = tuple(name.strip() for name in text.split(",") if name.strip())
    if not clauses or not all(":" in name for name in clauses):
        raise ValueError(text)
    return Requirement(clauses=clauses)
