"""Requests over time and durations per endpoint."""

from __future__ import annotations

import pytest

from lightfield_contract.reports import Timing
from lightfield_contract.reports.traffic import chart_requests, measure_endpoints, percentile


def timing(
    at: float, path: str = "/v1/opportunities", kind: str = "write", status: int = 200, seconds: float = 0.1
) -> Timing:
    """One exchange."""
    return Timing(kind, "POST", path, status, at, seconds, "case")


def test_bars_are_stacked_by_kind() -> None:
    """Requests at one moment share a bar, whose height is their share of the peak."""
    chart = chart_requests([timing(0), timing(0), timing(0, kind="read"), timing(60), timing(30, kind="strange")])
    assert chart is not None
    assert (chart.peak, chart.totals, chart.step) == (3, {"write": 3, "read": 1, "other": 1}, 1.0)
    first = [bar for bar in chart.bars if bar.x == 0]
    assert [(bar.kind, round(bar.y), round(bar.height)) for bar in first] == [("write", 33, 67), ("read", 0, 33)]
    assert all(bar.x + bar.width <= 100 and bar.y >= -0.01 for bar in chart.bars)


def test_no_requests_no_chart() -> None:
    """A run without requests has no figure."""
    assert chart_requests([]) is None
    assert measure_endpoints([]) == ()


def test_one_request_has_a_chart() -> None:
    """All requests at one moment do not divide by nothing."""
    chart = chart_requests([timing(5)])
    assert chart is not None
    assert len(chart.bars) == 1


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/opportunities", "POST /v1/opportunities"),
        ("/v1/opportunities/opp_01H", "POST /v1/opportunities/{id}"),
        ("/v2/a/7f9c-11/b/2", "POST /v2/a/{id}/b/{id}"),
        ("/v1/opportunities?offset=3", "POST /v1/opportunities"),
        ("/v1", "POST /v1"),
    ],
)
def test_ids_are_left_out_of_endpoints(path: str, name: str) -> None:
    """Reads of many records count as one endpoint."""
    assert measure_endpoints([timing(0, path)])[0].name == name


def test_endpoints_are_measured() -> None:
    """Percentiles by the nearest rank, in milliseconds, and answers by class."""
    timings = [
        timing(0, seconds=number / 1000, status=status) for number, status in zip(range(1, 101), [200, 0] * 50, strict=True)
    ]
    (endpoint,) = measure_endpoints(timings)
    assert (endpoint.p50, endpoint.p95, endpoint.p99, endpoint.slowest) == (50, 95, 99, 100)
    assert endpoint.statuses == {"2xx": 50, "no answer": 50}


def test_many_endpoints_are_counted_together() -> None:
    """A target that redirects into a maze does not make an endless table."""
    timings = [timing(0, f"/{'x' * (number + 1)}") for number in range(100)]
    endpoints = measure_endpoints(timings)
    assert len(endpoints) == 41
    assert (endpoints[-1].name, endpoints[-1].requests) == ("all others", 60)


def test_percentiles_of_few_values() -> None:
    """The nearest rank is always one of the values."""
    assert percentile([7.0], 0.99) == 7.0
    assert percentile([1.0, 2.0], 0.5) == 1.0
