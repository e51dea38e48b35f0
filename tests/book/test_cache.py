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
    assert store.get(keys[0])
    store.trim(max_bytes=2 * 200)
    assert [store.get(key) is not None for key in keys] == [True, False, True]
