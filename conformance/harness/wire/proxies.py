"""Says which proxy of the environment the requests to one address go through: the one, or none."""

from __future__ import annotations

import dataclasses
import importlib.util
import ipaddress
from collections.abc import Mapping

import httpx

from ....spec import UsageError
from .address import Address, trim
from .redaction import Secret

__all__ = ["Proxy", "choose_proxy"]

_SOCKS = ("socks5", "socks5h")


@dataclasses.dataclass(frozen=True)
class Proxy:
    """A proxy, and where the user named it.

    Attributes:
        url: with its credentials; never shown.
        variable: such as HTTPS_PROXY.
        password: of its credentials, where it has one.
    """

    url: httpx.URL = dataclasses.field(repr=False)
    variable: str
    password: Secret | None

    def __str__(self) -> str:
        port = f":{self.url.port}" if self.url.port else ""
        return f"the proxy {self.url.scheme}://{self.url.host}{port} (from {self.variable})"


def choose_proxy(address: Address, settings: Mapping[str, str]) -> Proxy | None:
    """The proxy for an address; None where requests go straight, as they always do to this machine.

    Args:
        settings: as `urllib.request.getproxies` gives them: by scheme, with `all` and `no`.

    Raises:
        UsageError: the proxy that would be used cannot be. Never repeats its URL, which may hold a password.
    """
    scheme = address.scheme if trim(settings.get(address.scheme, "")) else "all"
    text = trim(settings.get(scheme, ""))
    if not text or address.local or _is_exempt(address, settings.get("no", "")):
        return None
    variable = f"{scheme.upper()}_PROXY"
    url = _parse(text, variable)
    if url.scheme in _SOCKS and importlib.util.find_spec("socksio") is None:
        raise UsageError(
            f"the proxy in {variable} is a SOCKS proxy, which needs another package: pip install 'httpx[socks]', "
            "or name the target's host in NO_PROXY"
        )
    return Proxy(url, variable, Secret(url.password, f"{variable}_PASSWORD") if url.password else None)


def _parse(text: str, variable: str) -> httpx.URL:
    try:
        url = httpx.URL(text if "://" in text else f"http://{text}")
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https", *_SOCKS) or not url.host:
        raise UsageError(
            f"the proxy in {variable} cannot be used: give a URL such as http://proxy.example.com:3128, with http, https, "
            "socks5 or socks5h, or name the target's host in NO_PROXY"
        )
    return url


def _is_exempt(address: Address, exempt: str) -> bool:
    return any(_names(trim(entry).lower(), address) for entry in exempt.split(","))


def _names(entry: str, address: Address) -> bool:
    """Whether an entry of NO_PROXY names an address: all, a network, or a host with what lies under it, and maybe a port."""
    scheme, mark, rest = entry.rpartition("://")
    if not entry or (mark and scheme not in (address.scheme, "all")):
        return False
    if rest == "*" or _holds(rest, address.host):
        return True
    host, colon, port = rest.rpartition(":")
    if colon and port.isascii() and port.isdigit():
        return int(port) == address.port and _names(host, address)
    name = rest.removeprefix("*").removeprefix(".").removesuffix(".")
    return bool(name) and (address.host == name or address.host.endswith(f".{name}"))


def _holds(network: str, host: str) -> bool:
    """Whether a network, or a single address, holds the host; names are not resolved."""
    inner, slash, bits = network.partition("/")
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(f"{inner.strip('[]')}{slash}{bits}", strict=False)
    except ValueError:
        return False
