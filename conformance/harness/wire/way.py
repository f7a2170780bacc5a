"""The way to the target: what has to be known to reach it besides its address, asked for once and redacted like a key."""

from __future__ import annotations

import dataclasses
import re
import ssl
import urllib.request
from collections.abc import Collection, Mapping
from pathlib import Path

import httpx

from ....spec import UsageError
from .address import Address, trim
from .key_command import LONGEST_VALUE
from .proxies import Proxy, choose_proxy
from .redaction import Secret
from .tls import KEY_PASSWORD, TlsFiles, make_context

__all__ = ["HEADERS", "KEY_PASSWORD", "OWN_HEADERS", "Way", "WayOptions", "read_way"]

HEADERS = "LIGHTFIELD_HEADERS"
"""The variable that holds more headers for each request, one `Name: value` a line."""
_TOKEN = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
OWN_HEADERS = frozenset(
    {"accept", "accept-encoding", "authorization", "content-type", "host", "idempotency-key", "traceparent", "user-agent"}
    | {"connection", "content-length", "expect", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"}
)
"""What the suite, HTTP itself or a proxy's URL says; a header of the user's would change what is judged."""


@dataclasses.dataclass(frozen=True)
class WayOptions:
    """What the user says of the way.

    Attributes:
        insecure: do not check the certificate of a target on this machine.
        allow_http: send keys over plain HTTP to a target on another machine.
    """

    insecure: bool = False
    allow_http: bool = False
    tls: TlsFiles = dataclasses.field(default_factory=TlsFiles)

    @property
    def words(self) -> tuple[str, ...]:
        """The command line's words for it."""
        flags = {"--insecure": self.insecure, "--allow-http": self.allow_http}
        files = {"--ca-file": self.tls.ca_file, "--client-cert": self.tls.client_cert, "--client-key": self.tls.client_key}
        named = [word for name, path in files.items() if path for word in (name, str(path))]
        return (*(name for name, given in flags.items() if given), *named)


@dataclasses.dataclass(frozen=True)
class Way:
    """How to reach one target.

    Attributes:
        headers: sent with every request.
        proxy: what requests go through; None for straight.
        context: None where nothing is encrypted.
        notes: what a reader of the report should know of it.
    """

    headers: Mapping[str, Secret] = dataclasses.field(default_factory=dict)
    proxy: Proxy | None = None
    context: ssl.SSLContext | None = None
    insecure: bool = False
    passwords: tuple[Secret, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must not be shown anywhere; a header's value of under 8 characters is hidden in its own header only."""
        values = [secret for secret in self.headers.values() if len(secret.reveal()) >= 8]
        return (*values, *self.passwords, *((self.proxy.password,) if self.proxy and self.proxy.password else ()))

    def transport(self, limits: httpx.Limits) -> httpx.HTTPTransport:
        """What carries requests this way, and reads nothing from the environment by itself."""
        # Where nothing is encrypted no context is needed; this one would trust no certificate.
        context = self.context or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        proxy = None
        if self.proxy:
            own = context if self.proxy.url.scheme == "https" else None
            proxy = httpx.Proxy(self.proxy.url, ssl_context=own)
        return httpx.HTTPTransport(verify=context, trust_env=False, limits=limits, proxy=proxy)


def read_way(address: Address, environment: Mapping[str, str], options: WayOptions, reserved: Collection[str] = ()) -> Way:
    """The way to an address.

    Args:
        reserved: names of headers that the contract itself uses.

    Raises:
        UsageError: a variable, an option or a file cannot be used, or keys would travel in the open. Never repeats a value.
    """
    local = address.local
    if address.scheme == "http" and not local and not options.allow_http:
        raise UsageError(
            f"{address.url} is plain HTTP to another machine, where anybody on the way can read the keys: "
            "use https, or say --allow-http if the network is yours"
        )
    if options.insecure and not local:
        raise UsageError(
            f"--insecure is for targets on this machine alone, and {address.url} is none: name its CA with --ca-file"
        )
    proxy = None if local else choose_proxy(address, urllib.request.getproxies())
    encrypted = address.scheme == "https" or (proxy is not None and proxy.url.scheme == "https")
    insecure = options.insecure and address.scheme == "https"
    return Way(
        headers=_read_headers(environment.get(HEADERS, ""), {name.lower() for name in reserved}),
        proxy=proxy,
        context=make_context(options.tls, environment, insecure=insecure) if encrypted else None,
        insecure=insecure,
        passwords=_passwords(options.tls.client_cert, environment),
        notes=tuple(_notes(address, proxy, insecure=insecure)),
    )


def _passwords(cert: Path | None, environment: Mapping[str, str]) -> tuple[Secret, ...]:
    password = environment.get(KEY_PASSWORD, "") if cert else ""
    return (Secret(password, KEY_PASSWORD),) if len(password) >= 8 else ()


def _read_headers(text: str, reserved: Collection[str]) -> dict[str, Secret]:
    found: dict[str, Secret] = {}
    for number, line in enumerate(trim(text).splitlines(), 1):
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not line.strip():
            continue
        at = f"line {number} of {HEADERS}"
        if not colon or not _TOKEN.fullmatch(name):
            raise UsageError(f"{at} is not `Name: value`: give one header a line, its name in letters, digits and - . _")
        if name.lower() in OWN_HEADERS | set(reserved):
            raise UsageError(f"{at} sets {name}, which the suite or HTTP itself sets: take that line out")
        if not value or not value.isascii() or not value.isprintable():
            raise UsageError(f"{at} has no value that a header can carry: give visible ASCII characters")
        if len(value) > LONGEST_VALUE:
            raise UsageError(f"{at} has a value of {len(value)} characters: servers take no more than {LONGEST_VALUE}")
        if name.lower() in map(str.lower, found):
            raise UsageError(f"{at} sets {name} again: give it once, with all its values after commas")
        found[name] = Secret(value, _placeholder(name))
    return found


def _placeholder(name: str) -> str:
    return f"LIGHTFIELD_HEADER_{re.sub('[^A-Za-z0-9]', '_', name).upper()}"


def _notes(address: Address, proxy: Proxy | None, *, insecure: bool) -> list[str]:
    notes = []
    if insecure:
        notes.append("the target's certificate was not checked (--insecure)")
    if address.scheme == "http" and not address.local:
        notes.append("the API keys travelled over plain HTTP (--allow-http)")
    if proxy is not None:
        notes.append(f"the requests went through {proxy}")
    return notes
