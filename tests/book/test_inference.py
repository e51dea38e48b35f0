"""Inferring which English a translation was made from, where the language repository recorded nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.alignment import align
from bot.alignment.revisions import (
    EnglishRevision,
    TranslationVersion,
    anchor_distances,
    measure_fit,
    read_anchors,
    weigh,
)
from bot.book.baselines import Paths
from bot.book.history import read_history
from bot.book.inference import Infer
from bot.book.lock_file import LOCK_PATH, parse_lock
from bot.book.state import Book, FileStatus, TranslatedFile, read_book
from bot.book.timelines import read_editions
from bot.documents import parse
from bot.forge.git import Repository
from bot.model import Direction, Language
from tests.support.gitrepo import Content, add_commits, git, make_repo

ENGLISH = Language("en", "English")
SPANISH = Language("es", "Spanish")
DAY = 86_400.0

FIRST = """# Averages

The mean of $n$ numbers is their sum divided by $n$.
It is computed by `mean(x)`.

```python
mean([1, 2, 3])
```

A single large number moves the mean a lot.
"""
SECOND = FIRST.replace("by $n$.", "by $n$, see :numref:`fig_mean`.").replace("3])", "3, 4])")
THIRD = SECOND.replace("`mean(x)`", "`np.mean(x)`").replace("A single", "With 100 numbers, a single")

PLAIN_SPANISH = """# Medias

La media de $n$ números es su suma dividida entre $n${ref}.
Se calcula con `{call}`.

```python
mean([1, 2, 3{more}])
```

{many}un solo número grande mueve mucho la media.
"""


def spanish(*, ref: str = "", call: str = "mean(x)", more: str = "", many: str = "") -> str:
    return PLAIN_SPANISH.format(ref=ref, call=call, more=more, many=many)


OF_FIRST = spanish()
OF_SECOND = spanish(ref=", véase :numref:`fig_mean`", more=", 4")


def book_of(folder: Path, paths: Paths | None = None) -> Book:
    english = Repository.open(folder / "en", folder / "cache")
    translated = Repository.open(folder / "es", folder / "cache")
    head = english.head("main")
    return read_book(
        english.snapshot(head),
        read_history(english, head),
        translated.snapshot(translated.head("main")),
        Infer(Direction(ENGLISH, SPANISH)),
        paths or Paths(),
    )


def make_book(folder: Path, english: Sequence[Mapping[str, Content]], *translated: Mapping[str, Content]) -> Book:
    make_repo(folder / "en", *english)
    # Commits are dated by their number: the translation is younger than the English.
    make_repo(folder / "es", *({"README": f"{number}\n"} for number in range(len(english))), *translated)
    return book_of(folder)


def the(book: Book, path: str) -> TranslatedFile:
    (file,) = [file for file in book.files if file.path == path]
    return file


def test_the_revision_that_the_translation_shows_is_its_base(tmp_path: Path) -> None:
    book = make_book(tmp_path, [{"a.md": FIRST}, {"a.md": SECOND}, {"a.md": THIRD}], {"a.md": OF_SECOND})
    file = the(book, "a.md")
    assert book.load(file).base == SECOND.encode()
    assert file.status is FileStatus.STALE


def test_a_guess_comes_with_its_confidence(tmp_path: Path) -> None:
    book = make_book(tmp_path, [{"a.md": FIRST}, {"a.md": SECOND}], {"a.md": OF_SECOND})
    file = the(book, "a.md")
    assert file.status is FileStatus.CURRENT
    assert file.base is not None
    assert file.base.commit is not None
    assert file.reason.startswith(f"its English is inferred: {file.base.commit[:10]} of 2020-09-13, ")
    assert "% sure; its sentences score " in file.reason


def test_renames_of_the_english_are_followed(tmp_path: Path) -> None:
    english: list[Mapping[str, Content]] = [
        {"a.md": FIRST},
        {"a.md": SECOND},
        {"a.md": None, "sub/b.md": SECOND},
        {"sub/b.md": THIRD},
    ]
    book = make_book(tmp_path, english, {"sub/b.md": OF_SECOND})
    assert book.load(the(book, "sub/b.md")).base == SECOND.encode()


def test_a_translation_that_follows_a_rename_says_how_sure_its_base_is(tmp_path: Path) -> None:
    book = make_book(tmp_path, [{"a.md": FIRST}, {"a.md": None, "sub/b.md": FIRST}], {"a.md": OF_FIRST})
    assert the(book, "a.md").reason.startswith("a.md was renamed to sub/b.md; its English is inferred: ")


def test_the_english_of_after_the_translation_is_never_its_base(tmp_path: Path) -> None:
    make_repo(tmp_path / "en", {"a.md": FIRST}, {"README": "1"}, {"README": "2"}, {"a.md": SECOND})
    make_repo(tmp_path / "es", {"README": "1"}, {"a.md": OF_SECOND})
    book = book_of(tmp_path)
    assert book.load(the(book, "a.md")).base == FIRST.encode()


def test_of_equal_revisions_the_newest_when_it_was_written_is_taken(tmp_path: Path) -> None:
    typo, mended, later = FIRST.replace("large", "lagre"), FIRST, FIRST.replace("a lot", "much")
    make_repo(tmp_path / "en", {"a.md": typo}, {"a.md": mended}, {"README": "1"}, {"a.md": later})
    make_repo(tmp_path / "es", {"README": "1"}, {"README": "2"}, {"a.md": OF_FIRST})
    book = book_of(tmp_path)
    assert book.load(the(book, "a.md")).base == mended.encode()


def test_code_that_translators_ported_later_does_not_hide_what_they_translated(tmp_path: Path) -> None:
    ported = OF_FIRST.replace("3])", "3, 4])")
    english = [{"a.md": FIRST}, {"a.md": FIRST.replace("3])", "3, 4])").replace("numbers", "values")}]
    make_repo(tmp_path / "en", english[0])
    make_repo(tmp_path / "es", {"README": "1"}, {"a.md": OF_FIRST}, {"README": "2"}, {"a.md": ported})
    add_commits(tmp_path / "en", {"README": "1"}, {"README": "2"}, english[1])
    book = book_of(tmp_path)
    assert book.load(the(book, "a.md")).base == FIRST.encode()


def test_a_file_that_translates_nothing_of_its_english_is_unknown_and_says_so(tmp_path: Path) -> None:
    poem = "Verde que te quiero verde. Verde viento.\n\nEl barco sobre la mar y el caballo en la montaña.\n"
    book = make_book(tmp_path, [{"a.md": FIRST}], {"a.md": poem})
    file = the(book, "a.md")
    assert file.status is FileStatus.UNKNOWN
    assert "no revision of a.md aligns with it (the best scores " in file.reason


def test_a_translation_that_is_no_text_is_unknown(tmp_path: Path) -> None:
    book = make_book(tmp_path, [{"a.md": FIRST}], {"a.md": b"\xff\xfe\x00"})
    assert the(book, "a.md").status is FileStatus.UNKNOWN


def test_the_first_pull_request_records_every_guess(tmp_path: Path) -> None:
    english = [{"a.md": FIRST, "b.md": FIRST}, {"a.md": SECOND}]
    book = make_book(tmp_path, english, {"a.md": OF_FIRST, "b.md": OF_FIRST})
    files = book.files_to_write({the(book, "a.md"): OF_SECOND.encode()})
    lock = files[LOCK_PATH]
    assert lock is not None
    recorded = parse_lock(lock)
    assert recorded["a.md"].blob == book.source.entries["a.md"].blob
    assert recorded["b.md"] == the(book, "b.md").base


def test_what_is_recorded_is_not_guessed_again(tmp_path: Path) -> None:
    first = make_book(tmp_path, [{"a.md": FIRST, "b.md": FIRST}, {"a.md": SECOND}], {"a.md": OF_FIRST})
    files = first.files_to_write({the(first, "a.md"): OF_FIRST.encode()})
    add_commits(tmp_path / "es", files, {"b.md": OF_FIRST})
    book = book_of(tmp_path)
    assert (the(book, "a.md").status, the(book, "a.md").reason) == (FileStatus.CURRENT, "")
    assert the(book, "b.md").reason.startswith("its English is inferred")


def test_a_book_that_follows_a_release_is_based_on_it(tmp_path: Path) -> None:
    """The last file shows no difference between release and head, and would else be taken for newer."""
    names = [f"{number}.md" for number in range(6)]
    later = dict.fromkeys(names[:-1], THIRD) | {"5.md": FIRST.replace("a lot", "much")}
    make_repo(tmp_path / "en", dict.fromkeys(names[:-1], SECOND) | {"5.md": FIRST}, later)
    git(tmp_path / "en", "tag", "v1", "main~1")
    translated = dict.fromkeys(names[:-1], OF_SECOND) | {"5.md": OF_FIRST}
    make_repo(tmp_path / "es", {"README": "1"}, {"README": "2"}, translated)
    book = book_of(tmp_path)
    assert book.load(the(book, "5.md")).base == FIRST.encode()


def test_an_edition_knows_how_much_of_it_still_stands(tmp_path: Path) -> None:
    make_repo(tmp_path / "es", {"a.md": "1\n2\n3\n4\n"}, {"a.md": "1\n2\n3\n5\n"}, {"b.md": "b\n"})
    repository = Repository.open(tmp_path / "es", tmp_path / "cache")
    editions = read_editions(repository, repository.head("main"))
    assert [edition.share for edition in editions["a.md"]] == [0.75, 0.25]
    assert [edition.share for edition in editions["b.md"]] == [1.0]


def test_a_file_that_was_deleted_begins_anew(tmp_path: Path) -> None:
    make_repo(tmp_path / "es", {"a.md": "1\n"}, {"a.md": None}, {"a.md": "2\n"})
    repository = Repository.open(tmp_path / "es", tmp_path / "cache")
    (edition,) = read_editions(repository, repository.head("main"))["a.md"]
    assert repository.read(edition.blob) == b"2\n"


def test_anchors_are_what_every_language_shares() -> None:
    assert set(read_anchors(OF_SECOND)) == set(read_anchors(SECOND))


def test_comments_in_code_are_no_anchors() -> None:
    assert read_anchors("```\nx = 1  # one\n```\n") == read_anchors("```\nx = 1  # uno\n```\n")


def test_what_translators_add_to_every_revision_says_nothing() -> None:
    revisions = [EnglishRevision(Counter(names), ((0.0, DAY),)) for names in ("ab", "abc")]
    version = TranslationVersion(Counter("abxyz"), DAY, 1.0)
    assert anchor_distances(revisions, [version]).tolist() == [[0.0, 1.0]]


def test_a_commit_soon_after_a_revision_follows_it() -> None:
    """Small as it is, beside the edition that brought the text."""
    revisions = [
        EnglishRevision(Counter("a"), ((0.0, 100 * DAY),)),
        EnglishRevision(Counter("a"), ((100 * DAY, 900 * DAY),)),
    ]
    written = TranslationVersion(Counter("a"), 50 * DAY, 0.98)
    prompt, late = (TranslationVersion(Counter("a"), (100 + delay) * DAY, 0.02) for delay in (0.01, 20))
    assert weigh(revisions, [written, prompt]).argmax() == 1
    assert weigh(revisions, [written, late]).argmax() == 0


@pytest.mark.parametrize(("target", "linked"), [(OF_FIRST, True), ("Nada que ver, ni una palabra.\n", False)])
def test_the_fit_of_a_translation_is_high_and_that_of_another_text_low(target: str, linked: bool) -> None:
    documents = parse(FIRST, ENGLISH), parse(target, SPANISH)
    fit = measure_fit(*documents, align(*documents, Direction(ENGLISH, SPANISH)))
    assert (fit.linked > 0.7) is linked
    assert (fit.alone == 0) is linked
