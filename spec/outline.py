"""Finds where a fragment is not what it must be: the place in the document, and the line of the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .demands import Segments, show_segments
from .errors import FragmentError
from .validator import Validator

if TYPE_CHECKING:
    import jsonschema

__all__ = ["check_outline", "check_schemas", "line_of"]

_FORM = "spec/opportunities.yaml shows the form"
_OUTLINE = Path(__file__).with_name("fragment.schema.json")


def line_of(path: Path, place: Segments) -> int:
    """Return the line of a YAML file at which a place stands; that of what holds it where there is no such member."""
    node = yaml.compose(path.read_text("utf-8-sig"), yaml.SafeLoader)
    line = 1
    for name in place:
        if isinstance(node, yaml.MappingNode):
            members = {key.value: (key, value) for key, value in node.value}
            if name not in members:
                break
            key, node = members[name]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and name.isdigit() and int(name) < len(node.value):
            node = node.value[int(name)]
            line = node.start_mark.line + 1
        else:
            break
    return line


def check_outline(path: Path, document: Mapping[str, Any]) -> None:
    """See whether a document has the outline of a fragment.

    Raises:
        FragmentError: it has not; the message names the line and the place.
    """
    errors = list(Validator(json.loads(_OUTLINE.read_text("utf-8"))).errors(document))
    if errors:
        from jsonschema.exceptions import best_match

        raise _mistake(path, (), best_match(errors))


def check_schemas(path: Path, document: Mapping[str, Any]) -> None:
    """See whether the schemas of a fragment are JSON Schemas of 2020-12.

    Raises:
        FragmentError: one is not; the message names the line and the place.
    """
    from jsonschema import Draft202012Validator

    meta = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    for at, schema in _schemas(document, ()):
        error = next(meta.iter_errors(schema), None)
        if error is not None:
            raise _mistake(path, at, error)


def _mistake(path: Path, at: Segments, error: jsonschema.ValidationError) -> FragmentError:
    """What is wrong at a place in what stands at another one of the document."""
    place = (*at, *map(str, error.absolute_path))
    return FragmentError(f"{path}:{line_of(path, place)}: {show_segments(place)}: {error.message[:160]}; {_FORM}")


def _schemas(node: Any, at: Segments) -> Iterator[tuple[Segments, Any]]:
    """Each schema of a document with its place: those that have a name, and those that stand where they are used."""
    named = at == ("components", "schemas")
    items = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for name, value in items:
        place = (*at, str(name))
        if named or (name == "schema" and at[:1] != ("info",)):
            yield place, value
        else:
            yield from _schemas(value, place)
