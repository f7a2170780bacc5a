"""Hooks of schemathesis for what a document cannot say: keys that are unique, and rules that the seed leaves open.

The tool takes one idempotency key for all cases of a phase, so that a server that keeps the contract answers most of
them with the original response. Its own advice for such fields is a hook of this kind.
"""

from __future__ import annotations

import itertools
from typing import Any

import schemathesis

_HEADER = "Idempotency-Key"
_LONGEST = 255
_made = itertools.count(1)
_given: dict[str, Any] = {}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ARG001 - the hook's own signature
    """Makes a valid key unique and leaves its length; in sequences there always is one, so that it can be repeated."""
    key = (case.headers or {}).get(_HEADER)
    if key is None and case.method.upper() == "POST" and case.meta is not None and case.meta.phase.name.value == "stateful":
        key = "absent"
    if not isinstance(key, str) or not 0 < len(key) <= _LONGEST:
        return
    # A used key with another body may be refused or not, so only a true repeat keeps it.
    if key in _given and _given[key] == case.body:
        return
    fresh = f"{next(_made):012d}"
    fresh += key[len(fresh) :]
    _given[fresh] = case.body
    case.headers[_HEADER] = fresh


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:  # noqa: ARG001 - see above
    """By the seed alone a server may take what no definition lists, but a schema has to allow it or to forbid it."""
    by_seed = "4XX" in case.operation.responses.status_codes
    return not (by_seed and str(failure.message).endswith("Object with unexpected properties"))
