"""Compare how long a run takes on a server that is far away with the time that its rate limit allows.

    python tests/benchmarks/distance.py [smoke|standard …]

The server answers after 200 ms and takes 25 requests a second. The run may take 1.35 times as long as its writes need at
that rate (1.5 times at smoke depth), and 3 seconds; no request may be over the limit, and the verdicts are those of a run
with one request at a time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.distant import Distant
from lightfield_contract.reports import Result, read_json

RATE, LATENCY = 25, 0.2
FACTORS = {"smoke": 1.5, "standard": 1.35}
FIXED = 3.0


def measure(depth: str, *arguments: str) -> tuple[Distant, Result, float]:
    """Judge the server once; return it, the result, and how many seconds it took."""
    command = [sys.executable, "-m", "lightfield_contract", "run", "--depth", depth, "--report", "json", *arguments]
    with tempfile.TemporaryDirectory() as folder, Distant(LATENCY, RATE) as server:
        environment = {**os.environ, **server.environment, "LIGHTFIELD_BASE_URL": server.url}
        start = time.monotonic()
        subprocess.run([*command, "--report-dir", folder], env=environment, stdout=subprocess.DEVNULL, check=True)
        return server, read_json(Path(folder) / "result.json"), time.monotonic() - start


def compare(depth: str) -> bool:
    """Measure one depth, print the figures, and return whether all is as it should be."""
    server, result, seconds = measure(depth)
    writes = sum(method == "POST" for method, _, _ in server.arrivals)
    allowed = FACTORS[depth] * writes / RATE + FIXED
    over = server.statuses.count(429)
    _, alone, seconds_alone = measure(depth, "--in-flight", "1")
    same = {each.id: each.verdict for each in result.clauses} == {each.id: each.verdict for each in alone.clauses}
    sys.stdout.write(
        f"{depth}: {writes} writes, {seconds:.1f} s of {allowed:.1f} s allowed, {seconds_alone:.1f} s one at a time; "
        f"{server.most} under way; {over} over the limit; verdicts {'the same' if same else 'differ'}\n"
    )
    return seconds <= allowed and not over and same


if __name__ == "__main__":
    sys.exit(0 if all(list(map(compare, sys.argv[1:] or FACTORS))) else 1)
