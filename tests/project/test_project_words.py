"""The project's language: words that have a plainer term are not used, in code, help, reports or documents."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("spec", "strategies", "conformance", "reports", "reference", "lightfield_contract")
LEFT_OUT = {
    "books": "audit",
    "balanced": "records match",
    "unbalanced": "records unaccounted for",
    "sheet": "audit",
    "told": "message, reason or detail",
    "lack": "unmet requirement or missing prerequisite",
    "lacks": "does not have",
    "lacking": "missing",
    "freedom": "permitted variation",
    "freedoms": "permitted variations",
    "departure": "mismatch",
    "departed": "mismatch",
    "spoil": "mutate or replace",
    "spoiled": "mutated or replaced",
    "putting": "replace",
    "nobody": "unknown key or no key",
    "aside": "scratch record",
    "apart": "scratch record or separate",
    "elsewhere": "other operation",
    "foreign": "other organization",
    "accused": "false alarm",
    "mended": "repaired",
}
"""Each word with the one to write in its place."""


def words_of(text: str) -> set[str]:
    """Return the words of a text in lower case; an identifier's parts are words of their own."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)}


def texts_of_python(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of every name, string and comment of a module."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
        if token.type in (tokenize.NAME, tokenize.STRING, tokenize.COMMENT) or token.type == getattr(
            tokenize, "FSTRING_MIDDLE", -1
        ):
            yield token.start[0], token.string


def found_in(path: Path) -> list[str]:
    """Return `file:line: word` for every left-out word in a file."""
    texts = list(texts_of_python(path)) if path.suffix == ".py" else list(enumerate(path.read_text("utf-8").splitlines(), 1))
    return [
        f"{path.relative_to(ROOT)}:{line}: {word}: write {LEFT_OUT[word]}"
        for line, text in texts
        for word in sorted(words_of(text) & LEFT_OUT.keys())
    ]


def files_of(room: str) -> list[Path]:
    """Return the files of a room that hold text of ours."""
    kinds = (".py", ".yaml", ".json", ".j2", ".js", ".md")
    return sorted(path for path in (ROOT / room).rglob("*") if path.suffix in kinds)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_the_plain_word(room: str) -> None:
    """No left-out word stands in code, docstrings, messages, templates or data of a room."""
    assert [line for path in files_of(room) for line in found_in(path)] == []


def test_documents_use_the_plain_word() -> None:
    """Nor in what a reader opens first."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "action.yml"]
    assert [line for path in documents for line in found_in(path)] == []


def test_no_two_classes_have_one_name() -> None:
    """A name means one thing in the whole package."""
    places: dict[str, list[str]] = {}
    for room in ROOMS:
        for path in files_of(room):
            tree = ast.parse(path.read_text("utf-8")) if path.suffix == ".py" else ast.Module([], [])
            for node in tree.body:
                # A fault or a variation is one private or local class, named for what it breaks.
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and "faults" not in path.parts:
                    places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
