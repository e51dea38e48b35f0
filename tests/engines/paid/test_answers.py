"""Paid answers on the disk: durable, shared, and damaged in every way that a file can be."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.engines.paid.answers import PaidAnswers, answer_key
from bot.errors import StorageError

SOME = {answer_key("one"): "eins", answer_key("two"): '{"a": "zwei\\n\u4e8c"}'}


def kept(folder: Path) -> PaidAnswers:
    answers = PaidAnswers(folder)
    answers.keep(SOME)
    return answers


@pytest.mark.parametrize("in_memory", [True, False])
def test_what_was_kept_is_read_again(tmp_path: Path, in_memory: bool) -> None:
    answers = kept(tmp_path) if not in_memory else PaidAnswers(None)
    answers.keep(SOME)
    assert answers.read([*SOME, "another"]) == SOME
    answers.keep({next(iter(SOME)): "uno"})
    assert answers.read(list(SOME)[:1]) == {next(iter(SOME)): "uno"}


def test_another_process_reads_it_and_many_keys_are_no_trouble(tmp_path: Path) -> None:
    many = {answer_key(number): str(number) for number in range(2_000)}
    PaidAnswers(tmp_path).keep(many)
    assert PaidAnswers(tmp_path).read(many) == many


def test_reading_makes_no_file(tmp_path: Path) -> None:
    assert PaidAnswers(tmp_path / "none").read(SOME) == {}
    assert not (tmp_path / "none").exists()


def test_threads_and_connections_keep_at_the_same_time(tmp_path: Path) -> None:
    stores = [PaidAnswers(tmp_path), PaidAnswers(tmp_path)]
    work = [
        threading.Thread(target=stores[number % 2].keep, args=({answer_key(number): str(number)},))
        for number in range(24)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert len(stores[0].read([answer_key(number) for number in range(24)])) == 24


def broken(statement: str) -> Callable[[Path], object]:
    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(statement)

    return damage


def _overwrite_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 3000] = b"\xff" * 3000
    path.write_bytes(data)


def _make_a_folder_of_it(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "emptied": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_bytes(b"not a database" * 1000),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "cut in its head": lambda path: path.write_bytes(path.read_bytes()[:50]),
    "overwritten": _overwrite_the_middle,
    "a folder": _make_a_folder_of_it,
    "no table": broken("DROP TABLE answers"),
    "other columns": broken("ALTER TABLE answers RENAME COLUMN value TO text"),
    "a view": lambda path: (broken("DROP TABLE answers")(path), broken("CREATE VIEW answers AS SELECT 1 AS key")(path)),
    "numbers": broken("UPDATE answers SET value = 5"),
    "nothing": broken("UPDATE answers SET digest = x''"),
    "no text": broken("UPDATE answers SET value = x'ff00'"),
    "another's": broken("UPDATE answers SET value = 'swapped'"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_costs_only_answers(tmp_path: Path, damage: str) -> None:
    answers = kept(tmp_path)
    DAMAGE[damage](tmp_path / "answers.sqlite")
    found = answers.read(SOME)
    assert found.items() <= SOME.items()
    answers.keep({"new": "neu"})
    assert PaidAnswers(tmp_path).read(["new"]) == {"new": "neu"}
    answers.keep(SOME)
    assert answers.read(SOME) == SOME


def test_one_damaged_answer_costs_no_other(tmp_path: Path) -> None:
    answers = kept(tmp_path)
    first, second = SOME
    broken(f"UPDATE answers SET value = 'x' WHERE key = '{first}'")(tmp_path / "answers.sqlite")
    assert answers.read(SOME) == {second: SOME[second]}


def test_a_disk_that_takes_nothing_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match=r"answers\.sqlite: .*so nothing more is sent; .*XDG_CACHE_HOME"):
        PaidAnswers(tmp_path / "file").keep(SOME)


def test_keys_tell_apart_what_differs() -> None:
    assert answer_key("a", "b") != answer_key("ab") != answer_key(["a", "b"])
    assert answer_key({"x": 1, "y": 2}) == answer_key({"y": 2, "x": 1})
