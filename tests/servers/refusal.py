"""A refusal: what the server raises instead of creating anything, and the error object that comes of it."""

from __future__ import annotations

from typing import Any

__all__ = ["Refused"]

_TYPES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    415: "unsupported_media_type",
    422: "unprocessable_content",
    429: "too_many_requests",
    500: "internal_server_error",
}


class Refused(Exception):
    """The request is refused; `more` are members and headers that go beyond type, code, message and param."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        param: str = "",
        *,
        type_: str = "",
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param
        self.headers = headers or {}
        error = {
            "type": type_ or _TYPES.get(status, "bad_request"),
            "code": code,
            "message": message,
            "param": param,
            **more,
        }
        self.error = {name: value for name, value in error.items() if value != ""}
