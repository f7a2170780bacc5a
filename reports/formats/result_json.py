"""Writes a result as JSON and reads it back; every other report can be made from that text alone."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...spec.errors import UsageError
from ...spec.given import read_given_file, show
from ..encoding import decode, encode
from ..format import Format
from ..model import SCHEMA_VERSION, Result

if TYPE_CHECKING:
    import jsonschema_rs

__all__ = ["FORMAT", "parse_result", "read_json", "render_json"]

_SCHEMA = Path(__file__).parents[1] / "result.schema.json"
_REMEDY = "give the JSON file that a run wrote"


def render_json(result: Result) -> str:
    """Return the JSON text, in the form of result.schema.json.

    It is plain ASCII, so that lone surrogates and the like, which servers do send, survive the round trip.
    """
    document = {"schemaVersion": SCHEMA_VERSION, **encode(result)}
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


FORMAT = Format("json", "result.json", render_json)


def read_json(path: str | Path) -> Result:
    """Return the result in a file that a run wrote.

    Raises:
        UsageError: there is no such file, or it holds something else.
    """
    return parse_result(read_given_file(path, _REMEDY), show(path))


def parse_result(text: str, origin: str) -> Result:
    """Return the result in a JSON text.

    Args:
        origin: names the text in messages.

    Raises:
        UsageError: the text is not JSON, or not of the schema.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{origin}: not a JSON text ({error}); {_REMEDY}") from error
    version = document.pop("schemaVersion", None) if isinstance(document, dict) else None
    if version != SCHEMA_VERSION:
        raise UsageError(f"{origin}: {_describe(version)}")
    if problem := _problem({"schemaVersion": version, **document}):
        raise UsageError(f"{origin}: not of result.schema.json: {problem}; {_REMEDY}")
    return decode(Result, document)


def _describe(version: Any) -> str:
    """What a file of another version is, and what to do with it."""
    if isinstance(version, int) and not isinstance(version, bool) and 0 < version < SCHEMA_VERSION:
        return (
            f"a result of schemaVersion {version}, which an older lightfield-contract wrote; this one reads version "
            f"{SCHEMA_VERSION}: run again, or read it with the version that wrote it"
        )
    return f"not a result of schemaVersion {SCHEMA_VERSION}; {_REMEDY} of this version of lightfield-contract"


def _problem(document: dict[str, Any]) -> str:
    """Where and how a document differs from the schema; "" when it does not."""
    try:
        error = next(_validator().iter_errors(document), None)
    except ValueError:  # a name that is not Unicode, which is in no result
        return "a name in it is no text"
    if error is not None:
        return f"/{'/'.join(map(str, error.instance_path))}: {error.message}"
    known = {each["id"] for finding in document["findings"] for each in finding["occurrences"]}
    named = (name for clause in document["clauses"] for name in clause["findings"])
    unknown = next((name for name in named if name not in known), None)
    return f"/clauses names a finding {unknown!r} that /findings does not hold" if unknown is not None else ""


@functools.cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    import jsonschema_rs  # runs write results, and do not read any

    return jsonschema_rs.Draft202012Validator(json.loads(_SCHEMA.read_text("utf-8")))
