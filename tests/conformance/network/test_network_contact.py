"""What stands before the API is not taken for the API: at the first contact it is named, or gone around."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lightfield_contract.reference import Reference
from lightfield_contract.reports import Result, Verdict, read_json

Command = Callable[..., subprocess.CompletedProcess[str]]
Refusal = Callable[..., str]
RUN = ("run", "--depth", "smoke", "--timeout", "5", "--report-dir", "reports")
PAGE = "<html><head><title>Access denied</title></head></html>"
LOGIN = {"Location": "https://login.example.com/in?token=hidden"}
EXPIRED = '{"error": {"type": "unauthorized", "message": "The key has expired."}}'
JSON = {"Content-Type": "application/json"}


def judged(told: subprocess.CompletedProcess[str], folder: Path, status: int = 0) -> Result:
    """The result of a run that blamed the target for nothing."""
    assert told.returncode == status, told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr
    result = read_json(folder / "reports" / "result.json")
    assert [(clause.id, clause.findings) for clause in result.clauses if clause.findings] == []
    return result


def verified(result: Result) -> int:
    """How many clauses were verified."""
    return len(result.clauses) - result.counts()[Verdict.NOT_VERIFIED]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (
            (302, "<html>login</html>", LOGIN),
            "302 Found, text/html, leads to https://login.example.com/in,.*LIGHTFIELD_HEADERS",
        ),
        ((303, "", {**LOGIN, **JSON}), "leads to https://login.example.com/in.*LIGHTFIELD_HEADERS"),
        ((403, PAGE), '403 Forbidden, text/html, "Access denied"; .*LIGHTFIELD_HEADERS'),
        ((401, "Log in first", {"Content-Type": "text/plain"}), '401 Unauthorized, text/plain, "Log in first"; '),
        (
            (200, "<!doctype html><title>Our app</title>", {"Server": "nginx"}),
            '"Our app", Server: nginx; .*is the base URL right',
        ),
        ((200, "pong", {"Content-Type": "text/plain"}), '200 OK, text/plain, "pong"; .*is the base URL right'),
        ((407, PAGE, {"Proxy-Authenticate": "Negotiate"}), "Proxy-Authenticate: Negotiate; .*wants a login"),
        ((502, PAGE, {"Via": "1.1 squid"}), "502 Bad Gateway.*Via: 1.1 squid; .*--wait"),
        ((503, '{"message": "no healthy upstream"}', JSON), "503 Service Unavailable, application/json.*--wait"),
        ((503, PAGE, {"Retry-After": "600"}), "Retry-After: 600; .*--wait"),
        ((526, PAGE), "526.*--wait"),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else "",
)
def test_what_answers_in_the_targets_place_is_named(refusal: Refusal, front: Any, reply: tuple[Any, ...], told: str) -> None:
    """A sentence with what was seen and what to do; no token is shown."""
    before = front(lambda *_: reply)
    said = refusal(before.url, wait=0.5)
    assert re.search(f"{before.url} cannot be judged: .*{told}", said)
    assert "hidden" not in said


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_that_is_not_in_the_apis_form_raises_a_doubt(refusal: Refusal, front: Any, status: int) -> None:
    """It may be the key, and it may be a gateway that speaks JSON."""
    before = front(lambda *_: (status, '{"message": "Missing Authentication Token"}', {**JSON, "Server": "edge"}))
    assert re.search(
        "LIGHTFIELD_API_KEY.*did something before the API refuse.*Missing Auth.*Server: edge", refusal(before.url)
    )


@pytest.mark.parametrize("moved", [301, 308])
def test_a_redirect_within_the_api_says_which_url_to_use(refusal: Refusal, front: Any, moved: int) -> None:
    """To https, to another host, or under a prefix."""
    for base in ("https://localhost", "https://api.example.com", "http://127.0.0.1:9/prefix"):
        before = front(lambda request, _, base=base: (moved, "<html>moved</html>", {"Location": f"{base}{request.path}"}))
        assert refusal(before.url).endswith(f"try --base-url {base}")


def warming_up(seconds: float, reply: tuple[Any, ...]) -> Callable[..., tuple[Any, ...] | None]:
    """A front that answers by itself until some time after its first request."""
    start: list[float] = []

    def conduct(*_: object) -> tuple[Any, ...] | None:
        start.append(time.monotonic())
        return reply if start[-1] < start[0] + seconds else None

    return conduct


@pytest.mark.parametrize(
    "reply",
    [
        (503, "<html>warming up</html>", {"Retry-After": "1"}),
        (503, '{"error": {"type": "service_unavailable", "message": "Starting."}}', JSON),
        (502, ""),
        (504, PAGE),
    ],
    ids=["503 with Retry-After", "503 of the API's own", "502", "504"],
)
def test_a_target_that_warms_up_is_waited_for(
    command: Command, front: Any, upstream: Reference, tmp_path: Path, reply: tuple[Any, ...]
) -> None:
    """A line says what is waited for; then it is judged as ever."""
    before = front(warming_up(1.5, reply))
    told = command(*RUN, "--base-url", before.url, "--clause", "key:", environment=upstream.environment)
    judged(told, tmp_path)
    assert f"waiting up to 30 s (--wait) for {before.url}: {reply[0]}" in told.stderr


def test_a_target_that_is_slow_at_first_is_told_apart_from_a_dead_one(
    refusal: Refusal, welcome: Refusal, front: Any
) -> None:
    """Without --wait the sentence names it and --timeout; with it the target is met."""

    def cold(*_: object) -> None:
        if time.monotonic() < start + 3:
            time.sleep(1.5)

    start = time.monotonic()
    before = front(cold)
    assert re.search("no answer within 0.5 s; .*--timeout.*--wait", refusal(before.url, timeout=0.5))
    start = time.monotonic()
    assert "no answer within 0.5 s" in welcome(before.url, timeout=0.5, wait=20.0)


@pytest.mark.parametrize("times", [1, 2])
def test_a_first_answer_that_breaks_off_is_asked_for_again(welcome: Refusal, front: Any, times: int) -> None:
    """A connection may be lost by chance."""
    assert welcome(front(lambda _, number: (0,) if number <= times else None).url) == ""


def test_a_port_that_opens_later_is_waited_for_when_asked(welcome: Refusal, front: Any) -> None:
    """As in CI, where the server is started in the background."""
    before = front()
    before.stop()
    later = threading.Timer(0.5, before.start)
    later.start()
    assert "Connection refused" in welcome(before.url, wait=20.0)
    later.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST.", "127.1", "[::ffff:127.0.0.1]"])
def test_a_local_target_goes_past_every_proxy(welcome: Refusal, front: Any, upstream: Reference, host: str) -> None:
    """However it is spelled, and whatever else stands in the environment."""
    proxy = front(lambda *_: (403, PAGE))
    port = upstream.url.rpartition(":")[2]
    environment = {"HTTP_PROXY": proxy.url, "all_proxy": "socks5://127.0.0.1:1", "NO_PROXY": "example.com,fd00::/8,[::1]"}
    assert welcome(f"HTTP://{host}:{port}/", environment) == ""
    assert proxy.heard == []


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ((407, PAGE, {"Proxy-Authenticate": "Basic"}), "HTTP_PROXY.*wants a login"),
        ((403, PAGE), "go round the proxy .*HTTP_PROXY.* with NO_PROXY"),
        ((502, PAGE), "502 Bad Gateway"),
    ],
    ids=["407", "403", "502"],
)
def test_a_proxy_that_refuses_is_named(refusal: Refusal, front: Any, reply: tuple[Any, ...], told: str) -> None:
    """Over plain HTTP it answers in the target's place."""
    proxy = front(lambda *_: reply)
    assert re.search(told, refusal("http://staging.example.com", {"HTTP_PROXY": proxy.url}, wait=0.0, allow_http=True))


def test_a_proxy_that_refuses_a_tunnel_is_named(refusal: Refusal, front: Any) -> None:
    """Over TLS it does not get to see a request, and hears no key."""
    proxy = front(lambda *_: (407, PAGE, {"Proxy-Authenticate": "Basic"}))
    said = refusal("https://staging.example.com", {"HTTPS_PROXY": proxy.url})
    assert re.search("the proxy http://127.0.0.1.*HTTPS_PROXY.*407", said)
    assert not proxy.heard_key()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("HTTPS_PROXY", "nonsense://"),
        ("ALL_PROXY", "http://[::1"),
        ("SSL_CERT_FILE", "/nowhere"),
    ],
)
def test_the_environments_mistakes_are_a_sentence(refusal: Refusal, name: str, value: str) -> None:
    """Which names the variable."""
    assert name in refusal("https://staging.example.com", {name: value})


@pytest.mark.long
def test_a_door_opens_to_a_header(command: Command, front: Any, upstream: Reference, tmp_path: Path) -> None:
    """What a gateway wants is sent with every request, and shown nowhere."""

    def door(request: Any, _: int) -> tuple[Any, ...] | None:
        return None if request.headers.get("X-Bypass") == "pass" and "X-Tenant" in request.headers else (403, PAGE)

    before = front(door)
    given = {"LIGHTFIELD_HEADERS": "X-Bypass: pass\nX-Tenant: tenant-of-the-tests"}
    run = (*RUN, "--report", "json,html,har", "--base-url", before.url)
    result = judged(command(*run, environment={**upstream.environment, **given}), tmp_path)
    assert "LIGHTFIELD_HEADERS" in result.run.given
    assert result.counts()[Verdict.CONFORMS] > 100
    assert not [path for path in (tmp_path / "reports").iterdir() if "tenant-of-the-tests" in path.read_text()]


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/opportunities", "/api/V1/../v1"])
def test_a_base_url_that_ends_in_the_operations_path_is_explained(refusal: Refusal, upstream: Reference, path: str) -> None:
    """The hint shows the URL without it."""
    assert refusal(f"{upstream.url}{path}").endswith(f"try --base-url {upstream.url}{'/api' if 'api' in path else ''}")


@pytest.mark.long
@pytest.mark.parametrize("prefix", ["/api", "/a/b%20c/"])
def test_a_target_under_a_prefix_is_judged_like_any(
    command: Command, front: Any, upstream: Reference, tmp_path: Path, prefix: str
) -> None:
    """A replay at the end of the run as well."""
    mount = prefix.rstrip("/")
    mounted = front(lambda request, _: None if request.path.startswith(f"{mount}/v1/") else (404, PAGE), strip=mount)
    told = command(*RUN, "--base-url", f"{mounted.url}{prefix}", environment=upstream.environment)
    result = judged(told, tmp_path)
    assert verified(result) > 110
    assert {request.path.startswith(f"{mount}/v1/") for request in mounted.heard} == {True}
