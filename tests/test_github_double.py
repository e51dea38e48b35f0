"""The double of GitHub: the life of a pull request, driven by PyGithub, git and people."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from github import Auth, Github, GithubException
from github.Repository import Repository

from tests.github_double.clients import api
from tests.github_double.double import GitHubDouble

pytest_plugins = ["tests.github_double.fixtures"]

BOOK = "org/book"
FILES = {"a.md": "one\ntwo\nthree\n", "b/c.md": "deep\n"}


@pytest.fixture
def double(github_double: GitHubDouble) -> GitHubDouble:
    people = {"alice": "maintain", "bot": "write", "reader": "read"}
    github_double.create_repo(BOOK, FILES, collaborators=people)
    return github_double


@pytest.fixture
def client(double: GitHubDouble) -> Iterator[Github]:
    with api(double, Auth.Token(double.token("bot"))) as client:
        yield client


@pytest.fixture
def book(client: Github) -> Repository:
    return client.get_repo(BOOK)


def branch_with_change(double: GitHubDouble, branch: str = "amts/zh") -> str:
    return double.as_user("bot").push(BOOK, branch, {"a.md": "one\nTWO\nthree\n", "new.md": "new\n"})


def test_a_pull_request_lives_from_its_opening_to_its_merge(double: GitHubDouble, book: Repository) -> None:
    sha = branch_with_change(double)
    pull = book.create_pull(base="main", head="amts/zh", title="Sync", body="body", draft=True)
    assert (pull.number, pull.state, pull.draft, pull.head.sha, pull.user.login) == (1, "open", True, sha, "bot")
    assert [(file.filename, file.status) for file in pull.get_files()] == [("a.md", "modified"), ("new.md", "added")]
    assert next(iter(pull.get_files())).patch == "@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three"
    assert [commit.sha for commit in pull.get_commits()] == [sha]
    assert (pull.additions, pull.deletions, pull.changed_files, pull.commits) == (2, 1, 2, 1)
    pull.mark_ready_for_review()
    assert double.as_user("alice").merge_pull(BOOK, 1) == book.get_branch("main").commit.sha
    merged = book.get_pull(1)
    assert (merged.merged, merged.state, merged.merged_by.login) == (True, "closed", "alice")
    assert [file.filename for file in merged.get_files()] == ["a.md", "new.md"], "its files stay as they were"
    assert book.get_contents("new.md").decoded_content == b"new\n"  # type: ignore[union-attr]


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_each_way_of_merging_brings_the_same_files(double: GitHubDouble, book: Repository, method: str) -> None:
    branch_with_change(double)
    double.as_user("alice").push(BOOK, "amts/zh", {"b/c.md": "deeper\n"})
    double.as_user("alice").push(BOOK, "main", {"other.md": "meanwhile\n"})
    pull = book.create_pull(base="main", head="amts/zh", title="Sync")
    pull.merge(merge_method=method, sha=pull.head.sha)
    store = double.repo(BOOK).store
    assert store.run("ls-tree", "-r", "--name-only", "main").split() == ["a.md", "b/c.md", "new.md", "other.md"]
    parents = [len(commit.parents) for commit in store.log("main")]
    assert parents[0] == (2 if method == "merge" else 1)
    assert len(parents) == {"merge": 5, "squash": 3, "rebase": 4}[method]


def test_mergeable_is_null_at_the_first_look_and_after_every_move(double: GitHubDouble, book: Repository) -> None:
    branch_with_change(double)
    book.create_pull(base="main", head="amts/zh", title="Sync")
    assert [book.get_pull(1).mergeable for _ in range(3)] == [None, True, True]
    double.as_user("alice").push(BOOK, "main", {"a.md": "one\nzwei\nthree\n"})
    looks = [book.get_pull(1) for _ in range(2)]
    assert [(look.mergeable, look.mergeable_state) for look in looks] == [(None, "unknown"), (False, "dirty")]
    with pytest.raises(GithubException, match="not mergeable") as refusal:
        looks[1].merge()
    assert refusal.value.status == 405


def test_a_second_pull_request_for_the_same_branch_is_refused(double: GitHubDouble, book: Repository) -> None:
    branch_with_change(double)
    book.create_pull(base="main", head="amts/zh", title="Sync")
    with pytest.raises(GithubException, match="A pull request already exists for org:amts/zh") as refusal:
        book.create_pull(base="main", head="amts/zh", title="Again")
    assert refusal.value.status == 422
    double.as_user("alice").close(BOOK, 1)
    assert book.get_issue(1).raw_data["closed_by"]["login"] == "alice"
    assert book.create_pull(base="main", head="amts/zh", title="Again").number == 2
    with pytest.raises(GithubException, match="already exists"):
        book.get_pull(1).edit(state="open")


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
    double: GitHubDouble, book: Repository, head: str, base: str, message: str
) -> None:
    branch_with_change(double)
    with pytest.raises(GithubException) as refusal:
        book.create_pull(base=base, head=head, title="Sync")
    assert refusal.value.status == 422
    assert message in str(refusal.value)


def test_a_head_without_its_owner_filters_nothing(double: GitHubDouble, book: Repository) -> None:
    for branch in ("amts/zh", "amts/es"):
        branch_with_change(double, branch)
        book.create_pull(base="main", head=branch, title=branch)
    assert [pull.number for pull in book.get_pulls(head="org:amts/zh")] == [1]
    assert [pull.number for pull in book.get_pulls(head="amts/zh")] == [2, 1]
    assert [pull.number for pull in book.get_pulls(head="org:amts/zh", base="dev")] == []
    assert [pull.number for pull in book.get_pulls(state="all", sort="created", direction="asc")] == [1, 2]


def test_a_push_updates_the_pull_request_and_merges_or_closes_it(double: GitHubDouble, book: Repository) -> None:
    branch_with_change(double)
    book.create_pull(base="main", head="amts/zh", title="Sync")
    alice = double.as_user("alice")
    new = alice.push(BOOK, "amts/zh", {"a.md": "by hand\n"})
    assert book.get_pull(1).head.sha == new
    merge = alice.merge_branch(BOOK, "amts/zh", into="main")
    assert (book.get_pull(1).merged, book.get_pull(1).merge_commit_sha) == (True, merge)
    branch_with_change(double, "amts/es")
    book.create_pull(base="main", head="amts/es", title="Spanish")
    alice.delete_branch(BOOK, "amts/es")
    assert (book.get_pull(2).state, book.get_pull(2).merged) == ("closed", False)
    with pytest.raises(GithubException, match="branch has been deleted"):
        book.get_pull(2).edit(state="open")


def test_a_branch_reset_to_its_base_closes_the_pull_request(double: GitHubDouble, book: Repository) -> None:
    branch_with_change(double)
    book.create_pull(base="main", head="amts/zh", title="Sync")
    book.get_git_ref("heads/amts/zh").edit(book.get_branch("main").commit.sha, force=True)
    assert (book.get_pull(1).state, book.get_pull(1).merged) == ("closed", False)


def test_a_pull_request_outlives_the_fork_it_came_from(double: GitHubDouble, book: Repository) -> None:
    double.fork(BOOK, "carol")
    double.as_user("carol").push("carol/book", "typo", {"a.md": "1\ntwo\nthree\n"})
    pull = book.create_pull(base="main", head="carol:typo", title="Typo")
    assert pull.head.repo.full_name == "carol/book"
    double.delete_repo("carol/book")
    gone = book.get_pull(1)
    assert gone.raw_data["head"]["repo"] is None
    assert [file.filename for file in gone.get_files()] == ["a.md"]


def test_statuses_and_comparisons_come_from_the_commits(double: GitHubDouble, book: Repository) -> None:
    sha = branch_with_change(double)
    commit = book.get_commit(sha)
    commit.create_status("pending", description="14 to review", context="translations")
    assert commit.get_combined_status().state == "pending"
    commit.create_status("success", description="0 to review", context="translations")
    assert [each.description for each in commit.get_combined_status().statuses] == ["0 to review"]
    comparison = book.compare("main", "amts/zh")
    assert (comparison.status, comparison.ahead_by, comparison.behind_by) == ("ahead", 1, 0)
    assert [file.filename for file in comparison.files] == ["a.md", "new.md"]


def test_permissions_are_those_of_the_roles(double: GitHubDouble, book: Repository) -> None:
    logins = ("org", "alice", "bot", "reader")
    assert [book.get_collaborator_permission(login) for login in logins] == ["admin", "write", "write", "read"]
    assert book.get_collaborator_role_name("alice") == "maintain"
    double.set_role(BOOK, "bot", "read")
    with pytest.raises(GithubException) as refusal:
        book.get_commit("main").create_status("success")
    assert refusal.value.status == 403


def test_long_lists_come_in_pages(double: GitHubDouble, book: Repository) -> None:
    branch_with_change(double)
    pull = book.create_pull(base="main", head="amts/zh", title="Sync")
    for number in range(65):
        double.as_user("alice").comment(BOOK, 1, f"{number}")
    assert [int(each.body) for each in pull.get_issue_comments()] == list(range(65))
    pages = [each.query for each in double.exchanges if each.template.endswith("/comments")]
    assert [page.get("page") for page in pages] == [None, "2", "3"]


def test_github_enterprise_has_its_api_elsewhere(double: GitHubDouble) -> None:
    branch_with_change(double)
    with api(double, Auth.Token(double.token("bot")), enterprise=True) as client:
        pull = client.get_repo(BOOK).create_pull(base="main", head="amts/zh", title="Sync")
        assert pull.url == f"{double.enterprise_url}/repos/{BOOK}/pulls/1"
        assert pull.html_url == f"{double.url}/{BOOK}/pull/1"
        pull.convert_to_draft()
    assert double.pull(BOOK, 1).draft


def test_of_many_at_once_one_opens_the_pull_request(double: GitHubDouble) -> None:
    branch_with_change(double)
    token = double.token("bot")

    def attempt(_: int) -> int:
        with api(double, Auth.Token(token)) as client:
            try:
                client.get_repo(BOOK).create_pull(base="main", head="amts/zh", title="Sync")
            except GithubException as refusal:
                return refusal.status
            return 201

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, range(16))) == [201] + [422] * 15
    assert len(double.pulls(BOOK)) == 1


def test_issues_are_found_by_their_label_and_closed(double: GitHubDouble, book: Repository) -> None:
    issue = book.create_issue("Dashboard", "body", labels=["amts"])
    book.create_issue("Another")
    branch_with_change(double)
    book.create_pull(base="main", head="amts/zh", title="Sync")
    assert [each.title for each in book.get_issues()] == ["Sync", "Another", "Dashboard"]
    assert [each.title for each in book.get_issues(labels=["amts"], creator=issue.user)] == ["Dashboard"]
    assert [each.title for each in book.get_issues() if each.pull_request is not None] == ["Sync"]
    issue.edit(state="closed")
    assert book.get_issue(1).state == "closed"


def test_refs_are_made_moved_and_deleted_over_the_api(double: GitHubDouble, book: Repository) -> None:
    first = book.get_branch("main").commit.sha
    second = branch_with_change(double)
    ref = book.create_git_ref("refs/heads/amts/es", first)
    with pytest.raises(GithubException, match="Reference already exists"):
        book.create_git_ref("refs/heads/amts/es", first)
    ref.edit(second)
    assert book.get_git_ref("heads/amts/es").object.sha == second
    with pytest.raises(GithubException, match="not a fast forward"):
        ref.edit(first)
    ref.edit(first, force=True)
    ref.delete()
    with pytest.raises(GithubException) as refusal:
        book.get_git_ref("heads/amts/es")
    assert refusal.value.status == 404
    assert [branch.name for branch in book.get_branches()] == ["amts/zh", "main"]


def test_commits_and_files_are_listed_as_git_has_them(double: GitHubDouble, book: Repository) -> None:
    first = book.get_branch("main").commit.sha
    second = double.as_user("alice").push(BOOK, "main", {"a.md": None, "d/ä b.md": "one\ntwo\nthree\n"}, "Rename")
    assert [commit.sha for commit in book.get_commits()] == [second, first]
    assert [commit.sha for commit in book.get_commits(path="b/c.md")] == [first]
    commit = book.get_commit("main")
    assert (commit.commit.message, commit.author.login) == ("Rename", "alice")
    (file,) = commit.files
    assert (file.status, file.previous_filename, file.filename) == ("renamed", "a.md", "d/ä b.md")
    assert [entry.path for entry in book.get_contents("")] == ["b", "d"]  # type: ignore[union-attr]
    assert book.get_contents("d/ä b.md").decoded_content == b"one\ntwo\nthree\n"  # type: ignore[union-attr]
    with pytest.raises(GithubException, match="Not Found"):
        book.get_contents("a.md")


def test_a_dispatch_is_kept_for_the_test_to_see(double: GitHubDouble, book: Repository) -> None:
    assert book.create_repository_dispatch("translate", {"sha": "abc"})
    assert double.repo(BOOK).dispatches == [{"event_type": "translate", "client_payload": {"sha": "abc"}}]
