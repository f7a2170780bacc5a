"""A command that the reports print is pasted into a shell here, and a server tells what arrived."""

from __future__ import annotations

import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from lightfield_contract.reports import UNKNOWN_KEY, body_bytes, body_text, make_curl
from lightfield_contract.reports.inert import inert_block

pytestmark = pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="bash and curl are needed")

KEY = "sk_lf_a$b'c"
HEADERS = [
    ("Host", "ignored.example"),
    ("Authorization", "Bearer $LIGHTFIELD_API_KEY"),
    ("Content-Type", "application/json"),
]


class _Recorder(http.server.BaseHTTPRequestHandler):
    """Keeps what it gets in the server's `seen`."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path, list(self.headers.items()), body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 -- named by http.server

    def log_message(self, *arguments: Any) -> None:
        """Nothing: the tests read what was seen."""


@pytest.fixture(scope="module")
def recorder() -> Iterator[http.server.ThreadingHTTPServer]:
    """A server on the loopback interface."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Recorder) as server:
        server.seen = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def paste(server: Any, command: str, shell: str = "bash") -> tuple[str, str, list[tuple[str, str]], bytes]:
    """Runs the command as if pasted and gives what arrived."""
    server.seen.clear()
    environment = {"PATH": os.environ["PATH"], "LIGHTFIELD_API_KEY": KEY, "HOME": "/nonexistent"}
    done = subprocess.run([shell], input=command.encode(), env=environment, capture_output=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"HTTP/1.")
    (seen,) = server.seen
    return seen  # type: ignore[no-any-return]


BODIES = {
    "json": b'{"fields": {"$name": "it\'s \\"$HOME\\" `id` $(id) !! \\\\n"}}',
    "unicode": 'naïve 漢字 🧑 "é"'.encode(),
    "bidi and zero width": "a\u202eb\u2066c\u200d\ufeff".encode(),
    "several lines": b'{\n\t"a": 1\r\n}\n\n',
    "empty": b"",
    "a file's name": b"@/etc/passwd",
    "an option": b"--help %s %% \\n",
    "NUL and escapes": b"\x00\x1b[31m\x07\x00",
    "not UTF-8": bytes(range(256)),
    "half a character": b"\xe2\x82",
    "a lone surrogate": b"\xed\xa0\x80",
    "101 kB": b"x" * 101_000,
    "2 MB": b'{"a": "' + b"'%\\" * 700_000 + b'"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_the_bytes_arrive(recorder: Any, body: bytes, shell: str) -> None:
    """Whatever the body, the command sends the same bytes, in any POSIX shell."""
    command = make_curl("POST", f"http://127.0.0.1:{recorder.server_port}/v1/opportunities", HEADERS, *body_text(body))
    assert paste(recorder, command, shell)[3] == body


def test_the_headers_arrive(recorder: Any) -> None:
    """Headers arrive in order, the key comes from the environment, and curl adds none of its own."""
    headers = [
        *HEADERS,
        ("X-Quoted", 'it\'s "$HOME" `id`'),
        ("X-Empty", ""),
        ("Idempotency-Key", "a b"),
        ("X-Escape", "a\x1b[0mb"),
    ]
    method, path, seen, _ = paste(
        recorder, make_curl("POST", f"http://127.0.0.1:{recorder.server_port}/v1/a?$name[equal]={{x}}", headers, "{}")
    )
    assert (method, path) == ("POST", "/v1/a?$name[equal]={x}")
    arrived = [(name, value) for name, value in seen if name not in {"Host", "Content-Length"}]
    assert arrived == [("Authorization", f"Bearer {KEY}"), *headers[2:]]


def test_a_body_in_chunks_arrives_in_chunks(recorder: Any) -> None:
    """A finding that shows only so shows when its command is pasted."""
    headers = [*HEADERS, ("Transfer-Encoding", "chunked")]
    command = make_curl("POST", f"http://127.0.0.1:{recorder.server_port}/v1/opportunities", headers, '{"a": 1}')
    arrived = {name.lower(): value for name, value in paste(recorder, command)[2]}
    assert (arrived["transfer-encoding"], "content-length" in arrived) == ("chunked", False)


def test_a_request_without_a_body(recorder: Any) -> None:
    """A GET has no body, and a POST without one says that its length is nothing."""
    base = f"http://127.0.0.1:{recorder.server_port}/"
    assert paste(recorder, make_curl("GET", base, [], None))[0] == "GET"
    assert ("Content-Length", "0") in paste(recorder, make_curl("POST", base, [], None))[2]


def test_the_key_is_the_only_thing_that_expands() -> None:
    """The key's header is in double quotes, with everything else in it made literal."""
    headers = [("Authorization", 'Bearer $LIGHTFIELD_API_KEY_READ"`$x\\'), ("X-Altered", "$LIGHTFIELD_API_KEYx")]
    lines = make_curl("GET", "http://h/", headers, None).splitlines()
    assert lines[1] == '  -H "Authorization: Bearer $LIGHTFIELD_API_KEY_READ\\"\\`\\$x\\\\" \\'
    assert lines[2] == '  -H "X-Altered: ${LIGHTFIELD_API_KEY}x" \\'


def test_one_key_of_several_comes_from_their_variable(recorder: Any) -> None:
    """The user has set one variable with several keys, separated by commas; and a key that does not exist is no secret."""
    url = f"http://127.0.0.1:{recorder.server_port}/"
    for number, key in ((1, "one"), (2, "two")):
        command = make_curl("GET", url, [("Authorization", f"Bearer $LIGHTFIELD_API_KEY_NO_CREATE_{number}")], None)
        seen = paste(recorder, f"export LIGHTFIELD_API_KEY_NO_CREATE='one, two'\n{command}")[2]
        assert ("Authorization", f"Bearer {key}") in seen
    unknown = make_curl("GET", url, [("Authorization", "Bearer $UNKNOWN_KEY")], None)
    assert ("Authorization", f"Bearer {UNKNOWN_KEY}") in paste(recorder, unknown)[2]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_the_command_is_harmless_to_show(body: bytes) -> None:
    """No report has to change a command before it shows it, which would break it."""
    command = make_curl("POST", "http://h/\x1b", [("X", "\u202e")], *body_text(body))
    assert inert_block(command) == command


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_survives_as_text(body: bytes) -> None:
    """The text that a result holds gives the bytes back."""
    assert body_bytes(*body_text(body)) == body
