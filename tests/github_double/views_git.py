"""JSON of what git knows: commits, files of a diff, refs, branches, contents."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from tests.github_double.clock import stamp
from tests.github_double.diffs import FileDiff
from tests.github_double.state import Repo
from tests.github_double.store import EMPTY_TREE, Commit, Signature
from tests.github_double.views import Json, View, user


def commit(view: View, repo: Repo, item: Commit) -> Json:
    """A `commit` without its files."""
    url, web = f"{view.repo_url(repo)}/commits/{item.sha}", f"{view.repo_web(repo)}/commit/{item.sha}"
    return {
        "sha": item.sha,
        "node_id": f"C_{item.sha}",
        "commit": {
            "author": _person(item.author),
            "committer": _person(item.committer),
            "message": item.message,
            "tree": {"sha": item.tree, "url": f"{view.repo_url(repo)}/git/trees/{item.tree}"},
            "url": f"{view.repo_url(repo)}/git/commits/{item.sha}",
            "comment_count": 0,
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "signature": None,
                "payload": None,
                "verified_at": None,
            },
        },
        "url": url,
        "html_url": web,
        "comments_url": f"{url}/comments",
        "author": user(view, view.world.by_email(item.author.email)),
        "committer": user(view, view.world.by_email(item.committer.email)),
        "parents": [
            {
                "sha": parent,
                "url": f"{view.repo_url(repo)}/commits/{parent}",
                "html_url": f"{view.repo_web(repo)}/commit/{parent}",
            }
            for parent in item.parents
        ],
    }


def commit_with_files(view: View, repo: Repo, item: Commit) -> Json:
    """What `GET commits/{ref}` shows; a merge is compared with its first parent."""
    files = repo.store.diff(item.parents[0] if item.parents else EMPTY_TREE, item.sha)
    added, removed = sum(each.additions for each in files), sum(each.deletions for each in files)
    stats = {"total": added + removed, "additions": added, "deletions": removed}
    shown = [file(view, repo, each, item.sha) for each in files[: view.world.limits.compare_files]]
    return commit(view, repo, item) | {"stats": stats, "files": shown}


def file(view: View, repo: Repo, item: FileDiff, sha: str) -> Json:
    """A `diff-entry` of a diff that ends in the commit `sha`."""
    path = quote(item.path)
    shown: Json = {
        "sha": item.sha,
        "filename": item.path,
        "status": item.status,
        "additions": item.additions,
        "deletions": item.deletions,
        "changes": item.additions + item.deletions,
        "blob_url": f"{view.repo_web(repo)}/blob/{sha}/{path}",
        "raw_url": f"{view.repo_web(repo)}/raw/{sha}/{path}",
        "contents_url": f"{view.repo_url(repo)}/contents/{path}?ref={sha}",
    }
    if item.patch:
        shown["patch"] = item.patch
    if item.old_path is not None:
        shown["previous_filename"] = item.old_path
    return shown


def comparison(view: View, repo: Repo, base: Commit, head: Commit, merge_base: Commit, shown: list[Commit]) -> Json:
    """`shown` are the commits of the page that was asked for; the files come with every page."""
    store = repo.store
    ahead, behind = store.count(base.sha, head.sha), store.count(head.sha, base.sha)
    status = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}
    name = f"{base.sha}...{head.sha}"
    web = f"{view.repo_web(repo)}/compare/{name}"
    files = store.diff(merge_base.sha, head.sha)[: view.world.limits.compare_files]
    return {
        "url": f"{view.repo_url(repo)}/compare/{name}",
        "html_url": web,
        "permalink_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "base_commit": commit(view, repo, base),
        "merge_base_commit": commit(view, repo, merge_base),
        "status": status.get((ahead > 0, behind > 0), "diverged"),
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
        "commits": [commit(view, repo, each) for each in shown],
        "files": [file(view, repo, each, head.sha) for each in files],
    }


def ref(view: View, repo: Repo, name: str, sha: str) -> Json:
    """`name` is full, `refs/heads/main`."""
    return {
        "ref": name,
        "node_id": f"REF_{repo.id}_{name}",
        "url": f"{view.repo_url(repo)}/git/{quote(name)}",
        "object": {"sha": sha, "type": "commit", "url": f"{view.repo_url(repo)}/git/commits/{sha}"},
    }


def short_branch(view: View, repo: Repo, name: str, sha: str) -> Json:
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{view.repo_url(repo)}/commits/{sha}"},
        "protected": name in repo.protected,
    }


def branch(view: View, repo: Repo, name: str, sha: str) -> Json:
    """A `branch-with-protection`."""
    url = f"{view.repo_url(repo)}/branches/{quote(name)}"
    return {
        "name": name,
        "commit": commit(view, repo, repo.store.commit(sha)),
        "_links": {"self": url, "html": f"{view.repo_web(repo)}/tree/{quote(name)}"},
        "protected": name in repo.protected,
        "protection": {"enabled": name in repo.protected},
        "protection_url": f"{url}/protection",
    }


def content(view: View, repo: Repo, revision: str, kind: str, sha: str, path: str, data: bytes | None) -> Json:
    """An entry of a directory, or with `data` a file."""
    place = f"{quote(path)}?ref={quote(revision)}"
    url, git = f"{view.repo_url(repo)}/contents/{place}", f"{view.repo_url(repo)}/git/{kind}s/{sha}"
    web = f"{view.repo_web(repo)}/{kind}/{quote(revision)}/{quote(path)}"
    shown: Json = {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": len(data) if data is not None else 0,
        "url": url,
        "html_url": web,
        "git_url": git,
        "download_url": f"{view.repo_web(repo)}/raw/{quote(revision)}/{quote(path)}" if kind == "blob" else None,
        "type": {"blob": "file", "tree": "dir"}.get(kind, "submodule"),
        "_links": {"self": url, "git": git, "html": web},
    }
    if data is not None:
        shown |= {"encoding": "base64", "content": base64.encodebytes(data).decode()}
    return shown


def _person(item: Signature) -> dict[str, Any]:
    return {"name": item.name, "email": item.email, "date": stamp(datetime.fromtimestamp(item.when, UTC))}
