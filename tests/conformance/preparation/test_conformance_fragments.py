"""What a user's own fragment asks for either works, or is a sentence before anything is sent; it is never ignored."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from lightfield_contract.conformance.harness.preparation.mistakes import check_fragment
from lightfield_contract.conformance.harness.run.starting import start_run
from lightfield_contract.conformance.harness.settings.options import Settings
from lightfield_contract.reports import AuditState
from lightfield_contract.spec import FragmentError, load

Change = Callable[[dict[str, Any]], object]
PATH = "/v1/opportunities"
HEADER = {"in": "header", "schema": {"type": "string"}}
KEY_SCHEME = {"type": "apiKey", "in": "header", "name": "X-Key"}


def post(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][PATH]["post"]
    return found


def body(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]["Create"]
    return found


def name(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body(document)["properties"]["fields"]["properties"]["$name"]
    return found


def parameter(place: int, **changed: Any) -> Change:
    return lambda document: post(document)["parameters"].__setitem__(place, {**HEADER, **changed})


def in_place_of_json(media_type: str) -> Change:
    return lambda document: post(document)["requestBody"].update(
        content={media_type: post(document)["requestBody"]["content"]["application/json"]}
    )


def under_an_organization(document: dict[str, Any]) -> None:
    document["paths"] = {path.replace("/v1/", "/v1/{org}/"): item for path, item in document["paths"].items()}


def without_relationships(document: dict[str, Any]) -> None:
    del body(document)["properties"]["relationships"]
    body(document)["required"] = ["fields"]


def without_a_select(document: dict[str, Any]) -> None:
    fields = body(document)["properties"]["fields"]
    del fields["properties"]["$stage"]
    fields["required"] = ["$name"]


def without_a_text(document: dict[str, Any]) -> None:
    fields = body(document)["properties"]["fields"]
    del fields["properties"]["$name"]
    fields["required"] = ["$stage"]


def with_another_name_of_the_id(document: dict[str, Any]) -> None:
    item = document["paths"].pop(f"{PATH}/{{id}}")
    item["parameters"][0]["name"] = "opportunityId"
    document["paths"][f"{PATH}/{{opportunityId}}"] = item


REFUSED: dict[str, tuple[Change, str]] = {
    "required key": (parameter(1, name="Idempotency-Key", required=True), "Idempotency-Key"),
    "renamed key": (parameter(1, name="X-Idempotency-Token"), "X-Idempotency-Token"),
    "required header": (parameter(1, name="X-Tenant", required=True), "X-Tenant.*LIGHTFIELD_HEADERS"),
    "required query": (
        lambda document: post(document)["parameters"].append({**HEADER, "in": "query", "name": "dry", "required": True}),
        "dry",
    ),
    "path parameter": (under_an_organization, "path parameter"),
    "201 alone": (
        lambda document: post(document)["responses"].update({"201": post(document)["responses"].pop("200")}),
        "200",
    ),
    "two securities": (lambda document: post(document)["security"].append({"other": []}), "security"),
    "an API key": (lambda document: document["components"]["securitySchemes"].update(bearerAuth=KEY_SCHEME), "security"),
    "no security": (lambda document: post(document).update(security=[]), "security"),
    "a flat body": (
        lambda document: body(document).update(required=["name"], properties={"name": {"type": "string"}}),
        "fields",
    ),
    "an array": (lambda document: body(document).update(type="array"), "object"),
    "a form": (in_place_of_json("application/x-www-form-urlencoded"), "application/json"),
    "another JSON": (in_place_of_json("application/vnd.api+json"), "application/json"),
    "a pattern": (lambda document: name(document).update(pattern="^[A-Z]{3}$"), r"/fields/\$name"),
    "a short text": (lambda document: name(document).update(maxLength=12), r"/fields/\$name"),
    "no object type": (
        lambda document: body(document)["properties"]["relationships"]["properties"]["$account"].pop(
            "x-lightfield-object-type"
        ),
        "x-lightfield-object-type",
    ),
    "a required member": (
        lambda document: (
            body(document).update(required=["fields", "relationships", "mode"])
            or body(document)["properties"].update(mode={"type": "string"})
        ),
        "/mode",
    ),
}
WORKS: dict[str, Change] = {
    "no relationships": without_relationships,
    "no select": without_a_select,
    "no text": without_a_text,
    "another name of the ID": with_another_name_of_the_id,
    "200 and 201": lambda document: post(document)["responses"].update({"201": post(document)["responses"]["200"]}),
    "no key": lambda document: post(document)["parameters"].pop(1),
    "an optional member": lambda document: body(document)["properties"].update(skipEnrichment={"type": "boolean"}),
}


def fragment(folder: Path, change: Change) -> str:
    """A copy of the packaged fragment in which something differs."""
    document = copy.deepcopy(dict(load().document))
    change(document)
    path = folder / "my.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_suite_cannot_do_is_a_sentence(what: str, tmp_path: Path) -> None:
    change, words = REFUSED[what]
    path = fragment(tmp_path, change)
    with pytest.raises(FragmentError, match=rf"^{path}:\d+: .*{words}"):
        check_fragment(path, load(path))


@pytest.mark.parametrize("what", WORKS)
def test_what_the_suite_can_do_is_done(what: str, tmp_path: Path) -> None:
    """A create is accepted by a reference of the same fragment, and the audit finds it."""
    path = fragment(tmp_path, WORKS[what])
    check_fragment(path, load(path))
    suite = start_run(Settings(contract=path), "", 0)
    try:
        assert suite.quiet("a create").api.create().accepted
        audit, record = suite.audit()
    finally:
        suite.close(last=True)
    assert (audit.state, record.findings, suite.world.smallest_refusal) == (AuditState.MATCH, (), "")
