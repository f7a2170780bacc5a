"""The steps from bytes to a JSON object; whatever the bytes are, the answer is never a 5xx."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from .answers import Refusal
from .steps import Call, Steps

__all__ = ["ClientGoneError", "Parsing"]


class ClientGoneError(Exception):
    """The client left before its request was complete, so there is no one to answer."""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class Parsing(Steps):
    """The steps that read the body."""

    decoder = json.JSONDecoder(parse_constant=_no_constant)

    async def read_body(self, call: Call) -> None:
        """Read all of the body, so that the connection stays usable, but keep no more than is allowed."""
        chunks: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await call.receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            chunk = message.get("body", b"")
            size += len(chunk)
            if size <= self.configuration.body_limit:
                chunks.append(chunk)
            more = message.get("more_body", False)
        call.oversized = size > self.configuration.body_limit
        call.body = b"".join(chunks)

    def check_media_type(self, call: Call) -> None:
        """Refuse a body of another media type than the fragment's."""
        if not self.takes_media_type(call, call.headers.get("Content-Type", "")):
            message = f"The Content-Type of the body is {call.operation.media_type}."
            raise Refusal(415, "unsupported_media_type", message, "unsupported_media_type", "Content-Type")

    def takes_media_type(self, call: Call, content_type: str) -> bool:
        """Return whether that Content-Type is the operation's, whatever its parameters."""
        return content_type.partition(";")[0].strip().lower() == call.operation.media_type.lower()

    def check_size(self, call: Call) -> None:
        """Refuse a body that was too long to keep."""
        if call.oversized:
            raise Refusal(
                413, "content_too_large", f"The body is longer than {self.configuration.body_limit} bytes.", "body_too_large"
            )

    def parse(self, call: Call) -> dict[str, Any]:
        """Return the body as a JSON object."""
        try:
            text = call.body.decode()
            payload = self.decoder.decode(text)
            self.check_text(text, payload)
        # A RecursionError is nesting deeper than the parser goes; a ValueError also is an integer too long to convert.
        except (ValueError, RecursionError):
            raise Refusal.bad_request("invalid_json", "The body is not a JSON text in UTF-8 that can be read.") from None
        if not isinstance(payload, dict):
            raise Refusal.bad_request("invalid_type", "The body is a JSON object.")
        return payload

    def check_text(self, text: str, payload: Any) -> None:
        """Raise UnicodeEncodeError if an escape made half a surrogate pair: no UTF-8 answer could repeat it."""
        if "\\u" in text:
            json.dumps(payload, ensure_ascii=False).encode()
