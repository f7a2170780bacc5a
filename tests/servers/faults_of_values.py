"""Faults that hide beside the forms of values which an organization need not take, and beside what it may do to them."""

from __future__ import annotations

import datetime
from typing import Any

from .fault import Faulty
from .organization import Field, Organization
from .refusal import Refused

__all__ = [
    "DatetimeLosesOffset",
    "DatetimeOffsetRefused",
    "DatetimeZRefused",
    "EmailLosesDomain",
    "EmailRefused",
    "NullRefused",
    "NumberDecimalsRefused",
    "NumberIsRounded",
    "ProfileRefused",
    "TelephoneRefused",
    "UrlRefused",
    "UrlVanishes",
]


class _Refusing(Faulty):
    """Values of one type are refused in a form that every organization has to take."""

    kind = "strict"
    type = ""

    def is_refused(self, value: Any) -> bool:
        """Tell whether the value is refused."""
        return value is not None

    def read_value(self, organization: Organization, field: Field, value: Any, place: str) -> Any:
        """Refuse it as if for its form."""
        kept = super().read_value(organization, field, value, place)
        if field.type == self.type and self.is_refused(value):
            raise Refused(422, "invalid_value", "not in a form that is taken", place)
        return kept


class EmailRefused(_Refusing):
    """Every e-mail address is refused."""

    type, clause = "EMAIL", "custom:EMAIL"


class UrlRefused(_Refusing):
    """Every URL is refused."""

    type, clause = "URL", "custom:URL"


class TelephoneRefused(_Refusing):
    """Every telephone number is refused."""

    type, clause = "TELEPHONE", "custom:TELEPHONE"


class ProfileRefused(_Refusing):
    """Every profile URL is refused."""

    kind = "social"
    type, clause = "SOCIAL_HANDLE", "custom:SOCIAL_HANDLE"


class NumberDecimalsRefused(_Refusing):
    """A number with decimals is refused."""

    type, clause = "NUMBER", "custom:NUMBER"

    def is_refused(self, value: Any) -> bool:
        """Tell whether there are decimals."""
        return value is not None and value != int(value)


class DatetimeZRefused(_Refusing):
    """Date and time with `Z` are refused."""

    type, clause = "DATETIME", "custom:DATETIME"

    def is_refused(self, value: Any) -> bool:
        """Tell whether it ends so."""
        return isinstance(value, str) and value.endswith("Z")


class DatetimeOffsetRefused(_Refusing):
    """Date and time with an offset are refused, and taken with `Z`."""

    type, clause = "DATETIME", "custom:DATETIME"

    def is_refused(self, value: Any) -> bool:
        """Tell whether it has one."""
        return isinstance(value, str) and not value.endswith("Z")


class NullRefused(_Refusing):
    """Null is refused for a custom TEXT."""

    type, clause = "TEXT", "custom:TEXT"

    def is_refused(self, value: Any) -> bool:
        """Tell whether it is null."""
        return value is None


class _Changing(Faulty):
    """Values of one type are kept as something else."""

    kind = "strict"
    type = ""

    def change(self, kept: Any) -> Any:
        """Return what is kept."""
        raise NotImplementedError

    def read_value(self, organization: Organization, field: Field, value: Any, place: str) -> Any:
        """Change it."""
        kept = super().read_value(organization, field, value, place)
        return self.change(kept) if field.type == self.type and kept is not None else kept


class NumberIsRounded(_Changing):
    """Numbers lose their decimals."""

    type, clause = "NUMBER", "custom:NUMBER"

    def change(self, kept: Any) -> Any:
        """Cut them off."""
        return int(kept)


class DatetimeLosesOffset(Faulty):
    """Date and time are kept as if they had been given in UTC."""

    kind, clause = "strict", "custom:DATETIME"

    def read_value(self, organization: Organization, field: Field, value: Any, place: str) -> Any:
        """Replace the offset."""
        kept = super().read_value(organization, field, value, place)
        if field.type != "DATETIME" or kept is None:
            return kept
        moment = datetime.datetime.fromisoformat(value).replace(tzinfo=datetime.UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class EmailLosesDomain(_Changing):
    """The last part of an e-mail address is lost."""

    type, clause = "EMAIL", "custom:EMAIL"

    def change(self, kept: Any) -> Any:
        """Cut it off."""
        return kept.rpartition(".")[0] if isinstance(kept, str) else kept


class UrlVanishes(Faulty):
    """A URL is taken and not kept."""

    kind, clause = "open", "custom:URL"

    def read_value(self, organization: Organization, field: Field, value: Any, place: str) -> Any:
        """Lose it."""
        kept = super().read_value(organization, field, value, place)
        return None if field.type == "URL" else kept
