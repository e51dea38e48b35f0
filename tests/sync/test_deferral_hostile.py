"""What people declined, once the past that it stands on is gone, damaged or taken back: the bot goes on, and takes
nothing for declined that nobody declined."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.book.baselines import Baselines, Paths
from bot.book.history import History
from bot.book.lock_file import LOCK_PATH, LockFile
from bot.forge.git import Snapshot
from tests.github_double.double import GitHubDouble
from tests.support.chapters_hosts import REPO, OnGitHub
from tests.support.chapters_scene import BRANCHES, Scene

pytest_plugins = ["tests.github_double.fixtures"]

WHOLE = "amts/zh"


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return as_one(Scene(tmp_path, monkeypatch))


@pytest.fixture
def on_github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, github_double: GitHubDouble) -> Scene:
    return as_one(Scene(tmp_path, monkeypatch, github_double))


def as_one(scene: Scene) -> Scene:
    scene.above = None
    return scene


def changes(scene: Scene) -> dict[str, str]:
    """What a run does with each file of the language as one."""
    return {result.path: result.change.value for result in scene.results()[None].results}


def test_what_was_declined_before_the_history_was_rewritten_is_proposed_again(scene: Scene) -> None:
    scene.add("The file {} says more now.", "index.md")
    scene.sync()
    scene.close(WHOLE)
    scene.rewrite_history()
    scene.add("The file {} says more now.", "nets/deep.md")
    assert changes(scene) == {"index.md": "updated", "nets/deep.md": "updated"}
    assert scene.changed(WHOLE) == {"index.md", "nets/deep.md", LOCK_PATH}
    scene.merge(WHOLE)
    assert scene.faults() == []


def test_records_that_are_broken_in_a_closed_pull_request_decline_nothing(on_github: Scene) -> None:
    scene = on_github
    scene.add("The file {} says more now.", "index.md")
    scene.sync()
    scene.host.push(WHOLE, {LOCK_PATH: "<<<<<<< HEAD\nversion: 1\n"})
    declined = scene.close(WHOLE)
    scene.add("The file {} says more now.", "nets/deep.md")
    assert changes(scene) == {"index.md": "updated", "nets/deep.md": "updated"}
    assert scene.host.open().keys() == {WHOLE}
    assert scene.host.open()[WHOLE] != declined
    assert scene.changed(WHOLE) == {"index.md", "nets/deep.md", LOCK_PATH}


def test_commits_that_the_host_deleted_decline_nothing(on_github: Scene) -> None:
    scene = on_github
    assert isinstance(scene.host, OnGitHub)
    scene.add("The file {} says more now.", "index.md")
    scene.sync()
    declined = scene.close(WHOLE)
    scene.host.double.as_user("ben").delete_branch(REPO, WHOLE)
    scene.host.run("update-ref", "-d", f"refs/pull/{declined}/head")
    scene.host.run("prune", "--expire=now")
    scene.lose_cache()
    scene.add("The file {} says more now.", "nets/deep.md")
    assert changes(scene) == {"index.md": "updated", "nets/deep.md": "updated"}
    assert scene.host.open().keys() == {WHOLE}


def test_english_that_was_amended_after_it_was_declined_is_proposed(scene: Scene) -> None:
    scene.add("The file {} says more now.", "index.md")
    scene.sync()
    scene.close(WHOLE)
    scene.amend_english("The file {} says something else.", "index.md")
    assert scene.sync() == {None: "created"}
    text = scene.text("index.md", WHOLE)
    assert "〔The file index.md says something else.〕" in text
    assert "says more now" not in text


def test_what_was_declined_of_other_words_is_proposed_when_the_english_goes_back(scene: Scene) -> None:
    scene.add("The file {} says more now.", "index.md")
    declined = scene.english["index.md"]
    scene.sync()
    scene.close(WHOLE)
    scene.add("And even more.", "index.md")
    scene.sync()
    scene.merge(WHOLE)
    # The same English as in the pull request that was closed, but it is another change by now.
    scene.change({"index.md": declined})
    assert changes(scene) == {"index.md": "updated"}
    scene.merge(WHOLE)
    assert scene.faults() == []


def test_what_is_reverted_on_the_base_was_not_declined_with_another_file(scene: Scene) -> None:
    before = {path: f"{scene.text(path)}\n" for path in ("index.md", LOCK_PATH)}
    scene.add("The file {} says more now.", "index.md")
    scene.sync()
    scene.merge(WHOLE)
    scene.add("The file {} says more now.", "nets/deep.md")
    scene.sync()
    scene.close(WHOLE)
    scene.host.push("main", before)
    assert changes(scene) == {"index.md": "updated", "nets/deep.md": "declined"}
    assert scene.changed(WHOLE) == {"index.md", LOCK_PATH}


def test_a_move_that_was_declined_is_no_word_on_the_deletion_that_follows(scene: Scene) -> None:
    text = scene.english["nets/deep.md"]
    scene.change({"nets/deep.md": None, "nets/depth.md": text})
    assert scene.sync() == {None: "created"}
    scene.close(WHOLE)
    scene.change({"nets/depth.md": None})
    assert changes(scene) == {"nets/deep.md": "removed"}
    assert scene.changed(WHOLE) == {"nets/deep.md", LOCK_PATH}


def test_a_file_that_was_declined_where_it_came_from_is_not_proposed_where_it_goes(scene: Scene) -> None:
    scene.above = 0
    scene.add("The file {} says more now.", "intro/data.md")
    assert scene.sync() == {"intro": "created"}
    scene.change({"intro/data.md": None, "nets/data.md": scene.english["intro/data.md"]})
    assert scene.sync() == {"intro": "updated"}
    assert scene.changed("amts/zh+intro") == {"intro/data.md", "nets/data.md", LOCK_PATH}
    scene.close("amts/zh+intro")
    assert scene.sync() == {None: "declined"}
    assert scene.host.open() == {}


def test_the_records_of_a_commit_are_not_read_for_each_pull_request_that_begins_there(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.above = 0
    paths = {"intro": "intro/data.md", "nets": "nets/deep.md", "part 2": "part 2/index.md"}
    scene.add("The file {} says more now.", *paths.values())
    scene.sync()
    heads = [scene.host.run("rev-parse", BRANCHES[chapter]).strip() for chapter in paths]
    for chapter in paths:
        scene.close(BRANCHES[chapter])
    scene.add("One more sentence of {}.", *paths.values())
    reads: list[str] = []
    read = LockFile.read

    def counted(self: LockFile, source: Snapshot, history: History, target: Snapshot, paths: Paths) -> Baselines:
        reads.append(target.commit)
        return read(self, source, history, target, paths)

    monkeypatch.setattr(LockFile, "read", counted)
    assert scene.sync() == dict.fromkeys(paths, "created")
    assert [reads.count(head) for head in heads] == [1, 1, 1]
    # Main's, which all three began at: as the book, as the past of what people closed and of the machine's
    # drafts, and as that of people's habits.
    assert reads.count(scene.host.run("rev-parse", "main").strip()) <= 3
    assert len(reads) <= 6
