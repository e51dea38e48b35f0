"""`amts term check|import|list|show|delete`: what is shown of glossaries, and the exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.amazon_run import World
from tests.support.cli_run import Book, Cli, Ran
from tests.support.emulator_fixture import BUCKET, ROLE

AMAZON = {
    "kind": "amazon",
    "region": "us-east-1",
    "bucket": BUCKET,
    "role": ROLE,
    "poll_seconds": 0.001,
    "parallel_data_from": 0,
}
GLOSSARY = "# 术语\n\n鞍点，saddle point\n\n准确率/精度，accuracy\n\n孤立\n"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(tmp_path, {"zh": {}, "tr": {}})
    (tmp_path / "terms.md").write_text(GLOSSARY, "utf-8")
    configure(book, zh="terms.md")
    return book


def configure(book: Book, **glossaries: str) -> None:
    languages = {name: {"repo": name, "engine": "amazon", "glossary": file} for name, file in glossaries.items()}
    book.configure({}, languages=languages, engines={"amazon": AMAZON})


def run(cli: Cli, book: Book, command: str, *arguments: str) -> Ran:
    return cli("term", command, "--config", book.config, *arguments)


def test_check_says_what_a_glossary_holds_and_what_of_it_is_no_term(cli: Cli, book: Book) -> None:
    file = book.folder / "terms.md"
    ran = cli("term", "check", file, "-l", "zh")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "saddle point: 鞍点",
        "accuracy: 准确率 | 精度",
        f"{file}: line 1: no term, a heading: # 术语",
        f"{file}: line 7: no term, there is no , between a term and its translation: 孤立",
        f"{file}: 2 terms, 1 with several translations "
        "(list with ,; English comes last: by their scripts (2 of 2 lines))",
    ]
    report: Any = cli("term", "check", file, "-l", "zh", "--json").json()
    assert report["terms"] == [
        {"source": "saddle point", "targets": ["鞍点"]},
        {"source": "accuracy", "targets": ["准确率", "精度"]},
    ]
    assert [part["place"] for part in report["unread"]] == ["line 1", "line 7"]
    assert report["not_importable"] == []


def test_check_names_terms_that_the_service_would_not_take(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "g.csv"
    file.write_text(f"en,zh\n{'x' * 201},树\ntree,树\n", "utf-8")
    ran = cli("term", "check", file, "-l", "zh")
    assert "can't be imported into Amazon Translate: 201 bytes, the service takes 200" in ran.out


def test_check_works_for_a_language_that_the_service_does_not_offer(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "g.csv"
    file.write_text("en,eu\ntree,zuhaitz\n", "utf-8")
    assert cli("term", "check", file, "-l", "eu").code == 0


def test_check_finds_the_terms_that_a_translation_does_not_follow(cli: Cli, tmp_path: Path) -> None:
    glossary, english, chinese = tmp_path / "g.md", tmp_path / "en.md", tmp_path / "zh.md"
    glossary.write_text("鞍点，saddle point\n树，tree\n", "utf-8")
    english.write_text("# Trees\n\nThis is a saddle point.\n\nA tree is green, and `tree` is code.\n", "utf-8")
    chinese.write_text("# 树\n\n这是一个马鞍。\n\n树木是绿色的，`tree`是代码。\n", "utf-8")
    arguments: list[str | Path] = ["term", "check", glossary, "-l", "zh", "--source", english, "--target", chinese]
    ran = cli(*arguments)
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"{chinese}:3: saddle point is not 鞍点: 这是一个马鞍。",
        f"{chinese}: 1 term not followed, in 1 sentence",
    ]
    found: Any = cli(*arguments, "--json").out
    assert '"line": 3' in found
    assert cli(*arguments[:-2]).code == 2


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("none.md", None, 4, "does not exist"),
        ("empty.md", "", 4, "no line with a term"),
        ("bad.csv", 'en,zh\n"a,b\n', 4, "bad.csv:2: is not well-formed"),
    ],
)
def test_check_of_what_cannot_be_read(
    cli: Cli, tmp_path: Path, name: str, text: str | None, code: int, said: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    ran = cli("term", "check", tmp_path / name, "-l", "zh")
    assert ran.code == code
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_import_pushes_the_glossaries_once(cli: Cli, book: Book, world: World) -> None:
    ran = run(cli, book, "import")
    assert (ran.code, ran.err) == (0, "")
    assert "zh: imported into amts-zh" in ran.out
    assert ["zh", "2"] in [line.split() for line in ran.out.splitlines()]
    assert "zh: there already, nothing imported" in run(cli, book, "import").out
    assert world.state.count("ImportTerminology") == 1
    forced: Any = run(cli, book, "import", "--force", "--json").json()
    assert forced["languages"]["zh"]["changed"]
    assert world.state.count("ImportTerminology") == 2


def test_import_needs_a_glossary(cli: Cli, book: Book, world: World) -> None:
    configure(book, zh="", tr="")
    ran = run(cli, book, "import")
    assert ran.code == 3
    assert "no glossary for zh, tr; name the file under languages.zh.glossary" in ran.err
    configure(book, zh="terms.md", tr="")
    assert run(cli, book, "import").code == 0
    assert run(cli, book, "import", "-l", "tr").code == 3
    assert world.state.terminologies == ("amts-zh",)


def test_one_glossary_that_cannot_be_read_does_not_stop_the_others(cli: Cli, book: Book, world: World) -> None:
    configure(book, tr="missing.md", zh="terms.md")
    ran = run(cli, book, "import")
    assert ran.code == 4
    assert "1 language could not be imported\ntr: " in ran.err
    assert "missing.md: does not exist" in ran.err
    assert world.state.terminologies == ("amts-zh",)


def test_terms_that_do_not_fit_are_told(cli: Cli, book: Book, world: World) -> None:
    (book.folder / "terms.md").write_text(f"树，tree\n河，{'x' * 201}\n", "utf-8")
    ran = run(cli, book, "import")
    assert f"zh: {'x' * 201} was left out: 201 bytes, the service takes 200" in ran.out
    (book.folder / "terms.md").write_text(f"河，{'x' * 201}\n", "utf-8")
    ran = run(cli, book, "import")
    assert ran.code == 4
    assert "no term of terms.md fits into a terminology" in ran.err
    assert world.state.count("ImportTerminology") == 1


def test_show_compares_with_the_glossary_of_today(cli: Cli, book: Book, world: World) -> None:
    assert run(cli, book, "show").code == 4
    run(cli, book, "import")
    assert "2 terms" in run(cli, book, "show").out
    assert "the glossary of today" in run(cli, book, "show").out
    (book.folder / "terms.md").write_text("树，tree\n", "utf-8")
    assert "not the glossary of today" in run(cli, book, "show").out
    shown: Any = run(cli, book, "show", "--json").json()
    assert shown["zh"]["current"] is False
    assert world.state.count("ImportTerminology") == 1


def test_list_and_delete(cli: Cli, book: Book, world: World) -> None:
    assert "there is no terminology" in run(cli, book, "list").out
    run(cli, book, "import")
    assert ["amts-zh", "zh", "2"] in [line.split()[:3] for line in run(cli, book, "list").out.splitlines()]
    assert run(cli, book, "delete").code == 2
    assert "amts-zh is deleted" in run(cli, book, "delete", "-l", "zh").out
    assert "there was no terminology" in run(cli, book, "delete", "-l", "zh").out
    assert world.state.terminologies == ()


def test_quiet_says_nothing(cli: Cli, book: Book, world: World) -> None:
    for command in (["import"], ["list"], ["show"], ["delete", "-l", "zh"]):
        ran = run(cli, book, *command, "--quiet")
        assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert cli("term", "check", book.folder / "terms.md", "-l", "zh", "-q").out == ""
    assert world.state.terminologies == ()
