"""What the environment gives: callers, things to link to, and refusals that never repeat a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from lightfield_contract.conformance.harness.wire.target import Target, read_target
from lightfield_contract.spec import Contract, Role, UsageError, load

PARCELS = str(Path(__file__).parents[2] / "reference" / "parcels.yaml")
URL = "https://staging.example.com"
KEY = {"LIGHTFIELD_API_KEY": "sk_lf_main_key"}


@pytest.mark.parametrize(
    ("end", "caller", "organization"),
    [
        ("", "main", "own"),
        ("_READ", "read", "own"),
        ("_CREATE_ONLY", "create-only", "own"),
        ("_NO_CREATE", "no-create", "own"),
        ("_OTHER_ORG", "other-organization", "other"),
    ],
)
def test_each_variable_gives_its_caller(contract: Contract, end: str, caller: str, organization: str) -> None:
    """Every key variable makes the caller of its role, in its organization, and is listed as given."""
    variable = f"LIGHTFIELD_API_KEY{end}"
    target = read_target(contract, URL, {**KEY, variable: " sk_lf_of_this_role\n"})
    found = target.callers[caller]
    assert found.key is not None
    assert (found.key.reveal(), found.key.variable, found.organization) == ("sk_lf_of_this_role", variable, organization)
    assert variable in target.given


def test_without_more_there_are_the_main_key_and_two_strangers(contract: Contract) -> None:
    """Nobody and an unknown key are always there to be turned away."""
    target = read_target(contract, URL, KEY)
    assert set(target.callers) == {"main", "no-key", "unknown-key"}
    assert target.callers["no-key"].key is None
    assert target.given == ("LIGHTFIELD_API_KEY",)


def test_several_keys_without_the_scope_are_several_callers(contract: Contract) -> None:
    """They are separated by commas, and empty parts are none."""
    target = read_target(contract, URL, {**KEY, "LIGHTFIELD_API_KEY_NO_CREATE": "sk_lf_one, sk_lf_two,,"})
    keys = [c.key.reveal() for name, c in target.callers.items() if name.startswith("no-create") and c.key]
    assert keys == ["sk_lf_one", "sk_lf_two"]


@pytest.mark.parametrize("name", ["LIGHTFIELD_API_KEY_READ", "LIGHTFIELD_API_KEY_NO_CREATE"])
@pytest.mark.parametrize("value", ["", "  ", ","])
def test_a_variable_that_is_empty_is_not_given(contract: Contract, name: str, value: str) -> None:
    """An empty variable is as good as none: no caller comes of it, and no report lists it."""
    target = read_target(contract, URL, {**KEY, name: value})
    assert set(target.callers) == {"main", "no-key", "unknown-key"}
    assert name not in target.given


@pytest.mark.parametrize("environment", [{}, {"LIGHTFIELD_API_KEY": ""}, {"LIGHTFIELD_API_KEY_READ": "sk_lf_read_key"}])
def test_without_a_key_that_may_create_there_is_no_target(contract: Contract, environment: dict[str, str]) -> None:
    """The message names the variable."""
    with pytest.raises(UsageError, match=r"LIGHTFIELD_API_KEY is not set"):
        read_target(contract, URL, environment)


@pytest.mark.parametrize("name", ["LIGHTFIELD_API_KEY", "LIGHTFIELD_API_KEY_OTHER_ORG"])
@pytest.mark.parametrize(
    "value", ["sk_lf_ünusable", "sk_lf two words", "sk_lf_line\nfeed", "sk_lf_\x00nul", "sk_lf_\u200bx"]
)
def test_a_key_that_no_header_can_carry_is_refused_without_repeating_it(contract: Contract, name: str, value: str) -> None:
    """The message names the variable and nothing of the value."""
    with pytest.raises(UsageError, match=name) as caught:
        read_target(contract, URL, {**KEY, name: value})
    assert "sk_lf" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://user:sk_lf_secret@staging.example.com",
        "https://sk_lf_secret@staging.example.com",
        "https://staging.example.com/?key=sk_lf_secret",
        "https://staging.example.com/#sk_lf_secret",
        "https://staging.example.com:sk_lf_secret",
        "sk_lf_secret",
        "ftp://sk_lf_secret",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_repeating_it(contract: Contract, url: str) -> None:
    """A key may have got into it, by a slip of the hand or on purpose."""
    with pytest.raises(UsageError, match="URL") as caught:
        read_target(contract, url, KEY)
    assert "sk_lf_secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "staging.example.com", "https://", "https://x:0", "https://x:99999", "http://[::1"])
def test_what_is_no_base_url_is_refused(contract: Contract, url: str) -> None:
    """The message shows what a base URL looks like."""
    with pytest.raises(UsageError, match=r"https://staging\.example\.com"):
        read_target(contract, url, KEY)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://staging.example.com/", "https://staging.example.com"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("https://example.com/api//", "https://example.com/api"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_a_base_url_loses_the_slash_at_its_end(contract: Contract, url: str, kept: str) -> None:
    """Paths begin with one."""
    assert read_target(contract, url, KEY).url == kept


@pytest.mark.parametrize("fragment", ["opportunities", PARCELS], ids=["opportunities", "parcels"])
def test_ids_are_given_by_object_type(fragment: str) -> None:
    """For every type that can be linked to there is a variable, and it may hold several IDs."""
    contract = load(fragment)
    types = {place.object_type for place in contract.link_places if place.object_type and not place.read_only}
    given = {f"LIGHTFIELD_{name.upper()}_ID": f"{name}_1, {name}_2" for name in types}
    target = read_target(contract, URL, {**KEY, **given})
    assert target.given_ids == {name: (f"{name}_1", f"{name}_2") for name in types}
    assert set(given) <= set(target.given)


@pytest.mark.parametrize("fragment", ["opportunities", PARCELS], ids=["opportunities", "parcels"])
def test_options_are_given_by_field(fragment: str) -> None:
    """For every select there is a variable; a comma belongs to the option, white space around it does not."""
    contract = load(fragment)
    selects = [place.key for place in contract.value_places if place.role is Role.OPTION and not place.read_only]
    given = {f"LIGHTFIELD_{key.removeprefix('$').upper()}": " Won, at last " for key in selects}
    target = read_target(contract, URL, {**KEY, **given})
    assert target.given_options == dict.fromkeys(selects, "Won, at last")
    assert set(given) <= set(target.given)


def test_the_clock_header_is_given(contract: Contract) -> None:
    """It moves the target's clock, where there is such a header."""
    target = read_target(contract, URL, {**KEY, "LIGHTFIELD_CLOCK_HEADER": " X-Clock "})
    assert target.clock_header == "X-Clock"
    assert read_target(contract, URL, KEY).clock_header == ""


def test_the_target_prints_no_key(contract: Contract) -> None:
    """Neither the target nor a caller shows a value when it is printed."""
    target: Target = read_target(contract, URL, KEY)
    assert KEY["LIGHTFIELD_API_KEY"] not in f"{target!r} {target.callers}"


def test_the_redactor_knows_every_key(contract: Contract) -> None:
    """All of the target's keys are taken out of a text."""
    ends = ("", "_READ", "_SECOND", "_CREATE_ONLY", "_NO_CREATE", "_OTHER_ORG")
    keys = {f"LIGHTFIELD_API_KEY{end}": f"sk_lf_key_of{end}_role" for end in ends}
    redactor = read_target(contract, URL, keys).redactor
    assert not [key for key in keys.values() if key in redactor.text(" ".join(keys.values()))]
