"""What the room offers."""

from __future__ import annotations

import ast
from pathlib import Path

from lightfield_contract import reports


def test_the_names_are_pinned() -> None:
    """A name that goes or comes is a decision."""
    assert reports.__all__ == [
        "FORMS",
        "UNKNOWN_KEY",
        "Audit",
        "AuditState",
        "ClauseResult",
        "Comparison",
        "Detection",
        "ExchangeRole",
        "Finding",
        "GivenOption",
        "Headline",
        "MadeRecord",
        "Matrix",
        "Observation",
        "Occurrence",
        "Request",
        "Response",
        "Result",
        "Run",
        "ServerRun",
        "Timing",
        "Transcript",
        "Verdict",
        "body_bytes",
        "body_text",
        "compare",
        "decode",
        "encode",
        "failure_lines",
        "headline",
        "inert",
        "inert_block",
        "make_curl",
        "parse_result",
        "plural",
        "read_json",
        "render_annotations",
        "render_comparison",
        "render_comparison_html",
        "render_comparison_markdown",
        "render_ctrf",
        "render_har",
        "render_html",
        "render_json",
        "render_junit",
        "render_markdown",
        "render_matrix",
        "render_matrix_html",
        "render_summary",
        "say_cause",
        "try_appending",
        "try_reports",
        "try_writing",
        "write_comparison_html",
        "write_files",
        "write_matrix_html",
        "write_matrix_json",
        "write_reports",
    ]
    assert all(hasattr(reports, name) for name in reports.__all__)


def test_one_module_writes_files() -> None:
    """A renderer gives text; whoever calls it decides where the text goes, and all of it goes the same way."""
    writing = {"write_text", "write_bytes", "open"}
    for path in Path(reports.__file__).parent.rglob("*.py"):
        calls = {call.attr for call in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(call, ast.Attribute)}
        assert path.name == "files.py" or not calls & writing, path.name
