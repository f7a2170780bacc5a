"""Whether a body keeps the rules of its object type; the first mistake found is the one that is told."""

from __future__ import annotations

from .call import Call, Refusal
from .definitions import Kind
from .fields import Fields
from .links import Links

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
            if member not in call.kind.members:
                raise self.unknown_member(member)

    def unknown_member(self, member: str) -> Refusal:
        """The refusal of a top-level member that is not documented."""
        return Refusal.bad_request("unknown_field", "The body has a member that is not documented.", self.place(member))

    def check_groups(self, call: Call) -> None:
        """Checks that `fields` and `relationships` are there if required, and are objects."""
        for name in call.kind.members:
            if name not in call.payload:
                self.check_group_required(call.kind, name)
            elif not isinstance(call.payload[name], dict):
                raise self.wrong_type(self.place(name), "an object")

    def check_group_required(self, kind: Kind, name: str) -> None:
        """Refuses to do without a required group."""
        if name in kind.groups:
            raise self.missing(self.place(name))
