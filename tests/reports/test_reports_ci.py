"""The forms for continuous integration: Markdown, annotations, CTRF and HAR."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from lightfield_contract.reports import (
    Finding,
    Result,
    Run,
    Verdict,
    render_annotations,
    render_ctrf,
    render_har,
    render_markdown,
)
from lightfield_contract.reports.formats.markdown import code_block, code_span, plain

INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def as_html(markdown: str) -> str:
    """What a reader of the Markdown sees: raw HTML allowed, addresses made links, as GitHub does."""
    seen: str = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown)
    return seen


def test_markdown_tells_the_violations(violating: Result) -> None:
    """Headline, the sentence of each finding, and what is needed to understand it."""
    text = render_markdown(violating)
    assert text.startswith("## ❌ violates: 2 of 120 clauses violated; 107 conform")
    assert "### Violated: 3 findings, 2 clauses\n\n1. `A create without it is answered with 200.`" in text
    assert "- **`required:/fields/$name`** MUST, endpoint: `/fields/$name` is required" in text
    assert '\n  -H "Authorization: Bearer $LIGHTFIELD_API_KEY" \\' in text
    assert "1 clause: `no key that holds the create scope alone was given`; `set LIGHTFIELD_API_KEY_CREATE_ONLY`" in text
    assert "ticket API-1234" in text


def test_markdown_of_a_conforming_target(conforming: Result) -> None:
    """Good news is short."""
    text = render_markdown(conforming)
    assert text.startswith("## ✅ conforms: 111 of 120 clauses conform, 9 not verified\n")
    assert len(text.splitlines()) < 60


def test_markdown_is_inert(hostile: Result) -> None:
    """Rendered, hostile text is text: no element of its own, no link, nothing invisible."""
    text = render_markdown(hostile)
    assert not INVISIBLE.search(text)
    page = as_html(text)
    tags = set(re.findall(r"<(\w+)", page))
    assert tags <= {
        "h2",
        "h3",
        "p",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
    }
    assert len(text) < 50_000


def test_markdown_of_a_large_result_fits(large: Result) -> None:
    """GitHub takes 1 MB."""
    assert len(render_markdown(large).encode("utf-8")) < 1_000_000


@pytest.mark.parametrize(
    "text", ["a`b", "``", "`", " a ", "a``b`c", "|", "<b>", "a\nb", "\\", "@someone", "#1", "", "a" * 400]
)
def test_a_code_span_is_literal(text: str) -> None:
    """Whatever the text, the span is one code element that shows it."""
    page = as_html(f"x {code_span(text)} y")
    assert page.count("<code>") == 1
    assert page.endswith("</code> y</p>\n")


@pytest.mark.parametrize("text", ["```", "````\n```", "</code></pre>", "a\n\n  b", "~~~"])
def test_a_code_block_is_literal(text: str) -> None:
    """Nothing in a block can end it."""
    page = as_html("\n".join([*code_block(text), "end"]))
    assert page.count("<pre>") == 1
    assert page.endswith("<p>end</p>\n")


@pytest.mark.parametrize("text", ["*a* _b_ <i>c</i> [d](e) `f` ~g~ $h$ |i| !j #k @l &amp; \\m https://x.example"])
def test_plain_text_is_literal(text: str) -> None:
    """Nothing in it is markup, but for the code that holds what would be; all of it is shown."""
    page = as_html(plain(text))
    assert set(re.findall(r"<(\w+)", page)) == {"p", "code"}
    assert html.unescape(re.sub(r"</?(?:p|code)>", "", page)).strip() == text.replace("`f`", "f")


def test_markdown_reads_well_as_text(violating: Result) -> None:
    """No character reference stands in it, but those for HTML's own three characters."""
    assert set(re.findall(r"&#?\w+;", render_markdown(violating))) <= {"&lt;", "&gt;", "&amp;"}


def test_annotations(violating: Result) -> None:
    """Errors for violations, warnings for advice, notices for the rest; one command to a line."""
    lines = render_annotations(violating).splitlines()
    assert lines[0] == ("::error title=violated%3A required%3A/fields/$name::A create without it is answered with 200.")
    kinds = [line.split(" ")[0] for line in lines]
    assert kinds == ["::error", "::error", "::error", "::warning", *["::notice"] * 7]
    assert lines[-1].startswith("::notice title=opportunities%3A violates::2 of 120 clauses violated")


def test_annotations_under_strict(violating: Result, make_run: Callable[..., Run]) -> None:
    """Advice is an error when it fails the run."""
    text = render_annotations(dataclasses.replace(violating, run=make_run(strict=True)))
    assert "::error title=advice%3A success%3Atimestamp-offset::" in text


def test_annotations_are_few(large: Result) -> None:
    """GitHub shows ten of a kind, so the last says how many more there are."""
    errors = [line for line in render_annotations(large).splitlines() if line.startswith("::error")]
    assert len(errors) == 10
    assert errors[-1] == "::error title=and more::391 more findings; the job summary lists them"


def test_annotations_are_inert(hostile: Result) -> None:
    """Hostile text cannot begin a command, and every line is one of ours."""
    text = render_annotations(hostile)
    assert not INVISIBLE.search(text)
    assert all(re.match(r"::(error|warning|notice) title=[^:,]*::", line) for line in text.splitlines())
    assert "%0A" not in text  # a finding of one clause is told in a line


CTRF: dict[str, Any] = {
    "type": "object",
    "required": ["reportFormat", "specVersion", "results"],
    "additionalProperties": False,
    "properties": {
        "reportFormat": {"const": "CTRF"},
        "specVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
        "results": {
            "type": "object",
            "required": ["tool", "summary", "tests"],
            "properties": {
                "tool": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 1}}},
                "summary": {
                    "type": "object",
                    "required": ["tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"],
                    "additionalProperties": {"type": "integer"},
                },
                "tests": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["name", "status", "duration"],
                        "additionalProperties": False,
                        "properties": {
                            "name": {"type": "string", "minLength": 1},
                            "status": {"enum": ["passed", "failed", "skipped", "pending", "other"]},
                            "duration": {"type": "integer"},
                            "suite": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                            "message": {"type": "string"},
                            "trace": {"type": "string"},
                            "rawStatus": {"type": "string"},
                            "tags": {"type": "array", "items": {"type": "string"}},
                            "extra": {"type": "object"},
                        },
                    },
                },
            },
        },
    },
}
"""What the published schema of the format says of the members that are used."""


@pytest.mark.parametrize("name", ["conforming", "violating", "hostile", "large"])
def test_ctrf_is_of_its_format(name: str, request: pytest.FixtureRequest) -> None:
    """Valid, with a test for each clause and a summary that adds up."""
    result = request.getfixturevalue(name)
    document = json.loads(render_ctrf(result))
    Draft202012Validator(CTRF).validate(document)
    summary, tests = document["results"]["summary"], document["results"]["tests"]
    assert summary["tests"] == len(tests) == len(result.clauses)
    assert sum(summary[status] for status in ("passed", "failed", "skipped", "pending", "other")) == len(tests)


def test_ctrf_statuses(violating: Result, make_run: Callable[..., Run]) -> None:
    """Verdicts keep their own name beside the format's status."""
    tests = {test["name"]: test for test in json.loads(render_ctrf(violating))["results"]["tests"]}
    assert (tests["required:/fields/$name"]["status"], tests["required:/fields/$name"]["rawStatus"]) == (
        "failed",
        "violated",
    )
    assert tests["scope:sufficient"]["status"] == "skipped"
    assert tests["echo:/fields/$name"]["status"] == "other"
    assert tests["success:timestamp-offset"]["status"] == "passed"
    strict = json.loads(render_ctrf(dataclasses.replace(violating, run=make_run(strict=True, started_at="?"))))["results"]
    assert strict["summary"]["failed"] == 2 + 1 + 9
    assert strict["summary"]["start"] == 0


def test_har_holds_the_exchanges_of_the_findings(violating: Result) -> None:
    """Each exchange once, in the order sent, with the clauses that it shows broken."""
    log = json.loads(render_har(violating))["log"]
    assert log["version"] == "1.2"
    assert log["creator"] == {"name": "lightfield-contract", "version": "0.1.0"}
    first, second = log["entries"]
    assert first["comment"].startswith("no. 41: required:/fields/$name, success:timestamp-offset")
    assert first["request"]["method"] == "POST"
    assert {"name": "Authorization", "value": "Bearer $LIGHTFIELD_API_KEY"} in first["request"]["headers"]
    assert first["request"]["postData"]["mimeType"] == "application/json"
    assert first["response"]["status"] == 200
    assert (second["response"]["status"], second["response"]["statusText"]) == (0, "no answer within 30 s")


@pytest.mark.parametrize("name", ["conforming", "hostile", "large"])
def test_har_of_any_result(name: str, request: pytest.FixtureRequest) -> None:
    """JSON in ASCII, whatever the exchanges hold."""
    text = render_har(request.getfixturevalue(name))
    text.encode("ascii")
    assert "entries" in json.loads(text)["log"]


def test_reports_do_not_need_evidence(make_result: Callable[..., Result], make_finding: Callable[..., Finding]) -> None:
    """A finding without exchanges or example, as the audit makes them, is told by every form."""
    clause = "refusal:nothing-created"
    finding = make_finding(clause, exchanges=(), example="", cases=())
    result = make_result({clause: Verdict.VIOLATED}, {clause: (finding,)})
    for render in (render_markdown, render_annotations, render_ctrf):
        assert finding.cause in render(result)
    assert json.loads(render_har(result))["log"]["entries"] == []
