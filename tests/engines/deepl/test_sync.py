"""A book that DeepL translates: sync, dry run, glossary, pairs and checks, by the commands that people use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("deepl", reason="needs the extra `deepl`")

from tests.support.cli_run import CUPS, ENGLISH, Book, Cli
from tests.support.deepl_double import KEY, DeepL

pytest_plugins = ["tests.support.cli_fixtures"]

TERMS = "| English | Spanish |\n| --- | --- |\n| kettle | tetera |\n"
BOOK_ES = {
    "tea.md": "# Té\n\nEl té es una bebida caliente de China.\n\nVierte el agua despacio sobre las hojas.\n",
    "tea_origin.md": ENGLISH,
    "cups.md": "# Tazas\n\nUna taza contiene el té caliente.\n",
    "cups_origin.md": CUPS,
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeepL]:
    monkeypatch.setenv("DEEPL_AUTH_KEY", KEY)
    with DeepL() as double:
        yield double


@pytest.fixture
def book(server: DeepL, tmp_path: Path) -> Book:
    made = Book(tmp_path, {"es": BOOK_ES})
    (tmp_path / "terms.md").write_text(TERMS, "utf-8")
    deepl = {"kind": "deepl", "server_url": server.url, "poll_seconds": 0.01, "parallel_data": "sentence"}
    made.configure(
        {}, languages={"es": {"repo": "es", "engine": "deepl", "glossary": "terms.md"}}, engines={"deepl": deepl}
    )
    return made


def test_a_new_file_is_quoted_translated_and_not_paid_for_again(cli: Cli, book: Book, server: DeepL) -> None:
    book.english({"milk.md": "# Milk\n\nPut the kettle with the $x$ litres of milk on the stove.\n"})
    quoted = cli("sync", "--dry-run", "--config", book.config)
    assert quoted.code == 0, quoted.err
    assert not server.billed
    assert "characters, $" in quoted.out + quoted.err
    ran = cli("sync", "--config", book.config)
    assert ran.code == 0, ran.err
    text = book.text("milk.md", "es")
    assert "tetera" in text
    assert "$x$" in text
    assert max(server.billed.values()) == 1
    assert KEY not in ran.out + ran.err + book.body(language="es")
    assert cli("sync", "--config", book.config).code == 0
    assert max(server.billed.values()) == 1


def test_pairs_and_terms_are_kept_at_deepl_listed_and_deleted(cli: Cli, book: Book, server: DeepL) -> None:
    pushed = cli("parallel-data", "push", "--config", book.config)
    assert pushed.code == 0, pushed.err
    assert "pushed to amts-es" in pushed.out
    assert [memory["source"] for memory in server.memories.values()] == ["en"]
    assert "in force already" in cli("parallel-data", "push", "--config", book.config).out
    assert "amts-es" in cli("parallel-data", "list", "--config", book.config).out
    assert cli("parallel-data", "delete", "--language", "es", "--config", book.config).code == 0
    assert not server.memories
    imported = cli("term", "import", "--config", book.config)
    assert imported.code == 0, imported.err
    assert len(server.glossaries) == 1
    assert cli("term", "delete", "--language", "es", "--config", book.config).code == 0
    assert not server.glossaries


def test_check_asks_for_the_usage(cli: Cli, book: Book) -> None:
    ran = cli("check", "--services", "--config", book.config)
    assert ran.code == 0, ran.err
    assert "0 of 1,000,000 characters of this billing period are used" in ran.out


def test_a_quota_that_is_used_up_ends_the_sync_with_what_to_do(cli: Cli, book: Book, server: DeepL) -> None:
    server._limit = 0
    book.english({"milk.md": "# Milk\n\nPut the kettle with the milk on the stove.\n"})
    ran = cli("sync", "--config", book.config)
    assert ran.code != 0
    assert "the characters of this billing period are used up: raise the limit in DeepL's account" in ran.err
    assert not book.tip("es")
