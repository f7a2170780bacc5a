"""Decides which clauses a run judges, which of them fail a case, and which cases it needs for that."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable

import pytest

from ....spec import Basis, Clause, Contract, Level, UsageError
from ....spec.given import did_you_mean, quote
from ....strategies import Breach, Depth, History
from .options import Settings

__all__ = ["Selection"]


@dataclasses.dataclass(frozen=True)
class Selection:
    """What of a contract a run judges; whoever wants to know whether a clause or a case counts asks here.

    The contract holds the clauses of one edition. What a clause needs and the run does not have is no matter of selection:
    such a clause is judged, and its verdict is that it is not verified.

    Attributes:
        patterns: of the user, for the ids of clauses; none for all.
        basis: the weakest source that a clause may rest on.
        strict: whether advice counts like a demand.
        required: ids, or beginnings of some, of clauses that have to be verified.
    """

    contract: Contract
    patterns: tuple[str, ...] = ()
    basis: Basis = Basis.RFC
    depth: Depth = Depth.STANDARD
    strict: bool = False
    required: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings, contract: Contract) -> Selection:
        """Return what a user's settings select."""
        required = settings.require.clauses if settings.require else ()
        return cls(contract, settings.clauses, settings.basis, settings.depth, settings.strict, required)

    def check(self) -> None:
        """See that every pattern selects something.

        Raises:
            UsageError: a pattern matches no clause.
        """
        for pattern in self.patterns:
            if not pattern.strip():
                raise UsageError("the id of a clause is empty; give one, or the beginning of some, such as idempotency:")
        for pattern in (*self.patterns, *self.required):
            if not any(clause.id.startswith(pattern) for clause in self.contract.clauses):
                ids = [clause.id for clause in self.contract.clauses]
                kinds = [f"{kind}:" for kind in dict.fromkeys(each.partition(":")[0] for each in ids)]
                known = kinds if pattern.endswith((":", ":*", ":.*")) else ids
                hint = did_you_mean(pattern, known, otherwise="`lightfield-contract clauses` lists them")
                raise UsageError(f"no clause is {quote(pattern)} or starts with it{hint}")

    @functools.cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses that the run judges, in the contract's order."""
        return tuple(clause for clause in self.contract.clauses if clause.id in self._meant and self._rests(clause))

    @functools.cached_property
    def ids(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(clause.id for clause in self.clauses)

    def judges(self, clause_id: str) -> bool:
        """Return whether the run judges a clause; one that the contract does not have is never judged."""
        return clause_id in self.ids

    def binds(self, clause_id: str) -> bool:
        """Return whether breaking a clause fails a case."""
        level = self.contract.clause(clause_id).level
        return level is Level.MUST or (level is Level.SHOULD and self.strict)

    def reported(self, says: Callable[[str], bool], *, narrowed: bool) -> tuple[Clause, ...]:
        """Return the judged clauses that a result lists.

        Args:
            says: whether a case of the run says something of a clause, or was to.
            narrowed: whether the user chose among the cases by pytest's own means; a clause without a case then is none
                that was asked for.
        """
        return tuple(clause for clause in self.clauses if says(clause.id)) if narrowed else self.clauses

    def wants(self, item: pytest.Item) -> bool:
        """Return whether the run needs a case: its own clause is in the basis, and it or a touched one is meant."""
        named = self.named_by(item)
        depths = item.get_closest_marker("depth")
        if depths and self.depth not in depths.args:
            return False
        if not named:
            return not self.patterns
        if not self._rests(self.contract.clause(named[0])):
            return False
        # A touched name that ends in a colon stands for the whole kind.
        kinds = tuple(name for name in named if name.endswith(":"))
        return not self._meant.isdisjoint(named) or any(clause.startswith(kinds) for clause in self._meant)

    def own_of(self, item: pytest.Item) -> Clause | None:
        """Return the clause that a case is about; None for one that only observes."""
        named = self.named_by(item)
        return self.contract.clause(named[0]) if named else None

    def named_by(self, item: pytest.Item) -> tuple[str, ...]:
        """Return the ids, own one first, that a case is about or touches; every breach touches the clauses about refusals.

        The own one is that of the breach or the history that the case sends, else the first argument of the mark `clause`,
        in which `{place}` and `{type}` stand for the item's parameters.
        """
        params = getattr(item, "callspec", None)
        values = params.params if params else {}
        about = values.get("breach") or values.get("history")
        mark = item.get_closest_marker("clause")
        arguments = mark.args if mark else ()
        ids = [str(each).format(place=values.get("place"), type=values.get("value_type")) for each in arguments]
        if isinstance(about, Breach):
            refusals = [clause.id for clause in self.contract.clauses if clause.section == "refusals"]
            return (about.clause, *ids, *refusals) if about.clause else ()
        return (about.clause, *ids) if isinstance(about, History) else tuple(ids)

    def _rests(self, clause: Clause) -> bool:
        return self.basis.covers(clause.basis)

    @functools.cached_property
    def _meant(self) -> frozenset[str]:
        """What the patterns mean: one that is an id means that clause alone, any other all that start so."""
        ids = frozenset(clause.id for clause in self.contract.clauses)
        exact = ids & {*self.patterns}
        beginnings = tuple(pattern for pattern in self.patterns or ("",) if pattern not in exact)
        return exact | {name for name in ids if name.startswith(beginnings)}
