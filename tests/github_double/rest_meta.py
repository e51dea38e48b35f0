"""Who one is, what is left of the hour's requests, Apps and their installations."""

from __future__ import annotations

from typing import Any

from tests.github_double.clock import stamp
from tests.github_double.errors import ApiError, not_found
from tests.github_double.routing import Call, Page, Reply, route
from tests.github_double.state import App, Installation
from tests.github_double.views import app, public_user, repository
from tests.github_double.views_pulls import installation


@route("GET /user")
def get_user(call: Call) -> Any:
    if call.credential is not None and (call.credential.installation or call.credential.app):
        raise ApiError(403, "Resource not accessible by integration")
    return public_user(call.view, call.actor)


@route("GET /users/{username}")
def get_user_by_name(call: Call) -> Any:
    return public_user(call.view, call.world.known(call.path["username"]))


@route("GET /rate_limit")
def get_rate_limit(call: Call) -> Any:
    limit = call.world.limits.rate
    rate = {
        "limit": limit,
        "used": 0,
        "remaining": limit,
        "reset": int(call.world.clock.now().timestamp()) + 3600,
    }
    return {"resources": {"core": rate, "search": rate, "graphql": rate}, "rate": rate}


def _app(call: Call) -> App:
    """The App whose JWT this is. Raises ApiError 401."""
    if call.credential is None or call.credential.app is None:
        raise ApiError(401, "A JSON web token could not be decoded")
    return call.credential.app


def _installations(call: Call) -> list[Installation]:
    return [each for each in call.world.installations.values() if each.app is _app(call)]


@route("GET /app")
def get_app(call: Call) -> Any:
    return app(call.view, _app(call)) | {"installations_count": len(_installations(call))}


@route("GET /app/installations")
def list_installations(call: Call) -> Page:
    return Page(_installations(call), lambda each: installation(call.view, each))


@route("GET /app/installations/{installation_id}")
def get_installation(call: Call) -> Any:
    return installation(call.view, _installation(call))


def _installation(call: Call) -> Installation:
    for each in _installations(call):
        if each.id == call.number("installation_id"):
            return each
    raise not_found()


@route("GET /repos/{owner}/{repo}/installation", needs="")
def get_repo_installation(call: Call) -> Any:
    for each in _installations(call):
        covered = each.repositories is None or call.repo.full_name in each.repositories
        if each.account is call.repo.owner and covered:
            return installation(call.view, each)
    raise not_found()


@route("POST /app/installations/{installation_id}/access_tokens", status=201)
def create_installation_token(call: Call) -> Any:
    found, body = _installation(call), call.body or {}
    asked = body.get("permissions") or found.app.permissions
    levels = ("none", "read", "write", "admin")
    for name, level in asked.items():
        if levels.index(level) > levels.index(found.app.permissions.get(name, "none")):
            raise ApiError(422, "The permissions requested are not granted to this installation.")
    names = body.get("repositories")
    repositories = found.repositories
    if names is not None:
        repositories = frozenset(f"{found.account.login}/{name}" for name in names)
        if found.repositories is not None and not repositories <= found.repositories:
            raise ApiError(422, "There is at least one repository that does not exist or is not accessible.")
    token = call.world.token(
        found.app.bot,
        permissions=dict(asked) | {"metadata": "read"},
        repositories=repositories,
        installation=found,
        lifetime=call.world.limits.token_lifetime,
    )
    assert token.expires is not None
    shown: dict[str, Any] = {
        "token": token.token,
        "expires_at": stamp(token.expires),
        "permissions": dict(token.permissions or {}),
        "repository_selection": "all" if repositories is None else "selected",
    }
    if repositories is not None:
        shown["repositories"] = [repository(call.view, call.world.repo(name)) for name in sorted(repositories)]
    return shown


@route("GET /installation/repositories")
def list_installation_repositories(call: Call) -> Page:
    if call.credential is None or call.credential.installation is None:
        raise ApiError(403, "You must authenticate with an installation access token in order to list repositories.")
    owner, names = call.credential.installation.account, call.credential.repositories
    repos = [each for each in call.world.repos.values() if each.owner is owner]
    reached = [each for each in repos if names is None or each.full_name in names]
    return Page(reached, lambda each: repository(call.view, each), "repositories")


@route("POST /repos/{owner}/{repo}/dispatches", needs="contents:write", role="write", status=204)
def create_dispatch(call: Call) -> Reply:
    call.repo.dispatches.append(dict(call.body))
    return Reply(None, 204)
