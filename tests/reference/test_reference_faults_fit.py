"""A fault is a class that overrides one step; whatever a step does, the server answers in JSON and lives on."""

from __future__ import annotations

from typing import Any

from callers import MakeApi, refused

from lightfield_contract.reference import Call, JsonAnswer, Pipeline, Refusal, SampleKeys
from lightfield_contract.reference.definitions import Field
from lightfield_contract.reference.store import Record


class Echo(Pipeline):
    """Cuts texts."""

    def keep_value(self, field: Field, value: Any) -> Any:
        """Keeps three characters."""
        kept = super().keep_value(field, value)
        return kept[:3] if isinstance(kept, str) and field.value_type == "TEXT" else kept


class RefusedButCreated(Pipeline):
    """Stores what it refuses."""

    def refuse(self, call: Call, refusal: Refusal) -> JsonAnswer:
        """Makes the record all the same."""
        if call.role == "create" and call.payload is not None:
            self.save(call, self.make_record(call))
        return super().refuse(call, refusal)


class Crash(Pipeline):
    """Fails in the middle of a creation."""

    def make_record(self, call: Call) -> Record:
        """Divides by zero when the request asks for it."""
        if call.headers.get("Boom"):
            raise ZeroDivisionError
        return super().make_record(call)


class Unrenderable(Pipeline):
    """Answers with what JSON cannot say."""

    def render_link(self, record: Record) -> Any:  # noqa: ARG002 - the step's signature
        """No JSON number."""
        return float("nan")


class CachedForAll(Pipeline):
    """Serves a remembered answer to callers without the scope."""

    def authorize(self, call: Call) -> None:
        """Lets in whoever has a used key."""
        try:
            super().authorize(call)
        except Refusal:
            self.read_idempotency_key(call)
            if call.claim is None or self.recall(call) is None:
                raise


def test_echo(make_api: MakeApi) -> None:
    """One overridden step changes one thing."""
    api = make_api(pipeline=Echo)
    assert api.create(api.with_field(api.text.key, "Sample")).json()["fields"][api.text.key]["value"] == "Sam"


def test_any_body_can_be_stored(make_api: MakeApi) -> None:
    """The steps that make a record take bodies that validation refuses."""
    api = make_api(pipeline=RefusedButCreated)
    link, text = api.link.key, api.text.key
    bodies = [
        {},
        {"fields": 1},
        {"fields": {"x": 1, text: [{}]}, "relationships": {link: [{}, 1]}},
        api.with_link(link, {"a": 1}),
    ]
    odd: tuple[Any, ...] = ({"a": {}}, [[1]], [{}])
    for value_type in api.contract.values:
        bodies += [api.with_field(api.custom(value_type), value) for value in odd]
    for body in bodies:
        before = api.count()
        assert 400 <= api.create(body).status_code < 500, body
        assert api.count() == before + 1


def test_crash(make_api: MakeApi) -> None:
    """An unexpected exception is a 500 in the envelope, and frees the key."""
    api = make_api(pipeline=Crash)
    assert refused(api.create(api.body(), "k", Boom="1"), 500)["type"] == "internal_server_error"
    assert api.create(api.body(), "k").status_code == 200


def test_unrenderable(make_api: MakeApi) -> None:
    """An answer that cannot be written is a 500 too."""
    api = make_api(pipeline=Unrenderable)
    refused(api.send("POST", api.contract.create.path, json={"fields": {}}), 400, "parameter_missing", "relationships")
    refused(api.get(), 500)


def test_cached_for_all(make_api: MakeApi) -> None:
    """The order of authorization and key look-up can be turned round."""
    api = make_api(pipeline=CachedForAll)
    first = api.create(api.body(), "k")
    assert api.create(api.body(), "k", key=SampleKeys().read).json() == first.json()
    assert api.create(api.body(), "other", key=SampleKeys().read).status_code == 403
