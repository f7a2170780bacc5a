"""What the audit reads grows with what the run sent, and not with what the organization holds."""

from __future__ import annotations

import dataclasses

import httpx
import pytest
from servers.kinds import read_organization
from servers.serving import Running, assemble
from servers.store import Store

from lightfield_contract.conformance.harness.run.starting import start_run
from lightfield_contract.conformance.harness.settings.options import Settings
from lightfield_contract.reports import Audit, AuditState

CREATES = 60


class Counting(httpx.WSGITransport):
    """Carries requests to a server, and counts the reads of its list."""

    lists = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on."""
        self.lists += request.method == "GET" and request.url.path == "/v1/opportunities"
        return super().handle_request(request)


def large(order: str, name_filter: bool) -> Running:
    """An organization of 100,000 records, in an index that lags."""
    plain = read_organization("plain")
    manners = dataclasses.replace(plain.manners, order=order, name_filter=name_filter, lag=0.6)
    return assemble(dataclasses.replace(plain, records=100_000, manners=manners))


def audit(server: Running, monkeypatch: pytest.MonkeyPatch) -> tuple[Audit, int]:
    """Make some records, the last one twice, and audit them; return how often the list was read, too."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    transport = Counting(app=server.application)
    suite = start_run(Settings(), "http://127.0.0.1:1", 0, transport)
    try:
        api = suite.quiet("creates").api
        for _ in range(CREATES):
            made = api.create()
        _double(server.store, made.record_id)
        before = transport.lists
        audit, _ = suite.audit()
        return audit, transport.lists - before
    finally:
        suite.close(last=True)


def _double(store: Store, record_id: str) -> None:
    """Make the record again, as a server does that creates twice."""
    record = store.find(record_id)
    assert record is not None
    store.add(record.fields, record.links, record.created)


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("name_filter", [True, False], ids=["filter", "no filter"])
def test_among_100_000_records_what_is_new_is_found_by_few_reads(
    order: str, name_filter: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, reads = audit(large(order, name_filter), monkeypatch)
    assert (found.state, len(found.unaccounted), found.reason) == (AuditState.UNACCOUNTED, 1, "")
    assert reads <= 20
