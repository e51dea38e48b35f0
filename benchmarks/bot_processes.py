"""Bots as processes of their own: `amts`, only with a free engine and without the pauses between requests.

usage: python -m benchmarks.bot_processes ARGUMENT...   (of `amts`; it waits for a line first)
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.forge.github.host import RequestPacing
from tests.support.year_bot import Machine

_SECONDS = 300


@dataclass(frozen=True)
class Ended:
    code: int
    said: str


class Bots:
    """Starts bots that differ in their home and cache alone. `codes` counts how they ended, `said` is all they said;
    in `trace` git tells the arguments of each of its processes, a line of JSON each."""

    def __init__(self, folder: Path, config: Path, token: str) -> None:
        self.folder = folder
        self.codes: Counter[int] = Counter()
        self.said: list[str] = []
        folder.mkdir()
        self.trace = folder.parent / "trace.jsonl"
        self._config = config
        self._token = token

    @property
    def caches(self) -> list[Path]:
        """The clones."""
        return sorted(self.folder.glob("*/cache/amts/*.git"))

    @contextmanager
    def ready(self, name: str) -> Iterator[subprocess.Popen[str]]:
        """A process that has everything imported and waits for `go`."""
        home = self.folder / name
        home.mkdir(exist_ok=True)
        settings = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GITHUB_", "GH_"))}
        settings |= {
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TRACE2_EVENT": str(self.trace),
            "GITHUB_TOKEN": self._token,
            "NO_COLOR": "1",
        }
        command = [sys.executable, "-m", "benchmarks.bot_processes", "sync", "--config", str(self._config)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        with subprocess.Popen(command, env=settings, text=True, **pipes) as process:  # type: ignore[call-overload]
            assert process.stdout.readline() == "ready\n", process.communicate()
            yield process

    def go(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()

    def end(self, process: subprocess.Popen[str]) -> Ended:
        said, _ = process.communicate(timeout=_SECONDS)
        self.codes[process.returncode] += 1
        self.said.append(said)
        return Ended(process.returncode, said)

    def run(self, name: str) -> Ended:
        with self.ready(name) as process:
            self.go(process)
            return self.end(process)


def main() -> None:
    import bot.forge.github.host
    import bot.sync.language
    from bot.book.project import Project
    from bot.cli import main

    Project.engine = lambda *_, **__: Machine()  # type: ignore[method-assign]
    bot.forge.github.host.PACING = RequestPacing(between_requests=0.0, between_writes=0.0, max_wait=0.0)
    sys.argv[0] = "amts"
    os.write(sys.stdout.fileno(), b"ready\n")
    sys.stdin.readline()
    main()


if __name__ == "__main__":
    main()
