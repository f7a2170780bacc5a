"""From what all cases found out to one verdict for each clause: the worst counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sample_findings import make_finding

from lightfield_contract.conformance.harness.judge.record import CaseRecord, Unverified
from lightfield_contract.conformance.harness.verdicts.findings import Findings
from lightfield_contract.conformance.harness.verdicts.known_failing import KnownFailing, read_known_failing
from lightfield_contract.reports import ClauseResult, Finding, Verdict
from lightfield_contract.spec import Contract, Level, UsageError, load

CLAUSES = {level: next(clause.id for clause in load().clauses if clause.level is level) for level in Level}
MUST, SHOULD, MAY = CLAUSES[Level.MUST], CLAUSES[Level.SHOULD], CLAUSES[Level.MAY]
NEEDY = next(clause for clause in load().clauses if clause.needs)
ONE, OTHER = "0123456789ab", "ba9876543210"


@pytest.fixture
def findings(contract: Contract) -> Callable[..., Findings]:
    """Nothing found out yet, with or without a list of known failures."""
    return lambda *known: Findings(contract, [KnownFailing(name, "a reason") for name in known])


def broken(clause: str, case: str = "case", example: str = "{}", digest: str = ONE) -> CaseRecord:
    """What a case records that found a clause broken."""
    refused = {"expected": "this", "observed": "that", "expectation": "created", "status_due": (), "status_seen": None}
    return CaseRecord(case, findings=(make_finding(clause, digest, cases=(case,), example=example, **refused),))


def kept(clause: str, times: int = 1) -> CaseRecord:
    """What a case records that found a clause kept."""
    return CaseRecord("case", kept=((clause, times),))


def unverified(clause: str, reason: str = "no key", remedy: str = "give one") -> CaseRecord:
    """What a case records that could not judge a clause."""
    return CaseRecord("case", unverified=(Unverified(clause, reason, remedy),))


def result(found: Findings, contract: Contract, clause: str) -> ClauseResult:
    """The verdict of one clause."""
    return found.clauses([contract.clause(clause)])[0]


def shown(found: Findings, contract: Contract, clause: str) -> tuple[Finding, ...]:
    """The findings that show one clause broken."""
    return found.of([result(found, contract, clause)], "again {clause}")


def test_a_silent_clause_waits_for_what_is_broken_in_its_stead(
    findings: Callable[..., Findings], contract: Contract
) -> None:
    """By which its requests were judged, or at whose place; else what is needed comes first, and what it rests on then."""
    found, place = findings(), "/relationships/$champion"
    judged = make_finding("refusal:no-5xx", clauses=("refusal:no-5xx", "version:missing"), place="")
    found.add(CaseRecord("case", findings=(judged, make_finding("operation:create", OTHER, place=place))))
    remedies = {
        "version:missing": "fix refusal:no-5xx first",
        f"echo:{place}": "fix operation:create first",
        "idempotency:rate-limited": contract.clause("idempotency:rate-limited").needs[0].remedy,
        "refusal:code": "fix what is found first, or run it alone with --clause, or at a greater depth",
    }
    assert {clause: result(found, contract, clause).remedy for clause in remedies} == remedies


@pytest.mark.parametrize(
    ("clause", "records", "verdict"),
    [
        (MUST, "", Verdict.NOT_VERIFIED),
        (MUST, "u", Verdict.NOT_VERIFIED),
        (MUST, "k", Verdict.CONFORMS),
        (MUST, "uk", Verdict.CONFORMS),
        (MUST, "kb", Verdict.VIOLATED),
        (MUST, "bk", Verdict.VIOLATED),
        (MUST, "ukbk", Verdict.VIOLATED),
        (SHOULD, "k", Verdict.CONFORMS),
        (SHOULD, "kb", Verdict.ADVICE),
        (MAY, "k", Verdict.OBSERVED),
        (MAY, "b", Verdict.OBSERVED),
        (MAY, "", Verdict.NOT_VERIFIED),
    ],
)
def test_the_worst_that_was_found_out_counts(
    findings: Callable[..., Findings], contract: Contract, clause: str, records: str, verdict: Verdict
) -> None:
    """Whatever the order: a violation outweighs what was kept, and what was kept outweighs what could not be judged."""
    found = findings()
    make: dict[str, Callable[..., CaseRecord]] = {"u": unverified, "k": kept, "b": broken}
    for letter in records:
        found.add(make[letter](clause))
    assert result(found, contract, clause).verdict is verdict


@pytest.mark.parametrize(
    ("clause", "records", "verdict", "stale"),
    [
        (MUST, "b", Verdict.KNOWN_FAILING, False),
        (MUST, "bk", Verdict.KNOWN_FAILING, False),
        (MUST, "k", Verdict.CONFORMS, True),
        (MUST, "", Verdict.NOT_VERIFIED, False),
        (SHOULD, "b", Verdict.ADVICE, False),
        (SHOULD, "k", Verdict.CONFORMS, True),
    ],
)
def test_a_listed_clause_is_known_failing_or_its_line_is_stale(
    findings: Callable[..., Findings], contract: Contract, clause: str, records: str, verdict: Verdict, stale: bool
) -> None:
    """A listed clause that is broken fails nothing; one that is kept has a stale line; one not judged has neither."""
    found = findings(clause)
    make: dict[str, Callable[..., CaseRecord]] = {"k": kept, "b": broken}
    for letter in records:
        found.add(make[letter](clause))
    given = result(found, contract, clause)
    assert given.verdict is verdict
    assert given.reason == ("a reason" if verdict is Verdict.KNOWN_FAILING else given.reason)
    assert found.stale([contract.clause(clause)]) == ((clause,) if stale else ())


@pytest.mark.parametrize(
    ("digests", "verdict", "stale"),
    [
        ([ONE], Verdict.KNOWN_FAILING, False),
        ([ONE, OTHER], Verdict.VIOLATED, False),
        ([OTHER], Verdict.VIOLATED, True),
        ([], Verdict.CONFORMS, True),
    ],
)
def test_a_listed_finding_is_known_and_no_other_one(
    findings: Callable[..., Findings], contract: Contract, digests: list[str], verdict: Verdict, stale: bool
) -> None:
    """The clause is known failing as long as it breaks in the listed way alone; the line is stale when it does not."""
    line = f"{MUST}#{ONE}"
    found = findings(line)
    found.add(kept(MUST))
    for digest in digests:
        found.add(broken(MUST, digest=digest))
    assert result(found, contract, MUST).verdict is verdict
    assert found.stale([contract.clause(MUST)]) == ((line,) if stale else ())
    assert [found.knows(MUST, f"{MUST}#{digest}") for digest in (ONE, OTHER)] == [True, False]


def test_a_line_about_a_clause_that_the_run_does_not_judge_is_not_stale(
    findings: Callable[..., Findings], contract: Contract
) -> None:
    """A narrow run says nothing about the other lines."""
    found = findings(MUST, f"{MUST}#{ONE}")
    found.add(kept(MUST))
    assert found.stale([contract.clause(SHOULD)]) == ()


def test_of_one_finding_the_smallest_example_is_kept(findings: Callable[..., Findings], contract: Contract) -> None:
    """A case that breaks a clause several times in one way makes one finding."""
    found = findings()
    for example in ('{"a": 1, "b": 2}', "{}", '{"a": 1}'):
        found.add(broken(MUST, example=example))
    assert [(finding.example, finding.cases) for finding in shown(found, contract, MUST)] == [("{}", ("case",))]


def test_one_finding_of_several_cases_names_them_all(findings: Callable[..., Findings], contract: Contract) -> None:
    """The case of the example, which is the one that is read fastest, comes first; the order of arrival does not count."""
    records = [broken(MUST, case, example) for case, example in (("long", '{"a": 1}'), ("b", "{}"), ("a", "{}"))]
    for order in (records, records[::-1]):
        found = findings()
        for record in order:
            found.add(record)
        assert [(finding.case, finding.cases) for finding in shown(found, contract, MUST)] == [("a", ("a", "b", "long"))]


def test_findings_of_a_clause_begin_with_the_smallest(findings: Callable[..., Findings], contract: Contract) -> None:
    """The example that is shown first is the one that is read fastest."""
    found = findings()
    for digest, case, example in ((ONE, "long", '{"a": 1}'), (OTHER, "short", "{}")):
        found.add(broken(MUST, case, example, digest))
    assert result(found, contract, MUST).findings == (f"{MUST}#{OTHER}", f"{MUST}#{ONE}")
    (finding,) = shown(found, contract, MUST)
    assert (finding.case, [each.id for each in finding.occurrences]) == ("short", [f"{MUST}#{OTHER}", f"{MUST}#{ONE}"])


def test_checks_are_counted(findings: Callable[..., Findings], contract: Contract) -> None:
    """Every judgement that was kept, and every case that broke the clause."""
    found = findings()
    for record in (kept(MUST, 3), kept(MUST), broken(MUST), broken(MUST, digest=OTHER)):
        found.add(record)
    assert result(found, contract, MUST).checks == 5


def test_a_finding_says_how_to_run_it_again(findings: Callable[..., Findings], contract: Contract) -> None:
    """The command has the clause in it."""
    found = findings()
    found.add(broken(MUST))
    assert shown(found, contract, MUST)[0].rerun == f"again {MUST}"


def test_what_is_not_verified_has_its_own_reason(findings: Callable[..., Findings], contract: Contract) -> None:
    """The first reason that a case gave, with its remedy."""
    found = findings()
    found.add(unverified(MUST))
    found.add(unverified(MUST, "another", "remedy"))
    given = result(found, contract, MUST)
    assert (given.reason, given.remedy) == ("no key", "give one")


def test_what_no_case_judged_has_the_reason_of_its_need(findings: Callable[..., Findings], contract: Contract) -> None:
    """A clause with a need says what is missing; every other one says that no case judged it."""
    given = result(findings(), contract, NEEDY.id)
    assert (given.reason, given.remedy) == (NEEDY.needs[0].reason, NEEDY.needs[0].remedy)
    assert "no case" in result(findings(), contract, "operation:create").reason


def test_observations_are_counted(findings: Callable[..., Findings]) -> None:
    """One line for each point and what was seen, with how often."""
    found = findings()
    for seen in ("a", "b", "a"):
        found.add(CaseRecord("case", seen=(("point", seen),)))
    assert [(o.observed, o.count) for o in found.observations()] == [("a", 2), ("b", 1)]


def test_a_list_of_known_failures_is_read(contract: Contract, tmp_path: Path) -> None:
    """An id a line, a reason after the hash; blank lines and comments are none."""
    path = tmp_path / "known.txt"
    lines = ["# ours", "", f"{MUST}  # ticket 7 # and more", f"  {SHOULD}", f"{MAY}#ticket", f"{MUST}#{ONE} # ticket 8"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert read_known_failing(path, contract) == (
        KnownFailing(MUST, "ticket 7 # and more"),
        KnownFailing(SHOULD, ""),
        KnownFailing(MAY, "ticket"),
        KnownFailing(f"{MUST}#{ONE}", "ticket 8"),
    )


@pytest.mark.parametrize("around", [b"\xef\xbb\xbf%s\r\n", b"\r\n  %s # why\r\n\r\n", b"%s"])
def test_a_list_from_any_editor_is_read(contract: Contract, tmp_path: Path, around: bytes) -> None:
    """With a byte order mark, Windows line ends, blank lines or none at its end."""
    path = tmp_path / "known.txt"
    path.write_bytes(around % MUST.encode())
    assert [line.clause for line in read_known_failing(path, contract)] == [MUST]


def test_without_a_list_nothing_is_known(contract: Contract) -> None:
    """The list is optional."""
    assert read_known_failing(None, contract) == ()


@pytest.mark.parametrize("line", ["no:such", f"no:such#{ONE}", "no such"])
def test_an_unknown_id_is_a_usage_error_with_its_line(contract: Contract, tmp_path: Path, line: str) -> None:
    """A misspelt line would hide nothing, and nobody would notice."""
    path = tmp_path / "known.txt"
    path.write_text(f"{MUST}\n{line}\n", "utf-8")
    with pytest.raises(UsageError, match=r"known\.txt:2: .*'no.such'"):
        read_known_failing(path, contract)


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_list_that_cannot_be_read_is_a_usage_error(contract: Contract, tmp_path: Path, content: bytes | None) -> None:
    """No such file, or no text in it: the message names the file."""
    path = tmp_path / "known.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=r"known\.txt"):
        read_known_failing(path, contract)


def test_a_clause_that_rests_on_a_broken_one_is_not_verified(findings: Callable[..., Findings], contract: Contract) -> None:
    """The one below is violated; the one that rests on it says so, and shows no findings of its own."""
    above = next(clause for clause in contract.clauses if clause.rests_on)
    below = contract.clause(above.rests_on[0])
    found = findings()
    found.add(broken(above.id))
    assert result(found, contract, above.id).verdict is Verdict.VIOLATED
    found.add(broken(below.id))
    given = result(found, contract, above.id)
    assert (given.verdict, given.findings) == (Verdict.NOT_VERIFIED, ())
    assert below.id in given.reason
    assert result(found, contract, below.id).verdict is Verdict.VIOLATED


def test_every_clause_rests_on_clauses_that_there_are(contract: Contract) -> None:
    """A misspelt name would never suppress anything."""
    for clause in contract.clauses:
        for name in clause.rests_on:
            assert any(other.id == name or (name.endswith(":") and other.id.startswith(name)) for other in contract.clauses)
