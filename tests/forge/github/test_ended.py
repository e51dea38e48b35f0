"""Pull requests on GitHub that people merged, closed or deleted: what is a refusal, and what the next run does."""

from __future__ import annotations

import pytest

from bot.forge.base import Outcome, PullRequestState
from tests.github_double.double import GitHubDouble
from tests.support.github_bot import BRANCH, REPO, Bot, changed, text, tip

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]


@pytest.mark.parametrize("method", ["merge", "squash"])
@pytest.mark.parametrize("deleted", [True, False])
def test_after_a_merge_the_next_draft_starts_from_the_base(
    double: GitHubDouble, bot: Bot, method: str, deleted: bool
) -> None:
    bot.run({"a.md": changed(_5="五")})
    double.as_user("reviewer").merge_pull(REPO, 1, method)
    if deleted:
        double.as_user("reviewer").delete_branch(REPO, BRANCH)
    assert bot.find() is None
    published = bot.run({"b.md": b"B\n"})
    assert published.outcome is Outcome.CREATED
    assert [issue.state for issue in double.pulls(REPO)] == ["closed", "open"]
    assert double.repo(REPO).store.commit(tip(double)).parents == (tip(double, "main"),)


def test_what_people_closed_is_not_proposed_again_but_new_content_is(double: GitHubDouble, bot: Bot) -> None:
    first, second = {"a.md": changed(_5="五")}, {"b.md": b"B\n"}
    bot.run(first)
    bot.run(second)
    double.as_user("reviewer").close(REPO, 1)
    double.as_user("translator").push(REPO, "main", {"elsewhere.md": "the base moves on\n"})
    for files in (first, first | second):
        published = bot.run(files)
        assert published.outcome is Outcome.DECLINED
        assert published.pull_request is not None
        assert (published.pull_request.number, published.pull_request.state) == (1, PullRequestState.CLOSED)
    assert bot.run({"a.md": changed(_5="伍")}).outcome is Outcome.CREATED
    assert [issue.state for issue in double.pulls(REPO)] == ["closed", "open"]
    double.as_user("reviewer").close(REPO, 2)
    assert bot.run(first).outcome is Outcome.DECLINED


def test_what_people_wrote_below_the_body_does_not_undo_their_refusal(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")})
    issue = double.issue(REPO, 1)
    issue.body = str(issue.body).replace("\n", "\r\n") + "\r\nClosing: another word is wanted here."
    double.as_user("reviewer").close(REPO, 1)
    assert bot.run({"a.md": changed(_5="五")}).outcome is Outcome.DECLINED
    assert [issue.state for issue in double.pulls(REPO)] == ["closed"]


def test_a_branch_that_people_deleted_is_a_refusal(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")})
    double.as_user("reviewer").delete_branch(REPO, BRANCH)
    assert bot.run({"a.md": changed(_5="五")}).outcome is Outcome.DECLINED
    assert bot.run({"a.md": changed(_5="伍")}).outcome is Outcome.CREATED


def test_commits_pushed_after_a_close_are_built_upon(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")})
    double.as_user("reviewer").close(REPO, 1)
    theirs = double.as_user("reviewer").push(REPO, BRANCH, {"b.md": "人\n"})
    pull = bot.find()
    assert pull is not None
    assert (pull.number, pull.head) == (0, theirs)
    assert bot.run({"c.md": b"C\n"}).outcome is Outcome.CREATED
    assert text(double, "b.md") == "人\n".encode()


def test_closed_by_the_bot_is_no_refusal(double: GitHubDouble, bot: Bot) -> None:
    pull = bot.run({"a.md": changed(_5="五")}).pull_request
    assert pull is not None
    forge = bot.open()
    forge.close(pull, "Nothing is left to change.")
    forge.close(pull, "Nothing is left to change.")
    (issue,) = double.pulls(REPO)
    assert issue.state == "closed"
    assert [comment.body.splitlines()[0] for comment in issue.comments] == ["Nothing is left to change."]
    assert bot.run({"a.md": changed(_5="五")}).outcome is Outcome.CREATED
    double.as_user("reviewer").close(REPO, 2)
    assert bot.run({"a.md": changed(_5="五")}).outcome is Outcome.DECLINED


def test_reopened_by_people_and_closed_again_is_a_refusal(double: GitHubDouble, bot: Bot) -> None:
    pull = bot.run({"a.md": changed(_5="五")}).pull_request
    assert pull is not None
    bot.open().close(pull, "Nothing is left to change.")
    double.as_user("reviewer").reopen(REPO, 1)
    assert bot.run({"a.md": changed(_5="五")}).outcome is Outcome.UPDATED
    double.as_user("reviewer").close(REPO, 1)
    assert bot.run({"a.md": changed(_5="五")}).outcome is Outcome.DECLINED


@pytest.mark.parametrize(
    ("merged", "outcome", "states"),
    [(False, Outcome.DECLINED, ["closed"]), (True, Outcome.CREATED, ["closed", "open"])],
)
def test_a_pull_request_that_ends_while_the_bot_works(
    double: GitHubDouble, bot: Bot, merged: bool, outcome: Outcome, states: list[str]
) -> None:
    bot.run({"a.md": changed(_5="五")})
    forge = bot.open()
    draft = bot.draft({"b.md": b"B\n"}, forge.fetch_open("zh", BRANCH, "main"))
    reviewer = double.as_user("reviewer")
    real = forge._remote.push

    def push(branch: str, new: str, expected: str | None) -> None:
        if merged:
            reviewer.merge_pull(REPO, 1)
        else:
            reviewer.close(REPO, 1)
        real(branch, new, expected)

    forge._remote.push = push  # type: ignore[method-assign]
    assert forge.publish(draft).outcome is outcome
    assert [issue.state for issue in double.pulls(REPO)] == states


def test_a_branch_that_is_merged_before_it_gets_its_pull_request_needs_none(double: GitHubDouble, bot: Bot) -> None:
    double.as_user("amts-bot").push(REPO, BRANCH, {"a.md": changed(_5="五")})
    forge = bot.open()
    draft = bot.draft({}, forge.fetch_open("zh", BRANCH, "main"))
    double.as_user("reviewer").merge_branch(REPO, BRANCH, "main")
    assert forge.publish(draft).outcome is Outcome.UNCHANGED
    assert double.pulls(REPO) == []
