"""The expectations of the judge, by name; a self-test shows for each that a fault escapes without it."""

from __future__ import annotations

import enum
from typing import Final

__all__ = ["ECHOES", "Expectation"]


class Expectation(enum.StrEnum):
    """What is compared with what an exchange shows."""

    ANSWERED = "answered"
    """Every request gets an HTTP response."""
    NO_KEY_SHOWN = "no-key-shown"
    """No answer holds an API key."""
    NO_CRASH = "no-crash"
    """Whatever was sent, the answer is no 5xx."""
    LIMIT_HEADERS = "limit-headers"
    """An answer announces the rate limit, each number in its header."""
    RETRY_AFTER = "retry-after"
    """A 429 says when to come back."""
    KEY_KEPT = "key-kept"
    """A key is not used up by a 429 on the way to the answer."""
    KEY_KEPT_TO_THE_END = "key-kept-to-the-end"
    """A key that got nothing but 429 still creates when the run ends."""
    CREATED = "created"
    """A valid create is accepted."""
    LISTED_TAKEN = "listed-taken"
    """What the target lists is taken, by each of its names, unless a rule of the organization is about the thing itself."""
    SUCCESS_STATUS = "success-status"
    """A success has the documented status."""
    SUCCESS_MEDIA_TYPE = "success-media-type"
    """A success is JSON, and says so."""
    MEMBER = "member"
    """A record has a member as the fragment's schema says."""
    VALUE_TYPE = "value-type"
    """A record's value agrees with its value type."""
    TIME_WITH_OFFSET = "time-with-offset"
    """A time has an offset or Z."""
    TIME_NEAR_CLOCK = "time-near-clock"
    """The time of creation is near the clock."""
    SAME_EXACTLY = "same-exactly"
    """A text or a truth value comes back as it was sent."""
    SAME_NUMBER = "same-number"
    """A number comes back with its value."""
    SAME_INSTANT = "same-instant"
    """A time comes back as the same moment."""
    SAME_ENTRIES = "same-entries"
    """A value that may be one or several comes back with the same entries in the same order."""
    SAME_PARTS = "same-parts"
    """An object comes back with the same parts."""
    SAME_OPTIONS = "same-options"
    """Options of a select come back, by ID or by label."""
    PRESENT = "present"
    """A value that a target may write in a way of its own comes back at all."""
    SAME_LINKS = "same-links"
    """A relationship comes back with the IDs that were sent."""
    LINKED_ONCE = "linked-once"
    """A relationship does not hold an ID twice."""
    SAME_OPTION_EITHER_WAY = "same-option-either-way"
    """An option's label and its ID name the same option."""
    READ_BACK = "read-back"
    """A read gives the record that was created."""
    REFUSED = "refused"
    """A breach is refused with a status that fits."""
    REFUSED_WITHOUT_CRASH = "refused-without-crash"
    """A breach is not answered with a 5xx."""
    MEDIA_TYPE_STATUS = "media-type-status"
    """Another media type is refused with 415."""
    ERROR_FORM = "error-form"
    """A refusal has an error object."""
    ERROR_TYPE = "error-type"
    """An error's type goes with the status."""
    ERROR_CODE = "error-code"
    """An error's code names the rule."""
    ERROR_PLACE = "error-place"
    """An error's param names the place."""
    CALLER_REFUSED = "caller-refused"
    """A caller who may not create is refused with 401 or 403."""
    CALLER_STATUS = "caller-status"
    """It is the one of the two that fits."""
    NOTHING_REVEALED = "nothing-revealed"
    """An answer does not hold another organization's data."""
    DOCUMENTED_READ = "documented-read"
    """A read gets what the fragment says, and never a 5xx."""
    KEY_INFORMATION = "key-information"
    """The validate endpoint says what a key may do."""
    REPLAYED = "replayed"
    """A repeat gets the original response."""
    REPLAYED_TO_THE_END = "replayed-to-the-end"
    """A key that was used early in the run is still known when it ends."""
    SEPARATE = "separate"
    """Another request makes a record of its own."""
    ORIGINAL_OR_REFUSED = "original-or-refused"
    """A used key with another body makes nothing."""
    ONE_WINNER = "one-winner"
    """Of requests at the same time one makes a record."""
    HISTORY = "history"
    """A history goes as the model of the key store permits."""
    AS_THE_CASE_SAYS = "as-the-case-says"
    """What a case expects in words of its own."""
    ID_OF_ITS_OWN = "id-of-its-own"
    """No two records have one ID."""
    ACCOUNTED_FOR = "accounted-for"
    """Each record of the run is one that an answer named."""
    STILL_STORED = "still-stored"
    """Each record that an answer named is still there when the run ends."""
    SUMMARY_FILLED = "summary-filled"
    """A read-only text is filled some time after the creation; observed, and never missed."""


ECHOES: Final = frozenset(
    {
        Expectation.SAME_EXACTLY,
        Expectation.SAME_NUMBER,
        Expectation.SAME_INSTANT,
        Expectation.SAME_ENTRIES,
        Expectation.SAME_PARTS,
        Expectation.SAME_OPTIONS,
        Expectation.SAME_LINKS,
        Expectation.SAME_OPTION_EITHER_WAY,
        Expectation.PRESENT,
    }
)
"""Those about a value that has to come back."""
