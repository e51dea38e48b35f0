"""A pull request for each chapter: opened, continued, merged, closed, and as one again; in a folder and on GitHub."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UsageError
from tests.github_double.double import GitHubDouble
from tests.support.chapters_scene import BRANCHES, Machine, Scene
from tests.support.cli_run import Cli

pytest_plugins = ["tests.support.cli_fixtures", "tests.github_double.fixtures"]


@pytest.fixture(params=["local", pytest.param("github", marks=pytest.mark.sweep)])
def scene(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    double: GitHubDouble | None = None
    if request.param == "github":
        double = request.getfixturevalue("github_double")
    return Scene(tmp_path, monkeypatch, double)


@pytest.fixture
def origin_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The English that a file was made from stands beside it."""
    return Scene(tmp_path, monkeypatch, baseline="origin-file")


CREATED = dict.fromkeys(BRANCHES, "created")
UNCHANGED = dict.fromkeys(BRANCHES, "unchanged")


def test_above_the_limit_each_chapter_has_its_own_and_below_it_all_are_one(scene: Scene) -> None:
    scene.add("The file {} says more now.")
    assert scene.sync() == CREATED
    assert sorted(scene.host.open()) == sorted(BRANCHES.values())
    assert scene.changed("amts/zh+intro") == {"intro/index.md", "intro/data.md", ".amts/lock.yaml"}
    assert scene.changed("amts/zh+") == {"index.md", ".amts/lock.yaml"}
    assert scene.changed("amts/zh+part%202") == {"part 2/index.md", ".amts/lock.yaml"}
    assert (len(Machine.asked), Machine.jobs) == (len(scene.english), 1)
    tips = {branch: scene.host.run("rev-parse", branch) for branch in scene.host.open()}
    assert scene.sync() == UNCHANGED
    assert tips == {branch: scene.host.run("rev-parse", branch) for branch in scene.host.open()}
    for branch in BRANCHES.values():
        if branch != "amts/zh+":
            scene.merge(branch)
    # One is open still, so what is new in another chapter stays by itself.
    scene.add("One more sentence of {}.", "nets/deep.md")
    assert scene.sync() == {"": "unchanged", "nets": "created"}
    scene.merge("amts/zh+")
    scene.merge("amts/zh+nets")
    scene.add("The last word of {}.", "nets/deep.md", "index.md")
    assert scene.sync() == {None: "created"}
    assert list(scene.host.open()) == ["amts/zh"]
    scene.merge("amts/zh")
    assert scene.faults() == []
    assert len(Machine.asked) == len(set(Machine.asked))


def test_an_open_pull_request_of_the_whole_is_continued_as_one(scene: Scene) -> None:
    scene.add("The file {} says more now.", "index.md")
    assert scene.sync() == {None: "created"}
    scene.add("And more again in {}.")
    assert scene.sync() == {None: "updated"}
    assert list(scene.host.open()) == ["amts/zh"]


def test_a_language_without_a_limit_never_has_chapters(scene: Scene) -> None:
    scene.above = None
    scene.add("The file {} says more now.")
    assert scene.sync() == {None: "created"}


def test_what_people_do_in_one_is_kept_and_the_others_go_on(scene: Scene) -> None:
    scene.add("The file {} says more now.")
    scene.sync()
    review = scene.text("intro/data.md", "amts/zh+intro").replace("机器", "评审") + "\n"
    scene.host.push("amts/zh+intro", {"intro/data.md": review})
    declined = scene.close("amts/zh+nets")
    scene.merge("amts/zh+part%202")
    scene.host.push("main", {"notes.txt": "People's own\n"})
    scene.add("Another thing about {}.", "intro/data.md", "index.md")
    asked = len(Machine.asked)
    found = scene.results()
    assert {chapter: one.outcome.value for chapter, one in found.items() if one.outcome} == {
        "": "updated",
        "intro": "updated",
        "nets": "declined",
    }
    assert found["nets"].pull_request is not None
    assert found["nets"].pull_request.number == declined
    assert len(Machine.asked) == asked + 2
    text = scene.text("intro/data.md", "amts/zh+intro")
    assert "评审〔The file intro/data.md says more now.〕" in text
    assert "机器〔Another thing about intro/data.md.〕" in text
    assert scene.text("notes.txt", "amts/zh+intro").strip() == "People's own"
    assert "nets" not in "".join(scene.changed("amts/zh+intro") | scene.changed("amts/zh+"))
    scene.merge("amts/zh+intro")
    scene.merge("amts/zh+") if scene.sync() else None
    # What was declined is not proposed again, by nobody.
    assert scene.sync() == {None: "declined"}
    scene.add("Something new in {}.", "nets/deep.md")
    found = scene.results()
    assert {result.path: result.change.value for result in found[None].results} == {
        "nets/deep.md": "updated",
        "nets/index.md": "declined",
    }


def test_each_merge_leaves_the_records_of_the_others_right(scene: Scene) -> None:
    scene.add("The file {} says more now.")
    scene.change(
        {"intro/last.md": "# Last\n\nThis is the last file.\n", "nets/a.md": "# First\n\nThis is the first one.\n"}
    )
    scene.sync()
    scene.merge("amts/zh+intro")
    # What stands side by side conflicts on the host until the bot has merged the base into the other.
    assert scene.sync() == {"": "unchanged", "nets": "updated", "part 2": "unchanged"}
    for branch in sorted(scene.host.open(), reverse=True):
        scene.merge(branch)
    assert scene.faults() == []


def test_the_title_and_the_body_name_the_chapter(scene: Scene) -> None:
    scene.add("The file {} says more now.")
    scene.sync()
    number = scene.host.open()["amts/zh+part%202"]
    assert scene.host.title(number).startswith("Chinese (Simplified), part 2: in step with the English of ")
    assert "This brings `part 2` of the Chinese (Simplified) translation in step" in scene.host.body(number)
    top = scene.host.open()["amts/zh+"]
    assert scene.host.title(top).startswith("Chinese (Simplified), the files in no folder: ")
    assert "This brings the files in no folder of the Chinese" in scene.host.body(top)


def test_a_chapter_whose_english_went_back_is_closed_by_itself(origin_scene: Scene) -> None:
    scene = origin_scene
    before = dict(scene.english)
    scene.add("The file {} says more now.")
    scene.sync()
    number = scene.host.open()["amts/zh+nets"]
    scene.change({path: text for path, text in before.items() if path.startswith("nets/")})
    assert scene.sync() == UNCHANGED | {"nets": "closed"}
    assert "Nothing is left to propose" in scene.host.said(number)[-1]
    assert scene.sync() == {chapter: "unchanged" for chapter in BRANCHES if chapter != "nets"}


def test_the_english_beside_the_files_goes_with_its_chapter(origin_scene: Scene) -> None:
    scene = origin_scene
    scene.add("The file {} says more now.")
    assert scene.sync() == CREATED
    assert scene.changed("amts/zh+nets") == {
        *("nets/index.md", "nets/index_origin.md", "nets/deep.md", "nets/deep_origin.md")
    }
    for branch in BRANCHES.values():
        scene.merge(branch)
    assert scene.faults() == []


def test_only_the_files_that_are_asked_for_are_synced(scene: Scene) -> None:
    scene.add("The file {} says more now.")
    assert scene.sync(patterns=["intro/data.md", "/index.md"]) == {"": "created", "intro": "created"}
    assert scene.changed("amts/zh+intro") == {"intro/data.md", ".amts/lock.yaml"}
    with pytest.raises(UsageError, match="no file of the book matches"):
        scene.sync(patterns=["nowhere.md"])
    assert scene.sync() == {**CREATED, "": "unchanged", "intro": "updated"}
    assert scene.sync(patterns=["/notes.md", "intro/data.md"][1:]) == {None: "nothing"}


def test_a_dry_run_tells_of_each_and_writes_nothing(scene: Scene) -> None:
    scene.add("The file {} says more now.")
    assert scene.sync(dry_run=True) == CREATED
    assert scene.host.open() == {}


def test_a_sentence_that_moves_to_another_chapter_keeps_its_words(scene: Scene) -> None:
    scene.add("The file {} says more now.")
    moving = "Machines can learn from many examples."
    intro, nets = scene.english["intro/index.md"], scene.english["nets/index.md"]
    scene.change({"intro/index.md": intro.replace(f"{moving}\n\n", ""), "nets/index.md": f"{nets}\n{moving}\n"})
    scene.sync()
    assert f"安娜〔{moving}〕" in scene.text("nets/index.md", "amts/zh+nets")
    assert moving not in scene.text("intro/index.md", "amts/zh+intro")
    # What a reviewer made of a machine's words goes along as well, from one open pull request to another.
    told = "The file intro/data.md says more now."
    review = scene.text("intro/data.md", "amts/zh+intro").replace("机器", "评审") + "\n"
    scene.host.push("amts/zh+intro", {"intro/data.md": review})
    data, deep = scene.english["intro/data.md"], scene.english["nets/deep.md"]
    scene.change({"intro/data.md": data.replace(f"\n{told}\n", ""), "nets/deep.md": f"{deep}\n{told}\n"})
    asked = len(Machine.asked)
    scene.sync()
    assert f"评审〔{told}〕" in scene.text("nets/deep.md", "amts/zh+nets")
    assert len(Machine.asked) == asked


def test_what_reviewers_say_in_one_comes_before_what_is_published(scene: Scene) -> None:
    scene.add("The file {} says more now.")
    scene.sync()
    review = scene.text("intro/data.md", "amts/zh+intro").replace("安娜", "评审") + "\n"
    scene.host.push("amts/zh+intro", {"intro/data.md": review})
    scene.add("Every example is a row of a table.", "nets/deep.md")
    scene.sync()
    assert "评审〔Every example is a row of a table.〕" in scene.text("nets/deep.md", "amts/zh+nets")


def test_a_file_that_moves_to_another_chapter_is_in_one_pull_request(scene: Scene) -> None:
    scene.add("The file {} says more now.")
    scene.change({"nets/data.md": scene.english["intro/data.md"], "intro/data.md": None})
    scene.sync()
    assert {"intro/data.md", "nets/data.md"} <= scene.changed("amts/zh+nets")
    assert "intro/data.md" not in scene.changed("amts/zh+intro")
    # On it goes, and stays where it is open.
    scene.change({"part 2/data.md": scene.english["nets/data.md"], "nets/data.md": None})
    scene.sync()
    assert "part 2/data.md" in scene.changed("amts/zh+nets")
    assert "part 2/data.md" not in scene.changed("amts/zh+part%202")
    for branch in BRANCHES.values():
        scene.merge(branch)
        scene.sync()
    assert scene.faults() == []
    assert "安娜〔Every example is a row of a table.〕" in scene.text("part 2/data.md")


def test_files_that_move_one_after_the_other_are_in_one_pull_request(scene: Scene) -> None:
    scene.add("The file {} says more now.")
    scene.change({"part 2/deep.md": scene.english["nets/deep.md"], "nets/deep.md": None})
    scene.change({"nets/deep.md": scene.english["intro/data.md"], "intro/data.md": None})
    scene.sync()
    assert {"intro/data.md", "nets/deep.md", "part 2/deep.md"} <= scene.changed("amts/zh+part%202")
    assert scene.sync() == UNCHANGED
    for branch in sorted(scene.host.open()):
        scene.merge(branch)
        scene.sync()
    assert scene.faults() == []
    assert "安娜〔Every example is a row of a table.〕" in scene.text("nets/deep.md")


def test_a_chapter_is_superseded_by_the_whole_unless_people_wrote_in_it(scene: Scene) -> None:
    scene.add("The file {} says more now.")
    scene.sync()
    closed = {branch: scene.close(branch) for branch in BRANCHES.values()}
    scene.add("Something new in {}.", "nets/deep.md")
    assert scene.sync() == {None: "created"}
    whole = scene.host.open()["amts/zh"]
    for branch in ("amts/zh+intro", "amts/zh+nets"):
        scene.host.reopen(closed[branch])
    review = scene.text("intro/data.md", "amts/zh+intro").replace("机器", "评审") + "\n"
    scene.host.push("amts/zh+intro", {"intro/data.md": review})
    found = scene.results()
    assert {chapter: one.outcome.value for chapter, one in found.items() if one.outcome} == {
        None: "updated",
        "intro": "deferred",
        "nets": "closed",
    }
    assert "people made commits here" in found["intro"].remarks[0]
    assert sorted(scene.host.open()) == ["amts/zh", "amts/zh+intro"]
    assert "Superseded by " in scene.host.said(closed["amts/zh+nets"])[-1]
    assert str(whole) in scene.host.said(closed["amts/zh+nets"])[-1]
    assert scene.text("intro/data.md", "amts/zh+intro").strip() == review.strip()


def test_the_command_line_tells_of_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli) -> None:
    scene = Scene(tmp_path, monkeypatch)
    scene.configure()
    scene.add("The file {} says more now.")
    config = tmp_path / "amts.yaml"
    ran = cli("sync", "--config", config)
    assert ran.code == 0, ran.err
    assert f"zh, part 2: pull request opened: {tmp_path / 'pulls' / 'zh' / '4'}" in ran.out
    assert "zh, the files in no folder: pull request opened" in ran.out
    languages = cli("sync", "--config", config, "--json").json()["languages"]
    assert isinstance(languages, list)
    assert [(one["language"], one["chapter"], one["outcome"]) for one in languages] == [
        ("zh", chapter, "unchanged") for chapter in BRANCHES
    ]
    status = cli("status", "--config", config, "--json").json()["languages"]
    assert isinstance(status, dict)
    assert [pull["chapter"] for pull in status["zh"]["pull_requests"]] == list(BRANCHES)
    assert "zh, intro: a pull request is open: " in cli("status", "--config", config).out
