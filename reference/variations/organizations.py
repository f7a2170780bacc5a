"""Variations of what an organization asks for by rules of its own."""

from __future__ import annotations

from ...spec.pointer import join
from ...spec.profile import VALUE_MAP
from ..answers import Refusal
from ..steps import Call
from .variation import Variation, permitted

__all__: list[str] = []


@permitted("other-organization", "asks-for-more", rare=True)
class OtherOrganizationAsksForMore(Variation):
    """The other organization makes no record without a value of one of its custom attributes."""

    def validate(self, call: Call) -> None:
        super().validate(call)
        own = next(iter(self.store.organizations.values()))
        asked = [field for field in call.resource.fields.values() if not field.system and not field.read_only]
        if call.organization is not own and asked and asked[0].key not in call.sent_values:
            place = join(VALUE_MAP, asked[0].key)
            raise Refusal(422, "unprocessable_content", f"{self.param(place)} has to be set here.", "value_needed", place)
