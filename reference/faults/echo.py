"""Faults of the echo: what was sent at a place comes back changed, or not at all."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any

from ...spec import Place
from ..definitions import Field, Relationship
from ..resources import sample_data
from ..steps import Call
from ..store import Record
from .fault import Fault, breaks, is_field, is_link, is_select, is_text

__all__: list[str] = []


def _holds_several(place: Place) -> bool:
    """Return whether it is a relationship that holds several IDs in the sample organizations, which no fragment says."""
    kept = sample_data()["cardinalities"].values()
    return is_link(place) and any(cardinalities.get(place.key) == "has_many" for cardinalities in kept)


class _Text(Fault):
    """Stores another text than the one sent."""

    def keep_value(self, field: Field, value: Any) -> Any:
        kept = super().keep_value(field, value)
        return self.change(kept) if field.key == self.key and isinstance(kept, str) else kept

    def change(self, text: str) -> str:
        """Return what is stored instead."""
        raise NotImplementedError


@breaks("echo:{place}", where=is_field)
class FieldLost(Fault):
    """What was sent at {place} is accepted and not set."""

    def keep_fields(self, call: Call) -> dict[str, Any]:
        return {key: value for key, value in super().keep_fields(call).items() if key != self.key}


@breaks("echo:{place}", where=is_text, first=True)
class TextTrimmed(_Text):
    """Spaces at the ends of {place} are cut off."""

    def change(self, text: str) -> str:
        return text.strip()


@breaks("echo:{place}", where=is_text, first=True)
class TextCollapsed(_Text):
    """Spaces inside {place} are collapsed into one."""

    def change(self, text: str) -> str:
        return re.sub(r"(?<=\S) +(?=\S)", " ", text)


@breaks("echo:{place}", where=is_text, first=True)
class TextLowered(_Text):
    """{place} comes back in lower case."""

    def change(self, text: str) -> str:
        return text.lower()


@breaks("echo:{place}", where=is_text, first=True)
class TextCut(_Text):
    """{place} is cut after 100 characters."""

    def change(self, text: str) -> str:
        return text[:100]


@breaks("echo:{place}", where=is_text, first=True)
class TextCutShort(_Text):
    """{place} is cut after 80 characters."""

    def change(self, text: str) -> str:
        return text[:80]


@breaks("echo:{place}", where=is_text, first=True)
class TextComposed(_Text):
    """Combining characters at {place} are composed."""

    def change(self, text: str) -> str:
        return unicodedata.normalize("NFC", text)


@breaks("echo:{place}", where=is_text, first=True)
class TextCompatible(_Text):
    """Ligatures and other compatibility characters at {place} are replaced."""

    def change(self, text: str) -> str:
        return "".join(unicodedata.normalize("NFKC", char) for char in text)


@breaks("echo:{place}", where=is_text, first=True)
class TextInThreeBytes(_Text):
    """Characters beyond the basic plane at {place} come back as question marks."""

    def change(self, text: str) -> str:
        return "".join("?" if char > "\uffff" else char for char in text)


@breaks("echo:{place}", where=is_text, first=True)
class TextLatin(_Text):
    """Characters beyond Latin-1 at {place} come back as question marks."""

    def change(self, text: str) -> str:
        return text.encode("latin-1", "replace").decode("latin-1")


@breaks("echo:{place}", where=is_text, first=True)
class TextEscaped(_Text):
    """{place} comes back with its HTML escaped."""

    def change(self, text: str) -> str:
        return html.escape(text, quote=False)


@breaks("echo:{place}", where=is_text, first=True)
class TextUnescaped(_Text):
    """Backslashes at {place} are taken for escapes and lost."""

    def change(self, text: str) -> str:
        return text.replace("\\", "")


@breaks("echo:{place}", where=is_text, first=True)
class TextFilled(_Text):
    """Placeholders at {place} are filled in."""

    def change(self, text: str) -> str:
        return re.sub(r"\{\{.*?\}\}|\$\{.*?\}", "", text)


@breaks("echo:{place}", where=is_select)
class OptionIsFirst(Fault):
    """{place} is always set to its first option."""

    def keep_option(self, field: Field, text: Any) -> Any:
        return field.options[0].id if field.key == self.key else super().keep_option(field, text)


@breaks("echo:{place}", where=is_link)
class LinkLost(Fault):
    """What was sent at {place} is accepted and not set."""

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        return {key: ids for key, ids in super().keep_links(call).items() if key != self.key}


@breaks("echo:{place}", where=is_link, first=True)
class ArrayLost(Fault):
    """An array of IDs at {place} is accepted and not set."""

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        array = isinstance(call.sent_links.get(self.key), list)
        return {key: ids for key, ids in super().keep_links(call).items() if key != self.key or not array}


@breaks("echo:{place}", where=is_link, first=True)
class LinkNotShown(Fault):
    """What was sent at {place} is set, but the response shows no link."""

    def render_links(self, record: Record, relationship: Relationship) -> list[str]:
        return [] if relationship.key == self.key else super().render_links(record, relationship)


@breaks("echo:{place}", where=is_link, first=True)
class LinkInUpperCase(Fault):
    """IDs at {place} come back in upper case."""

    def render_links(self, record: Record, relationship: Relationship) -> list[str]:
        ids = super().render_links(record, relationship)
        return [each.upper() for each in ids] if relationship.key == self.key else ids


@breaks("echo:{place}", where=lambda place: is_link(place) and not place.required, first=True)
class LinkLostBesideOthers(Fault):
    """{place} is not set when every other optional relationship is."""

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        kept = super().keep_links(call)
        places = [place.key for place in self.contract.link_places if not place.read_only]
        return {key: ids for key, ids in kept.items() if key != self.key or not set(places) <= set(kept)}


@breaks("echo:{place}", where=_holds_several)
class SecondLinkLost(Fault):
    """Of several IDs at {place} only the first is set."""

    def keep_links(self, call: Call) -> dict[str, tuple[str, ...]]:
        return {key: ids[:1] if key == self.key else ids for key, ids in super().keep_links(call).items()}
