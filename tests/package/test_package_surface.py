"""The public names: which ones there are, and that there are no others."""

from __future__ import annotations

import inspect

import pytest

import lightfield_contract

SURFACE = {
    "ContractError": "exception",
    "FragmentError": "exception",
    "Reference": "class",
    "Result": "class",
    "TargetError": "exception",
    "UsageError": "exception",
    "Workspace": "class",
    "__version__": "str",
    "breaches": "function",
    "histories": "function",
    "judge": "function",
    "load": "function",
    "valid_bodies": "function",
}
"""Whoever changes this changes what users may rely on: say so in the changelog."""


def kind(value: object) -> str:
    """What a public name stands for."""
    if isinstance(value, type):
        return "exception" if issubclass(value, BaseException) else "class"
    return "function" if callable(value) else type(value).__name__


def test_the_surface_is_what_we_promise() -> None:
    """Each name resolves, whichever room it comes from."""
    assert {name: kind(getattr(lightfield_contract, name)) for name in lightfield_contract.__all__} == SURFACE


def test_dir_lists_the_public_names_alone() -> None:
    """An editor that completes names offers what is stable."""
    assert dir(lightfield_contract) == sorted(SURFACE)


def test_a_star_import_brings_the_public_names() -> None:
    """They are looked up one by one."""
    names: dict[str, object] = {}
    exec("from lightfield_contract import *", names)  # noqa: S102  (there is no other way to write it in a function)
    assert names.keys() - {"__builtins__"} == SURFACE.keys()


def test_each_public_name_says_what_it_is() -> None:
    """`help` has something to show for each."""
    assert [name for name in SURFACE if not inspect.getdoc(getattr(lightfield_contract, name))] == []


def test_a_name_that_there_is_not_is_an_attribute_error() -> None:
    """As with any other module."""
    with pytest.raises(AttributeError, match="has no attribute 'nosuch'"):
        lightfield_contract.nosuch  # noqa: B018  (looking it up is the point)


def test_the_errors_are_one_family() -> None:
    """One except clause catches whatever we raise on purpose."""
    family = [
        value for name in lightfield_contract.__all__ if kind(value := getattr(lightfield_contract, name)) == "exception"
    ]
    assert [error for error in family if not issubclass(error, lightfield_contract.ContractError)] == []
