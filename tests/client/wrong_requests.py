"""Clients whose request is wrong: where it goes, its headers, its body."""

from __future__ import annotations

import json
import socket
import unicodedata
from typing import Any

import httpx
from careful import Careful
from wrong import breaks

__all__: list[str] = []


class Raw(Careful):
    """Writes the request by hand, as no library would."""

    def frame(self, content: bytes) -> str:
        return f"Content-Length: {len(content)}"

    def send(self, url: str, headers: dict[str, str], content: bytes) -> tuple[int, httpx.Headers, bytes]:
        parsed = httpx.URL(url)
        lines = [f"POST {parsed.path} HTTP/1.1", f"Host: {parsed.host}", "Connection: close", self.frame(content)]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        with socket.create_connection((parsed.host, parsed.port or 80), timeout=self.timeout) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + self.coded(content))
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65536):
                answer += part
        head, _, body = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), httpx.Headers(), body

    def coded(self, content: bytes) -> bytes:
        return content


class Headers(Careful):
    """Sends headers of its own."""

    def changed(self, headers: dict[str, str]) -> dict[str, str]:
        return headers

    def headers(self, content: bytes, key: str | None, number: int) -> dict[str, str]:
        return self.changed(super().headers(content, key, number))


class Body(Careful):
    """Changes the body before it is sent."""

    def changed(self, body: dict[str, Any]) -> Any:
        return body

    def encode(self, body: dict[str, Any]) -> bytes:
        return super().encode(self.changed(body))


def each_field(body: dict[str, Any], change: Any) -> dict[str, Any]:
    """The body with every field changed."""
    return {**body, "fields": {key: change(value) for key, value in body["fields"].items()}}


@breaks("request:path", "plain")
class OtherPath(Careful):
    path = "/v1/opportunity"


@breaks("request:path", "plain")
class TrailingSlash(Careful):
    path = "/v1/opportunities/"


@breaks("request:path", "plain")
class SendsNothing(Careful):
    def attempt(self, _content: bytes, _key: str | None, _number: int) -> Any:
        return {"id": "made up"}


@breaks("request:base-url", "base-url-path")
class DropsBasePath(Careful):
    def url(self) -> str:
        return str(httpx.URL(self.base_url).join(self.path))


@breaks("request:base-url", "base-url-slash")
class DoublesSlash(Careful):
    def url(self) -> str:
        return self.base_url + self.path


@breaks("request:version", "plain")
class NoVersion(Headers):
    def changed(self, headers: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in headers.items() if name != "Lightfield-Version"}


@breaks("request:version", "unavailable-twice")
class NoVersionOnRetry(Careful):
    def headers(self, content: bytes, key: str | None, number: int) -> dict[str, str]:
        found = super().headers(content, key, number)
        return found if number == 0 else {name: value for name, value in found.items() if name != "Lightfield-Version"}


@breaks("request:version", "plain")
class OldVersion(Careful):
    version = "2025-01-01"


@breaks("request:authorization", "plain")
class NoAuthorization(Headers):
    def changed(self, headers: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in headers.items() if name != "Authorization"}


@breaks("request:authorization", "plain")
class BasicAuthorization(Headers):
    def changed(self, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "Authorization": f"Basic {self.api_key}"}


@breaks("request:credentials", "plain")
class KeyInUrl(Careful):
    def url(self) -> str:
        return f"{super().url()}?api_key={self.api_key}"


@breaks("request:credentials", "plain")
class KeyInOtherHeader(Headers):
    def changed(self, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "X-Api-Key": self.api_key}


@breaks("request:credentials", "plain")
class KeyInCookie(Headers):
    def changed(self, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "Cookie": f"session={self.api_key}"}


@breaks("request:media-type", "plain")
class FormType(Headers):
    def changed(self, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "Content-Type": "application/x-www-form-urlencoded"}


@breaks("request:media-type", "plain")
class NoType(Headers):
    def changed(self, headers: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in headers.items() if name != "Content-Type"}


@breaks("request:media-type", "plain")
class LatinType(Headers):
    def changed(self, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "Content-Type": "application/json; charset=iso-8859-1"}


@breaks("request:length", "plain")
class BothFramings(Raw):
    def frame(self, content: bytes) -> str:
        return f"Content-Length: {len(content)}\r\nTransfer-Encoding: chunked"

    def coded(self, content: bytes) -> bytes:
        return f"{len(content):x}\r\n".encode() + content + b"\r\n0\r\n\r\n"


@breaks("request:length", "plain")
class LengthTooLong(Raw):
    def frame(self, content: bytes) -> str:
        return f"Content-Length: {len(content) + 7}"


@breaks("request:json", "plain")
class ByteOrderMark(Careful):
    def encode(self, body: dict[str, Any]) -> bytes:
        return b"\xef\xbb\xbf" + super().encode(body)


@breaks("request:json", "texts")
class Latin(Careful):
    def encode(self, body: dict[str, Any]) -> bytes:
        return json.dumps(body, ensure_ascii=False).encode("latin-1", "replace")


@breaks("request:json", "plain")
class EncodedTwice(Careful):
    def encode(self, body: dict[str, Any]) -> bytes:
        return json.dumps(json.dumps(body)).encode()


@breaks("request:json", "plain")
class MemberTwice(Careful):
    def encode(self, body: dict[str, Any]) -> bytes:
        text = super().encode(body)
        return text[:-1] + b', "fields": {}}'


@breaks("request:non-finite", "non-finite")
class SendsNaN(Careful):
    def encode(self, body: dict[str, Any]) -> bytes:
        return json.dumps(body).encode()


@breaks("request:non-finite", "non-finite")
class SendsInfinity(Careful):
    def encode(self, body: dict[str, Any]) -> bytes:
        return json.dumps(body).replace("NaN", "Infinity").encode()


@breaks("request:values", "rich")
class WrapsValues(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return each_field(body, lambda value: {"value": value, "valueType": "TEXT"})


@breaks("request:values", "rich")
class StringsForAll(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return each_field(body, lambda value: str(value) if isinstance(value, int | float) else value)


@breaks("request:values", "rich")
class DropsFalse(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return {**body, "fields": {key: value for key, value in body["fields"].items() if value is not False}}


@breaks("request:keys", "keys")
class CamelKeys(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        def camel(key: str) -> str:
            first, *rest = key.split("_")
            return first + "".join(word.capitalize() for word in rest)

        return {**body, "fields": {camel(key): value for key, value in body["fields"].items()}}


@breaks("request:keys", "plain")
class DollarsGone(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return {**body, "fields": {key.lstrip("$"): value for key, value in body["fields"].items()}}


@breaks("request:links", "links")
class FirstLinkOnly(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        links = {key: value[0] if isinstance(value, list) else value for key, value in body["relationships"].items()}
        return {**body, "relationships": links}


@breaks("request:links", "plain")
class LinkObjects(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return {**body, "relationships": {key: {"id": value} for key, value in body["relationships"].items()}}


@breaks("request:null", "nulls")
class DropsNull(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return {**body, "fields": {key: value for key, value in body["fields"].items() if value is not None}}


@breaks("request:null", "plain")
class AddsNull(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return {**body, "fields": {**body["fields"], "sample-text": None}}


@breaks("request:null", "nulls")
class EmptyForNull(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return each_field(body, lambda value: "" if value is None else value)


@breaks("request:nothing-added", "plain")
class AddsMember(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return {**body, "source": "sdk"}


@breaks("request:nothing-added", "plain")
class AddsQuery(Careful):
    def url(self) -> str:
        return super().url() + "?client=sdk"


@breaks("request:nothing-added", "plain")
class AddsField(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return {**body, "fields": {**body["fields"], "sample-text": "by default"}}


@breaks("request:text", "texts")
class Normalizes(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return each_field(body, lambda value: unicodedata.normalize("NFC", value) if isinstance(value, str) else value)


@breaks("request:text", "texts")
class Strips(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return each_field(body, lambda value: value.strip() if isinstance(value, str) else value)


@breaks("request:text", "texts")
class EscapesMarkup(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return each_field(body, lambda value: value.replace("<", "&lt;") if isinstance(value, str) else value)


@breaks("request:numbers", "numbers")
class SingleFloats(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        import struct

        def single(value: Any) -> Any:
            real = isinstance(value, int | float) and not isinstance(value, bool)
            return struct.unpack("f", struct.pack("f", value))[0] if real else value

        return each_field(body, single)


@breaks("request:numbers", "numbers")
class WholeNumbers(Body):
    def changed(self, body: dict[str, Any]) -> Any:
        return each_field(body, lambda value: round(value) if isinstance(value, float) else value)
