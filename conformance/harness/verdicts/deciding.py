"""Finds what separates the requests that show a finding from those that pass: a few features, and the nearest case."""

from __future__ import annotations

import collections
import dataclasses
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from ....reports import Finding, Transcript, body_text
from ....spec import profile
from ..judge.expectation import ECHOES, STORED, Expectation
from ..wire.exchange import Exchange
from ..wire.ledger import Entry
from ..wire.marker import unstamp
from .traits import trait_of_bodies, trait_of_keys

__all__ = ["Feature", "Features", "Passed", "exchange_of", "features_of_finding"]

Feature: TypeAlias = tuple[str, str]
"""A place or a header, and the form of what stands there."""
Features: TypeAlias = frozenset[Feature]

_MOST_FEATURES: Final = 3
_MOST_COMPARED: Final = 20
"""Features of which sets are made, those that most failing requests have."""
_CUSTOM_FIELD, _CUSTOM_LINK = "a custom attribute", "a custom relationship"
_OPTIONAL_LINK: Final = "an optional relationship"
_GENERAL: Final = (_CUSTOM_FIELD, _CUSTOM_LINK, _OPTIONAL_LINK)
_SEVERAL: Final = ("", "array")
"""Several IDs, which no relationship would be smaller without."""
_LEAST_PASSING: Final = 3
_ORDINARY: Final = ("plain", "one ID", "label", "ID", "string", "number")
"""Forms that say nothing without their place."""
_LEAST_EXPLAINED: Final = 0.6
"""The part of the failing requests that deciding features have to be in."""
_LONGEST_EXAMPLE: Final = 20_000
_KEYED: Final = "with an Idempotency-Key"
_ABOUT_KEYS: Final = ("idempotency:exact", "idempotency:characters", "idempotency:length")
_BY_BODY: Final = frozenset({Expectation.CREATED, Expectation.NO_CRASH, Expectation.ACCOUNTED_FOR})
"""What a finding of these is about can depend on all that the body holds."""


def features_of_finding(finding: Finding, required: Collection[str]) -> Features:
    """Return what the judged request held, its headers included.

    Args:
        required: places that every body has to have.
    """
    shown = exchange_of(finding)
    headers = shown.request.headers if shown else ()
    keyed = _KEYED in finding.context
    return frozenset((*_generalized(finding.features, required), *_of_headers(headers, keyed=keyed)))


def exchange_of(finding: Finding) -> Transcript | None:
    """Return the exchange whose request matters: the judged one, and of a record that is not there the one that made it."""
    if finding.expectation in STORED and len(finding.own_exchanges) > 1:
        return finding.own_exchanges[0]
    return finding.judged


class Passed:
    """The requests of a run that nothing was found wrong with.

    Args:
        entries: of the ledger.
        describe: gives the form of what a request holds.
        failing: numbers of the exchanges that findings are about.
        passed: as `Findings` has it.
        required: places that every body has to have.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        describe: Callable[[Exchange], Sequence[Feature]],
        failing: Collection[str],
        passed: Mapping[tuple[str, str], Collection[str]],
        required: Collection[str],
    ) -> None:
        self._required = required
        self._failing = failing
        self._all = {entry.number: entry for entry in entries}
        # What repeats a failing request makes nothing of its own, and so passes where the first one fails.
        stamps = {entry.stamp for entry in entries if entry.number in failing and entry.stamp}
        # What is answered with a record that is there already makes nothing either.
        self._makers = {entry.record: entry.number for entry in reversed(entries) if entry.record}
        self._entries = {
            entry.number: entry
            for entry in entries
            if entry.own and entry.number not in failing and entry.stamp not in stamps
        }
        self._describe = describe
        self._passed = passed
        self._known: dict[str, Features] = {}

    def compare(self, finding: Finding, failing: Sequence[Features], numbers: Sequence[str] = ()) -> Finding:
        """Return the finding with its deciding features, and the body of the nearest request that passes.

        Args:
            failing: what the requests held that show it.
            numbers: of these requests.
        """
        if finding.clause in _ABOUT_KEYS and finding.refused:
            return dataclasses.replace(finding, deciding=self._of_keys(finding))
        passing = {number: self._features(number) for number in self._candidates(finding, len(failing))}
        if not passing or not failing:
            never = finding.expectation in ECHOES and bool(failing)
            return dataclasses.replace(finding, deciding=((_own(finding), ""),)) if never else finding
        smallest = features_of_finding(finding, self._required)
        nearest = min(passing, key=lambda number: (len(passing[number] ^ smallest), number))
        deciding = self._decide(finding, failing, smallest, list(passing.values()))
        in_all = bool(deciding) and all(each.issuperset(deciding) for each in failing)
        if not in_all and not finding.rule and finding.expectation in _BY_BODY | STORED:
            deciding = self._of_texts(numbers, passing) or deciding
        return dataclasses.replace(finding, deciding=deciding, passing=_example(self._entries[nearest]))

    def _of_texts(self, failing: Sequence[str], passing: Collection[str]) -> tuple[Feature, ...]:
        """What the texts of bodies have in common."""
        shown = [self._all[number].content for number in failing if number in self._all]
        if min(len(shown), len(passing)) < _LEAST_PASSING:
            return ()
        trait = trait_of_bodies(shown, [self._entries[number].content for number in passing])
        return (("", trait),) if trait else ()

    def _of_keys(self, finding: Finding) -> tuple[Feature, ...]:
        """What the Idempotency-Keys have in common that are refused with one status."""
        refused = {self._all[number].key for number in self._failing if number in self._all}
        failing = [entry for entry in self._all.values() if entry.key in refused and entry.status == finding.status_seen]
        accepted = [entry.key for entry in self._all.values() if entry.key and entry.status in (200, 201)]
        trait = trait_of_keys([entry.key for entry in failing if entry.key], accepted)
        return (("Idempotency-Key", trait),) if trait else ()

    def _decide(
        self, finding: Finding, failing: Sequence[Features], smallest: Features, passing: Sequence[Features]
    ) -> tuple[Feature, ...]:
        """What separates failing from passing requests, where that is known from enough of them."""
        if finding.rule:
            # A breach was sent again with fewer features: its context names those that it needs.
            return ()
        if finding.expectation == Expectation.CALLER_REFUSED:
            passing = [other for other in passing if _caller(other) == _caller(smallest)]
            return _beyond(smallest, passing) if passing else ()
        if finding.expectation in (Expectation.REPLAYED, Expectation.ORIGINAL_OR_REFUSED):
            return _beyond(smallest, passing) if len(passing) >= _LEAST_PASSING else ()
        if finding.expectation in ECHOES:
            passing = [other for other in passing if (_own(finding), finding.value) in other]
            if len(failing) < _LEAST_PASSING:
                return ()
            if profile.holds_links(finding.place):
                # What becomes of a link can be due to other links, and not to how they are spelled.
                failing, passing = ([_without_forms(each) for each in some] for some in (failing, passing))
        # Where nearly all requests fail, no feature of theirs decides.
        few = len(passing) < max(_LEAST_PASSING, len(failing) // 4)
        found = () if few else _separate(failing, passing)
        # Values of other places change from request to request; what decides besides a value is that something is there.
        special = finding.expectation in ECHOES and any(form and place.startswith("/") for place, form in found)
        return () if special else found

    def _candidates(self, finding: Finding, failing: int) -> Iterator[str]:
        """The numbers of requests to compare with, of a finding that so many requests show."""
        if finding.expectation == Expectation.REFUSED:
            yield from (each for each in self._passed.get((finding.rule, finding.place), ()) if each in self._entries)
        elif finding.expectation in (Expectation.REPLAYED, Expectation.ORIGINAL_OR_REFUSED):
            yield from (each for each in self._passed.get((finding.expectation, ""), ()) if each in self._entries)
        elif finding.expectation == Expectation.CALLER_REFUSED:
            yield from (number for number, entry in self._entries.items() if entry.status in (401, 403))
        elif finding.expectation in ECHOES:
            yield from (each for each in self._passed.get(("", finding.place), ()) if each in self._entries)
        elif finding.expectation in _BY_BODY | STORED and not finding.rule and not _is_sample(finding, failing):
            like = range(200, 500) if finding.expectation == Expectation.NO_CRASH else (200, 201)
            if finding.expectation == Expectation.ACCOUNTED_FOR and finding.refused:
                like = range(400, 500)
            made = (each for each in self._entries.values() if self._makers.get(each.record, each.number) == each.number)
            yield from (entry.number for entry in made if entry.status in like)

    def _features(self, number: str) -> Features:
        if number not in self._known:
            entry = self._entries[number]
            in_body = _generalized(self._describe(entry), self._required)
            self._known[number] = frozenset((*in_body, *_of_headers(entry.headers, keyed=entry.key is not None)))
        return self._known[number]


def _is_sample(finding: Finding, failing: int) -> bool:
    """Whether more requests are known to fail than were looked at, which would pass for such as do not."""
    return finding.expectation == Expectation.STILL_STORED and finding.share[0] != failing


def _without_forms(features: Features) -> Features:
    return frozenset(each for each in features if not (each[1] and each[0].startswith("/")))


def _beyond(smallest: Features, passing: Sequence[Features]) -> tuple[Feature, ...]:
    """What there is in the smallest body that shows a finding and in none that passes; nothing where that is much."""
    general = [(each, "") for each in _GENERAL]
    held = [*([_SEVERAL] if _SEVERAL in smallest else general), ("Idempotency-Key", "sent")]
    beyond = tuple(each for each in held if each in smallest and not any(each in other for other in passing))
    return beyond if len(beyond) < _MOST_FEATURES else ()


def _of_headers(headers: Sequence[tuple[str, str]], *, keyed: bool) -> Iterator[Feature]:
    """What of the headers may decide: a key for idempotency, and whose API key it is."""
    if keyed:
        yield "Idempotency-Key", "sent"
    for name, value in headers:
        if name == "Authorization":
            yield name, value


def _caller(features: Features) -> str:
    """Whose key a request was sent with; of several keys of one kind no more than the kind."""
    return next((form.rstrip("_0123456789") for place, form in features if place == "Authorization"), "")


def _own(finding: Finding) -> str:
    """The place of a finding as features have it: one of an organization's own by its type."""
    return next((place for place, form in finding.features if "{" in place and form == finding.value), finding.place)


def _separate(failing: Sequence[Features], passing: Collection[Features]) -> tuple[Feature, ...]:
    """The few features that most failing requests have together, and next to no passing one; a small set of several.

    Where more of them meet than are tried, it is what all failing requests have and few passing ones.
    """
    least = max(1, int(len(failing) * _LEAST_EXPLAINED))
    shares = collections.Counter(feature for each in failing for feature in each)
    candidates = sorted(
        (each for each, count in shares.items() if count >= least and not all(each in other for other in passing)),
        key=lambda each: (-shares[each], _preference(each, len(failing))),
    )[:_MOST_COMPARED]
    best: tuple[Feature, ...] = ()
    reached = float(least) - 0.5
    for size in range(1, _MOST_FEATURES + 1):
        for chosen in itertools.combinations(candidates, size):
            # Another feature has to be worth something.
            worth = sum(each.issuperset(chosen) for each in failing) * (1 - 0.1 * (size - 1))
            if worth > reached and sum(each.issuperset(chosen) for each in passing) <= len(failing) // 10:
                best, reached = chosen, worth
    if best:
        return tuple(sorted(best, key=_generality))
    common = frozenset.intersection(*failing)
    rare = [each for each in common if 2 * sum(each in other for other in passing) < len(passing)]
    return tuple(sorted((each for each in rare if "" not in each and each[0] not in _GENERAL), key=_generality))


def _preference(feature: Feature, failing: int) -> tuple[int, Feature]:
    """Which of equal features is named: of many requests the most special one, of few, which show less, the most general."""
    rank, named = _generality(feature)
    return rank if failing >= _LEAST_PASSING else -rank, named


def _generality(feature: Feature) -> tuple[int, Feature]:
    """What is said first where several say the same: the most special."""
    place, form = feature
    if place in _GENERAL:
        return 3, feature
    return (0 if form and place.startswith("/") else 1 if not place.startswith("/") and form else 2), feature


def _generalized(features: Iterable[Feature], required: Collection[str]) -> Iterator[Feature]:
    """The features, and what is more general: a place with any form, a form at any place, any custom attribute."""
    for place, form in features:
        link = profile.holds_links(place)
        yield place, form
        if place not in required:
            yield place, ""
        if link and form.startswith("array"):
            yield from (("", "array"), (place, "array of IDs"))
        elif form not in _ORDINARY:
            yield "", form
        if "{" in place:
            yield (_CUSTOM_LINK if link else _CUSTOM_FIELD), ""
        elif link and place not in required:
            yield _OPTIONAL_LINK, ""


def _example(entry: Entry) -> str:
    """The body, without the run's marker."""
    text = body_text(entry.content)[0][:_LONGEST_EXAMPLE]
    return unstamp(text, entry.stamp) if entry.stamp else text
