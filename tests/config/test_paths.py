"""Which files patterns choose, and which file is the translation of which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import matches, source_path, target_path, target_paths
from bot.errors import ConfigError


@pytest.mark.parametrize(
    ("path", "include", "exclude", "expected"),
    [
        ("a.md", ("**/*.md",), (), True),
        ("a/b/c.md", ("**/*.md",), (), True),
        ("a/b/c.md", ("*.md",), (), True),
        ("a/b/c.md", ("/*.md",), (), False),
        ("a.mdx", ("**/*.md",), (), False),
        ("a/b.md", ("a/*",), (), True),
        ("b/a/c.md", ("a/*.md",), (), False),
        ("drafts/x/y.md", ("**/*.md",), ("drafts",), False),
        ("README.md", ("**/*.md",), ("README.md",), False),
        ("keep.md", ("**/*.md",), ("*.md", "!keep.md"), True),
        ("a.md", (), (), False),
    ],
)
def test_patterns_work_as_in_gitignore(
    path: str, include: tuple[str, ...], exclude: tuple[str, ...], expected: bool
) -> None:
    assert matches(path, include, exclude) is expected


MAPPING = {
    "chapter_a/nadaraya-watson.md": "chapter_a/nadaraya-waston.md",
    "chapters/*": "zh/chapters/*",
    "chapters/intro/*.md": "intro/*.markdown",
}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("chapter_a/nadaraya-watson.md", "chapter_a/nadaraya-waston.md"),
        ("chapters/a/b.md", "zh/chapters/a/b.md"),
        ("chapters/intro/a.md", "intro/a.markdown"),
        ("chapters/intro/a.txt", "zh/chapters/intro/a.txt"),
        ("index.md", "index.md"),
    ],
)
def test_a_path_is_mapped_by_the_most_specific_entry_and_back(source: str, target: str) -> None:
    assert target_path(source, MAPPING) == target
    assert source_path(target, MAPPING) == source


def test_a_path_that_no_source_file_maps_to_has_no_source() -> None:
    assert source_path("chapter_a/nadaraya-watson.md", MAPPING) is None


def test_an_exact_entry_wins_over_a_pattern() -> None:
    assert target_path("a/b.md", {"a/*": "x/*", "a/b.md": "y.md"}) == "y.md"


def test_what_the_star_stands_for_may_hold_a_star() -> None:
    assert target_path("a/*.md", {"a/*": "x/*"}) == "x/*.md"


def test_the_text_before_and_after_the_star_can_not_share_characters() -> None:
    assert target_path("ab", {"ab*b": "x*y"}) == "ab"


SEGMENTS = st.text("ab/", max_size=4)


MAPPINGS = st.dictionaries(st.tuples(SEGMENTS, SEGMENTS), st.tuples(SEGMENTS, SEGMENTS), max_size=3).map(
    lambda pairs: {"*".join(source): "*".join(target) for source, target in pairs.items()}
)


@given(SEGMENTS, MAPPINGS)
def test_the_source_of_a_target_always_maps_to_that_target(path: str, mapping: dict[str, str]) -> None:
    target = target_path(path, mapping)
    source = source_path(target, mapping)
    assert source is not None
    assert target_path(source, mapping) == target


def test_two_files_that_would_be_written_to_one_place_are_refused() -> None:
    mapping = {"a/*": "*"}
    assert target_paths(["a/x.md", "y.md"], mapping) == {"a/x.md": "x.md", "y.md": "y.md"}
    with pytest.raises(ConfigError, match=r"of a/x\.md and x\.md would both lie at x\.md"):
        target_paths(["a/x.md", "x.md"], mapping)
