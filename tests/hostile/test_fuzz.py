"""The fuzzer in small: so many inputs for each target, the same each time. By hand: `python -m benchmarks.fuzz`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.fuzz import mutations, run_blindly
from benchmarks.fuzz_targets import MAX_BYTES, SEEDS, TARGETS

FEW = {"reading": 60, "merging": 3, "joining": 40, "answers": 40, "configuration": 40}
"""The slower targets; each of the others gets 300 inputs. The sweep tries forty times as many."""
# What the fuzzer found once.
FOUND = (
    ("answers", b"x\xff<![" * 2),
    ("answers", b"x\xff<!["),
    ("merging", b"- a\n\xff- a\n\xff#"),
    ("merging", b"y\n\r\n"),
    ("merging", b"a\n\xff\n\xff     x\n"),
)


@pytest.mark.parametrize("name", TARGETS)
def test_arbitrary_bytes_break_no_promise(name: str, tmp_path: Path, attacked: Callable[[str, int], None]) -> None:
    outcome = run_blindly(name, 120.0, tmp_path, executions=FEW.get(name, 300))
    assert outcome.faults == ()
    attacked("fuzzed inputs", outcome.executed)


@pytest.mark.sweep
@pytest.mark.parametrize("name", TARGETS)
def test_many_arbitrary_bytes_break_no_promise(name: str, tmp_path: Path, attacked: Callable[[str, int], None]) -> None:
    outcome = run_blindly(name, 120.0, tmp_path, executions=40 * FEW.get(name, 300), seed=1)
    assert outcome.faults == ()
    attacked("fuzzed inputs", outcome.executed)


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_was_found_once_stays_mended(name: str, data: bytes) -> None:
    TARGETS[name](data)


def test_the_same_seed_makes_the_same_inputs() -> None:
    first, second = (list(islice(mutations(SEEDS["reading"], 3, MAX_BYTES), 20)) for _ in range(2))
    assert first == second
    assert len(set(first)) > 15
    assert all(len(data) <= MAX_BYTES for data in first)


def test_a_fault_is_kept_with_its_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes) -> None:
        assert b"*" not in data, "a star"

    monkeypatch.setattr("benchmarks.fuzz_targets.TARGETS", {"reading": broken})
    outcome = run_blindly("reading", 60.0, tmp_path, executions=50)
    assert ["a star" in fault for fault in outcome.faults] == [True]
    assert b"*" in (tmp_path / "crash-reading-0").read_bytes()
