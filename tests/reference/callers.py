"""Calls the reference server without a socket, and knows of any fragment what a correct request looks like."""

from __future__ import annotations

import asyncio
import copy
from pathlib import Path
from typing import Any, Protocol

import httpx

from lightfield_contract.reference import Clock, Configuration, Pipeline, SampleKeys, make_app
from lightfield_contract.spec import Contract, Place, Role

KEYS = SampleKeys()
PARCELS = str(Path(__file__).parent / "parcels.yaml")


class ManualClock(Clock):
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.25

    def now(self) -> float:
        """The time to which it was moved."""
        return self.time


class Api:
    """Sends requests to an app and knows what a correct one looks like; it reads all names from the contract."""

    def __init__(self, contract: Contract, configuration: Configuration, pipeline: type[Pipeline]) -> None:
        self.contract = contract
        self.clock = ManualClock()
        self.app = make_app(contract, configuration, pipeline, clock=self.clock)

    def headers(self, key: str | None = KEYS.full, **more: str | None) -> dict[str, str]:
        """Those of a correct request; a header given as None is left out."""
        usual = {"Authorization": f"Bearer {key}" if key else None, self.version_header: self.contract.version}
        merged = {**usual, **{name.replace("_", "-"): value for name, value in more.items()}}
        return {name: value for name, value in merged.items() if value is not None}

    def together(self, *requests: tuple[str, str, dict[str, Any]]) -> list[httpx.Response]:
        """Sends requests at the same time."""

        async def send() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://reference") as client:
                return await asyncio.gather(*(client.request(method, path, **more) for method, path, more in requests))

        return asyncio.run(send())

    def send(self, method: str, path: str, key: str | None = KEYS.full, headers: Any = None, **more: Any) -> httpx.Response:
        """Sends one request."""
        return self.together((method, path, {"headers": self.headers(key, **(headers or {})), **more}))[0]

    def get(self, path: str = "", key: str = KEYS.full, **more: Any) -> httpx.Response:
        """Reads something of the collection under test."""
        return self.send("GET", self.contract.collection.path + path, key, **more)

    def create(
        self, body: Any, idempotency_key: str | None = None, key: str | None = KEYS.full, **headers: Any
    ) -> httpx.Response:
        """Sends one create."""
        if idempotency_key is not None:
            headers["Idempotency_Key"] = idempotency_key
        return self.send("POST", self.contract.create.path, key, headers, json=body)

    @property
    def version_header(self) -> str:
        """Its name."""
        assert self.contract.version_header is not None
        return self.contract.version_header.name

    @property
    def validate_path(self) -> str:
        """Where a key is validated."""
        assert self.contract.validate is not None
        return self.contract.validate.path

    def ids(self, object_type: str | None, key: str = KEYS.full) -> list[str]:
        """IDs of an object type, newest first."""
        page = self.send("GET", self.contract.collections[object_type or ""].path, key).json()
        return [record["id"] for record in page["data"]]

    def count(self, key: str = KEYS.full) -> int:
        """How many records of the collection under test there are."""
        total: int = self.get(key=key).json()["totalCount"]
        return total

    def definitions(self) -> dict[str, Any]:
        """The definitions of the object type under test."""
        found: dict[str, Any] = self.get("/definitions").json()
        return found

    def options(self, place: Place) -> list[dict[str, str]]:
        """The options of a select."""
        found: list[dict[str, str]] = self.definitions()["fieldDefinitions"][place.key]["typeConfiguration"]["options"]
        return found

    def value(self, place: Place) -> Any:
        """A value that the place takes."""
        if place.role is Role.OPTION:
            return self.options(place)[0]["label"]
        return "Sample" if place.value_type == "TEXT" else 1

    def body(self, key: str = KEYS.full) -> dict[str, Any]:
        """The smallest body that is accepted."""
        links = [place for place in self.contract.link_places if place.required]
        return {
            "fields": {place.key: self.value(place) for place in self.contract.value_places if place.required},
            "relationships": {place.key: self.ids(place.object_type or "", key)[0] for place in links},
        }

    def with_field(self, field: str, value: Any) -> dict[str, Any]:
        """The smallest body with one field more, or with another value."""
        body = copy.deepcopy(self.body())
        body["fields"][field] = value
        return body

    def with_link(self, relationship: str, value: Any) -> dict[str, Any]:
        """The smallest body with one relationship more, or with another value."""
        body = copy.deepcopy(self.body())
        body["relationships"][relationship] = value
        return body

    @property
    def text(self) -> Place:
        """The text field under which tests write."""
        place = self.contract.marker_place
        assert place is not None
        return place

    @property
    def link(self) -> Place:
        """A required relationship."""
        return next(place for place in self.contract.link_places if place.required)

    def custom(self, value_type: str) -> str:
        """The organization's own field of that value type."""
        fields: dict[str, Any] = self.definitions()["fieldDefinitions"]
        return next(key for key, field in fields.items() if field["valueType"] == value_type and not key.startswith("$"))

    def custom_link(self) -> tuple[str, str]:
        """The organization's own relationship, and what it links to."""
        relationships = self.definitions()["relationshipDefinitions"]
        key = next(key for key in relationships if not key.startswith("$"))
        return key, relationships[key]["objectType"]


class MakeApi(Protocol):
    """Makes a caller of a fresh server."""

    def __call__(self, configuration: Configuration | None = None, pipeline: type[Pipeline] = Pipeline) -> Api:
        """With the usual configuration and conduct unless others are given."""
        ...


def refused(response: httpx.Response, status: int, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    """The error object of a refusal, after a look at what it has to say."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/json"
    error: dict[str, Any] = response.json()["error"]
    assert error["type"]
    assert error["message"]
    assert (error.get("code"), error.get("param")) == (code, param), error
    return error
