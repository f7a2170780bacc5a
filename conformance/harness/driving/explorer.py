"""Explores at deep depth: Hypothesis draws, the target answers, the judge decides, and findings are shrunk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis
import hypothesis.database
import hypothesis.errors
from hypothesis import strategies as st

from ....spec import Rule
from ....spec.pointer import ABSENT
from ....strategies import Breach, History, Step, breaches, histories, valid_bodies
from ....strategies.fuzz import fuzzed_bodies
from ....strategies.ways import PLAINLY, enumerate_ways
from ..judge import Judged
from ..judge.judgement import Judgement
from ..judge.record import NotVerified
from ..judge.refusal import SentBreach
from ..run.suite import Case
from .histories import HistoryDriver, offers

__all__ = ["Explorer"]

_EXAMPLES = {"bodies": 300, "breaches": 150, "histories": 120, "fuzz": 150}
_HISTORY_STEPS = 12


class Explorer:
    """Draws for one case until nothing new is found, or the examples or the creates are used up.

    Each way to draw raises NotVerified when no creates are left at its beginning.

    What an example breaks is kept back; what the smallest failing one breaks is the finding.
    """

    def __init__(self, case: Case) -> None:
        self._world = case.suite.world
        self._settings = case.suite.settings
        self._binds = case.suite.selection.binds
        self._case = case
        self._spent = False
        self._failing: list[Judgement] = []

    def bodies(self) -> None:
        """Whole valid bodies, each to be accepted and to come back, in whatever way it is sent."""
        contract, keyed = self._world.contract, self._world.contract.key_header is not None
        ways = [PLAINLY, *enumerate_ways(caller=self._world.other_caller, keyed=keyed)]
        strategy = st.tuples(st.sampled_from(ways), valid_bodies(contract, self._world.workspace))
        self._explore("bodies", strategy, lambda drawn: self._case.expect.created(self._case.api.written(*drawn)))

    def breaches(self) -> None:
        """A valid body with one breach. A refusal counts only after its control, so does a finding."""
        strategy = breaches(self._world.contract, self._world.workspace, caller=self._world.other_caller)
        self._explore("breaches", strategy, self._judge_breach)

    def fuzz(self, *, fitting: bool) -> None:
        """What schemathesis draws from the fragment: no 5xx, successes of the right shape, errors of theirs."""
        strategy = fuzzed_bodies(self._world.contract, self._world.workspace, fitting=fitting)
        self._explore("fuzz", strategy, self._judge_fuzz)

    def histories(self) -> None:
        """Idempotency histories, against the model of the key store."""
        strategy = histories(offers=offers(self._world), max_steps=_HISTORY_STEPS)
        self._explore("histories", strategy, self._judge_history)

    def _explore(self, name: str, strategy: st.SearchStrategy[Any], judge: Callable[[Any], object]) -> None:
        self._world.state.require_writes()

        # The profile comes last: `seed` takes the database out of the settings that it finds.
        @self._profile(name)
        @hypothesis.seed(self._settings.seed)
        @hypothesis.given(strategy)
        def attempt(drawn: Any) -> None:
            if not self._spent:
                self._attempt(judge, drawn)

        try:
            attempt()
        except (AssertionError, hypothesis.errors.Flaky):
            # Flaky: the target did not do it again. What it did once is still a finding.
            self._case.recorder.add(self._failing)

    def _attempt(self, judge: Callable[[Any], object], drawn: Any) -> None:
        with self._case.recorder.trial() as found:
            try:
                judge(drawn)
            except Judged:
                pass
            except NotVerified:
                self._spent = self._world.state.writes_left == 0
                found.clear()
        broken = [judgement for judgement in found if self._binds(judgement.clause)]
        if broken:
            self._failing = broken
            raise AssertionError(broken[0].clause)
        self._case.recorder.add(found)

    def _judge_breach(self, breach: Breach) -> None:
        attempt = SentBreach(breach, self._case.api.send(breach))
        if breach.rule is Rule.SURVIVES:
            self._case.expect.survived(attempt)
            return
        self._case.expect.refused(attempt)
        if any(self._binds(judgement.clause) for judgement in self._case.recorder.broken):
            self._case.api.control(breach)

    def _judge_history(self, steps: tuple[Step, ...]) -> None:
        driver = HistoryDriver(self._world, self._case.api)
        mismatch = driver.play(History("drawn", "idempotency:replay", steps, drawn=True))
        self._case.expect.echoed(*driver.created, history=driver.exchanges)
        self._case.expect.as_modelled(mismatch, driver.exchanges)

    def _judge_fuzz(self, body: Any) -> None:
        self._case.expect.handled(self._case.api.create(b"" if body is ABSENT else body))

    def _profile(self, name: str) -> hypothesis.settings:
        folder = self._settings.examples
        return hypothesis.settings(
            max_examples=_EXAMPLES[name],
            database=None if folder is None else hypothesis.database.DirectoryBasedExampleDatabase(folder),
            # Explaining a finding would send as many requests again as finding it.
            phases=[hypothesis.Phase.reuse, hypothesis.Phase.generate, hypothesis.Phase.shrink],
            deadline=None,
            derandomize=False,
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=list(hypothesis.HealthCheck),
            verbosity=hypothesis.Verbosity.quiet,
        )
