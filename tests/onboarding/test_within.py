"""`amts init` for a repository that holds the source and its translations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.book.project import read_config
from bot.config import matches
from bot.onboarding.layout import Layout, find_layout_within
from tests.support.cli_run import CUPS, ENGLISH, Cli
from tests.support.gitrepo import Content, add_commits, git, make_repo, tree
from tests.support.init_run import Init, open_books

pytest_plugins = ["tests.support.init_fixtures"]

ONE = "# Té\n\nEl té es una bebida caliente de China.\n\nVierte el agua despacio sobre las hojas.\n"
TWO = "# Tazas\n\nUna taza contiene el té caliente.\n"
DOCUSAURUS = "i18n/{code}/docusaurus-plugin-content-docs/current/"
SHAPES = [
    ("content/en/x/", "content/{code}/x/", ".md", {"content/en/*": "content/{code}/*"}),
    ("docs/", "docs/{code}/", ".md", {"docs/*": "docs/{code}/*"}),
    ("docs/", DOCUSAURUS, ".md", {"docs/*": f"{DOCUSAURUS}*"}),
    ("", "{code}/", ".md", {"*": "{code}/*"}),
    ("book/", "book_{code}/", ".md", {"book/*": "book_{code}/*"}),
    ("docs/a/", "docs/a/", ".{code}.md", {"docs/a/*.md": "docs/a/*.{code}.md"}),
    ("en/", "translations/{code}/", ".md", {"en/*": "translations/{code}/*"}),
]


def book_at(source: str, target: str, ending: str, *codes: str) -> dict[str, Content]:
    files: dict[str, Content] = {f"{source}tea.md": ENGLISH, f"{source}cups.md": CUPS, "README.md": "The book.\n"}
    for code in codes:
        files[f"{target.format(code=code)}tea{ending.format(code=code)}"] = f"{ONE}<!-- {code} -->\n"
        files[f"{target.format(code=code)}cups{ending.format(code=code)}"] = f"{TWO}<!-- {code} -->\n"
    return files


def layout_of(folder: Path, files: Mapping[str, Content], language: str = "") -> Layout:
    source, history, _ = open_books(folder, [files], {})
    return find_layout_within(source, history, "book", language=language, source_language="en")


@pytest.mark.parametrize(("source", "target", "ending", "paths"), SHAPES)
@pytest.mark.parametrize("codes", [("es",), ("es", "pt", "zh_CN")])
def test_a_configuration_for_what_lies_in_one_repository_works(
    tmp_path: Path, init: Init, cli: Cli, source: str, target: str, ending: str, paths: dict[str, str],
    codes: tuple[str, ...],
) -> None:  # fmt: skip
    files = book_at(source, target, ending, *codes)
    make_repo(tmp_path / "book", files)
    languages = [code.replace("_", "-") for code in codes]
    given = [word for code in languages for word in ("-l", code)] if len(codes) > 1 else []
    ran = init("book", "book", *given, "--write", "amts.yaml")
    assert ran.code == 0, ran.err
    config = read_config((tmp_path / "amts.yaml").read_text("utf-8"))
    assert list(config.languages) == languages
    for code, language in zip(codes, languages, strict=True):
        expected = {key: place.format(code=code) for key, place in paths.items()}
        assert config.languages[language].paths == expected
        patterns = config.files_of(language)
        wanted = {path for path in files if matches(path, patterns.include, patterns.exclude)}
        assert wanted == {f"{source}tea.md", f"{source}cups.md"}
    checked = cli("check", "--config", tmp_path / "amts.yaml")
    assert (checked.code, checked.err) == (0, "")


def test_endings_of_both_languages_may_differ(tmp_path: Path) -> None:
    files = {"docs/a.en.md": "# A\n", "docs/b.en.md": "# B\n", "docs/a.es.md": ONE, "docs/b.es.md": TWO}
    layout = layout_of(tmp_path, files)
    assert (layout.code, layout.paths) == ("es", {"docs/*.en.md": "docs/*.es.md"})
    assert (layout.include, layout.foreign) == (("/docs/**/*.en.md",), ())


def test_what_the_translators_lack_is_free_and_what_only_they_have_is_theirs(tmp_path: Path) -> None:
    files = {**book_at("docs/", "docs/{code}/", ".md", "es"), "docs/new.md": "# New\n", "docs/es/own.md": "# Propio\n"}
    layout = layout_of(tmp_path, files)
    assert (layout.free, layout.unpaired, layout.copies) == (("docs/new.md",), ("docs/es/own.md",), {})
    assert layout.foreign == ("/docs/es/",)


def test_a_copy_of_the_english_in_the_place_of_a_translation_is_none(tmp_path: Path) -> None:
    files = {**book_at("docs/", "docs/{code}/", ".md", "es"), "docs/es/tea.md": ENGLISH}
    layout = layout_of(tmp_path, files)
    assert layout.copies == {"docs/es/tea.md": "docs/tea.md"}
    assert layout.pairs == {"docs/es/cups.md": "docs/cups.md"}


def test_a_folder_that_only_sounds_like_a_language_is_source(tmp_path: Path) -> None:
    files = {**book_at("docs/", "docs/{code}/", ".md", "es"), "docs/it/setup.md": "# Setup\n"}
    layout = layout_of(tmp_path, files, "es")
    assert layout.foreign == ("/docs/es/",)
    assert "docs/it/setup.md" in layout.free


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "book: holds several languages: es (docs/es/), pt (docs/pt/); name one with --language"),
        (["-l", "fr"], "book: is the source itself, and nothing in it is named as a translation of the rest"),
    ],
)
def test_what_only_the_user_can_decide_is_asked(tmp_path: Path, init: Init, arguments: list[str], said: str) -> None:
    make_repo(tmp_path / "book", book_at("docs/", "docs/{code}/", ".md", "es", "pt"))
    ran = init("book", "book", *arguments)
    assert (ran.code, said in ran.err) == (2, True), ran.err


def test_two_languages_that_share_a_lock_file_stay_apart(tmp_path: Path, init: Init, cli: Cli) -> None:
    place = tmp_path / "book"
    make_repo(place, book_at("docs/", "docs/{code}/", ".md", "es", "pt"), bare=False)
    config = tmp_path / "amts.yaml"
    assert init("book", "book", "-l", "es", "-l", "pt", "--write", "amts.yaml").code == 0
    for cup in ("Each cup is small.", "Each cup is big."):
        add_commits(place, {"docs/cups.md": f"{CUPS}\n{cup}\n"})
        ran = cli("sync", "--config", config, "--jobs", "1")
        assert (ran.code, "unknown" in ran.out, "skipped" in ran.out) == (0, False, False), ran.out + ran.err
        git(place, "merge", "--quiet", "--ff-only", "amts/es")
        # The other pull request takes up what was merged, the lock file included.
        assert cli("sync", "--config", config, "--jobs", "1").code == 0
        git(place, "merge", "--quiet", "--ff-only", "amts/pt")
        status = cli("status", "--config", config)
        assert ("es: 2 current\n" in status.out, "pt: 2 current\n" in status.out) == (True, True), status.out
    lock = tree(place, "main")[".amts/lock.yaml"].decode()
    assert [line.strip(" :") for line in lock.splitlines() if line.endswith(".md:")] == [
        "docs/es/cups.md", "docs/es/tea.md", "docs/pt/cups.md", "docs/pt/tea.md",
    ]  # fmt: skip
