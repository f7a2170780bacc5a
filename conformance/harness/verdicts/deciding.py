"""Finds what separates the requests that show a finding from those that pass: a few features, and the nearest case."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final

from ....reports import Finding, body_text
from ....reports.finding import REPEAT
from ....spec import profile
from ..judge.expectation import ECHOES, STORED, Expectation
from ..judge.repeats import NEW_RECORD
from ..judge.situations import situation_of
from ..wire.exchange import Exchange
from ..wire.ledger import Entry
from ..wire.marker import unstamp
from .features import (
    GENERAL,
    KEY,
    KEYLESS,
    Feature,
    Features,
    Usual,
    caller_of,
    features_of_finding,
    generalized,
    headers_of,
    own_place,
    without_forms,
)
from .marks import OF_ANOTHER_KEY
from .repeats import share_of_repeats, trait_of_repeats
from .separating import LEAST, beyond, is_no_chance, keyed_alike, separate
from .traits import trait_of_bodies, trait_of_keys

__all__ = ["Passed"]

_LONGEST_EXAMPLE: Final = 20_000
_ABOUT_KEYS: Final = ("idempotency:exact", "idempotency:characters", "idempotency:length")
_ABOUT_REPEATS: Final = ("idempotency:replay", "idempotency:same-json")
_BY_BODY: Final = frozenset({Expectation.CREATED, Expectation.NO_CRASH, Expectation.ACCOUNTED_FOR})
"""What a finding of these is about can depend on all that the body holds."""
_OF_MANY: Final = STORED | {Expectation.ACCOUNTED_FOR}
"""What is found of requests that were not made smaller one by one, so that few of them say nothing."""


class Passed:
    """The requests of a run that nothing was found wrong with.

    Args:
        entries: of the ledger.
        describe: gives the form of what a request holds.
        failing: numbers of the exchanges that findings are about.
        passed: as `Findings` has it.
        usual: what every correct create has.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        describe: Callable[[Exchange], Sequence[Feature]],
        failing: Collection[str],
        passed: Mapping[tuple[str, str], Collection[str]],
        usual: Usual,
    ) -> None:
        self._usual = usual
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
        if self._is_of_another(finding):
            # Not due to what is wrong with the request, or to what it set.
            return dataclasses.replace(finding, symptom=OF_ANOTHER_KEY)
        if finding.clause in _ABOUT_KEYS and finding.refused:
            return dataclasses.replace(finding, deciding=self._of_keys(finding))
        if finding.clause in _ABOUT_REPEATS and finding.symptom == NEW_RECORD and self._of_repeats:
            return dataclasses.replace(finding, deciding=((REPEAT, self._of_repeats),))
        if finding.symptom == NEW_RECORD and finding.value == situation_of(finding.clause):
            finding = dataclasses.replace(finding, share=self._share_of_repeats)
        passing = {number: self._features(number) for number in self._candidates(finding, len(failing))}
        if not passing or not failing:
            never = finding.expectation in ECHOES and bool(failing)
            return dataclasses.replace(finding, deciding=((own_place(finding), ""),)) if never else finding
        smallest = features_of_finding(finding, self._usual)
        nearest = min(passing, key=lambda number: (len(passing[number] ^ smallest), number))
        deciding = self._decide(finding, failing, smallest, list(passing.values()))
        if finding.expectation == Expectation.ACCOUNTED_FOR and not finding.refused:
            deciding = deciding or (keyed_alike(failing, list(passing.values())) if len(failing) >= LEAST else ())
            if {*deciding} <= {KEY, KEYLESS} and deciding:
                alike = sum(each.issuperset(deciding) for each in passing.values())
                finding = dataclasses.replace(finding, share=(finding.share[0], finding.share[0] + alike))
        if finding.expectation in ECHOES:
            again = sum((own_place(finding), finding.value) in each for each in passing.values())
            finding = dataclasses.replace(finding, share=(len(failing), len(failing) + again) if again else (0, 0))
        in_all = bool(deciding) and all(each.issuperset(deciding) for each in failing)
        if not in_all and not finding.rule and finding.expectation in _BY_BODY | STORED:
            deciding = self._of_texts(numbers, passing) or deciding
        return dataclasses.replace(finding, deciding=deciding, passing=_example(self._entries[nearest]))

    def _is_of_another(self, finding: Finding) -> bool:
        """Whether a breach, or a value that was sent, got the record of a create with another Idempotency-Key."""
        judged = self._all.get(finding.judged.number) if finding.judged else None
        maker = self._all.get(self._makers.get(judged.record, "")) if judged else None
        if judged is None or maker is None or not (judged.key and maker.key):
            return False
        return finding.expectation in ECHOES | {Expectation.REFUSED} and judged.key != maker.key

    @functools.cached_property
    def _of_repeats(self) -> str:
        """What the repeats have in common that make a record."""
        return trait_of_repeats(list(self._all.values()))

    @functools.cached_property
    def _share_of_repeats(self) -> tuple[int, int]:
        """How many of the repeats make a record, where nothing tells them from the others."""
        return share_of_repeats(list(self._all.values()))

    def _of_callers(self, smallest: Features, passing: Sequence[Features]) -> tuple[Feature, ...]:
        """What a caller needs to be let in where others of its kind are refused: something besides, or its own key."""
        kind, own = caller_of(smallest), {each for each in smallest if each[0] == "Authorization"}
        passing = [other for other in passing if caller_of(other) == kind]
        accepted = [number for number in self._failing if number in self._all and self._all[number].accepted]
        let_in = [each for each in map(self._features, accepted) if caller_of(each) == kind]
        found = beyond(smallest, passing) if passing else ()
        besides = {each for each in smallest if each[0] in GENERAL or each == KEY}
        others = [other for other in passing if not own & other and other >= besides]
        if all(own <= each for each in let_in) and not any(own & other for other in passing):
            # What is sent besides does not let in the other keys of the kind; where none of them sent it, either may decide.
            return tuple(own) if others else ()
        needed = found and all(each.issuperset(found) for each in let_in) and is_no_chance(len(let_in), len(passing))
        return found if needed else ()

    def _of_texts(self, failing: Sequence[str], passing: Collection[str]) -> tuple[Feature, ...]:
        """What the texts of bodies have in common."""
        shown = [self._all[number].content for number in failing if number in self._all]
        if min(len(shown), len(passing)) < LEAST:
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
            return self._of_callers(smallest, passing)
        if finding.expectation in (Expectation.REPLAYED, Expectation.ORIGINAL_OR_REFUSED):
            return _in_all(beyond(smallest, passing), failing) if len(passing) >= LEAST else ()
        if finding.expectation in ECHOES:
            passing = [other for other in passing if (own_place(finding), finding.value) in other]
            if len(failing) < LEAST:
                return ()
            if profile.holds_links(finding.place):
                # What becomes of a link can be due to other links, and not to how they are spelled.
                failing, passing = ([without_forms(each) for each in some] for some in (failing, passing))
        if finding.expectation in _OF_MANY and len(failing) < LEAST:
            return ()
        # Where nearly all requests fail, no feature of theirs decides.
        few = len(passing) < max(LEAST, len(failing) // 4)
        found = () if few else separate(failing, passing)
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
            entry = self._all[number]
            in_body = generalized(self._describe(entry), self._usual)
            self._known[number] = frozenset((*in_body, *headers_of(entry.headers, self._usual, keyed=entry.key is not None)))
        return self._known[number]


def _in_all(found: tuple[Feature, ...], failing: Sequence[Features]) -> tuple[Feature, ...]:
    """The same where all failing requests have it, so that it is needed."""
    return found if all(each.issuperset(found) for each in failing) else ()


def _is_sample(finding: Finding, failing: int) -> bool:
    """Whether more requests are known to fail than were looked at, which would pass for such as do not."""
    return finding.expectation == Expectation.STILL_STORED and finding.share[0] != failing


def _example(entry: Entry) -> str:
    """The body, without the run's marker."""
    text = body_text(entry.content)[0][:_LONGEST_EXAMPLE]
    return unstamp(text, entry.stamp) if entry.stamp else text
