"""`amts parallel-data build`: what it writes, that it writes it again, and that a changed file costs that file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.memory import language_detection
from bot.parallel_data import book_pairs, extraction
from tests.support.cli_run import BOOK_ZH, CHINESE, ENGLISH, Book, Cli, Ran
from tests.support.gitrepo import add_commits

MORE_ENGLISH = ENGLISH + "\nTea is a hot drink from China.\n\n`x = 1`\n"
MORE_CHINESE = CHINESE + "\n茶是来自中国的热饮。\n\n`x = 1`\n"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path, {"zh": BOOK_ZH})


def build(cli: Cli, book: Book, *arguments: str | Path) -> Ran:
    output = book.folder / "data"
    return cli("parallel-data", "build", "--config", book.config, "--output", output, "--min-score", "0", *arguments)


def written(book: Book) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (book.folder / "data").iterdir()}


def records(book: Book) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(book)["zh.pairs.jsonl"].splitlines()]


def aligned(ran: Ran) -> object:
    assert ran.code == 0, ran.err
    return ran.json()["aligned"]


def test_the_pairs_of_the_book_are_written_below_the_service_codes(cli: Cli, book: Book) -> None:
    assert build(cli, book, "--held-out", "0").code == 0
    assert written(book)["zh.csv"].decode() == (
        "en,zh\nCups,杯子\nA cup holds the hot tea.,杯子盛着热茶。\nTea,茶\n"
        "Tea is a hot drink from China.,茶是来自中国的热饮。\n"
        "Pour the water slowly over the leaves.,将水慢慢倒在茶叶上。\n"
    )
    assert written(book)["zh.held-out.csv"].decode() == "en,zh\n"


@pytest.mark.parametrize(("form", "start"), [("tsv", "en\tzh\n"), ("tmx", '<?xml version="1.0" encoding="UTF-8"?>')])
def test_other_formats_have_their_own_files(cli: Cli, book: Book, form: str, start: str) -> None:
    assert build(cli, book, "--format", form).code == 0
    assert written(book).keys() == {f"zh.{form}", f"zh.held-out.{form}", "zh.pairs.jsonl", "report.json"}
    assert written(book)[f"zh.{form}"].decode().startswith(start)


def test_every_pair_says_where_it_comes_from_and_what_became_of_it(cli: Cli, book: Book) -> None:
    add_commits(book.folder / "en", {"tea.md": MORE_ENGLISH})
    add_commits(book.folder / "zh", {"tea.md": MORE_CHINESE, "tea_origin.md": MORE_ENGLISH})
    ran = build(cli, book, "--json", "--held-out", "0")
    report: Any = ran.json()
    found = records(book)
    assert [record["fate"] for record in found].count("duplicate") == 1
    assert [record["fate"] for record in found].count("no words") == 1
    counts = report["languages"]["zh"]["fates"]
    assert sum(counts.values()) == report["languages"]["zh"]["pairs"] == len(found)
    (pour,) = (record for record in found if record["source"].startswith("Pour"))
    (span,) = pour["source_spans"]
    assert MORE_ENGLISH[slice(*span)] == pour["source"]
    assert MORE_CHINESE[slice(*pour["target_spans"][0])] == pour["target"]
    assert (pour["path"], pour["source_path"], pour["origin"]) == ("tea.md", "tea.md", "human")
    assert pour["source_commit"] == book.tip("en", "main")
    assert pour["target_commit"] == book.tip("zh", "main")


def test_the_same_book_gives_the_same_bytes_with_and_without_the_cache(cli: Cli, book: Book) -> None:
    assert aligned(build(cli, book, "--json", "--held-out", "2")) == {"zh": 2}
    first = written(book)
    assert aligned(build(cli, book, "--json", "--held-out", "2", "--jobs", "1")) == {"zh": 0}
    assert written(book) == first


def test_one_changed_file_costs_one_file(cli: Cli, book: Book) -> None:
    build(cli, book)
    add_commits(book.folder / "zh", {"tea.md": CHINESE + "\n新。\n"})
    assert aligned(build(cli, book, "--json")) == {"zh": 1}


def test_another_level_is_aligned_for_itself(cli: Cli, book: Book) -> None:
    english, chinese = "One is here. Two is here.\n", "一在这里。二在这里。\n"
    add_commits(book.folder / "en", {"two.md": english})
    add_commits(book.folder / "zh", {"two.md": chinese, "two_origin.md": english})
    build(cli, book)
    sentences = len(records(book))
    build(cli, book, "--level", "paragraph")
    assert len(records(book)) == sentences - 1
    assert ("One is here. Two is here.", "一在这里。二在这里。") in [(r["source"], r["target"]) for r in records(book)]


def test_a_damaged_cache_is_made_again(cli: Cli, book: Book) -> None:
    build(cli, book)
    first = written(book)
    damage = [b"", b"\xff", b"{", b"0" * 64 + b"\n[]"]
    entries = sorted((book.folder / "cache" / "amts" / "alignments").glob("*/*"))
    for entry, data in zip(entries, damage, strict=False):
        entry.write_bytes(data)
    assert aligned(build(cli, book, "--json")) == {"zh": 2}
    assert aligned(build(cli, book, "--json")) == {"zh": 0}
    assert written(book) == first


def test_a_cache_that_cannot_be_written_costs_time_only(cli: Cli, book: Book) -> None:
    (book.folder / "cache" / "amts").mkdir(parents=True)
    (book.folder / "cache" / "amts" / "alignments").write_text("a file")
    assert aligned(build(cli, book, "--json")) == {"zh": 2}
    assert aligned(build(cli, book, "--json")) == {"zh": 2}


def test_a_file_that_cannot_be_read_is_reported_and_the_others_are_built(cli: Cli, book: Book) -> None:
    add_commits(book.folder / "zh", {"tea.md": b"\xff\xfe"})
    report: Any = build(cli, book, "--json").json()
    assert list(report["languages"]["zh"]["unread"]) == ["tea.md"]
    assert report["languages"]["zh"]["pairs"] == 2


def test_a_translation_without_its_english_is_counted(cli: Cli, book: Book) -> None:
    add_commits(book.folder / "zh", {"tea_origin.md": None})
    ran = build(cli, book)
    assert "zh: 1 file without pairs: nothing says which English it was made from" in ran.out


def test_imported_pairs_are_added_and_say_which_file_they_are_from(cli: Cli, book: Book) -> None:
    memory = book.folder / "old.tsv"
    memory.write_text("en\tzh-CN\nWait four minutes.\t等四分钟。\nTea\t茶\n", "utf-8")
    assert build(cli, book, "--import", memory, "--held-out", "0").code == 0
    (wait,) = (record for record in records(book) if record["source"].startswith("Wait"))
    assert (wait["path"], wait["fate"], wait["source_commit"], wait["source_spans"]) == ("old.tsv", "kept", None, [])
    assert [record["fate"] for record in records(book) if record["source"] == "Tea"] == ["kept", "duplicate"]


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("old.csv", "en,zh-TW\nTea,茶\n", 4, "has no pairs of en and zh"),
        ("old.tmx", "<tmx>", 4, "is not well-formed XML"),
        ("old.txt", "", 2, "is of no known format"),
        (None, "", 4, "does not exist"),
    ],
)
def test_a_memory_that_cannot_be_imported_stops_the_build(
    cli: Cli, book: Book, name: str | None, text: str, code: int, said: str
) -> None:
    if name:
        (book.folder / name).write_text(text, "utf-8")
    ran = build(cli, book, "--import", book.folder / (name or "none.tmx"))
    assert (ran.code, said in ran.err) == (code, True)
    assert not (book.folder / "data").exists()


def test_a_place_that_is_a_file_is_refused(cli: Cli, book: Book) -> None:
    (book.folder / "data").write_text("mine")
    assert build(cli, book).code == 2
    assert (book.folder / "data").read_text() == "mine"


def test_without_the_detector_the_build_says_what_was_not_done(
    cli: Cli, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (book_pairs, language_detection):
        monkeypatch.setattr(module, "detector_version", lambda: "")
    monkeypatch.setattr(extraction, "load_detector", _fail)
    assert "pairs in a wrong language were not looked for" in build(cli, book).out


def _fail() -> None:
    raise ImportError("py3langid")
