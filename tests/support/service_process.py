"""`amts run` as a process of its own, and its log."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.support.waiting import PATIENCE_SECONDS, eventually

SECRET = "swordfish-of-the-tests"


# The pauses between requests that GitHub asks for are left out.
CODE = (
    "import bot.forge.github.host as github; from bot.forge.github.host import RequestPacing; "
    "github.PACING = RequestPacing(between_requests=0, between_writes=0); from bot.cli import main; main()"
)


class Process:
    """A running service; its log is read as it is written. `program` is what is called with `run` and its arguments."""

    def __init__(
        self,
        environment: dict[str, str],
        arguments: Sequence[str | Path],
        program: Sequence[str] = (sys.executable, "-c", CODE),
    ) -> None:
        self.log: list[dict[str, Any]] = []
        command = [*program, "run", "--port", "0", *map(str, arguments)]
        self._process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        eventually(lambda: self.url or self._process.poll() is not None)

    @property
    def url(self) -> str:
        return next((str(line["url"]) for line in self.log if "url" in line), "")

    def outcomes(self) -> list[str]:
        return [line["outcome"] for line in self.log if "outcome" in line and line["message"].startswith("sync")]

    def page(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE_SECONDS) as answer:
            return str(answer.read().decode())

    def end(self, number: int) -> int:
        """The exit code after a signal."""
        self._process.send_signal(number)
        code = self._process.wait(30)
        self._reader.join()
        assert self._process.stderr is not None
        self._process.stderr.close()
        return code

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.log.append(json.loads(line))


Start = Callable[..., Process]
