"""Innocent clients: what no source forbids is never blamed."""

from __future__ import annotations

from typing import Any

import pytest
from careful import ApiError, Careful
from in_process import judge

from lightfield_contract.reports import Verdict


class NeverRetries(Careful):
    """Leaves retries to its caller, and sends no key of its own."""

    def wait_before(self, _error: ApiError, _attempt: int) -> float | None:
        """Gives up at once."""
        return None

    def fresh_key(self, _body: dict[str, Any]) -> str | None:
        """None, since nothing is sent twice."""
        return None


class RetriesWhereNothingWasMade(Careful):
    """Sends no key, and sends again only what was refused before anything was made."""

    def fresh_key(self, _body: dict[str, Any]) -> str | None:
        """None."""
        return None

    def wait_before(self, error: ApiError, attempt: int) -> float | None:
        """Waits after a 429 alone."""
        return super().wait_before(error, attempt) if error.status == 429 else None


class RefusesLongKeys(Careful):
    """Refuses by itself a caller's key that it thinks bad."""

    def choose_key(self, body: dict[str, Any], key: str | None) -> str | None:
        """Refuses what is longer than a UUID."""
        if key is not None and len(key) > 64:
            raise ApiError("the key is too long")
        return super().choose_key(body, key)


class ArraysOfLinks(Careful):
    """Sends one ID as an array of one."""

    def encode(self, body: dict[str, Any]) -> bytes:
        """Wraps each ID that stands alone."""
        links = {key: [value] if isinstance(value, str) else value for key, value in body["relationships"].items()}
        return super().encode({**body, "relationships": links})


class EscapesText(Careful):
    """Sends JSON in ASCII, with its members in another order."""

    def encode(self, body: dict[str, Any]) -> bytes:
        """The same JSON value."""
        import json

        return json.dumps(dict(reversed(body.items())), allow_nan=False, indent=1).encode()


class WaitsLong(Careful):
    """Waits for as long as it is told, an hour too."""

    longest_wait = 1e9


@pytest.mark.parametrize(
    "kind", [NeverRetries, RetriesWhereNothingWasMade, RefusesLongKeys, ArraysOfLinks, EscapesText, WaitsLong]
)
def test_an_innocent_client_is_not_blamed(kind: type[Careful]) -> None:
    """No clause is broken, and none is advised about."""
    result = judge(kind)
    blamed = {clause.id: result.findings_of(clause)[0].observed for clause in result.clauses if clause.findings}
    assert blamed == {}
    assert {clause.verdict for clause in result.clauses} <= {Verdict.CONFORMS, Verdict.NOT_VERIFIED}
