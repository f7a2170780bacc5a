"""Which clause a test case is about, which others it touches, and so which cases a run needs."""

from __future__ import annotations

import pytest

from ....spec import Clause, Contract, UsageError
from ....spec.given import did_you_mean, quote
from ....strategies import Breach, History
from .options import Settings

__all__ = ["check_patterns", "named_clauses", "own_clause", "selected_clauses", "wanted"]


def own_clause(item: pytest.Item, contract: Contract) -> Clause | None:
    """The clause that an item is about; None for one that only observes.

    It is the breach's clause where the item sends a breach, else the first argument of the mark `clause`, in which
    `{place}` and `{type}` stand for the item's parameters.
    """
    named = named_clauses(item, contract)
    return contract.clause(named[0]) if named else None


def check_patterns(settings: Settings, contract: Contract) -> None:
    """Checks that every pattern of the user selects something.

    Raises:
        UsageError: a pattern matches no clause.
    """
    for pattern in settings.clauses:
        if not pattern.strip():
            raise UsageError("the id of a clause is empty; give one, or the beginning of some, such as idempotency:")
        if not any(clause.id.startswith(pattern) for clause in contract.clauses):
            near = did_you_mean(pattern, [clause.id for clause in contract.clauses])
            hint = near or "; `lightfield-contract clauses` lists them"
            raise UsageError(f"no clause is {quote(pattern)} or starts with it{hint}")


def selected_clauses(settings: Settings, contract: Contract) -> frozenset[str]:
    """Return the ids of the clauses that a run judges: those of its basis that a pattern names, where there are any."""
    covered = {clause.id for clause in contract.clauses if settings.basis.covers(clause.basis)}
    return frozenset(covered & _named(settings, contract))


def wanted(item: pytest.Item, contract: Contract, settings: Settings) -> bool:
    """Whether a run needs an item: its own clause is in the basis, and it or a touched one is selected."""
    named = named_clauses(item, contract)
    depths = item.get_closest_marker("depth")
    if depths and settings.depth not in depths.args:
        return False
    if not named:
        return not settings.clauses
    if not settings.basis.covers(contract.clause(named[0]).basis):
        return False
    if not settings.clauses:
        return True
    meant = _named(settings, contract)
    # A touched name that ends in a colon stands for the whole kind.
    kinds = tuple(name for name in named if name.endswith(":"))
    return not meant.isdisjoint(named) or any(clause.startswith(kinds) for clause in meant)


def _named(settings: Settings, contract: Contract) -> set[str]:
    """The clauses that the patterns mean: a pattern that is an id means that clause alone, any other all that start so."""
    ids = {clause.id for clause in contract.clauses}
    exact = ids & {*settings.clauses}
    beginnings = tuple(pattern for pattern in settings.clauses or ("",) if pattern not in exact)
    return exact | {name for name in ids if name.startswith(beginnings)}


def named_clauses(item: pytest.Item, contract: Contract) -> list[str]:
    """Return the ids, own one first, that an item is about or touches; every breach touches the clauses about refusals."""
    params = getattr(item, "callspec", None)
    values = params.params if params else {}
    about = values.get("breach") or values.get("history")
    mark = item.get_closest_marker("clause")
    ids = [
        str(argument).format(place=values.get("place"), type=values.get("value_type"))
        for argument in (mark.args if mark else ())
    ]
    if isinstance(about, Breach):
        refusals = [clause.id for clause in contract.clauses if clause.section == "refusals"]
        return [about.clause, *ids, *refusals] if about.clause else []
    return [about.clause, *ids] if isinstance(about, History) else ids
