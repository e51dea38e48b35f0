"""The stale record: read as it was written, joined by entries, and clear about what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.stale_record import (
    EffectiveBases,
    StaleRecord,
    join_stale,
    parse_stale,
    serialize_stale,
    stale_path,
)
from bot.changes import StaleSentence
from bot.errors import InputError
from bot.forge.git import Repository
from bot.model import Direction, Language
from tests.support.gitrepo import make_repo

_TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), min_size=1, max_size=3).map(tuple)
_PATHS = st.text(min_size=1, max_size=9).filter(str.isprintable)
_SENTENCES = st.builds(StaleSentence, _TEXTS, _TEXTS, _TEXTS)
RECORDS = st.dictionaries(_PATHS, st.frozensets(_SENTENCES, min_size=1, max_size=3), max_size=3)

TEA = StaleSentence(("Tea is hot.",), ("茶热。",), ("Tea is warm.",))
CUP = StaleSentence(("A cup.",), ("杯。",), ("Two", "cups."))
POT = StaleSentence(("A pot.",), ("壶。",), ("Pots.",))


def _record(*files: tuple[str, set[StaleSentence]]) -> StaleRecord:
    return {path: frozenset(entries) for path, entries in files}


def _some(record: StaleRecord) -> Mapping[str, frozenset[StaleSentence]]:
    return {path: entries for path, entries in record.items() if entries}


@given(RECORDS)
def test_a_record_is_read_as_it_was_written(record: StaleRecord) -> None:
    data = serialize_stale(record)
    assert (data is None) == (not record)
    assert data is None or parse_stale(data, "stale.yaml") == record


def test_an_entry_is_lines_of_its_own_that_people_can_read() -> None:
    one, both = (serialize_stale(_record(("a.md", entries))) for entries in ({TEA}, {TEA, CUP}))
    assert one is not None
    assert both is not None
    lines = one.decode().splitlines()
    assert [line for line in both.decode().splitlines() if line not in lines] == [
        '  - translation: "杯。"',
        '    english: "A cup."',
        '    now: ["Two", "cups."]',
    ]
    assert lines[2:4] == ["version: 1", "files:"]


def test_entries_and_files_stand_in_order_however_they_came() -> None:
    entries = {StaleSentence(("It was.",), (f"茶{number}",), ("It is.",)) for number in range(9)}
    data = serialize_stale(_record(("b.md", entries), ("a.md", {TEA})))
    assert data is not None
    lines = [line.strip() for line in data.decode().splitlines()]
    assert [line for line in lines if line.endswith('.md":')] == ['"a.md":', '"b.md":']
    told = [line for line in lines if "茶" in line]
    assert told == ['- translation: "茶热。"', *(f'- translation: "茶{number}"' for number in range(9))]


@given(RECORDS, RECORDS, RECORDS)
def test_a_join_has_the_changes_of_both_sides(old: StaleRecord, ours: StaleRecord, theirs: StaleRecord) -> None:
    assert _some(join_stale(old, old, theirs)) == theirs
    assert _some(join_stale(old, ours, old)) == ours
    assert _some(join_stale(old, ours, ours)) == ours
    assert _some(join_stale({}, ours, theirs)) == {
        path: ours.get(path, frozenset()) | theirs.get(path, frozenset()) for path in ours.keys() | theirs.keys()
    }


def test_what_one_side_dropped_stays_dropped_and_what_the_other_added_stays() -> None:
    old = _record(("a.md", {TEA}))
    assert _some(join_stale(old, {}, _record(("a.md", {TEA, CUP}), ("b.md", {POT})))) == _record(
        ("a.md", {CUP}), ("b.md", {POT})
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- a", 1),
        ("version: 2\nfiles: {}", 1),
        ("version: 1\nmore: 1", 1),
        ("version: 1\nfiles: [a]", 2),
        ("version: 1\nfiles:\n  a.md: b", 3),
        ("version: 1\nfiles:\n  a.md:\n  - b", 4),
        ("version: 1\nfiles:\n  a.md:\n  - english: b\n    now: c", 4),
        ("version: 1\nfiles:\n  a.md:\n  - english: b\n    now: c\n    translation: {}", 6),
        ("version: 1\nfiles:\n  a.md:\n  - english: []\n    now: c\n    translation: d", 4),
        ("version: 1\nfiles:\n  a.md: []\n  a.md: []", 4),
    ],
)
def test_a_damaged_record_names_the_line_and_what_to_do(text: str, line: int) -> None:
    with pytest.raises(InputError, match=rf"^stale\.yaml:{line}: .*; correct it, or restore the file from git$"):
        parse_stale(text.encode(), "stale.yaml")


def test_marks_of_a_conflict_are_named_as_such() -> None:
    text = b"version: 1\nfiles:\n  a.md: []\n<<<<<<< ours\n=======\n  b.md: []\n>>>>>>> theirs\n"
    with pytest.raises(InputError, match=r"^stale\.yaml:4: git left a conflict here; keep the entries of both sides"):
        parse_stale(text, "stale.yaml")


@pytest.mark.parametrize("text", ["version: 1\nfiles:\n", "version: 1\nfiles:\n  a.md:\n", "version: 1\n"])
def test_people_may_delete_all_entries(text: str) -> None:
    assert _some(parse_stale(text.encode(), "stale.yaml")) == {}


def test_a_file_has_its_own_entries_and_those_of_files_that_are_gone(tmp_path: Path) -> None:
    record = _record(("a.md", {TEA}), ("b.md", {CUP}), ("gone.md", {POT}))
    files = {"a.md": "a", "b.md": "b", "c.md": "c", stale_path("zh"): serialize_stale(record)}
    (commit,) = make_repo(tmp_path / "zh", files)
    direction = Direction(Language("en", "English"), Language("zh", "Chinese", joiner="", enders="。"))
    with Repository.open(tmp_path / "zh", tmp_path) as repository:
        effective = EffectiveBases(repository.snapshot(commit), "zh", direction)
        assert effective.recorded("a.md") == {TEA, POT}
        assert effective.recorded("c.md") == {POT}
