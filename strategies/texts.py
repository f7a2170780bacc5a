"""The texts that a careless server alters, each with where one was reported that does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st

from .values import PLAIN_TEXT, Echo, Value, draw_texts, observed

__all__ = [
    "LOOK_ALIKES",
    "MARKED_UP",
    "OBSERVED_TEXTS",
    "PECULIAR_TEXTS",
    "TEXTS",
    "WITH_MARKS",
    "draw_marked_texts",
    "text_of_length",
]

_NAUGHTY: Final = "minimaxir/big-list-of-naughty-strings"


def text_of_length(length: int) -> str:
    """Return a text of that many characters. It numbers its own positions, so that a cut shows where it was made."""
    numbered = "".join(f"{PLAIN_TEXT} {place:05} " for place in range(0, length, len(PLAIN_TEXT) + 7))
    return f"{numbered[: length - 1]}."


WITH_MARKS: Final = Value(
    " Sample  text\u00a0re\u0301sume\u0301 r\u00e9sum\u00e9 ﬁ Å ½ 👩‍👩‍👧 ❤\ufe0f 𠜎 می\u200cخواهم עברית İıẞß ",
    "spaces-and-marks",
    source="webhookdb/webhookdb#899, tldraw/tldraw-v1#431, dimagi/Vellum#559, Scille/parsec-cloud#5245, nodejs/node#2165, "
    "aaronpk/webmention.io#203, AlexanderMattTurner/agent-sanitizer#71, jhy/jsoup#1244, uselagoon/lagoon#1681",
)
"""White space, combining marks, and characters of more than two bytes, all in one text: what one filter alters, shows."""
MARKED_UP: Final = Value(
    'Sample <b>x</b> &amp; & "a" \'b\' “a” ‘b’ \\ \\" \\n %41%20 1+1 {{0}} ${x} %s <3',
    "markup",
    source="appirio-tech/connect-app#1397, mjordan/islandora_workbench#700, nextlyhq/nextly#1651, pods-framework/pods#6414, "
    "CMB2/CMB2#981, kennym/cf7-to-api#51, gemi254/ConfigAssist-ESP32-ESP8266#9, subasraj/flashpost-support#24, "
    "everruns/bashkit#1240",
)
"""Characters that mean something in HTML, in quotes, in URLs and in templates, all in one text."""
LOOK_ALIKES: Final[tuple[Value, ...]] = (
    Value("null", "looks-like-null", source="kylebarron/medicare-documentation#14"),
    Value("007", "looks-like-a-number", source="outl1ne/nova-translatable#62"),
    Value("=1+1", "looks-like-a-formula", source="opendistro-for-elasticsearch/sql#447"),
    Value("0", "looks-like-zero", source="statamic/v2-hub#845"),
    Value("N/A", "looks-like-missing", source="wireservice/csvkit#49"),
    Value("NO", "looks-like-false", source="uclchem/UCLCHEM#166"),
    Value("2026-03-01", "looks-like-a-date", source="blacksmithgu/obsidian-dataview#652"),
    Value("1.10", "looks-like-a-decimal", source="terraform-compliance/cli#799"),
    Value("true", "looks-like-true", source="xiaohutai/jsonapi#98"),
    Value("1e5", "looks-like-an-exponent", source="livecode/livecode#6861"),
    Value("12345678901234567890", "looks-like-a-long-number", source="tidwall/gjson#74"),
    Value("<script>Sample</script> text", "script", source="apostrophecms/sanitize-html#24"),
    Value("'); SELECT 1; --", "looks-like-sql", source=_NAUGHTY),
    Value("../../Sample/%2e%2e", "looks-like-a-path", source=_NAUGHTY),
    Value('{"Sample": [null, 1]}', "json", source=_NAUGHTY),
    Value("undefined", "looks-like-undefined", source=_NAUGHTY),
    Value("NaN", "looks-like-no-number", source=_NAUGHTY),
)
"""Texts that a parser takes for something else when they stand by themselves, so no marker can be put in."""

TEXTS: Final[Mapping[str, tuple[Value, ...]]] = {
    "plain": (
        Value(PLAIN_TEXT, "plain"),
        Value("x", "one-character"),
        Value(text_of_length(100), "100-characters", source="apigee/apigee-api-catalog-drupal#38"),
        # 240 bytes of UTF-8, so that a column of 255 takes it however it counts.
        Value("😀" * 60, "60-emoji", source="langfuse/langfuse#16172"),
        Value("sAMPLE İıẞß", "letter-case", source="dvcrn/obsidian-filename-heading-sync#90"),
    ),
    "spaces": (
        Value("Sample ", "trailing-space", source="webhookdb/webhookdb#899"),
        Value(" Sample", "leading-space", source="Mapepire-IBMi/mapepire-server#97"),
        Value("Sample  text", "two-inner-spaces", source="tldraw/tldraw-v1#431"),
        Value("\u3000Sample\u00a0text\u00a0", "wide-and-fixed-spaces", source="dimagi/Vellum#559"),
    ),
    "beyond-bmp": (
        Value("Sample 😀", "non-bmp", source="upframe/upframe.io#98"),
        Value("𝒮ample 𠜎", "non-bmp-letters", source="Needlworks/Textcube#1840"),
        Value("Sample 👩‍👩‍👧 ❤\ufe0f", "joined-emoji", source="AlexanderMattTurner/agent-sanitizer#71"),
    ),
    "marks": (
        Value("Sample re\u0301sume\u0301", "decomposed", source="Scille/parsec-cloud#5245"),
        Value("Sample r\u00e9sum\u00e9", "composed", source="nodejs/node#2165"),
        Value("Sample ﬁ Å ½", "compatibility-characters", source="rurban/ctl#23"),
        Value("Sample עברית العربية", "right-to-left", source="uselagoon/lagoon#1681"),
        WITH_MARKS,
    ),
    "special": (
        Value("\"Sample 'single' `back`\"", "quotes", source="kennym/cf7-to-api#51"),
        Value("Sample \\ \\n \\u0041 / %41 +", "backslashes", source="pods-framework/pods#5040"),
        Value("<b>Sample</b> &amp; & Co.", "html", source="appirio-tech/connect-app#1397"),
        Value("=Sample+1 {{0}} ${x} %s #{y} :smile:", "formula-and-template", source="everruns/bashkit#1240"),
        MARKED_UP,
    ),
}
"""Texts that are demanded to be taken and returned code point for code point, by kind; the plainest first."""

OBSERVED_TEXTS: Final[tuple[Value, ...]] = (
    observed(text_of_length(10_000), "10000-characters", Echo.SAME, "specify/specify7#1979, IQSS/dataverse#2669"),
    observed(
        "Sample\u200b \u200e\u200f\u061c \u202etxet\u202c\ufeff text",
        "format-characters",
        Echo.SAME,
        "jonnitto/Jonnitto.Plyr#25, spencermountain/out-of-character#90, savetheinternet/Tinyboard#121",
    ),
    observed(
        "\tSample\ttext\r\ntext\ntext\n",
        "tabs-and-line-ends",
        Echo.SAME,
        "gopaljilab/Clinical-Insight-Engine#854, personium/personium-core#592, whatwg/html#6647, saplingjs/sapling#99",
    ),
    observed(text_of_length(255), "255-characters", Echo.SAME, "BookStackApp/BookStack#5037"),
    observed(text_of_length(256), "256-characters", Echo.SAME, "specify/specify7#1979"),
    observed(text_of_length(2000), "2000-characters", Echo.SAME, "IQSS/dataverse#2669"),
    observed("Sample\ttext", "tab", Echo.SAME),
    observed("Sample\ntext", "line-feed", Echo.SAME, "whatwg/html#6647"),
    observed("Sample\r\ntext", "carriage-return", Echo.SAME, "personium/personium-core#592"),
    observed("Sample\u0000text", "nul", Echo.SAME, _NAUGHTY),
    observed("Sample\u001b[0m\u007f", "escape-and-delete", Echo.SAME, _NAUGHTY),
    observed("\ufeffSample\u200b", "zero-width", Echo.SAME, "jonnitto/Jonnitto.Plyr#25"),
    observed("Sample \u202etxet\u202c", "bidirectional-override", Echo.SAME, "savetheinternet/Tinyboard#121"),
    observed("Sample\u2028text", "line-separator", Echo.SAME, _NAUGHTY),
    observed("Sample \ue000 \uffff", "private-and-noncharacter", Echo.SAME, _NAUGHTY),
)
"""Texts that a target may refuse with a 4xx (contract 11); once accepted, they come back as sent. The sources name no
greatest length; 100 characters is what we hold to be safe to demand."""

_CHANCE: Final = 8
"""Characters below which somebody else may have a text too."""
PECULIAR_TEXTS: Final = frozenset(
    text.value for kind in (*TEXTS.values(), OBSERVED_TEXTS) for text in kind if text.source and len(text.value) >= _CHANCE
)
"""Texts that no organization has by itself: where one stands, a create of ours has set it."""


def draw_marked_texts() -> st.SearchStrategy[str]:
    """Draw texts for the marker place; they shrink to the plain text of the smallest body."""
    return st.just(PLAIN_TEXT) | draw_texts() | st.sampled_from([text.value for kind in TEXTS.values() for text in kind])
