"""A new translation through Amazon Translate: it is taught what people wrote, never its own drafts, and costs so."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.support.amazon_run import World
from tests.support.cli_run import Book, Cli
from tests.support.emulator_fixture import BUCKET, ROLE
from tests.support.gitrepo import add_commits, git

AMAZON = {"kind": "amazon", "region": "us-east-1", "bucket": BUCKET, "role": ROLE, "poll_seconds": 0.001}
_WHO = [("baker", "panadero"), ("gardener", "jardinero"), ("teacher", "maestro"), ("sailor", "marinero")]
_DOES = [("paints", "pinta"), ("measures", "mide"), ("repairs", "repara"), ("carries", "lleva"), ("admires", "admira")]
_WHAT = [("boat", "barco"), ("wall", "muro"), ("clock", "reloj"), ("piano", "piano"), ("basket", "cesto")]
_WHERE = [("at home", "en casa"), ("near the river", "cerca del río"), ("every morning", "cada mañana")]


def pairs() -> list[tuple[str, str]]:
    """300 sentences with their translations into Spanish."""
    made = [
        (f"The {who[0]} {does[0]} the {what[0]} {where[0]}.", f"El {who[1]} {does[1]} el {what[1]} {where[1]}.")
        for who, does, what, where in product(_WHO, _DOES, _WHAT, _WHERE)
    ]
    random.Random(0).shuffle(made)
    return made


PAIRS = pairs()


def chapter(texts: Sequence[str]) -> str:
    return "\n\n".join(texts) + "\n"


@pytest.fixture
def amts(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command; the count of what is taught is to be exact, so nothing is held out."""
    monkeypatch.setattr("bot.parallel_data.options.HELD_OUT", 0)
    monkeypatch.setattr("bot.parallel_data.options.MIN_SCORE", 0.0)
    return cli


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """A book in English with a translation in which nothing is translated yet."""
    files: dict[str, Any] = {"tea.md": None, "cups.md": None, "work.md": chapter([english for english, _ in PAIRS])}
    book = Book(tmp_path, {"es": {"README.txt": "Spanish\n"}}, files)
    languages = {"es": {"repo": "es", "engine": "translate", "baseline": "lock-file"}}
    book.configure({}, languages=languages, engines={"translate": AMAZON})
    return book


def sync(amts: Cli, book: Book, *arguments: str) -> str:
    """The price of the translation."""
    ran = amts("sync", "--config", book.config, "--json", *arguments)
    assert ran.code == 0, ran.err
    languages: Any = ran.json()["languages"]
    return str(languages[0]["quote"]["basis"]).partition(",")[0]


def merge(book: Book, how: str) -> None:
    folder = book.folder / "es"
    head, base = book.tip("es"), book.tip("es", "main")
    tree = git(folder, "rev-parse", f"{head}^{{tree}}")
    if how == "merge":
        head = git(folder, "commit-tree", "-p", base, "-p", head, "-m", "Merge", tree)
    elif how == "squash":
        head = git(folder, "commit-tree", "-p", base, "-m", "Update es", tree)
    elif how == "rebase":
        add_commits(folder, {"other.txt": "A person's commit in between.\n"}, branch="main")
        base = book.tip("es", "main")
        tree = git(folder, "merge-tree", "--write-tree", base, head)
        head = git(folder, "commit-tree", "-p", base, "-m", git(folder, "log", "-1", "--format=%B", head), tree)
    git(folder, "update-ref", "refs/heads/main", head, book.tip("es", "main"))


def grow(book: Book, number: int) -> None:
    """New English for the next sync."""
    book.english({f"more{number}.md": f"A new chapter, number {number}, tells of the sea.\n"})


def edited(text: str, number: int) -> Iterator[str]:
    """The paragraphs, of which people translated so many themselves."""
    for place, (paragraph, (_, spanish)) in enumerate(zip(text.rstrip("\n").split("\n\n"), PAIRS, strict=True)):
        yield spanish if place < number else paragraph


@pytest.mark.parametrize(
    "how", ["squash", *(pytest.param(how, marks=pytest.mark.sweep) for how in ("merge", "fast-forward", "rebase"))]
)
def test_drafts_are_not_taught_and_what_people_write_is(amts: Cli, book: Book, world: World, how: str) -> None:
    assert sync(amts, book, "--dry-run") == sync(amts, book) == "$15 per million"
    merge(book, how)
    grow(book, 1)
    assert sync(amts, book, "--dry-run") == sync(amts, book) == "$15 per million"
    assert not list(world.state.parallel_data)
    assert {job.parallel_data for job in world.state.jobs} == {""}
    merge(book, how)
    text = book.text("work.md", "es", "main")
    add_commits(book.folder / "es", {"work.md": chapter(list(edited(text, 250)))}, branch="main")
    grow(book, 2)
    assert sync(amts, book, "--dry-run") == "$60 per million"
    assert not list(world.state.parallel_data)
    assert sync(amts, book) == "$60 per million"
    (taught,) = list(world.state.parallel_data)
    assert taught.records == 250
    assert world.state.jobs[-1].parallel_data == "amts-es"


def test_below_the_floor_the_service_is_asked_without_and_says_why(amts: Cli, book: Book, world: World) -> None:
    sync(amts, book)
    merge(book, "merge")
    text = book.text("work.md", "es", "main")
    add_commits(book.folder / "es", {"work.md": chapter(list(edited(text, 199)))}, branch="main")
    grow(book, 1)
    ran = amts("sync", "--config", book.config)
    assert ran.code == 0, ran.err
    assert "for people wrote 199 pairs, and parallel_data_from asks for 200" in " ".join(ran.out.split())
    assert not list(world.state.parallel_data)
