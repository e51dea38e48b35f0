"""The cache of what was worked out from files: its keys, and what leaves it first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.book import cache
from bot.book.cache import Cache, cache_key


def test_other_code_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    key = cache_key("a", "b")
    assert key == cache_key("a", "b") != cache_key("ab", "")
    monkeypatch.setattr(cache, "_code", lambda: "edited")
    assert cache_key("a", "b") != key


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
