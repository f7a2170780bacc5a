"""Who is judged, and as whom we may speak to it: the base URL, the callers and what the user gave to link to."""

from __future__ import annotations

import dataclasses
import functools
import urllib.parse
from collections.abc import Mapping

from ....spec import Contract, Role, UsageError
from .redaction import Redactor, Secret

__all__ = ["Credentials", "Target", "read_target"]

_PREFIX = "LIGHTFIELD_API_KEY"


@dataclasses.dataclass(frozen=True)
class Credentials:
    """Whose key requests are sent with.

    Attributes:
        name: main, read, create-only, no-create, no-create-2, ..., other-organization, unknown-key or no-key.
        key: None for no-key.
        organization: `own` or `other`.
    """

    name: str
    key: Secret | None
    organization: str = "own"


@dataclasses.dataclass(frozen=True)
class Target:
    """The base URL under test, with its credentials.

    Attributes:
        url: without a slash at its end.
        callers: by name.
        given_ids: by object type, IDs to link to that the user gave.
        given_options: by the key of a select field, an option that the user gave.
        clock_header: the request header that moves the target's clock, or "".
        given: the names of the variables that were set.
    """

    url: str
    callers: Mapping[str, Credentials]
    given_ids: Mapping[str, tuple[str, ...]]
    given_options: Mapping[str, str]
    clock_header: str
    given: tuple[str, ...]

    @functools.cached_property
    def redactor(self) -> Redactor:
        """Removes this target's keys."""
        return Redactor(caller.key for caller in self.callers.values() if caller.key)


def read_target(contract: Contract, base_url: str, environment: Mapping[str, str]) -> Target:
    """The target at a base URL, with what the environment gives.

    Raises:
        UsageError: the URL or a variable cannot be used, or there is no key. Never repeats a value.
    """
    links = {place.object_type for place in contract.link_places if place.object_type and not place.read_only}
    selects = [place.key for place in contract.value_places if place.role is Role.OPTION and not place.read_only]
    ids = {name: _values(environment, _variable(name, "_ID")) for name in sorted(links)}
    options = {key: environment.get(_variable(key), "").strip() for key in selects}
    clock = environment.get("LIGHTFIELD_CLOCK_HEADER", "").strip()
    variables = [_variable(name, "_ID") for name in ids] + [_variable(key) for key in selects]
    variables += [_PREFIX + end for end in ("", "_READ", "_CREATE_ONLY", "_NO_CREATE", "_OTHER_ORG")]
    return Target(
        url=_check_url(base_url),
        callers={caller.name: caller for caller in _callers(environment)},
        given_ids={name: values for name, values in ids.items() if values},
        given_options={key: option for key, option in options.items() if option},
        clock_header=clock,
        given=tuple(name for name in [*variables, "LIGHTFIELD_CLOCK_HEADER"] if _values(environment, name)),
    )


def _variable(name: str, end: str = "") -> str:
    word = "".join(char if char.isalnum() else "_" for char in name.removeprefix("$"))
    return f"LIGHTFIELD_{word.upper()}{end}"


def _values(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in environment.get(name, "").split(",") if value.strip())


def _callers(environment: Mapping[str, str]) -> list[Credentials]:
    roles = {
        "main": "",
        "read": "_READ",
        "create-only": "_CREATE_ONLY",
        "no-create": "_NO_CREATE",
        "other-organization": "_OTHER_ORG",
    }
    callers = [
        Credentials("no-key", None),
        Credentials("unknown-key", Secret("sk_lf_0000000000000000unknown", "UNKNOWN_KEY")),
    ]
    for role, end in roles.items():
        variable = _PREFIX + end
        keys = _values(environment, variable)
        for number, key in enumerate(keys, 1):
            if not key.isascii() or not key.isprintable() or " " in key:
                raise UsageError(f"{variable} holds characters that a header cannot carry: give the key alone, in ASCII")
            name = role if number == 1 else f"{role}-{number}"
            organization = "other" if role == "other-organization" else "own"
            # One of several keys has a name of its own, or a curl line that names the variable would send them all.
            callers.append(
                Credentials(name, Secret(key, f"{variable}_{number}" if len(keys) > 1 else variable), organization)
            )
    if not any(caller.name == "main" for caller in callers):
        raise UsageError(f"{_PREFIX} is not set: a remote target needs a key that may create; export it in the environment")
    return callers


def _check_url(url: str) -> str:
    try:
        parts = urllib.parse.urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError("the base URL cannot be read: give a URL such as https://staging.example.com") from None
    if parts.username or parts.password:
        raise UsageError("the base URL carries credentials: take them out, and give keys in the environment")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or parts.query or parts.fragment:
        # The value is not repeated: a key may have been given in its place.
        raise UsageError("the base URL cannot be used: give scheme and host alone, such as https://staging.example.com")
    return url.rstrip("/")
