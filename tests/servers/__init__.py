"""Servers of the tests' own, to judge the suite with: they share no code with the reference, only the contract.

An *organization* is data. `organizations/plain.yaml` is a whole one; every other file is a *kind*, and holds what differs
from plain. Kinds combine, unless one `excludes` the other (`kinds.clash`); `kinds.mixtures` gives few that hold every pair:

    with serve("unique", "busy") as server:                 # servers.serving; also rate=25, enforced=True, prefix="/api"
        outcome = run_suite(server.url, server.environment, tmp_path, depth="standard")      # servers.runs
    outcome.status, outcome.clauses("violated"), outcome.counts, outcome.result["run"]["writes"]

`server.store.created` is what the server holds in truth, `server.body()` the smallest body that it accepts, and
`server.headers("CREATE_ONLY")` the headers for one of the keys in `server.environment`. `assemble` gives the same without
a socket, for `httpx.WSGITransport`. Every kind keeps the contract: a clause violated over one is a false alarm.

A *fault* is a server that breaks one promise beside something that an organization may do:

    fault = FAULTS["last-label-refused"]                                                       # servers.faults
    with serve(fault.kind, service=fault) as server: ...      # fault.clause has to be violated

Where `fault.clause` is "", the catalogue had no clause for it when it was written. A new fault is a subclass of `Faulty`
in one of the `faults_of_*` modules, named in its `__all__`; `test_servers_faults` asks whether it shows at all.

*Trouble* is a proxy before any server, the reference too; the n-th request meets the same trouble for the same seed:

    with serve("plain") as server, trouble(server.url, rate=0.05, seed=3) as proxy:            # servers.proxy
        run_suite(proxy.url, server.environment, tmp_path)
    proxy.requests, proxy.disturbed                   # also kinds=("gateway-after",), latency=0.2, delay=20

`python -m servers.measure`, with `tests` in PYTHONPATH, judges all of them and prints a table; see its `--help`. Tests of
other rooms put `tests` in `sys.path` in their `conftest.py`, and import `servers.serving` and so on.
"""
