"""Comments in the pull request of a chapter, on the double of GitHub: they work on that chapter."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.book.workers import Runner
from bot.comments import CommentOutcome, Handled, handle_comment
from bot.forge.comment import Comment
from bot.service.base import LanguageId
from bot.service.projects import Projects
from bot.sync.decisions import Decisions, join_states, parse_state
from bot.sync.recorded_terms import join_terms
from tests.github_double.double import GitHubDouble
from tests.support.chapters_hosts import REPO
from tests.support.chapters_scene import Machine, Scene

pytest_plugins = ["tests.github_double.fixtures"]

STATE, TERMS = ".amts/state.zh.yaml", ".amts/glossary.zh.csv"


class Commented(Scene):
    """Each chapter has a pull request, and people comment on it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, double: GitHubDouble) -> None:
        super().__init__(folder, monkeypatch, double)
        self.double = double
        self.add("The file {} says more now.")
        self.sync()

    def comment(self, branch: str, body: str) -> Comment:
        number = self.host.open()[branch]
        made = self.double.as_user("ben").comment(REPO, number, body)
        return Comment(REPO, number, made.id, "ben", made.body)

    def command(self, branch: str, body: str) -> Handled:
        return handle_comment(self.project, self.comment(branch, body), Runner(1))


@pytest.fixture
def world(github_double: GitHubDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commented:
    return Commented(tmp_path, monkeypatch, github_double)


def test_a_sync_is_of_the_chapter_unless_something_else_is_named(world: Commented) -> None:
    tips = {branch: world.host.run("rev-parse", branch) for branch in world.host.open()}
    world.add("And {} says still more.")

    def moved() -> set[str]:
        return {branch for branch, tip in tips.items() if world.host.run("rev-parse", branch) != tip}

    handled = world.command("amts/zh+intro", "/amts sync")
    assert handled.outcome is CommentOutcome.DONE
    assert "**zh, intro**: the pull request was updated" in handled.answer
    assert moved() == {"amts/zh+intro"}
    assert world.command("amts/zh+intro", "/amts sync nets/deep.md").outcome is CommentOutcome.DONE
    assert moved() == {"amts/zh+intro", "amts/zh+nets"}
    assert world.command("amts/zh+intro", "/amts sync zh").outcome is CommentOutcome.DONE
    assert moved() == set(tips)


def test_a_cost_is_that_of_the_chapter(world: Commented) -> None:
    assert "would cost nothing" in world.command("amts/zh+intro", "/amts cost").answer


def test_a_sentence_is_translated_again_in_its_chapter_only(world: Commented) -> None:
    asked = len(Machine.asked)
    handled = world.command("amts/zh+intro", "/amts retranslate intro/data.md")
    assert handled.outcome is CommentOutcome.REFUSED  # the machine says the same again
    assert len(Machine.asked) == asked + 1
    handled = world.command("amts/zh+intro", "/amts retranslate nets/deep.md")
    assert handled.outcome is CommentOutcome.REFUSED
    assert "is in another chapter than this pull request" in handled.answer


def test_what_two_chapters_decide_is_kept_when_both_are_merged(world: Commented) -> None:
    for branch, path, term in (("amts/zh+intro", "intro/data.md", "table"), ("amts/zh+nets", "nets/deep.md", "layer")):
        assert world.command(branch, f"/amts keep {path}").outcome is CommentOutcome.DONE
        assert world.command(branch, f'/amts term add "{term}" = "词{term}"').outcome is CommentOutcome.DONE
    for branch in ("amts/zh+intro", "amts/zh+nets"):
        world.merge(branch)
        world.sync()
    assert parse_state(world.text(STATE).encode(), STATE).files == {"intro/data.md", "nets/deep.md"}
    assert {"table,词table", "layer,词layer"} <= set(world.text(TERMS).split("\n"))


def test_status_names_all_that_are_open(world: Commented) -> None:
    answer = world.command("amts/zh+intro", "/amts status").answer
    for branch, number in world.host.open().items():
        assert f"/pull/{number}) is open, on branch `{branch}`." in answer


def test_comments_that_got_lost_are_found_in_any_of_them(world: Commented) -> None:
    comment = world.comment("amts/zh+nets", "/amts help")
    world.configure()
    projects = Projects([world.folder / "amts.yaml"])
    language = LanguageId(str(world.folder / "amts.yaml"), "zh")
    assert list(projects.missed(language)) == [comment]


def test_decisions_of_both_sides_are_joined() -> None:
    old = Decisions(files=frozenset({"a", "b"}), sentences={"x": frozenset({"1", "2"})})
    ours = Decisions(files=frozenset({"a", "c"}), sentences={"x": frozenset({"2"}), "y": frozenset({"3"})})
    theirs = Decisions(paused=True, files=frozenset({"a", "b", "d"}), sentences={"x": frozenset({"1", "2", "4"})})
    joined = Decisions(True, frozenset({"a", "c", "d"}), {"x": frozenset({"2", "4"}), "y": frozenset({"3"})})
    assert join_states(old, ours, theirs) == joined
    assert join_states(old, old, theirs) == theirs
    assert join_states(old, ours, old) == ours


def test_terms_of_both_sides_are_joined() -> None:
    old = "en,zh\na,1\nb,2\nc,3\n"
    assert join_terms(old, "en,zh\na,1\nc,33\nd,4\n", "en,zh\na,1\nb,2\nc,44\ne,5\n") == "en,zh\na,1\nc,44\nd,4\ne,5\n"
    assert join_terms("", "en,zh\nen,1\n", "") == "en,zh\nen,1\n"
    assert join_terms("", "en,zh\nx,1\n", "en,zh\ny,2\ny,3\n") == "en,zh\nx,1\ny,2\ny,3\n"
