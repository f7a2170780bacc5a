"""The pytest plugin: options and marks. It does nothing until the conformance tests are collected."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from ...reports import FORMS
from ...spec import Basis
from ...strategies import Depth
from .settings import Settings

__all__ = ["BASES", "DEFAULT_FORMS", "forms", "positive", "read_settings", "whole"]

DEFAULT_FORMS = "json,html,junit"
BASES = {"seed": Basis.SEED, "docs": Basis.DOCS, "all": Basis.RFC}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options; the target's URL is --base-url, of pytest-base-url."""
    group = parser.getgroup("lightfield-contract", "conformance of a create endpoint")
    add = group.addoption
    add(
        "--lf-contract",
        default="opportunities",
        metavar="NAME",
        help="fragment to judge by: a name, or the path of a .yaml file",
    )
    add("--lf-depth", default="standard", choices=[depth.value for depth in Depth], help="how much to send")
    add(
        "--lf-basis", default="all", choices=list(BASES), help="weakest source that a clause may rest on: seed, docs, or all"
    )
    add(
        "--lf-clause",
        action="append",
        default=[],
        metavar="ID",
        help="judge this clause, or all whose ids start so; repeatable",
    )
    add("--lf-seed", type=int, default=0, metavar="N", help="seed of everything that is drawn")
    add(
        "--lf-rate",
        type=positive,
        default=None,
        metavar="N",
        help="requests a second at most, below the target's own limit",
    )
    add("--lf-timeout", type=positive, default=10.0, metavar="S", help="seconds for each request (10)")
    add("--lf-max-writes", type=whole, default=None, metavar="N", help="creates at most")
    add("--lf-known-failing", type=Path, default=None, metavar="FILE", help="clauses that the target is known to break")
    add("--lf-strict", action="store_true", help="advice and clauses that are not verified fail the run")
    add("--lf-examples", type=Path, default=None, metavar="DIR", help="where deep runs keep Hypothesis's examples")
    add("--lf-progress", action="store_true", help="show progress by clause instead of pytest's letters")
    add("--lf-report-dir", type=Path, default=None, metavar="DIR", help="where reports are written")
    add("--lf-report", default=DEFAULT_FORMS, type=forms, metavar="FORMS", help=f"which reports: {', '.join(FORMS)}")


def pytest_configure(config: pytest.Config) -> None:
    """Declares the marks."""
    config.addinivalue_line("markers", "clause(id, *touched): the clause that a case is about, and others that it touches")
    config.addinivalue_line("markers", "depth(*depths): the depths at which a case is run; at every one without this mark")
    config.addinivalue_line(
        "markers", "breaches(*clauses): the breaches that a case is repeated for, by clause or kind of clause"
    )


def read_settings(config: pytest.Config) -> Settings:
    """What the user asked for."""
    option = config.getoption
    return Settings(
        contract=option("--lf-contract"),
        depth=Depth(option("--lf-depth")),
        basis=BASES[option("--lf-basis")],
        clauses=tuple(option("--lf-clause")),
        seed=option("--lf-seed"),
        rate=option("--lf-rate"),
        timeout=option("--lf-timeout"),
        max_writes=option("--lf-max-writes"),
        known_failing=option("--lf-known-failing"),
        strict=option("--lf-strict"),
        examples=option("--lf-examples"),
        report_dir=option("--lf-report-dir"),
        reports=option("--lf-report"),
    )


def whole(text: str) -> int:
    """A whole number above 0, for argparse."""
    if not (text.isascii() and text.isdigit()) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def positive(text: str) -> float:
    """A number above 0, for argparse."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return number


def forms(text: str) -> tuple[str, ...]:
    """Names of report forms, comma-separated, for argparse."""
    found = tuple(form.strip() for form in text.split(",") if form.strip())
    unknown = [form for form in found if form not in FORMS]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown form {unknown[0]!r}; known are {', '.join(FORMS)}")
    return found
