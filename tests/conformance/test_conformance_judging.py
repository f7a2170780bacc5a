"""The public `judge`: a URL, an ASGI app, a WSGI app, or nothing; and what it raises."""

from __future__ import annotations

import pytest
from servers.serving import assemble

from lightfield_contract import Reference, Result, TargetError, UsageError, judge

CLAUSE = ("operation:create",)


def verdicts(result: Result) -> list[str]:
    """Return the verdict of each judged clause."""
    return [clause.verdict.value for clause in result.clauses]


def test_without_a_target_the_reference_is_judged() -> None:
    """As the command line does it."""
    assert verdicts(judge(depth="smoke", clauses=CLAUSE)) == ["conforms"]


def test_an_asgi_app_is_judged() -> None:
    """It is served as long as the run takes."""
    reference = Reference()
    result = judge(reference.app, depth="smoke", clauses=CLAUSE, environment=reference.environment)
    assert verdicts(result) == ["conforms"]


def test_a_wsgi_app_is_judged() -> None:
    """As those of Flask and Django are."""
    server = assemble("plain")
    result = judge(server.application, depth="smoke", clauses=CLAUSE, environment=server.environment)
    assert verdicts(result) == ["conforms"]


def test_a_target_that_cannot_be_judged_is_an_error_of_its_own() -> None:
    """With the sentence that the command line prints."""
    with pytest.raises(TargetError, match="cannot be judged"):
        judge("http://127.0.0.1:9", depth="smoke", environment=Reference().environment)


def test_wrong_usage_is_an_error_of_its_own() -> None:
    """As on the command line."""
    with pytest.raises(UsageError, match="seed"):
        judge(depth="smoke", arguments=("--seed=x",))
