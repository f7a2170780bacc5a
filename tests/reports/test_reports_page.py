"""The HTML page, as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from lightfield_contract.reports import Finding, Result, Verdict, render_html
from lightfield_contract.reports.page import mark_difference, slug


class _Elements(HTMLParser):
    """Collects the elements and the text outside of script and style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._skip = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._skip = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 -- the parser passes it by name
        self._skip = False

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.text += f"{data} "


def test_the_top_tells_what_was_run(violating: Result) -> None:
    """Target, edition, depth, seed, when, how long, requests and the verdict."""
    text = " ".join(_Elements(render_html(violating)).text.split())
    for fact in (
        "violates 2 of 120 clauses violated",
        "https://staging.example.com",
        "edition 2026-03-01",
        "Depth standard",
        "Seed 42",
        "Started 2026-03-04 10:00:00+00:00",
        "Took 24.1 s",
        "Requests 512 writes, 87 reads",
        "1 record unaccounted for: 512 creates sent",
        "GET /v1/opportunities/{id}",
    ):
        assert fact in text


def test_every_clause_can_be_linked_to(violating: Result) -> None:
    """Each clause has exactly one anchor, and each link in the page has a target."""
    elements = _Elements(render_html(violating)).elements
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {slug(clause.id) for clause in violating.clauses} <= set(ids)
    links = {(attributes["href"] or "").removeprefix("#") for tag, attributes in elements if tag == "a"}
    assert links <= set(ids)


def test_anchors_are_stable() -> None:
    """An anchor depends on the id alone, and ids that differ in punctuation have different ones."""
    assert slug("required:/fields/$name") == "required-fields-name-ad93"
    assert len({slug(f"response:/fields/{end}/value") for end in ("*", "$*", "", "*/")}) == 4


@pytest.mark.parametrize("name", ["violating", "hostile", "large"])
def test_the_page_holds_everything(name: str, request: pytest.FixtureRequest) -> None:
    """Nothing is loaded: no address in any attribute, and a policy that would not let it."""
    page = render_html(request.getfixturevalue(name))
    for tag, attributes in _Elements(page).elements:
        assert not {"src", "srcset", "action", "style", "onerror", "onclick"} & attributes.keys(), tag
        assert tag not in {"link", "iframe", "img", "object", "embed", "base"}
        assert tag != "a" or (attributes["href"] or "").startswith("#")
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert "url(" not in page


def test_hostile_content_is_inert(hostile: Result) -> None:
    """One script, which is ours; nothing invisible; 5 MB are cut."""
    page = render_html(hostile)
    assert [tag for tag, _ in _Elements(page).elements].count("script") == 1
    assert "onerror=window.pwned=2&gt;" in page
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", page)
    assert "{{7*7}}" in page
    assert len(page) < 300_000


def test_a_large_result_has_a_small_page(large: Result) -> None:
    """10,000 exchanges and 400 findings take less than 15 MB."""
    assert len(render_html(large).encode("utf-8")) < 15_000_000


def test_an_empty_result_has_a_page(make_result: Callable[..., Result]) -> None:
    """A run that was interrupted before it began has no clauses, timings or observations."""
    page = render_html(make_result(clauses=(), timings=(), observations=()))
    assert "none of 0 clauses could be judged" in page


def test_many_findings_of_one_clause_are_counted(
    make_result: Callable[..., Result], make_finding: Callable[..., Finding]
) -> None:
    """What is left out is said."""
    clause = "required:/fields/$name"
    findings = tuple(make_finding(clause, id=str(number)) for number in range(40))
    page = render_html(make_result({clause: Verdict.VIOLATED}, {clause: findings}))
    assert "and 15 more findings" in page


@pytest.mark.parametrize(
    ("expected", "observed", "marked"),
    [
        ("a refusal with 400", "a refusal with 500", (["400"], ["500"])),
        ("the same", "the same", ([], [])),
        ("one thing here", "altogether different", ([], [])),
        ("", "", ([], [])),
        ("a b", "a b c", ([], [" c"])),
    ],
)
def test_the_difference_is_marked(expected: str, observed: str, marked: tuple[list[str], list[str]]) -> None:
    """Words that the other sentence lacks; sentences that have little in common are left alone."""
    left, right = mark_difference(expected, observed)
    assert ("".join(text for text, _ in left), "".join(text for text, _ in right)) == (expected, observed)
    assert ([text for text, differs in left if differs], [text for text, differs in right if differs]) == marked


def test_the_same_result_gives_the_same_page(violating: Result, hostile: Result) -> None:
    """A page has no clock and no chance in it, and one page leaves nothing behind for the next."""
    first: Any = render_html(violating)
    render_html(hostile)
    assert render_html(violating) == first
