"""Reads the base URL that a user wrote: one normal form for all spellings, and whether it is this very machine."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
import socket
import urllib.parse

import httpx

from ....spec import UsageError

__all__ = ["Address", "is_loopback", "parse_address", "trim"]

_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.ASCII)
_EXAMPLE = "https://staging.example.com"


@dataclasses.dataclass(frozen=True)
class Address:
    """Where the target is; two spellings of one place are equal.

    Attributes:
        scheme: http or https.
        host: in lower case and ASCII, without a dot at its end; an IP address in its usual form, without brackets.
        path: the prefix of all paths, "" or with a slash at its beginning and none at its end.
    """

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def url(self) -> str:
        """The base URL, without its scheme's own port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    @property
    def local(self) -> bool:
        """Whether a request to it never leaves this machine."""
        return is_loopback(self.host)


def trim(text: str) -> str:
    """What a user wrote, without what an editor or a shell puts around it: white space, line ends, a byte order mark."""
    return text.strip().removeprefix("\ufeff").strip()


def parse_address(text: str) -> Address:
    """The address that a base URL names.

    Raises:
        UsageError: it cannot be used. The text is not repeated: a key may have been given in its place.
    """
    text = trim(text)
    if any(character.isspace() or not character.isprintable() for character in text):
        raise UsageError(f"the base URL holds white space or a line end: give one URL, such as {_EXAMPLE}")
    try:
        parts = urllib.parse.urlsplit(text)
        port = parts.port
    except ValueError:
        raise UsageError(f"the base URL cannot be read: give a URL such as {_EXAMPLE}") from None
    if "://" not in text:
        remedy = "put https:// before it, or http:// for a target on this machine"
        raise UsageError(f"the base URL has no scheme: {remedy}; it looks like {_EXAMPLE}")
    if "@" in parts.netloc:
        raise UsageError("the base URL carries credentials: take them out, and give keys in the environment")
    if parts.query or parts.fragment:
        raise UsageError(f"the base URL has a query or a fragment (? or #): give what stands before it, such as {_EXAMPLE}")
    if parts.scheme not in _PORTS or port == 0:
        raise UsageError(f"the base URL cannot be used: give http or https, host and port, such as {_EXAMPLE}")
    host = _normal_host(parts.hostname or "")
    return Address(parts.scheme, host, port or _PORTS[parts.scheme], _normal_path(parts.path))


def is_loopback(host: str) -> bool:
    """Whether a host in its normal form is this machine, by its address.

    Of names only `localhost` and those under it can be (RFC 6761), and only while they resolve to nothing else: any
    other name's owner decides from one moment to the next what it resolves to.
    """
    address = _ip_address(host)
    if address is not None:
        return _never_leaves(address)
    if host != "localhost" and not host.endswith(".localhost"):
        return False
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return True
    return all(_never_leaves(ipaddress.ip_address(str(entry[4][0]).partition("%")[0])) for entry in found)


def _normal_host(host: str) -> str:
    try:
        # An address is read first: httpx takes fewer spellings of one than the resolver does.
        name = host if _ip_address(host) else httpx.URL(scheme="http", host=host, path="/").raw_host.decode().lower()
    except (httpx.InvalidURL, ValueError):
        name = ""
    name = name.removesuffix(".")
    address = _ip_address(name)
    if address is not None and "%" not in name:
        return str(address)
    if not _NAME.fullmatch(name):
        raise UsageError(f"the base URL names no host that can be used: give one such as {_EXAMPLE}")
    return name


def _normal_path(path: str) -> str:
    return httpx.URL(f"http://host/{path.lstrip('/')}").raw_path.decode().rstrip("/")


def _ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is, in any spelling that the resolver takes: `127.1`, `0x7f.1` and `2130706433` as well."""
    try:
        return ipaddress.ip_address(host) if ":" in host else ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _never_leaves(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it is a loopback address, or the unspecified one, which to connect to means this machine."""
    plain = getattr(address, "ipv4_mapped", None) or address
    return bool(plain.is_loopback or plain.is_unspecified)
