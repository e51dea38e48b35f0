"""Limits and failures with pull requests of chapters: what does not fit waits, and a bot that is killed anywhere ends
with the same pull requests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.drafts.announcements import sum_corrections
from bot.errors import InputError
from bot.forge.git import Repository
from bot.forge.github.forge import GitHubForge
from bot.forge.github.pulls import Pulls
from bot.forge.github.remote import Remote
from bot.forge.local import LocalForge
from bot.service.base import LanguageId, WorkOutcome
from bot.service.projects import Projects
from bot.service.routing import Subscription, concerned
from bot.service.webhooks import PullRequestEnded, PushEvent, Sender
from tests.github_double.double import GitHubDouble
from tests.support.chapters_hosts import OnGitHub
from tests.support.chapters_scene import BRANCHES, Machine, Scene
from tests.support.editions import edition_of

pytest_plugins = ["tests.github_double.fixtures"]


@pytest.fixture
def on_github(github_double: GitHubDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(tmp_path, monkeypatch, github_double)


def limit(scene: Scene, **limits: int) -> None:
    assert isinstance(scene.host, OnGitHub)
    scene.host.limits.update(limits)


def test_what_goes_beyond_the_size_of_a_pull_request_waits_and_is_told(on_github: Scene) -> None:
    scene = on_github
    scene.above = None
    limit(scene, files_per_pull_request=4)
    scene.add("The file {} says more now.")
    found = scene.results()[None]
    assert {result.path: result.change.value for result in found.results} == {
        **dict.fromkeys(["index.md", "intro/data.md", "intro/index.md", "nets/deep.md"], "updated"),
        **dict.fromkeys(["nets/index.md", "part 2/index.md"], "waiting"),
    }
    assert found.remarks == ("2 files more than fit into a pull request: a later run adds them",)
    assert len(Machine.asked) == 4
    body = scene.host.body(scene.host.open()["amts/zh"])
    assert "## Not touched" in body
    assert "Waiting: a pull request has at most 4 files" in body
    assert "a pull request has at most 4 files; a later run adds it once this one is merged" in body
    assert scene.sync() == {None: "unchanged"}
    # What is in it already is kept up to date.
    scene.add("One more sentence of {}.", "nets/deep.md", "part 2/index.md")
    assert scene.sync() == {None: "updated"}
    assert "One more" in scene.text("nets/deep.md", "amts/zh")
    assert "One more" not in scene.text("part 2/index.md", "amts/zh")
    scene.merge("amts/zh")
    assert scene.sync() == {None: "created"}
    assert scene.changed("amts/zh") == {"nets/index.md", "part 2/index.md", ".amts/lock.yaml"}
    scene.merge("amts/zh")
    assert scene.faults() == []


def test_a_file_waits_with_the_one_whose_place_it_takes(on_github: Scene) -> None:
    scene = on_github
    scene.above = None
    limit(scene, files_per_pull_request=1)
    scene.change({"part 2/deep.md": scene.english["nets/deep.md"], "nets/deep.md": None})
    scene.change({"nets/deep.md": scene.english["intro/data.md"], "intro/data.md": None})
    found = scene.results()[None]
    assert {result.path: result.change.value for result in found.results} == {
        "nets/deep.md": "waiting",
        "part 2/deep.md": "waiting",
    }
    limit(scene, files_per_pull_request=2)
    assert scene.sync() == {None: "created"}


def test_chapters_beyond_the_number_of_open_pull_requests_cost_nothing_yet(on_github: Scene) -> None:
    scene = on_github
    limit(scene, open_pull_requests=2)
    scene.add("The file {} says more now.")
    found = scene.results()
    assert {chapter: one.outcome.value for chapter, one in found.items() if one.outcome} == {
        "": "created",
        "intro": "created",
        "nets": "deferred",
        "part 2": "deferred",
    }
    assert "as many pull requests of the bot are open as the limit allows" in found["nets"].remarks[0]
    assert len(Machine.asked) == 3
    scene.merge("amts/zh+intro")
    assert scene.sync() == {"": "unchanged", "nets": "created", "part 2": "deferred"}
    assert len(Machine.asked) == 5


def test_the_merge_of_a_chapter_is_no_news_to_those_that_git_can_merge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(tmp_path, monkeypatch, baseline="origin-file")
    scene.add("The file {} says more now.")
    scene.sync()
    tip = scene.host.run("rev-parse", "amts/zh+nets")
    scene.merge("amts/zh+intro")
    assert scene.sync() == {"": "unchanged", "nets": "unchanged", "part 2": "unchanged"}
    assert scene.host.run("rev-parse", "amts/zh+nets") == tip
    scene.add("And still more of {}.", "nets/deep.md")
    assert scene.sync() == {"": "unchanged", "nets": "updated", "part 2": "unchanged"}
    assert scene.host.run("merge-base", "main", "amts/zh+nets") == scene.host.run("rev-parse", "main")


class Killed(BaseException):
    """The process ends here."""


def kill_after(monkeypatch: pytest.MonkeyPatch, steps: int, *functions: tuple[type, str]) -> Callable[[], int]:
    """Ends the run after so many calls; how many there were."""
    taken = 0
    for owner, name in functions:
        old = getattr(owner, name)

        def step(*arguments: object, old: Callable[..., object] = old, **named: object) -> object:
            nonlocal taken
            done = old(*arguments, **named)
            taken += 1
            if taken == steps:
                raise Killed
            return done

        monkeypatch.setattr(owner, name, step)
    return lambda: taken


def state(scene: Scene) -> dict[str, str]:
    """The open pull requests and what their branches hold."""
    return {branch: scene.host.run("rev-parse", f"{branch}^{{tree}}").strip() for branch in scene.host.open()}


@pytest.mark.sweep
@pytest.mark.parametrize("steps", range(1, 9))
def test_a_bot_that_is_killed_between_chapters_ends_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    wanted, scene = Scene(tmp_path / "one", monkeypatch), Scene(tmp_path / "other", monkeypatch)
    for each in (wanted, scene):
        each.add("The file {} says more now.")
    wanted.sync()
    with monkeypatch.context() as patched:
        taken = kill_after(patched, steps, (Repository, "update_ref"), (LocalForge, "_write"))
        with pytest.raises(Killed):
            scene.sync()
        assert taken() == steps
    scene.sync()
    assert state(scene) == state(wanted)
    assert sorted(scene.host.open()) == sorted(BRANCHES.values())
    assert scene.sync() == dict.fromkeys(BRANCHES, "unchanged")


@pytest.mark.sweep
@pytest.mark.parametrize("steps", range(1, 13, 2))
def test_on_github_as_well(on_github: Scene, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    scene = on_github
    scene.add("The file {} says more now.")
    with monkeypatch.context() as patched:
        kill_after(patched, steps, (Remote, "push"), (Pulls, "create"), (GitHubForge, "_present"))
        with pytest.raises(Killed):
            scene.sync()
    scene.sync()
    assert sorted(scene.host.open()) == sorted(BRANCHES.values())
    for branch, number in scene.host.open().items():
        assert "This brings" in scene.host.body(number)
        assert scene.host.run("rev-list", "--count", f"main..{branch}").strip() == "1"
    assert scene.sync() == dict.fromkeys(BRANCHES, "unchanged")


def test_a_chapter_that_fails_does_not_stop_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(tmp_path, monkeypatch)
    scene.add("The file {} says more now.")
    scene.sync()
    scene.host.push("amts/zh+intro", {".amts/state.zh.yaml": "nonsense: 1\n"})
    scene.add("And {} says still more.")
    with pytest.raises(InputError, match=r"zh, intro: \.amts/state\.zh\.yaml:1: must hold"):
        scene.sync()
    assert "still more" in scene.text("nets/deep.md", "amts/zh+nets")
    assert "still more" not in scene.text("intro/data.md", "amts/zh+intro")
    scene.host.push("amts/zh+intro", {".amts/state.zh.yaml": None})
    assert scene.sync() == {**dict.fromkeys(BRANCHES, "unchanged"), "intro": "updated"}


@pytest.mark.parametrize("where", ["local", pytest.param("github", marks=pytest.mark.sweep)])
def test_merged_chapters_count_among_the_corrections(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    double = request.getfixturevalue("github_double") if where == "github" else None
    scene = Scene(tmp_path, monkeypatch, double)
    scene.measure = True
    scene.add("The file {} says more now.")
    scene.sync()
    numbers = scene.host.open()
    review = scene.text("intro/data.md", "amts/zh+intro").replace("机器〔The file", "评审〔The file") + "\n"
    scene.host.push("amts/zh+intro", {"intro/data.md": review})
    for branch in ("amts/zh+nets", "amts/zh+intro"):
        scene.merge(branch)
        scene.sync()
    scene.sync()
    said = {
        branch: [text for text in scene.host.said(number) if "What people made" in text]
        for branch, number in numbers.items()
    }
    assert {branch: len(texts) for branch, texts in said.items() if texts} == {"amts/zh+intro": 1, "amts/zh+nets": 1}
    told = sum_corrections(edition_of(scene.project))
    assert (told.pulls, told.figures.asked) == (2, 4)


def test_what_happens_on_the_branch_of_a_chapter_concerns_its_language() -> None:
    zh, es = LanguageId("a.yaml", "zh"), LanguageId("a.yaml", "es")
    own = frozenset({"amts-bot"}), frozenset({"amts@example.org"})
    subscriptions = [
        Subscription(language, "people/en", "main", "people/book", "main", f"amts/{language.language}", *own)
        for language in (zh, es)
    ]
    ben, bot = Sender("ben", "User"), Sender("amts-bot", "Bot")
    pushed = PushEvent("People/book", "amts/zh+part%202", "ben@example.org", ben)
    assert concerned(pushed, subscriptions).languages == (zh,)
    ended = PullRequestEnded("people/book", "amts/zh+", ben)
    assert concerned(ended, subscriptions).languages == (zh,)
    by_bot = PushEvent("people/book", "amts/zh+part%202", "amts@example.org", bot)
    assert concerned(by_bot, subscriptions).reason == "the bot's own doing"
    other = PushEvent("people/book", "amts/zhs+x", "ben@example.org", ben)
    assert concerned(other, subscriptions).languages == ()


def test_the_service_tells_of_each_chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(tmp_path, monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    scene.add("The file {} says more now.")
    scene.configure()
    projects = Projects([tmp_path / "amts.yaml"])
    (language,) = [each.language for each in projects.subscriptions()]
    result = projects.sync(language, lambda: None)
    assert result.outcome is WorkOutcome.SYNCED
    assert "zh, intro: created" in result.message
    assert "zh, part 2: created" in result.message
