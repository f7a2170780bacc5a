"""Whether a body keeps the rules of its object type; the first mistake found is the one that is told."""

from __future__ import annotations

from .answers import Refusal
from .definitions import Resource
from .fields import Fields
from .links import Links
from .steps import Call

__all__ = ["Validation"]


class Validation(Fields, Links):
    """The steps that check the body as a whole."""

    def validate(self, call: Call) -> None:
        """Refuses a body with a mistake in it."""
        self.check_members(call)
        self.check_groups(call)
        self.check_fields(call)
        self.check_relationships(call)

    def check_members(self, call: Call) -> None:
        """Refuses top-level members that the fragment does not name."""
        for member in call.payload:
            if member not in call.resource.members:
                raise self.unknown_member(member)

    def unknown_member(self, member: str) -> Refusal:
        """The refusal of a top-level member that is not documented."""
        return Refusal.bad_request("unknown_field", "The body has a member that is not documented.", self.place(member))

    def check_groups(self, call: Call) -> None:
        """Checks that `fields` and `relationships` are there if required, and are objects."""
        for name in call.resource.members:
            if name not in call.payload:
                self.check_group_required(call.resource, name)
            elif not isinstance(call.payload[name], dict):
                raise self.wrong_type(self.place(name), "an object")

    def check_group_required(self, resource: Resource, name: str) -> None:
        """Refuses to do without a required group."""
        if name in resource.groups:
            raise self.missing(self.place(name))
