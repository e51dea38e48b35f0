"""The service's memory of comments, damaged: what can be read of it counts, and nothing stops the service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.service.heard import Heard

DAMAGE = {
    "nothing": b"",
    "cut short": b'["settled",7,5]\n["settled",7,',
    "no JSON": b"\xff\xfe\x00\n[[[[\n{}\nnull\n",
    "other types": b'["settled","7",5]\n["settled",7,true]\n["read",7,"x","",{}]\n["read",7,9,"",[]]\n["read",7,9,5]\n',
    "no times": b'["read",7,9,"tomorrow",{}]\n["read",7,9,"",{"x":""}]\n["read",7,9,"",{"1":5}]\n',
    "numbers beyond all bounds": b'["settled",7,' + b"9" * 5000 + b']\n["read",1e999,9,"",{}]\n["settled",7,NaN]\n',
    "nested": b"[" * 100_000 + b"\n",
}


@pytest.mark.parametrize("data", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_memory_is_passed_over(tmp_path: Path, data: bytes, attacked: Callable[[str, int], None]) -> None:
    path = tmp_path / "comments" / "heard.jsonl"
    path.parent.mkdir()
    path.write_bytes(b'["settled",7,4]\n["read",8,40,"2026-01-02T03:04:05Z",{"39":"2026-01-02T03:04:00Z"}]\n' + data)
    for _ in range(2):
        heard = Heard(path)
        assert heard.knows(7, 4)
        assert not heard.knows(7, 6)
        assert [heard.knows(8, number) for number in (38, 39, 40, 41)] == [True, False, True, False]
        assert heard.read_to(8) == (38, "2026-01-02T03:04:00Z")
    attacked("damaged memories of comments", 1)


def test_a_time_in_the_future_does_not_hide_comments_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "heard.jsonl"
    path.write_bytes(b'["read",7,9,"2999-01-01T00:00:00Z",{}]\n')
    heard = Heard(path)
    assert heard.read_to(7) == (9, "")
    heard.read(7, 12, "2026-01-01T00:00:00Z", {11: "2026-01-01T00:00:00Z"})
    assert heard.read_to(7) == (12, "2026-01-01T00:00:00Z")
    again = Heard(path)
    assert again.read_to(7) == (10, "2026-01-01T00:00:00Z")
    again.settle(7, 11)
    assert Heard(path).read_to(7) == (12, "2026-01-01T00:00:00Z")


def test_the_memory_stays_small_and_a_full_disk_takes_nothing_away(tmp_path: Path) -> None:
    path = tmp_path / "heard.jsonl"
    heard = Heard(path)
    for number in range(1, 90_000):
        heard.settle(7, number)
    assert path.stat().st_size < 2_000_000
    assert not heard.knows(7, 1)
    assert heard.knows(7, 89_999)
    assert Heard(path).knows(7, 89_999)
    nowhere = Heard(path / "below a file" / "x")
    nowhere.settle(7, 5)
    assert nowhere.knows(7, 5)
