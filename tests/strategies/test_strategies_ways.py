"""Ways of sending: each says the same, and every two of them meet."""

from __future__ import annotations

import itertools
import json

import pytest

from lightfield_contract.strategies import Caller, Depth
from lightfield_contract.strategies.ways import CARRYING, PLAINLY, Spelling, enumerate_ways

BODY = {"fields": {"a": "Sample é 😀", "b": [1, None, {"c": '\\u0041 " '}]}, "relationships": {"d": "id_1"}}


HALVES = [half for way in CARRYING for half in way.plainer]


@pytest.mark.parametrize("way", [*enumerate_ways(caller=Caller.SECOND), *CARRYING, *HALVES])
def test_the_json_stays_the_same(way: Spelling) -> None:
    """Whatever its form."""
    assert json.loads(way.write(json.dumps(BODY).encode())) == BODY


def test_every_two_levels_meet() -> None:
    """Counted from the ways that are sent, besides the plain one."""
    ways = [PLAINLY, *enumerate_ways(caller=Caller.SECOND)]
    rows = [vars(way) for way in ways]
    levels = {name: {row[name] for row in rows} for name in rows[0]}
    for one, other in itertools.combinations(levels, 2):
        met = {(row[one], row[other]) for row in rows}
        assert met == set(itertools.product(levels[one], levels[other]))
    assert len(ways) <= 20


def test_a_way_has_plainer_ones() -> None:
    """What fails is narrowed down afterwards, one thing that is not plain after the other."""
    for way in CARRYING:
        assert {len(plainer.words) for plainer in way.plainer if plainer.form in (way.form, "plain")} == {len(way.words) - 1}


@pytest.mark.parametrize("way", CARRYING[:2], ids=lambda way: way.form)
def test_a_form_that_is_two_things_has_each_by_itself(way: Spelling) -> None:
    """So that a finding names the one that matters; together they are what the form is."""
    content = json.dumps(BODY | {"half": 0.5}).encode()
    halves = [plainer for plainer in way.plainer if plainer.form not in (way.form, "plain")]
    assert len({half.write(content) for half in (*halves, way, PLAINLY)}) == 4


def test_smoke_depth_leaves_out_nothing_that_is_written() -> None:
    """Creates that carry values are written in all other ways."""
    assert not enumerate_ways(Depth.SMOKE, Caller.SECOND)
    for name in ("names", "media_type", "form", "framing"):
        sent = {getattr(way, name) for way in (*CARRYING, PLAINLY)}
        assert sent == {getattr(way, name) for way in (*enumerate_ways(caller=Caller.SECOND), PLAINLY)}


def test_nothing_is_asked_for_that_is_not_there() -> None:
    """No key where the operation takes none, and no other caller where none was given."""
    ways = enumerate_ways(keyed=False)
    assert {(way.key, way.caller) for way in ways} == {("none", "main")}


def test_a_name_is_spelled_in_other_letters_alone() -> None:
    """Names of headers and media types are compared without case."""
    for way in enumerate_ways():
        assert way.header_name("X-Sample").lower() == "x-sample"
        assert way.content_type("application/json").lower().startswith("application/json")


def test_numbers_get_exponents_and_stay_the_same() -> None:
    """Digits in texts are no numbers, and an exponent that is there already is enough."""
    content = json.dumps({"a": [1, -2.5, 1e22], "b": 'x "7" 8'}).encode()
    written = Spelling(form="escaped").write(content)
    assert json.loads(written) == json.loads(content)
    assert b"-2.5e0" in written
    assert type(json.loads(written)["a"][0]) is int
