"""Renders self-contained HTML pages of one look: no network, no framework, and readable without their script."""

from __future__ import annotations

import base64
import difflib
import functools
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from markupsafe import Markup

from .evidence import ROLES
from .inert import cut, inert_block
from .lists import plural
from .model import Verdict

if TYPE_CHECKING:
    import jinja2

__all__ = ["mark_difference", "render_page", "slug"]

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
# Sentences that have less than this in common are two sentences: marking every word of both would show nothing.
_RELATED = 0.35
# Comparing takes quadratic time, and the difference of two pages is of no use.
_LONGEST_COMPARED = 2000

Marked: TypeAlias = list[tuple[str, bool]]


def render_page(template: str, **context: Any) -> str:
    """Return a page; its script and style are the only ones that its policy lets run."""
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


def slug(clause_id: str) -> str:
    """Return the anchor of a clause: readable, and the same in every report of every run.

    It depends on the id alone; the digest keeps ids separate that differ only in punctuation.
    """
    words = re.sub(r"[^a-z0-9]+", "-", clause_id.lower()).strip("-")
    digest = hashlib.sha256(clause_id.encode("utf-8", "surrogatepass")).hexdigest()[:4]
    return f"{words}-{digest}"


def mark_difference(expected: str, observed: str) -> tuple[Marked, Marked]:
    """Return both sentences in pieces, each with whether the other sentence does not have it."""
    left, right = _words(expected), _words(observed)
    if max(len(expected), len(observed)) > _LONGEST_COMPARED:
        return [(expected, False)], [(observed, False)]
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < _RELATED:
        return [(expected, False)], [(observed, False)]
    marked: tuple[Marked, Marked] = ([], [])
    for tag, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        for side, piece in zip(marked, ("".join(left[left_from:left_to]), "".join(right[right_from:right_to])), strict=True):
            if piece:
                side.append((piece, tag != "equal"))
    return marked


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2  # most runs write no page

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
        "roles": ROLES,
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


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
