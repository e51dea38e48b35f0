"""How long it takes to open a clone in the cache that has no news: checked first, or known to be sound.

usage: python -m benchmarks.cached_clones
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.books import SHARED
from bot.forge import mirror
from bot.forge.git import Repository

_ROUNDS = 5


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("en", "zh", "tr"):
            bundle = SHARED / "d2l" / f"{name}.bundle"
            cache = Path(folder) / name
            with Repository.open(bundle, cache) as repository:
                heads = list(repository.branches().values())
                commits = repository.lines("rev-list", "--count", *heads)[0]
            (clone,) = cache.glob("*.git")
            size = subprocess.run(["du", "-sk", clone], capture_output=True, check=True).stdout.split()[0]
            times: dict[str, float] = {}
            for label in ("checked", "known"):
                for _ in range(_ROUNDS):
                    if label == "checked":
                        mirror.forget()
                    began = time.perf_counter()
                    Repository.open(bundle, cache).close()
                    times[label] = min(times.get(label, 60.0), time.perf_counter() - began)
            shown = ", ".join(f"{label} {seconds * 1000:.0f} ms" for label, seconds in times.items())
            print(f"{name}: {int(commits):,} commits, {int(size) / 1024:.0f} MB: {shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
