"""Faults of custom numbers, dates, addresses, names and options: what storage makes of them, as somebody reported."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Mapping
from typing import Any

from .row import altered, refused

__all__: list[str] = []


def _of_number(change: Any) -> Any:
    return lambda value: change(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _part(name: str, change: Any) -> Any:
    """Change one part of an object where it is there."""
    return lambda value: (
        {**value, name: change(value[name])} if isinstance(value, dict) and value.get(name) is not None else value
    )


def _parts(change: Any) -> Any:
    return lambda value: {name: change(part) for name, part in value.items()} if isinstance(value, dict) else value


def _text(change: Any) -> Any:
    return lambda value: change(value) if isinstance(value, str) else value


def _each(change: Any) -> Any:
    """Change a text, or each text of an array."""
    return lambda value: [change(text) for text in value] if isinstance(value, list) else _text(change)(value)


def _joined(value: Any) -> Any:
    if not isinstance(value, dict) or not value.get("street2"):
        return value
    return {**value, "street": f"{value.get('street')}, {value['street2']}", "street2": None}


def _in_summer(value: Any) -> Any:
    """An hour later from April to September."""
    summer = isinstance(value, str) and value[5:7] in ("04", "05", "06", "07", "08", "09")
    return (datetime.datetime.fromisoformat(value) + datetime.timedelta(hours=1)).isoformat() if summer else value


def _at_null_island(value: Any) -> Any:
    zero = isinstance(value, dict) and value.get("latitude") == 0 == value.get("longitude")
    return {**value, "latitude": None, "longitude": None} if zero else value


def _without_place(value: Any) -> Any:
    bare = isinstance(value, dict) and "latitude" in value and not value.get("city") and not value.get("country")
    return {**value, "latitude": 0, "longitude": 0} if bare else value


def _moved(text: str, seconds: float) -> str:
    moment = datetime.datetime.fromisoformat(text) + datetime.timedelta(seconds=seconds)
    return moment.isoformat().replace("+00:00", "Z")


def _day_before(text: str) -> str:
    return _moved(text, -86400) if re.search(r"T00:00:00(\.0+)?Z$", text) else text


def _day_after(text: str) -> str:
    return _moved(text, 86400) if re.search(r"\+(0[4-9]|1\d):\d\d$", text) else text


def _only_middle(value: Any) -> Any:
    return value[1:-1] if isinstance(value, list) and len(value) > 2 else value


def _is_negative(value: Any) -> bool:
    return isinstance(value, (int, float)) and value < 0


def _has_decimals(value: Any) -> bool:
    return isinstance(value, (int, float)) and value != int(value)


def _is_beyond_ascii(value: Any) -> bool:
    return isinstance(value, Mapping) and not all(str(part).isascii() for part in value.values())


NUMBERS = altered(
    "NUMBER",
    (
        "DecimalsShifted",
        "A number's decimals become digits.",
        _of_number(lambda number: number * 100 if _has_decimals(number) else number),
        "jstanden/cerb#606",
    ),
    (
        "SixDigitsKept",
        "Of a number six digits are kept.",
        _of_number(lambda number: float(f"{number:.6g}")),
        "openplanet-nl/issues#283",
    ),
    (
        "ClampedTo32Bits",
        "A number beyond 32 bits becomes the greatest.",
        _of_number(lambda number: max(-(2**31), min(2**31 - 1, number))),
        "rapidminer/rapidminer-studio#16",
    ),
    (
        "LargeNumberIsText",
        "A number beyond 32 bits comes back as a text.",
        _of_number(lambda number: str(number) if abs(number) > 2**31 else number),
        "hhyo/Archery#3230",
    ),
    (
        "SafeIntegersOffByOne",
        "A large number loses its last digit.",
        _of_number(lambda number: number // 10 * 10 if isinstance(number, int) and abs(number) > 2**50 else number),
        "jqlang/jq#46",
    ),
    ("NullIsZero", "Null is taken for 0.", lambda number: 0 if number is None else number, "culturecode/card#31"),
    ("SignLost", "A number loses its sign.", _of_number(abs), "JackAdams/meteor-editable-text#85"),
)
REFUSED_NUMBERS = refused(
    "NUMBER",
    (
        "ZeroIsMissing",
        "The number 0 is refused as missing.",
        lambda value: value == 0 and value is not None,
        "otissv/is-schema-valid#4",
    ),
    ("NegativesRefused", "A negative number is refused.", _is_negative, "jstanden/cerb#940"),
    ("DecimalsRefused", "A number with decimals is refused.", _has_decimals, "cachethq/cachet#1950"),
    (
        "LargeNumberRefused",
        "A number beyond 32 bits is refused.",
        lambda value: isinstance(value, (int, float)) and abs(value) > 2**31,
        "gdm85/go-libdeluge#42",
    ),
)
AMOUNTS = altered(
    "CURRENCY",
    (
        "CentsTruncated",
        "An amount is cut to cents after a multiplication.",
        _of_number(lambda amount: int(amount * 100) / 100),
        "BasedHardware/omi#10158",
    ),
    ("ZeroAmountIsUnset", "The amount 0 is taken for unset.", lambda amount: amount or None, "dimagi/commcare-hq#22710"),
    ("AmountRounded", "An amount is rounded to its unit.", _of_number(round), "responsiv/currency-plugin#56"),
)
TRUTHS = altered(
    "CHECKBOX",
    ("FalseIsTrue", "False becomes the default, true.", lambda value: True if value is False else value, "dadi/api#12"),
    ("NullIsFalse", "Null is taken for false.", bool, "ajepe/odoo-addons#15"),
    (
        "TruthIsText",
        "A truth value comes back as a text.",
        lambda value: value if value is None else str(value).lower(),
        "etalab/sirene_as_api#282",
    ),
)
REFUSED_TRUTHS = refused(
    "CHECKBOX",
    (
        "FalseIsMissing",
        "False is refused as missing.",
        lambda value: value is False,
        "feathersjs-ecosystem/feathers-hooks-common#470",
    ),
)
DATES = altered(
    "DATETIME",
    (
        "ZoneIsLocal",
        "A time in UTC is taken for local.",
        _text(lambda text: _moved(text, -7200) if text.endswith("Z") else text),
        "cachethq/core#434",
    ),
    (
        "OffsetIgnored",
        "An offset is dropped.",
        _text(lambda text: re.sub(r"[+-]\d\d:\d\d$", "Z", text)),
        "ulsklyc/yuvomi#1364",
    ),
    (
        "OffsetMinutesLost",
        "The minutes of an offset are dropped.",
        _text(lambda text: re.sub(r"([+-]\d\d):\d\d$", r"\1:00", text)),
        "bitwalker/timex#250",
    ),
    (
        "OffsetOfMinutesTurned",
        "An offset of less than an hour changes its sign.",
        _text(lambda text: text.replace("-00:30", "+00:30")),
        "jweir/elm-iso8601#17",
    ),
    (
        "FractionLost",
        "The fraction of a second is dropped.",
        _text(lambda text: re.sub(r"\.\d+", "", text)),
        "manifoldmarkets/manifold#3803",
    ),
    ("SummerAnHourLate", "A time in summer comes an hour late.", _in_summer, "spencermountain/spacetime#108"),
    ("MidnightIsDayBefore", "Midnight becomes the day before.", _text(_day_before), "ynput/ayon-frontend#1972"),
    ("EastIsDayAfter", "A time east of +04:00 gets a day more.", _text(_day_after), "spencermountain/spacetime#108"),
)
REFUSED_DATES = refused(
    "DATETIME",
    (
        "HalfHourRefused",
        "An offset with minutes is refused.",
        lambda value: bool(re.search(r"[+-]\d\d:30$", value or "")),
        "vladmihalcea/hypersistence-utils#331",
    ),
    (
        "FractionRefused",
        "A fraction of a second is refused.",
        lambda value: "." in (value or ""),
        "GregDThomas/jquery-localtime#17",
    ),
)
ADDRESSES = altered(
    "ADDRESS",
    ("StreetsJoined", "The second line of an address joins the first.", _joined, "printdotio/printio-ios-sdk#210"),
    (
        "ZeroDegreesLost",
        "A longitude of 0 is lost.",
        _part("longitude", lambda degrees: degrees or None),
        "Perseudonymous/datapoint-python#17",
    ),
    ("LongitudeUnsigned", "A longitude loses its sign.", _part("longitude", abs), "Perseudonymous/datapoint-python#17"),
    ("NullIslandLost", "Latitude and longitude of 0 are lost.", _at_null_island, "lumifyio/lumify#520"),
    ("PlacelessDegreesZero", "Degrees without a city become 0.", _without_place, "alkem-io/server#5208"),
    (
        "PostalCodeIsNumber",
        "A postal code loses its zeros.",
        _part("postalCode", lambda text: text.lstrip("0")),
        "PaystackOSS/plugin-payment-forms-for-wordpress#41",
    ),
)
REFUSED_ADDRESSES = refused(
    "ADDRESS", ("LettersBeyondAsciiRefused", "An address beyond ASCII is refused.", _is_beyond_ascii, "theCrag/website#949")
)
NAMES = altered(
    "FULL_NAME",
    ("NameEscaped", "An apostrophe in a name becomes an entity.", _parts(_text(html.escape)), "CVEProject/cve-services#729"),
    (
        "NameTitled",
        "A name gets one capital letter for each word.",
        _parts(_text(str.title)),
        "TangoTek/TekTopia-Community#639",
    ),
    (
        "NullNameLost",
        "A last name of Null is taken for null.",
        _part("lastName", lambda text: None if text == "Null" else text),
        "globalbioticinteractions/nomer#219",
    ),
    (
        "NameInAscii",
        "Letters of a name beyond ASCII are lost.",
        _parts(_text(lambda text: text.encode("ascii", "ignore").decode())),
        "m3dev/octoparts#169",
    ),
)
EMAILS = altered(
    "EMAIL",
    (
        "EmailDotsLost",
        "Dots before the at sign are lost.",
        _each(lambda text: re.sub(r"\.(?=.*@)", "", text)),
        "Kalin-Rudnicki/Oxygen#289",
    ),
)
CHOICES = altered(
    "MULTI_SELECT",
    ("OuterChoicesLost", "Of three options the one in the middle is kept.", _only_middle, "dotCMS/core#31038"),
    ("EmptyChoiceAdded", "An empty option is added.", lambda value: [*value, ""] if value else value, "dotCMS/core#12705"),
)
