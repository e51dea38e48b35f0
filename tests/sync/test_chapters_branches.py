"""The branches of chapters: any folder has one that git accepts, and no two share one."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.book.chapters import Scope, chapter_of, is_branch_of, scope_of
from bot.book.project import read_config
from bot.errors import ConfigError
from bot.model import Language
from bot.report.pull_request import Context, commit_message, pull_request_title
from tests.support.gitrepo import git, make_repo

NASTY = [
    *(
        "linear networks",
        "..",
        ".lock",
        "a.lock",
        "a.LOCK",
        ".hidden",
        "end.",
        "a..b",
        "-x",
        "@{u}",
        "a@{1}",
        "~^:?*[\\",
    ),
    *(
        "%2E",
        "%",
        "+",
        "a+b",
        "引言",
        "Einführung",
        "\u202egnp",
        "a\tb",
        "\udcff",
        "HEAD",
        "$(id)",
        "'\"`;&|<>",
        "#1",
        "　",
    ),
    *("x" * 255, "引" * 85, "." * 255, "%" * 255, "e\u0301", "é"),
]
folders = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=300) | st.sampled_from(NASTY)


@pytest.mark.parametrize(
    ("path", "branch"),
    [
        ("linear-networks/scratch.md", "amts/zh+linear-networks"),
        ("chapter_preface/deep/index.md", "amts/zh+chapter_preface"),
        ("引言/a.md", "amts/zh+引言"),
        ("part 1/a.md", "amts/zh+part%201"),
        ("v1.0/a.md", "amts/zh+v1.0"),
        ("old.lock/a.md", "amts/zh+old%2Elock"),
        ("index.md", "amts/zh+"),
    ],
)
def test_a_chapter_has_its_folder_s_name(path: str, branch: str) -> None:
    scope = chapter_of("zh", path)
    assert scope.branch == branch
    assert scope.chapter == (path.split("/")[0] if "/" in path else "")
    assert scope.holds(path)
    assert Scope("zh").holds(path)


@given(folders, folders)
def test_no_two_folders_share_a_branch(one: str, other: str) -> None:
    scopes = [chapter_of("zh", f"{folder}/x.md") for folder in (one, other)]
    assert (scopes[0].branch == scopes[1].branch) == (one == other)
    assert chapter_of("zh", "x.md") not in scopes
    assert scope_of(scopes[0].branch, "zh") == scopes[0]
    # Git adds ".lock" to the last part, which is a file's name.
    assert len(scopes[0].branch.removeprefix("amts/").encode()) <= 250


names = st.from_regex(r"\A[\w-]+(\.[\w-]+)*\Z").filter(lambda name: not name.endswith(".lock"))


@given(names, names, folders)
def test_no_branch_of_one_language_is_another_s(one: str, other: str, folder: str) -> None:
    scope = chapter_of(one, f"{folder}/x.md")
    if one != other:
        assert scope_of(scope.branch, other) is None
        assert scope_of(Scope(one).branch, other) is None
    assert is_branch_of(scope.branch, Scope(one).branch)


def test_git_accepts_every_branch(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    make_repo(repo, {"a.md": "A\n"})
    for folder in NASTY:
        branch = chapter_of("zh-Hant", f"{folder}/x.md").branch
        git(repo, "update-ref", f"refs/heads/{branch}", "main")
        assert git(repo, "check-ref-format", "--branch", branch) == branch
    git(repo, "update-ref", "refs/heads/amts/zh-Hant", "main")
    known = git(repo, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/amts").splitlines()
    assert len(known) == len(NASTY) + 1


@settings(max_examples=25, deadline=None)
@given(folders)
def test_git_accepts_the_branch_of_any_folder(tmp_path_factory: pytest.TempPathFactory, folder: str) -> None:
    branch = chapter_of("zh", f"{folder}/x.md").branch
    place = tmp_path_factory.getbasetemp()
    assert git(place, "check-ref-format", "--branch", branch) == branch


@pytest.mark.parametrize("branch", ["main", "amts/zh-TW", "amts/zh.x", "amts/init", "zh+a", "amts/", "amts/zhs+a"])
def test_other_branches_are_none_of_the_language(branch: str) -> None:
    assert scope_of(branch, "zh") is None


def test_scopes_are_called_by_name() -> None:
    assert Scope("zh").label == "zh"
    assert chapter_of("zh", "part 1/x.md").label == "zh, part 1"
    assert chapter_of("zh", "x.md").label == "zh, the files in no folder"


def test_the_number_of_files_is_set_for_each_language() -> None:
    text = "version: 1\nsource: {repo: en}\nlanguages:\n  zh: {repo: zh, chapters_above: 40}\n  es: {repo: es}\n"
    config = read_config(text)
    assert [target.chapters_above for target in config.languages.values()] == [40, None]
    with pytest.raises(ConfigError, match=r"4.*chapters_above"):
        read_config(text.replace("40", "-1"))


@pytest.mark.parametrize("folder", ["@maintainers", "fixes #1", "GH-12", "deadbeef1234", "a\u202eb", "x" * 300])
def test_no_name_of_a_chapter_means_anything_in_a_title(folder: str) -> None:
    context = Context(Language("zh", "Chinese"), Language("en", "English"), "c" * 40, "copy", chapter=folder)
    title = pull_request_title(replace(context, source_commit="commit-one"), [])
    assert title.isprintable() or "\u2060" in title
    assert "\u202e" not in title
    assert len(title) < 200
    assert not re.search(r"@\w|#\d|GH-\d|\b[0-9a-f]{7,}\b", title)
    assert commit_message(context, [], "d" * 40).split("\n")[0] == pull_request_title(context, [])
