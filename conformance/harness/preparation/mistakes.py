"""A user's mistakes, seen before anything is sent: a fragment without valid bodies, a variable that is none of ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ....spec import Contract, FragmentError, UsageError
from ....spec.given import names_near, quote, show
from ....spec.outline import check_schemas, line_of
from ....spec.validator import Validator
from ....strategies import Workspace, missing_needs, smallest_body
from ..case.material import make_draft
from ..settings.options import Settings, rows
from ..wire.address import parse_address, trim
from ..wire.target import known_variables
from .contact import overlap

__all__ = ["check_fragment", "reject_conflicts", "reject_doubled_path", "reject_empty_url", "reject_misspelt_variables"]

_PREFIX = "LIGHTFIELD_"
_URL = "LIGHTFIELD_BASE_URL"
_NEAR = 0.8
"""How alike a name has to be to a known one to count as a misspelling of it; others may be of another tool."""


def reject_misspelt_variables(environment: Mapping[str, str], contract: Contract) -> None:
    """See that no variable of the environment is a misspelling of one of ours.

    Raises:
        UsageError: one is; the message holds no value.
    """
    known, options = known_variables(contract), {_PREFIX + row.name.replace("-", "_").upper(): row.name for _, row in rows()}
    for name in sorted(environment):
        if name.startswith(_PREFIX) and name not in known and environment[name]:
            if name in options:
                raise UsageError(f"{name} is no variable of ours: give --{options[name]}, and unset it")
            near = names_near(name, known, alike=_NEAR)
            if near:
                raise UsageError(f"{quote(name)} is no variable of ours: did you mean {near[0]}? Rename it, or unset it")


def reject_empty_url(environment: Mapping[str, str]) -> None:
    """See that the variable of the base URL is not set to nothing, as one is of which the source is missing.

    Raises:
        UsageError: it is.
    """
    if _URL in environment and not trim(environment[_URL]):
        hint = "set it to the target's base URL, or unset it to have the embedded reference server judged"
        raise UsageError(f"{_URL} is set and empty: {hint}")


def reject_doubled_path(base_url: str, contract: Contract) -> None:
    """See that a base URL does not end as the operation's own path begins, unless a slash at its end says that it is meant.

    Raises:
        UsageError: it does, or is no base URL.
    """
    if not base_url.endswith("/") and (hint := overlap(parse_address(base_url), contract)):
        raise UsageError(f"the base URL has too much: {hint}, or end it with a slash where that is right")


def reject_conflicts(settings: Settings) -> None:
    """See that no option says what another one makes void.

    Raises:
        UsageError: one does.
    """
    if settings.insecure and settings.ca_file:
        raise UsageError("--insecure checks no certificate, and --ca-file says by what to check it: give one of the two")
    if settings.client_key and not settings.client_cert:
        raise UsageError("--client-key is the key of a certificate: give that with --client-cert")
    files = {"ca-file": settings.ca_file, "client-cert": settings.client_cert, "client-key": settings.client_key}
    for name, path in files.items():
        if path is not None and not path.is_file():
            raise UsageError(f"--{name}: {show(path)} is no file; give certificates in PEM form")


_SAMPLE_MARKER = "lfc-00000000 000000-0000"


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
    draft = make_draft(contract, workspace, smallest_body(contract, workspace), _SAMPLE_MARKER)
    error = next(Validator(contract.create.request_schema).errors(draft.sent), None)
    if error is not None:
        place = "/".join(["", *map(str, error.absolute_path)]) or "the body"
        raise FragmentError(f"{where}: no body that the suite can make is valid at {place}: {error.message[:160]}")
