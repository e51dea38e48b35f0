"""The cache of what was worked out from files: its keys, and what leaves it first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.book import cache
from bot.book.cache import Cache, cache_key


def test_other_code_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    key = cache_key("a", "b")
    assert key == cache_key("a", "b") != cache_key("ab", "")
    monkeypatch.setattr(cache, "_code", lambda: "edited")
    assert cache_key("a", "b") != key


def test_a_key_is_the_same_in_every_process() -> None:
    script = "from bot.book.cache import cache_key; from bot.book.package_data import known_language as l; "
    script += "print(cache_key(l('en'), {'a': (1, 2.5), 'b': None}, frozenset('abcdef')))"
    keys = [
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert keys[0] == keys[1] != b""


def test_a_key_tells_nested_parts_apart_and_refuses_what_has_no_words() -> None:
    parts: list[object] = [("a", "b"), ("a,b",), {"a", "b"}, {"a": "b"}, ("a", ("b",)), "('a','b')", 1, "1", None]
    assert len({cache_key(part) for part in parts}) == len(parts)
    with pytest.raises(TypeError, match="can't be made of object"):
        cache_key(object())


def test_what_was_not_used_for_longest_leaves_the_cache_first(tmp_path: Path) -> None:
    store = Cache(tmp_path)
    keys = [cache_key(number) for number in range(3)]
    for age, key in enumerate(keys):
        store.put(key, "x" * 100)
        (path,) = tmp_path.glob(f"{key[:2]}/{key[2:]}")
        os.utime(path, (age, age))
    assert store.get(keys[0], str)
    store.trim(max_bytes=2 * 200)
    assert [store.get(key, str) is not None for key in keys] == [True, False, True]


def _entry(folder: Path, key: str) -> Path:
    return folder / key[:2] / key[2:]


def _whole(value: list[int]) -> list[int]:
    return [number + 0 for number in value]


@pytest.mark.parametrize(
    "damaged",
    [b"", b"\n", b"[1]", b"\xff\xfe", b"0" * 64 + b"\n[1]", b"[" * 100_000],
    ids=["empty", "no digest", "digest gone", "no text", "other digest", "deep"],
)
def test_a_damaged_entry_counts_as_absent_and_is_made_again(tmp_path: Path, damaged: bytes) -> None:
    store, key = Cache(tmp_path), cache_key("a")
    store.put(key, [1, 2])
    _entry(tmp_path, key).write_bytes(damaged)
    assert store.get(key, _whole) is None
    store.put(key, [1, 2])
    assert store.get(key, _whole) == [1, 2]


@pytest.mark.parametrize("cut", range(0, 70, 7))
def test_an_entry_that_was_cut_short_counts_as_absent(tmp_path: Path, cut: int) -> None:
    store, key = Cache(tmp_path), cache_key("a")
    store.put(key, [1, 2])
    entry = _entry(tmp_path, key)
    entry.write_bytes(entry.read_bytes()[:cut])
    assert store.get(key, _whole) is None


def test_the_entry_of_another_key_is_not_taken_for_this_one(tmp_path: Path) -> None:
    store, (key, other) = Cache(tmp_path), (cache_key("a"), cache_key("b"))
    store.put(key, [1])
    store.put(other, [2])
    _entry(tmp_path, other).replace(_entry(tmp_path, key))
    assert store.get(key, _whole) is None


@pytest.mark.parametrize("value", [None, 1, "x", {"a": 1}, [None], ["x"], [[1]]])
def test_a_value_of_another_form_counts_as_absent(tmp_path: Path, value: object) -> None:
    store, key = Cache(tmp_path), cache_key("a")
    store.put(key, value)
    assert store.get(key, _whole) is None


@pytest.mark.parametrize("blocked", ["folder", "shelf", "entry"])
def test_a_place_that_is_taken_by_something_else_makes_the_next_run_slower_and_nothing_else(
    tmp_path: Path, blocked: str
) -> None:
    store, key = Cache(tmp_path / "cache"), cache_key("a")
    place = _entry(tmp_path / "cache", key)
    if blocked == "entry":
        (place / "inside").mkdir(parents=True)
    else:
        wrong = place.parent if blocked == "shelf" else tmp_path / "cache"
        wrong.parent.mkdir(exist_ok=True)
        wrong.write_text("a file")
    store.put(key, [1])
    assert store.get(key, _whole) is None
    store.trim(max_bytes=0)
    assert not list(tmp_path.rglob(".new-*"))
