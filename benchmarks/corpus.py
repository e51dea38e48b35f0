"""`amts corpus build` over generated pairs of documents: documents a second, memory over the run, processors at work.

usage: python -m benchmarks.corpus [--documents 10000] [--jobs 2 | --cluster 2]
With --cluster the work is done by so many workers of a local Dask cluster, each a process.
The documents are drawn from the sentences of the Turkish book, a third of them each web pages, Markdown and plain text.
Fails where memory is not flat (the peak of the last fifth of the run more than 10% above that of the second fifth), or
less than eight tenths of the pairs that were put into three in a hundred documents come out of them.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html import escape
from pathlib import Path

from benchmarks.books import clone
from benchmarks.parallel_data import build

_PAGE = (
    "<html><head><title>{0}</title></head><body><nav><a href='/'>Home</a></nav>"
    "<article><h1>{0}</h1>{1}</article></body></html>"
)
_CONFIG = """version: 1
source: {repo: en.git, branch: main, language: en}
files: {include: ["**/*.md"], exclude: ["**/*_origin.md"]}
languages: {tr: {repo: tr.git, branch: main}}
"""


def book_pairs(folder: Path) -> list[tuple[str, str]]:
    for name in ("en", "tr"):
        clone(name, str(folder))
    (folder / "amts.yaml").write_text(_CONFIG)
    build(folder, "out", "cache")
    lines = (folder / "out" / "tr.pairs.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    single = [r for r in records if r["fate"] == "kept" and len(r["source_spans"]) == len(r["target_spans"]) == 1]
    texts = [(r["source"], r["target"]) for r in single if r["kind"] == "paragraph" and 40 < len(r["source"]) < 400]
    return [pair for pair in texts if not set("`$*_[<#") & set(pair[0] + pair[1])]


def generate(folder: Path, pairs: list[tuple[str, str]], documents: int) -> dict[str, set[tuple[str, str]]]:
    """Writes the documents; returns the pairs of one in a hundred, by its name."""
    chosen = random.Random(1)
    watched: dict[str, set[tuple[str, str]]] = {}
    for number in range(documents):
        part = Path(f"{number // 500:03}")
        form = (".html", ".md", ".txt")[number % 3]
        name = f"{number:06}{form}"
        paragraphs = [chosen.sample(pairs, chosen.randint(1, 5)) for _ in range(chosen.randint(3, 7))]
        for side, top in enumerate(("source", "target")):
            (folder / top / part).mkdir(parents=True, exist_ok=True)
            texts = [" ".join(pair[side] for pair in paragraph) for paragraph in paragraphs]
            page = _PAGE.format(number, "".join(f"<p>{escape(text)}</p>" for text in texts))
            text = page if form == ".html" else "\n\n".join(texts) + "\n"
            (folder / top / part / name).write_text(text, "utf-8")
        if number % 100 < 3:
            watched[f"{part}/{name}"] = {pair for paragraph in paragraphs for pair in paragraph}
    return watched


@contextmanager
def workers(number: int) -> Iterator[tuple[str, frozenset[int]]]:
    """The address of the scheduler of a Dask cluster on this machine, and the ids of its workers."""
    from distributed import LocalCluster

    quiet = {"dashboard_address": None, "silence_logs": logging.ERROR}
    with LocalCluster(n_workers=number, threads_per_worker=1, **quiet) as cluster:
        yield cluster.scheduler_address, frozenset(nanny.pid for nanny in cluster.workers.values())


def processor_seconds(processes: frozenset[int]) -> float:
    fields = [Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split() for process in processes]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def resident(group: int, others: frozenset[int]) -> int:
    """The memory (bytes) of the processes of a group and of `others`, shared pages counted for each."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == group or int(entry.name) in others:
                    total += int((entry / "statm").read_text().split()[1]) * resource.getpagesize()
            except (OSError, IndexError):  # it has just ended
                continue
    return total


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cluster", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary)
        watched = generate(folder, book_pairs(folder), options.documents)
        command = [sys.executable, "-m", "bot", "corpus", "build", "-l", "tr", "--json"]
        places = ["--folders", str(folder / "source"), str(folder / "target"), "--output", str(folder / "corpus")]
        others = frozenset[int]()
        if options.cluster:
            address, others = stack.enter_context(workers(options.cluster))
            command += ["--scheduler", address]
        else:
            command += ["--jobs", str(options.jobs)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        memory: list[int] = []
        with subprocess.Popen([*command, *places], stdout=subprocess.DEVNULL, start_new_session=True) as process:
            while process.poll() is None:
                memory.append(resident(process.pid, others))
                time.sleep(0.2)
        seconds = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime + processor_seconds(others)
        stack.close()
        report = json.loads((folder / "corpus" / "tr.report.json").read_text())
        found: dict[str, set[tuple[str, str]]] = {}
        with (folder / "corpus" / "tr.pairs.jsonl").open(encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                name = line["source_path"].removeprefix(f"{folder}/source/")
                if name in watched and line["fate"] in ("kept", "duplicate"):
                    found.setdefault(name, set()).add((line["source"], line["target"]))
    fifths = [max(memory[len(memory) * k // 5 : len(memory) * (k + 1) // 5]) / 1e6 for k in range(5)]
    right = sum(len(pairs & found.get(name, set())) for name, pairs in watched.items())
    wrong = sum(len(found.get(name, set()) - pairs) for name, pairs in watched.items())
    total = sum(map(len, watched.values()))
    fates = {fate: count for fate, count in report["fates"].items() if count}
    print(f"{report['documents']:,} documents, {report['pairs']:,} pairs: {fates}")
    print(
        f"{seconds:.1f} s, {report['documents'] / seconds:.0f} documents a second;"
        f" {used:.0f} s of processor time, {used / seconds:.2f} processors busy"
    )
    print(f"memory, peak of each fifth of the run (MB): {', '.join(f'{peak:.0f}' for peak in fifths)}")
    print(f"of {total:,} pairs put into {len(watched)} documents {right / total:.3f} came out, and {wrong} others")
    return 0 if fifths[4] < 1.1 * fifths[1] and right > 0.8 * total else 1


if __name__ == "__main__":
    sys.exit(main())
