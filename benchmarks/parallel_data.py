"""Builds the parallel data of the whole Chinese and Turkish books, and of the same books after one file changed.

usage: python -m benchmarks.parallel_data [--sample N --seed S]
Prints pairs, coverage, what was filtered and why, and seconds. Fails where two builds differ by a byte (with and
without the cache, under different hash seeds), where the fates of the pairs do not add up, or where one changed file
makes more than that file be aligned again. `--sample` prints that many random pairs of each book for a person to judge.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.books import clone, git

LANGUAGES = ("zh", "tr")
_CHANGED = "chapter_preliminaries/ndarray.md"
_CONFIG = """version: 1
source: {repo: en.git, branch: main, language: en}
files: {include: ["**/*.md"], exclude: ["**/*_origin.md"]}
languages:
  zh: {repo: zh.git, branch: main}
  tr: {repo: tr.git, branch: main}
"""


def build(folder: Path, output: str, cache: str, seed: int = 0) -> tuple[dict[str, Any], str]:
    """The report of a build into `folder / output`, and what it took."""
    command = [sys.executable, "-m", "bot", "parallel-data", "build", "--json"]
    places = ["--config", str(folder / "amts.yaml"), "--output", str(folder / output)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / cache), "PYTHONHASHSEED": str(seed)}
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*command, *places], check=True, capture_output=True, env=environment)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), f"{seconds:.1f} s ({used:.1f} s of processor time)"


def same_bytes(left: Path, right: Path) -> bool:
    names = {path.name for folder in (left, right) for path in folder.iterdir()}
    return all(
        (left / name).exists() and (right / name).exists() and (left / name).read_bytes() == (right / name).read_bytes()
        for name in names
    )


def change_one_file(repo: Path) -> None:
    """Commits one more sentence at the end of a chapter, without a work tree."""
    index = {**os.environ, "GIT_INDEX_FILE": str(repo / "benchmark-index")}
    text = git(repo, "show", f"main:{_CHANGED}") + "\n一个新句子。\n"
    blob = subprocess.run(
        ["git", "-C", repo, "hash-object", "-w", "--stdin"], input=text.encode(), capture_output=True, check=True
    ).stdout.decode()
    for arguments in (["read-tree", "main"], ["update-index", "--cacheinfo", f"100644,{blob.strip()},{_CHANGED}"]):
        subprocess.run(["git", "-C", repo, *arguments], check=True, env=index)
    tree = subprocess.run(["git", "-C", repo, "write-tree"], check=True, env=index, capture_output=True).stdout
    who = ["-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.org"]
    commit = git(repo, *who, "commit-tree", "-p", "main", "-m", "One more sentence", tree.decode().strip())
    git(repo, "update-ref", "refs/heads/main", commit.strip())


def show(report: dict[str, Any]) -> int:
    """Prints the figures; returns the number of languages whose pairs are not all accounted for."""
    faults = 0
    for name, data in report["languages"].items():
        fates = {fate: count for fate, count in data["fates"].items() if count}
        faults += sum(fates.values()) != data["pairs"]
        print(f"{name}: {data['files']} files, {data['pairs']:,} pairs: {fates}")
        paired, covered = data["paired"] / data["sentences"], data["covered"] / data["sentences"]
        print(f"{name}: {data['sentences']:,} sentences, {paired:.3f} in a pair, {covered:.3f} in one that is used")
    return faults


def sample(folder: Path, number: int, seed: int) -> None:
    build(folder, "out", "cache")
    for name in LANGUAGES:
        lines = (folder / "out" / f"{name}.pairs.jsonl").read_text(encoding="utf-8").splitlines()
        records = [record for record in map(json.loads, lines) if record["fate"] in ("kept", "held out")]
        for count, record in enumerate(random.Random(seed).sample(records, number), 1):
            print(f"{name} {count} [{record['score']:.2f}] {record['source']}\n    {record['target']}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("en", *LANGUAGES):
            clone(name, temporary)
        (folder / "amts.yaml").write_text(_CONFIG)
        if options.sample:
            sample(folder, options.sample, options.seed)
            return 0
        report, cold = build(folder, "cold", "cache")
        _, warm = build(folder, "warm", "cache", seed=1)
        build(folder, "again", "other-cache", seed=2)
        faults = show(report)
        equal = same_bytes(folder / "cold", folder / "warm") and same_bytes(folder / "cold", folder / "again")
        change_one_file(folder / "zh.git")
        changed, one_file = build(folder, "changed", "cache")
    print(f"both books: {cold} cold, {warm} unchanged, {one_file} after one file changed")
    print(f"aligned: {report['aligned']} cold, {changed['aligned']} after one file changed")
    print(f"built three times: {'the same bytes' if equal else 'DIFFERENT BYTES'}")
    return 0 if equal and not faults and changed["aligned"] == {"zh": 1, "tr": 0} else 1


if __name__ == "__main__":
    sys.exit(main())
