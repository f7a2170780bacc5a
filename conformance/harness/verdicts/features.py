"""Says what a request held that may decide what becomes of it: places and forms in its body, and headers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from ....reports import Finding, Transcript
from ....reports.finding import KEYED
from ....spec import Contract, profile
from ..judge.expectation import STORED

__all__ = [
    "GENERAL",
    "KEY",
    "KEYLESS",
    "Feature",
    "Features",
    "Usual",
    "caller_of",
    "exchange_of",
    "features_of_finding",
    "generality",
    "generalized",
    "headers_of",
    "own_place",
    "without_forms",
]

Feature: TypeAlias = tuple[str, str]
"""A place or a header, and the form of what stands there."""
Features: TypeAlias = frozenset[Feature]

KEY: Final[Feature] = ("Idempotency-Key", "sent")
KEYLESS: Final[Feature] = ("Idempotency-Key", "absent")
_CUSTOM_FIELD, _CUSTOM_LINK = "a custom attribute", "a custom relationship"
_OPTIONAL_LINK: Final = "an optional relationship"
GENERAL: Final = (_CUSTOM_FIELD, _CUSTOM_LINK, _OPTIONAL_LINK)
"""What stands for any place of a kind."""
_ORDINARY: Final = ("plain", "one ID", "label", "ID", "string", "number")
"""Forms that say nothing without their place."""


@dataclasses.dataclass(frozen=True)
class Usual:
    """What every correct create has, so that it decides nothing.

    Attributes:
        places: of the body.
        headers: each name with the one value that it may have.
    """

    places: frozenset[str] = frozenset()
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, contract: Contract) -> Usual:
        """Return what a contract asks of every create."""
        version = contract.version_header
        headers = ((version.name, contract.version),) if version else ()
        return cls(frozenset(place.pointer for place in contract.places if place.required), headers)


def features_of_finding(finding: Finding, usual: Usual) -> Features:
    """Return what the judged request held, its headers included."""
    shown = exchange_of(finding)
    headers = shown.request.headers if shown else ()
    keyed = KEYED in finding.context or bool(shown and shown.request.key)
    return frozenset((*generalized(finding.features, usual), *headers_of(headers, usual, keyed=keyed)))


def exchange_of(finding: Finding) -> Transcript | None:
    """Return the exchange whose request matters: the judged one, and of a record that is not there the one that made it."""
    if finding.expectation in STORED and len(finding.own_exchanges) > 1:
        return finding.own_exchanges[0]
    return finding.judged


def headers_of(headers: Sequence[tuple[str, str]], usual: Usual, *, keyed: bool) -> Iterator[Feature]:
    """Yield what of the headers may decide: a key for idempotency or none, whose API key it is, and what is not usual."""
    yield KEY if keyed else KEYLESS
    sent = {name.lower(): value for name, value in headers}
    yield from ((name, "unusual") for name, value in usual.headers if headers and sent.get(name.lower()) != value)
    for name, value in headers:
        if name == "Authorization":
            yield name, value


def caller_of(features: Features) -> str:
    """Return whose key a request was sent with; of several keys of one kind no more than the kind."""
    return next((form.rstrip("_0123456789") for place, form in features if place == "Authorization"), "")


def own_place(finding: Finding) -> str:
    """Return the place of a finding as features have it: one of an organization's own by its type."""
    return next((place for place, form in finding.features if "{" in place and form == finding.value), finding.place)


def without_forms(features: Features) -> Features:
    """Return which places were set, and not to what."""
    return frozenset(each for each in features if not (each[1] and each[0].startswith("/")))


def generality(feature: Feature) -> tuple[int, Feature]:
    """Return what is said first where several say the same: the most special."""
    place, form = feature
    if place in GENERAL:
        return 3, feature
    return (0 if form and place.startswith("/") else 1 if not place.startswith("/") and form else 2), feature


def generalized(features: Iterable[Feature], usual: Usual) -> Iterator[Feature]:
    """Yield features, and what is more general: a place with any form, a form at any place, any custom attribute."""
    for place, form in features:
        link = profile.holds_links(place)
        yield place, form
        if place not in usual.places:
            yield place, ""
        if link and form.startswith("array"):
            yield from (("", "array of IDs"), (place, "array of IDs"))
            if form == "array":
                yield "", form
        elif form not in _ORDINARY:
            yield "", form
        if "{" in place:
            yield (_CUSTOM_LINK if link else _CUSTOM_FIELD), ""
        elif link and place not in usual.places:
            yield _OPTIONAL_LINK, ""
