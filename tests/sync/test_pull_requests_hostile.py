"""What people do to the branches of pull requests, and beside them: none of it stops the bot, nor is any of it lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.book.lock_file import LOCK_PATH
from bot.forge.base import Outcome
from bot.forge.github.host import Limits
from bot.report.hidden import hide
from bot.report.tally import read_tally
from tests.github_double.double import GitHubDouble
from tests.support import github_bot
from tests.support.chapters_hosts import REPO, OnGitHub
from tests.support.chapters_scene import Scene
from tests.support.github_bot import Bot, changed, forge_settings, tip

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]

WHOLE, INTRO, NETS = "amts/zh", "amts/zh+intro", "amts/zh+nets"
FILES = {"a.md": changed(_5="五")}
BODY = "Much. The rest stands in the [full report][report].\n"
PAGES = ("# Report\n",)


@pytest.fixture(params=["local", pytest.param("github", marks=pytest.mark.sweep)])
def scene(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    double: GitHubDouble | None = None
    if request.param == "github":
        double = request.getfixturevalue("github_double")
    return Scene(tmp_path, monkeypatch, double)


@pytest.fixture
def on_github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, github_double: GitHubDouble) -> Scene:
    scene = Scene(tmp_path, monkeypatch, github_double)
    scene.above = None
    return scene


def host_of(scene: Scene) -> OnGitHub:
    assert isinstance(scene.host, OnGitHub)
    return scene.host


def outcomes(scene: Scene) -> dict[str | None, str]:
    return {chapter: one.outcome.value for chapter, one in scene.results().items() if one.outcome}


def reviewed(scene: Scene, path: str, branch: str) -> dict[str, str]:
    """A file with what the machine said in a reviewer's words."""
    return {path: scene.text(path, branch).replace("机器", "评审") + "\n"}


@pytest.mark.sweep
def test_a_commit_that_people_rebased_is_gone_on_from_without_the_one_it_was(on_github: Scene) -> None:
    scene = on_github
    scene.add("The file {} says more now.", "index.md")
    scene.sync()
    scene.add("And more again in {}.", "index.md")
    scene.sync()
    scene.host.push("main", {"notes.txt": "People's own\n"})
    scene.host.amend(WHOLE, {"notes.txt": "People's own\n"}, onto="main")
    # On another machine, which never had the commit that the trailer names.
    scene.lose_cache()
    scene.add("A third thing about {}.", "index.md")
    assert scene.sync() == {None: "updated"}
    assert scene.changed(WHOLE) == {"index.md", LOCK_PATH}
    assert scene.text("index.md", WHOLE).count("机器〔") == 3


def test_a_pull_request_with_an_amended_commit_is_not_closed_for_what_the_bot_s_own_would_be(scene: Scene) -> None:
    scene.above = None
    scene.add("The file {} says more now.", "intro/data.md")
    scene.sync()
    number = scene.host.open()[WHOLE]
    # Main gets what the bot proposed, in other words than the reviewer has by now.
    proposed = {path: f"{scene.text(path, WHOLE)}\n" for path in ("intro/data.md", LOCK_PATH)}
    scene.host.amend(WHOLE, reviewed(scene, "intro/data.md", WHOLE))
    scene.host.push("main", proposed | {"intro/data.md": proposed["intro/data.md"].replace("机器", "别人")})
    scene.sync()
    assert scene.host.open() == {WHOLE: number}
    assert scene.host.said(number) == []
    assert "评审〔The file intro/data.md says more now.〕" in scene.text("intro/data.md", WHOLE)


def test_a_chapter_whose_commit_people_amended_is_not_superseded(scene: Scene) -> None:
    scene.above = 1
    scene.add("The file {} says more now.", "intro/data.md", "nets/deep.md")
    assert scene.sync() == {"intro": "created", "nets": "created"}
    closed = [scene.close(branch) for branch in (INTRO, NETS)]
    scene.add("Something new in {}.", "nets/deep.md")
    assert scene.sync() == {None: "created"}
    for number in closed:
        scene.host.reopen(number)
    words = reviewed(scene, "intro/data.md", INTRO)
    scene.host.amend(INTRO, words)
    assert outcomes(scene) == {None: "updated", "intro": "deferred", "nets": "closed"}
    assert sorted(scene.host.open()) == [WHOLE, INTRO]
    assert f"{scene.text('intro/data.md', INTRO)}\n" == words["intro/data.md"]


def test_a_chapter_is_not_superseded_while_the_whole_has_no_room_for_it(on_github: Scene) -> None:
    scene = on_github
    scene.above = 1
    scene.add("The file {} says more now.", "intro/data.md", "nets/deep.md", "nets/index.md")
    assert scene.sync() == {"intro": "created", "nets": "created"}
    host = host_of(scene)
    host.push(WHOLE, {"index.md": scene.text("index.md") + "\n\n"})
    host.double.as_user("ben").open_pull(REPO, WHOLE, "main")
    host.limits["files_per_pull_request"] = 3
    found = scene.results()
    assert {result.path: result.change.value for result in found[None].results} == {
        **dict.fromkeys(["intro/data.md", "nets/deep.md"], "updated"),
        "nets/index.md": "waiting",
    }
    assert sorted(scene.host.open()) == [WHOLE, NETS]
    assert scene.changed(INTRO) <= scene.changed(WHOLE)
    assert not scene.changed(NETS) <= scene.changed(WHOLE)


def test_people_s_own_pull_request_from_the_bot_s_branch_stays_as_it_is(on_github: Scene) -> None:
    scene = on_github
    scene.add("The file {} says more now.", "index.md")
    scene.sync()
    declined = scene.close(WHOLE)
    ben = host_of(scene).double.as_user("ben")
    ben.push(REPO, "release", {"version.txt": "1\n"})
    number = ben.open_pull(REPO, WHOLE, "release", body="Into the release only.")
    assert scene.sync() == {None: "declined"}
    assert scene.host.open() == {WHOLE: number}
    assert host_of(scene).double.pull(REPO, number).base_ref == "release"
    assert scene.host.body(number) == "Into the release only."
    assert scene.host.said(declined) == scene.host.said(number) == []


def test_pull_requests_of_strangers_forks_do_not_fill_the_limit(double: GitHubDouble, tmp_path: Path) -> None:
    bot = Bot(double, tmp_path / "cache", forge_settings(Limits(open_pull_requests=1)))
    fork = double.fork(github_bot.REPO, "stranger")
    double.as_user("stranger").push(fork.full_name, "amts/es", {"x.md": "mine\n"})
    double.as_user("stranger").open_pull(github_bot.REPO, "stranger:amts/es", "main")
    assert bot.open().fetch_capacity() == 1
    assert bot.run(FILES, body=BODY).outcome is Outcome.CREATED
    assert [issue.author.login for issue in double.pulls(github_bot.REPO, "open")] == ["stranger", "amts-bot"]
    assert bot.open().fetch_capacity() == 0


def test_people_s_branches_may_have_what_unicode_takes_for_line_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(tmp_path, monkeypatch)
    names = [f"notes{end}mine" for end in ("\u2028", "\u0085", "\u2029")]
    for name in names:
        scene.host.run("branch", name, "main")
    scene.add("The file {} says more now.", "index.md")
    assert scene.sync() == {None: "created"}
    found = scene.host.run("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").rstrip("\n").split("\n")
    assert sorted(found) == sorted([*names, "main", WHOLE])


def test_a_body_in_which_people_forged_what_is_hidden_is_written_anew(on_github: Scene) -> None:
    scene = on_github
    scene.add("The file {} says more now.", "index.md")
    scene.sync()
    body = scene.host.body(1)
    rows = [["index.md", "index.md", "updated", ["x"], None, 0, None]]
    forged = re.sub("<!-- amts:tally .* -->", hide("tally", ["key", rows, []], 1000), body)
    forged = re.sub(
        "(<!-- amts:pull-request ).* -->", r'\1{"labels":["' + "x" * 20_000 + r'"],"pushes":[1e999]} -->', forged
    )
    assert len(forged) > 20_000
    host_of(scene).double.as_user("ben").edit(REPO, 1, body=forged)
    scene.add("The file {} says more now.", "nets/deep.md")
    assert scene.sync() == {None: "updated"}
    assert len(scene.host.body(1)) < 5000
    assert read_tally(scene.host.body(1)).total([])[0].path == "index.md"


@pytest.mark.parametrize("branch", ["amts-report/zh", "amts-report"])
def test_people_s_branch_where_a_report_would_be_keeps_only_the_report_out(
    double: GitHubDouble, bot: Bot, branch: str
) -> None:
    theirs = double.as_user("translator").push(github_bot.REPO, branch, {"x.md": "mine\n"})
    published = bot.run(FILES, body=BODY, report=PAGES)
    assert published.outcome is Outcome.CREATED
    (warning,) = published.warnings
    assert warning.startswith("the full report is missing: ")
    body = double.pulls(github_bot.REPO)[0].body or ""
    assert "The rest stands in the full report, which could not be published." in body
    assert "[report]" not in body
    assert tip(double, branch) == theirs
    # Nor does an update without a report take it for an old one.
    assert bot.run(FILES, body="All of it.\n").outcome is Outcome.UPDATED
    assert tip(double, branch) == theirs
