"""The order of the cases: one of each test first, so that a gross mistake of the target shows after a few creates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ....strategies import Breach

__all__ = ["by_what_they_find"]

_SEVERAL = ("test_idempotency", "test_histories", "test_exploration")
"""Modules whose cases take several creates each."""


def by_what_they_find(items: Sequence[pytest.Item], is_ours: Callable[[pytest.Item], bool]) -> list[pytest.Item]:
    """Return the items with ours in another order among themselves; all others keep their places.

    First come the first case of each test, cheap ones before those that take several creates, then the rest as collected.
    What only greater depths send is never among the first.
    """
    ours = [item for item in items if is_ours(item)]
    seen: set[str] = set()
    rank: dict[pytest.Item, int] = {}
    for item in ours:
        first = _is_smoke(item) and _test_of(item) not in seen
        seen |= {_test_of(item)} if first else set()
        rank[item] = (1 if item.path.stem in _SEVERAL else 0) if first else 2
    ordered = iter(sorted(ours, key=rank.__getitem__))
    return [next(ordered) if item in rank else item for item in items]


def _test_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _is_smoke(item: pytest.Item) -> bool:
    params = getattr(item, "callspec", None)
    breach = params.params.get("breach") if params else None
    depths = item.get_closest_marker("depth")
    return (not isinstance(breach, Breach) or breach.smoke) and (depths is None or "smoke" in depths.args)
