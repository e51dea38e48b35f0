"""The parts of GitHub's webhook payloads that the service reads."""

from __future__ import annotations

from typing import Any

from tests.support.service_run import ZH_REPO

PERSON = {"login": "ann", "type": "User"}


def push(repo: str, branch: str = "main", sender: dict[str, str] = PERSON, mail: str = "a@b.c") -> dict[str, Any]:
    return {
        "ref": f"refs/heads/{branch}",
        "repository": {"full_name": repo},
        "head_commit": {"committer": {"email": mail}},
        "sender": sender,
    }


def pull_request(action: str, branch: str = "amts/zh", fork: str = ZH_REPO) -> dict[str, Any]:
    head = {"ref": branch, "repo": {"full_name": fork}}
    return {"action": action, "repository": {"full_name": ZH_REPO}, "pull_request": {"head": head}, "sender": PERSON}


def issue_comment(body: str, action: str = "created", author: dict[str, str] = PERSON) -> dict[str, Any]:
    return {
        "action": action,
        "repository": {"full_name": ZH_REPO},
        "issue": {"number": 7, "pull_request": {"url": ""}},
        "comment": {"id": 5, "body": body, "user": author},
        "sender": author,
    }
