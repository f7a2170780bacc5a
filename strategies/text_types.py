"""The value types that are texts: any, formatted, addresses of the net, telephone numbers, handles.

Of those with a form of their own only the strictest documented one is demanded to be accepted (contract 11).
"""

from __future__ import annotations

import dataclasses
from typing import Final

from hypothesis import strategies as st

from ..spec import FieldDefinition
from .fresh import fresh_email, fresh_handle, fresh_telephone, fresh_text, fresh_url
from .texts import LOOK_ALIKES, MARKED_UP, OBSERVED_TEXTS, TEXTS, WITH_MARKS
from .values import PLAIN_TEXT, Echo, JsonStrategy, Sameness, Value, ValueType, draw_texts, observed

__all__ = ["TEXT_TYPES"]

_HANDLE: Final = "adalovelace"
_PROFILES: Final = {
    "FACEBOOK": "https://www.facebook.com/",
    "INSTAGRAM": "https://www.instagram.com/",
    "LINKEDIN": "https://www.linkedin.com/in/",
    "TWITTER": "https://twitter.com/",
}
"""By `handleService`, what a profile's URL is before the handle."""
_HANDLES: Final = st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=12)
_WORD: Final = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)
_BLANKS: Final = (observed("", "empty", Echo.NONE), observed("   ", "spaces-only", Echo.NONE))


def _text(_: FieldDefinition) -> tuple[Value, ...]:
    plain, *others = TEXTS["plain"]
    emoji = [text for text in others if text.feature == "60-emoji"]
    return tuple(dict.fromkeys((plain, WITH_MARKS, MARKED_UP, *emoji, *LOOK_ALIKES, *others, *OBSERVED_TEXTS, *_BLANKS)))


def _markdown(_: FieldDefinition) -> tuple[Value, ...]:
    alike = [text for text in LOOK_ALIKES if text.feature in ("looks-like-null", "looks-like-a-number", "looks-like-zero")]
    return (
        Value(PLAIN_TEXT, "plain"),
        Value("# Sample *one* **two** `three` 😀", "formatted", source="upframe/upframe.io#98"),
        WITH_MARKS,
        MARKED_UP,
        Value("> Sample\\\\text\\* &nbsp; [link](https://example.com/?a=1&b=2)", "escapes", source="danpros/htmly#601"),
        *alike,
        # A line feed is a control character, which a target may refuse (contract 11).
        observed("# Sample\n\n- *one*\n- **two** 😀\n\n```\nthree\n```\n", "lines", Echo.SAME, "saplingjs/sapling#99"),
        *(text for text in OBSERVED_TEXTS if text.feature in ("10000-characters", "format-characters")),
        observed("Sample\r\n\r\ntext", "carriage-returns", Echo.SAME, "personium/personium-core#592"),
        observed("Sample <b>text</b><!-- -->", "html", Echo.SAME, "mganss/HtmlSanitizer#251"),
        observed("", "empty", Echo.NONE),
    )


def _email(definition: FieldDefinition) -> tuple[Value, ...]:
    texts = (
        Value("ada@example.com", "plain"),
        Value("ada.lovelace@mail.example.org", "subdomain", source="Kalin-Rudnicki/Oxygen#289"),
        observed("ada+sample@example.com", "tag", Echo.SAME, source="PicPeak/picpeak#579"),
        observed("Ada@Example.COM", "upper-case", Echo.SAME),
        observed("ada@bücher.example", "international-domain"),
    )
    return _one_or_more(definition, texts)


def _url(definition: FieldDefinition) -> tuple[Value, ...]:
    texts = (
        Value("https://example.com/", "plain"),
        Value("https://www.example.org:8443/a%20b/?q=1&r=%C3%A9#part", "all-parts"),
        observed("example.com", "no-scheme"),
        observed("https://bücher.example/ü", "international"),
    )
    return _one_or_more(definition, texts)


def _telephone(definition: FieldDefinition) -> tuple[Value, ...]:
    several = Echo.SAME if definition.multiple else Echo.PRESENT
    return (
        Value(["+12015550123"], "one"),
        observed(["+1 (201) 555-0124"], "formatted"),
        Value(["+12015550123", "+442079460958"], "two", demanded=definition.multiple, echo=several),
        observed(["555-0123"], "no-country"),
        observed([], "empty-array", Echo.NONE),
    )


def _social_handle(definition: FieldDefinition) -> tuple[Value, ...]:
    """A profile URL where the definition names a service that we know how to write one for, else a bare handle."""
    service = str(definition.configuration.get("handleService") or "").upper()
    profile = _PROFILES.get(service)
    if profile is None:
        return (Value(_HANDLE, "handle", demanded=not service), observed(f"@{_HANDLE}", "at-sign"))
    return (
        Value(f"{profile}{_HANDLE}", "profile"),
        observed(_HANDLE, "handle"),
        observed(f"@{_HANDLE}", "at-sign"),
    )


def _draw_handle(definition: FieldDefinition) -> JsonStrategy:
    service = str(definition.configuration.get("handleService") or "").upper()
    return _HANDLES.map(lambda handle: f"{_PROFILES.get(service, '')}{handle}")


def _one_or_more(definition: FieldDefinition, texts: tuple[Value, ...]) -> tuple[Value, ...]:
    """Arrays for a field whose definition takes several, else strings; the other form is only observed."""
    several = definition.multiple
    one, other = texts[0].value, texts[1].value
    strings = tuple(dataclasses.replace(text, demanded=text.demanded and not several) for text in texts)
    arrays = (
        Value([one], "array-of-one", demanded=several),
        Value([one, other], "array-of-two", demanded=several, echo=Echo.SAME if several else Echo.PRESENT),
        observed([], "empty-array", Echo.NONE),
    )
    return (*arrays, *strings) if several else (*strings, *arrays)


def _draw_addresses(definition: FieldDefinition, form: str) -> JsonStrategy:
    texts = _WORD.map(form.format)
    return st.lists(texts, min_size=1, max_size=3, unique=True) if definition.multiple else texts


def _one_or_array(definition: FieldDefinition, text: str) -> object:
    return [text] if definition.multiple else text


TEXT_TYPES: Final = (
    ValueType(
        "EMAIL",
        _email,
        sameness=Sameness.ENTRIES,
        draw=lambda definition: _draw_addresses(definition, "{}@example.com"),
        fresh=fresh_email,
        nonsense=lambda definition: _one_or_array(definition, "no-at-sign"),
    ),
    ValueType(
        "MARKDOWN",
        _markdown,
        sameness=Sameness.EXACTLY,
        draw=lambda _: draw_texts(),
        fresh=fresh_text,
        free_text=True,
    ),
    ValueType("SOCIAL_HANDLE", _social_handle, draw=_draw_handle, fresh=fresh_handle),
    # No more telephone numbers than those listed: a target may refuse a made-up one that is assigned to no subscriber.
    ValueType("TELEPHONE", _telephone, fresh=fresh_telephone, nonsense=lambda _: ["not a number"]),
    ValueType("TEXT", _text, sameness=Sameness.EXACTLY, draw=lambda _: draw_texts(), fresh=fresh_text, free_text=True),
    ValueType(
        "URL",
        _url,
        draw=lambda definition: _draw_addresses(definition, "https://example.com/{}"),
        fresh=fresh_url,
        nonsense=lambda definition: _one_or_array(definition, "not a url"),
    ),
)
