"""`amts sync` by a language model, in front of its double: what is sent, what it costs, what people see."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.cli_run import BOOK_ZH, CHINESE, ENGLISH, WAIT, Book, Cli, Ran
from tests.support.gitrepo import add_commits
from tests.support.llm_double import KEY, MODEL, Item, LLMDouble, each

POUR, SLOWLY = "Pour the water slowly over the leaves.", "Pour the hot water slowly over the green leaves."
MATHS = "The sum is $x + y$ for now.\n"
ANSWERS = {
    WAIT.strip(): "喝之前请等四分钟。",
    "The sum is <x1>$x + y$</x1> for now.": "目前的总和是 <x1>$x + y$</x1>。",
    SLOWLY: "将热水慢慢倒在绿茶叶上。",
}
STYLE = "Write 您, never 你.\n"


def answer(item: Item) -> str:
    return ANSWERS[item["text"]]


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[LLMDouble]:
    monkeypatch.setenv("DOUBLE_KEY", KEY)
    with LLMDouble(answer) as served:
        yield served


@pytest.fixture
def book(tmp_path: Path, double: LLMDouble) -> Book:
    book = Book(tmp_path, {"zh": BOOK_ZH})
    add_commits(tmp_path / "zh", {".amts/style.zh.md": STYLE})
    prices = {"input": 1, "output": 4, "as_of": "2026-11"}
    model = {"kind": "openai", "model": MODEL, "base_url": double.url, "api_key_env": "DOUBLE_KEY", "prices": prices}
    book.configure({}, languages={"zh": {"repo": "zh", "engine": "model"}}, engines={"model": model})
    book.english({"tea.md": ENGLISH.replace(POUR, SLOWLY) + "\n" + WAIT + "\n" + MATHS})
    return book


def sync(cli: Cli, book: Book, *arguments: str) -> Ran:
    ran = cli("sync", "--config", book.config, "--json", *arguments)
    assert KEY not in ran.out + ran.err
    return ran


def report(ran: Ran) -> Any:
    assert ran.code == 0, ran.err
    languages: Any = ran.json()["languages"]
    return languages[0]


def test_only_what_changed_is_sent_with_what_people_wrote_before(cli: Cli, book: Book, double: LLMDouble) -> None:
    assert report(sync(cli, book))["outcome"] == "created"
    sent = {item["text"]: item for ask in double.asks for item in ask.items.values()}
    assert sent.keys() == ANSWERS.keys()
    assert sent[SLOWLY]["old_text"] == POUR
    assert sent[SLOWLY]["old_translation"] == "将水慢慢倒在茶叶上。"
    assert all("old_text" not in item for text, item in sent.items() if text != SLOWLY)
    assert all(STYLE.strip() in ask.body["messages"][0]["content"] for ask in double.asks)
    assert book.text("tea.md") == (
        CHINESE.replace("将水慢慢倒在茶叶上。", ANSWERS[SLOWLY]) + "\n喝之前请等四分钟。\n\n目前的总和是 $x + y$。\n"
    )
    assert f"openai ({MODEL} at 127.0.0.1:" in book.body()
    assert "style.zh.md" not in book.body()  # no file of the book


def test_it_is_quoted_billed_written_down_and_not_paid_twice(cli: Cli, book: Book, double: LLMDouble) -> None:
    quote = report(sync(cli, book, "--dry-run"))["quote"]
    assert not double.asks
    assert 0 < quote["dollars"] < 0.02
    assert "at most, at $1 and $4 per million tokens" in quote["basis"]
    report(sync(cli, book))
    assert "characters, about" in book.body()
    paid = Path(os.environ["XDG_CACHE_HOME"], "amts", "paid")
    assert {path.name for path in paid.iterdir()} >= {"answers.sqlite", "ledger"}
    assert not any(KEY.encode() in path.read_bytes() for path in book.folder.rglob("*") if path.is_file())
    # The branch is lost; its answers are not.
    add_commits(book.folder / "zh", {"note.md": "x\n"})
    report(sync(cli, book))
    assert set(double.paid.values()) == {1}


def test_what_a_model_breaks_is_left_in_english_and_shown(cli: Cli, book: Book, double: LLMDouble) -> None:
    double.always = each(lambda item: ANSWERS[item["text"]].replace("<x1>$x + y$</x1>", "十"))
    assert report(sync(cli, book))["outcome"] == "created"
    assert "\n喝之前请等四分钟。\n\nThe sum is $x + y$ for now.\n" in book.text("tea.md")
    assert "lost $x + y$; also when asked again" in book.body().replace("`", "").replace("\\", "")


def test_a_missing_key_is_one_sentence(cli: Cli, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOUBLE_KEY")
    ran = sync(cli, book)
    assert ran.code == 8
    assert "check the key in DOUBLE_KEY" in ran.out + ran.err
    assert not book.tip()
