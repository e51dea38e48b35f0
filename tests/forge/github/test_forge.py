"""Pull requests on GitHub: opened, updated in place, built upon what people pushed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import RepositoryError
from bot.forge.base import Outcome, PullRequestState
from bot.forge.dry_run import DryRunForge
from bot.forge.github.host import Limits
from bot.forge.github.marker import read_memo
from bot.forge.registry import FORGES
from tests.github_double.double import GitHubDouble
from tests.support.github_bot import BRANCH, REPO, Bot, changed, forge_settings, text, tip

pytest_plugins = ["tests.github_double.fixtures", "tests.support.github_bot_fixtures"]


def test_a_draft_becomes_a_branch_and_a_pull_request(double: GitHubDouble, bot: Bot) -> None:
    published = bot.run({"a.md": changed(_5="五"), "b.md": None})
    assert published.outcome is Outcome.CREATED
    (issue,) = double.pulls(REPO)
    assert (issue.title, issue.author.login) == ("Sync 中文", "amts-bot")
    assert issue.body is not None
    assert issue.body.startswith("What changed\n")
    assert text(double, "a.md") == changed(_5="五")
    pull = published.pull_request
    assert pull is not None
    assert (pull.number, pull.state, pull.head) == (1, PullRequestState.OPEN, tip(double))
    assert pull.location == f"{double.url}/{REPO}/pull/1"
    assert bot.find() == pull


def test_the_same_draft_again_changes_nothing(double: GitHubDouble, bot: Bot) -> None:
    draft = {"a.md": changed(_5="五")}
    bot.run(draft, status="1 to review", complete=False)
    before = double.pulls(REPO)[0].body, tip(double), len(double.exchanges)
    assert bot.run(draft, status="1 to review", complete=False).outcome is Outcome.UNCHANGED
    assert (double.pulls(REPO)[0].body, tip(double)) == before[:2]
    writes = [one for one in double.exchanges[before[2] :] if one.method != "GET" and one.template != "/graphql"]
    assert [one.template for one in writes if one.template != "git"] == []


def test_new_english_is_a_new_commit_on_the_same_pull_request(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")})
    old = tip(double)
    published = bot.run({"b.md": b"B\n"}, body="Now more\n", title="Sync again")
    assert published.outcome is Outcome.UPDATED
    assert double.repo(REPO).store.commit(tip(double)).parents == (old,)
    (issue,) = double.pulls(REPO)
    assert issue.title == "Sync again"
    assert (issue.body or "").startswith("Now more\n")


def test_reviewers_commits_are_built_upon(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")})
    theirs = double.as_user("reviewer").push(REPO, BRANCH, {"a.md": changed(_5="伍")})
    assert bot.run({"b.md": b"B\n"}).outcome is Outcome.UPDATED
    assert double.repo(REPO).store.commit(tip(double)).parents == (theirs,)
    assert text(double, "a.md") == changed(_5="伍")


def test_a_commit_while_the_bot_works_is_not_overwritten(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")})
    forge = bot.open()
    draft = bot.draft({"a.md": changed(_5="伍")}, forge.fetch_open("zh", BRANCH, "main"))
    theirs = double.as_user("reviewer").push(REPO, BRANCH, {"b.md": "人\n"})
    with pytest.raises(RepositoryError, match='branch "amts/zh" moved while the bot worked'):
        forge.publish(draft)
    assert tip(double) == theirs


def test_a_commit_between_the_look_and_the_push_is_not_overwritten(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")})
    forge = bot.open()
    pull = forge.fetch_open("zh", BRANCH, "main")
    reviewer = double.as_user("reviewer")
    real = forge._remote.push

    def push(branch: str, new: str, expected: str | None) -> None:
        reviewer.push(REPO, BRANCH, {"b.md": "人\n"})
        real(branch, new, expected)

    forge._remote.push = push  # type: ignore[method-assign]
    with pytest.raises(RepositoryError, match="nothing was overwritten, so run again"):
        forge.publish(bot.draft({"a.md": changed(_5="伍")}, pull))
    assert text(double, "b.md") == "人\n".encode()
    assert bot.run({"a.md": changed(_5="伍")}).outcome is Outcome.UPDATED
    assert text(double, "b.md") == "人\n".encode()


def test_a_merge_of_the_base_is_built_upon(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")})
    double.as_user("translator").push(REPO, "main", {"b.md": "新\n"})
    forge = bot.open()
    pull = forge.fetch_open("zh", BRANCH, "main")
    assert pull is not None
    run = bot.repository.run
    base = bot.repository.head("main")
    tree = run("merge-tree", "--write-tree", pull.head, base).decode().strip()
    merge = run("commit-tree", tree, "-p", pull.head, "-p", base, "-m", "Merge", environment={
        **{f"GIT_{role}_{fact}": "amts" for role in ("AUTHOR", "COMMITTER") for fact in ("NAME", "EMAIL")}
    }).decode().strip()  # fmt: skip
    assert forge.publish(bot.draft({}, pull, onto=merge)).outcome is Outcome.UPDATED
    assert tip(double) == merge


def test_a_branch_without_a_pull_request_gets_one(double: GitHubDouble, bot: Bot) -> None:
    theirs = double.as_user("amts-bot").push(REPO, BRANCH, {"a.md": changed(_5="五")})
    published = bot.run({})
    assert published.outcome is Outcome.CREATED
    assert published.pull_request is not None
    assert (published.pull_request.number, tip(double)) == (1, theirs)


def test_nothing_to_propose_opens_nothing(double: GitHubDouble, bot: Bot) -> None:
    published = bot.run({"b.md": "乙\n".encode()})
    assert (published.outcome, published.pull_request) == (Outcome.UNCHANGED, None)
    assert double.pulls(REPO) == []
    assert double.repo(REPO).store.branch(BRANCH) is None


def test_a_pull_request_that_people_point_at_another_branch_is_pointed_back(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")})
    double.as_user("translator").push(REPO, "old", {"old.md": "x\n"})
    double.pull(REPO, 1).base_ref = "old"
    assert bot.run({"b.md": b"B\n"}).outcome is Outcome.UPDATED
    assert [(issue.number, double.pull(REPO, issue.number).base_ref) for issue in double.pulls(REPO)] == [(1, "main")]


def test_forks_and_deleted_forks_with_the_same_branch_are_not_the_bots(double: GitHubDouble, bot: Bot) -> None:
    for owner in ("stranger", "gone"):
        double.fork(REPO, owner)
        double.as_user(owner).push(f"{owner}/book-zh", BRANCH, {"a.md": "mine\n"})
        double.as_user(owner).open_pull(REPO, f"{owner}:{BRANCH}", "main")
    double.delete_repo("gone/book-zh")
    published = bot.run({"a.md": changed(_5="五")})
    assert published.outcome is Outcome.CREATED
    assert [issue.author.login for issue in double.pulls(REPO)] == ["stranger", "gone", "amts-bot"]
    assert double.issue(REPO, 1).title == "A change"


def test_the_limit_on_open_pull_requests_defers(double: GitHubDouble, tmp_path: Path) -> None:
    bot = Bot(double, tmp_path / "cache", forge_settings(Limits(open_pull_requests=1)))
    bot.run({"a.md": changed(_5="五")})
    forge = bot.open()
    draft = replace(bot.draft({"b.md": b"B\n"}, None), branch="amts/zh-chapter")
    published = forge.publish(draft)
    assert published.outcome is Outcome.DEFERRED
    assert published.reason == f"open pull requests of the bot in {REPO}: 1, as many as the limit allows; close some"
    assert double.repo(REPO).store.branch("amts/zh-chapter") is None
    assert bot.run({"b.md": b"B\n"}).outcome is Outcome.UPDATED


def test_the_limit_on_commits_in_an_hour_defers(double: GitHubDouble, tmp_path: Path) -> None:
    bot = Bot(double, tmp_path / "cache", forge_settings(Limits(commits_per_hour=2)))
    bot.run({"a.md": changed(_5="1")})
    bot.now += 1800
    bot.run({"a.md": changed(_5="2")})
    head = tip(double)
    published = bot.run({"a.md": changed(_5="3")})
    assert (published.outcome, tip(double)) == (Outcome.DEFERRED, head)
    assert "commits in the last hour: 2" in published.reason
    bot.now += 1801
    assert bot.run({"a.md": changed(_5="3")}).outcome is Outcome.UPDATED


def test_a_memo_that_people_broke_is_written_anew(double: GitHubDouble, bot: Bot) -> None:
    bot.run({"a.md": changed(_5="五")})
    double.as_user("reviewer").edit(REPO, 1, body="Mine\n<!-- amts:pull-request {broken} -->")
    assert bot.run({"a.md": changed(_5="五")}).outcome is Outcome.UPDATED
    body = double.issue(REPO, 1).body or ""
    assert body.startswith("What changed\n")
    assert read_memo(body).contents


def test_a_run_takes_few_calls(double: GitHubDouble, tmp_path: Path) -> None:
    settings = forge_settings(labels=("translation",), milestone="", report="status")
    bot = Bot(double, tmp_path / "cache", settings)
    more = {"reviewers": ("reviewer",), "status": "1 to review"}
    bot.run({"a.md": changed(_5="五")}, **more)
    assert bot.calls <= 14
    bot.run({"a.md": changed(_5="五")}, **more)
    assert bot.calls <= 5


def test_a_dry_run_answers_like_github_and_writes_nothing_there(double: GitHubDouble, bot: Bot) -> None:
    def dry(files: dict[str, bytes | None]) -> Outcome:
        forge = bot.open()
        pull = forge.fetch_open("zh", BRANCH, "main")
        before = len(double.exchanges)
        outcome = DryRunForge(forge, bot.repository).publish(bot.draft(files, pull)).outcome
        assert {one.method for one in double.exchanges[before:]} <= {"GET"}
        return outcome

    draft: dict[str, bytes | None] = {"a.md": changed(_5="五")}
    assert (dry(draft), bot.run(draft).outcome) == (Outcome.CREATED, Outcome.CREATED)
    assert (dry(draft), bot.run(draft).outcome) == (Outcome.UNCHANGED, Outcome.UNCHANGED)
    double.as_user("reviewer").close(REPO, 1)
    assert (dry(draft), bot.run(draft).outcome) == (Outcome.DECLINED, Outcome.DECLINED)
    double.as_user("reviewer").push(REPO, BRANCH, {"b.md": "人\n"})
    assert (dry({}), bot.run({}).outcome) == (Outcome.CREATED, Outcome.CREATED)


def test_the_settings_make_the_forge(bot: Bot) -> None:
    forge = bot.open()
    assert FORGES["github"] is type(bot.host.settings)
    host = bot.host.settings.create(Path(), bot.host.environment)
    made = host.open_forge(bot.repository)
    assert type(made) is type(forge)
    assert made.fetch_open("zh", BRANCH, "main") is None
    assert isinstance(host.open_forge(bot.repository, dry_run=True), DryRunForge)


def test_a_comment_is_not_repeated_until_somebody_else_spoke(double: GitHubDouble, bot: Bot) -> None:
    pull = bot.run({"a.md": changed(_5="五")}).pull_request
    assert pull is not None
    forge = bot.open()
    forge.comment(pull, "Hello")
    forge.comment(pull, "Hello")
    double.as_user("reviewer").comment(REPO, 1, double.issue(REPO, 1).comments[0].body)  # with the bot's key
    forge.comment(pull, "Hello")
    shown = [comment.body.splitlines()[0] for comment in double.issue(REPO, 1).comments]
    assert shown == ["Hello", "Hello", "Hello"]
