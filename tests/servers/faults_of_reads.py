"""Faults of what is read: a read that the contract lists answers 5xx, not JSON, or another shape."""

from __future__ import annotations

import time
from typing import Any

from werkzeug.wrappers import Response

from .admission import Call
from .fault import Faulty
from .organization import Field, Option, Organization
from .refusal import Refused

__all__ = [
    "AccountsAreHtml",
    "AccountsFail",
    "ContactsAreHtml",
    "ContactsFail",
    "CreatesFail",
    "DefinitionsAreHtml",
    "DefinitionsAreNull",
    "DefinitionsFail",
    "DefinitionsHaveNullOptions",
    "DefinitionsLackFields",
    "DefinitionsLackOptions",
    "DefinitionsLackRelationships",
    "DefinitionsLackTypeConfiguration",
    "ListFails",
    "ListFailsWithOddLimit",
    "ListFailsWithOffset",
    "ListHasNoData",
    "ListIsHtml",
    "MembersAreHtml",
    "MembersFail",
    "RetrieveFails",
    "RetrieveLags",
    "ValidateFails",
]

_FAILURE = Refused(500, "", "something went wrong")


class _Failing(Faulty):
    """One endpoint answers 500."""

    endpoint = ""

    def respond(self, call: Call, endpoint: str, **arguments: str) -> Response:
        """Fail at the endpoint."""
        answer = super().respond(call, endpoint, **arguments)
        if endpoint == self.endpoint:
            raise _FAILURE
        return answer


class _Html(Faulty):
    """One endpoint answers a page of HTML with 200."""

    endpoint = ""

    def respond(self, call: Call, endpoint: str, **arguments: str) -> Response:
        """Answer a page at the endpoint."""
        answer = super().respond(call, endpoint, **arguments)
        return Response("<html>Welcome</html>", content_type="text/html") if endpoint == self.endpoint else answer


class DefinitionsFail(_Failing):
    """Definitions answer 500."""

    endpoint = "definitions"


class DefinitionsAreHtml(_Html):
    """Definitions are a page of HTML."""

    endpoint = "definitions"


class ListFails(_Failing):
    """The list of records answers 500."""

    endpoint = "list"


class ListIsHtml(_Html):
    """The list of records is a page of HTML."""

    endpoint = "list"


class AccountsFail(_Failing):
    """The list of accounts answers 500."""

    endpoint = "account"


class AccountsAreHtml(_Html):
    """The list of accounts is a page of HTML."""

    endpoint = "account"


class ContactsFail(_Failing):
    """The list of contacts answers 500."""

    endpoint = "contact"


class ContactsAreHtml(_Html):
    """The list of contacts is a page of HTML."""

    endpoint = "contact"


class MembersFail(_Failing):
    """The list of members answers 500."""

    endpoint = "member"


class MembersAreHtml(_Html):
    """The list of members is a page of HTML."""

    endpoint = "member"


class RetrieveFails(_Failing):
    """The retrieve answers 500."""

    endpoint = "retrieve"
    clause = "success:stored"


class ValidateFails(_Failing):
    """The validation of a key answers 500."""

    endpoint = "validate"
    clause = "key:validate"


class CreatesFail(Faulty):
    """Every create answers 500 once it was found correct."""

    clause = "operation:create"

    def keep(self, *_: Any) -> Any:
        """Fail."""
        raise _FAILURE


class DefinitionsAreNull(Faulty):
    """Definitions are null."""

    def definitions(self, call: Call) -> Any:
        """Return nothing."""


class DefinitionsLackOptions(Faulty):
    """Definitions list no option of any select."""

    def field_definition(self, organization: Organization, field: Field) -> dict[str, Any]:
        """Empty the list of options."""
        definition = super().field_definition(organization, field)
        definition["typeConfiguration"] |= {"options": []} if field.options else {}
        return definition


class DefinitionsHaveNullOptions(Faulty):
    """Each option in the definitions is null."""

    def option_definition(self, option: Option) -> Any:
        """Return nothing."""


class DefinitionsLackTypeConfiguration(Faulty):
    """Definitions lack `typeConfiguration`."""

    def field_definition(self, organization: Organization, field: Field) -> dict[str, Any]:
        """Leave it out."""
        return {
            name: part for name, part in super().field_definition(organization, field).items() if name != "typeConfiguration"
        }


class DefinitionsLackRelationships(Faulty):
    """Definitions lack `relationshipDefinitions`."""

    def definitions(self, call: Call) -> Any:
        """Leave it out."""
        return {name: part for name, part in super().definitions(call).items() if name != "relationshipDefinitions"}


class DefinitionsLackFields(Faulty):
    """Definitions lack `fieldDefinitions`."""

    def definitions(self, call: Call) -> Any:
        """Leave it out."""
        return {name: part for name, part in super().definitions(call).items() if name != "fieldDefinitions"}


class ListHasNoData(Faulty):
    """The list of records is a bare array."""

    def list_records(self, call: Call) -> Any:
        """Return the rows alone."""
        return super().list_records(call)["data"]


class ListFailsWithOffset(Faulty):
    """The list of records answers 500 to any offset above zero."""

    def list_records(self, call: Call) -> Any:
        """Fail with an offset."""
        if call.request.args.get("offset", "0") != "0":
            raise _FAILURE
        return super().list_records(call)


class ListFailsWithOddLimit(Faulty):
    """The list of records answers 500 to a limit that is no number from 1 to 25."""

    def list_records(self, call: Call) -> Any:
        """Fail where the limit would be refused."""
        try:
            return super().list_records(call)
        except Refused as refused:
            raise _FAILURE from refused


class RetrieveLags(Faulty):
    """A record can be retrieved two seconds after it was created, and is a 404 until then."""

    clause = "success:stored"

    def retrieve(self, call: Call, identifier: str) -> Any:
        """Hide a young record."""
        record = call.store.find(identifier)
        if record is not None and time.time() - record.created < 2:
            raise Refused(404, "", "no such opportunity")
        return super().retrieve(call, identifier)
