"""The first steps: who is calling, whether that is allowed, and how often."""

from __future__ import annotations

import math
import re

from ..spec import Parameter
from .answers import Refusal
from .configuration import CLOCK_HEADER
from .limits import Quota
from .steps import Call, Steps
from .store import ApiKey

__all__ = ["Admission"]

_BEARER = re.compile(r"bearer +([!-~]+)", re.IGNORECASE)
_LARGEST_OFFSET = 10 * 366 * 24 * 60 * 60


class Admission(Steps):
    """The steps before anything in the request's body counts."""

    def admit(self, call: Call) -> None:
        """Let the call in, or refuse it."""
        self.read_clock(call)
        self.authenticate(call)
        self.limit_rate(call)
        self.authorize(call)
        self.check_version(call)

    def read_clock(self, call: Call) -> None:
        """Move the call into the future by as many seconds as it asks for."""
        call.now = self.clock.now()
        asked = call.headers.get(CLOCK_HEADER)
        if asked is None:
            return
        try:
            offset = float(asked)
        except ValueError:
            offset = math.nan
        if not abs(offset) <= _LARGEST_OFFSET:
            message = f"{CLOCK_HEADER} is a number of seconds, at most {_LARGEST_OFFSET} of them."
            raise Refusal.bad_request("invalid_type", message, CLOCK_HEADER)
        call.now += offset

    def authenticate(self, call: Call) -> None:
        """Find out whose key it is: 401 without a known one."""
        call.token = self.read_token(call)
        key = self.find_key(call.token) if call.token is not None else None
        if key is None:
            raise self.unauthorized(call)
        call.key = key
        call.organization = self.store.organizations[key.organization]

    def read_token(self, call: Call) -> str | None:
        """Return the bearer token; None if there is no well-formed Authorization header."""
        match = _BEARER.fullmatch(call.headers.get("Authorization", ""))
        return match.group(1) if match else None

    def find_key(self, token: str) -> ApiKey | None:
        """Return the key of that token."""
        return self.store.keys.get(token)

    def unauthorized(self, call: Call) -> Refusal:  # noqa: ARG002 - a fault looks at the call
        """Return the refusal of a missing, malformed or unknown key."""
        message = "A valid API key is required: Authorization: Bearer, and the key."
        return Refusal(401, "unauthorized", message, headers={"WWW-Authenticate": "Bearer"})

    def limit_rate(self, call: Call) -> None:
        """Count the call against its organization's limit: 429 when it is over."""
        # The server's own clock, not the call's: an offset must not open a fresh window.
        call.quota = self.limiter.take(call.organization.id, self.category(call), self.clock.now())
        if not call.quota.allowed:
            raise self.too_many(call, call.quota)

    def category(self, call: Call) -> str:
        """Return Write, Read or Search; each has a limit of its own."""
        if call.operation.method != "GET":
            return "Write"
        return "Search" if call.role == "list" else "Read"

    def too_many(self, call: Call, quota: Quota) -> Refusal:
        """Return the refusal of a call that is over the limit."""
        message = f"Over the limit of {quota.limit} {self.category(call)} requests; retry in {quota.wait} s."
        return Refusal(429, "too_many_requests", message, headers={"Retry-After": str(quota.wait)})

    def authorize(self, call: Call) -> None:
        """Check the scopes: 403 if one is missing."""
        if not self.may(call.key, call.operation.scopes):
            needed = ", ".join(call.operation.scopes)
            raise Refusal(403, "forbidden", f"This key does not hold the scope that is needed: {needed}.")

    def may(self, key: ApiKey, scopes: tuple[str, ...]) -> bool:
        """Return whether the key holds all of the scopes; no scopes at all mean full access."""
        return not key.scopes or all(scope in key.scopes for scope in scopes)

    def check_version(self, call: Call) -> None:
        """Check each header whose value the fragment fixes."""
        for parameter in call.operation.parameters:
            if parameter.location == "header" and "const" in parameter.schema:
                self.check_fixed_header(call, parameter)

    def check_fixed_header(self, call: Call, parameter: Parameter) -> None:
        """Refuse a fixed header that is missing or has another value."""
        sent = call.headers.get(parameter.name)
        if sent == parameter.schema["const"] or (sent is None and not parameter.required):
            return
        wrong = "is required" if sent is None else "names an unknown version"
        raise Refusal.bad_request("version_header", f"The header {parameter.name} {wrong}.", parameter.name)
