"""Brings the Chinese book in step through the engine `amazon`, against the emulator with real recorded drafts.

usage: python -m benchmarks.amazon_sync [--kills N] [--seed S] [--paths PATTERN]
Checked: one pull request; parallel data created, then updated after people changed a translation, then not pushed
again; every sentence accounted for; the quote equals the bill; the bucket holds what docs/reference/aws.md says and
nothing else.
With `--kills`, the run is killed (SIGKILL) at that many random moments, each time on a fresh copy, and started
again: the same final tree, no character paid twice, one pull request, nothing else in the bucket.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from benchmarks.books import clone, git
from benchmarks.recorded_drafts import write_memory

BUCKET = "amts-benchmark"
CONFIG = f"""version: 1
source: {{repo: en.git, branch: main, language: en}}
files: {{include: ["**/*.md"], exclude: ["**/*_origin.md"]}}
languages:
  zh: {{repo: zh.git, branch: main, engine: translate}}
engines:
  translate:
    kind: amazon
    region: us-east-1
    bucket: {BUCKET}
    role: arn:aws:iam::123456789012:role/amts
    poll_seconds: 0.5
    max_poll_seconds: 1
    max_dollars_per_run: 1000
    max_dollars_per_month: 1000
"""
_KEPT = {"answers", "ledger", "parallel-data"}


@dataclass(frozen=True)
class Cloud:
    """A running emulator, and the environment that points boto3 at it."""

    url: str
    environment: Mapping[str, str]

    def state(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/_emulator/state") as answer:
            state: dict[str, Any] = json.load(answer)
            return state

    def start_anew(self) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/_emulator/reset", method="POST")).close()
        self._s3().create_bucket(Bucket=BUCKET)

    def objects(self) -> list[str]:
        pages = self._s3().get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def _s3(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="emulator",
            aws_secret_access_key="emulator",
        )


@contextmanager
def emulator(memory: Path) -> Iterator[Cloud]:
    command = [sys.executable, "-m", "bot", "emulator", "--memory", str(memory), "--job-seconds", "2", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["endpoint_url"]
        keys = {"AWS_ACCESS_KEY_ID": "emulator", "AWS_SECRET_ACCESS_KEY": "emulator"}
        environment = {**os.environ, **keys, "AWS_ENDPOINT_URL": url, "AWS_EC2_METADATA_DISABLED": "true"}
        try:
            yield Cloud(url, environment)
        finally:
            process.send_signal(signal.SIGINT)


def copy_books(books: Path, place: Path) -> None:
    place.mkdir()
    for name in ("en", "zh"):
        git(books, "clone", "-q", "--bare", "--shared", str(books / f"{name}.git"), str(place / f"{name}.git"))
    (place / "amts.yaml").write_text(CONFIG, encoding="utf-8")


def start(place: Path, cloud: Cloud, cache: Path, paths: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bot", "sync", "--config", str(place / "amts.yaml"), "--json"]
    options = [option for pattern in paths for option in ("--path", pattern)]
    environment = {**cloud.environment, "XDG_CACHE_HOME": str(cache)}
    return subprocess.Popen([*command, *options], stdout=subprocess.PIPE, env=environment, start_new_session=True)


def sync(place: Path, cloud: Cloud, cache: Path, paths: list[str]) -> tuple[dict[str, Any], float]:
    """The report of a run and its seconds."""
    started = time.perf_counter()
    with start(place, cloud, cache, paths) as process:
        output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"amts sync failed with exit code {process.returncode}: {output.decode()[-2000:]}")
    report: dict[str, Any] = json.loads(output)["languages"][0]
    return report, time.perf_counter() - started


def tree(place: Path) -> str:
    return git(place / "zh.git", "rev-parse", "amts/zh^{tree}").strip()


def check(place: Path, cloud: Cloud) -> list[str]:
    """What is wrong with the end state."""
    wrong = []
    pulls = list((place / ".amts" / "pull-requests" / "zh").glob("[0-9]*"))
    if len(pulls) != 1:
        wrong.append(f"{len(pulls)} pull requests instead of one")
    strays = [key for key in cloud.objects() if key.split("/")[1] not in _KEPT]
    if strays:
        wrong.append(f"in the bucket, and documented nowhere: {strays[:5]}")
    return wrong


def billed(cloud: Cloud) -> int:
    return int(cloud.state()["billed_characters"])


def whole_run(books: Path, folder: Path, cloud: Cloud, paths: list[str]) -> tuple[list[str], str, int, float]:
    """The run, a second one after a translation changed, and a third one with nothing new."""
    place = folder / "whole"
    copy_books(books, place)
    cloud.start_anew()
    report, seconds = sync(place, cloud, folder / "cache", paths)
    wrong = check(place, cloud)
    _tell(report, seconds, cloud)
    if report["quote"]["characters"] != billed(cloud):
        wrong.append(f"quoted {report['quote']['characters']:,} characters, billed {billed(cloud):,}")
    accounted = sum(report["sentences"].values())
    if accounted != sum(sum(file["merge"]["sentences"].values()) for file in report["files"] if "merge" in file):
        wrong.append("the sentences of the files don't add up to those of the report")
    end, cost = tree(place), billed(cloud)
    operations = Counter(cloud.state()["calls_by_operation"])
    if operations["CreateParallelData"] != 1 or operations["UpdateParallelData"]:
        wrong.append(f"parallel data should be created once: {operations}")
    change_translation(place / "zh.git")
    change_english(place / "en.git")
    again, _ = sync(place, cloud, folder / "cache", paths)
    operations = Counter(cloud.state()["calls_by_operation"])
    print(f"after one more English sentence and a changed translation: {again['outcome']}, quoted {again['quote']}")
    if operations["UpdateParallelData"] != 1:
        wrong.append(f"parallel data should be updated once: {operations}")
    last, _ = sync(place, cloud, folder / "cache", paths)
    if Counter(cloud.state()["calls_by_operation"])["UpdateParallelData"] != 1 or last["outcome"] != "unchanged":
        wrong.append(f"a run with nothing new should change nothing: {last['outcome']}")
    return wrong + check(place, cloud), end, cost, seconds


def _tell(report: dict[str, Any], seconds: float, cloud: Cloud) -> None:
    state = cloud.state()
    print(f"one run: {seconds:.1f} s, pull request {report['outcome']}; sentences {report['sentences']}")
    print(f"quoted {report['quote']}; billed {billed(cloud):,} characters in {len(state['jobs'])} jobs")
    print(f"calls: {state['calls_by_operation']}")
    doubts = sum(len(file["merge"]["doubts"]) for file in report["files"] if "merge" in file)
    reasons = Counter(left["reason"] for file in report["files"] if "merge" in file for left in file["merge"]["left"])
    print(f"doubts {doubts}; left: {sum(reasons.values())} places; most frequent reasons: {reasons.most_common(3)}")


def change_translation(repo: Path) -> None:
    """A person improves a sentence on main."""
    _commit(repo, "chapter_preliminaries/ndarray.md", lambda text: text.replace("我们", "咱们", 1))


def change_english(repo: Path) -> None:
    sentence = "\nA sentence that nobody has translated so far stands here.\n"
    _commit(repo, "chapter_preliminaries/ndarray.md", lambda text: text + sentence)


def _commit(repo: Path, path: str, change: Callable[[str], str]) -> None:
    index = {**os.environ, "GIT_INDEX_FILE": str(repo / "benchmark-index")}

    def run(*arguments: str, stdin: str = "") -> str:
        command = ["git", "-c", "user.name=B", "-c", "user.email=b@example.org", "-C", str(repo), *arguments]
        done = subprocess.run(command, env=index, input=stdin, text=True, capture_output=True, check=True)
        return done.stdout.strip()

    blob = run("hash-object", "-w", "--stdin", stdin=change(git(repo, "show", f"main:{path}")))
    run("read-tree", "main")
    run("update-index", "--cacheinfo", f"100644,{blob},{path}")
    commit = run("commit-tree", run("write-tree"), "-p", "main", "-m", "One more sentence")
    run("update-ref", "refs/heads/main", commit)


def killed_run(books: Path, place: Path, cloud: Cloud, cache: Path, paths: list[str], moment: float) -> list[str]:
    """What is wrong after a run that was killed after `moment` seconds was started again."""
    copy_books(books, place)
    cloud.start_anew()
    with start(place, cloud, cache, paths) as process:
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    sync(place, cloud, cache, paths)
    return check(place, cloud)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--paths", action="append", default=[])
    options = parser.parse_args()
    wrong = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        books = [clone(name, temporary) for name in ("en", "zh")]
        heads = [git(book, "rev-parse", "--short", "main").strip() for book in books]
        memory = folder / "drafts.tmx"
        print(f"en {heads[0]}, zh {heads[1]}; {write_memory(books[1], memory):,} recorded translations")
        with emulator(memory) as cloud:
            found, end, cost, seconds = whole_run(folder, folder, cloud, options.paths)
            wrong += found
            generator = random.Random(options.seed)
            for number in range(options.kills):
                moment = generator.uniform(0, seconds)
                place = folder / f"killed-{number}"
                bad = killed_run(folder, place, cloud, folder / "cache", options.paths, moment)
                if tree(place) != end:
                    bad.append("the final tree differs")
                if billed(cloud) != cost:
                    bad.append(f"billed {billed(cloud):,} instead of {cost:,}")
                print(f"killed after {moment:.1f} s: {'; '.join(bad) or 'as if nothing had happened'}", flush=True)
                wrong += bad
                shutil.rmtree(place)
    print("\n".join(wrong) or "all as it should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
