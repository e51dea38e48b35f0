"""What people correct again and again is proposed as a term in the next pull request; once accepted, it is followed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.book.cache import Cache
from bot.comments.commands import COMMANDS
from bot.comments.parsing import parse_comment
from bot.comments.term import AddTerm
from bot.engines import BUILT_IN
from bot.glossary.mining import MiningSentence, TermProposal
from bot.report.terms import TermOffer, read_offers, terms_section
from tests.support.cli_run import Book, Cli
from tests.support.gitrepo import add_commits, git
from tests.support.stubborn import RIGHT, TERM, WRONG, Stubborn, with_term, without_term

Pairs = Sequence[tuple[str, str]]
TITLE = "## Terms that people correct"


@pytest.fixture
def amts(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setitem(BUILT_IN, "memory", "tests.support.stubborn:StubbornSettings")
    monkeypatch.setattr(Stubborn, "heeds", True)
    # So few sentences teach the aligner too little to be sure.
    monkeypatch.setattr("bot.parallel_data.term_sentences.MIN_SCORE", 0.0)
    return cli


def chapter(pairs: Pairs, side: int) -> str:
    return "\n\n".join(pair[side] for pair in pairs) + "\n"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Translated but for its newest chapter, in which the machine does not know the term."""
    pairs = without_term()[::2]
    files = {"fruit.md": chapter(pairs, 1), "fruit_origin.md": chapter(pairs, 0)}
    book = Book(tmp_path, {"zh": files}, {"fruit.md": chapter(pairs, 0), "tea.md": None, "cups.md": None})
    book.english({"one.md": chapter([*with_term(WRONG, 0), *without_term()[1::2]], 0)})
    configure(book)
    return book


def configure(book: Book, *, glossary: str = "", measure: bool = True) -> None:
    book.configure({}, languages={"zh": {"repo": "zh", "measure": measure, "glossary": glossary}})


def sync(amts: Cli, book: Book, outcome: str) -> None:
    ran = amts("sync", "--config", book.config, "--json")
    assert ran.code == 0, ran.err
    languages = ran.json()["languages"]
    assert isinstance(languages, list)
    assert [one["outcome"] for one in languages] == [outcome]


def correct(book: Book, path: str) -> None:
    """A reviewer's commit: the right word in place of the machine's."""
    text = book.text(path)
    assert WRONG in text
    add_commits(book.folder / "zh", {path: text.replace(WRONG, RIGHT)}, branch="amts/zh")


def merge(book: Book) -> None:
    git(book.folder / "zh", "update-ref", "refs/heads/main", "refs/heads/amts/zh")


@pytest.fixture
def proposed(amts: Cli, book: Book) -> Book:
    """After a merge with corrections: the second pull request is open, and proposes."""
    sync(amts, book, "created")
    assert TITLE not in book.body(1)
    correct(book, "one.md")
    merge(book)
    book.english({"two.md": chapter(with_term(WRONG, 1), 0)})
    sync(amts, book, "created")
    return book


def section(book: Book, number: int) -> str:
    _, title, rest = book.body(number).partition(TITLE)
    return title + rest.partition("</details>")[0]


def test_a_term_that_people_correct_is_proposed_with_its_evidence_and_what_accepts_it(proposed: Book) -> None:
    text = section(proposed, 2)
    (row,) = [line for line in text.splitlines() if f"`{TERM}`" in line]
    assert f"| `{TERM}` | `{RIGHT}` | `{WRONG}` | `{TERM},{RIGHT}` | 6 of 6 | 1 | 6 of 6 |" in row
    assert "- `We drew the saddle point beside the apple.`\n  - people: `我们把鞍点画在苹果旁边。`" in text
    assert "  - machine: `我们把山口画在苹果旁边。`" in text
    assert read_offers(proposed.body(2)) == {(TERM, RIGHT)}


def test_accepted_in_the_glossary_it_is_followed_and_proposed_no_more(amts: Cli, proposed: Book) -> None:
    (proposed.folder / "terms.csv").write_text(f"en,zh\n{TERM},{RIGHT}\n", "utf-8")
    configure(proposed, glossary="terms.csv")
    correct(proposed, "two.md")
    merge(proposed)
    proposed.english({"three.md": chapter(with_term(WRONG, 2), 0)})
    sync(amts, proposed, "created")
    assert f"{TERM},{RIGHT}" in Stubborn.glossary
    assert proposed.text("three.md") == chapter(with_term(RIGHT, 2), 1)
    assert TITLE not in proposed.body(3)
    assert "the glossary has" not in proposed.body(3)


def test_recorded_by_a_comment_it_is_a_term_of_the_next_request(amts: Cli, proposed: Book) -> None:
    add_commits(proposed.folder / "zh", {".amts/glossary.zh.csv": f"en,zh\n{TERM},{RIGHT}\n"}, branch="amts/zh")
    proposed.english({"three.md": chapter(with_term(WRONG, 2), 0)})
    sync(amts, proposed, "updated")
    assert f"{TERM},{RIGHT}" in Stubborn.glossary
    assert TITLE not in proposed.body(2)


def test_a_draft_that_does_not_follow_an_accepted_term_is_marked_whatever_the_engine(
    amts: Cli, proposed: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stubborn, "heeds", False)
    (proposed.folder / "terms.csv").write_text(f"en,zh\n{TERM},{RIGHT}\n", "utf-8")
    configure(proposed, glossary="terms.csv")
    merge(proposed)
    proposed.english({"three.md": chapter(with_term(WRONG, 2), 0)})
    sync(amts, proposed, "created")
    assert proposed.body(3).count("the glossary has") == 6


def test_what_was_merged_and_not_accepted_is_not_proposed_again(amts: Cli, proposed: Book) -> None:
    correct(proposed, "two.md")
    merge(proposed)
    proposed.english({"three.md": chapter(with_term(WRONG, 2), 0)})
    sync(amts, proposed, "created")
    assert TITLE not in proposed.body(3)


def test_an_update_of_the_pull_request_proposes_still(amts: Cli, proposed: Book) -> None:
    proposed.english({"three.md": chapter(with_term(WRONG, 2), 0)})
    sync(amts, proposed, "updated")
    assert read_offers(proposed.body(2)) == {(TERM, RIGHT)}


@pytest.mark.parametrize("corrected", [1, 6])
def test_corrections_propose_a_term_with_the_evidence_of_the_book_and_one_is_a_slip(
    amts: Cli, book: Book, corrected: int
) -> None:
    old = with_term(RIGHT, 3)
    new = [*with_term(WRONG, 0)[:corrected], *without_term()[1::2]]
    book.english({"old.md": chapter(old, 0), "one.md": chapter(new, 0)})
    add_commits(book.folder / "zh", {"old.md": chapter(old, 1), "old_origin.md": chapter(old, 0)})
    sync(amts, book, "created")
    correct(book, "one.md")
    merge(book)
    book.english({"two.md": chapter(with_term(WRONG, 1), 0)})
    sync(amts, book, "created")
    assert ("| 12 of 12 | 2 | 6 of 6 |" in section(book, 2)) == (corrected == 6)
    assert (TITLE in book.body(2)) == (corrected == 6)


def test_nothing_is_proposed_where_nothing_is_measured(amts: Cli, book: Book) -> None:
    configure(book, measure=False)
    sync(amts, book, "created")
    correct(book, "one.md")
    merge(book)
    book.english({"two.md": chapter(with_term(WRONG, 1), 0)})
    sync(amts, book, "created")
    assert TITLE not in book.body(2)


def test_without_a_cache_the_same_is_proposed(amts: Cli, proposed: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    before = section(proposed, 2)
    monkeypatch.setattr(Cache, "get", lambda *_: None)
    proposed.english({"fruit.md": chapter(without_term()[2::2], 0)})
    sync(amts, proposed, "updated")
    assert section(proposed, 2) == before


def test_the_corrected_sentences_are_taught_and_the_drafts_are_not(amts: Cli, proposed: Book) -> None:
    ran = amts(
        "parallel-data", "build", "--config", proposed.config, "-o", proposed.folder / "data", "--min-score", "0"
    )
    assert ran.code == 0, ran.err
    lines = (proposed.folder / "data" / "zh.pairs.jsonl").read_text("utf-8").splitlines()
    found = {(one["source"], one["target"]) for one in map(json.loads, lines)}
    assert found.issuperset(with_term(RIGHT, 0))
    assert not found.intersection(with_term(WRONG, 0))


@pytest.fixture
def repeated(amts: Cli, book: Book) -> Book:
    """After a merge: the same sentences were drafted for four chapters, and corrected in one."""
    pairs = with_term(WRONG, 0)
    others = {f"same{number}.md": chapter([*pairs, *without_term()[number::2]], 0) for number in range(3)}
    book.english(others)
    sync(amts, book, "created")
    correct(book, "one.md")
    merge(book)
    return book


def taught(amts: Cli, book: Book) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Fate and origin of each pair with the term, in the order of the paths, as `amts parallel-data build` tells."""
    folder = book.folder / "data"
    options = "--held-out", "0", "--min-score", "0"
    ran = amts("parallel-data", "build", "--config", book.config, "-o", folder, *options)
    assert ran.code == 0, ran.err
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in map(json.loads, (folder / "zh.pairs.jsonl").read_text("utf-8").splitlines()):
        if one["source"] in dict(with_term(WRONG, 0)):
            found.setdefault((one["source"], one["target"]), []).append((one["fate"], one["origin"]))
    return found


@pytest.mark.parametrize("measure", [True, False])
def test_a_correction_in_one_place_is_taught_and_not_the_drafts_merged_unread_in_three(
    amts: Cli, repeated: Book, measure: bool
) -> None:
    configure(repeated, measure=measure)
    corrected = {pair: [("kept", "human")] for pair in with_term(RIGHT, 0)}
    unread = {pair: [("machine translation", "machine")] * 3 for pair in with_term(WRONG, 0)}
    assert taught(amts, repeated) == corrected | unread
    assert taught(amts, repeated) == corrected | unread  # from the cache


def test_a_draft_that_nobody_corrected_is_not_taught_and_said_to_be_the_machines(amts: Cli, repeated: Book) -> None:
    add_commits(repeated.folder / "zh", {"one.md": repeated.text("one.md", branch="main").replace(RIGHT, WRONG)})
    unread = [("machine translation", "machine")] * 4
    assert taught(amts, repeated) == dict.fromkeys(with_term(WRONG, 0), unread)


def test_the_words_of_people_that_a_machine_repeats_elsewhere_stay_theirs(amts: Cli, book: Book) -> None:
    """As one does that was taught them: two chapters of people have what is drafted now, a third one other words."""
    old = {"a.md": with_term(WRONG, 0), "b.md": with_term(WRONG, 0), "c.md": with_term(RIGHT, 0)}
    book.english({path: chapter(pairs, 0) for path, pairs in old.items()})
    origins = {path.replace(".", "_origin."): chapter(pairs, 0) for path, pairs in old.items()}
    add_commits(book.folder / "zh", origins | {path: chapter(pairs, 1) for path, pairs in old.items()})
    sync(amts, book, "created")
    merge(book)
    found = taught(amts, book)
    for pair in with_term(WRONG, 0):
        assert found[pair] == [("kept", "human"), ("duplicate", "human"), ("machine translation", "machine")]
    for pair in with_term(RIGHT, 0):
        assert found[pair] == [("contradiction", "human")]


def offer(source: str = TERM, target: str = RIGHT) -> TermOffer:
    example = MiningSentence(f"See the {source}.", f"看{target}。", "a.md", f"看{WRONG}。")
    one = TermProposal(source, target, 9, 8, 2, (), 4, 3, WRONG, 1.0, (example,))
    return TermOffer(one, f'/amts term add "{source}" = "{target}"')


def test_the_command_is_in_the_middle_of_its_line_and_does_what_it_says() -> None:
    text = terms_section([offer()], 3_000, by_comment=True)
    assert not any(line.startswith("/amts") for line in text.splitlines())
    (line,) = [line for line in text.splitlines() if "/amts" in line]
    (command,) = [cell for cell in line.split("`") if cell.startswith("/amts")]
    assert parse_comment(command, COMMANDS) == AddTerm(TERM, RIGHT)
    assert "as a comment here" in text


def test_the_section_keeps_to_its_room_and_drops_examples_first() -> None:
    offers = [offer(f"term {number}") for number in range(10)]
    whole = terms_section(offers, 10_000, by_comment=True)
    assert whole.count("people: ") == 10
    for room in range(400, len(whole) + 1, 97):
        text = terms_section(offers, room, by_comment=True)
        assert len(text) <= room
        rows = sum("/amts" in line for line in text.splitlines())
        assert {source for source, _ in read_offers(text)} == {f"term {number}" for number in range(rows)}
        assert rows == 10 or "people: " not in text
    assert terms_section(offers, 100, by_comment=True) == terms_section([], 3_000, by_comment=True) == ""


@pytest.mark.parametrize("body", ["", "<!-- amts:terms x -->", "<!-- amts:terms eJyrVkrLz1eyUkpKLFKqBQAdzAQz -->"])
def test_a_damaged_body_offers_nothing(body: str) -> None:
    assert read_offers(body) == frozenset()
