"""The closing summary in the terminal."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest

from lightfield_contract.reports import Audit, AuditState, Finding, Result, Run, Verdict, headline, render_summary
from lightfield_contract.reports.inert import inert_block


def test_a_conforming_target_gets_one_screen(conforming: Result) -> None:
    """24 lines are enough, at any usual width."""
    for width in (60, 80, 120, 200):
        assert len(render_summary(conforming, width, color=False).splitlines()) <= 24


def test_many_reasons_still_fit_one_screen(make_result: Callable[..., Result], catalogue: list[dict[str, str]]) -> None:
    """Even when all that can be lacking is lacking, nothing broken means one screen."""
    lacking = {row["id"]: Verdict.NOT_VERIFIED for row in catalogue if row["reason"]}
    assert len(render_summary(make_result(lacking), 60, color=False).splitlines()) <= 24


def test_the_summary_of_a_conforming_target(conforming: Result) -> None:
    """Wide enough, it says everything: what was run, what is lacking and how to provide it, what was seen, the verdict."""
    assert render_summary(dataclasses.replace(conforming, observations=()), 161, color=False) == (
        "lightfield-contract 0.1.0: opportunities 2026-03-01 at https://staging.example.com\n"
        "depth standard, basis all, seed 42, 512 writes, 87 reads, 24.1 s\n"
        "\n"
        "NOT VERIFIED (9)\n"
        "  2 clauses: no key of another organization was given, or nothing of that organization is known; set "
        "LIGHTFIELD_API_KEY_OTHER_ORG to a key that may create and\n"
        "    read in another organization\n"
        "    link:other-organization, idempotency:other-organization\n"
        "  2 clauses: no request was answered with 429, because the run stays inside the announced limits; run against a "
        "target that enforces a low limit while other\n"
        "    clients use it\n"
        "    idempotency:rate-limited, limits:retry-after\n"
        "  2 clauses: no valid key without the create scope was given; set LIGHTFIELD_API_KEY_NO_CREATE (several keys, "
        "comma-separated, check near misses)\n"
        "    scope:required, scope:status\n"
        "  1 clause: records cannot be read; set LIGHTFIELD_API_KEY_READ to a key of the same organization that holds the "
        "read scope\n"
        "    success:summary\n"
        "  1 clause: the target's clock cannot be moved; set LIGHTFIELD_CLOCK_HEADER to the name of a request header with "
        "which the target takes a request as made that\n"
        "    many seconds later\n"
        "    idempotency:lifetime\n"
        "  1 clause: no key that holds the create scope alone was given; set LIGHTFIELD_API_KEY_CREATE_ONLY\n"
        "    scope:sufficient\n"
        "\n"
        "audit: records match: 512 creates sent, 301 records named in answers, 301 found\n"
        "120 clauses: 9 not verified, 111 conform\n"
        "conforms: 111 of 120 clauses conform, 9 not verified"
    )


def test_a_violation_is_told_whole(violating: Result) -> None:
    """Statement, source, expected, observed, sent, answer, smallest example and how to run it again."""
    text = render_summary(violating, 81, color=False)
    start = text.index("required:/fields/$name")
    assert text[start : text.index("  also", start)] == (
        "required:/fields/$name\n"
        "  /fields/$name is required; a body without it, with null or with nothing in its\n"
        "  place is refused.\n"
        "  source    endpoint page, Create; contract 1, 3 and 11 (MUST, endpoint)\n"
        "  expected  The answer is a refusal with status 400 or 422, and no record is\n"
        "            made.\n"
        "  observed  The answer is a success with status 200, and a record is made.\n"
        "  sent      curl -sS -i -X POST https://staging.example.com/v1/opportunities \\\n"
        '              -H "Authorization: Bearer $LIGHTFIELD_API_KEY" \\\n'
        "              -H 'Lightfield-Version: 2026-03-01' \\\n"
        "              -H 'Content-Type: application/json' \\\n"
        "              -H 'Idempotency-Key: k-7f3a' \\\n"
        "              -H 'User-Agent: lightfield-contract/0.1.0' \\\n"
        "              -H 'Accept:' \\\n"
        '              --data-binary \'{"fields": {"$stage": "opt_lead"}, "relationships": {"$account": "acc_1"}}\'\n'
        "  answer    200 OK, 298 bytes, 41 ms\n"
        '            {"id": "opp_01", "createdAt": "2026-03-04T10:00:00Z", "fields": {"$n\n'
        '            ame": {"value": null, "valueType": "TEXT"}, "$stage": {"value": "opt\n'
        '            _lead", "valueType": "SINGLE_SELECT"}}, "httpLink": null, "relations\n'
        '            hips": {"$account": {"cardinality": "has_one", "objectType": "accoun\n'
        '            t", "values": ["acc_1"]}}}\n'
        '  smallest  {"fields": {"$stage": "opt_lead"}, "relationships": {"$account": "ac\n'
        '            c_1"}}\n'
        "  rerun     lightfield-contract run --base-url https://staging.example.com --clause 'required:/fields/$name'\n"
    )


def test_the_cases_of_a_finding_are_counted(
    make_result: Callable[..., Result], make_finding: Callable[..., Finding]
) -> None:
    """One finding that several cases showed names the one of the example, and how many more there are."""
    clause = "operation:create"
    cases = tuple(f"case {number}" for number in range(7))
    found = make_finding(clause, cases=cases)
    text = render_summary(make_result({clause: Verdict.VIOLATED}, {clause: (found,)}), 100, color=False)
    assert "  cases     case 0 and 6 more\n" in text


def test_the_groups_come_in_order(violating: Result) -> None:
    """Worst first, then the gaps, and the verdict on the last lines."""
    text = render_summary(violating, 100, color=False)
    headings = ["VIOLATED (2)", "KNOWN FAILING (1)", "ADVICE (1)", "NOT VERIFIED (9)", "OBSERVATIONS (4)", "note:", "audit:"]
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)
    assert text.splitlines()[-1].startswith("violates: 2 of 120 clauses violated; 107 conform, 9 not verified")


def test_many_violations_are_told_briefly(large: Result) -> None:
    """40 broken clauses are all named, and half of them told whole."""
    text = render_summary(large, 100, color=False)
    assert text.count("  source    ") == 20
    assert all(f"\n{clause.id}\n" in text for clause in large.clauses[:40])


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
