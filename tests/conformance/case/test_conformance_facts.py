"""Facts that cases share are found out once, whoever asks; and two workers send what one process sends."""

from __future__ import annotations

import collections
import concurrent.futures
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.distant import Distant

from lightfield_contract.conformance.harness.case.facts import Fact, Facts
from lightfield_contract.conformance.harness.judge.record import NotVerified
from lightfield_contract.conformance.harness.run.suite import Suite
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.reference import ObservedRequest, ObservedResponse, Reference

_OURS = re.compile(rb"(l|\\u006c)fc-[0-9a-f]{8}")
_MADE = re.compile(r"(?P<numeral>^[0-9]{18}.*$)|(?P<short>^k[0-9A-Za-z]{6}-?$)|(?P<single>^.$)")
"""Keys that are made of a fresh one, so that the run's name is in them, though it does not show."""
_OF_THE_WAY = ("host", "connection", "content-length", "user-agent", "accept-encoding", "authorization", "traceparent")


def finder(exchange: Exchange | None, asked: list[tuple[str, int]]) -> Callable[[str, int], Fact]:
    """Find a fact, and note under which name and at which attempt."""

    def find(name: str, attempt: int) -> Fact:
        asked.append((name, attempt))
        return Fact(exchange, None, None if exchange else NotVerified("no answer"))

    return find


def test_many_threads_that_ask_at_once_find_it_out_once(created: Exchange) -> None:
    facts, asked, start = Facts(), list[tuple[str, int]](), threading.Barrier(8)

    def ask(_: int) -> Exchange | None:
        start.wait()
        return facts.ask("a fact", finder(created, asked)).exchange

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [created] * 8
    assert len(asked) == 1


def test_another_process_reads_what_one_has_found_out(tmp_path: Path, created: Exchange) -> None:
    """All of it, the answer's body included."""
    one, other, asked = Facts(tmp_path), Facts(tmp_path), list[tuple[str, int]]()
    one.ask("a fact", finder(created, asked))
    assert other.ask("a fact", finder(None, asked)).exchange == created
    assert other.refusal_of("a fact") == ""
    assert len(asked) == 1


def test_what_could_not_be_found_out_is_asked_for_again_by_another_request(tmp_path: Path, created: Exchange) -> None:
    one, other, asked = Facts(tmp_path), Facts(tmp_path), list[tuple[str, int]]()
    assert one.ask("a fact", finder(None, asked)).exchange is None
    assert one.refusal_of("a fact") is None
    assert other.ask("a fact", finder(created, asked)).exchange == created
    assert [attempt for _, attempt in asked] == [1, 2]


def test_a_fact_whose_finder_has_died_is_found_out_by_another(tmp_path: Path, created: Exchange) -> None:
    """Under another number, because the request may have been sent."""
    dying = (
        "import os, sys; from pathlib import Path; from lightfield_contract.conformance.harness.case.facts import Facts; "
        "Facts(Path(sys.argv[1])).ask('a fact', lambda name, attempt: os._exit(9))"
    )
    subprocess.run([sys.executable, "-P", "-c", dying, str(tmp_path)], check=False, timeout=60)
    asked: list[tuple[str, int]] = []
    assert Facts(tmp_path).ask("a fact", finder(created, asked)).exchange == created
    assert [attempt for _, attempt in asked] == [2]


def test_what_was_known_before_the_target_went_is_asked_for_again(created: Exchange) -> None:
    """A refusal is remembered all the same."""
    facts, asked = Facts(), list[tuple[str, int]]()
    facts.ask("a fact", finder(created, asked))
    facts.forget(created.sent_at + 1)
    assert facts.shown("a fact") is None
    assert facts.refusal_of("a fact") == ""
    facts.ask("a fact", finder(created, asked))
    assert len(asked) == 2


def test_a_fact_is_noted_by_one_case_alone(suite: Suite) -> None:
    """Whichever asks; its request bears the fact's name, and not that of the case."""
    one, other = suite.case("one", None), suite.case("other", None)
    body = {**(suite.world.smallest or {}), "made-up": "by this test"}
    assert one.api.once(body) is other.api.once(body)
    records = [suite.record_of(other), suite.record_of(one)]
    assert [len(record.timings) for record in records] == [1, 0]


@pytest.mark.parametrize(
    ("arguments", "latency"),
    [
        (["--workers", "2"], 0.0),
        ([], 0.05),
        (["--workers", "1"], 0.0),
        (["--workers", "4"], 0.0),
        pytest.param(["--workers", "2", "--depth", "standard"], 0.0, marks=pytest.mark.long),
        pytest.param(["--depth", "standard"], 0.05, marks=pytest.mark.long),
    ],
    ids=["two workers", "in flight", "one worker", "four workers", "two workers at standard", "in flight at standard"],
)
def test_one_seed_sends_the_same_requests(judge: Callable[..., object], arguments: list[str], latency: float) -> None:
    """As in one process and one at a time, less the run's name.

    How often one is sent again whose key is in flight is a matter of time, and so is what is read of one that is abandoned.
    """
    alone, waited_alone = record(judge, *arguments[-2:] * ("--depth" in arguments), "--in-flight", "1")
    together, waited_together = record(judge, *arguments, latency=latency)
    waited = waited_alone | waited_together
    assert {one: count for one, count in alone.items() if one[0] not in waited} == {
        one: count for one, count in together.items() if one[0] not in waited
    }
    assert sum(alone.values()) > 100


def record(
    judge: Callable[..., object], *arguments: str, latency: float = 0.0
) -> tuple[collections.Counter[tuple[bytes, bytes]], set[bytes]]:
    """The requests of a run at smoke depth, each with its idempotency key, and the keys that were found in flight."""
    seen: collections.Counter[tuple[bytes, bytes]] = collections.Counter()
    in_flight: set[bytes] = set()

    def observe(request: ObservedRequest, response: ObservedResponse | None) -> None:
        sent = request.headers.get("idempotency-key", "")
        made = _MADE.search(sent)
        key = without_names(sent) if not made else f"{made.lastgroup} {len(sent)}".encode()
        if response is None or response.status == 409:
            in_flight.add(key)
        headers = [item for item in sorted(request.headers.items()) if item[0] not in _OF_THE_WAY]
        if made:
            headers = [(name, key.decode() if name == "idempotency-key" else value) for name, value in headers]
        seen[key, without_names(repr((request.method, request.target, headers, request.body)))] += 1

    with Distant(latency, 200, observer=observe) if latency else Reference(observer=observe) as target:
        judge(*arguments, target=target)
    return seen, in_flight


def without_names(text: str) -> bytes:
    """A text without the run's name, and without the ID of a record that it made."""
    return re.sub(rb"opportunities/opp_\w+", b"opportunities/ID", _OURS.sub(b"RUN", text.encode()))
