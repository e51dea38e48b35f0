"""The double of GitHub: what is said on a pull request: comments, reviews, threads, labels."""

from __future__ import annotations

import pytest
from github import Github, GithubException
from github.Repository import Repository

from tests.github_double.book import BOOK, branch_with_change
from tests.github_double.double import GitHubDouble

pytest_plugins = ["tests.github_double.fixtures", "tests.github_double.book_fixtures"]


def test_comments_are_edited_reacted_to_minimised_and_deleted(book_double: GitHubDouble, book_repo: Repository) -> None:
    branch_with_change(book_double)
    pull = book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    comment = pull.create_issue_comment("first")
    book_double.as_user("alice").comment(BOOK, 1, "/amts rebase")
    comment.edit("second")
    assert [(each.user.login, each.body) for each in pull.get_issue_comments()] == [
        ("bot", "second"),
        ("alice", "/amts rebase"),
    ]
    reaction = comment.create_reaction("eyes")
    assert comment.create_reaction("eyes").id == reaction.id
    assert [each.content for each in comment.get_reactions()] == ["eyes"]
    assert comment.delete_reaction(reaction.id)
    assert comment.minimize("OUTDATED")
    comment.delete()
    assert [each.user.login for each in pull.get_issue_comments()] == ["alice"]


def test_labels_people_and_milestones_are_set(book_double: GitHubDouble, book_repo: Repository) -> None:
    branch_with_change(book_double)
    pull = book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    milestone = book_repo.create_milestone("Second edition")
    pull.as_issue().edit(labels=["translation", "good first issue"], assignees=["alice"], milestone=milestone)
    pull.create_review_request(["alice"])
    shown = book_repo.get_pull(1)
    assert [label.name for label in shown.labels] == ["translation", "good first issue"]
    assert (shown.assignee.login, shown.milestone.title) == ("alice", "Second edition")
    assert [user.login for user in shown.requested_reviewers] == ["alice"]
    pull.remove_from_labels("translation")
    assert [label.name for label in pull.get_labels()] == ["good first issue"]
    with pytest.raises(GithubException, match="not a collaborator"):
        pull.create_review_request(["stranger"])


def test_review_comments_follow_their_line_until_it_changes(book_double: GitHubDouble, book_repo: Repository) -> None:
    sha = branch_with_change(book_double)
    pull = book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    comment = pull.create_review_comment("old → new", book_repo.get_commit(sha), "a.md", line=2, side="RIGHT")
    assert (comment.line, comment.position, comment.diff_hunk.splitlines()[-1]) == (2, 3, "+TWO")
    alice = book_double.as_user("alice")
    answer = alice.reply(BOOK, comment.id, "thanks")
    alice.push(BOOK, "amts/zh", {"a.md": "zero\none\nTWO\nthree\n"})
    assert book_repo.get_pull(1).get_review_comment(comment.id).line == 3
    alice.push(BOOK, "amts/zh", {"a.md": "zero\none\n2\nthree\n"})
    outdated = book_repo.get_pull(1).get_review_comment(comment.id)
    assert (outdated.raw_data["line"], outdated.raw_data["position"]) == (None, None)
    assert (outdated.original_line, outdated.original_commit_id) == (2, sha)
    assert [each.in_reply_to_id for each in pull.get_review_comments()] == [None, comment.id]
    assert answer.reply_to == comment.id


def test_a_review_comment_is_outdated_when_its_file_moves_or_goes(
    book_double: GitHubDouble, book_repo: Repository
) -> None:
    sha = branch_with_change(book_double)
    pull = book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    for path, line in (("a.md", 2), ("new.md", 1)):
        pull.create_review_comment("?", book_repo.get_commit(sha), path, line=line, side="RIGHT")
    changed = {"a.md": None, "z.md": "one\nTWO\nthree\n", "new.md": None}
    book_double.as_user("alice").push(BOOK, "amts/zh", changed)
    assert [each.raw_data["line"] for each in book_repo.get_pull(1).get_review_comments()] == [None, None]


def test_a_review_comment_must_be_part_of_the_diff(book_double: GitHubDouble, book_repo: Repository) -> None:
    sha = branch_with_change(book_double)
    pull = book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    for path, line in (("a.md", 9), ("b/c.md", 1)):
        with pytest.raises(GithubException, match="pull_request_review_thread") as refusal:
            pull.create_review_comment("?", book_repo.get_commit(sha), path, line=line, side="RIGHT")
        assert refusal.value.status == 422
    comments = [{"path": "a.md", "body": "?", "line": line, "side": "RIGHT"} for line in (2, 9)]
    with pytest.raises(GithubException, match="Line could not be resolved"):
        pull.create_review(event="COMMENT", body="all or nothing", comments=comments)  # type: ignore[arg-type]
    assert list(pull.get_review_comments()) == []
    pull.create_review(event="COMMENT", body="", comments=comments[:1])  # type: ignore[arg-type]
    assert [each.line for each in pull.get_review_comments()] == [2]


def test_threads_are_found_and_resolved_over_graphql(
    book_double: GitHubDouble, book_client: Github, book_repo: Repository
) -> None:
    sha = branch_with_change(book_double)
    pull = book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    comment = pull.create_review_comment("look", book_repo.get_commit(sha), "a.md", line=2, side="RIGHT")
    book_double.as_user("alice").reply(BOOK, comment.id, "seen")
    query = """query($owner: String!, $name: String!, $number: Int!) {
      repository(owner: $owner, name: $name) { pullRequest(number: $number) { reviewThreads(first: 100) {
        nodes { id isResolved isOutdated path line comments(first: 10) { nodes { databaseId author { login } } } }
        pageInfo { hasNextPage endCursor } } } } }"""
    variables = {"owner": "org", "name": "book", "number": 1}

    def threads() -> list[dict[str, object]]:
        _, answer = book_client.requester.graphql_query(query, variables)
        found: list[dict[str, object]] = answer["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"]
        return found

    (thread,) = threads()
    assert (thread["isResolved"], thread["isOutdated"], thread["path"], thread["line"]) == (False, False, "a.md", 2)
    assert [each["author"]["login"] for each in thread["comments"]["nodes"]] == ["bot", "alice"]  # type: ignore[index]
    book_double.as_user("alice").push(BOOK, "amts/zh", {"a.md": "one\n2\nthree\n"})
    book_client.requester.graphql_named_mutation(
        "resolveReviewThread", {"threadId": thread["id"]}, "thread { isResolved resolvedBy { login } }"
    )
    (thread,) = threads()
    assert (thread["isResolved"], thread["isOutdated"], thread["line"]) == (True, True, None)
    with pytest.raises(GithubException, match="Cannot query field 'resolved'"):
        book_client.requester.graphql_query("{ viewer { resolved } }", {})


def test_what_people_type_into_the_site_has_the_line_ends_of_a_form(
    book_double: GitHubDouble, book_repo: Repository
) -> None:
    branch_with_change(book_double)
    pull = book_repo.create_pull(base="main", head="amts/zh", title="Sync", body="one\ntwo")
    assert pull.body == "one\ntwo"
    book_double.as_user("alice").edit(BOOK, 1, body="one\ntwo")
    book_double.as_user("alice").comment(BOOK, 1, "/amts\nplease")
    assert book_repo.get_pull(1).body == "one\r\ntwo"
    assert [each.body for each in pull.get_issue_comments()] == ["/amts\r\nplease"]
