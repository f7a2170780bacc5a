"""The loader: what it reads off a fragment, and the clauses that it derives for each place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import lightfield_contract.spec
from lightfield_contract.spec import Basis, Contract, FragmentError, Role, available, load

FOLDER = Path(lightfield_contract.spec.__file__).parent
PARCELS = str(Path(__file__).parents[1] / "reference" / "parcels.yaml")


@pytest.fixture(params=[*available(), PARCELS], ids=[*available(), "parcels"])
def contract(request: pytest.FixtureRequest) -> Contract:
    """Each fragment in turn."""
    return load(request.param)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Callable[[Any], None]], Contract]:
    """Loads the packaged fragment after a change to its document."""

    def make(change: Callable[[Any], None]) -> Contract:
        document = json.loads(json.dumps(load().document))
        change(document)
        path = tmp_path / "changed.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
        return load(str(path))

    return make


def ids(contract: Contract) -> set[str]:
    """The ids of a contract's clauses."""
    return {clause.id for clause in contract.clauses}


def subjects(contract: Contract, kind: str) -> set[str | None]:
    """The places that clauses of a kind are about."""
    return {clause.place for clause in contract.clauses if clause.kind == kind}


def group(document: Any, name: str) -> Any:
    """The schema of `fields` or `relationships` in a fragment's document."""
    return document["components"]["schemas"]["Create"]["properties"][name]


def test_the_contract_has_the_name_and_the_version_of_its_fragment(contract: Contract) -> None:
    """The name is the file's, and the version is both the edition and the fixed header's value."""
    header = contract.version_header
    assert header is not None
    assert (contract.name in {*available(), "parcels"}, header.schema["const"]) == (True, contract.version)


def test_the_fragment_names_the_operation_under_test(contract: Contract) -> None:
    """The create operation is that of the object type which the fragment names, and asks for its scopes."""
    assert contract.collection.object_type == contract.document["x-lightfield-object-type"]
    assert (contract.create.method, contract.create.path) == ("POST", contract.collection.path)
    assert contract.create.scopes == (f"{contract.create.path.rsplit('/', 1)[1]}:create",)


def test_the_order_of_paths_does_not_decide_what_is_under_test(
    changed: Callable[[Callable[[Any], None]], Contract],
) -> None:
    """The same fragment with its paths the other way round is the same contract."""

    def turn(document: Any) -> None:
        document["paths"] = dict(reversed(document["paths"].items()))

    assert changed(turn).create == load().create


def test_the_only_create_operation_need_not_be_named(changed: Callable[[Callable[[Any], None]], Contract]) -> None:
    """A fragment with one POST leaves no doubt."""

    def leave_one(document: Any) -> None:
        del document["x-lightfield-object-type"]
        del document["paths"]["/v1/accounts"]["post"]

    assert changed(leave_one).create == load().create


@pytest.mark.parametrize("named", [None, "member", "nothing"])
def test_an_unnamed_operation_under_test_is_an_error(
    changed: Callable[[Callable[[Any], None]], Contract], named: str | None
) -> None:
    """With several to choose from, or a name of what cannot be created, the message lists those that can."""
    with pytest.raises(FragmentError, match=r"changed\.yaml: .*x-lightfield-object-type.*opportunity, account"):
        changed(lambda document: document.update({"x-lightfield-object-type": named}))


def test_every_create_operation_has_its_places(contract: Contract) -> None:
    """Also those that are not under test, each with the roles that its schemas give."""
    for collection in contract.collections.values():
        if collection.create is not None:
            assert collection.create.places
            assert {place.pointer for place in collection.create.places if place.required}


def test_places_have_roles(contract: Contract) -> None:
    """Maps and groups hold places; links stand among links; a text carries the marker; a select takes an option."""
    for place in contract.places:
        assert place.holds_places is (place.parent == "")
        assert (place.role is Role.LINK) is (place.parent == "/relationships")
        assert (place.role is Role.OPTION) is (place.value_type == "SINGLE_SELECT")
        assert (place.role is Role.TEXT) is (place.value_type == "TEXT")
    assert contract.place("/fields").role is Role.MAP


def test_a_group_without_custom_keys_is_no_map(changed: Callable[[Callable[[Any], None]], Contract]) -> None:
    """Where additional properties are forbidden, the named members are all there are."""
    contract = changed(lambda document: group(document, "fields").update(additionalProperties=False))
    assert contract.place("/fields").role is Role.GROUP


def test_a_member_beside_the_maps_is_a_value(changed: Callable[[Callable[[Any], None]], Contract]) -> None:
    """Its type is judged, and no answer has to show it."""
    added = {"skip": {"type": "boolean"}}
    contract = changed(lambda document: document["components"]["schemas"]["Create"]["properties"].update(added))
    assert contract.place("/skip").role is Role.VALUE
    assert ids(contract) - ids(load()) == {"type:/skip"}


def test_operations_are_found_by_their_role(contract: Contract) -> None:
    """Each read of the collection is recognized by its path."""
    own = contract.collection
    paths = [operation.path for operation in (own.list, own.retrieve, own.definitions) if operation is not None]
    assert paths == [own.path, f"{own.path}/{{id}}", f"{own.path}/definitions"]


def test_the_operation_that_tells_about_keys_needs_no_scope(contract: Contract) -> None:
    """The tag auth tells the validate operation, which every key may use."""
    assert contract.validate is not None
    assert contract.validate.scopes == ()


def test_places_of_links_say_what_they_link_to(contract: Contract) -> None:
    """Every relationship that may be set names an object type, and every type that is required can be listed."""
    assert all(place.object_type for place in contract.link_places if not place.read_only)
    assert {place.object_type for place in contract.link_places if place.required} <= set(contract.collections)


def test_groups_come_before_what_is_in_them(contract: Contract) -> None:
    """The two groups are places of their own, and lead the list."""
    assert [place.role for place in contract.places[:2]] == [Role.MAP, Role.MAP]
    assert {place.group for place in contract.places} == {place.key for place in contract.places[:2]}


def test_the_marker_goes_into_a_required_text(contract: Contract) -> None:
    """A run's marker stands in a text field that every body has."""
    place = contract.marker_place
    assert place is not None
    assert (place.value_type, place.required, place.read_only) == ("TEXT", True, False)


def test_each_required_place_has_its_clause(contract: Contract) -> None:
    """A required place gives a clause of the kind required, and no other place does."""
    assert subjects(contract, "required") == {place.pointer for place in contract.places if place.required}


def test_each_read_only_place_has_its_clauses(contract: Contract) -> None:
    """A read-only place gives the two clauses about setting it."""
    read_only = {place.pointer for place in contract.places if place.read_only}
    assert read_only
    assert subjects(contract, "read-only") == subjects(contract, "read-only-empty") == read_only


def test_each_place_that_may_be_set_has_its_type_clause(contract: Contract) -> None:
    """A wrong JSON type is refused everywhere but where nothing is allowed anyway."""
    assert subjects(contract, "type") == {place.pointer for place in contract.places if not place.read_only}


def test_each_writable_relationship_has_its_union_clause(contract: Contract) -> None:
    """One ID and an array of IDs are both taken by every relationship that may be set."""
    assert subjects(contract, "union") == {place.pointer for place in contract.link_places if not place.read_only}


def test_each_optional_relationship_has_its_clause(contract: Contract) -> None:
    """A relationship that may be set and may be left out gives a clause of the kind optional."""
    optional = {place.pointer for place in contract.link_places if not place.read_only and not place.required}
    assert subjects(contract, "optional") == optional


def test_each_select_has_its_clauses(contract: Contract) -> None:
    """A select gives a clause about its options, and one about what is none of them."""
    selects = {place.pointer for place in contract.value_places if place.role is Role.OPTION}
    assert subjects(contract, "option") == subjects(contract, "unknown-option") == selects


def test_each_value_type_has_its_clause(contract: Contract) -> None:
    """The vocabulary of value types gives the clauses about custom attributes."""
    assert {clause.id for clause in contract.clauses if clause.kind == "custom"} == {f"custom:{n}" for n in contract.values}


def test_each_member_of_the_response_has_its_clause(contract: Contract) -> None:
    """The success schema's members, those of every entry included, give the clauses about the response."""
    expected = {f"/{name}" for name in contract.create.response_schema["properties"]}
    expected |= {f"/fields/*/{name}" for name in ("value", "valueType")}
    expected |= {f"/relationships/*/{name}" for name in ("cardinality", "objectType", "values")}
    assert subjects(contract, "response") == expected


def test_clauses_are_listed_section_by_section(contract: Contract) -> None:
    """The order of clauses is that of the sections."""
    order = list(contract.sections)
    positions = [order.index(clause.section) for clause in contract.clauses]
    assert positions == sorted(positions)


def test_a_clause_is_found_by_its_id(contract: Contract) -> None:
    """Ids are unique, so each leads back to its clause; another one is a KeyError."""
    assert all(contract.clause(clause.id) is clause for clause in contract.clauses)
    with pytest.raises(KeyError):
        contract.clause("no:such")


def test_no_schema_is_left_with_a_reference(contract: Contract) -> None:
    """What the contract holds can be used without the document that it came from."""
    schemas = [contract.create.request_schema, contract.create.response_schema, contract.error_schema, contract.values]
    assert '"$ref":' not in json.dumps([*schemas, *[place.schema for place in contract.places]])


@pytest.mark.parametrize("name", ["fields", "relationships"])
def test_one_more_read_only_place_gains_exactly_its_clauses(
    changed: Callable[[Callable[[Any], None]], Contract], name: str
) -> None:
    """A read-only place added to the fragment adds its two clauses, and nothing else."""
    contract = changed(lambda document: group(document, name)["properties"].update(added={"readOnly": True, "not": {}}))
    assert ids(contract) - ids(load()) == {f"read-only:/{name}/added", f"read-only-empty:/{name}/added"}
    assert ids(load()) <= ids(contract)


def test_one_more_required_text_gains_exactly_its_clauses(changed: Callable[[Callable[[Any], None]], Contract]) -> None:
    """A required text added to the fragment adds the clauses about absence, type and echo."""

    def add(document: Any) -> None:
        fields = group(document, "fields")
        fields["properties"]["added"] = {"$ref": "#/components/schemas/TEXT"}
        fields["required"].append("added")

    assert ids(changed(add)) - ids(load()) == {f"{kind}:/fields/added" for kind in ("required", "type", "echo")}


def test_a_slash_in_a_key_is_escaped_in_its_pointer(changed: Callable[[Callable[[Any], None]], Contract]) -> None:
    """A pointer is a JSON Pointer, and its key is the member's name again."""
    added = {"a/b~c": {"$ref": "#/components/schemas/TEXT"}}
    contract = changed(lambda document: group(document, "fields")["properties"].update(added))
    assert contract.place("/fields/a~1b~0c").key == "a/b~c"


@pytest.mark.parametrize("asked", list(Basis))
def test_a_basis_covers_itself_and_what_is_stronger(asked: Basis) -> None:
    """The endpoint's own page stands alone, docs include it, and rfc includes everything."""
    covered = {Basis.ENDPOINT: "endpoint", Basis.DOCS: "endpoint docs", Basis.RFC: "endpoint docs rfc"}
    assert [basis.value for basis in Basis if asked.covers(basis)] == covered[asked].split()


def test_fragments_that_come_with_the_package_are_listed_without_the_catalogues() -> None:
    """The catalogues of clauses are YAML files beside the fragments, and are none of them."""
    assert set(available()) == {path.stem for path in FOLDER.glob("*.yaml")} - {"clauses", "client"}
