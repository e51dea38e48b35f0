"""Repositories, branches, refs, commits, comparisons and contents: what git knows."""

from __future__ import annotations

from typing import Any

from tests.github_double.errors import ApiError, invalid, not_found
from tests.github_double.refs import refs_changed
from tests.github_double.routing import Call, Page, Reply, route
from tests.github_double.state import ROLES, Account, Repo
from tests.github_double.store import GitError
from tests.github_double.views import full_repository, permissions, user
from tests.github_double.views_git import branch, commit, commit_with_files, comparison, content, ref, short_branch


@route("GET /repos/{owner}/{repo}")
def get_repo(call: Call) -> Any:
    role = "read"
    if call.credential is not None and call.credential.installation is not None:
        role = "write" if (call.credential.permissions or {}).get("contents") == "write" else "read"
    elif call.credential is not None and call.credential.app is None:
        role = call.repo.role(call.credential.account)
    return full_repository(call.view, call.repo, role)


@route("GET /repos/{owner}/{repo}/branches", needs="contents:read")
def list_branches(call: Call) -> Page:
    names = [
        (name.removeprefix("refs/heads/"), sha) for name, sha in call.repo.store.refs().items() if "heads/" in name
    ]
    if "protected" in call.query:
        wanted = call.query["protected"] == "true"
        names = [(name, sha) for name, sha in names if (name in call.repo.protected) == wanted]
    return Page(names, lambda each: short_branch(call.view, call.repo, *each))


@route("GET /repos/{owner}/{repo}/branches/{branch}", needs="contents:read")
def get_branch(call: Call) -> Any:
    sha = call.repo.store.branch(call.path["branch"])
    if sha is None:
        raise ApiError(404, "Branch not found")
    return branch(call.view, call.repo, call.path["branch"], sha)


@route("GET /repos/{owner}/{repo}/git/ref/{ref}", needs="contents:read")
def get_ref(call: Call) -> Any:
    sha = call.repo.store.ref(f"refs/{call.path['ref']}")
    if sha is None:
        raise not_found()
    return ref(call.view, call.repo, f"refs/{call.path['ref']}", sha)


@route("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", needs="contents:read")
def list_matching_refs(call: Call) -> Any:
    start = f"refs/{call.path['ref']}"
    return [
        ref(call.view, call.repo, name, sha) for name, sha in call.repo.store.refs().items() if name.startswith(start)
    ]


@route("POST /repos/{owner}/{repo}/git/refs", needs="contents:write", role="write", status=201)
def create_ref(call: Call) -> Any:
    name, sha = call.need("Reference", "ref"), call.need("Reference", "sha")
    if not name.startswith("refs/") or name.count("/") < 2:
        raise ApiError(422, "Reference name must start with 'refs/'")
    if call.repo.store.ref(name) is not None:
        raise ApiError(422, "Reference already exists")
    _known_commit(call.repo, sha)
    call.repo.store.move(name, sha)
    refs_changed(call.world, call.repo, call.actor)
    return ref(call.view, call.repo, name, sha)


@route("PATCH /repos/{owner}/{repo}/git/refs/{ref}", needs="contents:write", role="write")
def update_ref(call: Call) -> Any:
    name, sha = f"refs/{call.path['ref']}", call.need("Reference", "sha")
    old = call.repo.store.ref(name)
    if old is None:
        raise ApiError(422, "Reference does not exist")
    _refuse_protected(call, name)
    _known_commit(call.repo, sha)
    if not call.body.get("force") and not call.repo.store.is_ancestor(old, sha):
        raise ApiError(422, "Update is not a fast forward")
    call.repo.store.move(name, sha, old)
    refs_changed(call.world, call.repo, call.actor)
    return ref(call.view, call.repo, name, sha)


@route("DELETE /repos/{owner}/{repo}/git/refs/{ref}", needs="contents:write", role="write", status=204)
def delete_ref(call: Call) -> Reply:
    name = f"refs/{call.path['ref']}"
    if call.repo.store.ref(name) is None:
        raise ApiError(422, "Reference does not exist")
    _refuse_protected(call, name)
    call.repo.store.move(name, None)
    refs_changed(call.world, call.repo, call.actor)
    return Reply(None, 204)


def _refuse_protected(call: Call, name: str) -> None:
    if name.removeprefix("refs/heads/") in call.repo.protected:
        raise ApiError(422, f"Cannot update this protected ref: {name}.")


def _known_commit(repo: Repo, sha: str) -> None:
    try:
        kind = repo.store.run("cat-file", "-t", sha)
    except GitError:
        raise ApiError(422, "Object does not exist") from None
    if kind != "commit":
        raise invalid("Reference", "Object is not a commit")


@route("GET /repos/{owner}/{repo}/commits", needs="contents:read")
def list_commits(call: Call) -> Page:
    start = call.query.get("sha") or call.repo.store.default_branch
    sha = call.repo.store.commit_of(start)
    if sha is None:
        raise not_found() if call.repo.refs else ApiError(409, "Git Repository is empty.")
    names = {"since": "since", "until": "until", "author": "author", "committer": "committer"}
    options = [f"--{option}={call.query[name]}" for name, option in names.items() if name in call.query]
    path = ["--", call.query["path"]] if "path" in call.query else []
    return Page(call.repo.store.log(*options, sha, *path), lambda each: commit(call.view, call.repo, each))


@route("GET /repos/{owner}/{repo}/commits/{ref}", needs="contents:read")
def get_commit(call: Call) -> Any:
    sha = call.repo.store.commit_of(call.path["ref"])
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {call.path['ref']}")
    return commit_with_files(call.view, call.repo, call.repo.store.commit(sha))


@route("GET /repos/{owner}/{repo}/compare/{basehead}", needs="contents:read")
def compare(call: Call) -> Reply:
    store, (left, dots, right) = call.repo.store, call.path["basehead"].partition("...")
    base, head = (store.commit_of(name.rpartition(":")[2]) for name in (left, right))
    start = store.merge_base(base, head) if base and head else None
    if not dots or base is None or head is None or start is None:
        raise not_found()
    # Without `page` the first 250 commits come at once.
    size = min(int(call.query.get("per_page", 250 if "page" not in call.query else 30)), 250)
    page = int(call.query.get("page", 1))
    commits = store.between(base, head)
    shown = commits[(page - 1) * size : page * size]
    names = store.commit(base), store.commit(head), store.commit(start)
    link = {}
    if page * size < len(commits):
        url = f"{call.view.repo_url(call.repo)}/compare/{call.path['basehead']}?per_page={size}&page="
        link = {"Link": f'<{url}{page + 1}>; rel="next", <{url}{-(-len(commits) // size)}>; rel="last"'}
    return Reply(comparison(call.view, call.repo, *names, shown), 200, link)


@route("GET /repos/{owner}/{repo}/contents/{path}", needs="contents:read")
def get_content(call: Call) -> Any:
    store, path = call.repo.store, call.path["path"].strip("/")
    revision = call.query.get("ref") or store.default_branch
    sha = store.commit_of(revision)
    if sha is None:
        raise ApiError(404, f"No commit found for the ref {revision}")
    entries = _entries(call.repo, sha, [path] if path else [])
    if path and not entries:
        raise not_found()
    if path and entries[0][0] == "blob":
        data = store.raw("cat-file", "blob", entries[0][1])
        return content(call.view, call.repo, revision, "blob", entries[0][1], path, data)
    inside = _entries(call.repo, sha, [f"{path}/"] if path else [])
    return [content(call.view, call.repo, revision, kind, each, name, None) for kind, each, name in inside]


def _entries(repo: Repo, sha: str, paths: list[str]) -> list[tuple[str, str, str]]:
    """Kind, id and path of what a tree has there."""
    listed = repo.store.run("ls-tree", "-z", sha, "--", *paths)
    records = [entry.partition("\t") for entry in listed.split("\0") if entry]
    return [(*facts.split(" ")[1:3], name) for facts, _, name in records]  # type: ignore[misc]


@route("GET /repos/{owner}/{repo}/collaborators", role="write")
def list_collaborators(call: Call) -> Page:
    logins = [call.repo.owner.login, *call.repo.collaborators]
    return Page([call.world.known(login) for login in logins], lambda each: _collaborator(call, each))


@route("GET /repos/{owner}/{repo}/collaborators/{username}/permission")
def get_permission(call: Call) -> Any:
    account = call.world.known(call.path["username"])
    role = call.repo.role(account)
    # The permission knows only the roles of old.
    return {
        "permission": {"maintain": "write", "triage": "read"}.get(role, role),
        "role_name": role,
        "user": _collaborator(call, account),
    }


def _collaborator(call: Call, account: Account) -> dict[str, Any]:
    role = call.repo.role(account)
    assert role in ROLES
    return {**(user(call.view, account) or {}), "permissions": permissions(role), "role_name": role}
