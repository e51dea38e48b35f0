"""Floods a running service with webhooks: 5,000 in a minute from four clients, a tenth with bad signatures, a fifth
delivered again. Fails unless none is lost, none done twice, all bad ones are refused and memory stays flat.

usage: python -m benchmarks.webhooks [--seconds 60] [--total 5000]

The service is a process of its own, as `amts run` builds it, on a loopback port; only what a sync and a command do is
replaced by a line in a file.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from bot.service.webhooks import sign

SECRET = b"benchmark"
CLIENTS = 4
BAD, AGAIN = 0.1, 0.2
LANGUAGES = ("zh", "es", "ja")
WARM_UP_SECONDS = 5.0
MEMORY_GOAL = 8 * 2**20
"""How many bytes the service may grow after the warm-up."""


@dataclass(frozen=True)
class Webhook:
    """One to send. `kind` is `good`, `bad` (its signature is) or `again` (another client sends it, too)."""

    kind: str
    event: str
    delivery: str
    body: bytes
    signature: str
    comment: int = 0


def serve(folder: Path) -> None:
    """The service, until its standard input ends; what it does is written to `folder`."""
    from apscheduler.schedulers.background import BackgroundScheduler

    from bot.config.service import ServiceSettings, Web
    from bot.forge.comment import Comment
    from bot.service.base import Checkpoint, LanguageId, WorkOutcome, WorkResult
    from bot.service.logs import log_to
    from bot.service.routing import Subscription
    from bot.service.schedule import Schedule
    from bot.service.server import Server
    from bot.service.service import Service
    from bot.service.web import create_app

    done = (folder / "done").open("a", buffering=1)

    class Work:
        def sync(self, language: LanguageId, checkpoint: Checkpoint) -> WorkResult:
            done.write(f"sync {language.language} {time.time()}\n")
            time.sleep(0.2)
            return WorkResult(WorkOutcome.SYNCED, "done")

        def handle(self, language: LanguageId, comment: Comment, *, lasting: bool) -> None:
            done.write(f"comment {comment.id}\n")
            time.sleep(0.002)

        def missed(self, language: LanguageId) -> Iterable[Comment]:
            return ()

    subscriptions = [
        Subscription(LanguageId("a", name), "org/book", "main", f"org/book-{name}", "main", f"amts/{name}")
        for name in LANGUAGES
    ]
    web, schedule = Web(port=0), Schedule(BackgroundScheduler(timezone="UTC"))
    with (folder / "log").open("w") as log:
        log_to(log)
        service = Service(subscriptions, {"a": ServiceSettings()}, Work(), schedule)
        with Server(create_app(service, [SECRET], web), web) as server:
            service.start()
            print(server.url, flush=True)
            sys.stdin.read()
            left = service.stop(30)
    print(f"left {len(left)}", flush=True)


def make_webhooks(total: int, chance: random.Random) -> list[Webhook]:
    """In the order in which they are sent; one that is delivered again follows its first delivery somewhere."""
    bad, again = int(total * BAD), int(total * AGAIN)
    good = [_webhook("good", number, chance) for number in range(total - bad - again)]
    order: list[tuple[float, Webhook]] = [(chance.random(), webhook) for webhook in good]
    for when, webhook in chance.sample(order, again):
        # Half of them at once, from another client.
        later = when if chance.random() < 0.5 else chance.uniform(when, 1)
        copy = Webhook("again", webhook.event, webhook.delivery, webhook.body, webhook.signature, webhook.comment)
        order.append((later, copy))
    order += [(chance.random(), _webhook("bad", total + number, chance)) for number in range(bad)]
    return [webhook for _, webhook in sorted(order, key=lambda item: item[0])]


def _webhook(kind: str, number: int, chance: random.Random) -> Webhook:
    name = chance.choice(LANGUAGES)
    payload: dict[str, Any] = {"sender": {"login": "ann", "type": "User"}, "padding": "x" * chance.randrange(20_000)}
    event, comment = chance.choices(("issue_comment", "push", "pull_request", "star"), (70, 20, 5, 5))[0], 0
    repository = f"org/book-{name}"
    if event == "issue_comment":
        comment = number + 1
        user = {"login": "ann", "type": "User"}
        payload |= {"action": "created", "issue": {"number": 7, "pull_request": {"url": "u"}}}
        payload |= {"comment": {"id": comment, "body": "/amts status", "user": user}}
    elif event == "push":
        repository = chance.choice(("org/book", repository))
        payload |= {"ref": "refs/heads/main"}
    elif event == "pull_request":
        head = {"ref": f"amts/{name}", "repo": {"full_name": repository}}
        payload |= {"action": "closed", "pull_request": {"head": head}}
    body = json.dumps(payload | {"repository": {"full_name": repository}}).encode()
    signature = sign(body, SECRET if kind == "good" else b"guess")
    return Webhook(kind, event, str(uuid.UUID(int=chance.getrandbits(128))), body, signature, comment)


@dataclass(frozen=True)
class Answer:
    webhook: Webhook
    status: int
    outcome: str
    seconds: float
    began: float


class Client:
    """One of several that send every fourth webhook at its time."""

    def __init__(self, address: str, begin: float) -> None:
        self._address = address
        self._begin = begin

    def send(self, webhooks: Sequence[tuple[float, Webhook]]) -> list[Answer]:
        answers = []
        connection = http.client.HTTPConnection(self._address, timeout=30)
        for due, webhook in webhooks:
            time.sleep(max(self._begin + due - time.monotonic(), 0))
            while True:
                answer = self._post(connection, webhook)
                answers.append(answer)
                if answer.status != 503:
                    break
                time.sleep(0.5)
        connection.close()
        return answers

    def _post(self, connection: http.client.HTTPConnection, webhook: Webhook) -> Answer:
        headers = {
            "Content-Type": "application/json",
            "X-GitHub-Event": webhook.event,
            "X-GitHub-Delivery": webhook.delivery,
            "X-Hub-Signature-256": webhook.signature,
        }
        started, began = time.perf_counter(), time.time()
        connection.request("POST", "/webhook", webhook.body, headers)
        response = connection.getresponse()
        outcome = json.loads(response.read())["outcome"]
        return Answer(webhook, response.status, outcome, time.perf_counter() - started, began)


def metric(address: str, name: str) -> float:
    """The sum of a metric over its labels."""
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    return sum(float(line.split()[-1]) for line in lines if line.partition("{")[0].partition(" ")[0] == name)


def watch_memory(address: str, stop: Event) -> list[int]:
    """The service's resident memory in bytes, twice a second."""
    found = []
    while not stop.wait(0.5):
        found.append(int(metric(address, "process_resident_memory_bytes")))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--total", type=int, default=5000)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder), options.total, options.seconds)


def _measure(folder: Path, total: int, seconds: float) -> int:
    webhooks = make_webhooks(total, random.Random(1))
    command = [sys.executable, "-m", "benchmarks.webhooks", "--serve", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip().removeprefix("http://")
        begin, stop = time.monotonic(), Event()
        timed = [(seconds * place / total, webhook) for place, webhook in enumerate(webhooks)]
        with ThreadPoolExecutor(CLIENTS + 1) as pool:
            memory = pool.submit(watch_memory, address, stop)
            parts = [pool.submit(Client(address, begin).send, timed[number::CLIENTS]) for number in range(CLIENTS)]
            answers = [answer for part in parts for answer in part.result()]
            took = time.monotonic() - begin
            stop.set()
            sizes = memory.result()
        # A stop leaves syncs that wait to the next start.
        while metric(address, "amts_queue_length"):
            time.sleep(0.1)
        left = process.communicate("")[0].strip()
    return _report(answers, (folder / "done").read_text().splitlines(), sizes, took, left)


def _report(answers: Sequence[Answer], done: Sequence[str], sizes: Sequence[int], took: float, left: str) -> int:
    good = {answer.webhook.delivery: answer.webhook for answer in answers if answer.webhook.kind != "bad"}
    wanted = {webhook.comment for webhook in good.values() if webhook.comment}
    handled = Counter(int(line.split()[1]) for line in done if line.startswith("comment"))
    syncs = [(line.split()[1], float(line.split()[2])) for line in done if line.startswith("sync")]
    pushes = [answer for answer in answers if answer.webhook.kind == "good" and answer.webhook.event == "push"]
    latest = {name: max(when for language, when in syncs if language == name) for name in LANGUAGES}
    unseen = [each for each in pushes if each.began > min(latest[name] for name in _languages(each.webhook))]
    bad = [answer for answer in answers if answer.webhook.kind == "bad"]
    firsts = Counter(answer.webhook.delivery for answer in answers if answer.outcome in ("queued", "coalesced"))
    times = sorted(answer.seconds for answer in answers)
    warm = sizes[int(WARM_UP_SECONDS * 2) :] or sizes
    growth = max(warm) - warm[0]
    checks = {
        "webhooks lost": len(wanted - handled.keys()) + len(unseen),
        "done twice": sum(count > 1 for count in handled.values()) + sum(count > 1 for count in firsts.values()),
        "bad ones not refused": sum(answer.status != 401 for answer in bad) + len(handled.keys() - wanted),
        "answers 5xx": sum(answer.status >= 500 for answer in answers),
        "left behind at the end": int(left.split()[1]),
    }
    outcomes = Counter(answer.outcome for answer in answers)
    print(f"{len(answers)} webhooks in {took:.1f} s from {CLIENTS} clients ({len(answers) / took:.0f} a second)")
    print("outcomes: " + ", ".join(f"{name} {count}" for name, count in outcomes.most_common()))
    print(
        f"{len(wanted)} commands handled; {len(pushes)} pushes became {len(syncs)} syncs of {len(LANGUAGES)} languages"
    )
    print(f"answer: median {times[len(times) // 2] * 1000:.1f} ms, 99 % {times[int(len(times) * 0.99)] * 1000:.1f} ms")
    megabytes = f"{min(warm) / 2**20:.1f} to {max(warm) / 2**20:.1f} MiB"
    print(
        f"memory after {WARM_UP_SECONDS:.0f} s: {megabytes}, growth {growth / 2**20:.1f} MiB (goal {MEMORY_GOAL >> 20})"
    )
    for name, count in checks.items():
        print(f"{name}: {count} (goal 0)")
    return 1 if any(checks.values()) or growth > MEMORY_GOAL else 0


def _languages(webhook: Webhook) -> Sequence[str]:
    repository = str(json.loads(webhook.body)["repository"]["full_name"])
    return LANGUAGES if repository == "org/book" else [repository.removeprefix("org/book-")]


if __name__ == "__main__":
    sys.exit(main())
