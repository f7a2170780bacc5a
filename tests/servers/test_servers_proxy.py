"""The proxy does to each request what its seed says, and nothing else."""

from __future__ import annotations

import httpx
import pytest

from .proxy import KINDS_OF_TROUBLE, Proxy, trouble
from .serving import Running, serve

PATH = "/v1/opportunities"
LOST = "lost"


def ask(server: Running, proxy: Proxy, times: int = 1) -> list[int | str]:
    """Send some correct creates through the proxy and return their statuses."""
    got: list[int | str] = []
    with httpx.Client(base_url=proxy.url, headers=server.headers(), timeout=5) as client:
        for _ in range(times):
            try:
                got.append(client.post(PATH, json=server.body()).status_code)
            except httpx.TransportError:
                got.append(LOST)
    return got


@pytest.mark.parametrize("kind", KINDS_OF_TROUBLE)
def test_each_kind_of_trouble_loses_the_answer_and_says_whether_it_arrived(kind: str) -> None:
    with serve() as server, trouble(server.url, rate=1, kinds=(kind,), delay=0.01) as proxy:
        got = ask(server, proxy)[0]
        assert len(server.store.created) == (0 if kind.endswith("-before") else 1)
    if kind == "delayed":
        assert got == 200
    elif kind.startswith("gateway"):
        assert got in (502, 503, 504)
    else:
        assert got == LOST
    assert proxy.disturbed == {kind: 1}


def test_without_trouble_it_passes_all_on_over_one_connection() -> None:
    with serve() as server, trouble(server.url, rate=0) as proxy:
        with httpx.Client(base_url=proxy.url, headers=server.headers()) as client:
            assert client.get(f"{PATH}/definitions").json()["objectType"] == "opportunity"
            assert [client.post(PATH, json=server.body()).status_code for _ in range(20)] == [200] * 20
            chunks = iter([b'{"fields": ', b"7}"])
            answer = client.post(PATH, content=chunks, headers={"Content-Type": "application/json"})
            assert answer.status_code == 400
        assert len(server.store.created) == 20


def test_one_seed_makes_the_same_trouble_again() -> None:
    seen = []
    for seed in (1, 1, 2):
        with serve() as server, trouble(server.url, rate=0.4, seed=seed, delay=0) as proxy:
            seen.append(ask(server, proxy, 30))
    assert seen[0] == seen[1] != seen[2]
