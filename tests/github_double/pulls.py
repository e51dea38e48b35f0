"""The life of a pull request, with GitHub's refusals."""

from __future__ import annotations

from typing import Any

from tests.github_double.diffs import FileDiff
from tests.github_double.errors import ApiError, invalid, invalid_field
from tests.github_double.refs import close, mark_merged, move_branch, publish_head, pull_event
from tests.github_double.state import Account, Issue, Pull, Repo
from tests.github_double.store import EMPTY_TREE, Commit, GitError
from tests.github_double.world import World


def check_text(world: World, resource: str, title: str | None, body: str | None) -> None:
    """Raises ApiError 422 for what is too long or empty."""
    if title is not None and not title.strip():
        raise invalid_field(resource, "title", "missing_field")
    if title is not None and len(title) > world.limits.title:
        raise invalid(resource, f"title is too long (maximum is {world.limits.title} characters)", "title")
    if body is not None and len(body) > world.limits.body:
        raise invalid(resource, f"body is too long (maximum is {world.limits.body} characters)", "body")


def new_issue(world: World, repo: Repo, actor: Account, title: str, body: str | None) -> Issue:
    check_text(world, "Issue", title, body)
    now = world.clock.now()
    number = max(repo.issues, default=0) + 1
    issue = Issue(world.new_id(), number, repo, actor, title, body, now, now)
    repo.issues[number] = issue
    return issue


def create_pull(
    world: World,
    repo: Repo,
    actor: Account,
    *,
    title: str,
    head: str,
    base: str,
    body: str | None = None,
    draft: bool = False,
    maintainer_can_modify: bool = True,
) -> Issue:
    """`head` is `branch`, or `owner:branch` of a fork. Raises ApiError 422 as GitHub does."""
    check_text(world, "PullRequest", title, body)
    head_repo, head_ref = _head(world, repo, head)
    head_sha = head_repo.store.branch(head_ref) if head_repo is not None else None
    if head_repo is None or head_sha is None:
        raise invalid_field("PullRequest", "head")
    base_sha = repo.store.branch(base)
    if base_sha is None:
        raise invalid_field("PullRequest", "base")
    label = f"{head_repo.owner.login}:{head_ref}"
    _refuse_duplicate(world, repo, head_repo, head_ref, base)
    if head_repo is not repo:
        repo.store.run("fetch", "--quiet", str(head_repo.store.path), head_sha)
    if repo.store.merge_base(base_sha, head_sha) is None:
        raise invalid("PullRequest", f"The {head_ref} branch has no history in common with {base}")
    if repo.store.is_ancestor(head_sha, base_sha):
        raise invalid("PullRequest", f"No commits between {base} and {label if head_repo is not repo else head_ref}")
    issue = new_issue(world, repo, actor, title, body)
    issue.pull = Pull(
        world.new_id(),
        head_repo,
        head_repo.owner,
        head_ref,
        head_sha,
        base,
        base_sha,
        draft,
        maintainer_can_modify and head_repo is not repo,
    )
    publish_head(issue, issue.pull)
    pull_event(world, issue, "opened", actor)
    return issue


def _head(world: World, repo: Repo, head: str) -> tuple[Repo | None, str]:
    owner, colon, branch = head.rpartition(":")
    if not colon or owner.lower() == repo.owner.login.lower():
        return repo, branch
    family = [other for other in world.repos.values() if other.fork_of is repo]
    return next((fork for fork in family if fork.owner.login.lower() == owner.lower()), None), branch


def _refuse_duplicate(world: World, repo: Repo, head_repo: Repo | None, head_ref: str, base: str) -> None:
    for _, pull in world.open_pulls(repo):
        if head_repo is not None and (pull.head_repo, pull.head_ref, pull.base_ref) == (head_repo, head_ref, base):
            raise invalid("PullRequest", f"A pull request already exists for {head_repo.owner.login}:{head_ref}.")


def edit_pull(world: World, issue: Issue, pull: Pull, actor: Account, changes: dict[str, Any]) -> None:
    """`changes` may have title, body, state, base, maintainer_can_modify. Raises ApiError 422."""
    check_text(world, "PullRequest", changes.get("title"), changes.get("body"))
    if (base := changes.get("base")) is not None and base != pull.base_ref:
        tip = issue.repo.store.branch(base)
        if tip is None or issue.state == "closed":
            raise invalid_field("PullRequest", "base")
        pull.base_ref, pull.base_sha = base, tip
    edited = {}
    for name in ("title", "body"):
        if name in changes and changes[name] != getattr(issue, name):
            edited[name] = {"from": getattr(issue, name) or ""}
            setattr(issue, name, changes[name])
    if "maintainer_can_modify" in changes:
        pull.maintainer_can_modify = changes["maintainer_can_modify"]
    issue.updated = world.clock.now()
    if edited:
        pull_event(world, issue, "edited", actor, changes=edited)
    set_state(world, issue, actor, changes.get("state"))


def set_state(world: World, issue: Issue, actor: Account, state: str | None) -> None:
    """Closes or reopens an issue or a pull request. Raises ApiError 422 where it can't be reopened."""
    if state == "closed" and issue.state == "open":
        close(world, issue, actor)
    elif state == "open" and issue.state == "closed":
        if issue.pull is not None:
            _reopen(world, issue, issue.pull)
        issue.state, issue.closed, issue.closed_by = "open", None, None
        issue.updated = world.clock.now()
        if issue.pull is not None:
            pull_event(world, issue, "reopened", actor)


def _reopen(world: World, issue: Issue, pull: Pull) -> None:
    tip = pull.head_repo.store.branch(pull.head_ref) if pull.head_repo is not None else None
    base = issue.repo.store.branch(pull.base_ref)
    reason = ""
    if pull.merged is not None:
        reason = "The pull request is merged."
    elif pull.head_repo is None:
        reason = "The repository that submitted this pull request has been deleted."
    elif tip is None:
        reason = f"The {pull.head_ref} branch has been deleted."
    elif base is None:
        reason = f"The {pull.base_ref} branch has been deleted."
    elif not pull.head_repo.store.is_ancestor(pull.head_sha, tip):
        reason = f"The {pull.head_ref} branch was force-pushed or recreated."
    if reason:
        raise invalid("PullRequest", f"state cannot be changed. {reason}", "state")
    assert tip is not None
    assert base is not None
    _refuse_duplicate(world, issue.repo, pull.head_repo, pull.head_ref, pull.base_ref)
    pull.head_sha, pull.base_sha = tip, base
    publish_head(issue, pull)


def base_tip(issue: Issue, pull: Pull) -> str:
    """What the pull request is compared with: the base branch as it is, or as it was when it was closed."""
    if issue.state == "open":
        return issue.repo.store.branch(pull.base_ref) or pull.base_sha
    return pull.base_sha


def diff_base(issue: Issue, pull: Pull) -> str:
    return issue.repo.store.merge_base(base_tip(issue, pull), pull.head_sha) or EMPTY_TREE


def pull_files(issue: Issue, pull: Pull) -> list[FileDiff]:
    """All files that the pull request changes."""
    return issue.repo.store.diff(diff_base(issue, pull), pull.head_sha)


def pull_commits(issue: Issue, pull: Pull) -> list[Commit]:
    """Oldest first."""
    return issue.repo.store.between(base_tip(issue, pull), pull.head_sha)


def mergeable(world: World, issue: Issue, pull: Pull) -> bool | None:
    """None at the first looks after anything moved, and when it is merged."""
    if issue.state == "closed":
        return None
    tips = base_tip(issue, pull), pull.head_sha
    pull.looks[tips] = pull.looks.get(tips, 0) + 1
    if pull.looks[tips] <= world.limits.mergeable_after:
        return None
    return issue.repo.store.merge_tree(*tips) is not None


def merge_pull(
    world: World,
    issue: Issue,
    pull: Pull,
    actor: Account,
    *,
    method: str = "merge",
    sha: str | None = None,
    title: str | None = None,
    message: str | None = None,
) -> str:
    """The merge commit's id. Raises ApiError 405 where it can't be merged, 409 where the head is not `sha`."""
    if sha is not None and sha != pull.head_sha:
        raise ApiError(409, "Head branch was modified. Review and try the merge again.")
    store, base = issue.repo.store, base_tip(issue, pull)
    tree = store.merge_tree(base, pull.head_sha) if issue.state == "open" else None
    if tree is None:
        raise ApiError(405, "Pull Request is not mergeable")
    if pull.draft:
        raise ApiError(405, "Pull Request is still a draft")
    commits = pull_commits(issue, pull)
    signature = world.signature(actor)
    if method == "merge":
        title = title or f"Merge pull request #{issue.number} from {pull.head_owner.login}/{pull.head_ref}"
        text = f"{title}\n\n{message if message is not None else issue.title}\n"
        new = store.commit_tree(tree, [base, pull.head_sha], text, signature)
    elif method == "squash":
        title = title or f"{issue.title} (#{issue.number})"
        body = message if message is not None else "\n".join(f"* {commit.message}" for commit in commits)
        new = store.commit_tree(tree, [base], f"{title}\n\n{body}\n", signature)
    else:
        new = _rebased(issue, commits, base, signature)
    pull.base_sha = base
    mark_merged(world, issue, pull, actor, new)
    try:
        move_branch(world, issue.repo, actor, pull.base_ref, new, base)
    except GitError:
        raise ApiError(409, "Base branch was modified. Review and try the merge again.") from None
    return new


def _rebased(issue: Issue, commits: list[Commit], base: str, signature: Any) -> str:
    """The commits one after another on the base; each step's tree is the merge of the base and the branch so far."""
    store, tip = issue.repo.store, base
    for commit in commits:
        if len(commit.parents) > 1:
            continue
        tree = store.merge_tree(base, commit.sha)
        if tree is None:
            raise ApiError(405, "This branch can't be rebased")
        tip = store.commit_tree(tree, [tip], commit.message, signature)
    return tip
