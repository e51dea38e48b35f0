"""Which English each translation was made from, and what is to be done with each file of a book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.book.baselines import Paths
from bot.book.state import FileStatus
from bot.config.schema import Baseline
from bot.errors import InputError
from tests.support.gitrepo import Symlink, add_commits, git, make_repo
from tests.support.translated_books import ONE, OTHER, TWO, book_of, make_book, statuses, the


def test_each_file_has_its_own_state(tmp_path: Path) -> None:
    book = make_book(
        tmp_path,
        [
            {"current.md": ONE, "stale.md": ONE.upper(), "gone.md": OTHER, "bare.md": "bare\n"},
            {"stale.md": TWO.upper(), "gone.md": None, "new.md": "new\n"},
        ],
        {
            **{"current.md": "当前\n", "current_origin.md": ONE, "stale.md": "旧\n", "stale_origin.md": ONE.upper()},
            **{"gone.md": "没\n", "gone_origin.md": OTHER, "bare.md": "裸\n", "own.md": "译者\n", "notes.txt": "n\n"},
        },
    )
    assert statuses(book) == {
        "bare.md": FileStatus.UNKNOWN,
        "current.md": FileStatus.CURRENT,
        "gone.md": FileStatus.DELETED,
        "new.md": FileStatus.MISSING,
        "stale.md": FileStatus.STALE,
    }
    assert book.unmatched == ("own.md",)
    assert the(book, "bare.md").reason.endswith("no _origin or _en file stands beside it")
    texts = book.load(the(book, "stale.md"))
    assert (texts.base, texts.new, texts.target) == (ONE.upper().encode(), TWO.upper().encode(), "旧\n".encode())
    new = book.load(the(book, "new.md"))
    assert (new.base, new.new, new.target) == (None, b"new\n", None)


def test_a_base_is_dated_by_the_revision_with_exactly_its_text(tmp_path: Path) -> None:
    first, *_ = make_repo(tmp_path / "en", {"a.md": ONE}, {"a.md": TWO}, {"a.md": OTHER})
    make_repo(tmp_path / "zh", {"a.md": "译\n", "a_origin.md": ONE})
    file = the(book_of(tmp_path / "en", tmp_path / "zh"), "a.md")
    assert file.base is not None
    assert (file.base.commit, file.base.source_path) == (first, "a.md")


def test_a_base_that_people_edited_has_no_revision_but_serves(tmp_path: Path) -> None:
    edited = ONE.replace("The 3th", "The 3rd")
    book = make_book(tmp_path, [{"a.md": ONE}], {"a.md": "译\n", "a_origin.md": edited})
    file = the(book, "a.md")
    assert file.base is not None
    assert file.base.commit is None
    assert file.status is FileStatus.STALE
    assert book.load(file).base == edited.encode()


def test_a_translation_follows_its_english_to_the_new_name(tmp_path: Path) -> None:
    book = make_book(tmp_path, [{"a.md": ONE}, {"a.md": None, "sub/b.md": TWO}], {"a.md": "译\n", "a_origin.md": ONE})
    (file,) = book.files
    assert (file.new_path, file.status, file.source_path) == ("sub/b.md", FileStatus.STALE, "sub/b.md")
    assert file.reason == "a.md was renamed to sub/b.md"
    assert book.files_to_write({file: b"new\n"}) == {
        **{"a.md": None, "a_origin.md": None},
        **{"sub/b.md": b"new\n", "sub/b_origin.md": TWO.encode()},
    }


def test_a_name_that_the_translators_chose_stays(tmp_path: Path) -> None:
    book = make_book(tmp_path, [{"a.md": ONE}, {"a.md": None, "b.md": TWO}], {"yi.md": "译\n", "yi_origin.md": ONE})
    (file,) = book.files
    assert (file.path, file.new_path, file.source_path) == ("yi.md", "yi.md", "b.md")


def test_the_path_mapping_places_new_files_and_finds_old_ones(tmp_path: Path) -> None:
    make_repo(tmp_path / "en", {"docs/en/a.md": ONE, "docs/en/new.md": "new\n", "docs/README.md": "no\n"})
    make_repo(tmp_path / "zh", {"zh/a.md": "译\n", "zh/a_origin.md": ONE.upper(), "README.md": "读我\n"})
    paths = Paths(
        target_of=lambda path: path.replace("docs/en/", "zh/"),
        source_of=lambda path: path.replace("zh/", "docs/en/") if path.startswith("zh/") else None,
        wanted=lambda path: path.startswith("docs/en/"),
    )
    book = book_of(tmp_path / "en", tmp_path / "zh", paths=paths)
    assert statuses(book) == {"zh/a.md": FileStatus.STALE, "zh/new.md": FileStatus.MISSING}
    assert the(book, "zh/a.md").source_path == "docs/en/a.md"


def test_swapped_names_are_exchanged_without_losing_a_text(tmp_path: Path) -> None:
    book = make_book(
        tmp_path,
        [{"a.md": ONE, "b.md": OTHER}, {"a.md": None, "c.md": ONE}, {"b.md": None, "a.md": OTHER}],
        {"a.md": "一\n", "a_origin.md": ONE, "b.md": "二\n", "b_origin.md": OTHER},
    )
    assert {file.path: file.new_path for file in book.files} == {"a.md": "c.md", "b.md": "a.md"}
    assert book.files_to_write({file: book.load(file).target for file in book.files}) == {
        **{
            "c.md": "一\n".encode(),
            "c_origin.md": ONE.encode(),
            "a.md": "二\n".encode(),
            "a_origin.md": OTHER.encode(),
        },
        **{"b.md": None, "b_origin.md": None},
    }
    with pytest.raises(InputError, match=r"b\.md: moves to a\.md, which moves too; sync both together"):
        book.files_to_write({the(book, "b.md"): b"x"})


def test_a_new_file_takes_the_name_that_a_moved_one_leaves(tmp_path: Path) -> None:
    book = make_book(
        tmp_path,
        [{"a.md": ONE}, {"a.md": None, "b.md": ONE}, {"a.md": "a new chapter\n"}],
        {"a.md": "一\n", "a_origin.md": ONE},
    )
    moved, new = sorted(book.files, key=lambda file: file.new_path, reverse=True)
    assert (moved.new_path, moved.status, new.path, new.status) == (
        "b.md",
        FileStatus.STALE,
        "a.md",
        FileStatus.MISSING,
    )
    assert book.load(new).target is None
    assert book.files_to_write({moved: b"1\n", new: b"2\n"}) == {
        **{"a.md": b"2\n", "a_origin.md": b"a new chapter\n", "b.md": b"1\n", "b_origin.md": ONE.encode()}
    }


def test_nothing_is_written_over_a_translation_that_has_to_stay(tmp_path: Path) -> None:
    book = make_book(
        tmp_path,
        [{"a.md": ONE}, {"a.md": None, "b.md": ONE}, {"a.md": "a new chapter\n"}],
        {"a.md": "一\n", "a_origin.md": ONE, "b.md": "二\n"},
    )
    stays, no_place, no_base = sorted(book.files, key=lambda file: (file.path, file.base is None))
    assert (stays.new_path, stays.source_path, stays.status) == ("a.md", "b.md", FileStatus.CURRENT)
    assert (no_place.source_path, no_place.status) == ("a.md", FileStatus.UNKNOWN)
    assert "the place of a.md's translation is taken by another file" in no_place.reason
    assert (no_base.path, no_base.status) == ("b.md", FileStatus.UNKNOWN)


def test_a_new_file_is_never_put_over_a_file_that_the_mapping_does_not_know(tmp_path: Path) -> None:
    make_repo(tmp_path / "en", {"new.md": "new\n"})
    make_repo(tmp_path / "zh", {"zh/new.md": "译者\n"})
    paths = Paths(target_of=lambda path: f"zh/{path}", source_of=lambda _: None)
    assert statuses(book_of(tmp_path / "en", tmp_path / "zh", paths=paths)) == {"zh/new.md": FileStatus.UNKNOWN}


@pytest.mark.parametrize("strategy", ["origin-file", "lock-file"])
def test_a_name_with_a_control_character_is_left_for_a_person(tmp_path: Path, strategy: Baseline) -> None:
    book = make_book(tmp_path, [{"a\tb.md": ONE, "c.md": ONE}], {"README": "译\n"}, strategy)
    assert statuses(book) == {"a\tb.md": FileStatus.UNKNOWN, "c.md": FileStatus.MISSING}
    assert the(book, "a\tb.md").reason.endswith(r"rename 'a\tb.md'")


def test_two_translations_of_one_english_file_are_left_for_a_person(tmp_path: Path) -> None:
    book = make_book(
        tmp_path,
        [{"a.md": ONE}],
        {"a.md": "一\n", "a_origin.md": ONE, "copy.md": "二\n", "copy_origin.md": ONE},
    )
    assert statuses(book) == {"a.md": FileStatus.CURRENT, "copy.md": FileStatus.UNKNOWN}
    assert "a.md translates" in the(book, "copy.md").reason


def test_deleting_a_translation_deletes_its_origin(tmp_path: Path) -> None:
    book = make_book(tmp_path, [{"a.md": ONE, "b.md": "b"}, {"a.md": None}], {"a.md": "一\n", "a_origin.md": ONE})
    assert book.files_to_write({the(book, "a.md"): None}) == {"a.md": None, "a_origin.md": None}


def test_an_empty_translation_is_written_and_recorded(tmp_path: Path) -> None:
    book = make_book(tmp_path, [{"a.md": ""}], {"b.md": "b\n"})
    assert book.files_to_write({the(book, "a.md"): b""}) == {"a.md": b"", "a_origin.md": b""}


def test_a_document_that_is_a_symbolic_link_is_refused_when_it_is_read(tmp_path: Path) -> None:
    book = make_book(tmp_path, [{"a.md": Symlink("../../etc/passwd")}], {"b.md": "b\n"})
    with pytest.raises(InputError, match=r"a\.md: is a symbolic link that leads out of the repository"):
        book.load(the(book, "a.md"))


def test_the_real_chinese_book_has_139_bases_and_123_are_revisions_of_the_english(
    real_book: Callable[[str], Path],
) -> None:
    book = book_of(real_book("en"), real_book("zh"))
    bases = book.baselines.bases
    assert len(bases) == 139
    assert sum(base.commit is not None for base in bases.values()) == 123
    moved = the(book, "chapter_attention-mechanisms/nadaraya-waston.md")
    assert moved.new_path == "chapter_attention-mechanisms/nadaraya-watson.md"
    twice = the(book, "chapter_multilayer-perceptrons/environment.md")
    assert twice.source_path == "chapter_linear-classification/environment-and-distribution-shift.md"
    assert [file.path for file in book.files if file.status is FileStatus.DELETED] == [
        "chapter_multilayer-perceptrons/mlp-concise.md",
        "chapter_multilayer-perceptrons/underfit-overfit.md",
        "chapter_recurrent-neural-networks/text-preprocessing.md",
    ]


def test_every_base_of_the_real_books_is_the_text_of_its_origin_file(real_book: Callable[[str], Path]) -> None:
    book = book_of(real_book("en"), real_book("tr"))
    english = book.source.repository
    for path, base in book.baselines.bases.items():
        if base.commit is not None:
            assert english.holds(f"{base.commit}:{base.source_path}") == base.blob, path


def test_a_synced_book_is_current(tmp_path: Path, real_book: Callable[[str], Path]) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(real_book("zh")), "zh")
    book = book_of(real_book("en"), tmp_path / "zh")
    results = {file: book.load(file).target or b"new\n" for file in book.files if file.status in ("stale", "missing")}
    add_commits(tmp_path / "zh", book.files_to_write(results))
    after = book_of(real_book("en"), tmp_path / "zh")
    left = {file.path: file.status for file in after.files if file.status is not FileStatus.CURRENT}
    untouched = {file.path: file.status for file in book.files if file.status in ("deleted", "unknown")}
    assert left == untouched
    assert replace(after, target=book.target).unmatched == ()


def test_a_companion_of_another_suffix_is_found_and_kept(tmp_path: Path) -> None:
    make_repo(tmp_path / "en", {"a.md": "One.\n"}, {"a.md": "Two.\n"})
    make_repo(tmp_path / "zh", {"a.md": "一。\n", "a_en.md": "One.\n"})
    book = book_of(tmp_path / "en", tmp_path / "zh")
    (file,) = book.files
    assert file.status is FileStatus.STALE
    assert book.files_to_write({file: "二。\n".encode()}) == {"a.md": "二。\n".encode(), "a_en.md": b"Two.\n"}
