"""A caller of the reference server without a socket, for each fragment that the server has to serve."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from callers import PARCELS, Api, MakeApi

from lightfield_contract.reference import Configuration, Pipeline
from lightfield_contract.spec import Contract, load


@pytest.fixture(params=["opportunities", PARCELS], ids=["opportunities", "parcels"])
def contract(request: pytest.FixtureRequest) -> Contract:
    """Each fragment in turn."""
    return load(request.param)


@pytest.fixture
def make_api(contract: Contract) -> MakeApi:
    """Makes a caller of a fresh server."""

    def make(configuration: Configuration | None = None, pipeline: type[Pipeline] = Pipeline) -> Api:
        return Api(contract, configuration or Configuration(), pipeline)

    return make


@pytest.fixture
def api(make_api: MakeApi) -> Api:
    """A caller of a fresh server with the usual configuration."""
    return make_api()
