"""Judges the careful clients with as many seeds as it is told: `python tests/client/soak.py 100`."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from careful import Careful
from in_process import judge as judge_class
from test_client_adapters import NODE, broken, judge


def main(rounds: int) -> int:
    """Judge each client once for every seed; 1 when anything is found."""
    found = 0
    for number in range(rounds):
        seed = random.SystemRandom().getrandbits(32)
        blamed = broken(judge_class(Careful, seed=seed))
        if NODE is not None:
            script = str(Path(__file__).with_name("careful.mjs"))
            with tempfile.TemporaryDirectory() as folder:
                blamed |= broken(judge(Path(folder), NODE, script, options=("--seed", str(seed)))[1])
        found += bool(blamed)
        print(f"{number + 1} of {rounds}, seed {seed}: {', '.join(sorted(blamed)) or 'clean'}", flush=True)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
