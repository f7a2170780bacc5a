"""Sends one request and gives its exchange: it paces itself, waits out a 429, gives up in time, and hides no fault."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from .... import __version__
from .exchange import Exchange, parse_json
from .lane import Lane
from .main_key import MainKey
from .outgoing import CAPITAL_KEY, CUT_KEY, KEY, Outgoing
from .pacing import LONGEST, Pacer, asked_pause
from .redaction import OWN_LOGGER, Secret
from .target import Target

__all__ = ["Client", "tool_version"]

_LOG = logging.getLogger(OWN_LOGGER)
_ATTEMPTS = 12
_IN_VAIN = 3
"""Requests that are waited for to the end and get nothing but 429; the next ones are sent again once."""
_BODY_LIMIT = 8 * 1024 * 1024


def tool_version() -> str:
    """Name and version of this suite, as sent in User-Agent."""
    return f"lightfield-contract/{__version__}"


class _Dropped(Exception):
    """The connection was closed on purpose."""


class Client:
    """Sends requests to one target, one after another or from several threads.

    Attributes:
        sent: how many requests were sent.

    Args:
        timeout: seconds for a whole exchange.
        run: the run's name; the trace id of every request is made of it.
        main: the main key; the target's own when left out.
        transport: what carries requests in place of the network.
    """

    def __init__(
        self,
        target: Target,
        *,
        timeout: float,
        pacer: Pacer,
        run: str,
        main: MainKey | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._target = target
        self._main = main
        self._timeout = timeout
        self._timeouts = httpx.Timeout(timeout).as_dict()
        self._pacer = pacer
        self._redactor = target.redactor
        self._trace = hashlib.sha256(run.encode()).hexdigest()[:32]
        self._agent = tool_version()
        self.sent = 0
        self._in_vain = 0
        # Shorter than what servers keep an idle connection for, or a request may meet a closing one.
        limits = httpx.Limits(keepalive_expiry=2.0)
        # No httpx.Client: it keeps cookies and follows its environment, and each request here stands for itself.
        self._transport = transport or target.way.transport(limits)

    def close(self) -> None:
        """Closes all connections."""
        self._transport.close()

    def room(self, category: str) -> int:
        """Return how many requests of a category are to be under way at one time; several leave evenly from now on."""
        room = self._pacer.room(category)
        self._pacer.spread = self._pacer.spread or room > 1
        return room

    def send(self, outgoing: Outgoing, lane: Lane | None = None, blank: Exchange | None = None) -> Exchange:
        """Sends it, again after each 429, and gives the last answer; no redirect is followed.

        A 429 that does not say when to come back is waited for twice as long each time.

        Args:
            blank: what `unanswered` made of it, where that was asked before.

        Raises:
            StoppedError: the lane is stopped before it is sent.
        """
        blank = blank or self.unanswered(outgoing)
        limited = without_time = 0
        unreadable: Exchange | None = None
        category = f"{outgoing.caller.organization}:{outgoing.category}"
        while True:
            with contextlib.nullcontext() if outgoing.hurried else self._pacer.admitted(category, lane):
                self.sent += 1
                exchange = self._exchange(outgoing, blank)
            asked = asked_pause(exchange.response_headers)
            pause = 2.0**without_time if asked is None else asked
            attempts = _ATTEMPTS if self._in_vain < _IN_VAIN else 1
            if not exchange.too_many or outgoing.hurried or limited >= attempts or pause > LONGEST:
                if limited or (exchange.too_many and not outgoing.hurried):
                    self._in_vain = self._in_vain + 1 if exchange.too_many else 0
                self._pacer.learn(category, exchange.response_headers)
                return dataclasses.replace(exchange, limited=limited, unreadable=unreadable) if limited else exchange
            limited += 1
            if asked is None:
                without_time += 1
                unreadable = unreadable or exchange
            self._pacer.pause(category, pause)

    def unanswered(self, outgoing: Outgoing) -> Exchange:
        """Return the exchange as it is before an answer comes."""
        return Exchange(
            number=outgoing.number,
            method=outgoing.method,
            url=self._target.url + outgoing.path,
            path=outgoing.path,
            caller=outgoing.caller.name,
            headers=self._shown_headers(outgoing),
            content=outgoing.content,
            sent=outgoing.sent,
            stamp=outgoing.stamp,
            key=outgoing.key,
            authorized=outgoing.authorized,
            overlapping=outgoing.overlapping,
            later=outgoing.later,
            sent_at=time.time(),
        )

    def _exchange(self, outgoing: Outgoing, blank: Exchange) -> Exchange:
        request = self._request(outgoing)
        blank = dataclasses.replace(blank, sent_at=time.time())
        start = time.perf_counter()
        try:
            return self._answer(blank, request, outgoing, start)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, _Dropped) as error:
            seconds = time.perf_counter() - start
            return dataclasses.replace(blank, failure=self._failure(error), cause=_cause(error), seconds=seconds)

    def _headers(self, outgoing: Outgoing) -> dict[str, str]:
        span = hashlib.sha256(outgoing.number.encode()).hexdigest()[:16]
        ours = {"User-Agent": self._agent, "Accept": "application/json", "traceparent": f"00-{self._trace}-{span}-01"}
        return {outgoing.way.header_name(name): value for name, value in {**ours, **outgoing.headers}.items()}

    def _request(self, outgoing: Outgoing) -> httpx.Request:
        extensions: dict[str, Any] = {"timeout": self._timeouts}
        if outgoing.abandon:
            extensions["trace"] = _drop_before_answer
        url = _parse_url(self._target.url + outgoing.path)
        content = iter([outgoing.content]) if outgoing.way.framing == "chunked" else outgoing.content
        return httpx.Request(outgoing.method, url, headers=self._headers(outgoing), content=content, extensions=extensions)

    def _answer(self, blank: Exchange, request: httpx.Request, outgoing: Outgoing, start: float) -> Exchange:
        self._add_secrets(request.headers, outgoing)
        response = self._transport.handle_request(request)
        _LOG.info("%s %s answered %d", request.method, request.url, response.status_code)
        try:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if time.perf_counter() - start > self._timeout:
                    raise httpx.ReadTimeout("the answer did not end", request=request)
                if len(content) > _BODY_LIMIT:
                    raise httpx.DecodingError(f"an answer of more than {_BODY_LIMIT} bytes", request=request)
        finally:
            response.close()
        raw = content.decode("utf-8", "backslashreplace")
        said = "\n".join([response.reason_phrase, *(f"{name}: {value}" for name, value in response.headers.items()), raw])
        repeated = self._redactor.holds(said)
        clean: Callable[[str], str] = self._redactor.text if repeated else str
        text = clean(raw)
        return dataclasses.replace(
            blank,
            status=response.status_code,
            reason=clean(response.reason_phrase),
            response_headers={name.lower(): clean(self._shown(name, value)) for name, value in response.headers.items()},
            text=text,
            length=len(content),
            body=parse_json(text),
            leaked=repeated and self._target.keys.holds(said),
            connection=_connection_of(response),
            seconds=time.perf_counter() - start,
        )

    def _add_secrets(self, headers: httpx.Headers, outgoing: Outgoing) -> None:
        """Put what is secret into a request at the last moment: nothing else of ours ever holds such a header."""
        caller, way = outgoing.caller, outgoing.way
        for name, value in self._target.way.headers.items():
            headers[name] = value.reveal()
        key = self._main.now if self._main and caller.name == "main" else caller.key
        if key is not None:
            form = headers.pop("Authorization", f"{way.scheme} {KEY}")
            headers[way.header_name("Authorization")] = self._filled(form, key).replace(KEY, key.reveal())

    def _filled(self, form: str, key: Secret) -> str:
        """Put in what is nearly a key; it is as secret as the key, and shown as what a shell makes of the key's variable."""
        for stand_in, near in ((CUT_KEY, key.reveal()[:-1]), (CAPITAL_KEY, key.reveal().upper())):
            if stand_in in form:
                self._redactor.learn(Secret(near, stand_in.replace("key", key.variable)))
                form = form.replace(stand_in, near)
        return form

    def _shown_headers(self, outgoing: Outgoing) -> tuple[tuple[str, str], ...]:
        """The headers as they may be shown: what is secret as the name of its variable."""
        key = outgoing.caller.key
        given = {outgoing.way.header_name(name) for name in outgoing.headers}
        shown = [
            (name, self._redactor.text(value) if name in given else value) for name, value in self._headers(outgoing).items()
        ]
        named = {KEY: str(key), **_named_nearly(key)}
        for stand_in, name_of_key in named.items():
            shown = [
                (name, value.replace(stand_in, name_of_key) if name.lower() == "authorization" else value)
                for name, value in shown
            ]
        shown += [(name, str(secret)) for name, secret in self._target.way.headers.items()]
        if key is not None and "Authorization" not in outgoing.headers:
            shown.insert(0, (outgoing.way.header_name("Authorization"), f"{outgoing.way.scheme} {key}"))
        shown += [("Transfer-Encoding", "chunked")] if outgoing.way.framing == "chunked" else []
        return tuple(shown)

    def _shown(self, name: str, value: str) -> str:
        """The value of a header in an answer, without that of our own header of this name, however short."""
        ours = next((secret for own, secret in self._target.way.headers.items() if own.lower() == name.lower()), None)
        return value.replace(ours.reveal(), str(ours)) if ours else value

    def _failure(self, error: Exception) -> str:
        if isinstance(error, _Dropped):
            return "the connection was closed on purpose before the answer"
        if isinstance(error, httpx.ConnectTimeout | httpx.ReadTimeout | httpx.WriteTimeout | httpx.PoolTimeout):
            return f"no answer within {self._timeout:g} s"
        reason = " ".join(self._redactor.text(str(error)).split()) or type(error).__name__
        if isinstance(error, httpx.ProxyError):
            return f"{self._target.way.proxy} did not let it through: {reason}"
        if self._target.way.proxy and isinstance(error, httpx.ConnectError):
            return f"no HTTP response through {self._target.way.proxy}: {reason}"
        return f"no HTTP response: {reason}"


def _cause(error: Exception) -> str:
    """The kind of a failure, as `Exchange.cause` has it."""
    if isinstance(error, _Dropped):
        return "dropped"
    if isinstance(error, httpx.ProxyError):
        return "proxy"
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, ssl.SSLError):
            return "tls"
        below = below.__cause__ or below.__context__
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return "connect"
    return "timeout" if isinstance(error, httpx.TimeoutException) else "broken"


def _connection_of(response: httpx.Response) -> str:
    """The address of our end of the connection, which no other one has meanwhile; "" for a transport without any."""
    stream, address = response.extensions.get("network_stream"), None
    with contextlib.suppress(OSError):  # closed meanwhile
        address = stream.get_extra_info("client_addr") if stream is not None else None
    return f"{address[0]}:{address[1]}" if isinstance(address, tuple) and len(address) > 1 else ""


def _drop_before_answer(event: str, _: Mapping[str, Any]) -> None:
    if event == "http11.receive_response_headers.started":
        raise _Dropped


@functools.lru_cache
def _parse_url(url: str) -> httpx.URL:
    return httpx.URL(url)


def _named_nearly(key: Secret | None) -> dict[str, str]:
    """What stands for what is nearly a key, and how a shell makes it of the key's variable."""
    variable = key.variable if key else ""
    return {near: f"${near.replace('key', variable)}" for near in (CUT_KEY, CAPITAL_KEY)}
