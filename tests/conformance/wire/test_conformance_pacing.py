"""Pacing: how long the client would wait, read off a clock that the tests move by hand."""

from __future__ import annotations

import email.utils
import http.server
import itertools
import time
from collections.abc import Callable, Iterator

import pytest

from lightfield_contract.conformance.harness.wire import pacing
from lightfield_contract.conformance.harness.wire.client import Client
from lightfield_contract.conformance.harness.wire.exchange import Exchange
from lightfield_contract.conformance.harness.wire.outgoing import Outgoing
from lightfield_contract.conformance.harness.wire.pacing import Pacer, read_date, read_retry_after
from lightfield_contract.conformance.harness.wire.target import read_target
from lightfield_contract.spec import Contract


class Hours:
    """A clock that only sleeping moves; it notes every sleep."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.slept: list[float] = []

    def time(self) -> float:
        """The wall clock."""
        return self.now

    def monotonic(self) -> float:
        """The clock that never goes back."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Moves the clock instead of waiting."""
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Hours:
    """The clock of the pacing module."""
    clock = Hours()
    monkeypatch.setattr(pacing, "time", clock)
    return clock


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose local time is not UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def limits(remaining: object, reset: object, **more: str) -> dict[str, str]:
    """The headers that announce a limit."""
    return {"x-ratelimit-remaining": str(remaining), "x-ratelimit-reset": str(reset), **more}


@pytest.mark.parametrize(("text", "seconds"), [("0", 0.0), ("1", 1.0), (" 120 ", 120.0)])
def test_retry_after_in_seconds_is_read(text: str, seconds: float) -> None:
    """The first form of RFC 9110."""
    assert read_retry_after(text, None) == seconds


@pytest.mark.parametrize(
    "text",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
    ids=["IMF-fixdate", "RFC 850", "asctime"],
)
@pytest.mark.usefixtures("in_tokyo")
def test_retry_after_as_a_date_is_read(text: str) -> None:
    """The second form, in the three spellings that a recipient must take; all of them are in UTC."""
    assert read_retry_after(text, "Sun, 06 Nov 1994 08:49:30 GMT") == 7.0


@pytest.mark.parametrize(
    "text",
    ["Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 -0000", "Sun, 06 Nov 1994 08:49:37 GMT"],
    ids=["asctime", "-0000", "IMF-fixdate"],
)
@pytest.mark.usefixtures("in_tokyo")
def test_an_http_date_is_in_gmt_whatever_it_says_of_its_zone(text: str) -> None:
    """Never in local time, where a zone is missing or unknown."""
    assert read_date(text) == 784111777.0


def test_retry_after_as_a_date_is_compared_with_the_targets_clock() -> None:
    """A target whose clock is years behind still means seconds."""
    assert read_retry_after("Wed, 01 Jan 2020 00:00:05 GMT", "Wed, 01 Jan 2020 00:00:00 GMT") == 5.0


def test_retry_after_without_a_date_header_is_compared_with_our_clock(hours: Hours) -> None:
    """There is nothing else to compare it with."""
    assert read_retry_after(email.utils.formatdate(hours.now + 9, usegmt=True), None) == 9.0


def test_retry_after_in_the_past_means_no_pause() -> None:
    """A pause is never negative."""
    assert read_retry_after("Wed, 01 Jan 2020 00:00:00 GMT", "Wed, 01 Jan 2020 00:01:00 GMT") == 0.0


@pytest.mark.parametrize("text", [None, "", "soon", "-1", "1.5", "١", "Wed, 99 Foo 2020", "Fri, 31 Dec 99999 23:59:59 GMT"])
def test_retry_after_that_cannot_be_read_is_none(text: str | None) -> None:
    """Neither of the two forms, so nothing is known."""
    assert read_retry_after(text, None) is None


def test_a_pacer_without_a_rate_waits_for_nothing(hours: Hours) -> None:
    """Without limits of anybody there is no pause."""
    pacer = Pacer(None)
    for _ in range(100):
        pacer.wait("own:write")
    assert hours.slept == []


@pytest.mark.parametrize(("workers", "interval"), [(1, 0.1), (3, 0.3)])
def test_the_users_rate_is_kept_and_shared(hours: Hours, workers: int, interval: float) -> None:
    """Requests are spaced evenly, and each worker takes its share of the rate."""
    pacer = Pacer(10, workers)
    for _ in range(4):
        pacer.wait("own:write")
    assert hours.slept == [interval] * 3


def test_each_category_has_a_pace_of_its_own(hours: Hours) -> None:
    """Reading does not wait for writing."""
    pacer = Pacer(1)
    pacer.wait("own:write")
    pacer.wait("own:read")
    assert hours.slept == []


def test_nothing_remaining_means_waiting_for_the_reset(hours: Hours) -> None:
    """The next request goes out when the window is over."""
    pacer = Pacer(None)
    pacer.learn("own:write", limits(0, hours.now + 2.5))
    pacer.wait("own:write")
    assert hours.slept == [2.5]


@pytest.mark.parametrize("remaining", [1, -1])
def test_something_remaining_means_no_wait(hours: Hours, remaining: int) -> None:
    """As long as the target grants a request, or says nothing that could be, there is no reason to wait."""
    pacer = Pacer(None)
    pacer.learn("own:write", limits(remaining, hours.now + 2.5))
    pacer.wait("own:write")
    assert hours.slept == []


def test_what_remains_is_left_to_the_other_workers(hours: Hours) -> None:
    """Fewer than one for each worker is as good as nothing."""
    pacer = Pacer(None, 4)
    pacer.learn("own:write", limits(3, hours.now + 2))
    pacer.wait("own:write")
    assert hours.slept == [2.0]


def test_a_limit_holds_for_its_category_alone(hours: Hours) -> None:
    """Write, read and search count apart."""
    pacer = Pacer(None)
    pacer.learn("own:write", limits(0, hours.now + 2))
    pacer.wait("own:read")
    assert hours.slept == []


def test_the_reset_is_read_by_the_targets_clock(hours: Hours) -> None:
    """A target an hour ahead announces a reset that is an hour ahead."""
    ahead = hours.now + 3600
    pacer = Pacer(None)
    pacer.learn("own:write", limits(0, ahead + 3, date=email.utils.formatdate(ahead, usegmt=True)))
    pacer.wait("own:write")
    assert hours.slept == [3.0]


@pytest.mark.parametrize("reset", [0, 1_799_999_999, "nan", "-inf"])
def test_a_reset_in_the_past_means_no_wait(hours: Hours, reset: object) -> None:
    """The bucket may be full again already."""
    pacer = Pacer(None)
    pacer.learn("own:write", limits(0, reset))
    pacer.wait("own:write")
    assert hours.slept == []


@pytest.mark.parametrize("reset", [1_900_000_000, "inf", "1e300"])
def test_a_reset_far_away_is_not_waited_out(hours: Hours, reset: object) -> None:
    """A limit per second is not reset minutes later; what a 429 asks for is waited for."""
    pacer = Pacer(None)
    pacer.learn("own:write", limits(0, reset))
    pacer.wait("own:write")
    assert hours.slept == []


def test_a_long_wait_is_told_and_a_short_one_is_not(hours: Hours) -> None:
    told: list[str] = []
    pacer = Pacer(None, tell=told.append)
    for seconds in (1, 30):
        pacer.pause("own:write", seconds)
        pacer.wait("own:write")
    assert hours.slept == [1, 30]
    assert told == ["waiting 30 s before the next write, to keep within the rate limit"]


@pytest.mark.parametrize(
    "headers", [{}, {"x-ratelimit-remaining": "0"}, limits("few", 1), limits(0, "soon"), limits("", "")]
)
def test_headers_that_cannot_be_read_mean_no_wait(hours: Hours, headers: dict[str, str]) -> None:
    """What is not a number teaches nothing."""
    pacer = Pacer(None)
    pacer.learn("own:write", headers)
    pacer.wait("own:write")
    assert hours.slept == []


def test_a_shorter_pause_does_not_shorten_a_longer_one(hours: Hours) -> None:
    """The later of two moments counts."""
    pacer = Pacer(None)
    pacer.pause("own:write", 5)
    pacer.pause("own:write", 1)
    pacer.wait("own:write")
    assert hours.slept == [5.0]


@pytest.fixture
def busy(answer: Callable[[type[http.server.BaseHTTPRequestHandler]], str]) -> Callable[[str], tuple[str, list[str]]]:
    """Serves nothing but 429, with a Retry-After or none; gives its URL, and what it is asked for."""

    def serve(asked: str) -> tuple[str, list[str]]:
        heard: list[str] = []

        class Busy(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                heard.append(self.path)
                self.send_response(429)
                if asked:
                    self.send_header("Retry-After", asked)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the overridden method
                """Says nothing."""

        return answer(Busy), heard

    return serve


@pytest.mark.parametrize(
    ("asked", "slept"), [("3600", []), ("99999999999999999999", []), ("", [1, 2, 4, 8, 16, 32]), ("5", [5] * 12)]
)
def test_a_429_is_waited_out_unless_it_takes_too_long(
    hours: Hours, asked: str, slept: list[int], contract: Contract, busy: Callable[[str], tuple[str, list[str]]]
) -> None:
    """The last answer is given to whoever asked; where nothing says how long it takes, the pauses grow."""
    url, heard = busy(asked)
    exchange = next(ask(contract, url))
    assert exchange.status == 429
    assert len(heard) == len(slept) + 1
    assert [round(pause) for pause in hours.slept] == slept


def test_where_waiting_is_in_vain_it_is_given_up_sooner(
    hours: Hours, contract: Contract, busy: Callable[[str], tuple[str, list[str]]]
) -> None:
    """Three requests are waited for to the end, the next ones once."""
    url, heard = busy("5")
    sent = list(itertools.islice(ask(contract, url), 5))
    assert [exchange.limited for exchange in sent] == [12, 12, 12, 1, 1]
    assert len(heard) == sum(exchange.limited + 1 for exchange in sent)
    assert len(hours.slept) == 38


def ask(contract: Contract, url: str) -> Iterator[Exchange]:
    """Asks one thing after the other."""
    target = read_target(contract, url, {"LIGHTFIELD_API_KEY": "sk_lf_some_key"})
    client = Client(target, timeout=5, pacer=Pacer(None), run="lfc-test")
    try:
        for number in itertools.count(1):
            outgoing = Outgoing(number=str(number), method="GET", path="/", caller=target.callers["main"], headers={})
            yield client.send(outgoing)
    finally:
        client.close()
