"""Copies of a translation in folders that people left: they are named, and are never the rule for a book."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.project import read_config
from bot.onboarding.layout import Layout, find_layout
from bot.onboarding.rules import Rule, candidate_rules, choose_rules
from tests.support.cli_run import BOOK_ZH, Cli
from tests.support.gitrepo import Content, add_commits
from tests.support.init_run import Init, open_books

pytest_plugins = ["tests.support.init_fixtures"]

NAMES = [f"{chapter}/{number}.md" for chapter in ("one", "two") for number in range(5)]


def layout_of(folder: Path, translation: Mapping[str, Content], language: str = "") -> Layout:
    english: dict[str, Content] = {name: f"# {name}\n" for name in NAMES}
    source, history, target = open_books(folder, [english], translation)
    return find_layout(source, history, target, language=language, source_language="en")


def at(folder: str, names: list[str], edition: str = "") -> dict[str, Content]:
    return {f"{folder}{name}": f"# Übersetzt {name} {edition}\n" for name in names}


@pytest.mark.parametrize("folder", ["contrib/old/", "old/", "archive/2019/", "backup/", "v1/", "zh-old/", "kopie/"])
@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_stale_copy_of_the_whole_translation_is_named_and_not_followed(
    tmp_path: Path, folder: str, missing: int
) -> None:
    layout = layout_of(tmp_path, {**at("", NAMES[missing:]), **at(folder, NAMES, "old")})
    assert layout.paths == {}
    assert layout.include == ("**/*.md",)
    assert layout.pairs == {name: name for name in NAMES[missing:]}
    assert layout.left_over == {f"{folder}{name}": name for name in NAMES}
    assert (layout.unpaired, layout.free) == ((), tuple(NAMES[:missing]))


def test_a_copy_of_half_a_translation_under_a_telling_name_is_not_followed(tmp_path: Path) -> None:
    """It has more files than what is left of the translation in its place, but not of its own."""
    layout = layout_of(tmp_path, {**at("", NAMES[:6]), **at("archive/", NAMES, "old")})
    assert (layout.paths, len(layout.pairs), len(layout.left_over)) == ({}, 6, 10)


@pytest.mark.parametrize("folder", ["contrib/old/", "v2/", "i18n/zh/"])
def test_a_folder_that_holds_the_only_translation_is_followed(tmp_path: Path, folder: str) -> None:
    layout = layout_of(tmp_path, {**at(folder, NAMES), "own.md": "# eigenes\n"})
    assert layout.paths == {"*": f"{folder}*"}
    assert (layout.left_over, layout.unpaired) == ({}, ("own.md",))


def test_what_explains_most_wins_over_the_identity(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, {**at("", NAMES[:2], "first try"), **at("zh/", NAMES)})
    assert layout.paths == {"*": "zh/*"}
    assert layout.left_over == {name: name for name in NAMES[:2]}


def test_a_folder_named_for_the_language_is_no_copy_of_what_explains_less(tmp_path: Path) -> None:
    """A fork of the English, edited since, with the translation in a folder."""
    layout = layout_of(tmp_path, {**at("", NAMES[:9], "edited"), **at("zh/", NAMES)})
    assert (layout.code, layout.paths) == ("zh", {"*": "zh/*"})


def test_a_few_files_elsewhere_are_exceptions_and_not_the_rule(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, {**at("", NAMES[:7]), **at("extra/", NAMES[7:])})
    assert layout.paths == {name: f"extra/{name}" for name in NAMES[7:]}
    assert layout.left_over == {}


def test_init_names_the_copies(book: Path, init: Init, cli: Cli) -> None:
    add_commits(book / "tea-zh", {f"contrib/old/{path}": text for path, text in BOOK_ZH.items()})
    ran = init("tea", "tea-zh", "--write", "amts.yaml")
    assert ran.code == 0, ran.err
    assert read_config((book / "amts.yaml").read_text("utf-8")).languages["zh"].paths == {}
    copies = sum("_origin" not in path for path in BOOK_ZH)
    assert f"second copies of translations: {copies} (contrib/old/" in ran.out
    assert "zh: 2 current, 1 stale, 1 missing" in cli("check", "--config", book / "amts.yaml").out


@given(
    translated=st.sets(st.sampled_from(NAMES), min_size=1),
    copies=st.dictionaries(st.sampled_from(["old/", "kopie/", "zh/", "x/v1/"]), st.sets(st.sampled_from(NAMES))),
)
def test_each_english_file_gets_one_translation(translated: set[str], copies: dict[str, set[str]]) -> None:
    documents = {*translated, *(f"{folder}{name}" for folder, names in copies.items() for name in names)}
    choice = choose_rules(candidate_rules(documents, NAMES, "en"), documents, NAMES)
    assert len(set(choice.pairs.values())) == len(choice.pairs)
    assert choice.pairs.keys().isdisjoint(choice.left_over)
    assert Rule() in choice.rules or any(len(names) > len(translated) / 2 for names in copies.values())
