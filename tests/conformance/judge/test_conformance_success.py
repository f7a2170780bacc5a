"""The judge of successes: each expectation is held by the reference's answer and broken by a spoilt copy of it."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from lightfield_contract.conformance.harness.judge.echo import judge_echo, judge_unsent
from lightfield_contract.conformance.harness.judge.judgement import Judgement
from lightfield_contract.conformance.harness.judge.shape import RecordShape
from lightfield_contract.conformance.harness.judge.success import judge_success
from lightfield_contract.conformance.harness.run.suite import Suite
from lightfield_contract.conformance.harness.wire.exchange import MISSING, Exchange
from lightfield_contract.spec import Contract, FieldDefinition, load, profile
from lightfield_contract.spec.pointer import last_segment, set_at
from lightfield_contract.strategies import Workspace
from lightfield_contract.strategies.texts import PECULIAR_TEXTS

RESPONSE = [clause.place for clause in load().clauses if clause.kind == "response" and clause.place]
WRONG: dict[str, list[Any]] = {
    "/id": ["", 1, None],
    "/createdAt": ["yesterday", 1, None, "2026-03-01"],
    "/fields": [[], None, "text", {"a": "text"}],
    "/fields/*/value": [MISSING],
    "/fields/*/valueType": ["COLOUR", "text", None],
    "/httpLink": [1, "no link", "ftp://x/y", False],
    "/relationships": [[], None, {"a": []}],
    "/relationships/*/cardinality": ["has_some", 1, None],
    "/relationships/*/objectType": ["", 1, None],
    "/relationships/*/values": ["acc_1", None, [1], [""], {}],
}
RIGHT: dict[str, list[Any]] = {
    "/createdAt": ["2026-03-01T09:00:00Z", "2026-03-01T10:00:00+01:00", "2026-03-01T09:00:00.5"],
    "/fields/*/value": [None],
    "/httpLink": [None, "https://app.example.com/x"],
    "/relationships/*/cardinality": ["has_one", "HAS_ONE", "Has_Many"],
    "/relationships/*/values": [[], ["acc_1", "acc_2"]],
}


def broken(judgements: Iterable[Judgement]) -> set[str]:
    """The clauses that a judge found broken."""
    return {judgement.clause for judgement in judgements if judgement.problem}


def at(body: Any, place: str) -> tuple[Any, str]:
    """The object that holds what a clause is about, the first entry for a star, and the member's name."""
    *parents, last = place.strip("/").split("/")
    for name in parents:
        body = next(iter(body.values())) if name == "*" else body[name]
    return body, last


def spoilt(body: Any, place: str, value: Any) -> Any:
    """A copy in which a member has another value, or is gone."""
    made = copy.deepcopy(body)
    parent, name = at(made, place)
    if value is MISSING:
        del parent[name]
    else:
        parent[name] = value
    return made


@pytest.fixture(scope="module")
def shape() -> RecordShape:
    """The compiled schemas."""
    return RecordShape(load())


@pytest.fixture
def judged(contract: Contract, shape: RecordShape, but: Callable[..., Exchange]) -> Callable[..., set[str]]:
    """Judges a create's answer, and gives the clauses that it breaks."""

    def judge(status: int = 200, body: Any = None, **parts: Any) -> set[str]:
        return broken(judge_success(contract, Workspace(), shape, but(status, body, **parts)))

    return judge


def test_the_references_answer_breaks_nothing(judged: Callable[..., set[str]]) -> None:
    """What everything below is measured against."""
    assert judged() == set()


def test_every_member_of_the_response_is_in_the_tables_below() -> None:
    """A member that the fragment gains has to gain its rows."""
    assert set(WRONG) == set(RESPONSE)


@pytest.mark.parametrize("place", RESPONSE)
def test_a_missing_member_breaks_its_own_clause(
    contract: Contract, shape: RecordShape, created: Exchange, place: str
) -> None:
    """Of all clauses about the response, only the one about the missing member is broken."""
    judgements = list(shape.judge_members(spoilt(created.body, place, MISSING)))
    assert broken(judgements) == {f"response:{place}"}
    assert {judgement.clause for judgement in judgements} == {c.id for c in contract.clauses if c.kind == "response"}


@pytest.mark.parametrize(("place", "value"), [(place, value) for place, values in WRONG.items() for value in values])
def test_a_wrong_member_breaks_its_own_clause(shape: RecordShape, created: Exchange, place: str, value: Any) -> None:
    """A value that the fragment's schema does not allow breaks the clause about its place alone."""
    assert broken(shape.judge_members(spoilt(created.body, place, value))) == {f"response:{place}"}


@pytest.mark.parametrize(("place", "value"), [(place, value) for place, values in RIGHT.items() for value in values])
def test_a_member_that_the_schema_allows_breaks_nothing(
    shape: RecordShape, created: Exchange, place: str, value: Any
) -> None:
    """Null where it may be null, either spelling, any number of IDs."""
    assert broken(shape.judge_members(spoilt(created.body, place, value))) == set()


@pytest.mark.parametrize("path", ["/more", "/fields/more", "/fields/*/more", "/relationships/*/more"])
def test_unknown_members_are_allowed(shape: RecordShape, created: Exchange, path: str) -> None:
    """Responses are open to extension everywhere."""
    value = {"value": 1, "valueType": "NUMBER", "more": 1} if path == "/fields/more" else 1
    assert broken(shape.judge_members(spoilt(created.body, path, value))) == set()


@pytest.mark.parametrize("body", [[], "text", 1, None, MISSING])
def test_an_answer_that_is_no_object_breaks_a_clause_about_the_response(shape: RecordShape, body: Any) -> None:
    """An answer of another JSON type, or none at all, is noticed."""
    assert len(broken(shape.judge_members(body))) == 1


def test_an_empty_object_misses_every_member(shape: RecordShape) -> None:
    """Every member of the record itself is missed."""
    assert broken(shape.judge_members({})) == {f"response:{place}" for place in RESPONSE if "*" not in place}


@pytest.mark.parametrize(("status", "clauses"), [(200, set()), (201, {"success:status"})])
def test_success_is_a_200(judged: Callable[..., set[str]], status: int, clauses: set[str]) -> None:
    """201 is a success under the seed, and not what the documentation says."""
    assert judged(status) == clauses


@pytest.mark.parametrize(
    ("media_type", "clauses"),
    [
        ("application/json", set()),
        ("Application/JSON; charset=utf-8", set()),
        ("text/json", {"success:media-type"}),
        ("application/jsonx", {"success:media-type"}),
        (None, {"success:media-type"}),
    ],
)
def test_the_answer_says_that_it_is_json(
    judged: Callable[..., set[str]], created: Exchange, media_type: str | None, clauses: set[str]
) -> None:
    """The Content-Type is application/json, parameters aside."""
    headers = {name: value for name, value in created.response_headers.items() if name != "content-type"}
    assert judged(response_headers={**headers, **({"content-type": media_type} if media_type else {})}) == clauses


@pytest.mark.parametrize(
    ("away", "clauses"),
    [(0, set()), (290, set()), (-290, set()), (310, {"success:timestamp-date"}), (-310, {"success:timestamp-date"})],
)
def test_the_creation_time_is_near_the_clock_of_the_answer(
    judged: Callable[..., set[str]], created: Exchange, away: int, clauses: set[str]
) -> None:
    """Five minutes around the Date header, whatever our own clock says."""
    date = "Wed, 01 Jan 2020 00:00:00 GMT"
    told = (datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(seconds=away)).isoformat()
    body = {**created.body, "createdAt": told}
    assert judged(body=body, response_headers={**created.response_headers, "date": date}) == clauses


@pytest.mark.parametrize("date", ["", "soon", "Fri, 31 Dec 99999 23:59:59 GMT"])
def test_without_a_readable_date_our_own_clock_counts(judged: Callable[..., set[str]], created: Exchange, date: str) -> None:
    """The Date header may be missing or broken."""
    headers = {**created.response_headers, "date": date}
    now = {**created.body, "createdAt": datetime.datetime.now(datetime.UTC).isoformat()}
    assert judged(body=now, response_headers=headers) == set()
    long_ago = {**created.body, "createdAt": "2020-01-01T00:00:00Z"}
    assert judged(body=long_ago, response_headers=headers) == {"success:timestamp-clock"}


@pytest.mark.parametrize("told", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_creation_time_at_the_end_of_time_is_judged(judged: Callable[..., set[str]], created: Exchange, told: str) -> None:
    """A time that no computer can turn into seconds is far from the clock, and no error of ours."""
    assert judged(body={**created.body, "createdAt": told}) == {"success:timestamp-date"}


def test_a_creation_time_without_an_offset_is_compared_with_a_clock_in_utc(
    judged: Callable[..., set[str]], created: Exchange
) -> None:
    """That it is far from it is advice, as the missing offset is."""
    found = judged(body={**created.body, "createdAt": "2020-01-01T00:00:00"})
    assert found == {"success:timestamp-offset", "success:timestamp-clock"}


def test_a_creation_time_without_an_offset_is_advice(judged: Callable[..., set[str]], created: Exchange) -> None:
    """It is taken for UTC, so the clock is judged all the same."""
    told = created.body["createdAt"][:19]
    assert judged(body={**created.body, "createdAt": told}) == {"success:timestamp-offset"}


@pytest.mark.parametrize(
    ("value_type", "good", "bad"),
    [
        ("ADDRESS", {"country": "BE", "latitude": 90}, {"country": "Belgium"}),
        ("ADDRESS", {}, {"latitude": 91}),
        ("CHECKBOX", True, "true"),
        ("CURRENCY", 1.5, "1.50"),
        ("DATETIME", "2026-03-01T09:00:00Z", "1 March"),
        ("EMAIL", "a@x.example", 1),
        ("EMAIL", ["a@x.example"], [1]),
        ("FULL_NAME", {"firstName": "A"}, "A B"),
        ("MARKDOWN", "# A", ["# A"]),
        ("MULTI_SELECT", ["opt_1"], "opt_1"),
        ("NUMBER", 1, True),
        ("SINGLE_SELECT", "opt_1", ["opt_1"]),
        ("SOCIAL_HANDLE", "@a", {}),
        ("TELEPHONE", ["+32"], "+32"),
        ("TEXT", "", 1),
        ("URL", "https://x.example", {}),
        ("URL", ["https://x.example"], [None]),
    ],
)
def test_a_value_agrees_with_its_value_type(shape: RecordShape, value_type: str, good: Any, bad: Any) -> None:
    """Contract 2 says what each value type holds; null is always allowed."""
    verdicts = [
        broken(shape.judge_values(load(), Workspace(), {"fields": {"a": {"value": value, "valueType": value_type}}}))
        for value in (good, None, bad)
    ]
    assert verdicts == [set(), set(), {"success:value-type"}]


@pytest.mark.parametrize("record", [{}, {"fields": None}, {"fields": {"a": 1}}, {"fields": {"a": {"valueType": []}}}])
def test_what_has_no_value_type_is_left_to_the_shape(shape: RecordShape, record: Any) -> None:
    """A malformed entry is another clause's business, and no error of ours."""
    assert list(shape.judge_values(load(), Workspace(), record)) == []


def test_what_was_sent_comes_back_from_the_reference(contract: Contract, suite: Suite, created: Exchange) -> None:
    """Each place that was sent is judged by its own clause, and kept."""
    judgements = list(judge_echo(contract, suite.world.workspace, created.sent, created.body))
    sent = {f"/{group}/{key}" for group in created.sent for key in created.sent[group]}
    assert {judgement.clause for judgement in judgements} == {f"echo:{pointer}" for pointer in sent}
    assert broken(judgements) == set()


@pytest.mark.parametrize("place", [p.pointer for p in load().places if p.required and not p.holds_places])
@pytest.mark.parametrize("lost", ["member", "value"])
def test_what_does_not_come_back_breaks_its_own_clause(
    contract: Contract, suite: Suite, created: Exchange, place: str, lost: str
) -> None:
    """Whether the entry is gone or holds nothing, only the clause about that place is broken."""
    body = copy.deepcopy(created.body)
    parent, name = at(body, place)
    if lost == "member":
        del parent[name]
    else:
        parent[name] |= {"value": None, "values": []}
    assert broken(judge_echo(contract, suite.world.workspace, created.sent, body)) == {f"echo:{place}"}


@pytest.mark.parametrize("entry", ["no entry", [], {}, {"values": "acc_1"}])
def test_a_malformed_entry_is_left_to_the_shape(
    contract: Contract, suite: Suite, shape: RecordShape, created: Exchange, entry: Any
) -> None:
    """What cannot be compared breaks a clause about the response, and is reported once."""
    place = next(place for place in contract.link_places if place.required)
    body = copy.deepcopy(created.body)
    body["relationships"][place.key] = entry
    assert broken(judge_echo(contract, suite.world.workspace, created.sent, body)) == set()
    assert broken(shape.judge_members(body)) != set()


def test_an_echo_can_be_judged_by_a_clause_of_the_callers_own(contract: Contract, suite: Suite, created: Exchange) -> None:
    """A read that lost something breaks the clause about reads."""
    body = {**created.body, "fields": {}}
    assert broken(judge_echo(contract, suite.world.workspace, created.sent, body, "success:stored")) == {"success:stored"}


@pytest.mark.parametrize("kind", ["custom", "link:custom"])
def test_custom_parts_are_judged_by_the_clauses_about_them(contract: Contract, suite: Suite, kind: str) -> None:
    """A custom attribute by its value type's clause, a custom relationship by the one about those."""
    fields = suite.world.workspace.fields.values()
    number = next(field for field in fields if field.custom and field.value_type == "NUMBER")
    sent = {"fields": {number.key: 5}} if kind == "custom" else {"relationships": {"own": "acc_1"}}
    wrong = {"fields": {number.key: {"value": 6}}, "relationships": {"own": {"values": []}}}
    clause = "custom:NUMBER" if kind == "custom" else kind
    assert broken(judge_echo(contract, suite.world.workspace, sent, wrong)) == {clause}


@pytest.mark.parametrize("record", [None, [], "text", MISSING])
def test_an_answer_that_is_no_record_echoes_nothing(
    contract: Contract, suite: Suite, created: Exchange, record: Any
) -> None:
    """There is nothing to compare, and the shape is judged elsewhere."""
    assert list(judge_echo(contract, suite.world.workspace, created.sent, record)) == []


@pytest.mark.parametrize(
    ("shown", "symptom"),
    [
        ("LFC-0A1B2C3D 4E5F6A7B-0001 SAMPLE", "comes back in another letter case"),
        ("Lfc-0a1b2c3d 4e5f6a7b-0001 Sample", "comes back in another letter case"),
        ("lfc-0a1b2c3d 99999999-0002 Sample", "comes back as the text of another create"),
        ("lfc-0a1b2c3d 4e5f6a7b-0001 Sample\u200e\u0301", 'comes back changed, …"ample" as …"ample\\u200e\\u0301"'),
        ("lfc-0a1b2c3d 4e5f6a7b-0001 Sam", 'loses its end, "ple"'),
    ],
)
def test_a_symptom_holds_nothing_of_the_run(contract: Contract, suite: Suite, shown: str, symptom: str) -> None:
    """Whatever became of the marker in the text."""
    marker = "lfc-0a1b2c3d 4e5f6a7b-0001"
    sent, pointer = {"fields": {"$name": f"{marker} Sample"}}, "/fields/$name"
    record = set_at({"fields": {"$name": {}}}, profile.value_pointer(pointer), shown)
    (judgement,) = judge_echo(contract, suite.world.workspace, sent, record, marker=marker)
    assert judgement.symptom == symptom


@pytest.mark.parametrize(
    ("place", "shown", "symptom"),
    [
        ("/relationships/$champion", {}, "is missing"),
        ("/relationships/$champion", {"$champion": None}, "comes back as null"),
        ("/relationships/$champion", {"$champion": {"values": ["con_2"]}}, "comes back as what is set at /relationships/$a"),
        ("/relationships/$champion", {"$champion": {"values": ["con_3"]}}, 'comes back changed, "con_1" as "con_3"'),
    ],
)
def test_a_symptom_says_what_became_of_a_link(
    contract: Contract, suite: Suite, place: str, shown: dict[str, Any], symptom: str
) -> None:
    """Gone, null, another place's, or none that was sent."""
    sent = {"relationships": {last_segment(place): "con_1", "$account": ["con_2"]}}
    judged = judge_echo(
        contract, suite.world.workspace, sent, {"relationships": {"$account": {"values": ["con_2"]}, **shown}}
    )
    assert [each.symptom.replace("$account", "$a") for each in judged if each.problem] == [symptom]


@pytest.mark.parametrize(
    ("shown", "symptom"),
    [
        ("a b", "comes back with other white space: a space in place of 2 spaces"),
        ("other", "comes back as what is set at another place"),
    ],
)
def test_an_altered_text_is_no_other_places(contract: Contract, suite: Suite, shown: str, symptom: str) -> None:
    """Though another place may hold just that."""
    sent = {"fields": {"$name": "a  b", "one": "a b", "two": "other"}}
    record = {"fields": {"$name": {"value": shown}, "one": {"value": "a b"}, "two": {"value": "other"}}}
    judged = judge_echo(contract, suite.world.workspace, sent, record)
    assert [each.symptom for each in judged if each.problem] == [symptom]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [(min(PECULIAR_TEXTS), {"success:unsent"}), ("Whatever the organization has there", set()), (None, set())],
)
def test_what_was_not_sent_is_nothing_of_another_create(
    but: Callable[..., Exchange], created: Exchange, text: Any, clauses: set[str]
) -> None:
    """A text that only this suite sends can have come from nowhere else; a default of the organization's own may stand."""
    wrapped = profile.wrap_value(text, "TEXT")
    body = {**created.body, profile.FIELDS: {**created.body[profile.FIELDS], "note": wrapped}}
    workspace = Workspace(fields={"note": FieldDefinition("note", "TEXT")})
    assert broken([judge_unsent(workspace, but(200, body))]) == clauses
