"""Composes requests: a draft and a caller become what leaves, with headers, key and the category that limits count."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final

from ....strategies.ways import Spelling
from ..judge.record import NotVerified
from ..wire.outgoing import Draft, Outgoing
from ..wire.target import Credentials
from .world import World

__all__ = ["Composer", "written"]

_CONTENT_TYPE: Final = "Content-Type"


class Composer:
    """Composes the requests of one case.

    Args:
        hurried: whether they are to be sent at once, whatever the limit, and a 429 is given as it came.
    """

    def __init__(self, world: World, *, hurried: bool = False) -> None:
        self._world = world
        self._hurried = hurried

    def create(
        self,
        draft: Draft,
        caller: Credentials,
        number: str,
        *,
        key: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        later: int = 0,
    ) -> Outgoing:
        """Return a create, written plainly.

        Args:
            key: its idempotency key; None for none.
            headers: headers to change; None takes one away.
            later: seconds by which the target's clock is to be ahead.

        Raises:
            NotVerified: the fragment has no header for a key, or no clock of the target's can be moved.
        """
        changed = {**self._keyed(key), **(headers or {}), **self._moved_clock(later)}
        plain = self._composed("POST", draft, caller, number, {_CONTENT_TYPE: "application/json", **changed})
        return dataclasses.replace(plain, later=later) if later else plain

    def read(self, path: str, caller: Credentials, number: str) -> Outgoing:
        """Return a read of what is at a path."""
        return self._composed("GET", Draft(path=path), caller, number, {})

    def delete(self, path: str, caller: Credentials, number: str) -> Outgoing:
        """Return what deletes what is at a path."""
        return self._composed("DELETE", Draft(path=path), caller, number, {})

    def _composed(
        self, method: str, draft: Draft, caller: Credentials, number: str, changed: Mapping[str, str | None]
    ) -> Outgoing:
        contract = self._world.contract
        version, named = contract.version_header, contract.key_header
        given = {**({version.name: version.schema["const"]} if version else {}), **changed}
        headers = {name: value for name, value in given.items() if value is not None}
        return Outgoing(
            **vars(draft),
            number=number,
            method=method,
            caller=caller,
            headers=headers,
            key=headers.get(named.name) if named else None,
            category=self._category(method, draft.path),
            hurried=self._hurried,
        )

    def _keyed(self, key: str | None) -> dict[str, str]:
        header = self._world.contract.key_header
        if key is not None and header is None:
            raise NotVerified("the fragment names no header for an idempotency key")
        return {header.name: key} if header and key is not None else {}

    def _moved_clock(self, later: int) -> dict[str, str]:
        clock = self._world.target.clock_header
        if later and not clock:
            raise self._world.unmet("clock")
        return {clock: str(later)} if later else {}

    def _category(self, method: str, path: str) -> str:
        """What a target counts a request among (contract 9)."""
        lists = [each.list.path for each in self._world.contract.collections.values() if each.list]
        if method != "GET":
            return "write"
        return "search" if path.partition("?")[0] in lists else "read"


def written(outgoing: Outgoing, way: Spelling) -> Outgoing:
    """Return the same request, written in a way."""
    media_type = way.content_type(outgoing.headers.get(_CONTENT_TYPE, ""))
    headers = {**outgoing.headers, _CONTENT_TYPE: media_type} if media_type else outgoing.headers
    return dataclasses.replace(outgoing, content=way.write(outgoing.content), headers=headers, way=way)
