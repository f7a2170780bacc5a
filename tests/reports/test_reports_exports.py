"""What the room offers."""

from __future__ import annotations

import ast
from pathlib import Path

from lightfield_contract import reports


def test_the_names_are_pinned() -> None:
    """A name that goes or comes is a decision."""
    assert reports.__all__ == [
        "FORMS",
        "Audit",
        "AuditState",
        "ClauseResult",
        "Comparison",
        "Detection",
        "ExchangeRole",
        "Finding",
        "Headline",
        "Matrix",
        "Observation",
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
        "headline",
        "inert",
        "inert_block",
        "make_curl",
        "parse_result",
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
        "write_comparison_html",
        "write_matrix_html",
        "write_matrix_json",
        "write_reports",
    ]
    assert all(hasattr(reports, name) for name in reports.__all__)


def test_only_writers_touch_files() -> None:
    """A renderer gives text; whoever calls it decides where the text goes."""
    for path in Path(reports.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("write_"):
                calls = {call.attr for call in ast.walk(node) if isinstance(call, ast.Attribute)}
                assert not calls & {"write_text", "write_bytes", "open"}, f"{path.name}: {node.name}"
