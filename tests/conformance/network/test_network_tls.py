"""A server whose certificate proves nothing never hears a key; it counts itself."""

from __future__ import annotations

import datetime
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lightfield_contract.reference import Reference
from lightfield_contract.reports import Result, Verdict, read_json

Command = Callable[..., subprocess.CompletedProcess[str]]
Refusal = Callable[..., str]
RUN = ("run", "--depth", "smoke", "--timeout", "5", "--report-dir", "reports")
YESTERDAY = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)


def judged(told: subprocess.CompletedProcess[str], folder: Path) -> Result:
    """The result of a run that found nothing."""
    assert told.returncode == 0, told.stdout + told.stderr
    result = read_json(folder / "reports" / "result.json")
    assert result.counts()[Verdict.VIOLATED] == 0
    return result


@pytest.mark.parametrize("scheme", ["https", "HTTPS", "hTTpS", "\ufeff Https"])
@pytest.mark.parametrize(
    ("name", "details", "known", "told"),
    [
        ("localhost", {}, False, "--ca-file"),
        ("other.example.com", {}, True, "for another host"),
        ("localhost", {"not_after": YESTERDAY}, True, "dates"),
    ],
    ids=["signed by nobody known", "for another name", "expired"],
)
def test_a_fake_server_never_hears_a_key(
    refusal: Refusal, front: Any, certificates: Any, scheme: str, name: str, details: Any, known: bool, told: str
) -> None:
    """Whatever case the scheme is written in; the sentence says what is wrong with the certificate."""
    fake = front(context=certificates.context(name, **details))
    trusted = certificates.bundle if known else None
    assert told in refusal(f"{scheme}://LocalHost:{fake.port}/", ca_file=trusted)
    assert fake.connections > 0
    assert fake.heard == []


def test_the_command_line_sends_no_key_either(command: Command, front: Any, certificates: Any, upstream: Reference) -> None:
    """One line, status 4."""
    fake = front(context=certificates.context("localhost"))
    told = command("run", "--base-url", f"HTTPS://localhost:{fake.port}", environment=upstream.environment)
    assert told.returncode == 4
    assert "CERTIFICATE_VERIFY_FAILED" in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
    assert fake.connections > 0
    assert fake.heard == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:127.0.0.1]", "0x7f.1"])
def test_a_certificate_for_a_name_is_none_for_an_address(refusal: Refusal, front: Any, certificates: Any, host: str) -> None:
    """The address of this machine does not stand in it."""
    fake = front(context=certificates.context("localhost"))
    assert "for another host" in refusal(f"https://{host}:{fake.port}", ca_file=certificates.bundle)
    assert fake.connections > 0
    assert fake.heard == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_a_fake_server_is_not_followed(refusal: Refusal, front: Any, certificates: Any, status: int) -> None:
    """Neither over TLS nor in the open; where it leads is shown."""
    for fake in (front(context=certificates.context("localhost")), front()):
        there = fake.url.replace("127.0.0.1", "localhost")
        moved = front(lambda request, _, to=there: (status, "<html>moved</html>", {"Location": f"{to}{request.path}"}))
        assert f"try --base-url {there}" in refusal(moved.url)
        assert fake.connections == 0


def test_a_fake_server_behind_a_proxy_hears_no_key(refusal: Refusal, front: Any, certificates: Any) -> None:
    """The proxy carries bytes; the certificate is checked at their end."""
    fake = front(context=certificates.context("other.example.com"))
    proxy = front(tunnel=fake.url)
    trusted = certificates.bundle
    assert "for another host" in refusal("https://staging.example.com", {"HTTPS_PROXY": proxy.url}, ca_file=trusted)
    assert fake.connections > 0
    assert fake.heard == []
    assert not proxy.heard_key()


def test_a_private_authority_a_proxy_and_a_path_lead_to_a_verdict(
    command: Command, front: Any, certificates: Any, upstream: Reference, tmp_path: Path
) -> None:
    """A target that this machine cannot even resolve is judged through a proxy that hears no key."""
    target = front(context=certificates.context("staging.example.com"))
    proxy = front(tunnel=target.url)
    told = command(
        *(*RUN, "--base-url", "HTTPS://Staging.Example.com."),
        environment={
            **upstream.environment,
            "SSL_CERT_FILE": str(certificates.bundle),
            "https_proxy": f"http://somebody:proxy-password@127.0.0.1:{proxy.port}",
        },
    )
    result = judged(told, tmp_path)
    assert any(f"proxy http://127.0.0.1:{proxy.port}" in note for note in result.notes)
    assert "proxy-password" not in told.stdout + told.stderr + (tmp_path / "reports" / "result.json").read_text()
    assert proxy.heard[0].headers["Proxy-Authorization"].startswith("Basic ")
    assert target.heard_key()
    assert not proxy.heard_key()


def test_an_unchecked_certificate_is_written_on_the_report(
    command: Command, front: Any, certificates: Any, upstream: Reference, tmp_path: Path
) -> None:
    """As a note for people, and as a field for programs."""
    target = front(context=certificates.context("other.example.com"))
    told = command(*RUN, "--base-url", target.url, "--insecure", "--clause", "key:", environment=upstream.environment)
    result = judged(told, tmp_path)
    assert result.run.insecure
    assert any("not checked" in note for note in result.notes)
    assert "not checked" in told.stdout


def test_a_target_that_wants_a_certificate_gets_it(
    command: Command, refusal: Refusal, front: Any, certificates: Any, upstream: Reference, tmp_path: Path
) -> None:
    """Without one the sentence says what may be missing; with one it is judged, and the key stays where it is."""
    target = front(context=certificates.context("localhost", wants_client=True))
    cert, key = certificates.client_files()
    run = (*RUN, "--base-url", f"https://localhost:{target.port}", "--ca-file", str(certificates.bundle), "--clause", "key:")
    assert "--client-cert" in refusal(f"https://localhost:{target.port}", ca_file=certificates.bundle)
    assert target.heard == []
    told = command(*run, "--client-cert", str(cert), "--client-key", str(key), environment=upstream.environment)
    judged(told, tmp_path)
    written = told.stdout + told.stderr + "".join(path.read_text() for path in (tmp_path / "reports").iterdir())
    assert not [line for line in key.read_text().splitlines() if len(line) > 20 and "-----" not in line and line in written]


def test_what_does_not_speak_tls_is_told_so(refusal: Refusal, front: Any) -> None:
    """And it hears no key in the open."""
    plain = front()
    assert "does it speak plain http on that port?" in refusal(plain.url.replace("http:", "https:"))
    assert plain.heard == []
