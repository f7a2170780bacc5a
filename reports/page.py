"""Renders a result as one self-contained HTML page: no network, no framework, and readable without its script."""

from __future__ import annotations

import base64
import dataclasses
import functools
import hashlib
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from ..spec.contract import Basis
from .difference import mark_difference
from .digest import audit_line, by_reason, by_section, headline, of_verdict, plural
from .files import write_files
from .inert import cut, inert_block
from .model import Result, Verdict
from .slug import slug
from .traffic import chart_requests, measure_endpoints

__all__ = ["render_html", "render_page", "write_html"]

_TEMPLATES = Path(__file__).parent / "templates"
# Each text of a finding is cut to this, so that hundreds of findings with long bodies still open quickly.
_LONGEST = 8000
_MOST_FINDINGS = 25
_GLYPHS = {
    Verdict.VIOLATED: "✕",
    Verdict.KNOWN_FAILING: "≈",
    Verdict.ADVICE: "!",
    Verdict.NOT_VERIFIED: "○",
    Verdict.CONFORMS: "✓",
    Verdict.OBSERVED: "·",
}


@dataclasses.dataclass(frozen=True)
class _Segment:
    """A stretch of the bar under the headline, in per cent."""

    verdict: Verdict
    count: int
    start: float
    width: float


def write_html(result: Result, path: str | Path) -> None:
    """Writes `render_html` to a file."""
    write_files({Path(path): render_html(result)})


def render_html(result: Result) -> str:
    """The page."""
    return render_page(
        "page.html.j2",
        result=result,
        headline=headline(result),
        segments=_segments(result),
        broken={verdict: of_verdict(result, verdict) for verdict in _BROKEN},
        reasons=by_reason(result),
        sections=by_section(result.clauses),
        bases=[basis for basis in Basis if any(clause.basis == basis for clause in result.clauses)],
        chart=chart_requests(result.timings),
        endpoints=measure_endpoints(result.timings),
        audit=audit_line(result.audit),
    )


_BROKEN = (Verdict.VIOLATED, Verdict.ADVICE, Verdict.KNOWN_FAILING)


def render_page(template: str, **context: Any) -> str:
    """A page of the house's look; its script and style are the only ones that its policy lets run."""
    style, script = (_TEMPLATES.joinpath(name).read_text("utf-8") for name in ("page.css", "page.js"))
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; base-uri 'none'; form-action 'none'"
    )
    # Markup is right for these three: they are files of ours, and a digest of them.
    return (
        _environment()
        .get_template(template)
        .render(
            **context,
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            policy=Markup(policy),  # noqa: S704
        )
    )


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=_show,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"slug": slug, "slug_class": _css_class, "cut": functools.partial(cut, characters=_LONGEST)}
    environment.globals |= {
        "glyphs": _GLYPHS,
        "longest": _LONGEST,
        "most_findings": _MOST_FINDINGS,
        "mark_difference": mark_difference,
        "plural": plural,
        "verdicts": list(reversed(Verdict)),
    }
    return environment


def _show(value: Any) -> Any:
    """What a template prints: every text is made inert on its way out, wherever it comes from."""
    return inert_block(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _css_class(verdict: Verdict) -> str:
    return verdict.replace(" ", "-")


def _segments(result: Result) -> tuple[_Segment, ...]:
    segments, start = [], 0.0
    for verdict, count in sorted(result.counts().items(), key=lambda item: -item[0].rank):
        if count:
            width = 100 * count / len(result.clauses)
            segments.append(_Segment(verdict, count, round(start, 3), round(width, 3)))
            start += width
    return tuple(segments)


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
