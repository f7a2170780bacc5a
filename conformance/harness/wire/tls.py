"""Makes the TLS settings of a run: whom to trust, and how to show who we are."""

from __future__ import annotations

import dataclasses
import os
import re
import ssl
from collections.abc import Mapping
from pathlib import Path

import httpx

from ....spec import UsageError
from .address import trim

__all__ = ["KEY_PASSWORD", "TlsFiles", "make_context"]

KEY_PASSWORD = "LIGHTFIELD_CLIENT_KEY_PASSWORD"  # noqa: S105 - the name of a variable
_BUNDLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
"""Variables that name whom to trust, the strongest first: the first two as httpx reads them, the last as requests does."""
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class TlsFiles:
    """What the user names for TLS.

    Attributes:
        ca_file: certificates to trust, in place of the public ones.
        client_cert: our own certificate, with its chain. client_key: its key, where the certificate's file does not hold it.
    """

    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None


def make_context(files: TlsFiles, environment: Mapping[str, str], *, insecure: bool = False) -> ssl.SSLContext:
    """The TLS settings for all connections of a run.

    Args:
        insecure: do not check the target's certificate; for loopback targets alone, which the caller sees to.

    Raises:
        UsageError: a file cannot be used; the message names it and where it was named.
    """
    try:
        context = httpx.create_ssl_context(verify=not insecure, trust_env=False)
    except OSError as error:
        raise UsageError(f"TLS cannot be set up: {error}; is SSLKEYLOGFILE right?") from error
    named = [("--ca-file", files.ca_file)] if files.ca_file else []
    named += [(name, Path(value)) for name in _BUNDLES if (value := trim(environment.get(name, "")))]
    if named and not insecure:
        context = _trusting(*named[0])
    if files.client_key and not files.client_cert:
        raise UsageError("--client-key goes with --client-cert: name the certificate as well")
    if files.client_cert:
        _show_ourselves(context, files.client_cert, files.client_key, environment)
    return context


def _trusting(origin: str, path: Path) -> ssl.SSLContext:
    """A context that trusts these certificates alone, from a file in PEM or DER or folders as OpenSSL has them."""
    try:
        if all(Path(folder).is_dir() for folder in str(path).split(os.pathsep)):
            return ssl.create_default_context(capath=str(path))
        content = path.read_bytes()
        # Block by block: an editor may have put a byte order mark before the first, and comments between them.
        blocks = [match[0].decode("ascii") for match in _PEM.finditer(content)]
        return ssl.create_default_context(cadata="\n".join(blocks) if blocks else content)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) else None
        detail = reason or "it holds no certificate"
        raise UsageError(f"{origin}: {path} cannot be used: {detail}; give certificates in PEM form") from error


def _show_ourselves(context: ssl.SSLContext, cert: Path, key: Path | None, environment: Mapping[str, str]) -> None:
    def password() -> str:
        # Without this OpenSSL would ask on the terminal.
        if not environment.get(KEY_PASSWORD):
            raise UsageError(f"the key of --client-cert is encrypted: give its password in {KEY_PASSWORD}")
        return environment[KEY_PASSWORD]

    files = [path for path in (cert, key) if path is not None]
    for path in files:
        if not os.access(path, os.R_OK) or path.is_dir():
            option = "--client-cert" if path is cert else "--client-key"
            raise UsageError(f"{option}: {path} cannot be read: name a file in PEM form")
    try:
        context.load_cert_chain(cert, key, password)
    except (OSError, ValueError) as error:
        named = " and ".join(str(path) for path in files)
        wanted = "give a certificate and the key that belongs to it, in PEM form, without a byte order mark"
        raise UsageError(f"--client-cert: {named} cannot be used; {wanted}") from error
