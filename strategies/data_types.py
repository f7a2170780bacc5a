"""The value types that are no plain text: numbers, booleans, dates, addresses and names."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Final

from hypothesis import strategies as st

from ..spec import FieldDefinition
from .fresh import fresh_address, fresh_date, fresh_name, fresh_number
from .values import PLAIN_TEXT, Echo, JsonStrategy, Sameness, Value, ValueType, draw_texts, observed

__all__ = ["DATA_TYPES"]

_SAFE: Final = 2**53 - 1
"""The greatest integer that every JSON reader keeps (RFC 8259 section 6)."""

_NO_MINOR_UNIT: Final = frozenset({"CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"})
"""Currencies in which two decimals are no amount (ISO 4217)."""

_STREET: Final = {"street": "12 Sample Street", "street2": "Floor 3", "city": "Zürich", "state": "ZH"}
_ADDRESS: Final = {**_STREET, "postalCode": "08001", "country": "CH", "latitude": 47.37, "longitude": 8.54}
_NAME: Final = {"firstName": "Ada", "lastName": "Løvelace"}
_POSTAL_CODE: Final = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)
_OFFSETS: Final = tuple(datetime.timezone(datetime.timedelta(minutes=minutes)) for minutes in (0, 330, -480))
_HUNDREDTHS: Final = 100


def _number(_: FieldDefinition) -> tuple[Value, ...]:
    return (
        Value(42, "integer"),
        Value(0, "zero", source="otissv/is-schema-valid#4"),
        Value(-12.34, "negative-with-two-decimals", source="jstanden/cerb#940, jstanden/cerb#606"),
        Value(_SAFE, "largest-safe-integer", source="jqlang/jq#46"),
        Value(4294967296, "beyond-32-bits", source="rapidminer/rapidminer-studio#16"),
        Value(1234567.89, "nine-digits", source="openplanet-nl/issues#283"),
        Value(0.01, "hundredth", source="cachethq/cachet#1950"),
        Value(10.5, "one-decimal"),
        Value(1250.0, "whole-with-a-point"),
        Value(-_SAFE, "smallest-safe-integer", source="jqlang/jq#46"),
        observed(-0.0, "negative-zero", Echo.SAME),
        observed(_SAFE + 1, "beyond-safe-integer"),
        observed(-_SAFE - 2, "below-safe-integer"),
        observed(12.345, "three-decimals", source="jstanden/cerb#606"),
        observed(0.1 + 0.2, "seventeen-digits"),
        observed(1.7976931348623157e308, "largest-double"),
        observed(5e-324, "smallest-double"),
    )


def _draw_number(_: FieldDefinition) -> JsonStrategy:
    return st.integers(-_SAFE, _SAFE) | _draw_two_decimals(-(10**11), 10**11)


def _draw_two_decimals(least: int, most: int) -> JsonStrategy:
    """Draw hundredths as a whole number of them, so that two decimals are all there are."""
    return st.integers(least, most).map(lambda hundredths: hundredths / _HUNDREDTHS)


def _currency(definition: FieldDefinition) -> tuple[Value, ...]:
    decimals = _has_minor_unit(definition)
    cents = (
        Value(19.99, "cents-below-in-binary", source="BasedHardware/omi#10158"),
        Value(1999.95, "two-decimals"),
        Value(17.08, "cents-lost-in-binary", source="responsiv/currency-plugin#56"),
        Value(18709.44, "large-with-cents", source="bcherny/format-as-currency#29"),
    )
    return (
        Value(1200, "integer"),
        Value(0, "zero", source="dimagi/commcare-hq#22710"),
        *(dataclasses.replace(value, demanded=decimals, echo=Echo.SAME if decimals else Echo.PRESENT) for value in cents),
        Value(999_999_999, "large"),
        observed(-12, "negative", Echo.SAME, "jstanden/cerb#940"),
        observed(_SAFE, "largest-safe-integer", Echo.SAME),
        observed(0.001, "three-decimals"),
    )


def _draw_currency(definition: FieldDefinition) -> JsonStrategy:
    whole = st.integers(0, 10**9)
    return whole | _draw_two_decimals(0, 10**11) if _has_minor_unit(definition) else whole


def _has_minor_unit(definition: FieldDefinition) -> bool:
    """Return whether two decimals are an amount of the field's currency, as far as its configuration says."""
    return str(definition.configuration.get("currency", "")).upper() not in _NO_MINOR_UNIT


def _checkbox(_: FieldDefinition) -> tuple[Value, ...]:
    return (Value(True, "true"), Value(False, "false", source="dadi/api#12, feathersjs-ecosystem/feathers-hooks-common#470"))


def _datetime(_: FieldDefinition) -> tuple[Value, ...]:
    return (
        Value("2026-03-01T12:00:00Z", "utc", source="cachethq/core#434"),
        Value("2026-03-01T01:30:00+05:30", "east-of-utc", source="bitwalker/timex#250, spencermountain/spacetime#108"),
        Value("2026-02-28T22:15:00-08:00", "west-of-utc", source="ulsklyc/yuvomi#1364"),
        Value("2026-03-01T12:00:00.125Z", "milliseconds", source="manifoldmarkets/manifold#3803"),
        Value("2026-07-01T00:00:00Z", "midnight-in-summer", source="ynput/ayon-frontend#1972"),
        Value("2028-02-29T23:59:59Z", "leap-day"),
        Value("2025-12-31T21:30:00-03:30", "last-day-of-a-year", source="vladmihalcea/hypersistence-utils#331"),
        observed("2026-03-01T12:00:00-00:30", "half-an-hour-west", Echo.SAME, "jweir/elm-iso8601#17"),
        observed("1969-12-31T23:59:59Z", "before-1970", Echo.SAME),
        observed("9999-12-30T12:00:00Z", "last-year", Echo.SAME),
        observed("2026-03-01T12:00:00.123456789Z", "nanoseconds"),
        observed("2016-12-31T23:59:60Z", "leap-second"),
        observed("2026-03-01T12:00:00", "no-offset"),
        observed("2026-03-01", "date-only"),
    )


def _draw_datetime(_: FieldDefinition) -> JsonStrategy:
    least, most = datetime.datetime(1971, 1, 1), datetime.datetime(2100, 1, 1)
    moments = st.datetimes(least, most, timezones=st.sampled_from(_OFFSETS))
    return moments.map(lambda moment: moment.isoformat(timespec="milliseconds"))


def _address(_: FieldDefinition) -> tuple[Value, ...]:
    return (
        Value(dict(_ADDRESS), "all-parts", source="printdotio/printio-ios-sdk#210, theCrag/website#949"),
        Value({"city": "York", "country": "GB"}, "some-parts"),
        Value(
            {**_ADDRESS, "latitude": 51.48, "longitude": 0}, "zero-longitude", source="Perseudonymous/datapoint-python#17"
        ),
        Value({**_ADDRESS, "latitude": 0, "longitude": 0}, "zero-degrees", source="lumifyio/lumify#520"),
        Value({**_ADDRESS, "latitude": -90, "longitude": 180}, "edge-of-the-map"),
        Value({**_ADDRESS, "latitude": -33.45, "longitude": -70.66}, "south-west"),
        observed({"latitude": -33.86, "longitude": 151.21}, "degrees-only", Echo.SAME, "alkem-io/server#5208"),
        observed({**_ADDRESS, "street2": None, "latitude": None, "longitude": None}, "null-parts", Echo.SAME),
        observed(dict.fromkeys(_ADDRESS), "all-null", Echo.NONE),
        observed({}, "no-parts", Echo.NONE),
    )


def _draw_address(_: FieldDefinition) -> JsonStrategy:
    parts: dict[str, JsonStrategy] = {
        "street": draw_texts(),
        "postalCode": _POSTAL_CODE,
        "country": st.sampled_from(["CH", "GB", "US"]),
        "latitude": _draw_two_decimals(-9000, 9000),
        "longitude": _draw_two_decimals(-18000, 18000),
    }
    return st.fixed_dictionaries({"city": draw_texts()}, optional=parts)


def _full_name(_: FieldDefinition) -> tuple[Value, ...]:
    return (
        Value(dict(_NAME), "both-parts"),
        Value({"firstName": "玛丽 😀", "lastName": "O'Sample-Ñandú"}, "many-scripts", source="CVEProject/cve-services#729"),
        Value({"firstName": "Mc Ada", "lastName": "Null"}, "looks-like-null", source="globalbioticinteractions/nomer#219"),
        Value({"firstName": "ada", "lastName": "McSample"}, "inner-capital", source="TangoTek/TekTopia-Community#639"),
        Value({"firstName": "Ada"}, "first-only"),
        observed({"lastName": "Lovelace"}, "last-only", Echo.SAME),
        observed({"firstName": "Ada", "lastName": None}, "null-part", Echo.SAME),
        observed(dict.fromkeys(_NAME), "all-null", Echo.NONE),
        observed({}, "no-parts", Echo.NONE),
    )


def _draw_full_name(_: FieldDefinition) -> JsonStrategy:
    return st.fixed_dictionaries({"firstName": draw_texts()}, optional={"lastName": draw_texts()})


def _nonsense(value: Any) -> Any:
    return lambda _: value


DATA_TYPES: Final = (
    ValueType(
        "ADDRESS",
        _address,
        fresh=fresh_address,
        sameness=Sameness.PARTS,
        draw=_draw_address,
        nonsense=_nonsense({"city": PLAIN_TEXT, "country": "Switzerland"}),
    ),
    ValueType("CHECKBOX", _checkbox, sameness=Sameness.EXACTLY),
    ValueType("CURRENCY", _currency, fresh=fresh_number, sameness=Sameness.NUMBER, draw=_draw_currency),
    ValueType(
        "DATETIME",
        _datetime,
        fresh=fresh_date,
        sameness=Sameness.INSTANT,
        draw=_draw_datetime,
        nonsense=_nonsense("2026-02-30T12:00:00Z"),
    ),
    ValueType(
        "FULL_NAME",
        _full_name,
        fresh=fresh_name,
        sameness=Sameness.PARTS,
        draw=_draw_full_name,
        nonsense=_nonsense({"firstName": "Ada", "thirdName": PLAIN_TEXT}),
    ),
    ValueType("NUMBER", _number, fresh=fresh_number, sameness=Sameness.NUMBER, draw=_draw_number),
)
