"""Pull requests in a folder that people merged or closed: what counts as a refusal, and what the next run does."""

from __future__ import annotations

from bot.forge.base import Outcome, PullRequestState
from tests.support.gitrepo import add_commits, git, tree
from tests.support.local_forge import BRANCH, Place

pytest_plugins = ["tests.support.local_forge_fixtures"]


def test_after_a_merge_the_next_draft_opens_a_new_pull_request(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    git(place.book, "update-ref", "refs/heads/main", BRANCH)
    assert place.forge.fetch_open("zh", BRANCH, "main") is None
    published = place.forge.publish(place.draft({"a.md": b"newer\n"}))
    assert published.outcome is Outcome.CREATED
    assert [place.card(number)["state"] for number in (1, 2)] == ["merged", "open"]
    assert git(place.book, "rev-parse", f"{BRANCH}^") == place.repository.head("main")


def test_a_squashed_merge_that_people_noted_keeps_the_old_commits_reachable(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    old = place.repository.head(BRANCH)
    place.close(1, "merged")
    add_commits(place.book, {"a.md": "new\n"})
    published = place.forge.publish(place.draft({"a.md": b"newer\n"}))
    assert published.pull_request is not None
    assert published.pull_request.number == 2
    assert place.repository.ref("refs/pull/zh/1/head") == old


def test_what_people_closed_is_not_opened_again(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    place.close(1)
    add_commits(place.book, {"elsewhere.md": "the base moves on\n"})
    published = place.forge.publish(place.draft({"a.md": b"new\n", "b.md": "乙\n".encode()}))
    assert published.outcome is Outcome.DECLINED
    assert published.pull_request is not None
    assert (published.pull_request.number, published.pull_request.state) == (1, PullRequestState.CLOSED)
    assert place.numbers() == ["1"]
    assert place.card(1)["state"] == "closed"


def test_every_content_that_a_closed_pull_request_ever_had_is_declined(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    place.forge.publish(place.draft({"b.md": b"B\n"}))
    place.close(1)
    for files in ({"a.md": b"new\n"}, {"a.md": b"new\n", "b.md": b"B\n"}):
        assert place.forge.publish(place.draft(files)).outcome is Outcome.DECLINED


def test_new_content_after_a_closed_pull_request_opens_the_next_one(place: Place) -> None:
    place.forge.publish(place.draft({"a.md": b"new\n"}))
    (theirs,) = add_commits(place.book, {"b.md": "人\n"}, branch=BRANCH)
    place.close(1)
    published = place.forge.publish(place.draft({"a.md": b"newer\n"}))
    assert published.outcome is Outcome.CREATED
    assert place.numbers() == ["1", "2"]
    assert tree(place.book, BRANCH) == {"a.md": b"newer\n", "b.md": "乙\n".encode()}
    assert place.repository.ref("refs/pull/zh/1/head") == theirs


def test_closed_by_the_bot_is_no_refusal_until_people_close_it_again(place: Place) -> None:
    draft = place.draft({"a.md": b"new\n"})
    pull = place.forge.publish(draft).pull_request
    assert pull is not None
    place.forge.close(pull, "Nothing is left.\n")
    assert (place.card(1)["state"], place.card(1)["withdrawn"]) == ("closed", True)
    assert (place.pulls / "zh" / "1" / "thread" / "0001-amts.md").read_text() == "Nothing is left.\n"
    assert place.forge.publish(draft).outcome is Outcome.CREATED
    place.close(2)
    assert place.forge.publish(draft).outcome is Outcome.DECLINED
