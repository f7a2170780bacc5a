"""Tells what a run found out: one result model, written as JSON, and one module for each form that is rendered from it.

This room knows nothing of HTTP clients or of pytest. Every `render_…` is a pure function from a result to text; only the
`write_…` functions touch files.
"""

from __future__ import annotations

from .curl import body_bytes, body_text, make_curl
from .digest import Headline, headline
from .inert import inert, inert_block
from .junit import render_junit, write_junit
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
from .result_file import parse_result, read_json, write_json
from .summary import render_summary

__all__ = [
    "Audit",
    "ClauseResult",
    "Exchange",
    "Finding",
    "Headline",
    "Observation",
    "Request",
    "Response",
    "Result",
    "Run",
    "Timing",
    "Verdict",
    "body_bytes",
    "body_text",
    "headline",
    "inert",
    "inert_block",
    "make_curl",
    "parse_result",
    "read_json",
    "render_junit",
    "render_summary",
    "write_json",
    "write_junit",
]
