"""The contract as a document for readers: every clause with its statement, its level, what it rests on, and an anchor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .contract import Basis, Clause, Contract

__all__ = ["DOCUMENT", "anchor", "cite", "render_contract"]

DOCUMENT: Final = "docs/contract.md"
"""Where the project keeps it."""
_BASES: Final = {
    Basis.ENDPOINT: "endpoint page",
    Basis.DOCS: "docs",
    Basis.RFC: "RFCs",
}
_NOTES: Final = re.compile(r"contract (?P<sections>[0-9, and]*[0-9])(?P<remark> \(.*\))?")
_RULINGS: Final = "11"
"""The section of the notes behind the catalogue that decides where the sources are silent."""
_INTRODUCTION: Final = """\
What a server has to keep, clause by clause. It is rendered from `spec/` by `lightfield-contract clauses --format markdown`.

*endpoint page* is the vendor's reference page of the endpoint, *docs* are its other public pages, of which one is named.
*our ruling* stands where these sources are silent, and says how far the suite judges at all. The basis is the strongest
source: `--basis endpoint` judges what the endpoint's own page says and nothing else. A broken MUST is a violation, a broken
SHOULD is advice, a MAY is only observed.
"""


def anchor(clause_id: str) -> str:
    """Return the anchor of a clause in the document."""
    return re.sub(r"[^a-z0-9]+", "-", clause_id.lower().replace("*", "any").replace("$", "")).strip("-")


def cite(clause: Clause) -> str:
    """Return what a clause rests on, in words that a reader can follow: the vendor's pages, standards, rulings of ours."""
    cited: list[str] = []
    for part in clause.source.split("; "):
        if (found := _NOTES.fullmatch(part)) is None:
            cited.append(part)
        elif _RULINGS in re.findall("[0-9]+", found["sections"]):
            cited.append(f"our ruling{found['remark'] or ''}")
    return "; ".join(cited) or _BASES[clause.basis]


def render_contract(contract: Contract) -> str:
    """Return the document, as Markdown."""
    return "\n".join(_lines(contract)) + "\n"


def _lines(contract: Contract) -> Iterator[str]:
    yield f"# The contract of {contract.name}, edition {contract.version}"
    yield ""
    yield _INTRODUCTION
    for key, title in contract.sections.items():
        yield f"## {title}"
        yield ""
        for clause in (clause for clause in contract.clauses if clause.section == key):
            yield from _clause(clause)


def _clause(clause: Clause) -> Iterator[str]:
    yield f'<a id="{anchor(clause.id)}"></a>'
    yield ""
    yield f"### `{clause.id}`"
    yield ""
    yield _plain(clause.statement)
    yield ""
    yield f"{clause.level}, basis {clause.basis}. Source: {_plain(cite(clause))}."
    if clause.needs:
        yield ""
        yield from (f"- Not verified when {_plain(need.reason)}; {_plain(need.remedy)}." for need in clause.needs)
    if clause.rests_on:
        yield ""
        below = ", ".join(f"`{name}`" for name in clause.rests_on)
        yield f"Rests on {below}: where that is broken, this one is not verified."
    yield ""


def _plain(text: str) -> str:
    """Text that Markdown takes literally."""
    return re.sub(r"[\\`*_\[\]<>#]", lambda match: f"\\{match.group()}", text)
