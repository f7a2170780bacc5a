"""Renders a result as JUnit XML: one test case per clause, one suite per section.

The form keeps to what Jenkins' schema (junit-10.xsd of its xUnit plugin) allows. That schema has no properties inside a
test case, so a clause's level, basis and verdict stand as `[[PROPERTY|…]]` lines, the usual way out, in its system-out.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from ..digest import audit_line, by_section, clause_evidence, clause_message, headline
from ..format import Format
from ..inert import inert
from ..model import ClauseResult, Result, Verdict

__all__ = ["FORMAT", "render_junit"]


def render_junit(result: Result) -> str:
    """Return the XML document; an advice is a failure only under strict, and so is a clause that is not verified.

    Where no clause fails, and the run is no success all the same, the run is one more case, which does.
    """
    sections = by_section(result.clauses)
    root = ET.Element("testsuites", {"name": inert(result.run.tool), **_numbers(result.clauses, result)})
    root.set("time", f"{result.run.seconds:.3f}")
    for section, clauses in sections.items():
        suite = ET.SubElement(root, "testsuite", {"name": inert(section), **_numbers(clauses, result)})
        suite.set("skipped", str(sum(_skipped(clause, result) for clause in clauses)))
        suite.set("timestamp", inert(result.run.started_at))
        _properties(suite, result)
        for clause in clauses:
            _testcase(suite, clause, result)
    if result.run.exit_status and not any(_failed(clause, result) for clause in result.clauses):
        _add_run(root, result)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


FORMAT = Format("junit", "junit.xml", render_junit)


def _numbers(clauses: Sequence[ClauseResult], result: Result) -> dict[str, str]:
    failures = sum(_failed(clause, result) for clause in clauses)
    return {"tests": str(len(clauses)), "failures": str(failures), "errors": "0"}


def _failed(clause: ClauseResult, result: Result) -> bool:
    strict = result.run.strict and clause.verdict in {Verdict.ADVICE, Verdict.NOT_VERIFIED}
    return clause.verdict is Verdict.VIOLATED or strict


def _skipped(clause: ClauseResult, result: Result) -> bool:
    return clause.verdict is Verdict.NOT_VERIFIED and not result.run.strict


def _add_run(root: ET.Element, result: Result) -> None:
    """Add the run as a case that fails: who reads no more than this form would take it for a success otherwise."""
    for name in ("tests", "failures"):
        root.set(name, str(int(root.get(name, "0")) + 1))
    suite = ET.SubElement(root, "testsuite", name="Run", tests="1", failures="1", errors="0", skipped="0")
    suite.set("timestamp", inert(result.run.started_at))
    _properties(suite, result)
    case = ET.SubElement(suite, "testcase", name="run", classname=inert(f"{result.run.contract}.Run"), time="0.000")
    status = f"exit status {result.run.exit_status}"
    failure = ET.SubElement(case, "failure", type=status, message=inert(str(headline(result))))
    failure.text = "\n".join(inert(note) for note in result.notes)


def _properties(suite: ET.Element, result: Result) -> None:
    run = result.run
    properties = ET.SubElement(suite, "properties")
    facts = {
        "tool": run.tool,
        "target": run.target,
        "contract": run.contract,
        "edition": run.edition,
        "depth": run.depth,
        "basis": run.basis,
        "seed": str(run.seed),
        "marker": run.marker,
        "verdict": str(headline(result)),
        "audit": audit_line(result.audit),
    }
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=name, value=inert(value))


def _testcase(suite: ET.Element, clause: ClauseResult, result: Result) -> None:
    case = ET.SubElement(
        suite, "testcase", name=inert(clause.id), classname=inert(f"{result.run.contract}.{clause.section}")
    )
    seconds = sum(exchange.seconds for finding in result.findings_of(clause) for exchange in finding.exchanges)
    case.set("time", f"{seconds:.3f}")
    if _failed(clause, result):
        failure = ET.SubElement(case, "failure", type=str(clause.verdict), message=clause_message(result, clause))
        failure.text = clause_evidence(result, clause)
    elif _skipped(clause, result):
        ET.SubElement(case, "skipped", message=clause_message(result, clause))
    facts = {"level": clause.level, "basis": clause.basis, "verdict": str(clause.verdict), "checks": str(clause.checks)}
    output = [f"[[PROPERTY|{name}={inert(value)}]]" for name, value in facts.items()]
    output += [inert(clause.statement), inert(clause.source)]
    if clause.verdict in {Verdict.ADVICE, Verdict.KNOWN_FAILING} and not _failed(clause, result):
        output += [clause_message(result, clause), clause_evidence(result, clause)]
    ET.SubElement(case, "system-out").text = "\n".join(output)
