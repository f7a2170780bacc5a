"""The documents: short where they promise to be, without dead links, and with commands that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lightfield_contract.conformance.arguments import make_parser

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LONGEST_README = 150


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def commands(path: Path) -> list[list[str]]:
    """Return the words of each command of ours that a console block shows, without what is shown for the reader alone."""
    lines = re.findall(r"^\$ (?:\S+/)?lightfield-contract (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return [re.sub(r"\s+#.*", "", line).split() for line in lines]


def named_files(text: str) -> list[Path]:
    """Return the files and folders that a text names; a name without a folder is in the folder of the one before it."""
    found: list[Path] = []
    for name in re.findall(r"`([\w/.]+(?:/|\.(?:py|ya?ml|json|j2|txt|toml)))`", text):
        beside = [found[-1] if found[-1].is_dir() else found[-1].parent] if found else []
        places = [*beside, ROOT, ROOT / "conformance" / "harness"]
        found.append(next((place / name for place in places if (place / name).exists()), ROOT / name))
    return found


def test_what_the_architecture_names_is_there() -> None:
    """A reader finds each file and folder under the name that it has there."""
    named = named_files((ROOT / "ARCHITECTURE.md").read_text("utf-8"))
    assert named
    assert [str(path) for path in named if not path.exists()] == []


def test_the_architecture_names_every_room_of_the_harness() -> None:
    """A new one cannot be forgotten."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = {path.parent.name for path in (ROOT / "conformance" / "harness").glob("*/__init__.py")}
    assert sorted(room for room in rooms if f"`conformance/harness/{room}/`" not in text) == []


def test_the_readme_is_short() -> None:
    """What more there is to say stands in docs/."""
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= LONGEST_README


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """Files that there are, and headings that they have."""
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_are_those_that_there_are(path: Path) -> None:
    """Each one is taken by the command line as it is written."""
    parser = make_parser()
    for words in commands(path):
        parser.parse_args([word.strip("'\"") for word in words])
