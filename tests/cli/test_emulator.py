"""`amts emulator` as a process: its address, its end, and what can go wrong at its start."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from urllib.request import urlopen

import pytest

from bot.cli.emulator import run
from bot.cli.output import Output
from bot.emulator import EmulatorSettings, storage
from bot.errors import InputError, UsageError
from tests.support.waiting import PATIENCE_SECONDS

PROGRAM = """
import sys
from pathlib import Path
from bot.cli.emulator import run
from bot.cli.output import Output
from bot.emulator import EmulatorSettings
run(EmulatorSettings(), Output(as_json="--json" in sys.argv))
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_tells_its_address_and_ends_when_asked(number: signal.Signals) -> None:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, "--json"], stdout=PIPE, stderr=PIPE, text=True)
    assert process.stdout is not None
    address = json.loads(process.stdout.readline())["endpoint_url"]
    assert address.startswith("http://127.0.0.1:")
    with urlopen(f"{address}/_emulator/state") as answer:
        assert json.loads(answer.read())["jobs"] == []
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, out, err) == (0, "", "")


def test_it_says_whose_words_they_are() -> None:
    process = subprocess.Popen([sys.executable, "-u", "-c", PROGRAM], stdout=PIPE, stderr=PIPE, text=True)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(5)]
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert lines[0].startswith("Emulator of Amazon Translate and S3 at http://127.0.0.1:")
    assert "Its translations do not come from Amazon" in lines[1]
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:" in lines[2]
    assert out == "Emulator ended; its buckets and jobs are gone.\n"


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match=r"choose another --port"):
            run(EmulatorSettings(port=taken.getsockname()[1]), Output())
    assert capsys.readouterr() == ("", "")


def test_a_memory_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.tmx"):
        run(EmulatorSettings(memory=(tmp_path / "none.tmx",)), Output())


@pytest.mark.parametrize("missing", ["bot.emulator.server", "moto"])
def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    if missing == "moto":
        monkeypatch.setattr(storage, "find_spec", lambda _: None)
    else:
        monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(UsageError, match=r'pip install "\.\[emulator\]" in a checkout of AMTS'):
        run(EmulatorSettings(), Output())
