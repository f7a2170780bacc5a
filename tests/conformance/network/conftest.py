"""What stands between the suite and a server that keeps the contract: fronts, proxies, TLS, and who heard a key."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import http.server
import os
import re
import select
import socket
import ssl
import threading
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import trustme

from lightfield_contract.conformance.harness.run.starting import start_run
from lightfield_contract.conformance.harness.settings.options import Settings
from lightfield_contract.reference import Reference
from lightfield_contract.spec import ContractError, load


@dataclasses.dataclass(frozen=True)
class Request:
    """A request as it came to a front."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclasses.dataclass(frozen=True)
class Reply:
    """What a front answers by itself: a page, unless its headers say otherwise. Status 0 closes the connection."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


Conduct: TypeAlias = Callable[[Request, int], tuple[Any, ...] | None]
"""Given a request and its number from 1, the parts of a `Reply`; None to hand the request on."""


class Front:
    """A server before another one: answers by itself, or hands on what came; it counts and keeps what it heard.

    Attributes:
        heard: every request.
        connections: how many were made to it.
    """

    def __init__(self, upstream: str, conduct: Conduct, context: ssl.SSLContext | None, tunnel: str, strip: str) -> None:
        self.heard: list[Request] = []
        self.connections = 0
        self._upstream = urllib.parse.urlsplit(upstream).netloc
        self._conduct = conduct
        self._context = context
        self._tunnel = tunnel
        self._strip = strip
        self._lock = threading.Lock()
        self._port = 0
        self._server: _Server | None = None
        self.start()

    @property
    def url(self) -> str:
        """Its base URL, by the address that it listens on."""
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        """Its port, which stays when it stops and starts again."""
        return self._port

    def heard_key(self) -> bool:
        """Whether any request brought an API key."""
        return any("sk_lf" in f"{request.path} {dict(request.headers)}" for request in self.heard)

    def start(self) -> None:
        """Listens, on the port of the last time where there was one."""
        self._server = _Server(("127.0.0.1", self._port), type("Handler", (_Handler,), {"front": self}))
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Closes the port and all connections; harmless when repeated."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.cut()
            self._server = None

    def answer(self, request: Request) -> Reply | None:
        """What it answers by itself."""
        with self._lock:
            self.heard.append(request)
            number = len(self.heard)
        parts = self._conduct(request, number)
        return None if parts is None else Reply(*parts)

    def secure(self, connection: socket.socket) -> socket.socket:
        """The connection, after the TLS handshake where it speaks TLS."""
        with self._lock:
            self.connections += 1
        return self._context.wrap_socket(connection, server_side=True) if self._context else connection

    def hand_on(self, request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
        """The upstream's answer."""
        path = urllib.parse.urlsplit(request.path)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP}
        connection = http.client.HTTPConnection(self._upstream, timeout=30)
        try:
            target = urllib.parse.urlunsplit(("", "", path.path.removeprefix(self._strip), path.query, ""))
            connection.request(request.method, target, request.body, headers)
            answer = connection.getresponse()
            return answer.status, [pair for pair in answer.getheaders() if pair[0].lower() not in _HOP], answer.read()
        finally:
            connection.close()

    def tunnel(self, client: socket.socket) -> None:
        """Carries bytes both ways between a client and the server at the tunnel's end."""
        host, _, port = urllib.parse.urlsplit(self._tunnel).netloc.partition(":")
        with socket.create_connection((host, int(port)), 5) as server:
            ends = {client: server, server: client}
            while True:
                for end in select.select(list(ends), [], [], 5)[0]:
                    if not (data := end.recv(65536)):
                        return
                    ends[end].sendall(data)


_HOP = frozenset({"content-length", "connection", "transfer-encoding", "proxy-connection"})


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no error here."""

    def cut(self) -> None:
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    front: Front

    def setup(self) -> None:
        self.request.settimeout(30)
        self.request = self.front.secure(self.request)
        super().setup()

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        if isinstance(self.request, ssl.SSLSocket):
            self.request.close()

    def handle_any(self) -> None:
        body = self._read_body()
        request = Request(self.command, self.path, dict(self.headers.items()), body)
        reply = self.front.answer(request)
        if reply is None and self.command == "CONNECT":
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self.close_connection = True
            self.front.tunnel(self.connection)
        elif reply is None:
            self.reply(*self.front.hand_on(request))
        elif reply.status:
            headers = {"Content-Type": "text/html; charset=utf-8", **reply.headers}
            self.reply(reply.status, list(headers.items()), reply.body.encode())
        else:
            self.close_connection = True

    do_GET = do_POST = do_CONNECT = handle_any  # noqa: N815 - the names that http.server looks for

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def reply(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the method that it overrides
        """Says nothing."""


@pytest.fixture(scope="module")
def upstream() -> Iterator[Reference]:
    """A server that keeps the contract."""
    with Reference(load()) as server:
        yield server


@pytest.fixture
def front(upstream: Reference) -> Iterator[Callable[..., Front]]:
    """Starts fronts before the server that keeps the contract."""
    with contextlib.ExitStack() as running:

        def start(
            conduct: Conduct = lambda *_: None, context: ssl.SSLContext | None = None, tunnel: str = "", strip: str = ""
        ) -> Front:
            made = Front(upstream.url, conduct, context, tunnel, strip)
            running.callback(made.stop)
            return made

        yield start


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch, upstream: Reference) -> Callable[..., None]:
    """Looks at a URL as a run does first.

    The environment is the upstream's, with what a test gives and nothing that this machine would add.
    """
    for name in os.environ:
        if re.match(r"LIGHTFIELD_|SSL_CERT|REQUESTS_CA|(http|https|all|no)_proxy$", name, re.IGNORECASE):
            monkeypatch.delenv(name)

    def look(url: str, environment: Mapping[str, str] | None = None, **settings: Any) -> None:
        for name, value in {**upstream.environment, **(environment or {})}.items():
            monkeypatch.setenv(name, value)
        start_run(Settings(**{"timeout": 5.0, **settings}), url, 0).close(last=True)

    return look


@pytest.fixture
def refusal(meet: Callable[..., None]) -> Callable[..., str]:
    """Looks at a URL, and gives the sentence by which the run is refused."""

    def look(*arguments: Any, **settings: Any) -> str:
        with pytest.raises(ContractError) as caught:
            meet(*arguments, **settings)
        return str(caught.value)

    return look


@pytest.fixture
def welcome(meet: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Looks at a URL that can be judged, and gives what was said meanwhile, but for where the ledger is."""

    def look(*arguments: Any, **settings: Any) -> str:
        meet(*arguments, **settings)
        said = capsys.readouterr().err.splitlines(keepends=True)
        return "".join(line for line in said if "the ledger of what is created" not in line)

    return look


@dataclasses.dataclass(frozen=True)
class Certificates:
    """A certificate authority of the tests' own.

    Attributes:
        bundle: the file with its certificate.
    """

    authority: trustme.CA
    bundle: Path
    folder: Path

    def context(self, *names: str, wants_client: bool = False, **details: Any) -> ssl.SSLContext:
        """TLS settings of a server with a certificate for these names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(*names, **details).configure_cert(context)
        if wants_client:
            self.authority.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def client_files(self) -> tuple[Path, Path]:
        """A client's certificate and its key, in files of their own."""
        issued = self.authority.issue_cert("client.example.test")
        cert, key = self.folder / "client.pem", self.folder / "client.key"
        issued.private_key_pem.write_to_path(key)
        issued.cert_chain_pems[0].write_to_path(cert)
        return cert, key


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A certificate authority that nobody trusts by themselves."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    return Certificates(authority, folder / "authority.pem", folder)
