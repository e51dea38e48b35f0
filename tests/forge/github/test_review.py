"""What GitHub's pull requests get besides their text: labels, reviewers, a milestone, a status, comments at lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.forge.base import Outcome
from bot.forge.git import Repository
from bot.forge.github.host import Credentials, Limits
from bot.forge.github.threads import changed_lines
from tests.forge.github.test_app import make_key
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import bad_gateway
from tests.github_double.state import ReviewComment
from tests.support.github_bot import BRANCH, REPO, Bot, changed, forge_settings, note
from tests.support.gitrepo import make_repo

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]


def dressed(double: GitHubDouble, folder: Path, **settings: Any) -> Bot:
    return Bot(double, folder / "cache", forge_settings(**settings))


def comments(double: GitHubDouble, number: int = 1) -> list[ReviewComment]:
    return double.pull(REPO, number).comments


def test_labels_are_made_and_put_on_once(double: GitHubDouble, tmp_path: Path) -> None:
    bot = dressed(double, tmp_path, labels=("translation", "bot: zh"))
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
    bot = dressed(double, tmp_path, milestone="2.0")
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
    bot = dressed(double, tmp_path, draft=True)
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
    dressed(double, tmp_path, report="none").run({"a.md": changed(_5="五")}, status="2 left")
    assert double.repo(REPO).statuses == {}


def test_notes_become_one_review_at_their_lines(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5, body="Old → new"), note(7)))
    (review,) = double.pull(REPO, 1).reviews
    assert (review.state, review.author.login) == ("COMMENTED", "amts-bot")
    assert [(one.path, one.line, one.body.splitlines()[0]) for one in comments(double)] == [
        ("a.md", 5, "Old → new"),
        ("a.md", 7, "Look here."),
    ]


def test_notes_are_updated_rather_than_repeated_and_resolved_when_their_lines_change(
    double: GitHubDouble, bot: Bot
) -> None:
    files = {"a.md": changed(_5="五", _30="卅")}
    bot.run(files, notes=(note(5), note(30)))
    assert bot.run(files, notes=(note(5, body="Another."), note(30))).outcome is Outcome.UNCHANGED
    assert [one.body.splitlines()[0] for one in comments(double)] == ["Another.", "Look here."]
    bot.run({"a.md": changed(_5="伍", _30="卅")}, notes=(note(30),))
    assert [one.resolved_by is not None for one in comments(double)] == [True, False]
    assert len(comments(double)) == 2


def test_a_note_of_an_earlier_update_stays_while_its_line_does(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5),))
    bot.run({"b.md": b"B\n"}, notes=(note(1, path="b.md"),))
    bot.run({"a.md": changed(_5="五", _30="卅")}, notes=(note(30),))
    assert [(one.path, one.line, one.resolved_by) for one in comments(double)] == [
        *(("a.md", 5, None), ("b.md", 1, None), ("a.md", 30, None)),
    ]


def test_a_note_at_a_file_goes_when_it_is_not_given_again(double: GitHubDouble, bot: Bot) -> None:
    files = {"a.md": changed(_5="五")}
    bot.run(files, notes=(note(25),))
    bot.run(files)
    assert [(one.line, one.resolved_by is not None) for one in comments(double)] == [(None, True)]


def test_a_note_moves_with_its_sentence(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5, "k"),))
    moved = b"new first line\n" + changed(_5="五")
    bot.run({"a.md": moved}, notes=(note(6, "k"),))
    assert len(comments(double)) == 1
    bot.run({"a.md": moved.replace("五".encode(), "伍".encode())}, notes=(note(6, "k"),))
    assert [(one.line, one.resolved_by is not None) for one in comments(double)] == [(5, True), (6, False)]


def test_a_thread_that_people_resolved_stays_so(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5),))
    double.as_user("reviewer").resolve(REPO, comments(double)[0].id)
    bot.run({"b.md": b"B\n"}, notes=(note(5, body="Another."),))
    (comment,) = comments(double)
    assert comment.body.startswith("Look here.")


def test_what_people_wrote_is_left_alone(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5),))
    reviewer = double.as_user("reviewer")
    reviewer.reply(REPO, comments(double)[0].id, "I see.")
    # Somebody quotes the bot, marker and all.
    reviewer.comment_line(REPO, 1, "a.md", 6, comments(double)[0].body)
    bot.run({"b.md": b"B\n"})
    assert [one.resolved_by for one in comments(double)] == [None, None, None]


def test_a_note_outside_the_diff_stands_at_its_file_and_elsewhere_nowhere(double: GitHubDouble, bot: Bot) -> None:
    notes = (note(25), note(1, path="untouched.md"))
    bot.run({"a.md": changed(_5="五")}, notes=notes)
    assert [(one.path, one.subject, one.line) for one in comments(double)] == [("a.md", "file", None)]
    bot.run({"a.md": changed(_5="五")}, notes=notes)
    assert len(comments(double)) == 1


def test_a_line_that_github_refuses_leaves_the_others(
    double: GitHubDouble, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = [range(1, 100)]
    monkeypatch.setattr("bot.forge.github.threads.changed_lines", lambda *_: {"a.md": everything, "no.md": everything})
    bot.run({"a.md": changed(_5="五")}, notes=(note(25), note(5), note(1, path="no.md")))
    assert [(one.path, one.line) for one in comments(double)] == [("a.md", 5)]


def test_notes_are_capped(double: GitHubDouble, tmp_path: Path) -> None:
    bot = dressed(double, tmp_path, limits=Limits(review_comments=2))
    bot.run({"a.md": changed(_5="五", _6="六", _7="七")}, notes=(note(5), note(6), note(7)))
    assert [one.line for one in comments(double)] == [5, 6]
    bot.run({"b.md": b"B\n"}, notes=(note(1, path="b.md"),))
    assert [one.line for one in comments(double)] == [5, 6]
    double.as_user("reviewer").resolve(REPO, comments(double)[0].id)
    bot.run({"b.md": b"C\n"}, notes=(note(1, path="b.md"), note(7)))
    assert [(one.path, one.line) for one in comments(double)] == [("a.md", 5), ("a.md", 6), ("b.md", 1)]


def test_notes_stand_at_files_with_any_name(double: GitHubDouble, bot: Bot) -> None:
    path = "chapter/名.md"
    bot.run({path: changed(_5="五")}, notes=(note(5, path=path),))
    assert [(one.path, one.line) for one in comments(double)] == [(path, 5)]


def test_a_review_whose_answer_was_lost_is_not_repeated(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(4),))
    double.faults.on("POST", "/reviews$", bad_gateway(after=True))
    bot.run({"a.md": changed(_5="五")}, notes=(note(4), note(5), note(7)))
    assert [(one.line, one.resolved_by) for one in comments(double)] == [(4, None), (5, None), (7, None)]


def test_the_same_note_of_another_bot_is_taken_away_unless_somebody_answered(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")}, notes=(note(5),))
    other = double.as_user("amts-bot")
    for _ in range(2):
        other.comment_line(REPO, 1, "a.md", 5, "x")
        comments(double)[-1].body = comments(double)[0].body
    double.as_user("reviewer").reply(REPO, comments(double)[-1].id, "I see.")
    bot.run({"b.md": b"B\n"}, notes=(note(5),))
    shown = [(one.resolved_by is not None, one.body.startswith("I see.")) for one in comments(double)]
    assert shown == [(False, False), (True, False), (False, True)]


@pytest.mark.parametrize("path", ["a.md", "dir/名 字.md", 'quo"te\\.md', "tab\there.md"])
def test_the_lines_that_a_pull_request_shows(tmp_path: Path, path: str) -> None:
    old = [f"{number}" for number in range(1, 31)]
    new = [*old[:9], "ten", *old[10:], "31"]
    base, head = make_repo(
        tmp_path / "r", {path: "\n".join(old), "gone.md": "x\n"}, {path: "\n".join(new), "gone.md": None}
    )
    with Repository.open(tmp_path / "r", tmp_path) as repository:
        lines = changed_lines(repository, base, head)
    assert [number for each in lines[path] for number in each] == [*range(7, 14), *range(27, 32)]
