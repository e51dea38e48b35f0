"""Inferring the English of pages of a few sentences, which teach an aligner hardly a word."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from bot.alignment.revisions import looks_translated
from bot.book.baselines import Paths
from bot.book.history import read_history
from bot.book.inference import Infer
from bot.book.state import Book, FileStatus, TranslatedFile, read_book
from bot.documents import parse
from bot.forge.git import Repository
from bot.model import Direction, Language
from tests.support.gitrepo import Content, make_repo

ENGLISH = Language("en", "English")
SPANISH = Language("es", "Spanish")

SMALL = """# Cleaning

Wash it after each meal.
Never use soap.

Dry it with a cloth.
"""
SMALL_SPANISH = """# Limpieza

Hay que lavarla cuando se ha comido.
El jabón, jamás.

Con un paño se seca.
"""
NOUNS = {
    "cook": "cocinero", "pot": "olla", "cup": "taza", "fire": "fuego",
    "child": "niño", "dog": "perro", "river": "río", "tree": "árbol",
}  # fmt: skip
VERBS = {"watches": "mira", "carries": "lleva", "finds": "encuentra", "forgets": "olvida"}


def book_of(folder: Path, english: list[Mapping[str, Content]], spanish: Mapping[str, Content]) -> Book:
    """The translation is as young as the first English."""
    make_repo(folder / "en", *english)
    make_repo(folder / "es", spanish)
    source, target = (Repository.open(folder / name, folder / "cache") for name in ("en", "es"))
    commit, published = source.head("main"), target.snapshot(target.head("main"))
    strategy = Infer(Direction(ENGLISH, SPANISH))
    return read_book(source.snapshot(commit), read_history(source, commit), published, strategy, Paths())


def the(book: Book, path: str) -> TranslatedFile:
    (file,) = [file for file in book.files if file.path == path]
    return file


def test_a_small_page_gets_a_base_by_what_else_it_shares_with_its_english(tmp_path: Path) -> None:
    book = book_of(tmp_path, [{"a.md": SMALL}, {"a.md": SMALL.replace("each", "every")}], {"a.md": SMALL_SPANISH})
    assert book.load(the(book, "a.md")).base == SMALL.encode()
    assert the(book, "a.md").status is FileStatus.STALE
    certainty = book.baselines.certainties["a.md"]
    assert 5 <= certainty.linked < 50
    # It may be no translation at all.
    assert 50 < certainty.sure < 99
    assert f"{certainty.sure}% sure" in book.baselines.notes["a.md"]


@pytest.mark.parametrize(
    "text",
    [
        SMALL_SPANISH.replace("\n\nCon", "\nCon").replace("# Limpieza\n\n", ""),
        SMALL_SPANISH.replace("El jabón, jamás.", "El jabón, que tantos usan en la cocina de casa, no se usa jamás."),
        "# Limpieza\n\nHay que lavarla.\n",
        SMALL_SPANISH.replace("comido.", "comido, 3 o 4 veces, con `agua()` de [aquí](https://example.org)."),
        SMALL_SPANISH + "\n- Uno\n- Dos\n- Tres\n",
    ],
    ids=["shape", "lengths", "sentences", "links", "items"],
)
def test_a_small_page_that_differs_from_its_english_stays_unknown(tmp_path: Path, text: str) -> None:
    book = book_of(tmp_path, [{"a.md": SMALL}], {"a.md": text})
    file = the(book, "a.md")
    assert (file.status, "aligns with it" in file.reason) == (FileStatus.UNKNOWN, True), file.reason


def test_a_page_without_any_mark_is_compared_by_its_lengths() -> None:
    english = parse("Two short lines here. And one more of the same.\n", ENGLISH)
    spanish = (
        "Dos líneas cortas aquí. Y otra más de lo mismo.\n",
        "Dos. Y otra línea mucho más larga de lo mismo aquí.\n",
    )
    assert [looks_translated(english, parse(text, SPANISH), 0.1, None) for text in spanish] == [True, False]


def test_a_large_page_that_links_badly_is_no_translation() -> None:
    documents = parse(SMALL * 5, ENGLISH), parse(SMALL_SPANISH * 5, SPANISH)
    assert not looks_translated(*documents, 0.3, None)
    assert looks_translated(parse(SMALL, ENGLISH), parse(SMALL_SPANISH, SPANISH), 0.3, None)


def test_the_usual_length_of_translations_is_taken_into_account() -> None:
    documents = parse(SMALL, ENGLISH), parse(SMALL_SPANISH, SPANISH)
    assert [looks_translated(*documents, 0.3, usual) for usual in (0.3, 1.2, 3.0)] == [False, True, False]


def test_the_rest_of_the_book_teaches_the_words_of_a_small_page(tmp_path: Path) -> None:
    sentences = [
        (f"The {a} {verb} the {b}.", f"{NOUNS[a].capitalize()} {VERBS[verb]} {NOUNS[b]}.")
        for a, b in permutations(NOUNS, 2)
        for verb in VERBS
    ]
    Random(3).shuffle(sentences)
    # A sentence more than the translation has: its shape says little.
    page = [*sentences[:2], ("Nobody knows why this is so.", "")]
    chapters = {f"{at:03}.md": sentences[at : at + 16] for at in range(16, 224, 16)}

    def texts(pages: Mapping[str, list[tuple[str, str]]], side: int) -> dict[str, Content]:
        return {name: "\n\n".join(filter(None, (row[side] for row in rows))) + "\n" for name, rows in pages.items()}

    linked = []
    for name, pages in (("alone", {"a.md": page}), ("taught", {"a.md": page, **chapters})):
        book = book_of(tmp_path / name, [texts(pages, 0)], texts(pages, 1))
        linked.append(book.baselines.certainties["a.md"].linked if "a.md" in book.baselines.bases else 0)
    assert linked[0] == 0
    assert linked[1] > 50
