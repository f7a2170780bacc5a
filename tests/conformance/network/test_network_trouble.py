"""Trouble on the way is told from the target's own answer: at once where it shows, else by asking again."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Callable, Iterable, Iterator

import pytest

from lightfield_contract.conformance.harness.wire.door import Attempt, Door, Trouble
from lightfield_contract.conformance.harness.wire.exchange import MISSING, Exchange
from lightfield_contract.conformance.harness.wire.main_key import MainKey
from lightfield_contract.conformance.harness.wire.redaction import Secret
from lightfield_contract.conformance.harness.wire.trouble import describe, leads_to, trouble

ERROR = '{"error": {"type": "service_unavailable", "message": "Later."}}'
PAGE = "<html><head><title>Sign in &amp; go on</title></head><body>Welcome</body></html>"


def answered(status: int, text: str = "", media_type: str = "", cause: str = "", **headers: str) -> Exchange:
    """An exchange with that answer, sent with the main key."""
    try:
        body = json.loads(text)
    except ValueError:
        body = MISSING
    return Exchange(
        number="1",
        method="POST",
        url="https://staging.example.com/v1/things",
        path="/v1/things",
        caller="main",
        headers=(("Authorization", "Bearer $LIGHTFIELD_API_KEY"),),
        authorized=True,
        content=b"{}",
        sent={},
        stamp="",
        key=None,
        status=status,
        response_headers={"content-type": media_type, **{name.replace("_", "-"): value for name, value in headers.items()}},
        text=text,
        body=body,
        failure="" if status else "no answer",
        cause="" if status else cause or "broken",
    )


GOOD = answered(200, "{}", "application/json")
SILENCE = answered(0)
REFUSED = answered(0, cause="connect")
GATEWAY = answered(502, PAGE, "text/html")
UNKNOWN_KEY = answered(401, '{"error": {"type": "unauthorized", "message": "No."}}', "application/json")


@pytest.mark.parametrize(
    "exchange",
    [
        SILENCE,
        REFUSED,
        answered(0, cause="timeout"),
        GATEWAY,
        answered(503, "", ""),
        answered(503, '{"message": "Service Unavailable"}', "application/json"),
        answered(504, "upstream request timeout", "text/plain"),
        answered(522, PAGE, "text/html"),
        answered(407, "", proxy_authenticate="Basic"),
        answered(511, PAGE, "text/html"),
        answered(302, "", location="https://login.example.com/"),
        answered(308, "{}", "application/json", location="/v2"),
        answered(200, PAGE, "text/html; charset=utf-8"),
        answered(403, PAGE, "TEXT/HTML"),
        answered(403, "RBAC: access denied", "text/plain"),
        answered(404, "default backend - 404", "text/plain"),
        answered(200, PAGE),
    ],
    ids=describe,
)
def test_what_may_be_anothers_answer_is_trouble(exchange: Exchange) -> None:
    """Silence, gateways, proxies, redirects and pages."""
    assert trouble(exchange)


@pytest.mark.parametrize(
    "exchange",
    [
        GOOD,
        UNKNOWN_KEY,
        answered(503, ERROR, "application/json"),
        answered(502, ERROR.replace('{"error": ', "")[:-1], "application/problem+json"),
        answered(500, "Internal Server Error", "text/plain"),
        answered(500, PAGE, "text/html"),
        answered(405, PAGE, "text/html"),
        answered(400, "not JSON", "application/json"),
        answered(401, ""),
        answered(204, ""),
        answered(200, '{"id": "1"}', "text/plain", via="1.1 cache"),
        answered(0, cause="dropped"),
    ],
    ids=describe,
)
def test_what_the_target_itself_answers_is_no_trouble(exchange: Exchange) -> None:
    """JSON, the API's own error form whatever its status, a crash, and what was closed on purpose."""
    assert not trouble(exchange)


def test_what_was_seen_fits_into_a_sentence() -> None:
    """Status, media type, title, and who signed it; nothing that a terminal would obey."""
    hostile = answered(403, "<title>Go\x1b[31m \n away</title>", "text/html", server="nginx", via="1.1 x\x07y")
    assert describe(hostile) == '403, text/html, "Go [31m away", Server: nginx, Via: 1.1 x y'
    assert '"Sign in & go on"' in describe(GATEWAY)
    assert len(describe(answered(200, "word " * 10_000, "text/plain"))) < 200


def test_where_a_redirect_leads_is_shown_without_what_may_be_secret() -> None:
    """Relative or not, without query, fragment and user."""
    to = answered(302, location="//user:password@login.example.com/in?token=1#2")
    assert leads_to(to) == "https://login.example.com/in"
    assert leads_to(answered(301, location="../v2/things")) == "https://staging.example.com/v2/things"
    assert leads_to(GOOD) == ""


class Script:
    """A target that answers requests, controls and questions about the key by three lists; each last one stays.

    Attributes:
        sent: how many requests were made, as a client counts them.
        returned: how often the target was taken to be back after it had gone.
    """

    def __init__(
        self, requests: Iterable[Exchange], controls: Iterable[Exchange] = (GOOD,), checks: Iterable[Exchange] = (GOOD,)
    ) -> None:
        self.sent = 0
        self.returned = 0
        self._requests, self._controls, self._checks = (self._play(list(each)) for each in (requests, controls, checks))

    def attempt(self, **details: bool) -> Attempt:
        """A request to it."""

        def control() -> tuple[Exchange, bool]:
            answer = next(self._controls)
            return answer, answer.accepted

        return Attempt(lambda: next(self._requests), control, lambda: next(self._checks), **details)

    def door(self, key: MainKey | None = None, patience: float = 0.0) -> Door:
        """A door to it, after the first contact."""
        made = Door(self, key or fixed_key(), patience, self._note)  # type: ignore[arg-type]
        made.open = True
        return made

    def _note(self) -> None:
        self.returned += 1

    def _play(self, answers: list[Exchange]) -> Iterator[Exchange]:
        for answer in itertools.chain(answers, itertools.repeat(answers[-1])):
            self.sent += 1
            yield answer


def fixed_key(fetch: Callable[[], str] | None = None) -> MainKey:
    """A main key, and how a fresh one is fetched."""
    return MainKey(Secret("sk_lf_first", "LIGHTFIELD_API_KEY"), lambda _: None, fetch)


@pytest.mark.parametrize("bad", [SILENCE, GATEWAY, answered(200, PAGE, "text/html")], ids=describe)
def test_an_answer_comes_after_trouble(bad: Exchange) -> None:
    """The request is made again, and its answer counts."""
    script = Script([bad, bad, GOOD])
    assert script.door().send(script.attempt()) is GOOD


@pytest.mark.parametrize("bad", [SILENCE, GATEWAY, answered(422, PAGE, "text/html")], ids=describe)
def test_the_same_trouble_three_times_is_the_targets(bad: Exchange) -> None:
    """While the control passes each time."""
    script = Script([bad])
    assert script.door().send(script.attempt()) is bad
    assert script.sent == 6


def test_trouble_that_comes_by_chance_has_to_repeat_more_often() -> None:
    """On a way on which one request in four has trouble, three in a row are no proof."""
    script = Script([GATEWAY, GOOD] + [GATEWAY] * 3 + [GOOD])
    door = script.door()
    for _ in range(2):
        assert door.send(script.attempt()) is GOOD


@pytest.mark.parametrize("control", [UNKNOWN_KEY, answered(500, "{}", "application/json")], ids=describe)
def test_without_a_control_that_passes_nothing_is_shown(control: Exchange) -> None:
    """The request is made a few times, and then the case is given up; the run goes on."""
    script = Script([GATEWAY], [control])
    door = script.door()
    with pytest.raises(Trouble, match="trouble on the way: 502"):
        door.send(script.attempt())
    assert door.ended is None


def test_one_of_several_at_the_same_moment_is_not_made_again() -> None:
    """Alone it would show something else."""
    script = Script([GATEWAY, GOOD])
    with pytest.raises(Trouble):
        script.door().send(script.attempt(repeatable=False))


def test_a_kind_of_answer_that_was_shown_twice_is_believed() -> None:
    """As long as no trouble comes by chance; then it is asked for again."""
    page = answered(422, PAGE, "text/html")
    script = Script([page] * 7 + [SILENCE, GOOD, page, page, GOOD])
    door = script.door()
    for _ in range(3):
        assert door.send(script.attempt()) is page
    assert door.send(script.attempt()) is GOOD
    assert door.send(script.attempt()) is GOOD


def test_silence_is_never_believed_at_once() -> None:
    """A target that is gone looks like that as well."""
    script = Script([SILENCE] * 6 + [SILENCE, GOOD])
    door = script.door()
    for _ in range(2):
        assert door.send(script.attempt()) is SILENCE
    assert door.send(script.attempt()) is GOOD


def test_a_target_that_is_back_is_used_again() -> None:
    """It is waited for, and what it held in memory may be lost."""
    script = Script([REFUSED, GOOD], [REFUSED, REFUSED, GOOD])
    assert script.door(patience=10).send(script.attempt()) is GOOD
    assert script.returned == 1


def test_a_target_that_stays_away_ends_the_run() -> None:
    """The reason says after how many requests; nothing more is sent."""
    script = Script([REFUSED], [REFUSED])
    door = script.door(patience=0.2)
    with pytest.raises(Trouble, match=r"stopped answering after \d+ requests"):
        door.send(script.attempt())
    sent = script.sent
    with pytest.raises(Trouble) as again:
        door.send(script.attempt())
    assert again.value is door.ended
    assert script.sent == sent


def test_a_conflict_after_a_lost_answer_is_waited_out() -> None:
    """The request whose answer was lost may still be in flight, and holds its key."""
    conflict = dataclasses.replace(
        answered(409, '{"type": "conflict", "message": "In flight."}', "application/json"), key="k"
    )
    script = Script([SILENCE, conflict, GOOD, conflict])
    door = script.door()
    assert door.send(script.attempt()) is GOOD
    assert door.send(script.attempt()) is conflict


def test_a_401_to_one_way_of_sending_is_an_answer() -> None:
    """The key by itself is taken."""
    script = Script([GOOD, UNKNOWN_KEY])
    door = script.door()
    assert [door.send(script.attempt()) for _ in range(2)] == [GOOD, UNKNOWN_KEY]


def test_a_401_before_the_key_was_ever_taken_is_an_answer() -> None:
    """A wrong key did not stop working."""
    script = Script([UNKNOWN_KEY], checks=[UNKNOWN_KEY])
    assert script.door().send(script.attempt()) is UNKNOWN_KEY


def test_a_key_that_stops_working_ends_the_run() -> None:
    """It was taken before, and is refused by itself as well."""
    script = Script([GOOD, UNKNOWN_KEY], checks=[UNKNOWN_KEY])
    door = script.door()
    door.send(script.attempt())
    with pytest.raises(Trouble, match=r"the key stopped working after \d+ requests") as caught:
        door.send(script.attempt())
    assert caught.value is door.ended
    assert "LIGHTFIELD_KEY_COMMAND" in caught.value.remedy


def test_another_callers_key_that_stops_working_ends_its_case_alone() -> None:
    """The run goes on with the main key."""
    other = dataclasses.replace(UNKNOWN_KEY, caller="read")
    script = Script([dataclasses.replace(GOOD, caller="read"), other, GOOD], checks=[other])
    door = script.door()
    door.send(script.attempt())
    with pytest.raises(Trouble, match="read"):
        door.send(script.attempt())
    assert door.ended is None
    assert door.send(script.attempt()) is GOOD


def test_a_request_is_made_again_with_a_fresh_key() -> None:
    """The key that is sent from then on is the fresh one."""
    script = Script([GOOD, UNKNOWN_KEY, GOOD], checks=[UNKNOWN_KEY])
    key = fixed_key(lambda: "sk_lf_fresh")
    door = script.door(key)
    assert [door.send(script.attempt()) for _ in range(2)] == [GOOD, GOOD]
    assert key.now.reveal() == "sk_lf_fresh"


def test_what_another_key_would_change_is_not_made_again() -> None:
    """The case is given up, and the next one uses the fresh key."""
    script = Script([GOOD, UNKNOWN_KEY, GOOD], checks=[UNKNOWN_KEY])
    door = script.door(fixed_key(lambda: "sk_lf_fresh"))
    door.send(script.attempt())
    with pytest.raises(Trouble, match="in the middle of a case"):
        door.send(script.attempt(renewable=False))
    assert door.send(script.attempt()) is GOOD


def test_fresh_keys_that_are_refused_as_well_end_the_run() -> None:
    """They are not fetched for ever."""
    fetched = itertools.count()
    script = Script([GOOD, UNKNOWN_KEY], checks=[UNKNOWN_KEY])
    door = script.door(fixed_key(lambda: f"sk_lf_{next(fetched)}"))
    door.send(script.attempt())
    with pytest.raises(Trouble, match="fresh ones"):
        door.send(script.attempt())
    assert next(fetched) <= 3


def test_before_the_first_contact_every_answer_is_given_as_it_came() -> None:
    """Whoever asks judges it."""
    script = Script([GATEWAY])
    door = script.door()
    door.open = False
    assert door.send(script.attempt()) is GATEWAY
