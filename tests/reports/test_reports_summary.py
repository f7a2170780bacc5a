"""The closing summary in the terminal."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest

from lightfield_contract.reports import Audit, AuditState, Result, Run, Verdict, headline, render_summary
from lightfield_contract.reports.inert import inert_block


def test_a_conforming_target_gets_15_lines(conforming: Result, make_result: Callable[..., Result]) -> None:
    """At any usual width, also where all that can be lacking is lacking."""
    lacking = make_result({clause.id: Verdict.NOT_VERIFIED for clause in conforming.clauses if clause.reason})
    for result in (conforming, lacking):
        for width in (60, 80, 120, 200):
            assert len(render_summary(result, width, color=False).splitlines()) <= 15


def test_the_summary_of_a_conforming_target(conforming: Result) -> None:
    """What was run, what to provide for which clauses, how much was seen, the verdict."""
    unverified = [clause for clause in conforming.clauses if clause.id not in UNREAD]
    assert render_summary(dataclasses.replace(conforming, clauses=tuple(unverified)), 110, color=False) == (
        "lightfield-contract 0.1.0: opportunities 2026-03-01 at https://staging.example.com\n"
        "depth standard, seed 42: 512 writes and 87 reads in 24.1 s\n"
        "\n"
        "NOT VERIFIED (2 clauses)\n"
        "  success:summary: records cannot be read; set LIGHTFIELD_API_KEY_READ to a key of the same organization that\n"
        "    holds the read scope\n"
        "  scope:sufficient: no key that holds the create scope alone was given; set LIGHTFIELD_API_KEY_CREATE_ONLY\n"
        "observed: 4 points on which the contract is silent; --report-dir writes what was seen\n"
        "\n"
        "audit: records match: 512 creates sent, 301 records named in answers, 301 found\n"
        "conforms: 111 of 113 clauses conform, 2 not verified"
    )


UNREAD = {
    "link:other-organization",
    "idempotency:other-organization",
    "idempotency:rate-limited",
    "limits:retry-after",
    "scope:required",
    "scope:status",
    "idempotency:lifetime",
}


def test_the_sentences_of_all_findings_come_first(violating: Result) -> None:
    """A line each, however narrow the terminal is, under their verdicts and before what is not verified."""
    for width in (100, 120):
        lines = render_summary(violating, width, color=False).splitlines()
        assert lines[3] == "VIOLATED (3 findings, 2 clauses)"
        assert [line[:5] for line in lines[4:7]] == ["  1. ", "  2. ", "  3. "]
        assert lines[7] == "KNOWN FAILING (1 finding, 1 clause)"
        assert lines[4] == "  1. A create without it is answered with 200."


def test_a_violation_is_told_whole(violating: Result) -> None:
    """Sentence, clauses, source, sent, answer and how to run it again."""
    text = render_summary(violating, 81, color=False)
    start = text.index("\n1. A create") + 1
    assert text[start : text.index("\n\n", start)] == (
        "1. A create without it is answered with 200.\n"
        "  clauses   required:/fields/$name\n"
        "  source    endpoint page, Create; contract 1, 3 and 11\n"
        "  sent      curl -sS -i -X POST https://staging.example.com/v1/opportunities \\\n"
        '              -H "Authorization: Bearer $LIGHTFIELD_API_KEY" \\\n'
        "              -H 'Lightfield-Version: 2026-03-01' \\\n"
        "              -H 'Content-Type: application/json' \\\n"
        "              -H 'Idempotency-Key: k-7f3a' \\\n"
        "              -H 'User-Agent: lightfield-contract/0.1.0' -H 'Accept:' \\\n"
        '              --data-binary \'{"fields": {"$stage": "opt_lead"}, "relationships": {"$account": "acc_1"}}\'\n'
        "  answer    200 OK, 298 bytes, 41 ms\n"
        "            {\n"
        '              "fields": {\n'
        '                "$name": {\n'
        '                  "value": null,  ◀\n'
        "                  … 1 more\n"
        "                },\n"
        "                … 1 more\n"
        "              },\n"
        "              … 4 more\n"
        "            }\n"
        "  rerun     lightfield-contract run --base-url https://staging.example.com --clause 'required:/fields/$name'"
    )


def test_the_groups_come_in_order(violating: Result) -> None:
    """The causes, then the gaps, then the evidence, and the verdict on the last lines."""
    text = render_summary(violating, 100, color=False)
    headings = ["VIOLATED (3", "KNOWN FAILING (1", "ADVICE (1", "NOT VERIFIED (9 clauses)", "note:", "\n1. ", "audit:"]
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)
    assert text.splitlines()[-1].startswith("violates: 2 of 120 clauses violated; 107 conform, 9 not verified")


def test_many_violations_are_told_briefly(large: Result) -> None:
    """Of 400 findings 20 have their sentence, those that there is room for are told whole, and the others are counted."""
    text = render_summary(large, 100, color=False)
    assert text.count("  source    ") == 1
    assert "\nfindings 2 to 400 in full: run again with --clause " in text
    assert "  and 380 more, in the reports that --report-dir writes" in text


@pytest.mark.parametrize("name", ["conforming", "violating", "hostile", "large"])
@pytest.mark.parametrize("width", [60, 80, 132])
def test_no_line_is_too_long(name: str, width: int, request: pytest.FixtureRequest) -> None:
    """Only commands, which are to be pasted, may be wider than the terminal."""
    lines = render_summary(request.getfixturevalue(name), width, color=False).splitlines()
    wide = [line for line in lines if len(line) > width]
    assert not [line for line in wide if not re.match(r"  (sent|rerun) |              -|            +curl", line)]


def test_colour_only_on_request(violating: Result) -> None:
    """Without colour there is no escape sequence; with it, removing them gives the same text."""
    plain = render_summary(violating, 80, color=False)
    coloured = render_summary(violating, 80, color=True)
    assert "\x1b" not in plain
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("color", [False, True])
def test_hostile_content_is_inert(hostile: Result, color: bool) -> None:
    """What a server sends cannot steer the terminal: the only escapes are our own colours, and 5 MB are cut."""
    text = render_summary(hostile, 80, color)
    stripped = re.sub(r"\x1b\[(?:0|1|2|1;3[1-6])m", "", text)
    assert inert_block(stripped) == stripped
    assert "\\x1b[2J" in text
    assert "\\u202e" in text
    assert not re.search(r"^\s*(::|##)", stripped, re.MULTILINE)
    assert len(text) < 20_000
    text.encode("utf-8")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"exit_status": 0}, "conforms: 111 of 120 clauses conform, 9 not verified"),
        ({"interrupted": True, "exit_status": 2}, "interrupted: of 120 clauses 9 not verified, 111 conform"),
        ({"strict": True, "exit_status": 1}, "fails under strict: of 120 clauses 111 conform, 9 not verified"),
        ({"exit_status": 1}, "fails: exit status 1, see the notes; of 120 clauses 111 conform, 9 not verified"),
    ],
)
def test_the_headline(changes: dict[str, object], line: str, conforming: Result, make_run: Callable[..., Run]) -> None:
    """One line says how the run ended, and why."""
    assert str(headline(dataclasses.replace(conforming, run=make_run(**changes)))) == line


def test_nothing_verified(make_result: Callable[..., Result], catalogue: list[dict[str, str]]) -> None:
    """A run that judged nothing does not sound like a success."""
    result = make_result({row["id"]: Verdict.NOT_VERIFIED for row in catalogue})
    assert str(headline(result)) == "nothing verified: none of 120 clauses could be judged"
    assert str(headline(dataclasses.replace(result, clauses=()))) == "nothing verified: none of 0 clauses could be judged"


def test_the_audit(conforming: Result) -> None:
    """The audit is told in one line, whatever it found."""
    unread = dataclasses.replace(conforming, audit=Audit(AuditState.NOT_VERIFIED, "records cannot be read"))
    assert "audit: not verified: records cannot be read" in render_summary(unread, 80, color=False)
    off = dataclasses.replace(
        conforming, audit=Audit(AuditState.UNACCOUNTED, "", 2, 1, 2, unaccounted=("opp_1",), missing=())
    )
    assert "audit: 1 record unaccounted for: 2 creates sent, 1 record named in answers, 2 found" in render_summary(
        off, 120, color=False
    )
