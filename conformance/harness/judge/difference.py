"""Says in a few words how a value that came back differs from the value that was sent."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ....reports.finding import AS_NULL
from ....strategies.schema import type_of

__all__ = ["CHANGED", "OTHER_ENTRIES", "changed_members", "describe_difference", "quote_json", "quote_value", "with_article"]

CHANGED: Final = "comes back changed"
OTHER_ENTRIES: Final = "comes back with other entries"
"""What is said of a value, or of a list, that is not altered in any way that has a name."""
_LONGEST = 40
"""Characters of a value that a sentence shows."""
_MOST_MEMBERS: Final = 2
_MOST_UNITS: Final = 4
"""Stand-ins for one character: its bytes in UTF-8, or its units in UTF-16."""
_UNSEEN: Final = ("Mn", "Me", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_WHITE: Final = {" ": "space", "\t": "tab", "\n": "line feed", "\r": "carriage return"}
"""Names of white space that Unicode has no names for, or a longer one."""


def quote_json(value: Any, longest: int = 200) -> str:
    """Return a value as JSON, shortened where it is too long for a sentence."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= longest else f"{text[: longest * 4 // 5]}… ({len(text):,} characters)"


def quote_value(value: Any) -> str:
    """Return a value of a record as a sentence shows it."""
    return "nothing" if value is None else quote_json(value)


def _quote_text(text: str) -> str:
    """A part of a text as JSON, with an escape for each character that is not seen by itself."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(json.dumps(each)[1:-1] if unicodedata.category(each) in _UNSEEN else each for each in quoted)


def with_article(json_type: str) -> str:
    """Return the name of a JSON type as a sentence has it: `an array`, `a string`, `null`."""
    if json_type == "null":
        return json_type
    return f"{'an' if json_type[0] in 'aeiou' else 'a'} {json_type}"


def describe_difference(sent: Any, shown: Any) -> str:
    """Return what became of a value, as the rest of a sentence that begins with the value.

    It holds nothing of the run, as long as the values do not.
    """
    if shown is None:
        return AS_NULL
    if type_of(sent) != type_of(shown):
        if isinstance(sent, list) and sent == [shown]:
            return "comes back without its array"
        if isinstance(shown, list) and len(shown) == 1 and type_of(sent) == type_of(shown[0]) and sent != shown[0]:
            # What may be set with an array or without one comes back in one.
            return describe_difference(sent, shown[0])
        return f"comes back as {with_article(type_of(shown))}{_shown_as(sent, shown)}"
    if isinstance(sent, str):
        return _of_texts(sent, shown)
    if isinstance(sent, Mapping):
        return _of_objects(sent, shown)
    if isinstance(sent, list):
        return _of_arrays(sent, shown)
    if isinstance(sent, bool):
        return f"comes back as {quote_json(shown)}"
    return f"{CHANGED}{_shown_as(sent, shown)}"


def _shown_as(sent: Any, shown: Any) -> str:
    """What was sent and what came back, as a sentence ends with it; of long values "" where they are no numbers."""
    quoted = [quote_json(each, _LONGEST) for each in (sent, shown)]
    return "" if _is_long(sent) or _is_long(shown) else f", {quoted[0]} as {quoted[1]}"


def _is_long(value: Any) -> bool:
    """Whether it is too long for a sentence; of a number the first digits say enough."""
    return not isinstance(value, int | float) and len(json.dumps(value, ensure_ascii=False)) > _LONGEST


def _of_texts(sent: str, shown: str) -> str:
    if sent.split() == shown.split():
        return f"comes back with other white space: {_of_white_space(sent, shown)}"
    if sent.startswith(shown) and len(shown) > _LONGEST:
        return f"is cut after {_length_of(shown)}"
    if not shown:
        return "comes back empty"
    lost = [character for character in dict.fromkeys(sent) if character not in shown and not character.isalnum()]
    if lost and "".join(character for character in sent if character not in lost) == shown:
        return f"loses its {' and '.join(map(_quote_text, lost[:3]))}: {_unlike(sent, shown)}"
    if not shown.strip():
        return f"comes back as {json.dumps(shown[:_LONGEST])}"
    if sent.startswith(shown):
        rest = sent[len(shown) :]
        return f"loses its end, {quote_json(rest)}" if len(rest) <= _LONGEST else f"is cut after {_length_of(shown)}"
    if replaced := _replaced(sent, shown):
        return f"comes back with {_quote_text(replaced[1])} in place of {' and '.join(map(_quote_text, replaced[0][:3]))}"
    if shown.endswith("\ufffd") and sent.startswith(shown[:-1]):
        return f"is cut after {len(shown) - 1:,} characters, inside the next one"
    return _of_forms(sent, shown) or f"{CHANGED}, {_unlike(sent, shown)}"


def _replaced(sent: str, shown: str) -> tuple[list[str], str] | None:
    """The characters that are gone, and what stands for each of them, where a target cannot keep them; None for others."""
    gone = [character for character in dict.fromkeys(sent) if character not in shown]
    for stand_in in (mark * times for mark in "\ufffd?" for times in range(1, _MOST_UNITS + 1)):
        if gone and "".join(stand_in if character in gone else character for character in sent) == shown:
            return gone, stand_in
    return None


def _length_of(text: str) -> str:
    """Of a text that is not all ASCII the bytes as well, which may be what a target counts."""
    return f"{len(text):,} characters{'' if text.isascii() else f' ({len(text.encode()):,} bytes of UTF-8)'}"


def _of_forms(sent: str, shown: str) -> str:
    """What became of a text that is the same but for its Unicode form or its letter case; "" where it is another."""
    canonical, compatible = (
        unicodedata.normalize(form, sent) == unicodedata.normalize(form, shown) for form in ("NFC", "NFKC")
    )
    # Folding the case changes the form of some letters, so that the form is looked at first.
    if not canonical and sent.casefold() == shown.casefold():
        return "comes back in another letter case"
    return "comes back in another Unicode form" if compatible else ""


def _of_white_space(sent: str, shown: str) -> str:
    """The first run of it that is not the same; the texts have the same words."""
    before, after = (re.split(r"\S+", text) for text in (sent, shown))
    at = next(number for number, (one, other) in enumerate(zip(before, after, strict=True)) if one != other)
    where = " at its start" if at == 0 else " at its end" if at == len(before) - 1 else ""
    if not before[at] or not after[at]:
        return f"{_white_words(before[at] or after[at])}{where} {'lost' if before[at] else 'added'}"
    return f"{_white_words(after[at])}{where} in place of {_white_words(before[at])}"


def _white_words(run: str) -> str:
    """White space in words, because it is not seen."""
    words = []
    for character, alike in itertools.groupby(run):
        count = len(list(alike))
        name = _WHITE.get(character) or unicodedata.name(character, f"U+{ord(character):04X}").lower()
        words.append(f"a {name}" if count == 1 else f"{count} {name}s")
    return " and ".join(words[:3])


def changed_members(first: Any, again: Any) -> list[str]:
    """Return the pointers of the first members in which two JSON values differ."""
    return list(itertools.islice(_changed(first, again, ""), _MOST_MEMBERS))


def _changed(first: Any, again: Any, place: str) -> Iterator[str]:
    if isinstance(first, Mapping) and isinstance(again, Mapping):
        for name in dict.fromkeys((*first, *again)):
            if name not in first or name not in again:
                yield f"{place}/{name}"
            else:
                yield from _changed(first[name], again[name], f"{place}/{name}")
    elif first != again:
        yield place


def _unlike(sent: str, shown: str) -> str:
    """The parts of two texts that begin to differ at some character, with what stands before them."""
    pairs = zip(sent, shown, strict=False)
    at = next((number for number, (one, other) in enumerate(pairs) if one != other), min(len(sent), len(shown)))
    start = max(0, at - _LONGEST // 8)
    end = start + _LONGEST // 2
    quoted = [_quote_text(text[start:end]) for text in (sent, shown)]
    one, other = (
        f"{'…' if start else ''}{cut}{'…' if end < len(text) else ''}"
        for cut, text in zip(quoted, (sent, shown), strict=True)
    )
    return f"{one} as {other}"


def _of_objects(sent: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    lost = [name for name in sent if sent[name] is not None and shown.get(name) is None]
    changed = [name for name in sent if name not in lost and shown.get(name) != sent[name]]
    more = [name for name in shown if name not in sent and shown[name] is not None]
    if len(changed) > 1 and not lost and not more and sorted(map(str, sent.values())) == sorted(map(str, shown.values())):
        return f"comes back with {' and '.join(f'`{name}`' for name in changed[:4])} exchanged"
    ways = [describe_difference(sent[name], shown[name]) for name in changed if isinstance(sent[name], str)]
    if len(ways) == len(changed) > 0 and not lost and not more:
        return f"{ways[0]}, in its {', '.join(f'`{name}`' for name in changed[:4])}"
    numbers = [f" ({quote_json(sent[name], _LONGEST)} as {quote_json(shown[name], _LONGEST)})" for name in changed[:1]]
    gone = f" ({quote_json(sent[lost[0]], _LONGEST)})" if len(lost) == 1 and not _is_long(sent[lost[0]]) else ""
    parts = [
        *(f"{each}{gone}" for each in _named("loses", lost)),
        *(f"{each}{''.join(numbers)}" for each in _named("comes back with another", changed)),
        *_named("comes back with an additional", more),
    ]
    return " and ".join(parts) or CHANGED


def _named(verb: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"{verb} {', '.join(f'`{name}`' for name in names[:4])}"


def _of_arrays(sent: Sequence[Any], shown: Sequence[Any]) -> str:
    if not shown:
        return "comes back empty"
    if sorted(map(json.dumps, sent)) == sorted(map(json.dumps, shown)):
        return "comes back in another order"
    kept = [item for item in sent if item in shown]
    if len(kept) < len(sent) and len(shown) == len(kept):
        return f"loses {len(sent) - len(kept)} of {len(sent)} entries"
    pairs = [(one, other) for one, other in zip(sent, shown, strict=False) if one != other]
    if pairs and len(shown) == len(sent) and all(isinstance(each, str) for pair in pairs for each in pair):
        return describe_difference(*pairs[0])
    if len(shown) > len(sent):
        return f"comes back with {len(shown)} entries instead of {len(sent)}"
    return OTHER_ENTRIES
