"""Commit statuses (any token's) and check runs (Apps' only)."""

from __future__ import annotations

from typing import Any

from tests.github_double.clock import stamp
from tests.github_double.errors import ApiError, not_found
from tests.github_double.routing import Call, Page, route
from tests.github_double.state import App, CheckRun, Status
from tests.github_double.views_pulls import check_run, combined_status, status

_MOST_STATUSES = 1_000


@route("POST /repos/{owner}/{repo}/statuses/{sha}", needs="statuses:write", role="write", status=201)
def create_status(call: Call) -> Any:
    sha = call.path["sha"]
    if call.repo.store.commit_of(sha) != sha:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    made = Status(
        call.world.new_id(),
        call.need("Status", "state"),
        call.body.get("context", "default"),
        call.body.get("description"),
        call.body.get("target_url"),
        call.actor,
        call.world.clock.now(),
    )
    if made.description is not None and len(made.description) > 140:
        error = {"resource": "Status", "field": "description", "code": "custom"}
        raise ApiError(422, "Validation Failed", [error | {"message": "description is too long (maximum is 140)"}])
    statuses = call.repo.statuses.setdefault(sha, [])
    if sum(each.context == made.context for each in statuses) >= _MOST_STATUSES:
        raise ApiError(422, "Validation Failed", [{"resource": "Status", "code": "custom", "message": "too many"}])
    statuses.append(made)
    return status(call.view, call.repo, sha, made)


def _sha(call: Call) -> str:
    sha = call.repo.store.commit_of(call.path["ref"])
    if sha is None:
        raise ApiError(404, f"No commit found for SHA: {call.path['ref']}")
    return sha


@route("GET /repos/{owner}/{repo}/commits/{ref}/statuses", needs="statuses:read")
def list_statuses(call: Call) -> Page:
    sha = _sha(call)
    newest_first = call.repo.statuses.get(sha, [])[::-1]
    return Page(newest_first, lambda each: status(call.view, call.repo, sha, each))


@route("GET /repos/{owner}/{repo}/commits/{ref}/status", needs="statuses:read")
def get_combined_status(call: Call) -> Any:
    sha = _sha(call)
    latest = {each.context: each for each in call.repo.statuses.get(sha, [])}
    return combined_status(call.view, call.repo, sha, list(latest.values()))


def _app(call: Call) -> App:
    if call.credential is None or call.credential.installation is None:
        raise ApiError(403, "You must authenticate via a GitHub App.")
    return call.credential.installation.app


@route("POST /repos/{owner}/{repo}/check-runs", needs="checks:write", status=201)
def create_check_run(call: Call) -> Any:
    app, sha = _app(call), call.need("CheckRun", "head_sha")
    if call.repo.store.commit_of(sha) != sha:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    made = CheckRun(call.world.new_id(), app, {})
    _apply(call, made)
    call.repo.check_runs[made.id] = made
    return check_run(call.view, call.repo, made)


def _apply(call: Call, run: CheckRun) -> None:
    """A conclusion completes a run, as on GitHub."""
    run.fields |= call.body
    run.fields.setdefault("started_at", stamp(call.world.clock.now()))
    if run.fields.get("conclusion") is not None:
        run.fields["status"] = "completed"
        run.fields.setdefault("completed_at", stamp(call.world.clock.now()))


def _run(call: Call) -> CheckRun:
    if call.number("check_run_id") not in call.repo.check_runs:
        raise not_found()
    return call.repo.check_runs[call.number("check_run_id")]


@route("GET /repos/{owner}/{repo}/check-runs/{check_run_id}", needs="checks:read")
def get_check_run(call: Call) -> Any:
    return check_run(call.view, call.repo, _run(call))


@route("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", needs="checks:write")
def update_check_run(call: Call) -> Any:
    found = _run(call)
    if found.app is not _app(call):
        raise ApiError(403, "Invalid app_id for check run")
    _apply(call, found)
    return check_run(call.view, call.repo, found)


@route("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", needs="checks:read")
def list_check_runs(call: Call) -> Page:
    """By default the newest of each name (`filter=latest`)."""
    sha, name = _sha(call), call.query.get("check_name")
    found = [each for each in call.repo.check_runs.values() if each.fields["head_sha"] == sha]
    found = [each for each in found if name in (None, each.fields["name"])]
    if call.query.get("filter", "latest") == "latest":
        found = list({(each.app.id, each.fields["name"]): each for each in found}.values())
    return Page(found[::-1], lambda each: check_run(call.view, call.repo, each), "check_runs")
