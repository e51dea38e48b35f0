"""The full report of a pull request whose body is too short for it: where it stands, and how the body leads there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.forge.base import Outcome
from bot.forge.github.report_branch import report_branch
from bot.model import PullRequestDraft
from bot.service.base import LanguageId
from bot.service.routing import Subscription, concerned
from bot.service.webhooks import read_event
from tests.github_double.double import GitHubDouble
from tests.support.github_bot import BRANCH, REPO, Bot, changed, text, tip
from tests.support.local_forge import Place

pytest_plugins = [
    "tests.github_double.fixtures",
    "tests.support.github_bot_fixtures",
    "tests.support.local_forge_fixtures",
]

REPORT = "amts-report/zh"
FILES = {"a.md": changed(_5="五")}
BODY = "Much. The rest stands in the [full report][report].\n"
PAGES = ("# Report\n\nSee [2](report-2.md).\n", "More\n")


def report_tip(double: GitHubDouble) -> str | None:
    return double.repo(REPO).store.branch(REPORT)


def test_the_report_is_a_commit_that_the_body_links(double: GitHubDouble, bot: Bot) -> None:
    bot.run(FILES, body=BODY, report=PAGES)
    commit = report_tip(double)
    assert commit is not None
    store = double.repo(REPO).store
    assert store.commit(commit).parents == ()
    names = store.run("ls-tree", "--name-only", commit).split()
    assert [store.run("show", f"{commit}:{name}") for name in names] == [page.rstrip("\n") for page in PAGES]
    assert names == ["README.md", "report-2.md"]
    body = double.pulls(REPO)[0].body or ""
    assert f"\n[report]: {double.url}/{REPO}/blob/{commit}/README.md\n" in body


def test_the_same_report_is_pushed_once(double: GitHubDouble, bot: Bot) -> None:
    bot.run(FILES, body=BODY, report=PAGES)
    before = report_tip(double), double.pulls(REPO)[0].body
    assert bot.run(FILES, body=BODY, report=PAGES).outcome is Outcome.UNCHANGED
    assert (report_tip(double), double.pulls(REPO)[0].body) == before


def test_a_new_report_takes_the_place_of_the_old_one_and_none_takes_it_away(double: GitHubDouble, bot: Bot) -> None:
    bot.run(FILES, body=BODY, report=PAGES)
    first = report_tip(double)
    bot.run({"b.md": b"B\n"}, body=BODY, report=("# Another\n",))
    second = report_tip(double)
    assert second not in (None, first)
    assert f"/blob/{second}/README.md" in (double.pulls(REPO)[0].body or "")
    bot.run({"b.md": b"C\n"}, body="All of it.\n")
    assert report_tip(double) is None
    assert "[report]" not in (double.pulls(REPO)[0].body or "")


def test_the_branch_of_a_report_is_no_pull_request_of_the_bot(double: GitHubDouble, bot: Bot) -> None:
    bot.run(FILES, body=BODY, report=PAGES)
    assert not report_branch(BRANCH).startswith("amts/")
    assert report_branch("amts/zh+chapter") == "amts-report/zh+chapter"
    found = bot.find()
    assert found is not None
    assert found.head == tip(double)
    assert text(double, "a.md") == FILES["a.md"]
    payload = {
        "ref": f"refs/heads/{REPORT}",
        "repository": {"full_name": REPO},
        "head_commit": {"committer": {"email": "someone@example.org"}},
        "sender": {"login": "someone", "type": "User"},
    }
    subscription = Subscription(LanguageId("book", "zh"), "people/book", "main", REPO, "main", BRANCH)
    assert concerned(read_event("push", payload), [subscription]).languages == ()


def test_a_folder_has_the_report_beside_the_body(place: Place) -> None:
    folder = place.pulls / "zh" / "1"
    place.forge.publish(_with_report(place, PAGES))
    assert (folder / "body.md").read_text("utf-8").endswith("[full report][report].\n\n[report]: report.md\n")
    assert [(folder / name).read_text("utf-8") for name in ("report.md", "report-2.md")] == list(PAGES)
    assert place.forge.publish(_with_report(place, PAGES)).outcome is Outcome.UNCHANGED
    place.forge.publish(_with_report(place, ("# Another\n",)))
    assert not (folder / "report-2.md").exists()
    place.forge.publish(place.draft({"a.md": b"C\n"}, "All of it.\n"))
    assert not (folder / "report.md").exists()
    assert (folder / "body.md").read_text("utf-8") == "All of it.\n"


def test_a_dry_run_writes_no_report(place: Place, tmp_path: Path) -> None:
    place.open("dry-run").publish(_with_report(place, PAGES))
    assert not list(tmp_path.rglob("report*.md"))


def _with_report(place: Place, pages: Sequence[str]) -> PullRequestDraft:
    return replace(place.draft({"a.md": b"B\n"}, BODY), report=tuple(pages))
