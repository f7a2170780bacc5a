"""Says whether JSON values are valid by a schema, and why one is not."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    import jsonschema

__all__ = ["Validator"]


class Validator:
    """Validates values by one JSON Schema of 2020-12 whose references are resolved.

    What is valid, which nearly every value is that a run looks at, jsonschema-rs says in a hundredth of the time; what is
    wrong with the rest, jsonschema tells, which is imported only then.

    Args:
        formats: checks of strings by the `format` that demands them; other formats say nothing, as in 2020-12.
    """

    def __init__(self, schema: Mapping[str, Any], formats: Mapping[str, Callable[[Any], bool]] | None = None) -> None:
        self._schema = dict(schema)
        self._formats = dict(formats or {})

    def is_valid(self, value: Any) -> bool:
        """Return whether the value is valid by the schema."""
        quick = self._is_valid(value)
        return self._teller.is_valid(value) if quick is None else quick

    def errors(self, value: Any) -> Iterator[jsonschema.ValidationError]:
        """Yield what is wrong with the value; nothing when it is valid."""
        if not self._is_valid(value):
            yield from self._teller.iter_errors(value)

    def _is_valid(self, value: Any) -> bool | None:
        """What jsonschema-rs says; None where it has no view, as of a text with half of a surrogate pair.

        Nor has its no where formats are checked: it checks more of them than are asked for.
        """
        try:
            valid = self._quick is not None and self._quick.is_valid(value)
        except (ValueError, RecursionError):
            return None
        return valid or (None if self._quick is None or self._formats else False)

    @functools.cached_property
    def _quick(self) -> jsonschema_rs.Draft202012Validator | None:
        """None where it cannot use the schema, as with a pattern that its regular expressions do not have."""
        try:
            return jsonschema_rs.Draft202012Validator(
                self._schema, formats=self._formats, validate_formats=bool(self._formats)
            )
        except ValueError:
            return None

    @functools.cached_property
    def _teller(self) -> jsonschema.Draft202012Validator:
        import jsonschema

        checker = jsonschema.FormatChecker(formats=())
        for name, check in self._formats.items():
            checker.checks(name)(check)
        return jsonschema.Draft202012Validator(self._schema, format_checker=checker)
