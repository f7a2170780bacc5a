"""Renders what a run found out: one result model, written as JSON, and one module for each form that is made from it.

This room knows nothing of HTTP clients or of pytest. Every `render_…` is a pure function from a result to text; only the
`write_…` functions touch files.
"""

from __future__ import annotations

from .annotations import render_annotations
from .comparison import Comparison, compare
from .comparison_forms import (
    render_comparison,
    render_comparison_html,
    render_comparison_markdown,
    write_comparison_html,
)
from .curl import UNKNOWN_KEY, body_bytes, body_text, make_curl
from .digest import Headline, headline
from .encoding import decode, encode
from .evidence import failure_lines
from .files import try_appending, try_writing, write_files
from .finding import ExchangeRole, Finding, Occurrence, Request, Response, Transcript
from .formats.ctrf import render_ctrf
from .formats.har import render_har
from .formats.html import render_html
from .formats.junit import render_junit
from .formats.markdown import render_markdown
from .formats.result_json import parse_result, read_json, render_json
from .forms import FORMS, try_reports, write_reports
from .inert import inert, inert_block
from .lists import plural
from .matrix import Detection, Matrix, ServerRun, write_matrix_json
from .matrix_page import render_matrix_html, write_matrix_html
from .matrix_text import render_matrix
from .model import Audit, AuditState, ClauseResult, GivenOption, MadeRecord, Observation, Result, Run, Timing, Verdict
from .sentence import say_cause
from .summary import render_summary

__all__ = [
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
