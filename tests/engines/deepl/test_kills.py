"""A run that is killed, and run again: nothing that was answered is paid for twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest
from _pytest.mark import ParameterSet

pytest.importorskip("deepl", reason="needs the extra `deepl`")

from bot.engines.paid.ledger import SpendingLedger
from tests.support.deepl_double import DeepL
from tests.support.deepl_run import ask, make
from tests.support.service_double import Call

ROOT = Path(__file__).parents[3]
WORDS = ("red", "blue", "green", "old", "new", "big", "small", "warm", "cold", "dark", "tin", "odd")
TEXTS = [f"The {word} kettle sings on the stove." for word in WORDS]
MOMENTS = range(25)
PROGRAM = """
import sys
from pathlib import Path
from tests.support.deepl_run import ask, make

url, folder, *texts = sys.argv[1:]
ask(make(url, folder=Path(folder), parallel_requests=1), *texts)
"""


class Killed(DeepL):
    """Kills the asking process when a request comes: `billed_too` says whether that request is billed all the same."""

    def __init__(self, request: int, *, billed_too: bool) -> None:
        super().__init__()
        self.process: subprocess.Popen[bytes] | None = None
        self._request, self._billed_too = request, billed_too
        self.reading = self._kill
        self.under_way = ""
        self.killed = Event()

    def _kill(self, call: Call) -> None:
        if self.process is None or call.path != "/v2/translate":
            return
        if sum(known.path == "/v2/translate" for known in self.calls) == self._request:
            (self.under_way,) = call.json()["text"]
            self.process.kill()
            if self._billed_too:
                self.answer(call)
            self.killed.set()
            raise OSError("nobody waits for an answer")


def moments() -> list[ParameterSet]:
    some = (7, 12)
    return [pytest.param(moment, marks=() if moment in some else pytest.mark.sweep) for moment in MOMENTS]


@pytest.mark.parametrize("moment", moments())
def test_what_was_answered_is_never_paid_for_again(moment: int, tmp_path: Path) -> None:
    request, billed_too = moment // 2 + 1, moment % 2 == 0
    with Killed(request, billed_too=billed_too) as server:
        arguments = [sys.executable, "-c", PROGRAM, server.url, str(tmp_path), *TEXTS]
        server.process = process = subprocess.Popen(arguments, cwd=ROOT)
        process.wait()
        killed = request <= len(TEXTS)
        assert server.killed.wait(10.0) == killed if killed else not server.under_way
        server.process = None
        answers = ask(make(server, folder=tmp_path), *TEXTS)
        twice = {text for text, times in server.billed.items() if times > 1}
        # Nobody can know of a request under way what became of it; no other is repeated.
        assert twice == ({server.under_way} if killed and billed_too else set())
        assert all(answer.text.endswith("stoveado.") and not answer.left for answer in answers)
        spent = SpendingLedger(tmp_path, "deepl: es of book").spent_this_month()
        assert spent >= server._used * 25 / 1_000_000 / 2
        calls = len(server.calls)
        ask(make(server, folder=tmp_path), *TEXTS)
        assert len(server.calls) == calls
