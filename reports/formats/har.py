"""Renders the exchanges that a result holds, all of them or those of its findings, as an HTTP Archive (HAR 1.2)."""

from __future__ import annotations

import datetime
import io
import urllib.parse
from collections.abc import Iterable

import harfile

from ..curl import body_bytes
from ..finding import Request, Response, Transcript
from ..format import Format
from ..model import Result

__all__ = ["FORMAT", "render_har"]


def render_har(result: Result) -> str:
    """Return the JSON text, in ASCII; an exchange that several findings share stands there once, with all of its clauses."""
    exchanges = {exchange.number: exchange for exchange in result.exchanges}
    clauses: dict[str, list[str]] = {}
    for clause in result.clauses:
        for finding in result.findings_of(clause):
            for exchange in finding.exchanges:
                exchanges.setdefault(exchange.number, exchange)
                if clause.id not in clauses.setdefault(exchange.number, []):
                    clauses[exchange.number].append(clause.id)
    text = io.StringIO()
    name, _, version = result.run.tool.rpartition(" ")
    with harfile.HarFile(text, creator=harfile.Creator(name or version, version)) as har:
        for exchange in sorted(exchanges.values(), key=lambda item: item.sent_at):
            _add(har, exchange, f"no. {exchange.number}: {', '.join(clauses.get(exchange.number, ['no finding']))}")
    return text.getvalue() + "\n"


FORMAT = Format("har", "exchanges.har", render_har)


def _add(har: harfile.HarFile, exchange: Transcript, comment: str) -> None:
    milliseconds = round(exchange.seconds * 1000, 3)
    har.add_entry(
        startedDateTime=datetime.datetime.fromtimestamp(exchange.sent_at, datetime.UTC),
        time=milliseconds,
        request=_request(exchange.request),
        response=_response(exchange.response, exchange.failure),
        # Only the whole is measured; the format wants three parts.
        timings=harfile.Timings(send=0, wait=milliseconds, receive=0),
        comment=comment,
    )


def _request(request: Request) -> harfile.Request:
    body = body_bytes(request.body, request.binary)
    query = urllib.parse.parse_qsl(request.url.partition("?")[2], keep_blank_values=True)
    post = harfile.PostData(mimeType=_media_type(request.headers), text=request.body) if body else None
    return harfile.Request(
        method=request.method,
        url=request.url,
        httpVersion="HTTP/1.1",
        headers=_records(request.headers),
        queryString=_records(query),
        postData=post,
        bodySize=len(body),
    )


def _response(response: Response | None, failure: str) -> harfile.Response:
    if response is None:
        # What browsers write for a request that got no answer.
        return harfile.Response(status=0, statusText=failure, httpVersion="", comment=failure)
    return harfile.Response(
        status=response.status,
        statusText=response.reason,
        httpVersion="HTTP/1.1",
        headers=_records(response.headers),
        content=harfile.Content(size=response.length, mimeType=_media_type(response.headers), text=response.body),
        bodySize=response.length,
    )


def _media_type(headers: Iterable[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _records(pairs: Iterable[tuple[str, str]]) -> list[harfile.Record]:
    return [harfile.Record(name, value) for name, value in pairs]
