"""The fuzzer: arbitrary bytes for what reads other people's texts, see benchmarks/fuzz_targets.py.

usage: python -m benchmarks.fuzz [--minutes 60] [--targets NAME ...] [--findings FOLDER]
       python -m benchmarks.fuzz --replay NAME FILE
With atheris (`pip install atheris`; Apache-2.0, on Linux) each target runs in a process of its own that follows the
coverage of the bot's code; inputs that reach new code, and faults (`crash-…`, `timeout-…`), are kept in FOLDER. Without
it, seeds are mutated blindly, which finds less. Exits 1 if there is a fault.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

FOLDER = Path("/tmp/amts-fuzz")
_SECONDS_FOR_ONE = 20
_MEGABYTES = 2_000
_COVERED = re.compile(r"cov: (\d+)")
_EXECUTED = re.compile(r"(?:stat::number_of_executed_units: |Done )(\d+)")
# What tokens of these formats begin or end with.
_MARKS = """* ** _ ` ``` ~~~ $ $$ [ ]( ![ ]: < > <!-- --> </ | |-| # \\ ::: ```{note} :begin_tab:` :end_tab: :label:`
~~ ... e.g. 。 ， “ ” (** **) [^1] &amp; { } , ; -- </seg> % !!float &a *a <<: 0x /amts"""
_SPACES = (
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "\t",
    "    ",
    "  \n",
    "- ",
    "1. ",
    "> ",
    "---\n",
    ": ",
    '"',
    "'",
    "\u2028",
    "\u0301",
)
_PIECES = (*_MARKS.split(), *_SPACES)


class Outcome(NamedTuple):
    target: str
    executed: int
    covered: int
    faults: tuple[str, ...]


def mutations(seeds: tuple[bytes, ...], seed: int, limit: int) -> Iterator[bytes]:
    """Inputs without end, the same for the same seed: seeds with pieces put in, taken out, repeated and exchanged."""
    chance = random.Random(seed)
    pieces = [*(piece.encode() for piece in _PIECES), b"\xff"]
    while True:
        data = chance.choice(seeds)
        for _ in range(chance.choice((1, 1, 2, 3, 5, 8, 13))):
            first, last = sorted(chance.randint(0, len(data)) for _ in range(2))
            last = min(last, first + 60)
            part = data[first:last]
            match chance.randrange(6):
                case 0:
                    data = data[:first] + data[last:]
                case 1:
                    data = data[:last] + part + data[last:]
                case 2:
                    data = data[:first] + bytes([chance.randrange(256)]) + data[first + 1 :]
                case 3:
                    at = chance.randint(0, len(data))
                    data = data[:first] + data[last:at] + part + data[max(at, last) :]
                case _:
                    data = data[:first] + chance.choice(pieces) * chance.choice((1, 1, 1, 2, 9)) + data[first:]
        yield data[:limit]


def run_blindly(name: str, seconds: float, folder: Path, *, executions: int = sys.maxsize, seed: int = 0) -> Outcome:
    """Mutated seeds until the time is over, or so many; the first fault of each kind is kept in the folder."""
    from benchmarks.fuzz_targets import MAX_BYTES, SEEDS, TARGETS

    end = time.monotonic() + seconds
    faults: dict[str, str] = {}
    executed = 0
    for data in mutations(SEEDS[name], seed, MAX_BYTES):
        if executed >= executions or time.monotonic() > end:
            break
        executed += 1
        fault, message = _fault(TARGETS[name], data)
        if fault and fault not in faults:
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / f"crash-{name}-{len(faults)}"
            file.write_bytes(data)
            faults[fault] = f"{file}: {fault} ({message})"
    return Outcome(name, executed, 0, tuple(faults.values()))


def _fault(target: Callable[[bytes], None], data: bytes) -> tuple[str, str]:
    """What a target raised and where ("" for nothing), and the message."""
    try:
        target(data)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}", str(error)[:120]
    return "", ""


def run_guided(name: str, seconds: float, folder: Path) -> Outcome:
    """Atheris in a process of its own, from what was kept before."""
    corpus = folder / name
    corpus.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.fuzz", "--guide", name, str(corpus), str(int(seconds))]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    said = done.stderr + done.stdout
    covered, executed = ([int(number) for number in found.findall(said)] or [0] for found in (_COVERED, _EXECUTED))
    faults: tuple[str, ...] = ()
    if done.returncode:
        lines = [line for line in said.splitlines() if line.strip()]
        uncaught = next((i for i, line in enumerate(lines) if "Uncaught Python exception" in line), len(lines) - 1)
        faults = (" / ".join(lines[uncaught : uncaught + 2])[:300],)
    return Outcome(name, executed[-1], covered[-1], faults)


def _dictionary_line(piece: str) -> str:
    escaped = "".join(f"\\x{byte:02x}" for byte in piece.encode())
    return f'"{escaped}"\n'


def guide(name: str, corpus: str, seconds: str) -> None:
    """Runs in the process of `run_guided`; atheris ends it."""
    import atheris

    with atheris.instrument_imports(include=["bot"]):
        from benchmarks.fuzz_targets import MAX_BYTES, SEEDS, TARGETS
    for number, data in enumerate(SEEDS[name]):
        Path(corpus, f"seed-{number}").write_bytes(data)
    dictionary = Path(corpus).with_suffix(".dict")
    dictionary.write_text("".join(map(_dictionary_line, _PIECES)))
    options = [f"-max_total_time={seconds}", f"-max_len={MAX_BYTES}", f"-timeout={_SECONDS_FOR_ONE}"]
    options += [f"-rss_limit_mb={_MEGABYTES}", f"-artifact_prefix={corpus}-", f"-dict={dictionary}"]
    atheris.Setup([sys.argv[0], *options, "-print_final_stats=1", corpus], TARGETS[name])
    atheris.Fuzz()


def main() -> int:
    from benchmarks.fuzz_targets import TARGETS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="for all targets together")
    parser.add_argument("--targets", nargs="*", default=list(TARGETS), choices=list(TARGETS), metavar="NAME")
    parser.add_argument("--findings", type=Path, default=FOLDER, metavar="FOLDER")
    parser.add_argument("--replay", nargs=2, metavar=("NAME", "FILE"))
    arguments = parser.parse_args()
    if arguments.replay:
        name, file = arguments.replay
        TARGETS[name](Path(file).read_bytes())
        return 0
    run = run_guided if find_spec("atheris") else run_blindly
    print("guided by coverage" if run is run_guided else "without atheris: blindly")
    outcomes = []
    for name in arguments.targets:
        outcome = run(name, arguments.minutes * 60 / len(arguments.targets), arguments.findings)
        outcomes.append(outcome)
        print(f"{name:16}{outcome.executed:>12,} executions{outcome.covered:>8,} edges", *outcome.faults, sep="\n    ")
    print(f"{sum(o.executed for o in outcomes):,} executions, {sum(len(o.faults) for o in outcomes)} faults")
    return 1 if any(outcome.faults for outcome in outcomes) else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--guide"]:
        guide(*sys.argv[2:5])
    sys.exit(main())
