"""What can be sent for each value type, from the field's definition: ordinary values first, then the edges."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Final

from .texts import OBSERVED_TEXTS, PLAIN_TEXT, TEXTS
from .value import Value
from .workspace import FieldDefinition, Option

__all__ = ["VALUE_TYPES", "demanded_values", "has_minor_unit", "values_of"]

_SAFE: Final = 2**53 - 1
"""The greatest integer that every JSON reader keeps (RFC 8259 section 6)."""

_NO_MINOR_UNIT: Final = frozenset({"CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"})
"""Currencies in which two decimals are no amount (ISO 4217)."""

_STREET: Final = {"street": "12 Sample Street", "street2": "Floor 3", "city": "Zürich", "state": "ZH"}
_ADDRESS: Final = {**_STREET, "postalCode": "08001", "country": "CH", "latitude": 47.37, "longitude": 8.54}
_NAME: Final = {"firstName": "Ada", "lastName": "Løvelace"}


def values_of(definition: FieldDefinition) -> tuple[Value, ...]:
    """All values worth sending to a field, the most ordinary first; none if its value type or its options are unknown."""
    make = _MAKERS.get(definition.value_type)
    return make(definition) if make else ()


def demanded_values(definition: FieldDefinition) -> tuple[Value, ...]:
    """Those of `values_of` that a source says are accepted."""
    return tuple(value for value in values_of(definition) if value.demanded)


def has_minor_unit(definition: FieldDefinition) -> bool:
    """Whether two decimals are an amount of the field's currency, as far as its configuration tells."""
    return str(definition.configuration.get("currency", "")).upper() not in _NO_MINOR_UNIT


def _observed(value: Any, feature: str, *, echoed: bool = False) -> Value:
    return Value(value, feature, demanded=False, echoed=echoed)


def _text(_: FieldDefinition) -> tuple[Value, ...]:
    blanks = (_observed("", "empty"), _observed("   ", "spaces-only"))
    return (*(kind[0] for kind in TEXTS.values()), *blanks, *OBSERVED_TEXTS)


def _markdown(_: FieldDefinition) -> tuple[Value, ...]:
    return (
        Value(PLAIN_TEXT, "plain"),
        Value("# Sample\n\n- *one*\n- **two** 😀\n\n```\nthree\n```\n", "formatted"),
        Value("Sample\\* &amp; [link](https://example.com/?a=1&b=2)", "escapes"),
        _observed("", "empty"),
        _observed("Sample\r\n\r\ntext", "carriage-returns", echoed=True),
        _observed("Sample <b>text</b><!-- -->", "html", echoed=True),
        *(text for text in OBSERVED_TEXTS if text.feature == "10000-characters"),
    )


def _number(_: FieldDefinition) -> tuple[Value, ...]:
    return (
        Value(42, "integer"),
        Value(0, "zero"),
        Value(-12.34, "negative-with-two-decimals"),
        Value(_SAFE, "largest-safe-integer"),
        Value(-_SAFE, "smallest-safe-integer"),
        _observed(-0.0, "negative-zero", echoed=True),
        _observed(_SAFE + 1, "beyond-safe-integer"),
        _observed(-_SAFE - 2, "below-safe-integer"),
        _observed(0.1 + 0.2, "seventeen-digits"),
        _observed(1.7976931348623157e308, "largest-double"),
        _observed(5e-324, "smallest-double"),
    )


def _currency(definition: FieldDefinition) -> tuple[Value, ...]:
    decimals = has_minor_unit(definition)
    return (
        Value(1200, "integer"),
        Value(0, "zero"),
        Value(1999.95, "two-decimals", demanded=decimals, echoed=decimals),
        Value(999_999_999, "large"),
        _observed(-12, "negative", echoed=True),
        _observed(_SAFE, "largest-safe-integer", echoed=True),
        _observed(0.001, "three-decimals"),
    )


def _checkbox(_: FieldDefinition) -> tuple[Value, ...]:
    return (Value(True, "true"), Value(False, "false"))


def _datetime(_: FieldDefinition) -> tuple[Value, ...]:
    return (
        Value("2026-03-01T12:00:00Z", "utc"),
        Value("2026-03-01T01:30:00+05:30", "east-of-utc"),
        Value("2026-02-28T22:15:00-08:00", "west-of-utc"),
        Value("2026-03-01T12:00:00.125Z", "milliseconds"),
        Value("2028-02-29T23:59:59Z", "leap-day"),
        _observed("1969-12-31T23:59:59Z", "before-1970", echoed=True),
        _observed("9999-12-31T23:59:59Z", "last-year", echoed=True),
        _observed("2026-03-01T12:00:00.123456789Z", "nanoseconds"),
        _observed("2016-12-31T23:59:60Z", "leap-second"),
        _observed("2026-03-01T12:00:00", "no-offset"),
        _observed("2026-03-01", "date-only"),
    )


def _one_or_more(definition: FieldDefinition, texts: tuple[Value, ...]) -> tuple[Value, ...]:
    """A field whose definition takes several gets arrays, else strings; the other form is only observed."""
    several = definition.multiple
    one, other = texts[0].value, texts[1].value
    strings = tuple(dataclasses.replace(text, demanded=text.demanded and not several) for text in texts)
    arrays = (
        Value([one], "array-of-one", demanded=several),
        Value([one, other], "array-of-two", demanded=several, echoed=several),
        _observed([], "empty-array"),
    )
    return (*arrays, *strings) if several else (*strings, *arrays)


def _email(definition: FieldDefinition) -> tuple[Value, ...]:
    texts = (
        Value("ada@example.com", "plain"),
        Value("ada.l+sample@mail.example.org", "tag-and-subdomain"),
        _observed("Ada@Example.COM", "upper-case"),
        _observed("ada@bücher.example", "international-domain"),
    )
    return _one_or_more(definition, texts)


def _url(definition: FieldDefinition) -> tuple[Value, ...]:
    texts = (
        Value("https://example.com/", "plain"),
        Value("https://www.example.org:8443/a%20b/?q=1&r=%C3%A9#part", "all-parts"),
        _observed("example.com", "no-scheme"),
        _observed("https://bücher.example/ü", "international"),
    )
    return _one_or_more(definition, texts)


def _telephone(definition: FieldDefinition) -> tuple[Value, ...]:
    return (
        Value(["+12015550123"], "one"),
        Value(["+1 (201) 555-0124"], "formatted"),
        Value(["+12015550123", "+442079460958"], "two", demanded=definition.multiple, echoed=definition.multiple),
        _observed(["555-0123"], "no-country"),
        _observed([], "empty-array"),
    )


def _social_handle(definition: FieldDefinition) -> tuple[Value, ...]:
    service = str(definition.configuration.get("handleService") or "example").lower()
    return (
        Value("adalovelace", "handle"),
        _observed("@adalovelace", "at-sign"),
        _observed(f"https://www.{service}.com/adalovelace", "profile"),
    )


def _address(_: FieldDefinition) -> tuple[Value, ...]:
    return (
        Value(dict(_ADDRESS), "all-parts"),
        Value({"city": "Zürich", "country": "CH"}, "some-parts"),
        Value({**_ADDRESS, "latitude": -90, "longitude": 180}, "edge-of-the-map"),
        _observed({**_ADDRESS, "street2": None, "latitude": None, "longitude": None}, "null-parts", echoed=True),
        _observed(dict.fromkeys(_ADDRESS), "all-null"),
        _observed({}, "no-parts"),
    )


def _full_name(_: FieldDefinition) -> tuple[Value, ...]:
    return (
        Value(dict(_NAME), "both-parts"),
        Value({"firstName": "Ada"}, "first-only"),
        Value({"firstName": "玛丽 😀", "lastName": "O'Sample-Ñandú"}, "many-scripts"),
        _observed({"firstName": "Ada", "lastName": None}, "null-part", echoed=True),
        _observed(dict.fromkeys(_NAME), "all-null"),
        _observed({}, "no-parts"),
    )


def _single_select(definition: FieldDefinition) -> tuple[Value, ...]:
    labels = [Value(option.label, "label") for option in definition.options[:1] if option.label]
    # Another option than the label's, where there is one, or a target that always takes the first would pass.
    ids = [Value(option.id, "id") for option in reversed(definition.options) if option.id][:1]
    return (*labels, *ids, *_other_case(definition.options))


def _other_case(options: tuple[Option, ...]) -> tuple[Value, ...]:
    label = options[0].label.swapcase() if options else ""
    known = {text for option in options for text in (option.id, option.label)}
    return (_observed(label, "label-in-another-case"),) if label and label not in known else ()


def _multi_select(definition: FieldDefinition) -> tuple[Value, ...]:
    names = [option.label or option.id for option in definition.options]
    if not any(names):
        return ()
    ids = [option.id for option in reversed(definition.options) if option.id and option.label]
    one = [Value(names[:1], "label" if definition.options[0].label else "id")]
    by_id = [Value(ids[:1], "id")] if ids else []
    two = [Value(names[:2], "two")] if len(names) > 1 else []
    mixed = [Value([names[0], ids[0]], "label-and-id")] if len(ids) > 1 else []
    return (*one, *by_id, *two, *mixed, _observed([], "empty-array"), _observed(names[:1] * 2, "twice-the-same"))


_MAKERS: Final[Mapping[str, Callable[[FieldDefinition], tuple[Value, ...]]]] = {
    "ADDRESS": _address,
    "CHECKBOX": _checkbox,
    "CURRENCY": _currency,
    "DATETIME": _datetime,
    "EMAIL": _email,
    "FULL_NAME": _full_name,
    "MARKDOWN": _markdown,
    "MULTI_SELECT": _multi_select,
    "NUMBER": _number,
    "SINGLE_SELECT": _single_select,
    "SOCIAL_HANDLE": _social_handle,
    "TELEPHONE": _telephone,
    "TEXT": _text,
    "URL": _url,
}

VALUE_TYPES: Final = tuple(_MAKERS)
"""The value types for which values are known."""
