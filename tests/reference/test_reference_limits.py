"""How often a caller may call, and what the answers say about that."""

from __future__ import annotations

from typing import Any

import pytest
from callers import Api, MakeApi, refused

from lightfield_contract.reference import Configuration, SampleKeys
from lightfield_contract.spec import UsageError

KEYS = SampleKeys()


def test_headers(api: Api) -> None:
    """Every answer to a known caller tells the limit, refusals included."""
    for response in (api.create(api.body()), api.create({}), api.get(), api.get("/nothing"), api.create({}, key=KEYS.read)):
        assert response.headers["X-RateLimit-Limit"] == "10000"
        assert 0 <= int(response.headers["X-RateLimit-Remaining"]) < 10_000
        assert int(response.headers["X-RateLimit-Reset"]) == 1_800_000_001


def test_over_the_limit(make_api: MakeApi) -> None:
    """The request over the limit gets a 429, creates nothing, leaves its key free; the next window is open."""
    api = make_api(Configuration(rate=3))
    body = api.body()
    api.clock.time += 1
    remaining = [api.create(body, str(number)).headers["X-RateLimit-Remaining"] for number in range(3)]
    assert remaining == ["2", "1", "0"]
    response = api.create(body, "over")
    assert refused(response, 429)["type"] == "too_many_requests"
    assert response.headers["Retry-After"] == "1"
    assert response.headers["X-RateLimit-Remaining"] == "0"
    api.clock.time = int(response.headers["X-RateLimit-Reset"])
    assert api.create(body, "over").status_code == 200


def test_categories(make_api: MakeApi) -> None:
    """Write, Read and Search are counted separately, and so are organizations."""
    api = make_api(Configuration(rate=1))
    body: dict[str, Any] = {}
    statuses = [
        api.create(body).status_code,
        api.get("/definitions").status_code,
        api.get().status_code,
        api.get(key=KEYS.other_org).status_code,
    ]
    assert statuses == [400, 200, 200, 200]
    again = [api.create(body).status_code, api.get("/definitions").status_code, api.get().status_code]
    assert again == [429, 429, 429]


def test_unknown_callers_do_not_count(make_api: MakeApi) -> None:
    """A 401 takes nothing from anybody."""
    api = make_api(Configuration(rate=1))
    for _ in range(3):
        assert api.get(key="sk_lf_unknown").status_code == 401
    assert api.get().status_code == 200


def test_slow_rate(make_api: MakeApi) -> None:
    """A rate below one a second is one request in a longer window."""
    api = make_api(Configuration(rate=0.25))
    api.clock.time = 1_800_000_001.5
    assert api.get().headers["X-RateLimit-Reset"] == "1800000004"
    assert api.get().headers["Retry-After"] == "3"
    api.clock.time = 1_800_000_004
    assert api.get().status_code == 200


def test_offset_opens_no_window(make_api: MakeApi) -> None:
    """A clock offset does not get round the limit."""
    api = make_api(Configuration(rate=1))
    assert api.get(headers={"Reference_Clock_Offset": "0"}).status_code == 200
    assert api.get(headers={"Reference_Clock_Offset": "10"}).status_code == 429


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf")])
def test_impossible_rate(rate: float) -> None:
    """A rate that serves no request is a usage error."""
    with pytest.raises(UsageError, match="above 0"):
        Configuration(rate=rate)
