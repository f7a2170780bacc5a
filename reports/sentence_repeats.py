"""Says what is wrong with creates that follow each other: repeats, and others that have an Idempotency-Key in common."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .finding import REPEAT, Finding, Transcript
from .lists import listed, share_phrase
from .phrases import context_phrase, features_phrase
from .sentence_parts import answer_of, status_of, statuses_of, what_was_sent

__all__ = ["ABOUT_REPEATS"]

_OTHER_KEYS: Final = ("as second", "as create-only")
"""Other keys of the same organization that may create."""
_HEADERS: Final = ("Authorization", "Idempotency-Key")
_WRITTEN: Final = (
    "with header names",
    "with the ",
    "with a charset",
    "with a quoted charset",
    "with JSON",
    "with Transfer-Encoding",
)
"""With what the words begin that say how a request was written."""
_MOST_WAYS: Final = 3
_ABOUT_KEYS: Final = ("idempotency:exact", "idempotency:characters", "idempotency:length")
_NEAR: Final[Mapping[str, str]] = {
    "last character": "its last character",
    "first character": "its first character",
    "digit": "a digit",
    "underscore": "an underscore",
    "hyphen": "a hyphen",
}
"""In what a key differs from a used one."""
_SAME_JSON: Final = "a repeat whose body is the same JSON value spelled otherwise"
_OF_LENGTH: Final = re.compile(r"a repeat with an Idempotency-Key of (\w+) characters?")
_STRING: Final = re.compile(r'"(?:\\.|[^"\\])*"')
_LIFETIME: Final = "idempotency:lifetime"
_LONGEST_KEY: Final = 40
_KEY_PART: Final = 20
_REFUSED: Final = 400
_MOST_KEYS: Final = 2


def _say_situation(found: Sequence[Finding]) -> str:
    """In an idempotency history."""
    first = found[0]
    if first.clause in _ABOUT_KEYS and first.refused and not first.symptom:
        return f"a create with {_key_of(found)}: {answer_of(first)}, expected a record of its own"
    together = {each.response.status for each in first.own_exchanges if each.overlapping and each.response}
    # What a refusal says of itself is the reason that a stranger looks for.
    answer = answer_of(first) if first.refused and not first.symptom else status_of(first)
    statuses = listed([str(status) for status in sorted(together)], len(together)) if len(together) > 1 else answer
    seen = _seen(first, statuses)
    turned_away = first.clause == "idempotency:not-served"
    callers = [each for each in first.context if turned_away and each.startswith("as ")]
    if first.expectation != "replayed":
        callers += [each for each in first.context if each in _OTHER_KEYS and all(each in other.context for other in found)]
    callers += [each for each in first.context if first.expectation == "replayed" and each.startswith(_WRITTEN)]
    other_body = first.value.endswith("with another body")
    in_body = [each for each in first.deciding if each[0] not in (*_HEADERS, REPEAT)]
    phrase = features_phrase(in_body, condition=not other_body)
    phrase = f"the second one {phrase}" if phrase and other_body else phrase
    repeat = next((form for place, form in first.deciding if place == REPEAT), "")
    moment = _of_lengths(found) or _moment_of(first)
    moment = share_phrase(first.share, moment.removeprefix("a ")) if first.share[0] and not phrase else moment
    situation = ", ".join(filter(None, [moment, repeat, phrase, context_phrase(callers)]))
    if first.expectation == "separate" and first.clause == "idempotency:exact":
        ways = [_NEAR.get(way, way) for way in dict.fromkeys(each.value for each in found if each.expectation == "separate")]
        situation = f"an Idempotency-Key that differs from a used one in {listed(ways, _MOST_WAYS, 'or')} alone"
    keys = _keys_of(first.own_exchanges)
    if first.clause == "idempotency:exact" and len(keys) > 1:
        long = f", of {len(keys[-1])} characters" if len(keys[-1]) > _LONGEST_KEY else ""
        situation += f" ({_around(keys[-1], keys[0])} after {_around(keys[0], keys[-1])}{long})"
    return f"{situation or what_was_sent(found)}: {seen}, expected {_expected(first)}"


def _of_lengths(found: Sequence[Finding]) -> str:
    """Repeats with Idempotency-Keys of some lengths; "" where it is not the length that is special."""
    lengths = [_OF_LENGTH.fullmatch(each.value) for each in found]
    known = list(dict.fromkeys(each[1] for each in lengths if each))
    several = f"a repeat with an Idempotency-Key of {listed(known, _MOST_WAYS, 'or')} characters"
    return several if all(lengths) and len(known) > 1 else ""


def _seen(finding: Finding, statuses: str) -> str:
    """The statuses, with what came of them besides."""
    if finding.expectation == "one-winner" and finding.symptom.endswith("new records"):
        made = "no record" if finding.symptom.startswith("no ") else finding.symptom
        return f"{statuses}, and {made}"
    if finding.expectation == "one-winner" and finding.symptom == "no record":
        return f"{statuses}, and an answer that names no record"
    return " with ".join(filter(None, [statuses, finding.symptom]))


def _moment_of(finding: Finding) -> str:
    """In which situation, and when, where that matters."""
    if finding.clause == _LIFETIME:
        within = finding.expectation == "replayed"
        return f"a used Idempotency-Key {'less' if within else 'more'} than 24 hours after its first use"
    if finding.value == _SAME_JSON and (ways := _ways_of_spelling(finding)):
        return f"a repeat whose body is the same JSON value with {listed(ways, len(ways))}"
    known = any(place == REPEAT for place, _ in finding.deciding)
    late = finding.expectation == "replayed-to-the-end" and not known
    if late and _spelled_otherwise_before(finding):
        return f"{finding.value}, after another whose body was the same JSON value spelled otherwise"
    return f"{finding.value}{', at the end of the run, after many other keys' if late else ''}"


def _spelled_otherwise_before(finding: Finding) -> bool:
    """Whether the key was used in between with a body that is the same JSON value in other bytes, and let in."""
    judged = finding.judged
    used = [each for each in finding.exchanges[:-1] if each.response and each.response.status < _REFUSED]
    try:
        value = json.loads(judged.request.body) if judged else None
        others = [each for each in used if judged and each.request.body != judged.request.body]
        return any(json.loads(each.request.body) == value for each in others)
    except (ValueError, RecursionError):
        return False


def _ways_of_spelling(finding: Finding) -> list[str]:
    """In what a create and its repeat differ, whose bodies are one JSON value: each way that the repeat alone has."""
    bodies = [each.request.body for each in finding.own_exchanges[-2:]]
    chunked = [
        any(name.lower() == "transfer-encoding" for name, _ in each.request.headers) for each in finding.own_exchanges[-2:]
    ]
    try:
        members = [json.loads(body, object_pairs_hook=list) for body in bodies]
    except (ValueError, RecursionError):
        return []
    spaces = [len(re.sub(r"\S", "", _STRING.sub("", body))) for body in bodies]
    escapes = [body.count("\\u") + body.count("\\/") for body in bodies]
    differing = {
        "its members in another order": members[0] != members[-1],
        "other white space": spaces[0] != spaces[-1],
        "other escapes": escapes[0] != escapes[-1],
        "Transfer-Encoding: chunked": chunked[0] != chunked[-1],
    }
    return [way for way, differs in differing.items() if differs]


def _key_of(found: Sequence[Finding]) -> str:
    """The first Idempotency-Keys of some requests."""
    keys = _keys_of([each.judged for each in found if each.judged])
    if not keys:
        return "an Idempotency-Key"
    if trait := [form for name, form in found[0].deciding if name == "Idempotency-Key" and form != "sent"]:
        return f"an Idempotency-Key {trait[0]}, such as {_shown_key(min(keys, key=len))}"
    words = [f"{_shown_key(key)} ({len(key)} characters)" for key in keys[:_MOST_KEYS]]
    return f"the Idempotency-Key {' or '.join(words)}"


def _shown_key(key: str) -> str:
    half = _LONGEST_KEY // 2
    return f'"{key if len(key) <= _LONGEST_KEY else f"{key[:half]}…{key[-half:]}"}"'


def _keys_of(sent: Sequence[Transcript]) -> list[str]:
    """The Idempotency-Keys of requests, each once, as they were first used."""
    headers = [pair for each in sent for pair in each.request.headers]
    return list(dict.fromkeys(value for name, value in headers if name.lower() == "idempotency-key"))


def _around(key: str, other: str) -> str:
    """The part of a key with the first character in which another one differs."""
    at = next((at for at, pair in enumerate(zip(key, other, strict=False)) if len({*pair}) > 1), min(len(key), len(other)))
    start = max(0, min(at - _KEY_PART // 2, len(key) - _KEY_PART))
    end = start + _KEY_PART
    return f'"{"…" if start else ""}{key[start:end]}{"…" if end < len(key) else ""}"'


def _say_key_kept(found: Sequence[Finding]) -> str:
    return f"a create with the Idempotency-Key of a request that got a 429: {statuses_of(found)}, expected a new record"


def _expected(finding: Finding) -> str:
    """What was due of a repeat, without the ID of a record."""
    words = {
        "replayed": "the original response",
        "replayed-to-the-end": "the original response",
        "separate": "a record of its own",
        "original-or-refused": "the original response or a 4xx",
    }
    return words.get(finding.expectation, finding.expected.removeprefix("refused with "))


ABOUT_REPEATS: Final[Mapping[str, Callable[[Sequence[Finding]], str]]] = {
    **dict.fromkeys(("key-kept", "key-kept-to-the-end"), _say_key_kept),
    **dict.fromkeys(
        ("replayed", "replayed-to-the-end", "separate", "original-or-refused", "one-winner", "history", "as-the-case-says"),
        _say_situation,
    ),
}
"""By the name of the check that failed."""
