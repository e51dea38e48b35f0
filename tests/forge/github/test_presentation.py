"""What GitHub's pull requests show besides their text: labels, reviewers, a milestone, a status."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.forge.github.host import Credentials
from tests.github_double.double import GitHubDouble
from tests.support.github_bot import BRANCH, REPO, Bot, changed, forge_settings, make_key

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]


def presenting(double: GitHubDouble, folder: Path, **settings: Any) -> Bot:
    return Bot(double, folder / "cache", forge_settings(**settings))


def test_labels_are_made_and_put_on_once(double: GitHubDouble, tmp_path: Path) -> None:
    bot = presenting(double, tmp_path, labels=("translation", "bot: zh"))
    bot.run({"a.md": changed(_5="五")})
    issue = double.issue(REPO, 1)
    assert [label.name for label in issue.labels] == ["translation", "bot: zh"]
    issue.labels.clear()
    bot.run({"b.md": b"B\n"})
    assert issue.labels == []


def test_reviewers_are_asked_once_and_never_the_author(double: GitHubDouble, bot: Bot) -> None:
    ask = {"reviewers": ("reviewer", "translator", "AMTS-bot")}
    bot.run({"a.md": changed(_5="五")}, **ask)
    pull = double.pull(REPO, 1)
    assert [one.login for one in pull.reviewers] == ["reviewer", "translator"]
    double.as_user("reviewer").review(REPO, 1)
    pull.reviewers.clear()
    bot.run({"b.md": b"B\n"}, **ask)
    assert pull.reviewers == []
    # Without the memo, who has reviewed is known from the reviews.
    double.as_user("reviewer").edit(REPO, 1, body="")
    bot.run({"b.md": b"BB\n"}, **ask)
    assert [one.login for one in pull.reviewers] == ["translator"]


def test_one_who_is_no_collaborator_does_not_keep_the_others_from_being_asked(double: GitHubDouble, bot: Bot) -> None:
    published = bot.run({"a.md": changed(_5="五")}, reviewers=("stranger", "reviewer"))
    assert [one.login for one in double.pull(REPO, 1).reviewers] == ["reviewer"]
    (warning,) = published.warnings
    assert warning.startswith("no review was requested from stranger: ")
    double.set_role(REPO, "stranger", "read")
    assert bot.run({"a.md": changed(_5="五")}, reviewers=("stranger", "reviewer")).warnings == ()
    assert [one.login for one in double.pull(REPO, 1).reviewers] == ["reviewer", "stranger"]


def test_a_milestone_is_set_by_its_title_once(double: GitHubDouble, tmp_path: Path) -> None:
    bot = presenting(double, tmp_path, milestone="2.0")
    published = bot.run({"a.md": changed(_5="五")})
    assert published.warnings == (f'there is no open milestone "2.0" in {REPO}; create it',)
    make_milestone(double, "2.0")
    assert bot.run({"a.md": changed(_5="五")}).warnings == ()
    issue = double.issue(REPO, 1)
    assert issue.milestone is not None
    assert issue.milestone.title == "2.0"
    issue.milestone = None
    bot.run({"b.md": b"B\n"})
    assert issue.milestone is None


def make_milestone(double: GitHubDouble, title: str) -> None:
    from tests.github_double.state import Milestone

    repo, world = double.repo(REPO), double.world
    repo.milestones[1] = Milestone(world.new_id(), 1, title, repo.owner, world.clock.now())


def test_a_draft_becomes_ready_when_nothing_is_left_and_people_may_make_it_one_again(
    double: GitHubDouble, tmp_path: Path
) -> None:
    bot = presenting(double, tmp_path, draft=True)
    drafts = []
    for text, complete in ((b"1\n", False), (b"2\n", True), (b"3\n", True)):
        bot.run({"b.md": text}, complete=complete)
        drafts.append(double.pull(REPO, 1).draft)
    double.pull(REPO, 1).draft = True
    bot.run({"b.md": b"4\n"}, complete=True)
    assert [*drafts, double.pull(REPO, 1).draft] == [True, False, False, True]


def test_the_status_tells_what_waits(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, status="translations: 14 to review, 2 left", complete=False)
    statuses = double.repo(REPO).statuses
    (status,) = statuses[double.pull(REPO, 1).head_sha]
    assert (status.context, status.state) == (BRANCH, "pending")
    assert status.description == "translations: 14 to review, 2 left"
    bot.run({"a.md": changed(_5="五")}, status="x" * 200, complete=True)
    status = statuses[double.pull(REPO, 1).head_sha][-1]
    assert (status.state, status.description) == ("success", "x" * 139 + "…")


def test_a_check_run_is_made_once_and_updated(double: GitHubDouble, tmp_path: Path) -> None:
    private, public = make_key()
    app = double.create_app("amts", public)
    double.install_app(app, "people")
    credentials = Credentials(app_id=app.id, app_key=private)
    bot = Bot(double, tmp_path / "cache", forge_settings(report="check"), credentials)
    for line, complete in (("2 left", False), ("2 left", False), ("1 left", False), ("all done", True)):
        bot.run({"a.md": changed(_5="五")}, status=line, complete=complete)
    (run,) = double.repo(REPO).check_runs.values()
    assert (run.fields["name"], run.fields["conclusion"]) == (BRANCH, "success")
    assert run.fields["output"]["title"] == "all done"


def test_no_report_where_none_is_wanted(double: GitHubDouble, tmp_path: Path) -> None:
    presenting(double, tmp_path, report="none").run({"a.md": changed(_5="五")}, status="2 left")
    assert double.repo(REPO).statuses == {}
