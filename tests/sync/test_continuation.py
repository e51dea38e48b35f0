"""The base branch moved on under an open pull request: nobody's sentence is lost, and what clashes is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.book.edition import LanguageEdition
from bot.book.lock_file import LOCK_PATH, parse_lock
from bot.book.package_data import known_language
from bot.book.project import Project, read_config
from bot.errors import RepositoryError
from bot.report.clashes import Clashing
from bot.sync.continuation import Continued, continue_branch
from tests.support.editions import edition_of
from tests.support.gitrepo import Content, Symlink, add_commits, git, make_repo

OLD, NEW, NEWER = (f"Tea is hot. It comes from {place}. Drink it.\n" for place in ("China", "India", "Kenya"))
ANCESTOR = "茶热。它来自中国。喝吧。\n"
DRAFT = "茶热。它来自印度。喝吧。\n"
CONFIG = """version: 1
source: {{repo: en, branch: main, language: en}}
files: {{include: ["*.md"]}}
languages:
  zh: {{repo: zh, branch: main, baseline: {baseline}}}
"""


@dataclass
class Sides:
    """A source with three revisions of `a.md`, and a language repository with a branch that a bot made."""

    folder: Path
    baseline: str

    def build(
        self, ancestor: Mapping[str, Content], ours: Mapping[str, Content], theirs: Mapping[str, Content]
    ) -> Continued:
        repo = self.folder / "zh"
        (start,) = make_repo(repo, ancestor)
        (head,) = add_commits(repo, ours, branch="amts/zh", start=start)
        (base,) = add_commits(repo, theirs)
        continued = self.go_on(head)
        if continued.onto:
            assert git(repo, "rev-parse", f"{continued.onto}^1", f"{continued.onto}^2").split() == [head, base]
        self.texts = {path: continued.snapshot.read(path).decode() for path in continued.snapshot.entries}
        return continued

    def go_on(self, head: str) -> Continued:
        config = read_config(CONFIG.format(baseline=self.baseline))
        project = Project(config, self.folder, self.folder / "cache", known_language("en"))
        return continue_branch(edition_of(project), head, "Merge main into amts/zh")


@pytest.fixture
def origins(tmp_path: Path) -> Sides:
    make_repo(tmp_path / "en", {"a.md": OLD}, {"a.md": NEW}, {"a.md": NEWER})
    return Sides(tmp_path, "origin-file")


def test_a_branch_that_has_all_of_its_base_goes_on_as_it_is(origins: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LanguageEdition, "baselines", lambda *_: pytest.fail("not needed"))
    repo = origins.folder / "zh"
    (start,) = make_repo(repo, {"a.md": ANCESTOR})
    continued = origins.go_on(start)
    assert (continued.onto, continued.snapshot.commit) == ("", start)


def test_changes_to_different_sentences_of_one_line_are_joined(origins: Sides) -> None:
    continued = origins.build(
        {"a.md": ANCESTOR, "a_origin.md": OLD},
        {"a.md": DRAFT, "a_origin.md": NEW},
        {"a.md": ANCESTOR.replace("喝吧", "请喝")},
    )
    assert origins.texts == {"a.md": "茶热。它来自印度。请喝。\n", "a_origin.md": NEW}
    assert continued.clashes == ()


def test_where_both_changed_a_sentence_the_branch_is_kept_and_main_is_told(origins: Sides) -> None:
    continued = origins.build(
        {"a.md": ANCESTOR, "a_origin.md": OLD},
        {"a.md": DRAFT, "a_origin.md": NEW},
        {"a.md": ANCESTOR.replace("它来自中国", "茶出自中国")},
    )
    assert origins.texts["a.md"] == DRAFT
    assert continued.clashes == (Clashing("a.md", 1, "茶出自中国。"),)


def test_a_base_that_was_synced_by_people_wins_and_the_reviewers_sentences_join_it(origins: Sides) -> None:
    origins.build(
        {"a.md": ANCESTOR, "a_origin.md": OLD},
        {"a.md": ANCESTOR.replace("喝吧", "请喝")},
        {"a.md": ANCESTOR.replace("中国", "印度"), "a_origin.md": NEW},
    )
    assert origins.texts == {"a.md": "茶热。它来自印度。请喝。\n", "a_origin.md": NEW}


def test_where_both_sides_moved_to_other_english_the_base_is_taken_and_nothing_is_forgotten(origins: Sides) -> None:
    continued = origins.build(
        {"a.md": ANCESTOR, "a_origin.md": OLD},
        {"a.md": DRAFT.replace("喝吧", "请喝"), "a_origin.md": NEW},
        {"a.md": ANCESTOR.replace("中国", "肯尼亚"), "a_origin.md": NEWER},
    )
    assert origins.texts == {"a.md": "茶热。它来自肯尼亚。喝吧。\n", "a_origin.md": NEWER}
    (other,) = continued.others
    assert (other.path, other.base, other.new, other.target) == ("a.md", NEW, "", DRAFT.replace("喝吧", "请喝"))
    assert {clash.other for clash in continued.clashes} == {"它来自印度。", "请喝。"}


def test_a_translation_that_people_deleted_on_the_base_stays_deleted(origins: Sides) -> None:
    origins.build(
        {"a.md": ANCESTOR, "a_origin.md": OLD, "b.md": "x\n"},
        {"a.md": DRAFT, "a_origin.md": NEW},
        {"a.md": None, "a_origin.md": None},
    )
    assert origins.texts == {"b.md": "x\n"}


def test_any_other_file_is_taken_from_the_base(origins: Sides) -> None:
    origins.build({"conf.py": "1\n"}, {"conf.py": "2\n"}, {"conf.py": "3\n", "c.md": "三。\n"})
    assert origins.texts == {"conf.py": "3\n", "c.md": "三。\n"}


def test_the_lock_file_is_merged_by_file_not_by_line(tmp_path: Path) -> None:
    commits = make_repo(tmp_path / "en", {"a.md": OLD, "b.md": OLD}, {"a.md": NEW}, {"b.md": NEWER})
    blobs = {text: git(tmp_path / "en", "hash-object", "--stdin", stdin=text.encode()) for text in (OLD, NEW, NEWER)}

    def lock(a: str, b: str) -> str:
        at = {OLD: commits[0], NEW: commits[1], NEWER: commits[2]}
        return "version: 1\nfiles:\n" + "".join(
            f"  {path}: {{source: {path}, commit: {at[text]}, blob: {blobs[text]}}}\n"
            for path, text in (("a.md", a), ("b.md", b))
        )

    sides = Sides(tmp_path, "lock-file")
    sides.build(
        {"a.md": ANCESTOR, "b.md": ANCESTOR, LOCK_PATH: lock(OLD, OLD)},
        {"a.md": DRAFT, LOCK_PATH: lock(NEW, OLD)},
        {"b.md": ANCESTOR.replace("中国", "肯尼亚"), LOCK_PATH: lock(OLD, NEWER)},
    )
    assert sides.texts["a.md"] == DRAFT
    assert sides.texts["b.md"] == ANCESTOR.replace("中国", "肯尼亚")
    merged = parse_lock(sides.texts[LOCK_PATH].encode())
    assert {path: base.blob for path, base in merged.items()} == {"a.md": blobs[NEW], "b.md": blobs[NEWER]}


def test_a_conflict_of_symbolic_links_is_refused(origins: Sides) -> None:
    with pytest.raises(RepositoryError, match=r"link conflicts and is no plain file; merge the branches by hand"):
        origins.build({"link": Symlink("a")}, {"link": Symlink("b")}, {"link": Symlink("c")})
