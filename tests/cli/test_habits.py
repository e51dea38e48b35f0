"""`amts habits`: what was learned from a translation's history, for people and as JSON."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.cli_run import BOOK_ZH, Book, Cli
from tests.support.gitrepo import Content, add_commits, git

TEA = {
    "Green tea grows in 12 gardens.": "绿茶长在12个花园里。",
    "Black tea is drunk with milk.": "红茶加牛奶喝。",
    "The water must be very hot.": "水必须很热。",
    "The leaves float in the cup.": "茶叶漂在杯子里。",
    "A good pot keeps it warm.": "好的茶壶可以保温。",
}
PLAIN = "Serve 12 guests at a time.", "一次招待12位客人。"


def page(sentences: list[str], title: str = "Tea") -> str:
    """The formulas make sure of the alignment."""
    return f"# {title}\n" + "".join(f"\n{sentence}\n\n$$t = {number}$$\n" for number, sentence in enumerate(sentences))


def in_fifteen(sentences: list[str]) -> list[str]:
    return [sentences[0].replace("12", "15"), *sentences[1:]]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """People brought a page in step in which five sentences of six got marks, and left these out."""
    english, chinese = [*TEA, PLAIN[0]], [*TEA.values(), PLAIN[1]]
    first: dict[str, Content] = {"kinds_origin.md": page(english), "kinds.md": page(chinese, "茶")}
    book = Book(tmp_path, {"zh": {**BOOK_ZH, **first}}, {"kinds.md": page(english)})
    english, chinese = in_fifteen(english), in_fifteen(chinese)
    marked = [f"**{sentence}**" for sentence in english[:5]] + english[5:]
    add_commits(book.folder / "zh", {"kinds_origin.md": page(marked), "kinds.md": page(chinese, "茶")})
    return book


def test_habits_are_shown_with_their_cases_and_what_they_mean(cli: Cli, book: Book) -> None:
    ran = cli("habits", "-c", book.config)
    assert ran.code == 0
    assert "learned from 5 sentences that people brought in step with the English" in ran.out
    assert "mark: not carried over, since people left it in 5 of 5 cases" in ran.out
    assert "number: carried over; 1 case is too few or too divided to go by" in ran.out
    assert "Green tea" not in ran.out


def test_habits_as_json(cli: Cli, book: Book) -> None:
    data = cli("habits", "-c", book.config, "--language", "zh", "--json").json()["languages"]
    assert isinstance(data, dict)
    assert data["zh"]["revisions"] == 5
    assert data["zh"]["kinds"] == {
        "number": {"carried": 1, "left": 0, "habit": "undecided"},
        "mark": {"carried": 0, "left": 5, "habit": "left"},
    }
    assert "examples" not in data["zh"]


def test_examples_are_the_sentences_that_a_habit_was_learned_from(cli: Cli, book: Book) -> None:
    ran = cli("habits", "-c", book.config, "--examples")
    shown = (
        "Green tea grows in 12 gardens.",
        "**Green tea grows in 15 gardens.**",
        "绿茶长在12个花园里。",
        "绿茶长在15个花园里。",
    )
    assert all(text in ran.out for text in shown)
    # The newest three of a kind will do.
    assert "A good pot keeps it warm." not in ran.out
    data = cli("habits", "-c", book.config, "--examples", "--json").json()["languages"]
    assert isinstance(data, dict)
    (number,) = data["zh"]["examples"]["number"]["carried over"]
    assert number == dict(zip(("base", "new", "before", "after"), shown, strict=True), path="kinds.md")


def test_a_history_without_revisions_is_said_to_hold_none(cli: Cli, tmp_path: Path) -> None:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    ran = cli("habits", "-c", book.config)
    assert ran.code == 0
    assert "nothing is learned, so the defaults apply: no one brought a translation in step" in ran.out
    data = cli("habits", "-c", book.config, "--json").json()["languages"]
    learned = {"sign_inside": None, "retranslate_below": None}
    assert data == {"zh": {"revisions": 0, "kinds": {}, **learned, "kept": [], "meaning": []}}


def test_a_sync_leaves_what_this_books_people_leave(cli: Cli, book: Book) -> None:
    english = git(book.folder / "zh", "show", "main:kinds_origin.md") + "\n"
    chinese = git(book.folder / "zh", "show", "main:kinds.md") + "\n"
    book.english({"kinds.md": english.replace(PLAIN[0], f"**{PLAIN[0].replace('12', '14')}**")})
    assert cli("sync", "-c", book.config).code == 0
    assert book.text("kinds.md") == chinese.replace(PLAIN[1], PLAIN[1].replace("12", "14"))


def test_what_the_engine_would_have_made_of_past_changes(cli: Cli, book: Book) -> None:
    """People replaced a noun; this program knows that noun, and writes everything else in its own way."""
    english = ["The tall tree stands near the old bridge.", "Our neighbour sells fresh bread on Monday."]
    chinese = ["那棵高大的树就在旧桥附近。", "我们的邻居星期一卖新鲜面包。"]
    add_commits(book.folder / "en", {"more.md": page(english)})
    add_commits(book.folder / "zh", {"more_origin.md": page(english), "more.md": page(chinese, "茶")})
    english = [english[0].replace("bridge", "house"), english[1].replace("bread", "meat")]
    chinese = [chinese[0].replace("旧桥", "旧房子"), chinese[1].replace("面包", "肉")]
    add_commits(book.folder / "zh", {"more_origin.md": page(english), "more.md": page(chinese, "茶")})
    program = (
        "import re, sys\nwords = {'bridge': '桥', 'house': '房子', 'bread': '面包', 'meat': '肉', 'old': '旧',"
        " 'fresh': '新鲜'}\nfor line in sys.stdin:\n"
        "  print(''.join(words.get(word, '某') for word in re.findall(r'\\w+', line)) + '。')\n"
    )
    engine = {"kind": "command", "command": [sys.executable, "-I", "-c", program], "protocol": "lines"}
    book.configure({}, languages={"zh": {"repo": "zh", "engine": "own"}}, engines={"own": engine})
    data = cli("habits", "-c", book.config, "--changed", "--json").json()["languages"]
    assert isinstance(data, dict)
    changed = data["zh"]["changed"]
    assert (changed["sentences"], changed["best"]) == (2, None)
    exact = {way: figures["exact"] for way, figures in changed["ways"].items()}
    assert exact == {"keep": 0, "repair": 2, "retranslate": 0}
    assert changed["ways"]["repair"]["chrf"] == 100
    shown = cli("habits", "-c", book.config, "--changed").out
    assert "of 2 sentences whose English got other words, this engine would have made:" in shown
    assert "these are too few to say which does best" in shown


def test_an_engine_that_translates_nothing_has_nothing_to_compare(cli: Cli, book: Book) -> None:
    ran = cli("habits", "-c", book.config, "--changed")
    assert ran.code == 2
    assert "the engine memory translates nothing" in ran.err
