"""Processes that talk to other machines end with the program, however it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.network.processes import end_processes, ended_with_the_program, was_ended
from tests.support.bad_server import MANNERS, BadServer
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks at Linux's list of processes")
_LEFT_BEHIND = """
import sys, threading
from pathlib import Path
from bot.forge.git import Repository
threading.Thread(target=Repository.open, args=(sys.argv[1], Path(sys.argv[2])), daemon=True).start()
sys.stdin.read()
"""
_WAITED_FOR = """
import signal, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from bot.cli.commands import _interrupt
from bot.forge.git import Repository
signal.signal(signal.SIGTERM, _interrupt)
with ThreadPoolExecutor(1) as pool:
    pool.submit(Repository.open, sys.argv[1], Path(sys.argv[2])).result()
"""


def running(word: str) -> list[str]:
    """The processes other than this test's own program whose arguments contain the word."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if word in line:
            found.append(line)
    return found


@pytest.mark.parametrize(("program", "number"), [(_LEFT_BEHIND, None), (_WAITED_FOR, signal.SIGTERM)])
def test_a_git_that_waits_for_a_host_ends_with_the_program(
    program: str, number: signal.Signals | None, tmp_path: Path
) -> None:
    with BadServer(MANNERS["silent"]) as server:
        url = f"{server.url}/o/r.git"
        words = [sys.executable, "-c", program, url, str(tmp_path / "cache")]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            eventually(lambda: server.requests)
            assert len(running(url)) > 1
            began = time.monotonic()
            if number is not None:
                process.send_signal(number)
            process.communicate()
            eventually(lambda: not running(url))
            # The server itself hangs up after half a minute.
            assert time.monotonic() - began < 15


def test_one_that_does_not_heed_the_signal_is_killed() -> None:
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    words = [sys.executable, "-c", program]
    with subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with ended_with_the_program(process):
            end_processes(0.1)
            assert was_ended(process)
        assert process.wait(20) == -signal.SIGKILL
        assert not was_ended(process)
