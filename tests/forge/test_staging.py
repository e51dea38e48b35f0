"""Files that are written whole or not at all."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.book.cache import Cache
from bot.book.files import write_files
from bot.errors import StorageError
from bot.forge.staging import write_whole
from bot.service.heard import Heard

LARGE = b"x" * 50_000


@contextmanager
def full_disk() -> Iterator[None]:
    """Files take no more than a few bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _settle(path: Path) -> None:
    Heard(path).settle(7, 5)


def _put(path: Path) -> None:
    Cache(path.parent).put("ab" + path.name, "x" * 100)


def _all(path: Path) -> None:
    with pytest.raises(StorageError):
        write_files({path.with_name("short"): b"s", path: LARGE})


def _one(data: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with pytest.raises(OSError, match="large"):
            write_whole(path, data)

    return write


@pytest.mark.parametrize("write", [_settle, _put, _all, _one(LARGE), _one(b"x" * 20)])
def test_a_full_disk_leaves_what_was_there_and_nothing_else(write: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b'["settled",7,4]\n')
    with full_disk():
        for _ in range(3):
            write(path)
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == ["file"]
    assert path.read_bytes().startswith(b'["settled",7,4]\n')


def test_what_is_in_the_way_stays(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "a", b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    write_whole(tmp_path / "a" / "c" / "d", b"y")
    write_whole(tmp_path / "a" / "c" / "d", b"z")
    assert (tmp_path / "a" / "c" / "d").read_bytes() == b"z"
