"""Sees to it that bodies can be made of a fragment, before anything is sent."""

from __future__ import annotations

from pathlib import Path

import jsonschema

from ....spec import Contract, FragmentError
from ....spec.outline import check_schemas, line_of
from ....strategies import Workspace, missing_needs, smallest_body
from .draft import make_draft

__all__ = ["check_fragment"]

_MARKER = "lfc-00000000 000000-0000"


def check_fragment(name: str, contract: Contract) -> None:
    """See whether the smallest body, with a marker in it, keeps the fragment's own schema in a made-up organization.

    Args:
        name: of the fragment, as the user gave it.

    Raises:
        FragmentError: it does not, so that no create of the suite could be correct.
    """
    where = name
    if name.lower().endswith((".yaml", ".yml")):
        check_schemas(Path(name), contract.document)
        where = f"{name}:{line_of(Path(name), ('paths', contract.create.path, 'post', 'requestBody'))}"
    workspace = Workspace.sample(contract)
    if missing := missing_needs(contract, workspace):
        places = ", ".join(need.partition(":")[2] for need in missing)
        raise FragmentError(f"{where}: no value that the suite can make is valid at {places}")
    draft = make_draft(contract, workspace, smallest_body(contract, workspace), _MARKER)
    error = next(jsonschema.Draft202012Validator(contract.create.request_schema).iter_errors(draft.sent), None)
    if error is not None:
        place = "/".join(["", *map(str, error.absolute_path)]) or "the body"
        raise FragmentError(f"{where}: no body that the suite can make is valid at {place}: {error.message[:160]}")
