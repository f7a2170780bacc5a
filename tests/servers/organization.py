"""An organization as data: what it defines, what it holds, by which rules of its own it refuses, and its manners."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

__all__ = ["Field", "Manners", "Option", "Organization", "Relationship", "Thing"]


@dataclasses.dataclass(frozen=True)
class Option:
    """An option of a select.

    Attributes:
        pipeline: the label of the pipeline that holds it, for stages.
        parent: the ID of the option of the parent field without which this one is refused.
        needs: keys of fields without which this option is refused (422).
        refused: whether the organization's rules refuse it always (422).
    """

    id: str
    label: str
    pipeline: str = ""
    parent: str = ""
    needs: tuple[str, ...] = ()
    refused: bool = False


@dataclasses.dataclass(frozen=True)
class Field:
    """A field of a record.

    Attributes:
        required: without it a create is a 400.
        mandatory: without it a create is a 422, though no source says that it is required.
        parent: for a dependent select, the key of the field on which it depends.
        service: for a social handle, the service whose profile URL it has to be.
    """

    key: str
    type: str
    options: tuple[Option, ...] = ()
    required: bool = False
    mandatory: bool = False
    read_only: bool = False
    unique: bool = False
    multiple: bool = False
    parent: str = ""
    service: str = ""


@dataclasses.dataclass(frozen=True)
class Relationship:
    """A relationship of a record; `many` says whether it holds more than one."""

    key: str
    object_type: str
    many: bool = False
    required: bool = False
    read_only: bool = False


@dataclasses.dataclass(frozen=True)
class Thing:
    """An account, contact or member; `refusal` is "", `inactive` (400) or `rule` (422)."""

    id: str
    name: str
    refusal: str = ""


@dataclasses.dataclass(frozen=True)
class Manners:
    """What the contract leaves open, as this organization's server does it.

    Attributes:
        forms: which spellings of a value are taken: strict, usual or open.
        texts: `any`, or `clean` to refuse control characters and lone surrogates.
        blank: whether blank texts are taken.
        unset: how a field without a value comes back: null or absent.
        unknown_id: the status for an ID that names nothing.
        two_ids: what two IDs for a has_one come to: refused, or the first one.
        used_key: what a used key with another body comes to: original or refused.
        any_key: whether an idempotency key may hold any visible character.
        any_case: whether a label may be written in other letter case.
        select_value: how an option comes back: id or label.
        wrapped: whether an error stands in an `error` member.
        extras: whether answers have the members of later editions.
        unique_status: the status for a value that another record holds.
        unique_in: where definitions say `unique`: configuration or field.
        definitions: served or forbidden.
        mentions_read_only: whether definitions have `readOnly`.
        listing: the list of records: served, forbidden or absent.
        name_filter: whether the list takes `$name[equal]`.
        order: what comes first in the list: newest or oldest.
        lag: seconds until a record appears in the list.
        clock: whether the clock header is honoured, ignored, or not offered ("").
        summary_after: seconds until the summary appears; None for never.
        deletes: whether records can be deleted.
    """

    forms: str = "usual"
    texts: str = "any"
    blank: bool = True
    unset: str = "null"
    unknown_id: int = 400
    two_ids: str = "refused"
    used_key: str = "original"
    any_key: bool = True
    any_case: bool = False
    select_value: str = "id"
    wrapped: bool = True
    extras: bool = False
    unique_status: int = 422
    unique_in: str = "configuration"
    definitions: str = "served"
    mentions_read_only: bool = True
    listing: str = "served"
    name_filter: bool = True
    order: str = "newest"
    lag: float = 0.0
    clock: str = ""
    summary_after: float | None = None
    deletes: bool = False


@dataclasses.dataclass(frozen=True)
class Organization:
    """All that is fixed about one organization.

    Attributes:
        seat: enters every ID, so that two organizations of one kind share none.
        things: by object type, what can be linked to.
        records: how many opportunities it holds before anybody sends anything.
        busy: records a second that another client creates.
        scopes: of the main key; empty for full access.
        given: what a user would give in the environment besides keys: stage, account, contact or member.
    """

    name: str
    seat: str
    fields: Mapping[str, Field]
    relationships: Mapping[str, Relationship]
    things: Mapping[str, tuple[Thing, ...]]
    manners: Manners
    records: int = 20
    busy: float = 0.0
    scopes: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
