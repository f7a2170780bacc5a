"""Tells what a run found out: one result model, written as JSON, and one module for each form that is rendered from it.

This room knows nothing of HTTP clients or of pytest. Every `render_…` is a pure function from a result to text; only the
`write_…` functions touch files.
"""

from __future__ import annotations

from .annotations import render_annotations
from .compare import Comparison, compare
from .comparison_markdown import render_comparison_markdown
from .comparison_page import render_comparison_html, write_comparison_html
from .comparison_text import render_comparison
from .ctrf import render_ctrf
from .curl import body_bytes, body_text, make_curl
from .digest import Headline, headline
from .forms import FORMS, write_reports
from .har import render_har
from .inert import inert, inert_block
from .junit import render_junit, write_junit
from .markdown import render_markdown
from .matrix import Detection, Matrix, ServerRun, write_matrix_json
from .matrix_page import render_matrix_html, write_matrix_html
from .matrix_text import render_matrix
from .model import (
    Audit,
    ClauseResult,
    Exchange,
    Finding,
    Observation,
    Request,
    Response,
    Result,
    Run,
    Timing,
    Verdict,
)
from .page import render_html, write_html
from .result_file import parse_result, read_json, write_json
from .summary import render_summary

__all__ = [
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
