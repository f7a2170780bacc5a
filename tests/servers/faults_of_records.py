"""Faults of how many records there are, of keys and time, and of crashes that a gateway covers."""

from __future__ import annotations

import time
from typing import Any

from werkzeug.wrappers import Response

from .admission import Call
from .fault import Faulty
from .refusal import Refused
from .store import Claim, Record, Store

__all__ = [
    "BlankNamesMadeTwice",
    "BreachIsGatewayPage",
    "CardinalityDiffers",
    "EveryTwentiethMadeTwice",
    "EveryTwentiethMadeTwiceInLargeOrganization",
    "EveryTwentiethMadeTwiceUnlisted",
    "KeyEndsEarly",
    "KeyNeverEnds",
    "LinkIsGatewayPage",
    "RefusedIsKept",
    "RefusedIsKeptLate",
    "ReplayMakesAnother",
    "ValueTypeDiffers",
]


class RefusedIsKept(Faulty):
    """A body with an unknown field is refused, and makes a record."""

    kind, clause = "busy", "refusal:nothing-created"

    def create(self, call: Call, body: dict[str, Any]) -> Record:
        """Keep it all the same."""
        try:
            return super().create(call, body)
        except Refused as refused:
            if refused.code == "unknown_field":
                self.keep(call.store, {key: body["fields"].get(key) for key in ("$name", "$stage")}, {}, call.now)
            raise


class RefusedIsKeptLate(RefusedIsKept):
    """As before, where records appear late in the list."""

    kind = "laggy"


class ReplayMakesAnother(Faulty):
    """A repeat is answered with the original response, and makes a second record."""

    kind, clause = "busy", "idempotency:replay"

    def replay(self, call: Call, body: Any, known: Claim) -> Response:
        """Make it."""
        if body == known.body:
            self.create(call, body)
        return super().replay(call, body, known)


class BlankNamesMadeTwice(Faulty):
    """A create with a blank name makes two records."""

    kind, clause = "busy", "success:once"

    def keep(self, store: Store, fields: dict[str, Any], links: dict[str, list[str]], now: float) -> Record:
        """Make one more."""
        if not fields["$name"].strip():
            super().keep(store, fields, links, now)
        return super().keep(store, fields, links, now)


class EveryTwentiethMadeTwice(Faulty):
    """Every twentieth create makes two records."""

    kind, clause = "busy", "success:once"
    turns = 0

    def keep(self, store: Store, fields: dict[str, Any], links: dict[str, list[str]], now: float) -> Record:
        """Make one more by turns."""
        self.turns += 1
        if self.turns % 20 == 0:
            super().keep(store, fields, links, now)
        return super().keep(store, fields, links, now)


class EveryTwentiethMadeTwiceInLargeOrganization(EveryTwentiethMadeTwice):
    """As before, among 100,000 records, the oldest first, in an index that lags."""

    kind = "large-oldest"


class EveryTwentiethMadeTwiceUnlisted(EveryTwentiethMadeTwice):
    """As before, in an organization of 100,000 records whose list has a filter."""

    kind = "large"


class KeyNeverEnds(Faulty):
    """An idempotency key replays for ever."""

    kind, clause = "clock-honoured", "idempotency:lifetime"

    def claim(self, call: Call, operation: str, key: str) -> Claim | None:
        """Leave the offset out."""
        return call.store.claim(operation, key, time.time())


class KeyEndsEarly(Faulty):
    """An idempotency key counts as new after an hour."""

    kind, clause = "clock-honoured", "idempotency:lifetime"

    def claim(self, call: Call, operation: str, key: str) -> Claim | None:
        """Take 23 hours more than have passed, once one has."""
        moved = call.now - time.time() > 3600
        return call.store.claim(operation, key, call.now + (23 * 3600 if moved else 0))


class CardinalityDiffers(Faulty):
    """Answers call a custom relationship `has_one` that definitions call HAS_MANY."""

    def show(self, store: Store, record: Record, now: float) -> dict[str, Any]:
        """Change the word."""
        shown = super().show(store, record, now)
        for relationship in shown["relationships"].values():
            relationship["cardinality"] = "has_one"
        return shown


class ValueTypeDiffers(Faulty):
    """Answers call a MARKDOWN attribute TEXT."""

    def show(self, store: Store, record: Record, now: float) -> dict[str, Any]:
        """Change the word."""
        shown = super().show(store, record, now)
        for field in shown["fields"].values():
            field["valueType"] = "TEXT" if field["valueType"] == "MARKDOWN" else field["valueType"]
        return shown


class BreachIsGatewayPage(Faulty):
    """A name of another JSON type ends the process, and a gateway answers 502 each time."""

    clause = "refusal:no-5xx"

    def write(self, call: Call, operation: str, make: Any) -> Response:
        """Show the gateway's page."""
        try:
            return super().write(call, operation, make)
        except Refused as refused:
            if refused.code == "invalid_type" and refused.param == "fields.$name":
                return _gateway_page()
            raise


class LinkIsGatewayPage(Faulty):
    """A create with a champion ends the process, and a gateway answers 502 each time."""

    clause = "optional:/relationships/$champion"

    def write(self, call: Call, operation: str, make: Any) -> Response:
        """Show the gateway's page."""
        return _gateway_page() if b"$champion" in call.body else super().write(call, operation, make)


def _gateway_page() -> Response:
    """Return the page that a gateway shows when nobody answers behind it."""
    return Response("<html><h1>502 Bad Gateway</h1></html>", 502, content_type="text/html")
