"""Times `amts demo` (goal: 20 s), in the environment it is called from.

usage: python -m benchmarks.demo
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

GOAL_SECONDS = 20.0


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        code = subprocess.run([sys.executable, "-m", "bot", "demo", "--dir", f"{folder}/demo", "--quiet"], check=False)
        seconds = time.perf_counter() - started
    print(f"amts demo: exit code {code.returncode}, {seconds:.1f} s (goal {GOAL_SECONDS:.0f})")
    return 0 if code.returncode == 0 and seconds <= GOAL_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
