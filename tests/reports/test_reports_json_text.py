"""JSON for reading: what lies beside the place that matters is folded first, and then the place itself."""

from __future__ import annotations

import json

import pytest

from lightfield_contract.reports.json_text import MARK, excerpt

RECORD = json.dumps({"id": 1, "fields": [{"key": f"k{number}", "value": number} for number in range(30)], "link": None})


@pytest.mark.parametrize("place", ["", "/fields", "/fields/7", "/fields/7/value", "/link", "/missing"])
def test_an_excerpt_fits_and_marks_the_place(place: str) -> None:
    """However much stands at the place."""
    lines = excerpt(RECORD, place, most=12, width=60)
    assert len(lines) <= 12
    assert sum(MARK in line for line in lines) == (place != "")
