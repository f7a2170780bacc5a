"""From what all cases found out to one verdict for each clause: the worst counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from lightfield_contract.conformance.harness.judge.record import CaseRecord, Violation
from lightfield_contract.conformance.harness.run.verdicts import Findings, KnownFailing, read_known_failing
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.reports import ClauseResult, Verdict
from lightfield_contract.spec import Contract, Level, UsageError, load

CLAUSES = {level: next(clause.id for clause in load().clauses if clause.level is level) for level in Level}
MUST, SHOULD, MAY = CLAUSES[Level.MUST], CLAUSES[Level.SHOULD], CLAUSES[Level.MAY]
NEEDY = next(clause for clause in load().clauses if clause.needs)


@pytest.fixture
def findings(contract: Contract) -> Callable[..., Findings]:
    """Nothing found out yet, with or without a list of known failures."""
    return lambda *known: Findings(contract, [KnownFailing(clause, "told") for clause in known])


@pytest.fixture
def broken(but: Callable[..., Exchange]) -> Callable[..., dict[str, Any]]:
    """What a case tells that found a clause broken."""

    def make(clause: str, case: str = "case", content: bytes = b"{}", stamp: str = "", label: str = "") -> dict[str, Any]:
        violation = Violation(clause, "this", "that", (but(content=content, stamp=stamp),), label)
        return CaseRecord(violations=[violation]).to_json(case)

    return make


def kept(clause: str, times: int = 1) -> dict[str, Any]:
    """What a case tells that found a clause kept."""
    return CaseRecord(kept={clause: times}).to_json("case")


def unverified(clause: str, reason: str = "no key", remedy: str = "give one") -> dict[str, Any]:
    """What a case tells that could not judge a clause."""
    return CaseRecord(unverified={clause: (reason, remedy)}).to_json("case")


def result(findings: Findings, contract: Contract, clause: str) -> ClauseResult:
    """The verdict of one clause."""
    return findings.clauses([contract.clause(clause)], "again {clause}")[0]


@pytest.mark.parametrize(
    ("clause", "told", "verdict"),
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
    findings: Callable[..., Findings],
    broken: Callable[..., dict[str, Any]],
    contract: Contract,
    clause: str,
    told: str,
    verdict: Verdict,
) -> None:
    """Whatever the order: a violation outweighs what was kept, and what was kept outweighs what could not be judged."""
    found = findings()
    tell: dict[str, Callable[..., dict[str, Any]]] = {"u": unverified, "k": kept, "b": broken}
    for letter in told:
        found.add(tell[letter](clause))
    assert result(found, contract, clause).verdict is verdict


@pytest.mark.parametrize(
    ("clause", "told", "verdict", "stale"),
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
    findings: Callable[..., Findings],
    broken: Callable[..., dict[str, Any]],
    contract: Contract,
    clause: str,
    told: str,
    verdict: Verdict,
    stale: bool,
) -> None:
    """A listed clause that is broken fails nothing; one that is kept has a stale line; one not judged has neither."""
    found = findings(clause)
    tell: dict[str, Callable[..., dict[str, Any]]] = {"k": kept, "b": broken}
    for letter in told:
        found.add(tell[letter](clause))
    given = result(found, contract, clause)
    assert given.verdict is verdict
    assert given.reason == ("told" if verdict is Verdict.KNOWN_FAILING else given.reason)
    assert found.stale([contract.clause(clause)]) == ((clause,) if stale else ())


def test_a_line_about_a_clause_that_the_run_does_not_judge_is_not_stale(
    findings: Callable[..., Findings], contract: Contract
) -> None:
    """A narrow run says nothing about the other lines."""
    found = findings(MUST)
    found.add(kept(MUST))
    assert found.stale([contract.clause(SHOULD)]) == ()


def test_of_one_case_the_smallest_example_is_kept(
    findings: Callable[..., Findings], broken: Callable[..., dict[str, Any]], contract: Contract
) -> None:
    """A case that breaks a clause several times makes one finding."""
    found = findings()
    for content in (b'{"a": 1, "b": 2}', b"{}", b'{"a": 1}'):
        found.add(broken(MUST, content=content))
    assert [finding.example for finding in result(found, contract, MUST).findings] == ["{}"]


def test_findings_of_several_cases_begin_with_the_smallest(
    findings: Callable[..., Findings], broken: Callable[..., dict[str, Any]], contract: Contract
) -> None:
    """The example that is shown first is the one that is read fastest."""
    found = findings()
    for case, content in (("long", b'{"a": 1}'), ("b", b"{}"), ("a", b"{}")):
        found.add(broken(MUST, case, content))
    assert [finding.case for finding in result(found, contract, MUST).findings] == ["a", "b", "long"]


def test_an_example_is_shown_without_the_marker(
    findings: Callable[..., Findings], broken: Callable[..., dict[str, Any]], contract: Contract
) -> None:
    """The marker is the run's, not the example's."""
    found = findings()
    found.add(broken(MUST, content=b'{"a": "lfc-00000000 abc-01 text"}', stamp="lfc-00000000 abc-01"))
    assert result(found, contract, MUST).findings[0].example == '{"a": "text"}'


def test_a_finding_has_the_same_id_in_every_run(
    findings: Callable[..., Findings], broken: Callable[..., dict[str, Any]], contract: Contract
) -> None:
    """The id depends on clause, case and label, and on nothing that differs from run to run."""

    def finding_id(**parts: Any) -> str:
        found = findings()
        found.add(broken(MUST, **parts))
        return result(found, contract, MUST).findings[0].id

    assert finding_id(content=b"{}") == finding_id(content=b'{"a": 1}')
    assert len({finding_id(), finding_id(case="other"), finding_id(label="other")}) == 3


def test_checks_are_counted(
    findings: Callable[..., Findings], broken: Callable[..., dict[str, Any]], contract: Contract
) -> None:
    """Every judgement that was kept, and every finding."""
    found = findings()
    for record in (kept(MUST, 3), kept(MUST), broken(MUST)):
        found.add(record)
    assert result(found, contract, MUST).checks == 5


def test_a_finding_tells_how_to_run_it_again(
    findings: Callable[..., Findings], broken: Callable[..., dict[str, Any]], contract: Contract
) -> None:
    """The command has the clause in it."""
    found = findings()
    found.add(broken(MUST))
    assert result(found, contract, MUST).findings[0].rerun == f"again {MUST}"


def test_what_is_not_verified_has_its_own_reason(findings: Callable[..., Findings], contract: Contract) -> None:
    """The first reason that a case gave, with its remedy."""
    found = findings()
    found.add(unverified(MUST))
    found.add(unverified(MUST, "another", "remedy"))
    told = result(found, contract, MUST)
    assert (told.reason, told.remedy) == ("no key", "give one")


def test_what_no_case_judged_has_the_reason_of_its_need(findings: Callable[..., Findings], contract: Contract) -> None:
    """A clause with a need says what it lacks; every other one says that no case judged it."""
    told = result(findings(), contract, NEEDY.id)
    assert (told.reason, told.remedy) == (NEEDY.needs[0].reason, NEEDY.needs[0].remedy)
    assert "no case" in result(findings(), contract, "operation:create").reason


def test_observations_are_counted(findings: Callable[..., Findings]) -> None:
    """One line for each point and what was seen, with how often."""
    found = findings()
    for seen in ("a", "b", "a"):
        found.add(CaseRecord(seen=[("point", seen)]).to_json("case"))
    assert [(o.observed, o.count) for o in found.observations()] == [("a", 2), ("b", 1)]


def test_a_record_travels_as_plain_json(broken: Callable[..., dict[str, Any]]) -> None:
    """Xdist's workers may send only what its own serializer takes."""
    from execnet import dumps

    record = broken(MUST)

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: plain(member) for key, member in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [plain(item) for item in value]
        return value

    assert dumps(plain(record))


def test_a_list_of_known_failures_is_read(contract: Contract, tmp_path: Path) -> None:
    """An id a line, a reason after the hash; blank lines and comments are none."""
    path = tmp_path / "known.txt"
    path.write_text(f"# ours\n\n{MUST}  # ticket 7 # and more\n  {SHOULD}\n", "utf-8")
    assert read_known_failing(path, contract) == (KnownFailing(MUST, "ticket 7 # and more"), KnownFailing(SHOULD, ""))


@pytest.mark.parametrize("around", [b"\xef\xbb\xbf%s\r\n", b"\r\n  %s # why\r\n\r\n", b"%s"])
def test_a_list_from_any_editor_is_read(contract: Contract, tmp_path: Path, around: bytes) -> None:
    """With a byte order mark, Windows line ends, blank lines or none at its end."""
    path = tmp_path / "known.txt"
    path.write_bytes(around % MUST.encode())
    assert [line.clause for line in read_known_failing(path, contract)] == [MUST]


def test_without_a_list_nothing_is_known(contract: Contract) -> None:
    """The list is optional."""
    assert read_known_failing(None, contract) == ()


def test_an_unknown_id_is_a_usage_error_with_its_line(contract: Contract, tmp_path: Path) -> None:
    """A misspelt line would hide nothing, and nobody would notice."""
    path = tmp_path / "known.txt"
    path.write_text(f"{MUST}\nno:such\n", "utf-8")
    with pytest.raises(UsageError, match=r"known\.txt:2: .*'no:such'"):
        read_known_failing(path, contract)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_list_that_cannot_be_read_is_a_usage_error(contract: Contract, tmp_path: Path, content: bytes | None) -> None:
    """No such file, or no text in it: the message names the file."""
    path = tmp_path / "known.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=r"known\.txt"):
        read_known_failing(path, contract)


def test_a_clause_that_rests_on_a_broken_one_is_not_verified(
    findings: Callable[..., Findings], broken: Callable[..., dict[str, Any]], contract: Contract
) -> None:
    """The one below is violated; the one that rests on it says so, and shows no findings of its own."""
    above = next(clause for clause in contract.clauses if clause.rests_on)
    below = contract.clause(above.rests_on[0])
    found = findings()
    found.add(broken(above.id))
    assert result(found, contract, above.id).verdict is Verdict.VIOLATED
    found.add(broken(below.id))
    told = result(found, contract, above.id)
    assert (told.verdict, told.findings) == (Verdict.NOT_VERIFIED, ())
    assert below.id in told.reason
    assert result(found, contract, below.id).verdict is Verdict.VIOLATED


def test_every_clause_rests_on_clauses_that_there_are(contract: Contract) -> None:
    """A misspelt name would never suppress anything."""
    for clause in contract.clauses:
        for name in clause.rests_on:
            assert any(other.id == name or (name.endswith(":") and other.id.startswith(name)) for other in contract.clauses)
