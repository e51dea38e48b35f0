"""`amts run` as a process of its own: before the double of GitHub and real repositories, killed and told to stop."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.service.projects import Projects
from tests.github_double.double import GitHubDouble
from tests.support.cli_run import BOOK_ZH, ENGLISH, HABITS, HABITS_ZH, WAIT, Book
from tests.support.emulator_fixture import BUCKET, ROLE
from tests.support.gitrepo import git
from tests.support.service_process import SECRET, Start
from tests.support.waiting import eventually

pytestmark = pytest.mark.sweep


pytest_plugins = ["tests.github_double.fixtures", "tests.support.service_process_fixtures"]


EN, ZH = "people/tea", "people/tea-zh"


@pytest.fixture
def on_github(github_double: GitHubDouble, tmp_path: Path) -> Book:
    """A book whose repositories are both on GitHub."""
    book = Book(tmp_path / "book", {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS)
    people = {"amts-bot": "write", "ann": "write"}
    for name, folder in ((EN, "en"), (ZH, "zh")):
        github_double.create_repo(name, source=book.folder / folder, private=True, collaborators=people)
    book.configure(
        {},
        source={"repo": github_double.clone_url(EN)},
        languages={"zh": {"repo": github_double.clone_url(ZH)}},
        forge={"kind": "github", "url": github_double.url, "api_url": github_double.url},
        service={"jitter_seconds": 0, "every_minutes": 600},
    )
    return book


def test_a_push_becomes_a_pull_request_and_a_comment_one_answer_also_after_a_kill(
    github_double: GitHubDouble, on_github: Book, start: Start
) -> None:
    token = github_double.token("amts-bot")
    first = start("--config", on_github.config, GITHUB_TOKEN=token)
    github_double.webhooks.subscribe(f"{first.url}/webhook", SECRET)
    github_double.webhooks.copies = 2
    eventually(first.outcomes)
    ann = github_double.as_user("ann")
    ann.push(EN, "main", {"tea.md": ENGLISH + "\n" + WAIT})
    eventually(lambda: len(first.outcomes()) == 2)
    (issue,) = github_double.pulls(ZH)
    assert github_double.repo(ZH).store.run("show", "amts/zh:tea.md").endswith("喝之前等四分钟。")
    ann.comment(ZH, issue.number, "/amts help")
    eventually(lambda: answers(github_double, issue.number))
    github_double.webhooks.wait()
    assert {status for each in github_double.webhooks.deliveries for status in each.statuses} == {202}
    assert 'amts_webhooks_total{event="push",outcome="duplicate"}' in first.page("/metrics")

    # Killed at work on a command, and down while the source moves on.
    ann.comment(ZH, issue.number, "/amts status")
    eventually(lambda: sum(line["message"].endswith("begins") for line in first.log) == 4)
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    ann.push(EN, "main", {"cups.md": "# Cups\n\nA cup holds the hot tea.\n\n" + WAIT})
    second = start("--config", on_github.config, GITHUB_TOKEN=token)
    eventually(second.outcomes)
    eventually(lambda: len(answers(github_double, issue.number)) == 2)
    assert second.end(signal.SIGTERM) == 0
    assert len(github_double.pulls(ZH)) == 1
    assert "喝之前等四分钟。" in github_double.repo(ZH).store.run("show", "amts/zh:cups.md")
    assert len(answers(github_double, issue.number)) == 2
    for process in (first, second):
        assert token not in json.dumps(process.log)
        assert SECRET not in json.dumps(process.log)


@pytest.fixture
def emulator() -> Iterator[str]:
    """The address of a process that stands in for Amazon, and whose jobs take a second."""
    code = (
        "from bot.cli.emulator import run; from bot.cli.output import Output; "
        "from bot.emulator import EmulatorSettings; "
        f"run(EmulatorSettings(job_seconds=1.0, buckets=('{BUCKET}',)), Output(as_json=True))"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield str(json.loads(process.stdout.readline())["endpoint_url"])
        process.terminate()


@pytest.fixture
def start_with_amazon(github_double: GitHubDouble, on_github: Book, start: Start, emulator: str) -> Start:
    """Starts the service on the book, with Amazon Translate as its engine."""
    engine = {"kind": "amazon", "region": "us-east-1", "bucket": BUCKET, "role": ROLE, "parallel_data": "none"}
    on_github.configure(
        {},
        source={"repo": github_double.clone_url(EN)},
        forge={"kind": "github", "url": github_double.url, "api_url": github_double.url},
        engines={"translate": engine},
        languages={"zh": {"repo": github_double.clone_url(ZH), "engine": "translate"}},
        service={"pending_minutes": 0.01, "jitter_seconds": 0},
    )
    amazon = {"AWS_ENDPOINT_URL": emulator, "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret"}
    return partial(start, "--config", on_github.config, GITHUB_TOKEN=github_double.token("amts-bot"), **amazon)


def test_a_push_waits_for_a_batch_job_and_becomes_a_pull_request_when_that_is_done(
    github_double: GitHubDouble, start_with_amazon: Start
) -> None:
    service = start_with_amazon()
    eventually(service.outcomes)
    github_double.webhooks.subscribe(f"{service.url}/webhook", SECRET)
    github_double.as_user("ann").push(EN, "main", {"tea.md": ENGLISH + "\nThe sum is $x + y$ for now.\n"})
    eventually(lambda: service.outcomes()[1:].count("synced"))
    assert service.outcomes()[1] == "pending"
    text = github_double.repo(ZH).store.run("show", "amts/zh:tea.md")
    assert "⟦" in text
    assert "$x + y$" in text
    assert len(github_double.pulls(ZH)) == 1
    assert service.end(signal.SIGTERM) == 0
    assert "tests-secret" not in json.dumps(service.log)


def test_killed_in_the_middle_and_told_everything_again_it_ends_with_one_pull_request_and_one_answer(
    github_double: GitHubDouble, start_with_amazon: Start
) -> None:
    """Delivery ids are remembered by a process only: what was done is seen in git and on GitHub."""
    ann, webhooks = github_double.as_user("ann"), github_double.webhooks
    first = start_with_amazon()
    place = "--port", first.url.rpartition(":")[2]
    eventually(first.outcomes)
    webhooks.subscribe(f"{first.url}/webhook", SECRET)
    ann.push(EN, "main", {"tea.md": ENGLISH + "\nThe sum is $x + y$ for now.\n"})
    eventually(lambda: "pending" in first.outcomes())
    assert first.end(signal.SIGKILL) == -signal.SIGKILL

    second = start_with_amazon(*place)
    eventually(lambda: "synced" in second.outcomes())
    (issue,) = github_double.pulls(ZH)
    store = github_double.repo(ZH).store
    translated = store.run("show", "amts/zh:tea.md")
    machine = next(line for line in translated.split("\n") if "⟦" in line)
    assert "$x + y$" in machine
    ann.push(ZH, "amts/zh", {"tea.md": translated.replace(machine, "总和现在是 $x + y$。") + "\n"})
    number = translated.split("\n").index(machine) + 1
    comment = ann.comment(ZH, issue.number, f"/amts retranslate tea.md:{number}")
    eventually(lambda: any(line["message"].startswith(f"comment {comment.id}") for line in second.log))
    assert second.end(signal.SIGKILL) == -signal.SIGKILL

    third = start_with_amazon(*place)
    eventually(lambda: answers(github_double, issue.number))
    assert third.end(signal.SIGTERM) == 0
    assert store.run("show", "amts/zh:tea.md") == translated
    tip, told = store.branch("amts/zh"), answers(github_double, issue.number)

    fourth = start_with_amazon(*place)
    assert {delivery.send() for delivery in webhooks.deliveries} == {202}
    eventually(lambda: any("answered already" in line["message"] for line in fourth.log))
    eventually(lambda: len(fourth.outcomes()) >= 2)
    assert fourth.end(signal.SIGTERM) == 0
    assert store.branch("amts/zh") == tip
    assert len(github_double.pulls(ZH)) == 1
    assert answers(github_double, issue.number) == told
    assert len(told) == 1
    ids = store.run("log", "--format=%(trailers:key=AMTS-Comment,valueonly)", "amts/zh").split()
    assert ids == [str(comment.id)]


def answers(double: GitHubDouble, number: int) -> list[str]:
    bodies = [comment.body for comment in double.issue(ZH, number).comments]
    return [body for body in bodies if "<!-- amts:answer" in body]


def test_several_configurations_are_kept_in_step_and_a_stop_is_clean(tmp_path: Path, start: Start) -> None:
    books = [Book(tmp_path / name, {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS) for name in ("one", "two")]
    for book in books:
        book.english({"tea.md": ENGLISH + "\n" + WAIT})
    service = start("--config", books[0].config, "--config", books[1].config)
    eventually(lambda: len(service.outcomes()) == 2)
    assert [book.text("tea.md").splitlines()[-1] for book in books] == ["喝之前等四分钟。"] * 2
    assert json.loads(service.page("/healthz"))["healthy"]
    runs = {line["run"]: line["config"] for line in service.log if "run" in line}
    assert sorted(runs.values()) == [str(book.config) for book in books]
    assert service.end(signal.SIGTERM) == 0
    assert service.log[-1]["message"] == "the service ended"


def test_a_service_killed_anywhere_and_started_again_ends_with_the_same_commit(
    projects: Projects, tmp_path: Path, start: Start
) -> None:
    book = Book(tmp_path / "one", {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS)
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    killed = start("--config", book.config)
    assert killed.end(signal.SIGKILL) == -signal.SIGKILL
    service = start("--config", book.config)
    eventually(service.outcomes)
    assert service.end(signal.SIGINT) == 0
    after_kill = book.tip()
    projects.sync(projects.subscriptions()[0].language, lambda: None)
    assert git(tmp_path / "book" / "zh", "rev-parse", "amts/zh") == after_kill != ""
