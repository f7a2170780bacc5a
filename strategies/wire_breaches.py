"""Breaches in the headers: version, idempotency key, media type. The body under them stays valid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..spec import Contract, Parameter
from .mutation import Mutation

__all__ = ["wire_mutations"]

_VERSIONS: Final = {"unknown": "1999-01-01", "future": "2999-12-31", "not-a-date": "latest", "empty": ""}

_REFUSED_TYPES: Final = {
    "text/plain": True,
    "application/x-www-form-urlencoded": True,
    "application/xml": False,
    "multipart/form-data; boundary=sample": False,
    "application/octet-stream": False,
}
"""Media types that are not JSON, and whether smoke depth sends them."""

_OBSERVED_TYPES: Final = ("application/vnd.sample+json", "text/json", None)


def wire_mutations(contract: Contract) -> Iterator[Mutation]:
    """Derive header breaches from the operation's header parameters, then try other media types than JSON."""
    for parameter in contract.create.parameters:
        if parameter.location == "header":
            yield from _values(contract, parameter)
            yield from _lengths(parameter)
    yield from _media_types()


def _values(contract: Contract, parameter: Parameter) -> Iterator[Mutation]:
    """No header where one is required, and values besides the only one."""
    version = parameter == contract.version_header
    rule = "version" if version else "header"
    if parameter.required:
        clause = "version:missing" if version else None
        yield Mutation(rule, parameter.name, "missing", clause, headers={parameter.name: None}, smoke=version)
    if "const" in parameter.schema:
        clause = "version:unknown" if version else None
        for variant, value in _VERSIONS.items():
            smoke = version and variant == "unknown"
            yield Mutation(rule, parameter.name, variant, clause, headers={parameter.name: value}, smoke=smoke)


def _lengths(parameter: Parameter) -> Iterator[Mutation]:
    """A value too long by one character and by far, and an empty one, which is only observed (contract 11)."""
    key = parameter.name.lower() == "idempotency-key"
    clause = "idempotency:too-long" if key else None
    if (most := parameter.schema.get("maxLength")) is not None:
        for variant, length in (("by-one", most + 1), ("by-far", most * 4)):
            headers = {parameter.name: ("sample-" + "k" * length)[:length]}
            rule = "key-too-long" if key else "header"
            yield Mutation(rule, parameter.name, variant, clause, headers=headers, smoke=key and variant == "by-one")
    if parameter.schema.get("minLength", 0) > 0:
        yield Mutation("key-empty" if key else "header", parameter.name, "empty", None, headers={parameter.name: ""})


def _media_types() -> Iterator[Mutation]:
    """The body stays JSON: what these find is a target that reads it whatever the header says."""
    for name, smoke in _REFUSED_TYPES.items():
        variant = name.partition(";")[0]
        headers = {"Content-Type": name}
        yield Mutation("media-type", "Content-Type", variant, "media-type:refused", headers=headers, smoke=smoke)
    for other in _OBSERVED_TYPES:
        yield Mutation("media-type", "Content-Type", other or "missing", None, headers={"Content-Type": other})
