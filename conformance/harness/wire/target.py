"""Who is judged, and as whom we may speak to it: the address, the way, the callers and what the user gave to link to."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Final

from ....reports import UNKNOWN_KEY
from ....spec import Contract, Role, UsageError
from .address import Address, parse_address, trim
from .key_command import KEY_COMMAND, is_key
from .redaction import Redactor, Secret
from .way import HEADERS, KEY_PASSWORD, OWN_HEADERS, Way, WayOptions, read_way

__all__ = ["API_KEY", "Credentials", "Target", "known_variables", "read_target", "variable_of"]

API_KEY = "LIGHTFIELD_API_KEY"
"""The variable that holds the main key; those of the other callers begin so."""
_CLOCK = "LIGHTFIELD_CLOCK_HEADER"
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)

_KEYS: Final = {
    "main": "",
    "read": "_READ",
    "second": "_SECOND",
    "create-only": "_CREATE_ONLY",
    "no-create": "_NO_CREATE",
    "other-organization": "_OTHER_ORG",
}
"""Whose key each variable holds, by what its name has after that of the main key."""


@dataclasses.dataclass(frozen=True)
class Credentials:
    """Whose key requests are sent with.

    Attributes:
        name: main, read, second, create-only, no-create, no-create-2, ..., other-organization, unknown-key or no-key.
        key: None for no-key.
        organization: `own` or `other`.
    """

    name: str
    key: Secret | None
    organization: str = "own"


@dataclasses.dataclass(frozen=True)
class Target:
    """The server under test, with our credentials.

    Attributes:
        callers: by name.
        given_ids: by object type, IDs to link to that the user gave.
        given_options: by the key of a select field, an option that the user gave.
        clock_header: the request header that moves the target's clock, or "".
        given: the names of the variables that were set.
        redactor: removes the target's keys, and whatever else is secret on the way to it.
        keys: removes its keys alone.
    """

    address: Address
    callers: Mapping[str, Credentials]
    given_ids: Mapping[str, tuple[str, ...]]
    given_options: Mapping[str, str]
    clock_header: str
    given: tuple[str, ...]
    way: Way
    redactor: Redactor = dataclasses.field(repr=False, compare=False)
    keys: Redactor = dataclasses.field(repr=False, compare=False)

    @property
    def url(self) -> str:
        """The base URL in its normal form, without a slash at its end."""
        return self.address.url

    def learn(self, key: Secret) -> None:
        """Takes in a fresh key, to be removed like the others from now on."""
        self.redactor.learn(key)
        self.keys.learn(key)


def read_target(
    contract: Contract, base_url: str, environment: Mapping[str, str], options: WayOptions | None = None
) -> Target:
    """The target at a base URL, with what the environment gives.

    Args:
        options: what the user says of the way to it.

    Raises:
        UsageError: the URL or a variable cannot be used, or there is no key. Never repeats a value.
    """
    links = {place.object_type for place in contract.link_places if place.object_type and not place.read_only}
    selects = [place.key for place in contract.value_places if place.role is Role.OPTION and not place.read_only]
    ids = {name: _values(environment, variable_of(name, "_ID")) for name in sorted(links)}
    chosen = {key: _text(environment, variable_of(key)) for key in selects}
    clock = _header_name(environment, _CLOCK)
    variables = [variable_of(name, "_ID") for name in ids] + [variable_of(key) for key in selects]
    variables += [API_KEY + end for end in _KEYS.values()]
    variables += [_CLOCK, HEADERS, KEY_COMMAND]
    version = contract.version_header
    address = parse_address(base_url)
    way = read_way(address, environment, options or WayOptions(), [clock, version.name if version else ""])
    callers = _callers(environment)
    keys = [caller.key for caller in callers if caller.key]
    return Target(
        address=address,
        callers={caller.name: caller for caller in callers},
        given_ids={name: values for name, values in ids.items() if values},
        given_options={key: option for key, option in chosen.items() if option},
        clock_header=clock,
        given=tuple(name for name in variables if _values(environment, name)),
        way=way,
        redactor=Redactor([*keys, *way.secrets], way.headers),
        keys=Redactor(keys),
    )


def variable_of(name: str, end: str = "") -> str:
    """Return the variable in which a user gives an option of a field or, with the end `_ID`, IDs of an object type."""
    word = "".join(char if char.isalnum() else "_" for char in name.removeprefix("$"))
    return f"LIGHTFIELD_{word.upper()}{end}"


def _values(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in _text(environment, name).split(",") if value.strip())


def known_variables(contract: Contract) -> frozenset[str]:
    """Return the names of all variables of the environment that a run reads."""
    links = {place.object_type for place in contract.link_places if place.object_type}
    fields = {place.key for place in contract.value_places}
    names = {variable_of(name, "_ID") for name in links} | {variable_of(key) for key in fields}
    keys = {API_KEY + end for end in _KEYS.values()}
    return frozenset({*names, *keys, _CLOCK, HEADERS, KEY_COMMAND, KEY_PASSWORD, "LIGHTFIELD_BASE_URL"})


def _text(environment: Mapping[str, str], name: str) -> str:
    text = trim(environment.get(name, ""))
    # Python stands a byte that is no UTF-8 for by half of a character, which no request can carry.
    if any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise UsageError(f"{name} is not text in UTF-8: set it again, by hand or from a file in UTF-8")
    return text


def _header_name(environment: Mapping[str, str], variable: str) -> str:
    name = trim(environment.get(variable, ""))
    if name and not _TOKEN.fullmatch(name):
        raise UsageError(f"{variable} is no name of a header: give the name alone, such as X-Clock-Offset")
    if name.lower() in OWN_HEADERS:
        raise UsageError(f"{variable} is {name}, which the suite itself sets: give a header that moves the target's clock")
    return name


def _callers(environment: Mapping[str, str]) -> list[Credentials]:
    callers = [
        Credentials("no-key", None),
        Credentials("unknown-key", Secret(UNKNOWN_KEY, "UNKNOWN_KEY")),
    ]
    for role, end in _KEYS.items():
        variable = API_KEY + end
        keys = _values(environment, variable)
        for number, key in enumerate(keys, 1):
            if not is_key(key):
                raise UsageError(
                    f"{variable} holds characters that no key has, or too few or too many: give the key alone, in ASCII"
                )
            name = role if number == 1 else f"{role}-{number}"
            organization = "other" if role == "other-organization" else "own"
            # One of several keys has a name of its own, or a curl line that names the variable would send them all.
            callers.append(
                Credentials(name, Secret(key, f"{variable}_{number}" if len(keys) > 1 else variable), organization)
            )
    if not any(caller.name == "main" for caller in callers):
        raise UsageError(
            f"{API_KEY} is not set: a remote target needs a key that may create; export it in the environment, "
            f"or in {KEY_COMMAND} a command that prints one"
        )
    return callers
