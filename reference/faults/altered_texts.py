"""Faults of custom texts: what a pipeline of filters, parsers and columns makes of them, each reported of another API."""

from __future__ import annotations

import html
import re
import unicodedata
import urllib.parse
from typing import Any

from .row import altered

__all__: list[str] = []


def _replaced(pattern: str, replacement: str) -> Any:
    return lambda text: re.sub(pattern, replacement, text, flags=re.DOTALL) if isinstance(text, str) else text


def _of_text(change: Any) -> Any:
    return lambda text: change(text) if isinstance(text, str) else text


def _cut(length: int) -> Any:
    return _of_text(lambda text: text[:length])


def _instead_of(words: tuple[str, ...], value: Any) -> Any:
    return lambda text: value if isinstance(text, str) and text in words else text


def _in_code_units(text: str, most: int) -> str:
    """Cut the text after so many units of UTF-16; half a pair comes out as the replacement character."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "replace")


def _as_number(text: str) -> str:
    try:
        return f"{float(text):.0f}"
    except (ValueError, OverflowError):
        return text


SPACES = altered(
    "TEXT",
    ("OuterSpacesLost", "A custom text loses the spaces at its ends.", _of_text(str.strip), "webhookdb/webhookdb#899"),
    ("FirstSpaceLost", "A custom text loses its first space.", _of_text(str.lstrip), "Mapepire-IBMi/mapepire-server#97"),
    ("SpacesCollapsed", "Spaces within a custom text become one.", _replaced(" {2,}", " "), "tldraw/tldraw-v1#431"),
    ("FixedSpacesPlain", "A no-break space becomes a space.", _replaced("\u00a0", " "), "dimagi/Vellum#559"),
    (
        "FirstTabDoubled",
        "A tab at the beginning is doubled.",
        _replaced("^\t", "\t\t"),
        "gopaljilab/Clinical-Insight-Engine#854",
    ),
    ("LineFeedsPaired", "A line feed becomes two characters.", _replaced("(?<!\r)\n", "\r\n"), "whatwg/html#6647"),
    ("CarriageReturnsLost", "Carriage returns are lost.", _replaced("\r\n", "\n"), "personium/personium-core#592"),
)
CHARACTERS = altered(
    "TEXT",
    (
        "MarksComposed",
        "Combining marks are composed.",
        _of_text(lambda text: unicodedata.normalize("NFC", text)),
        "Scille/parsec-cloud#5245",
    ),
    (
        "MarksDecomposed",
        "Accented letters are decomposed.",
        _of_text(lambda text: unicodedata.normalize("NFD", text)),
        "nodejs/node#2165",
    ),
    (
        "FourBytesQuestioned",
        "Each byte of an emoji becomes a question mark.",
        _replaced("[^\u0000-\uffff]", "????"),
        "aaronpk/webmention.io#203",
    ),
    (
        "CutAtFourBytes",
        "A text ends before its first emoji.",
        _replaced("[^\u0000-\uffff].*", ""),
        "Needlworks/Textcube#1840",
    ),
    ("SelectorsLost", "Variation selectors are lost.", _replaced("\ufe0f", ""), "aaronpk/webmention.io#203"),
    ("JoinersLost", "Zero-width joiners are lost.", _replaced("\u200d", ""), "AlexanderMattTurner/agent-sanitizer#71"),
    ("NonJoinersLost", "Zero-width non-joiners are lost.", _replaced("\u200c", ""), "jhy/jsoup#1244"),
    ("ZeroWidthLost", "Zero-width spaces are lost.", _replaced("[\u200b\ufeff]", ""), "jonnitto/Jonnitto.Plyr#25"),
    (
        "DirectionMarksLost",
        "Marks of direction are lost.",
        _replaced("[\u061c\u200e\u200f]", ""),
        "spencermountain/out-of-character#90",
    ),
    ("OverridesLost", "Overrides of direction are lost.", _replaced("[\u202a-\u202e]", ""), "savetheinternet/Tinyboard#121"),
    (
        "ReadAsLatin",
        "UTF-8 is read as Latin-1.",
        _of_text(lambda text: text.encode().decode("latin-1")),
        "uselagoon/lagoon#1681",
    ),
)
MARKUP = altered(
    "TEXT",
    ("AmpersandsEscaped", "An ampersand becomes an entity.", _replaced("&", "&amp;"), "appirio-tech/connect-app#1397"),
    (
        "EntitiesDoubled",
        "Entities are escaped once more.",
        _replaced("&(?=[a-z]+;)", "&amp;"),
        "mjordan/islandora_workbench#700",
    ),
    ("EntitiesDecoded", "Entities become characters.", _of_text(html.unescape), "GetDKAN/open_data_schema_map#104"),
    ("TagsStripped", "What looks like a tag is lost.", _replaced("<[^>]*>", ""), "nextlyhq/nextly#1651"),
    ("CutAtLessThan", "A text ends at a less-than sign.", _replaced(r"<\S[^>]*$", ""), "pods-framework/pods#6414"),
    ("ScriptsLost", "A script element is lost.", _replaced("<script.*?</script>", ""), "apostrophecms/sanitize-html#24"),
    ("BackslashesLost", "Backslashes are lost.", _replaced(r"\\", ""), "pods-framework/pods#5040"),
    ("EscapedQuotesBare", "A backslash before a quote is lost.", _replaced(r'\\"', '"'), "CMB2/CMB2#981"),
    ("QuotesEscaped", "A quote gets a backslash.", _replaced('"', '\\\\"'), "kennym/cf7-to-api#51"),
    ("QuotesCurled", "Straight quotes become curly.", _replaced("['\"]", "\u2019"), "Automattic/stories-android#503"),
    ("ApostrophesDoubled", "An apostrophe is doubled.", _replaced("'", "''"), "ALonelyJuicebox/OFMetadataToStash#35"),
    ("PlusIsSpace", "A plus sign becomes a space.", _replaced(r"\+", " "), "gemi254/ConfigAssist-ESP32-ESP8266#9"),
    ("PercentDecoded", "Percent escapes are decoded.", _of_text(urllib.parse.unquote), "subasraj/flashpost-support#24"),
    ("PercentClears", "A text with a percent sign is lost.", _replaced("^.*%.*$", ""), "DeployHubProject/DeployHub-Pro#145"),
    ("BracesFilled", "A template's placeholder is filled in.", _replaced(r"\{\{.*?\}\}", ""), "everruns/bashkit#1240"),
    (
        "FormulaQuoted",
        "A formula gets an apostrophe.",
        _replaced(r"^(?=[=+\-@])", "'"),
        "opendistro-for-elasticsearch/sql#447",
    ),
)
TAKEN_FOR_SOMETHING = altered(
    "TEXT",
    (
        "NullWordIsNull",
        "The word null is taken for null.",
        _instead_of(("null", "Null", "NULL"), None),
        "kylebarron/medicare-documentation#14",
    ),
    ("MissingWordIsNull", "N/A is taken for null.", _instead_of(("NA", "N/A"), None), "wireservice/csvkit#49"),
    ("NoIsFalse", "NO is taken for false.", _instead_of(("NO", "no", "No"), "false"), "uclchem/UCLCHEM#166"),
    ("TrueWordIsNumber", "The word true is taken for a boolean.", _instead_of(("true",), "1"), "xiaohutai/jsonapi#98"),
    ("ZeroTextIsUnset", "The text 0 is taken for unset.", _instead_of(("0",), None), "statamic/v2-hub#845"),
    ("LeadingZerosLost", "Zeros before digits are lost.", _replaced(r"^0+(?=\d+$)", ""), "outl1ne/nova-translatable#62"),
    (
        "TrailingZeroLost",
        "Zeros after a point are lost.",
        _replaced(r"^(\d+\.\d*?)0+$", r"\1"),
        "terraform-compliance/cli#799",
    ),
    (
        "ExponentExpanded",
        "A text like 1e5 is taken for a number.",
        lambda text: _as_number(text) if re.fullmatch(r"\d+[eE]\d+", text or "") else text,
        "livecode/livecode#6861",
    ),
    (
        "DigitsThroughDouble",
        "A long text of digits is taken for a number.",
        lambda text: _as_number(text) if re.fullmatch(r"\d{16,}", text or "") else text,
        "tidwall/gjson#74",
    ),
    (
        "DateTextRewritten",
        "A text like a date is rewritten.",
        _replaced(r"^(\d{4}-\d\d-\d\d)$", r"\1T00:00:00Z"),
        "blacksmithgu/obsidian-dataview#652",
    ),
    (
        "NullIsWord",
        "Null is stored as a word.",
        lambda text: "null" if text is None else text,
        "globalbioticinteractions/nomer#219",
    ),
)
LENGTHS = altered(
    "TEXT",
    ("CutAt50", "A text is cut after 50 characters.", _cut(50), "apigee/apigee-api-catalog-drupal#38"),
    ("CutAt140", "A text is cut after 140 characters.", _cut(140), "frappe/frappe#1323"),
    ("CutAt200", "A text is cut after 200 characters.", _cut(200), "BookStackApp/BookStack#5037"),
    ("CutAt255", "A text is cut after 255 characters.", _cut(255), "specify/specify7#1979"),
    (
        "CutInSurrogates",
        "A text is cut after 101 units of UTF-16.",
        _of_text(lambda text: _in_code_units(text, 101)),
        "langfuse/langfuse#16172",
    ),
)
MARKDOWN = altered(
    "MARKDOWN",
    ("MarkdownTagsStripped", "A tag in Markdown is lost.", _replaced("<[^>]*>", ""), "mganss/HtmlSanitizer#251"),
    ("MarkdownQuotesLost", "The mark of a quotation is lost.", _replaced(">", ""), "tgalopin/html-sanitizer#77"),
    ("MarkdownBackslashesHalved", "Of two backslashes one is lost.", _replaced(r"\\\\", r"\\"), "danpros/htmly#601"),
    (
        "MarkdownSpacesCollapsed",
        "Spaces within Markdown become one.",
        _replaced("(?<=[^ \n]) {2,}", " "),
        "wilkelab/ggtext#106",
    ),
    (
        "MarkdownFixedSpacesLost",
        "The entity of a no-break space is lost.",
        _replaced("&nbsp;", ""),
        "jegelstaff/formulize#332",
    ),
    ("MarkdownLastLineLost", "Line feeds at the end are lost.", _replaced("\n+$", ""), "saplingjs/sapling#99"),
    ("MarkdownFourBytesLost", "Emoji in Markdown are lost.", _replaced("[^\u0000-\uffff]", ""), "upframe/upframe.io#98"),
    (
        "MarkdownTrimmed",
        "Spaces at the ends of Markdown are lost.",
        _of_text(lambda text: text.strip(" ")),
        "libris/librisxl#755",
    ),
)
