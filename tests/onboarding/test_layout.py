"""How the files of two repositories correspond, by their names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import matches, source_path, target_path
from bot.errors import InputError, UsageError
from bot.onboarding.layout import Layout, excluded, find_layout
from bot.onboarding.rules import Rule
from tests.support.gitrepo import Content
from tests.support.init_run import open_books


def layout_of(
    folder: Path, english: Mapping[str, Content] | list[Mapping[str, Content]], translation: Mapping[str, Content],
    language: str = "",
) -> Layout:  # fmt: skip
    commits = english if isinstance(english, list) else [english]
    source, history, target = open_books(folder, commits, translation)
    return find_layout(source, history, target, language=language, source_language="en")


def text(*names: str) -> dict[str, Content]:
    """Files whose contents differ from each other."""
    return {name: f"# {name}\n" for name in names}


def translated(*names: str) -> dict[str, Content]:
    return {name: f"# Übersetzt {name}\n" for name in names}


def test_the_same_paths_need_no_mapping(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, text("a.md", "b/c.md", "new.md"), translated("a.md", "b/c.md", "own.md"))
    assert layout.pairs == {"a.md": "a.md", "b/c.md": "b/c.md"}
    assert (layout.paths, layout.include) == ({}, ("**/*.md",))
    assert (layout.unpaired, layout.free, layout.suffixes) == (("own.md",), ("new.md",), {})


def test_a_folder_for_the_language_is_a_pattern(tmp_path: Path) -> None:
    english = text("docs/en/a.md", "docs/en/b/index.md", "docs/en/index.md", "notes/x.md")
    layout = layout_of(tmp_path, english, translated("docs/zh/a.md", "docs/zh/b/index.md", "README.md"))
    assert layout.paths == {"docs/en/*": "docs/zh/*"}
    assert (layout.include, layout.code) == (("/docs/en/**/*.md",), "zh")
    assert layout.pairs == {"docs/zh/a.md": "docs/en/a.md", "docs/zh/b/index.md": "docs/en/b/index.md"}


def test_a_whole_book_may_lie_in_a_folder(tmp_path: Path) -> None:
    layout = layout_of(
        tmp_path, text("a.md", "b/c.md", "README.md"), translated("i18n/pt_br/a.md", "i18n/pt_br/b/c.md")
    )
    assert layout.paths == {"*": "i18n/pt_br/*"}
    assert layout.code == "pt-BR"


def test_a_language_may_be_in_the_file_names(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, text("a.md", "b/c.md"), translated("a.fr.md", "b/c.fr.md"))
    assert layout.paths == {"*.md": "*.fr.md"}
    assert (layout.code, layout.pairs) == ("fr", {"a.fr.md": "a.md", "b/c.fr.md": "b/c.md"})


def test_a_chapter_of_another_name_is_a_second_pattern(tmp_path: Path) -> None:
    english = text("one/a.md", "one/b.md", "one/c.md", "two/d.md", "two/e.md")
    layout = layout_of(tmp_path, english, translated("one/a.md", "one/b.md", "one/c.md", "zwei/d.md", "zwei/e.md"))
    assert layout.paths == {"two/*": "zwei/*"}
    assert layout.pairs["zwei/e.md"] == "two/e.md"


def test_the_english_beside_translations_tells_the_suffix(tmp_path: Path) -> None:
    english = {**text("a.md", "a-more.md", "b.md"), "c.md": "# old\n"}
    companions: dict[str, Content] = {
        "a_origin.md": "# a.md\n", "a-more_origin.md": "# a-more.md\n", "b_en.md": "# b.md\n", "c_origin.md": "# old\n",
    }  # fmt: skip
    translation = {**translated("a.md", "a-more.md", "b.md", "c.md"), **companions}
    layout = layout_of(tmp_path, [english, {"c.md": "# new\n"}], translation)
    assert layout.suffixes == {"_origin": 3, "_en": 1}
    assert sorted(layout.pairs) == ["a-more.md", "a.md", "b.md", "c.md"]


def test_a_file_that_only_looks_like_a_companion_is_none(tmp_path: Path) -> None:
    """`a-more.md` is a chapter of its own, though its English lies beside `a.md`."""
    english = text("a.md", "a-more.md")
    layout = layout_of(tmp_path, english, {**translated("a.md", "b.md", "b_notes.md"), "a-more.md": "# a-more.md\n"})
    assert layout.suffixes == {}
    assert layout.copies == {"a-more.md": "a-more.md"}


def test_the_past_names_of_the_english_count(tmp_path: Path) -> None:
    old = {"old/x.md": "# x\n\nA text that is long enough to be found again.\n"}
    moved = {"old/x.md": None, "new/x.md": old["old/x.md"]}
    layout = layout_of(tmp_path, [{**old, "a.md": "# a\n"}, moved], translated("old/x.md", "a.md"))
    assert layout.pairs == {"old/x.md": "old/x.md", "a.md": "a.md"}
    assert layout.paths == {}


def test_files_that_are_english_still_are_no_translations(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, text("a.md", "b.md"), {**translated("a.md"), "b.md": "# b.md\n"})
    assert (layout.pairs, layout.copies) == ({"a.md": "a.md"}, {"b.md": "b.md"})


def test_several_languages_must_be_told_apart(tmp_path: Path) -> None:
    english = text("a.md", "b.md", "c.md")
    both = translated("zh/a.md", "zh/b.md", "zh/c.md", "fr/a.md", "fr/b.md")
    with pytest.raises(UsageError, match=r"holds several languages: fr \(fr/\), zh \(zh/\); name one with --language"):
        layout_of(tmp_path / "none", english, both)
    for language, number in (("fr", 2), ("zh", 3)):
        layout = layout_of(tmp_path / language, english, both, language)
        assert layout.paths == {"*": f"{language}/*"}
        assert len(layout.pairs) == number


def test_varieties_of_a_language_are_told_apart(tmp_path: Path) -> None:
    both = translated("zh-cn/a.md", "zh-cn/b.md", "zh-tw/a.md", "zh-tw/b.md")
    layout = layout_of(tmp_path, text("a.md", "b.md"), both, "zh-TW")
    assert layout.paths == {"*": "zh-tw/*"}


def test_what_a_repository_says_of_itself_is_excluded(tmp_path: Path) -> None:
    english = text("README.md", "CONTRIBUTING.md", ".github/pull_request_template.md", "a/README.md", "a/b.md")
    source, history, target = open_books(tmp_path, [english], translated("README.md", "a/README.md", "a/b.md"))
    layout = find_layout(source, history, target, language="", source_language="en")
    patterns = excluded(source, layout.include)
    assert patterns == ("/.github/", "/CONTRIBUTING.md", "/README.md")
    assert [path for path in english if matches(path, ("**/*.md",), patterns)] == ["a/README.md", "a/b.md"]


def test_repositories_without_documents_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="en: has no Markdown document; is this the source of the book"):
        layout_of(tmp_path / "1", {"README.md": "x"}, text("a.md"))
    with pytest.raises(InputError, match="translation: has no Markdown document"):
        layout_of(tmp_path / "2", text("a.md"), {"README.md": "x", "x.py": "1"})


_PARTS = st.sampled_from(["docs/", "docs/en/", "i18n/zh/", "src/", ""])


@given(
    source=_PARTS,
    target=_PARTS,
    ending=st.sampled_from([".md", ".zh.md"]),
    names=st.sets(st.sampled_from(["a", "b/c", "b/d", "index"]), min_size=1),
)
def test_a_rule_and_its_mapping_say_the_same(source: str, target: str, ending: str, names: set[str]) -> None:
    rule = Rule(source, target, ending)
    mapping = {} if rule.is_plain else dict([rule.mapping()])
    for name in names:
        english, path = f"{source}{name}.md", f"{target}{name}{ending}"
        assert rule.source_of(path, {english}) == english
        assert target_path(english, mapping) == path
        assert source_path(path, mapping) == english
