"""The double of GitHub: the life of a pull request, driven by PyGithub, git and people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from github import Auth, GithubException
from github.Repository import Repository

from tests.github_double.book import BOOK, branch_with_change
from tests.github_double.clients import api
from tests.github_double.double import GitHubDouble

pytest_plugins = ["tests.github_double.fixtures", "tests.github_double.book_fixtures"]


def test_a_pull_request_lives_from_its_opening_to_its_merge(book_double: GitHubDouble, book_repo: Repository) -> None:
    sha = branch_with_change(book_double)
    pull = book_repo.create_pull(base="main", head="amts/zh", title="Sync", body="body", draft=True)
    assert (pull.number, pull.state, pull.draft, pull.head.sha, pull.user.login) == (1, "open", True, sha, "bot")
    assert [(file.filename, file.status) for file in pull.get_files()] == [("a.md", "modified"), ("new.md", "added")]
    assert next(iter(pull.get_files())).patch == "@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three"
    assert [commit.sha for commit in pull.get_commits()] == [sha]
    assert (pull.additions, pull.deletions, pull.changed_files, pull.commits) == (2, 1, 2, 1)
    pull.mark_ready_for_review()
    assert book_double.as_user("alice").merge_pull(BOOK, 1) == book_repo.get_branch("main").commit.sha
    merged = book_repo.get_pull(1)
    assert (merged.merged, merged.state, merged.merged_by.login) == (True, "closed", "alice")
    assert [file.filename for file in merged.get_files()] == ["a.md", "new.md"], "its files stay as they were"
    assert book_repo.get_contents("new.md").decoded_content == b"new\n"  # type: ignore[union-attr]


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_each_way_of_merging_brings_the_same_files(
    book_double: GitHubDouble, book_repo: Repository, method: str
) -> None:
    branch_with_change(book_double)
    book_double.as_user("alice").push(BOOK, "amts/zh", {"b/c.md": "deeper\n"})
    book_double.as_user("alice").push(BOOK, "main", {"other.md": "meanwhile\n"})
    pull = book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    pull.merge(merge_method=method, sha=pull.head.sha)
    store = book_double.repo(BOOK).store
    assert store.run("ls-tree", "-r", "--name-only", "main").split() == ["a.md", "b/c.md", "new.md", "other.md"]
    parents = [len(commit.parents) for commit in store.log("main")]
    assert parents[0] == (2 if method == "merge" else 1)
    assert len(parents) == {"merge": 5, "squash": 3, "rebase": 4}[method]


def test_mergeable_is_null_at_the_first_look_and_after_every_move(
    book_double: GitHubDouble, book_repo: Repository
) -> None:
    branch_with_change(book_double)
    book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    assert [book_repo.get_pull(1).mergeable for _ in range(3)] == [None, True, True]
    book_double.as_user("alice").push(BOOK, "main", {"a.md": "one\nzwei\nthree\n"})
    looks = [book_repo.get_pull(1) for _ in range(2)]
    assert [(look.mergeable, look.mergeable_state) for look in looks] == [(None, "unknown"), (False, "dirty")]
    with pytest.raises(GithubException, match="not mergeable") as refusal:
        looks[1].merge()
    assert refusal.value.status == 405


def test_a_second_pull_request_for_the_same_branch_is_refused(book_double: GitHubDouble, book_repo: Repository) -> None:
    branch_with_change(book_double)
    book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    with pytest.raises(GithubException, match="A pull request already exists for org:amts/zh") as refusal:
        book_repo.create_pull(base="main", head="amts/zh", title="Again")
    assert refusal.value.status == 422
    book_double.as_user("alice").close(BOOK, 1)
    assert book_repo.get_issue(1).raw_data["closed_by"]["login"] == "alice"
    assert book_repo.create_pull(base="main", head="amts/zh", title="Again").number == 2
    with pytest.raises(GithubException, match="already exists"):
        book_repo.get_pull(1).edit(state="open")


@pytest.mark.parametrize(
    ("head", "base", "message"),
    [
        ("nowhere", "main", '"field": "head", "code": "invalid"'),
        ("stranger:amts/zh", "main", '"field": "head", "code": "invalid"'),
        ("amts/zh", "nowhere", '"field": "base", "code": "invalid"'),
        ("main", "main", "No commits between main and main"),
    ],
)
def test_what_can_not_be_proposed_is_refused(
    book_double: GitHubDouble, book_repo: Repository, head: str, base: str, message: str
) -> None:
    branch_with_change(book_double)
    with pytest.raises(GithubException) as refusal:
        book_repo.create_pull(base=base, head=head, title="Sync")
    assert refusal.value.status == 422
    assert message in str(refusal.value)


def test_a_head_without_its_owner_filters_nothing(book_double: GitHubDouble, book_repo: Repository) -> None:
    for branch in ("amts/zh", "amts/es"):
        branch_with_change(book_double, branch)
        book_repo.create_pull(base="main", head=branch, title=branch)
    assert [pull.number for pull in book_repo.get_pulls(head="org:amts/zh")] == [1]
    assert [pull.number for pull in book_repo.get_pulls(head="amts/zh")] == [2, 1]
    assert [pull.number for pull in book_repo.get_pulls(head="org:amts/zh", base="dev")] == []
    assert [pull.number for pull in book_repo.get_pulls(state="all", sort="created", direction="asc")] == [1, 2]


def test_a_push_updates_the_pull_request_and_merges_or_closes_it(
    book_double: GitHubDouble, book_repo: Repository
) -> None:
    branch_with_change(book_double)
    book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    alice = book_double.as_user("alice")
    new = alice.push(BOOK, "amts/zh", {"a.md": "by hand\n"})
    assert book_repo.get_pull(1).head.sha == new
    merge = alice.merge_branch(BOOK, "amts/zh", into="main")
    assert (book_repo.get_pull(1).merged, book_repo.get_pull(1).merge_commit_sha) == (True, merge)
    branch_with_change(book_double, "amts/es")
    book_repo.create_pull(base="main", head="amts/es", title="Spanish")
    alice.delete_branch(BOOK, "amts/es")
    assert (book_repo.get_pull(2).state, book_repo.get_pull(2).merged) == ("closed", False)
    with pytest.raises(GithubException, match="branch has been deleted"):
        book_repo.get_pull(2).edit(state="open")


def test_a_branch_reset_to_its_base_closes_the_pull_request(book_double: GitHubDouble, book_repo: Repository) -> None:
    branch_with_change(book_double)
    book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    book_repo.get_git_ref("heads/amts/zh").edit(book_repo.get_branch("main").commit.sha, force=True)
    assert (book_repo.get_pull(1).state, book_repo.get_pull(1).merged) == ("closed", False)


def test_a_pull_request_outlives_the_fork_it_came_from(book_double: GitHubDouble, book_repo: Repository) -> None:
    book_double.fork(BOOK, "carol")
    book_double.as_user("carol").push("carol/book", "typo", {"a.md": "1\ntwo\nthree\n"})
    pull = book_repo.create_pull(base="main", head="carol:typo", title="Typo")
    assert pull.head.repo.full_name == "carol/book"
    book_double.delete_repo("carol/book")
    gone = book_repo.get_pull(1)
    assert gone.raw_data["head"]["repo"] is None
    assert [file.filename for file in gone.get_files()] == ["a.md"]


def test_statuses_and_comparisons_come_from_the_commits(book_double: GitHubDouble, book_repo: Repository) -> None:
    sha = branch_with_change(book_double)
    commit = book_repo.get_commit(sha)
    commit.create_status("pending", description="14 to review", context="translations")
    assert commit.get_combined_status().state == "pending"
    commit.create_status("success", description="0 to review", context="translations")
    assert [each.description for each in commit.get_combined_status().statuses] == ["0 to review"]
    comparison = book_repo.compare("main", "amts/zh")
    assert (comparison.status, comparison.ahead_by, comparison.behind_by) == ("ahead", 1, 0)
    assert [file.filename for file in comparison.files] == ["a.md", "new.md"]


def test_permissions_are_those_of_the_roles(book_double: GitHubDouble, book_repo: Repository) -> None:
    logins = ("org", "alice", "bot", "reader")
    assert [book_repo.get_collaborator_permission(login) for login in logins] == ["admin", "write", "write", "read"]
    assert book_repo.get_collaborator_role_name("alice") == "maintain"
    book_double.set_role(BOOK, "bot", "read")
    with pytest.raises(GithubException) as refusal:
        book_repo.get_commit("main").create_status("success")
    assert refusal.value.status == 403


def test_long_lists_come_in_pages(book_double: GitHubDouble, book_repo: Repository) -> None:
    branch_with_change(book_double)
    pull = book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    for number in range(65):
        book_double.as_user("alice").comment(BOOK, 1, f"{number}")
    assert [int(each.body) for each in pull.get_issue_comments()] == list(range(65))
    pages = [each.query for each in book_double.exchanges if each.template.endswith("/comments")]
    assert [page.get("page") for page in pages] == [None, "2", "3"]


def test_github_enterprise_has_its_api_elsewhere(book_double: GitHubDouble) -> None:
    branch_with_change(book_double)
    with api(book_double, Auth.Token(book_double.token("bot")), enterprise=True) as client:
        pull = client.get_repo(BOOK).create_pull(base="main", head="amts/zh", title="Sync")
        assert pull.url == f"{book_double.enterprise_url}/repos/{BOOK}/pulls/1"
        assert pull.html_url == f"{book_double.url}/{BOOK}/pull/1"
        pull.convert_to_draft()
    assert book_double.pull(BOOK, 1).draft


def test_of_many_at_once_one_opens_the_pull_request(book_double: GitHubDouble) -> None:
    branch_with_change(book_double)
    token = book_double.token("bot")

    def attempt(_: int) -> int:
        with api(book_double, Auth.Token(token)) as client:
            try:
                client.get_repo(BOOK).create_pull(base="main", head="amts/zh", title="Sync")
            except GithubException as refusal:
                return refusal.status
            return 201

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, range(16))) == [201] + [422] * 15
    assert len(book_double.pulls(BOOK)) == 1


def test_issues_are_found_by_their_label_and_closed(book_double: GitHubDouble, book_repo: Repository) -> None:
    issue = book_repo.create_issue("Dashboard", "body", labels=["amts"])
    book_repo.create_issue("Another")
    branch_with_change(book_double)
    book_repo.create_pull(base="main", head="amts/zh", title="Sync")
    assert [each.title for each in book_repo.get_issues()] == ["Sync", "Another", "Dashboard"]
    assert [each.title for each in book_repo.get_issues(labels=["amts"], creator=issue.user)] == ["Dashboard"]
    assert [each.title for each in book_repo.get_issues() if each.pull_request is not None] == ["Sync"]
    issue.edit(state="closed")
    assert book_repo.get_issue(1).state == "closed"


def test_refs_are_made_moved_and_deleted_over_the_api(book_double: GitHubDouble, book_repo: Repository) -> None:
    first = book_repo.get_branch("main").commit.sha
    second = branch_with_change(book_double)
    ref = book_repo.create_git_ref("refs/heads/amts/es", first)
    with pytest.raises(GithubException, match="Reference already exists"):
        book_repo.create_git_ref("refs/heads/amts/es", first)
    ref.edit(second)
    assert book_repo.get_git_ref("heads/amts/es").object.sha == second
    with pytest.raises(GithubException, match="not a fast forward"):
        ref.edit(first)
    ref.edit(first, force=True)
    ref.delete()
    with pytest.raises(GithubException) as refusal:
        book_repo.get_git_ref("heads/amts/es")
    assert refusal.value.status == 404
    assert [branch.name for branch in book_repo.get_branches()] == ["amts/zh", "main"]


def test_commits_and_files_are_listed_as_git_has_them(book_double: GitHubDouble, book_repo: Repository) -> None:
    first = book_repo.get_branch("main").commit.sha
    second = book_double.as_user("alice").push(BOOK, "main", {"a.md": None, "d/ä b.md": "one\ntwo\nthree\n"}, "Rename")
    assert [commit.sha for commit in book_repo.get_commits()] == [second, first]
    assert [commit.sha for commit in book_repo.get_commits(path="b/c.md")] == [first]
    commit = book_repo.get_commit("main")
    assert (commit.commit.message, commit.author.login) == ("Rename", "alice")
    (file,) = commit.files
    assert (file.status, file.previous_filename, file.filename) == ("renamed", "a.md", "d/ä b.md")
    assert [entry.path for entry in book_repo.get_contents("")] == ["b", "d"]  # type: ignore[union-attr]
    assert book_repo.get_contents("d/ä b.md").decoded_content == b"one\ntwo\nthree\n"  # type: ignore[union-attr]
    with pytest.raises(GithubException, match="Not Found"):
        book_repo.get_contents("a.md")


def test_a_dispatch_is_kept_for_the_test_to_see(book_double: GitHubDouble, book_repo: Repository) -> None:
    assert book_repo.create_repository_dispatch("translate", {"sha": "abc"})
    assert book_double.repo(BOOK).dispatches == [{"event_type": "translate", "client_payload": {"sha": "abc"}}]
