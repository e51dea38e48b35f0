"""Issues (which pull requests are, too), labels, assignees, milestones."""

from __future__ import annotations

from typing import Any

from tests.github_double.errors import invalid_field, not_found
from tests.github_double.pulls import check_text, new_issue, set_state
from tests.github_double.refs import pull_event
from tests.github_double.routing import Call, Page, Reply, route
from tests.github_double.state import Issue, Label, Milestone
from tests.github_double.views import issue, label, milestone

_EDIT = "issues|pull_requests:write"
_READ = "issues|pull_requests:read"


@route("GET /repos/{owner}/{repo}/issues", needs=_READ)
def list_issues(call: Call) -> Page:
    state, labels = call.query.get("state", "open"), call.query.get("labels", "").split(",")
    wanted = {name for name in labels if name}
    creator = call.query.get("creator")
    found = [
        each
        for each in reversed(call.repo.issues.values())
        if state in ("all", each.state)
        and wanted <= {item.name for item in each.labels}
        and creator in (None, each.author.login)
    ]
    return Page(found, lambda each: issue(call.view, each))


@route("POST /repos/{owner}/{repo}/issues", needs="issues:write", status=201)
def create_issue(call: Call) -> Any:
    made = new_issue(call.world, call.repo, call.actor, str(call.need("Issue", "title")), call.body.get("body"))
    _apply(call, made)
    return issue(call.view, made)


@route("GET /repos/{owner}/{repo}/issues/{issue_number}", needs=_READ)
def get_issue(call: Call) -> Any:
    return issue(call.view, call.issue)


@route("PATCH /repos/{owner}/{repo}/issues/{issue_number}", needs=_EDIT, role="triage")
def update_issue(call: Call) -> Any:
    item, changes = call.issue, call.body or {}
    check_text(call.world, "Issue", changes.get("title"), changes.get("body"))
    item.title = changes.get("title") or item.title
    item.body = changes.get("body", item.body)
    item.updated = call.world.clock.now()
    _apply(call, item)
    set_state(call.world, item, call.actor, changes.get("state"))
    return issue(call.view, item)


def _apply(call: Call, item: Issue) -> None:
    """Sets labels, assignees and milestone where the body has them."""
    body = call.body or {}
    if "labels" in body:
        item.labels = [_label(call, _name(each)) for each in body["labels"]]
    if "assignees" in body:
        item.assignees = []
        _assign(call, item, body["assignees"])
    if "milestone" in body:
        number = body["milestone"]
        if number is not None and int(number) not in call.repo.milestones:
            raise invalid_field("Issue", "milestone")
        item.milestone = call.repo.milestones[int(number)] if number is not None else None


def _name(given: Any) -> str:
    return given if isinstance(given, str) else str(given["name"])


def _label(call: Call, name: str) -> Label:
    """The label of this name, whatever its case; a new one where there is none, as GitHub does."""
    if name.lower() not in call.repo.labels:
        call.repo.labels[name.lower()] = Label(call.world.new_id(), name)
    return call.repo.labels[name.lower()]


def _assign(call: Call, item: Issue, logins: list[str]) -> None:
    """Who can't be assigned is passed over in silence, as GitHub does."""
    for login in logins:
        account = call.world.accounts.get(login.lower())
        assignable = account is not None and (login.lower() in call.repo.collaborators or account is call.repo.owner)
        if account is not None and assignable and account not in item.assignees:
            item.assignees.append(account)


@route("GET /repos/{owner}/{repo}/labels", needs=_READ)
def list_labels(call: Call) -> Page:
    return Page(list(call.repo.labels.values()), lambda each: label(call.view, call.repo, each))


@route("POST /repos/{owner}/{repo}/labels", needs=_EDIT, role="write", status=201)
def create_label(call: Call) -> Any:
    name = call.need("Label", "name")
    if name.lower() in call.repo.labels:
        raise invalid_field("Label", "name", "already_exists")
    made = Label(call.world.new_id(), name, call.body.get("color", "ededed"), call.body.get("description"))
    call.repo.labels[name.lower()] = made
    return label(call.view, call.repo, made)


@route("GET /repos/{owner}/{repo}/labels/{name}", needs=_READ)
def get_label(call: Call) -> Any:
    if call.path["name"].lower() not in call.repo.labels:
        raise not_found()
    return label(call.view, call.repo, call.repo.labels[call.path["name"].lower()])


def _labels(call: Call) -> list[dict[str, Any]]:
    return [label(call.view, call.repo, each) for each in call.issue.labels]


@route("GET /repos/{owner}/{repo}/issues/{issue_number}/labels", needs=_READ)
def list_issue_labels(call: Call) -> Page:
    return Page(call.issue.labels, lambda each: label(call.view, call.repo, each))


def _asked(call: Call) -> list[Label]:
    given = call.body.get("labels", []) if isinstance(call.body, dict) else call.body or []
    return [_label(call, _name(each)) for each in given]


@route("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", needs=_EDIT, role="triage")
def add_labels(call: Call) -> Any:
    for each in _asked(call):
        if each not in call.issue.labels:
            call.issue.labels.append(each)
            if call.issue.pull is not None:
                shown = label(call.view, call.repo, each)
                pull_event(call.world, call.issue, "labeled", call.actor, label=shown)
    return _labels(call)


@route("PUT /repos/{owner}/{repo}/issues/{issue_number}/labels", needs=_EDIT, role="triage")
def set_labels(call: Call) -> Any:
    call.issue.labels = list(dict.fromkeys(_asked(call)))
    return _labels(call)


@route("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels", needs=_EDIT, role="triage", status=204)
def clear_labels(call: Call) -> Reply:
    call.issue.labels = []
    return Reply(None, 204)


@route("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", needs=_EDIT, role="triage")
def remove_label(call: Call) -> Any:
    found = [each for each in call.issue.labels if each.name.lower() == call.path["name"].lower()]
    if not found:
        raise not_found()
    call.issue.labels.remove(found[0])
    return _labels(call)


@route("POST /repos/{owner}/{repo}/issues/{issue_number}/assignees", needs=_EDIT, role="write", status=201)
def add_assignees(call: Call) -> Any:
    _assign(call, call.issue, call.body.get("assignees", []))
    return issue(call.view, call.issue)


@route("DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees", needs=_EDIT, role="write")
def remove_assignees(call: Call) -> Any:
    gone = {login.lower() for login in call.body.get("assignees", [])}
    call.issue.assignees = [each for each in call.issue.assignees if each.login.lower() not in gone]
    return issue(call.view, call.issue)


@route("GET /repos/{owner}/{repo}/milestones", needs=_READ)
def list_milestones(call: Call) -> Page:
    state = call.query.get("state", "open")
    found = [each for each in call.repo.milestones.values() if state in ("all", each.state)]
    return Page(found, lambda each: milestone(call.view, call.repo, each))


@route("POST /repos/{owner}/{repo}/milestones", needs=_EDIT, role="write", status=201)
def create_milestone(call: Call) -> Any:
    number = len(call.repo.milestones) + 1
    title = call.need("Milestone", "title")
    made = Milestone(call.world.new_id(), number, title, call.actor, call.world.clock.now())
    call.repo.milestones[number] = made
    return milestone(call.view, call.repo, made)


@route("GET /repos/{owner}/{repo}/milestones/{milestone_number}", needs=_READ)
def get_milestone(call: Call) -> Any:
    if call.number("milestone_number") not in call.repo.milestones:
        raise not_found()
    return milestone(call.view, call.repo, call.repo.milestones[call.number("milestone_number")])
