"""Whether a report of the peer names what is wrong: generously, since it knows checks and not our clauses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from findings import Finding

from lightfield_contract.spec import Clause

__all__ = ["RIGHT", "names_place"]

_POSITIVE = "positive_data_acceptance"
_NEGATIVE = "negative_data_rejection"
_STATUS = "status_code_conformance"
_SCHEMA = "response_schema_conformance"
_MEDIA_TYPE = "content_type_conformance"
_HEADERS = "response_headers_conformance"
_MISSING_HEADER = "missing_required_header"
_SERVER_ERROR = "not_a_server_error"
_AUTH = "ignored_auth"
_AVAILABLE = "ensure_resource_availability"
_NETWORK = "network_error"

RIGHT: Mapping[str, tuple[str, ...]] = {
    "operation:create": (_POSITIVE, _STATUS, _SERVER_ERROR),
    "operation:answers": (_NETWORK,),
    "version:missing": (_MISSING_HEADER, _NEGATIVE, _STATUS),
    "version:unknown": (_NEGATIVE, _STATUS),
    "media-type:": (_NEGATIVE, _STATUS),
    "malformed:json": (_NEGATIVE, _SERVER_ERROR),
    "malformed:not-an-object": (_NEGATIVE, _SERVER_ERROR),
    "malformed:survives": (_SERVER_ERROR,),
    "unknown:": (_NEGATIVE,),
    "link:unknown": (_NEGATIVE,),
    "link:other-type": (_NEGATIVE,),
    "link:other-organization": (_NEGATIVE,),
    "link:custom": (_POSITIVE, _SCHEMA),
    "link:once": (_SCHEMA,),
    "optional:": (_POSITIVE,),
    "union:": (_POSITIVE,),
    "option:": (_POSITIVE,),
    "custom:": (_POSITIVE, _NEGATIVE, _SCHEMA),
    "response:": (_SCHEMA,),
    "success:status": (_STATUS,),
    "success:media-type": (_MEDIA_TYPE,),
    "success:timestamp-offset": (_SCHEMA,),
    "success:value-type": (_SCHEMA,),
    "success:stored": (_AVAILABLE, _SCHEMA),
    "refusal:no-5xx": (_SERVER_ERROR,),
    "refusal:error": (_SCHEMA, _MEDIA_TYPE),
    "refusal:type": (_SCHEMA,),
    "refusal:code": (_SCHEMA,),
    "refusal:place": (_SCHEMA,),
    "scope:": (_AUTH,),
    "key:required": (_AUTH, _MISSING_HEADER),
    "key:status": (_AUTH, _MISSING_HEADER, _STATUS),
    "limits:": (_HEADERS,),
}
"""By the id of a clause, or by its beginning up to the colon, the checks that are a right answer to a break of it.

Clauses about a place that are not here want the place named, because the check alone says too little."""

_REPEATED = "Idempotency-Key"


def names_place(finding: Finding, clause: Clause) -> bool:
    """Whether a report of the peer would lead a reader to what the clause is about."""
    right = RIGHT.get(clause.id, RIGHT.get(f"{clause.kind}:", ()))
    if clause.place is not None and _mentions(finding.text, clause.place.rsplit("/", 1)[-1]):
        return True
    if clause.kind == "idempotency":
        # Whatever goes wrong with a key's length or with a repeat, the report names the header or the link.
        return _mentions(finding.text, _REPEATED)
    return finding.check in right


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w$-]){re.escape(name)}(?![\w-])", text) is not None
