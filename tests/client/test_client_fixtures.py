"""The fixtures for an SDK's own suite: a server, and scenarios that judge."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

SUITE = """
import httpx, pytest

def create(place, key=None, attempts=2):
    headers = {"Authorization": f"Bearer {place.api_key}", "Lightfield-Version": "2026-03-01"}
    headers |= {"Idempotency-Key": key} if key else {}
    for attempt in range(attempts):
        try:
            answer = httpx.post(f"{place.url}/v1/opportunities", json=place.body, headers=headers)
            return answer.raise_for_status().json()
        except httpx.TransportError:
            if attempt + 1 == attempts:
                raise

def test_server(lightfield_server):
    assert create(lightfield_server)["id"]
    assert lightfield_server.requests[0].json() == lightfield_server.body

def test_with_key(lightfield_scenario):
    with lightfield_scenario("lost-answer") as scenario:
        scenario.created(create(scenario, "my-key-1"))

def test_without_key(lightfield_scenario):
    with lightfield_scenario("lost-answer") as scenario:
        scenario.created(create(scenario))

def test_refused(lightfield_scenario):
    with lightfield_scenario("refused-401") as scenario:
        with pytest.raises(httpx.HTTPStatusError) as caught:
            create(scenario)
        scenario.failed(caught.value, status=caught.value.response.status_code)

def test_unknown(lightfield_scenario):
    with lightfield_scenario("lost-anwser"):
        pass
"""


def test_an_sdk_judges_itself_in_its_own_suite(pytester: pytest.Pytester) -> None:
    """What breaks a clause fails its test and says which; what keeps all passes."""
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-rfE")
    result.stdout.fnmatch_lines_random(["*retries:lost-answer: *observed: 2 records*", "*lost-anwser*lost-answer*"])
    failed = {"test_without_key", "test_refused", "test_unknown"}
    outcomes = result.parseoutcomes()
    assert (outcomes["passed"], outcomes["failed"]) == (5 - len(failed), len(failed))
    result.stdout.fnmatch_lines(["*errors:type: *"])
