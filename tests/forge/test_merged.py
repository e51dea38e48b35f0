"""Merged pull requests beside the history of their base branch."""

from __future__ import annotations

from tests.support.gitrepo import git
from tests.support.local_forge import BRANCH, Place

pytest_plugins = ["tests.support.local_forge_fixtures"]


def test_merged_pull_requests_come_with_the_bots_comments_and_what_they_contain(place: Place) -> None:
    first = place.forge.publish(place.draft({"a.md": b"new\n"})).pull_request
    assert first is not None
    place.forge.comment(first, "One\n")
    git(place.book, "update-ref", "refs/heads/main", BRANCH)
    second = place.forge.publish(place.draft({"b.md": b"B\n"})).pull_request
    assert second is not None
    git(place.book, "update-ref", "refs/heads/main", BRANCH)
    merged = place.forge.fetch_merged("zh", "main", lambda branch: branch == BRANCH, 5)
    assert [(pull.pull.number, pull.result, pull.earlier) for pull in merged] == [
        (2, second.head, first.head),
        (1, first.head, ""),
    ]
    assert [pull.fetch_comments() for pull in merged] == [[], ["One\n"]]
    assert len(place.forge.fetch_merged("zh", "main", lambda _: True, 1)) == 1
    assert place.forge.fetch_merged("zh", "main", lambda _: False, 5) == []
