"""Who may call, and with which headers."""

from __future__ import annotations

import pytest
from callers import Api, refused

from lightfield_contract.reference import SampleKeys
from lightfield_contract.spec import Role

KEYS = SampleKeys()


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        KEYS.full,
        f"Basic {KEYS.full}",
        f"Bearer{KEYS.full}",
        f"Bearer {KEYS.full} x",
        "Bearer sk_lf_unknown",
    ],
)
def test_unauthorized(api: Api, header: str) -> None:
    """No key, a malformed header and an unknown key get a 401 without rate limit headers, and no key is repeated."""
    before = api.count()
    response = api.create(api.body(), Authorization=header)
    assert refused(response, 401)["type"] == "unauthorized"
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "sk_lf" not in response.text
    assert "X-RateLimit-Limit" not in response.headers
    assert api.count() == before


def test_scheme_is_case_insensitive(api: Api) -> None:
    """The scheme of the Authorization header may be spelled in any case."""
    assert api.create(api.body(), Authorization=f"bEARER {KEYS.full}").status_code == 200


@pytest.mark.parametrize("key", [KEYS.full, KEYS.create_only, KEYS.other_org])
def test_sufficient(api: Api, key: str) -> None:
    """Full access creates, and so does the create scope alone."""
    body = api.body(KEYS.other_org if key == KEYS.other_org else KEYS.full)
    for place in api.contract.value_places:
        if place.role is Role.OPTION and not place.read_only:
            body["fields"][place.key] = api.options(place)[0]["label"]
    assert api.create(body, key=key).status_code == 200


@pytest.mark.parametrize("key", [KEYS.read, KEYS.no_create_read, KEYS.no_create_update, KEYS.no_create_other])
def test_forbidden(api: Api, key: str) -> None:
    """A valid key without the create scope gets a 403 with rate limit headers, near misses included."""
    before = api.count()
    response = api.create(api.body(), key=key)
    assert refused(response, 403)["type"] == "forbidden"
    assert key not in response.text
    assert "X-RateLimit-Limit" in response.headers
    assert api.count() == before


def test_create_only_does_not_read(api: Api) -> None:
    """The create scope opens no read."""
    for path in ("", "/definitions", "/x"):
        refused(api.get(path, key=KEYS.create_only), 403)


def test_validate(api: Api) -> None:
    """The validate operation needs no scope and tells the scopes; an empty list means full access."""
    path = api.validate_path
    assert api.send("GET", path).json()["scopes"] == []
    answer = api.send("GET", path, KEYS.create_only).json()
    assert answer["active"] is True
    assert {"tokenType", "subjectType"} <= answer.keys()
    assert answer["scopes"] == list(api.contract.create.scopes)
    assert api.send("GET", path, "sk_lf_unknown").status_code == 401


@pytest.mark.parametrize("version", [None, "", "1999-01-01"])
def test_version(api: Api, version: str | None) -> None:
    """A version header that is missing or unknown is refused, on reads too."""
    name = api.version_header
    refused(api.create(api.body(), **{name: version}), 400, "version_header", name)
    refused(api.get(headers={name: version}), 400, "version_header", name)


def test_no_such_operation(api: Api) -> None:
    """An unknown path is a 404 and a wrong method a 405, both in JSON; Allow lists all methods of the path."""
    assert refused(api.send("GET", "/v1/nothing"), 404)["type"] == "not_found"
    assert refused(api.get("/"), 404)["type"] == "not_found"
    response = api.send("DELETE", api.contract.create.path)
    refused(response, 405)
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_clock_offset(api: Api) -> None:
    """A request may count as made later; Date and createdAt follow it."""
    plain = api.create(api.body())
    later = api.create(api.body(), Reference_Clock_Offset="86400")
    assert plain.json()["createdAt"] == "2027-01-15T08:00:00.250Z"
    assert later.json()["createdAt"] == "2027-01-16T08:00:00.250Z"
    assert later.headers["Date"] == "Sat, 16 Jan 2027 08:00:00 GMT"
    for wrong in ("soon", "nan", "inf", "1e300", ""):
        refused(api.create(api.body(), Reference_Clock_Offset=wrong), 400, "invalid_type", "Reference-Clock-Offset")
