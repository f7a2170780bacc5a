"""Which clauses a run judges: by the beginning of their ids, and by their basis."""

from __future__ import annotations

import pytest

from lightfield_contract.conformance.harness.settings.options import Settings
from lightfield_contract.conformance.harness.settings.selection import Selection
from lightfield_contract.spec import Basis, Contract, UsageError


def selected(contract: Contract, *patterns: str, basis: Basis = Basis.RFC) -> set[str]:
    """The ids that a run with these settings judges."""
    return {*Selection.of(Settings(clauses=patterns, basis=basis), contract).ids}


def test_without_a_pattern_all_clauses_are_judged(contract: Contract) -> None:
    """The whole contract is the default."""
    assert selected(contract) == {clause.id for clause in contract.clauses}


def test_a_whole_id_selects_its_clause(contract: Contract) -> None:
    """Also one that is the beginning of others: what a report says to run again is one clause."""
    assert selected(contract, "idempotency:replay") == {"idempotency:replay"}
    assert selected(contract, "required:/fields") == {"required:/fields"}


@pytest.mark.parametrize("pattern", ["idempotency:", "idem", "required:/fields/"])
def test_a_beginning_selects_all_that_start_so(contract: Contract, pattern: str) -> None:
    """Patterns are beginnings of ids, not parts of them."""
    assert selected(contract, pattern) == {clause.id for clause in contract.clauses if clause.id.startswith(pattern)}


def test_a_place_in_the_middle_of_an_id_selects_nothing(contract: Contract) -> None:
    """A pattern that only stands inside an id is no beginning."""
    assert selected(contract, "replay") == set()


def test_several_patterns_add_up(contract: Contract) -> None:
    """Each one selects its own."""
    assert selected(contract, "scope:", "key:") == selected(contract, "scope:") | selected(contract, "key:")


@pytest.mark.parametrize("basis", list(Basis))
def test_a_basis_leaves_weaker_sources_out(contract: Contract, basis: Basis) -> None:
    """A clause that rests on a weaker source than the one asked for is not judged, by name neither."""
    expected = {clause.id for clause in contract.clauses if basis.covers(clause.basis)}
    assert selected(contract, basis=basis) == expected
    assert selected(contract, "idempotency:", basis=basis) == {name for name in expected if name.startswith("idempotency:")}


@pytest.mark.parametrize("patterns", [("no:such",), ("idempotency:", "replay"), ("IDEMPOTENCY:",)])
def test_a_pattern_that_selects_nothing_is_a_usage_error(contract: Contract, patterns: tuple[str, ...]) -> None:
    """The message names the pattern, even where another one selects something."""
    with pytest.raises(UsageError, match=patterns[-1]):
        Selection(contract, patterns).check()


def test_patterns_that_select_something_pass(contract: Contract) -> None:
    """There is nothing to say of them."""
    Selection(contract, ("idempotency:", "required:/")).check()
