"""Keys that were seen."""

from __future__ import annotations

from bot.service.base import Seen


def test_the_oldest_of_too_many_keys_is_forgotten() -> None:
    seen = Seen(2)
    seen.add("a")
    seen.add("b")
    assert "a" in seen
    seen.add("c")
    assert ("a" in seen, "b" in seen, "c" in seen, len(seen)) == (True, False, True, 2)
