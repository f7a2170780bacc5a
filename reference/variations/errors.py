"""Variations of refusals: their status, their wrapper, how they name a place, and whether they give a reason."""

from __future__ import annotations

from typing import Any

from ...spec.error_form import ERROR
from ...spec.pointer import last_segment
from ..answers import JsonAnswer, Refusal
from ..steps import Call
from .variation import Variation, permitted

__all__: list[str] = []


@permitted("family", "422")
class PlacesUnprocessable(Variation):
    """A mistake at a place of the body is a 422."""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        if refusal.status == 400 and (refusal.place or "").startswith("/"):
            refusal.status, refusal.type = 422, "unprocessable_content"
        return super().refuse(call, refusal)


@permitted("envelope", "bare")
class ErrorUnwrapped(Variation):
    """An error stands without its wrapper."""

    def error_body(self, call: Call | None, refusal: Refusal) -> dict[str, Any]:
        wrapped = super().error_body(call, refusal)
        body: dict[str, Any] = wrapped.get(ERROR, wrapped)
        return body


@permitted("param", "pointer")
class ParamIsPointer(Variation):
    """A place is named by its JSON Pointer."""

    def param(self, place: str) -> str:
        return place


@permitted("param", "without-dollar")
class ParamWithoutDollar(Variation):
    """A place is named without the dollar of system fields."""

    def param(self, place: str) -> str:
        return super().param(place).replace(".$", ".")


@permitted("param", "key-alone")
class ParamIsKey(Variation):
    """A place is named by its key alone."""

    def param(self, place: str) -> str:
        return last_segment(place) if place.startswith("/") else place


@permitted("reasons", "none", endpoint_only=True)
class NoReasons(Variation):
    """A refusal gives no reason."""

    def error_body(self, call: Call | None, refusal: Refusal) -> dict[str, Any]:  # noqa: ARG002 - nothing
        return {}
