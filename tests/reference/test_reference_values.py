"""What custom attributes take, and how it comes back."""

from __future__ import annotations

from typing import Any

from callers import Api, refused

ADDRESS = {
    "street": "12 Sample Street",
    "street2": None,
    "city": "Zürich",
    "state": "ZH",
    "postalCode": "08001",
    "country": "CH",
    "latitude": -90,
    "longitude": 8.54,
}

TAKEN: dict[str, list[Any]] = {
    "ADDRESS": [ADDRESS, {"city": "Zürich"}, {}],
    "CHECKBOX": [True, False],
    "CURRENCY": [0, 1999.95, -12],
    "DATETIME": [
        "2026-03-01T12:00:00Z",
        "2026-03-01T01:30:00.125+05:30",
        "2028-02-29T23:59:59-08:00",
        "0001-01-01T00:00:00Z",
    ],
    "EMAIL": ["ada@example.com", ["ada@example.com", "b@example.org"], []],
    "FULL_NAME": [{"firstName": "Ada", "lastName": "Løvelace"}, {"firstName": "Ada", "lastName": None}],
    "MARKDOWN": ["# Sample\n\n- *one*\r\n", ""],
    "NUMBER": [0, 42, -12.34, 2**53 - 1, 1.7976931348623157e308, 5e-324],
    "SOCIAL_HANDLE": ["adalovelace", "@ada"],
    "TELEPHONE": [["+12015550123"], ["+12015550123", "+442079460958"]],
    "TEXT": [
        "",
        "  two  spaces ",
        "e\u0301",
        "\u00e9",
        "\u202eabc",
        "\x00\x1f\x7f",
        "\u2028",
        "\U0001f600" * 100,
        "x" * 20_000,
    ],
    "URL": ["https://example.com/", ["https://example.com/", "https://example.org/"]],
}

REFUSED: dict[str, list[Any]] = {
    "ADDRESS": [
        "x",
        [],
        {"planet": "Mars"},
        {"country": "che"},
        {"country": "CHE"},
        {"latitude": 91},
        {"longitude": True},
        {"city": 1},
    ],
    "CHECKBOX": [0, 1, "true", []],
    "CURRENCY": ["1", True, [1], {}],
    "DATETIME": [
        "soon",
        "",
        "2026-03-01",
        "2026-02-30T00:00:00Z",
        "2026-03-01 12:00:00Z",
        "2026-03-01T25:00:00Z",
        1,
        ["2026-03-01T12:00:00Z"],
    ],
    "EMAIL": [1, {"a": 1}, ["a@example.com", 1], [None]],
    "FULL_NAME": ["Ada", {"firstName": 1}, {"middleName": "x"}, []],
    "MARKDOWN": [1, ["x"]],
    "MULTI_SELECT": ["Option 1", 1, [1], {}],
    "NUMBER": ["1", True, [1], 10**400],
    "SINGLE_SELECT": [1, ["Option 1"], True],
    "SOCIAL_HANDLE": [1, ["x"]],
    "TELEPHONE": [1, [1]],
    "TEXT": [1, True, ["x"], {"value": "x"}],
    "URL": [1, [1]],
}


def test_taken(api: Api) -> None:
    """Ordinary and extreme values are taken and come back exactly."""
    for value_type in api.contract.values.keys() & TAKEN.keys():
        key = api.custom(value_type)
        for value in TAKEN[value_type]:
            response = api.create(api.with_field(key, value))
            assert response.status_code == 200, response.text
            assert response.json()["fields"][key] == {"value": value, "valueType": value_type}


def test_refused(api: Api) -> None:
    """Values of another type are refused, for every value type of the fragment."""
    for value_type in api.contract.values:
        key = api.custom(value_type)
        for value in REFUSED[value_type]:
            refused(api.create(api.with_field(key, value)), 400, "invalid_type", f"fields.{key}")


def test_null(api: Api) -> None:
    """Null unsets an organization's own field."""
    for value_type in api.contract.values:
        key = api.custom(value_type)
        assert api.create(api.with_field(key, None)).json()["fields"][key] == {"value": None, "valueType": value_type}


def test_one_telephone(api: Api) -> None:
    """One telephone number comes back as an array of one."""
    if "TELEPHONE" in api.contract.values:
        key = api.custom("TELEPHONE")
        assert api.create(api.with_field(key, "+12015550123")).json()["fields"][key]["value"] == ["+12015550123"]


def test_no_offset(api: Api) -> None:
    """A date and time without an offset is taken as UTC, and says so when it comes back."""
    key = api.custom("DATETIME")
    response = api.create(api.with_field(key, "2026-03-01T12:00:00"))
    assert response.json()["fields"][key]["value"] == "2026-03-01T12:00:00Z"


def test_too_long(api: Api) -> None:
    """A text over the limit is refused, never cut."""
    response = api.create(api.with_field(api.text.key, "x" * 20_001))
    refused(response, 400, "value_too_long", f"fields.{api.text.key}")


def test_selects(api: Api) -> None:
    """Selects take options by ID and by label, keep them by ID, and take nothing else."""
    definitions = api.definitions()["fieldDefinitions"]
    single, multi = api.custom("SINGLE_SELECT"), api.custom("MULTI_SELECT")
    options = definitions[single]["typeConfiguration"]["options"]
    for text in (options[1]["id"], options[1]["label"]):
        assert api.create(api.with_field(single, text)).json()["fields"][single]["value"] == options[1]["id"]
    first, second, _ = definitions[multi]["typeConfiguration"]["options"]
    sent = [first["label"], second["id"], first["id"]]
    assert api.create(api.with_field(multi, sent)).json()["fields"][multi]["value"] == [first["id"], second["id"]]
    refused(api.create(api.with_field(multi, [first["id"], "x"])), 400, "invalid_option", f"fields.{multi}")
    refused(api.create(api.with_field(single, first["id"])), 400, "invalid_option", f"fields.{single}")
