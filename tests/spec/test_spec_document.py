"""The contract as a document: current, with an anchor for each clause, and without words that only its makers know."""

from __future__ import annotations

import re
from pathlib import Path

from lightfield_contract.spec import Contract, load
from lightfield_contract.spec.document import DOCUMENT, anchor, cite, render_contract

ROOT = Path(__file__).parents[2]


def test_the_document_is_current() -> None:
    """`lightfield-contract clauses --format markdown > docs/contract.md` makes it."""
    assert (ROOT / DOCUMENT).read_text("utf-8") == render_contract(load())


def test_each_clause_has_an_anchor_of_its_own() -> None:
    """Whatever its id is made of."""
    contract = load()
    anchors = [anchor(clause.id) for clause in contract.clauses]
    assert len(set(anchors)) == len(anchors)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in anchors)
    text = render_contract(contract)
    assert [found for found in re.findall(r'<a id="([^"]+)"></a>', text) if found not in anchors] == []


def test_what_is_cited_can_be_looked_up() -> None:
    """The notes behind the catalogue are no source that a reader could open: it names pages, standards, or a ruling."""
    contract: Contract = load()
    cited = {clause.id: cite(clause) for clause in contract.clauses}
    assert not [name for name, text in cited.items() if "contract" in text or not text]
    assert cited["operation:create"] == "endpoint page, Create"
    assert cited["link:other-organization"] == "our ruling (security)"
