"""JSON of accounts, repositories and small things, as GitHub shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.github_double.clock import stamp, stamp_or_none
from tests.github_double.state import Account, App, Issue, Label, Milestone, Reaction, Repo
from tests.github_double.world import World

Json = dict[str, Any]

REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")

_USER_URLS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
_REPO_URLS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


@dataclass(frozen=True)
class View:
    """`api` and `web` are the URLs of the API's root and of the site, as the caller reached them."""

    world: World
    api: str
    web: str

    def repo_url(self, repo: Repo) -> str:
        return f"{self.api}/repos/{repo.full_name}"

    def repo_web(self, repo: Repo) -> str:
        return f"{self.web}/{repo.full_name}"


def user(view: View, account: Account | None) -> Json | None:
    """A `simple-user`, None for a ghost."""
    if account is None:
        return None
    url = f"{view.api}/users/{quote(account.login)}"
    web = f"{view.web}/apps/{account.login.removesuffix('[bot]')}" if account.kind == "Bot" else None
    return {
        "login": account.login,
        "id": account.id,
        "node_id": f"U_{account.id}",
        "avatar_url": f"{view.web}/avatars/{account.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": web or f"{view.web}/{account.login}",
        **{name: url + tail for name, tail in _USER_URLS.items()},
        "type": account.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def public_user(view: View, account: Account) -> Json:
    """A `public-user`, what `GET /user` and `GET /users/x` add to the simple one."""
    facts = dict.fromkeys(("name", "company", "blog", "location", "email", "hireable", "bio"))
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    moment = stamp(view.world.clock.now())
    return {**(user(view, account) or {}), **facts, **counts, "created_at": moment, "updated_at": moment}


def repository(view: View, repo: Repo, *, role: str | None = None) -> Json:
    """A `repository`; with `role` the caller's permissions."""
    url, web = view.repo_url(repo), view.repo_web(repo)
    opened = sum(issue.state == "open" for issue in repo.issues.values())
    forks = sum(other.fork_of is repo for other in view.world.repos.values())
    moment = stamp(repo.created)
    shown: Json = {
        "id": repo.id,
        "node_id": f"R_{repo.id}",
        "name": repo.name,
        "full_name": repo.full_name,
        "owner": user(view, repo.owner),
        "private": repo.private,
        "html_url": web,
        "description": None,
        "fork": repo.fork_of is not None,
        "url": url,
        **{name: url + tail for name, tail in _REPO_URLS.items()},
        "git_url": f"git://{web.partition('://')[2]}.git",
        "ssh_url": f"git@{web.partition('://')[2].replace('/', ':', 1)}.git",
        "clone_url": f"{web}.git",
        "svn_url": web,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        **dict.fromkeys(("forks_count", "forks"), forks),
        **dict.fromkeys(("stargazers_count", "watchers_count", "watchers", "size"), 0),
        **dict.fromkeys(("open_issues_count", "open_issues"), opened),
        "default_branch": repo.store.default_branch,
        **dict.fromkeys(("has_issues", "has_projects", "has_wiki", "has_downloads", "allow_forking"), True),
        **dict.fromkeys(("has_pages", "has_discussions", "archived", "disabled", "is_template"), False),
        "topics": [],
        "web_commit_signoff_required": False,
        "visibility": "private" if repo.private else "public",
        **dict.fromkeys(("pushed_at", "created_at", "updated_at"), moment),
    }
    return shown | ({"permissions": permissions(role)} if role is not None else {})


def full_repository(view: View, repo: Repo, role: str) -> Json:
    shown = repository(view, repo, role=role) | {"subscribers_count": 0, "network_count": 0}
    if repo.fork_of is not None:
        shown["parent"] = shown["source"] = repository(view, repo.fork_of)
    return shown


def permissions(role: str) -> Json:
    """What a role may do, in the names of the API before it had roles."""
    steps = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
    ranks = ["none", *steps.values()]
    return {name: ranks.index(role) >= ranks.index(least) for name, least in steps.items()}


def association(repo: Repo, account: Account) -> str:
    if account is repo.owner:
        return "OWNER"
    if account.kind == "Bot" or account.login.lower() not in repo.collaborators:
        return "NONE"
    return "COLLABORATOR"


def label(view: View, repo: Repo, item: Label) -> Json:
    return {
        "id": item.id,
        "node_id": f"LA_{item.id}",
        "url": f"{view.repo_url(repo)}/labels/{quote(item.name)}",
        "name": item.name,
        "color": item.color,
        "default": False,
        "description": item.description,
    }


def milestone(view: View, repo: Repo, item: Milestone | None) -> Json | None:
    if item is None:
        return None
    inside = [issue for issue in repo.issues.values() if issue.milestone is item]
    opened = sum(issue.state == "open" for issue in inside)
    return {
        "url": f"{view.repo_url(repo)}/milestones/{item.number}",
        "html_url": f"{view.repo_web(repo)}/milestone/{item.number}",
        "labels_url": f"{view.repo_url(repo)}/milestones/{item.number}/labels",
        "id": item.id,
        "node_id": f"MI_{item.id}",
        "number": item.number,
        "title": item.title,
        "description": None,
        "creator": user(view, item.creator),
        "open_issues": opened,
        "closed_issues": len(inside) - opened,
        "state": item.state,
        "created_at": stamp(item.created),
        "updated_at": stamp(item.created),
        "due_on": None,
        "closed_at": None,
    }


def reaction(view: View, item: Reaction) -> Json:
    return {
        "id": item.id,
        "node_id": f"REA_{item.id}",
        "user": user(view, item.author),
        "content": item.content,
        "created_at": stamp(item.created),
    }


def rollup(url: str, reactions: Iterable[Reaction]) -> Json:
    """The counts of reactions that comments and issues carry."""
    counts = Counter(item.content for item in reactions)
    kinds = {name: counts[name] for name in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": counts.total(), **kinds}


def app(view: View, item: App) -> Json:
    """An `integration`."""
    return {
        "id": item.id,
        "slug": item.slug,
        "client_id": f"Iv1.{item.id:016x}",
        "node_id": f"A_{item.id}",
        "owner": user(view, item.owner),
        "name": item.slug,
        "description": None,
        "external_url": f"{view.web}/{item.slug}",
        "html_url": f"{view.web}/apps/{item.slug}",
        "created_at": stamp(item.created),
        "updated_at": stamp(item.created),
        "permissions": item.permissions,
        "events": ["issue_comment", "pull_request", "push"],
    }


def issue(view: View, item: Issue) -> Json:
    """An issue, or a pull request as the issues API shows it."""
    url = f"{view.repo_url(item.repo)}/issues/{item.number}"
    web = f"{view.repo_web(item.repo)}/{'issues' if item.pull is None else 'pull'}/{item.number}"
    shown: Json = {
        "id": item.id,
        "node_id": f"I_{item.id}",
        "url": url,
        "repository_url": view.repo_url(item.repo),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": web,
        "number": item.number,
        "state": item.state,
        "state_reason": None if item.state == "open" or item.pull is not None else "completed",
        "title": item.title,
        "body": item.body,
        "user": user(view, item.author),
        "labels": [label(view, item.repo, each) for each in item.labels],
        "assignee": user(view, item.assignees[0]) if item.assignees else None,
        "assignees": [user(view, each) for each in item.assignees],
        "milestone": milestone(view, item.repo, item.milestone),
        "locked": False,
        "active_lock_reason": None,
        "comments": len(item.comments),
        "created_at": stamp(item.created),
        "updated_at": stamp(item.updated),
        "closed_at": stamp_or_none(item.closed),
        "closed_by": user(view, item.closed_by),
        "author_association": association(item.repo, item.author),
        "reactions": rollup(url, item.reactions),
        "performed_via_github_app": None,
    }
    if item.pull is not None:
        shown["draft"] = item.pull.draft
        shown["pull_request"] = {
            "url": f"{view.repo_url(item.repo)}/pulls/{item.number}",
            "html_url": web,
            "diff_url": f"{web}.diff",
            "patch_url": f"{web}.patch",
            "merged_at": stamp_or_none(item.pull.merged),
        }
    return shown
