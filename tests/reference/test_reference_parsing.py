"""Bodies that are no JSON object, and the media type."""

from __future__ import annotations

import json

import pytest
from callers import Api, MakeApi, refused

from lightfield_contract.reference import Configuration


@pytest.mark.parametrize(
    "media_type", [None, "", "text/plain", "application/jsonp", "application/x-www-form-urlencoded", "text/json"]
)
def test_other_media_types(api: Api, media_type: str) -> None:
    """A body of another media type, or of none, gets a 415."""
    more = {"Content-Type": media_type} if media_type is not None else {}
    response = api.send("POST", api.contract.create.path, headers=more, content=json.dumps(api.body()))
    error = refused(response, 415, "unsupported_media_type", "Content-Type")
    assert error["type"] == "unsupported_media_type"


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"])
def test_json_media_types(api: Api, media_type: str) -> None:
    """Parameters and letter case make no other media type."""
    headers = {"Content-Type": media_type}
    response = api.send("POST", api.contract.create.path, headers=headers, content=json.dumps(api.body()))
    assert response.status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"{",
        b'{"fields": ',
        b"{'fields': {}}",
        b"\xff\xfe{}",
        b'{"fields": {"x": "\xc3"}}',
        b"\xef\xbb\xbf{}",
        b"{} {}",
        b"[" * 100_000,
        b'{"fields":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"fields": {"x": NaN}}',
        b'{"fields": {"x": -Infinity}}',
        b'{"fields": {"x": ' + b"9" * 10_000 + b"}}",
        b'{"fields": {"x": "\\ud800"}}',
        b'{"fields": {"\\uDFFF": 1}}',
    ],
)
def test_malformed(api: Api, content: bytes) -> None:
    """Whatever is no readable JSON gets a 400, and nothing is created."""
    before = api.count()
    response = api.send("POST", api.contract.create.path, headers={"Content-Type": "application/json"}, content=content)
    assert refused(response, 400, "invalid_json")["type"] == "bad_request"
    assert api.count() == before


@pytest.mark.parametrize("content", [b"[]", b"null", b'"x"', b"1", b"true", b"1e999"])
def test_not_an_object(api: Api, content: bytes) -> None:
    """A JSON text that is no object gets a 400."""
    response = api.send("POST", api.contract.create.path, headers={"Content-Type": "application/json"}, content=content)
    refused(response, 400, "invalid_type")


def test_huge_number(api: Api) -> None:
    """A number beyond double precision at a place for text is a wrong type, not a crash."""
    body = json.dumps(api.with_field(api.text.key, 0)).replace(f'"{api.text.key}": 0', f'"{api.text.key}": 1e999')
    response = api.send("POST", api.contract.create.path, headers={"Content-Type": "application/json"}, content=body)
    refused(response, 400, "invalid_type", f"fields.{api.text.key}")


def test_duplicate_members(api: Api) -> None:
    """Of a member that is there twice the last one counts."""
    body = json.dumps(api.with_field(api.text.key, "second"))
    doubled = body.replace(f'"{api.text.key}"', f'"{api.text.key}": "first", "{api.text.key}"')
    response = api.send("POST", api.contract.create.path, headers={"Content-Type": "application/json"}, content=doubled)
    assert response.json()["fields"][api.text.key]["value"] == "second"


def test_surrogate_pair(api: Api) -> None:
    """An escaped pair of surrogates is one character and comes back as such."""
    body = json.dumps(api.with_field(api.text.key, "\U0001f600"))
    response = api.send("POST", api.contract.create.path, headers={"Content-Type": "application/json"}, content=body)
    assert response.json()["fields"][api.text.key]["value"] == "\U0001f600"


def test_too_large(make_api: MakeApi) -> None:
    """A body over the limit is refused; one at the limit is read."""
    small = make_api(Configuration(body_limit=1000))
    content = json.dumps(small.body())
    headers = {"Content-Type": "application/json"}
    path = small.contract.create.path
    assert small.send("POST", path, headers=headers, content=content + " " * (1000 - len(content))).status_code == 200
    refused(small.send("POST", path, headers=headers, content=content + " " * (1001 - len(content))), 413, "body_too_large")
