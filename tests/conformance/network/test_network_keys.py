"""A fresh key comes of the user's command: once for all workers, and never on disk in the clear."""

from __future__ import annotations

import concurrent.futures
import os
import secrets
import shlex
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lightfield_contract.conformance.harness.wire.key_command import print_key, with_key
from lightfield_contract.conformance.harness.wire.main_key import KeyShare, MainKey
from lightfield_contract.conformance.harness.wire.redaction import Secret
from lightfield_contract.spec import TargetError, UsageError

VARIABLE = "LIGHTFIELD_KEY_COMMAND"


def running(code: str) -> dict[str, str]:
    """An environment whose command runs a few lines of Python."""
    return {**os.environ, VARIABLE: shlex.join([sys.executable, "-c", code])}


@pytest.mark.parametrize("printed", ["sk_lf_fresh", " sk_lf_fresh\r\n\n", "\ufeffsk_lf_fresh"])
def test_the_command_prints_a_key(printed: str) -> None:
    """With whatever a program puts around it."""
    assert print_key(running(f"import sys; sys.stdout.buffer.write({printed.encode()!r})")) == "sk_lf_fresh"


def test_the_command_is_run_without_a_shell_and_without_a_terminal() -> None:
    """Its words are parted as a shell does, and nothing else of a shell happens; it has nothing to read from."""
    code = "import sys; print('sk_lf_' + sys.argv[1].replace(' ', '_').replace('$', 'D') + sys.stdin.read())"
    words = f"{shlex.join([sys.executable, '-c', code])} 'a $HOME;b'"
    assert print_key({**os.environ, VARIABLE: words}) == "sk_lf_a_DHOME;b"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("sk_lf_hidden 'quoted", "cannot be read"),
        ("sk_lf_hidden", "cannot be run"),
        ("/", "cannot be run"),
        ("''", "cannot be run"),
        ("false sk_lf_hidden", "status 1"),
        ("echo", "did not print a key"),
        ("echo sk_lf_hidden and more", "did not print a key"),
        ("printf 'sk_lf_hidden\\nsk_lf_hidden'", "did not print a key"),
        ("printf sk_lf_hiddän", "did not print a key"),
        ("sh -c 'echo sk_lf_hidden; kill -9 $$'", "signal 9"),
        ("sh -c 'echo sk_lf_hidden >&2; exit 3'", "status 3"),
    ],
)
def test_a_command_that_gives_no_key_is_told_in_a_sentence(
    capfd: pytest.CaptureFixture[str], command: str, told: str
) -> None:
    """Neither the command nor anything that it printed is repeated."""
    with pytest.raises(UsageError, match=f"{VARIABLE}.*{told}") as caught:
        print_key({**os.environ, VARIABLE: command})
    assert "hidden" not in f"{caught.value}{capfd.readouterr()}"


def test_a_command_that_does_not_end_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    """A child that holds its output open as well."""
    mark = tmp_path / "pid"
    with pytest.raises(UsageError, match=r"did not end within 0\.5 s"):
        print_key({**os.environ, VARIABLE: f"sh -c 'sleep 60 & echo $! > {mark}; wait'"}, timeout=0.5)
    child = int(mark.read_text())
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().rpartition(")")[2][:3]:
            return
        time.sleep(0.02)
    pytest.fail("the child still runs")


def test_a_key_that_is_given_is_not_fetched() -> None:
    """The command is run where there is no key, and later where the key stops working."""
    given = {"KEY": "sk_lf_given", VARIABLE: "false"}
    assert with_key(given, "KEY") is given
    assert with_key({}, "KEY") == {}
    assert with_key({**running("print('sk_lf_fresh')"), "KEY": " "}, "KEY")["KEY"] == "sk_lf_fresh"


def main_key(fetch: Callable[[], str] | None, share: KeyShare | None = None) -> tuple[MainKey, list[Secret]]:
    """A main key, and the list of those that are hidden."""
    learnt: list[Secret] = []
    return MainKey(Secret("sk_lf_first", "LIGHTFIELD_API_KEY"), learnt.append, fetch, share), learnt


def test_a_fresh_key_is_hidden_before_it_is_used() -> None:
    """Under the name of the variable of the first one."""
    key, learnt = main_key(lambda: "sk_lf_fresh")
    assert key.renew(key.now)
    assert [(secret.reveal(), secret.variable) for secret in learnt] == [("sk_lf_fresh", "LIGHTFIELD_API_KEY")]
    assert learnt == [key.now]


def test_without_a_command_there_is_no_fresh_key() -> None:
    """The old one stays."""
    key, learnt = main_key(None)
    before = key.now
    assert not key.renew(before)
    assert key.now is before
    assert learnt == []


def test_threads_fetch_one_key_between_them() -> None:
    """Whoever comes late finds the key renewed."""
    calls: list[int] = []

    def fetch() -> str:
        calls.append(1)
        time.sleep(0.05)
        return "sk_lf_fresh"

    key, _ = main_key(fetch)
    refused = key.now
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: key.renew(refused), range(4)))
    assert len(calls) == 1


def test_workers_fetch_one_key_between_them(tmp_path: Path) -> None:
    """One runs the command, the others wait for what it printed; a second time as well."""
    mask = secrets.token_bytes(32)
    count, lock = [0], threading.Lock()

    def fetch() -> str:
        with lock:
            count[0] += 1
            number = count[0]
        time.sleep(0.05)
        return f"sk_lf_fresh_{number}"

    keys = [main_key(fetch, KeyShare(tmp_path, mask))[0] for _ in range(4)]
    for number in (1, 2):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            assert all(pool.map(lambda key: key.renew(key.now), keys))
        assert {key.now.reveal() for key in keys} == {f"sk_lf_fresh_{number}"}


def test_a_worker_that_missed_some_takes_the_newest(tmp_path: Path) -> None:
    """What others fetched and used up meanwhile is skipped."""
    share = KeyShare(tmp_path, b"mask")
    numbers = iter(range(10))
    busy, _ = main_key(lambda: f"sk_lf_{next(numbers)}", share)
    idle, _ = main_key(lambda: pytest.fail("fetched again"), share)
    for _ in range(3):
        busy.renew(busy.now)
    idle.renew(idle.now)
    assert idle.now.reveal() == busy.now.reveal() == "sk_lf_2"


def test_a_failure_is_told_to_all_workers(tmp_path: Path) -> None:
    """Nobody waits for a key that will not come."""

    def fail() -> str:
        raise UsageError(f"{VARIABLE} ended with status 1")

    for _ in range(2):
        key, _ = main_key(fail, KeyShare(tmp_path, b"mask"))
        with pytest.raises(TargetError, match="the key stopped working, and"):
            key.renew(key.now)


def test_what_lies_on_disk_is_for_the_user_alone_and_holds_no_key(tmp_path: Path) -> None:
    """Two keys of one run do not give each other away either."""
    share = KeyShare(tmp_path, secrets.token_bytes(32))
    assert share.take(1) is None
    for generation in (1, 2):
        assert share.claim(generation)
        assert not share.claim(generation)
        share.put(generation, "sk_lf_fresh")
    files = [path for path in tmp_path.iterdir() if path.stat().st_size]
    assert [share.take(1), share.take(2)] == ["sk_lf_fresh"] * 2
    assert len({path.read_bytes() for path in files}) == len(files) == 2
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())
    assert not any(b"sk_lf" in path.read_bytes() for path in files)
