"""Which English each translation was made from, where a lock file says it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.baselines import Base
from bot.book.lock_file import LOCK_PATH, parse_lock, serialize_lock
from bot.book.state import Book, FileStatus
from bot.errors import BaselineError
from tests.support.gitrepo import add_commits, git, make_repo
from tests.support.translated_books import ONE, OTHER, TWO, book_of, make_book, statuses, the


def locked_book(folder: Path) -> Book:
    """English that moved on since the lock file of its translation was written."""
    first, _ = make_repo(folder / "en", {"a.md": ONE, "b.md": OTHER}, {"a.md": TWO, "c.md": "new\n"})
    blobs = [git(folder / "en", "rev-parse", f"{first}:{name}") for name in ("a.md", "b.md")]
    lock = serialize_lock({"甲.md": Base(blobs[0], "a.md", first), "b.md": Base(blobs[1], "b.md", first)})
    make_repo(folder / "zh", {"甲.md": "译\n", "b.md": "乙\n", LOCK_PATH: lock})
    return book_of(folder / "en", folder / "zh", "lock-file")


def test_a_lock_file_gives_the_base_from_the_source_repository(tmp_path: Path) -> None:
    book = locked_book(tmp_path)
    assert statuses(book) == {"甲.md": FileStatus.STALE, "b.md": FileStatus.CURRENT, "c.md": FileStatus.MISSING}
    assert book.load(the(book, "甲.md")).base == ONE.encode()


def test_the_lock_file_is_rewritten_with_the_new_base(tmp_path: Path) -> None:
    book = locked_book(tmp_path)
    files = book.files_to_write({the(book, "甲.md"): b"1\n", the(book, "c.md"): b"2\n"})
    lock = files.pop(LOCK_PATH)
    assert files == {"甲.md": b"1\n", "c.md": b"2\n"}
    assert lock is not None
    bases = parse_lock(lock)
    assert sorted(bases) == ["b.md", "c.md", "甲.md"]
    entry = book.source.entries["a.md"]
    assert bases["甲.md"] == Base(entry.blob, "a.md", book.source.commit)


def test_the_lock_names_the_commit_that_brought_the_english_however_far_its_head_is(tmp_path: Path) -> None:
    """What people refused is known again, although the English of another file moved on."""
    book = make_book(tmp_path, [{"a.md": ONE}, {"a.md": TWO}], {"a.md": "译\n"}, "lock-file")
    before = book.files_to_write({the(book, "a.md"): b"1\n"})
    add_commits(tmp_path / "en", {"b.md": OTHER})
    later = book_of(tmp_path / "en", tmp_path / "zh", "lock-file")
    assert later.source.commit != book.source.commit
    assert later.files_to_write({the(later, "a.md"): b"1\n"}) == before
    assert parse_lock(before[LOCK_PATH] or b"")["a.md"].commit == book.source.commit


def test_a_removed_translation_leaves_the_lock_file(tmp_path: Path) -> None:
    book = locked_book(tmp_path)
    lock = book.files_to_write({the(book, "b.md"): None})[LOCK_PATH]
    assert lock is not None
    assert sorted(parse_lock(lock)) == ["甲.md"]


def test_without_a_lock_file_every_translation_is_unknown_and_says_why(tmp_path: Path) -> None:
    book = make_book(tmp_path, [{"a.md": ONE}], {"a.md": "译\n"}, "lock-file")
    assert statuses(book) == {"a.md": FileStatus.UNKNOWN}
    assert the(book, "a.md").reason.endswith("it is not in .amts/lock.yaml")


def test_a_locked_blob_is_found_by_commit_and_path_where_its_id_is_unknown(tmp_path: Path) -> None:
    (first,) = make_repo(tmp_path / "en", {"a.md": ONE})
    make_repo(tmp_path / "zh", {"a.md": "译\n", LOCK_PATH: serialize_lock({"a.md": Base("0" * 40, "a.md", first)})})
    assert statuses(book_of(tmp_path / "en", tmp_path / "zh", "lock-file")) == {"a.md": FileStatus.CURRENT}


def test_a_locked_base_that_a_shallow_clone_lacks_asks_for_the_whole_history(tmp_path: Path) -> None:
    first, _ = make_repo(tmp_path / "en", {"a.md": ONE}, {"a.md": TWO})
    base = Base(git(tmp_path / "en", "rev-parse", f"{first}:a.md"), "a.md", first)
    make_repo(tmp_path / "zh", {"a.md": "译\n", LOCK_PATH: serialize_lock({"a.md": base})})
    git(tmp_path, "clone", "--quiet", "--depth=1", (tmp_path / "en").as_uri(), "shallow")
    with pytest.raises(BaselineError, match=r"a\.md: its English, a\.md at .* --unshallow"):
        book_of(tmp_path / "shallow", tmp_path / "zh", "lock-file")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("files: [\n", r"lock\.yaml:2: "),
        ("- a\n", r"lock\.yaml:1: must be a mapping here"),
        ("version: 2\nfiles: {}\n", r'lock\.yaml:1: must hold "version: 1"'),
        ("version: 1\nfiles:\n  a.md: x\n", r"lock\.yaml:3: must be a mapping here"),
        ("version: 1\nfiles:\n  a.md: {source: a.md, commit: 1}\n", r"lock\.yaml:3: a\.md must have exactly"),
        (
            "version: 1\nfiles:\n  a.md:\n    source: a.md\n    commit: HEAD\n    blob: " + "0" * 40 + "\n",
            r"lock\.yaml:5: the commit of a\.md must be a whole git id",
        ),
        ("version: 1\nfiles:\n  a.md: {}\n  a.md: {}\n", r"lock\.yaml:4: a\.md is there twice"),
        (
            'version: 1\nfiles:\n  a.md:\n    source: "a.md\\nb.md"\n    commit: x\n    blob: x\n',
            r"lock\.yaml:4: 'a\.md\\nb\.md' holds a control character",
        ),
        ('version: 1\nfiles:\n  "a\\0.md": {}\n', r"lock\.yaml:3: .* holds a control character"),
        (b"\xff\xfe\x00", r"lock\.yaml"),
    ],
)
def test_a_malformed_lock_file_is_refused_with_its_line(text: str | bytes, message: str) -> None:
    with pytest.raises(BaselineError, match=message):
        parse_lock(text.encode() if isinstance(text, str) else text)


_PATHS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), min_size=1)
_IDS = st.text("0123456789abcdef", min_size=40, max_size=40) | st.text("0123456789e", min_size=40, max_size=40)


@given(st.dictionaries(_PATHS, st.builds(Base, _IDS, _PATHS, _IDS)))
def test_a_lock_file_reads_back_as_it_was_written(bases: dict[str, Base]) -> None:
    text = serialize_lock(bases)
    assert parse_lock(text) == bases
    assert serialize_lock(dict(reversed(bases.items()))) == text
