"""The Action's own steps, run from action.yml as they stand, for each event; and what the workflows may not do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from tests.github_double.double import APP_PERMISSIONS, GitHubDouble
from tests.github_double.faults import bad_gateway
from tests.support.cli_run import BOOK_ZH, ENGLISH, HABITS, HABITS_ZH, WAIT, Book, Cli
from tests.support.runner import ACTION, Ran, run_action

pytestmark = pytest.mark.sweep

pytest_plugins = ["tests.github_double.fixtures"]

ROOT = ACTION.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
REPO = "people/tea-zh"
# Failures are scripted, so nobody waits before a call is tried again.
QUICK = {"retry_seconds": 0}


class World:
    """A book on the double, and a runner."""

    def __init__(self, double: GitHubDouble, folder: Path) -> None:
        self.double = double
        self.folder = folder
        self.runs = 0
        self.attempt = 1
        self.book = Book(folder / "work", {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS)
        self.book.english({"tea.md": ENGLISH + "\n" + WAIT})
        people = {"amts-bot": "write", "maintainer": "write"}
        double.create_repo(REPO, source=self.book.folder / "zh", private=True, collaborators=people)
        forge = {"kind": "github", "url": double.url, "api_url": double.url}
        self.book.configure({}, languages={"zh": {"repo": double.clone_url(REPO)}}, forge=forge, network=QUICK)

    def run(
        self,
        event: str,
        payload: dict[str, Any] | None = None,
        environment: Mapping[str, str] = MappingProxyType({}),
        /,
        **inputs: str,
    ) -> Ran:
        self.runs += 1
        environment = {
            **environment,
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "GITHUB_TOKEN": self.double.token("amts-bot"),
            "GITHUB_RUN_ATTEMPT": str(self.attempt),
        }
        return run_action(
            self.folder / f"runner {self.runs}", self.book.folder, event, payload or {}, environment, **inputs
        )

    def comment(self, body: str, author: str = "maintainer") -> dict[str, Any]:
        """The event of a comment on pull request 1."""
        made = self.double.as_user(author).comment(REPO, 1, body)
        return {
            "action": "created",
            "issue": {"number": 1, "pull_request": {"url": "x"}},
            "comment": {"id": made.id, "body": body, "user": {"login": author, "type": "User"}},
            "repository": {"full_name": REPO},
        }

    def answers(self) -> list[str]:
        return [each.body for each in self.double.issue(REPO, 1).comments if each.author.login == "amts-bot"]


@pytest.fixture
def world(github_double: GitHubDouble, tmp_path: Path) -> World:
    return World(github_double, tmp_path)


def test_each_event_that_syncs_leads_to_the_same_one_pull_request(world: World) -> None:
    dry = world.run("workflow_dispatch", None, {}, **{"dry-run": "true"})
    assert (dry.code, world.double.pulls(REPO)) == (0, [])
    first = world.run("schedule")
    assert first.code == 0, first.lines
    assert first.outputs["outcome"] == "done"
    assert first.outputs["changed"] == "true"
    assert first.outputs["pending"] == "false"
    (url,) = json.loads(first.outputs["pull-requests"])
    assert url.endswith(f"/{REPO}/pull/1")
    assert "**zh**: a pull request was opened" in first.summary
    for event in ("push", "repository_dispatch", "workflow_dispatch"):
        again = world.run(event, {"client_payload": {"languages": "$(touch PWNED)"}}, languages="zh")
        assert (again.code, again.outputs["changed"]) == (0, "false"), event
    assert len(world.double.pulls(REPO)) == 1


def test_what_is_locked_is_installed_and_sees_no_key(world: World) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "key-0", "AWS_SESSION_TOKEN": "key-1", "OF_ANOTHER_ENGINE": "key-2"}
    inputs = {"token": "key-3", "aws-access-key-id": "key-4", "aws-secret-access-key": "key-5"}
    ran = world.run("pull_request", None, keys, **inputs)
    assert ran.code == 0, ran.lines
    installs = [call for call in ran.installing if "install" in call]
    locked = [call[call.index("--requirement") + 1] for call in installs if "--require-hashes" in call]
    assert locked == [f"{ROOT}/locks/build.txt", f"{ROOT}/locks/action.txt"]
    (own,) = (call for call in installs if "--require-hashes" not in call)
    assert {"--no-index", "--no-deps"} < set(own)
    assert not any("key-" in value for value in ran.installing_environment.values())
    assert ran.installing_environment["PATH"]


def test_a_comment_is_followed_and_answered_once(world: World) -> None:
    world.run("push")
    event = world.comment("/amts keep tea.md")
    for _ in range(2):
        ran = world.run("issue_comment", event)
        assert (ran.code, ran.outputs["outcome"]) == (0, "done")
    (answer,) = world.answers()
    assert "I leave `tea.md` as it is" in answer
    assert "tea.md" in world.double.repo(REPO).store.run("show", "amts/zh:.amts/state.zh.yaml")


def test_what_is_no_command_costs_nothing(world: World) -> None:
    world.run("push")
    said = world.run("issue_comment", world.comment("Thanks!"))
    refused = world.run("issue_comment", world.comment("/amts $(touch PWNED)\n::set-output name=x::y"))
    issue = world.run("issue_comment", {"action": "created", "issue": {"number": 1}})
    other = world.run("pull_request", {"action": "opened"})
    assert [ran.code for ran in (said, refused, issue, other)] == [0, 0, 0, 0]
    assert [ran.outputs["outcome"] for ran in (said, refused, issue)] == ["ignored", "refused", "ignored"]
    assert "nothing to do for the event pull_request" in other.annotations[0][1]
    nothing = {"outcome": "ignored", "changed": "false", "pull-requests": "[]", "stale": "0", "left": "0"}
    assert other.outputs == {**nothing, "pending": "false"}
    declared = yaml.safe_load(ACTION.read_text("utf-8"))["outputs"]
    assert [set(ran.outputs) for ran in (said, refused, issue, other)] == [set(declared)] * 4
    assert not list(world.folder.rglob("PWNED"))


def test_a_command_that_githubs_trouble_stopped_is_done_by_running_the_job_again(world: World) -> None:
    world.run("push")
    event = world.comment("/amts keep tea.md")
    world.double.faults.on("*", r"/pulls/1$", bad_gateway(), times=100)
    ran = world.run("issue_comment", event)
    assert (ran.code, ran.outputs["outcome"], world.answers()) == (5, "failed", [])
    assert "waits for its answer until this job is run again" in ran.annotations[0][1]
    world.double.faults.clear()
    world.attempt = 2
    assert world.run("issue_comment", event).outputs["outcome"] == "done"
    (answer,) = world.answers()
    assert "I leave `tea.md` as it is" in answer


def test_a_command_that_githubs_trouble_stopped_three_times_is_answered(world: World) -> None:
    world.run("push")
    event = world.comment("/amts keep tea.md")
    world.double.faults.on("*", r"/pulls/1$", bad_gateway(), times=100)
    outcomes = []
    for world.attempt in (1, 2, 3):
        ran = world.run("issue_comment", event)
        outcomes.append((ran.code, ran.outputs["outcome"], len(world.answers())))
    assert outcomes == [(5, "failed", 0), (5, "failed", 0), (0, "refused", 1)]


def test_a_failure_is_red_and_says_why(world: World) -> None:
    ran = world.run("schedule", languages="de")
    assert ran.code == 2
    assert [kind for kind, _ in ran.annotations] == ["error"]
    assert 'language "de" is not in the configuration' in ran.annotations[0][1]


def test_a_path_of_the_book_is_no_command_of_the_runner(world: World) -> None:
    world.book.english({"::error::evil.md": b"\xff\xfe no text", "100%0A.md": b"\xff\xfe"})
    ran = world.run("schedule")
    assert ran.code == 7
    assert any("::error::evil.md" in line for line in ran.lines)
    kinds = [kind for kind, _ in ran.annotations]
    assert kinds == ["error"]
    assert "::error::evil.md: " in ran.annotations[0][1]
    assert "100%0A.md: " in ran.annotations[0][1]
    assert ran.outputs["outcome"] == "failed"
    assert "`::error::evil.md`" in ran.summary


def test_outside_of_a_workflow_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_EVENT_NAME", raising=False)
    ran = Cli(monkeypatch, capsys)("action")
    assert (ran.code, "use `amts sync`" in ran.err) == (2, True)


@pytest.mark.parametrize("file", [ACTION, *WORKFLOWS], ids=lambda file: file.name)
def test_scripts_hold_no_expression_and_actions_are_pinned(file: Path) -> None:
    steps = list(_steps(yaml.safe_load(file.read_text("utf-8"))))
    assert steps
    for step in steps:
        assert "${{" not in step.get("run", "")
        used = step.get("uses", "")
        assert not used or used.startswith("./") or re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", used), used


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_workflows_start_without_permission_to_write(file: Path) -> None:
    assert yaml.safe_load(file.read_text("utf-8"))["permissions"] in ({}, {"contents": "read"})


def test_the_docs_list_every_input_and_output() -> None:
    action = yaml.safe_load(ACTION.read_text("utf-8"))
    told = re.findall(
        r"^\| `([\w-]+)` \|", (ROOT / "docs" / "reference" / "action.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(told) == sorted([*action["inputs"], *action["outputs"]])


def test_the_app_of_the_manifest_has_the_permissions_that_the_tests_run_with() -> None:
    manifest = json.loads((ROOT / "docs" / "reference" / "github-app.json").read_text("utf-8"))
    assert manifest["default_permissions"] == APP_PERMISSIONS


def test_the_examples_call_the_workflows_as_they_are() -> None:
    seen = set()
    for example in _examples():
        for job in example["jobs"].values():
            found = re.fullmatch(r"OWNER/amts/(\.github/workflows/\w+\.yml)@COMMIT", job.get("uses", ""))
            if not found:
                continue
            seen.add(found[1])
            # YAML 1.1 reads `on` as a truth value.
            called = yaml.safe_load((ROOT / found[1]).read_text("utf-8"))
            contract = called[True]["workflow_call"]
            needed = {name for name, spec in contract["inputs"].items() if spec.get("required")}
            assert needed <= job["with"].keys() <= contract["inputs"].keys()
            assert job.get("secrets", {}).keys() <= contract["secrets"].keys()
            (inner,) = called["jobs"].values()
            assert job["permissions"] == inner["permissions"]
    assert seen == {".github/workflows/commands.yml", ".github/workflows/sync.yml"}


def _examples() -> list[dict[str, Any]]:
    page = (ROOT / "docs" / "guides" / "github-action.md").read_text("utf-8")
    found = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    assert len(found) >= 4
    return found


def _steps(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "run" in node or "uses" in node:
            yield node
        for value in node.values():
            yield from _steps(value)
    elif isinstance(node, list):
        for value in node:
            yield from _steps(value)
