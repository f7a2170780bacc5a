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
        "ClauseResult",
        "Comparison",
        "Detection",
        "Exchange",
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
        "Verdict",
        "body_bytes",
        "body_text",
        "compare",
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
        "render_junit",
        "render_markdown",
        "render_matrix",
        "render_matrix_html",
        "render_summary",
        "write_comparison_html",
        "write_html",
        "write_json",
        "write_junit",
        "write_matrix_html",
        "write_matrix_json",
        "write_reports",
    ]
    assert all(hasattr(reports, name) for name in reports.__all__)


def test_only_writers_touch_files() -> None:
    """A renderer gives text; whoever calls it decides where the text goes."""
    for path in Path(reports.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("write_"):
                calls = {call.attr for call in ast.walk(node) if isinstance(call, ast.Attribute)}
                assert not calls & {"write_text", "write_bytes", "open"}, f"{path.name}: {node.name}"
