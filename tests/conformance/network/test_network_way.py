"""The way to the target: more headers, whom to trust, who we are, and which proxy; mistakes in it are one sentence."""

from __future__ import annotations

import importlib.util
import os
import ssl
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lightfield_contract.conformance.harness.wire.address import parse_address
from lightfield_contract.conformance.harness.wire.proxies import choose_proxy
from lightfield_contract.conformance.harness.wire.target import read_target
from lightfield_contract.conformance.harness.wire.tls import TlsFiles, make_context
from lightfield_contract.reports import make_curl
from lightfield_contract.spec import Contract, UsageError

URL = "https://staging.example.com"
KEY = {"LIGHTFIELD_API_KEY": "sk_lf_main_key"}
PROXY = {"https": "http://user:proxy-password@proxy.example.com:3128"}


def headers(contract: Contract, text: str) -> dict[str, str]:
    """The headers that LIGHTFIELD_HEADERS gives, by name."""
    way = read_target(contract, URL, {**KEY, "LIGHTFIELD_HEADERS": text}).way
    return {name: secret.reveal() for name, secret in way.headers.items()}


@pytest.mark.parametrize(
    "text",
    [
        "X-Tenant: blue\nX-Bypass: a:b c",
        "\ufeff  X-Tenant :blue  \r\n\r\nX-Bypass:   a:b c\r\n",
        "\n\nX-Tenant: blue\n\n\nX-Bypass: a:b c\n",
    ],
)
def test_headers_are_given_one_a_line(contract: Contract, text: str) -> None:
    """Blank lines, Windows line ends and what stands around name and value are nothing."""
    assert headers(contract, text) == {"X-Tenant": "blue", "X-Bypass": "a:b c"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Authorization: Bearer hidden-value", "sets Authorization"),
        ("lightfield-VERSION: hidden-value", "sets lightfield-VERSION"),
        ("idempotency-key: hidden-value", "sets idempotency-key"),
        ("Content-Type: hidden-value", "sets Content-Type"),
        ("HOST: hidden-value", "sets HOST"),
        ("Transfer-Encoding: hidden-value", "sets Transfer-Encoding"),
        ("Proxy-Authorization: hidden-value", "sets Proxy-Authorization"),
        ("X-Clock: hidden-value", "sets X-Clock"),
        ("hidden-value", "is not `Name: value`"),
        (": hidden-value", "is not `Name: value`"),
        ("X Tenant: hidden-value", "is not `Name: value`"),
        ("X-Tenant: hidden-välue", "has no value"),
        ("X-Tenant: hidden-\x07value", "has no value"),
        ("X-Tenant:", "has no value"),
        ("x-given: hidden-value", "again"),
    ],
)
def test_a_header_that_cannot_be_sent_is_told_by_its_line(contract: Contract, line: str, told: str) -> None:
    """What the suite judges by, what HTTP sets itself, and what is no header; the value is not repeated."""
    environment = {**KEY, "LIGHTFIELD_CLOCK_HEADER": "X-Clock", "LIGHTFIELD_HEADERS": f"X-Given: 1\n{line}"}
    with pytest.raises(UsageError, match=f"line 2 of LIGHTFIELD_HEADERS.*{told}|line 2 .*{told}") as caught:
        read_target(contract, URL, environment)
    assert "hidden" not in str(caught.value)


def test_a_curl_line_takes_the_header_from_the_variable(tmp_path: Path) -> None:
    """Pasted where the run's environment is, it sends the very header, and holds none of its value."""
    line = make_curl("GET", URL, [("X-Tenant.Name", "$LIGHTFIELD_HEADER_X_TENANT_NAME"), ("Accept", "*/*")], None)
    curl = tmp_path / "curl"
    curl.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    curl.chmod(0o755)
    value = """it's "blue" $HOME `x` \\1: & %s"""
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "LIGHTFIELD_HEADERS": f"X-A: 1\r\n X-Tenant.Name :{value}\r\n",
    }
    told = subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True, check=True, timeout=10)
    assert f"X-Tenant.Name:{value}" in told.stdout.splitlines()
    assert value not in line


@pytest.mark.parametrize("short", ["1", "blue", "1234567"])
def test_a_short_value_does_not_tear_reports_to_shreds(contract: Contract, short: str) -> None:
    """Only values of eight characters and more are taken out of all texts."""
    long = "a-long-value"
    target = read_target(contract, URL, {**KEY, "LIGHTFIELD_HEADERS": f"X-Short: {short}\nX-Long: {long}"})
    assert target.redactor.text(f"{short} {long}") == f"{short} $LIGHTFIELD_HEADER_X_LONG"
    assert not target.keys.holds(f"{short} {long}")


@pytest.mark.parametrize(
    ("settings", "through"),
    [
        (PROXY, "proxy.example.com:3128"),
        ({"https": "proxy.example.com:3128"}, "proxy.example.com:3128"),
        ({"all": " http://any.example.com "}, "any.example.com"),
        ({**PROXY, "all": "http://any.example.com"}, "proxy.example.com:3128"),
        ({"http": "http://plain.example.com"}, ""),
        ({"https": "", "all": ""}, ""),
        ({}, ""),
    ],
)
def test_the_proxy_of_the_scheme_counts(settings: Mapping[str, str], through: str) -> None:
    """Else the one for all."""
    proxy = choose_proxy(parse_address(URL), settings)
    assert (str(proxy) if proxy else "").partition("//")[2].partition(" ")[0] == through


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST.", "[::1]", "127.1", "[::ffff:127.0.0.1]"])
@pytest.mark.parametrize("scheme", ["http", "HTTPS"])
def test_this_machine_is_reached_straight(host: str, scheme: str) -> None:
    """In every spelling, whatever the environment says, and however wrong."""
    address = parse_address(f"{scheme}://{host}:8765")
    assert choose_proxy(address, {"http": "http://proxy", "https": "http://proxy", "all": "no such://proxy"}) is None


@pytest.mark.parametrize(
    ("url", "exempt"),
    [
        (URL, "*"),
        (URL, "staging.example.com"),
        (URL, "localhost, EXAMPLE.com ,10.0.0.0/8"),
        (URL, ".example.com"),
        (URL, "*.example.com"),
        (URL, "staging.example.com:443"),
        (URL, "https://staging.example.com"),
        ("https://10.1.2.3", "10.0.0.0/8"),
        ("https://10.1.2.3", "10.1.2.3"),
        ("https://[fd00::7]", "localhost,fd00::/8"),
        ("https://[fd00::7]", "[fd00::7]"),
        ("https://[fd00::7]:8443", "[fd00::]/16"),
    ],
)
def test_no_proxy_exempts_hosts_and_networks(url: str, exempt: str) -> None:
    """Names with what lies under them, addresses, networks of both kinds, with or without a port."""
    assert choose_proxy(parse_address(url), {**PROXY, "no": exempt}) is None


@pytest.mark.parametrize(
    "exempt",
    ["", ",", "ample.com", "other.example.com", "fd00::/8", "[::1]", "10.0.0.0/8", "10.0.0.0/99", "[", "http://*", ":443"],
)
def test_no_proxy_exempts_nothing_else(exempt: str) -> None:
    """What names other hosts, and what cannot be read."""
    assert choose_proxy(parse_address(URL), {**PROXY, "no": exempt}) is not None


@pytest.mark.parametrize(
    "proxy", ["ftp://proxy-password", "http://", "http://proxy-password:http", "socks4://proxy-password", "http://[::1"]
)
def test_a_proxy_that_cannot_be_used_is_told_by_its_variable(proxy: str) -> None:
    """Its URL, which may hold a password, is not repeated."""
    with pytest.raises(UsageError, match="HTTPS_PROXY") as caught:
        choose_proxy(parse_address(URL), {"https": proxy})
    assert "proxy-password" not in str(caught.value)


def test_a_proxys_password_is_secret(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is taken out of texts, and no note shows it; the proxy itself is named."""
    monkeypatch.setenv("HTTPS_PROXY", PROXY["https"])
    monkeypatch.delenv("NO_PROXY", raising=False)
    target = read_target(contract, URL, KEY)
    assert "proxy-password" not in target.redactor.text("proxy-password") + repr(target) + " ".join(target.way.notes)
    assert any("proxy.example.com:3128" in note for note in target.way.notes)


@pytest.mark.skipif(importlib.util.find_spec("socksio") is not None, reason="socksio is installed")
def test_a_socks_proxy_needs_its_package() -> None:
    """Where it is missing, a sentence says which; an exempt target does not need it."""
    settings = {"all": "socks5://proxy.example.com:1080"}
    with pytest.raises(UsageError, match=r"httpx\[socks\]"):
        choose_proxy(parse_address(URL), settings)
    assert choose_proxy(parse_address(URL), {**settings, "no": "example.com"}) is None


def trusted(context: ssl.SSLContext) -> int:
    """How many authorities are trusted."""
    return context.cert_store_stats()["x509_ca"]


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"# our own authority\r\n", "# für uns\n".encode("latin-1")])
def test_a_ca_file_is_trusted_alone(certificates: Any, tmp_path: Path, before: bytes) -> None:
    """In place of the public ones, with a byte order mark, comments or Windows line ends in it."""
    path = tmp_path / "authority.pem"
    path.write_bytes(before + certificates.bundle.read_bytes().replace(b"\n", b"\r\n"))
    assert trusted(make_context(TlsFiles(ca_file=path), {})) == 1


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_ca_file_may_be_named_in_the_environment(certificates: Any, variable: str) -> None:
    """By the variable that httpx reads, and by the one that requests does; the option is stronger."""
    assert trusted(make_context(TlsFiles(), {variable: f" {certificates.bundle}\n"})) == 1
    assert trusted(make_context(TlsFiles(ca_file=certificates.bundle), {variable: "/nowhere"})) == 1
    assert trusted(make_context(TlsFiles(), {variable: " "})) > 1


def empty(folder: Path) -> Path:
    """A file without a certificate."""
    path = folder / "empty.pem"
    path.write_text("-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")
    return path


@pytest.mark.parametrize(
    ("option", "make"),
    [
        ("--ca-file", lambda folder: TlsFiles(ca_file=folder / "missing.pem")),
        ("--ca-file", lambda folder: TlsFiles(ca_file=empty(folder))),
        ("--client-cert", lambda folder: TlsFiles(client_cert=folder / "missing.pem")),
        ("--client-cert", lambda folder: TlsFiles(client_cert=folder)),
        ("--client-cert", lambda folder: TlsFiles(client_cert=empty(folder))),
        ("--client-key", lambda folder: TlsFiles(client_cert=empty(folder), client_key=folder / "missing.key")),
        ("--client-key", lambda folder: TlsFiles(client_key=empty(folder))),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_its_option(
    tmp_path: Path, option: str, make: Callable[[Path], TlsFiles]
) -> None:
    """Missing, a folder, empty, a key without its certificate."""
    with pytest.raises(UsageError, match=option):
        make_context(make(tmp_path), {})


def test_an_encrypted_key_asks_for_its_variable_and_not_on_the_terminal(certificates: Any, tmp_path: Path) -> None:
    """Nothing ever prompts; with the password in the variable the key is used."""
    cert, key = certificates.client_files()
    locked = tmp_path / "locked.key"
    command = ["openssl", "pkey", "-in", str(key), "-aes256", "-passout", "pass:open sesame", "-out", str(locked)]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    files = TlsFiles(client_cert=cert, client_key=locked)
    with pytest.raises(UsageError, match="LIGHTFIELD_CLIENT_KEY_PASSWORD"):
        make_context(files, {})
    with pytest.raises(UsageError, match="--client-cert"):
        make_context(files, {"LIGHTFIELD_CLIENT_KEY_PASSWORD": "wrong password"})
    make_context(files, {"LIGHTFIELD_CLIENT_KEY_PASSWORD": "open sesame"})
