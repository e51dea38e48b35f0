"""Brings the Chinese and Turkish books from their bases to the English main by `amts sync`, and checks the result.

usage: python -m benchmarks.whole_book [--keep FOLDER]
Checked on each file, apart from the bot's own verification: the report's edits turn the old translation into the new
one, and the structure (headings with levels, code cells, formulas, labels, directives, images, references) is that of
the new English, with the translators' own additions and omissions; nothing is lost, doubled or forgotten
(benchmarks/book_faults.py). Goals: no fault, 30 s and 400 MB a book, 1 s for one changed file.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.book_faults import find_faults
from benchmarks.books import BOOKS_CONFIG, clone, git, lang
from bot.book.edition import open_edition, open_source
from bot.book.project import load_project
from bot.book.workers import Runner
from bot.documents import decode, parse
from bot.model import Direction, Document, Kind, PlaceableKind

GOAL_SECONDS, GOAL_MEGABYTES, GOAL_ONE_FILE = 30.0, 400.0, 1.0


def run(folder: Path, *arguments: str) -> tuple[dict[str, Any], float, float]:
    """The JSON of an `amts sync`, its seconds, and the peak memory (PSS) of all its processes in MB."""
    command = [sys.executable, "-m", "bot", "sync", "--config", str(folder / "amts.yaml"), "--json", *arguments]
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out, subprocess.Popen(command, stdout=out) as process:
        peak = [0.0]
        watcher = threading.Thread(target=_watch, args=(process, peak))
        watcher.start()
        code = process.wait()
        watcher.join()
        seconds = time.perf_counter() - started
        if code not in (0, 7):
            raise SystemExit(f"amts sync failed with exit code {code}")
        out.seek(0)
        return json.load(out), seconds, peak[0]


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(map(_megabytes, [process.pid, *_descendants(process.pid)])))
        time.sleep(0.1)


def _descendants(pid: int) -> list[int]:
    try:
        children = [int(c) for t in Path(f"/proc/{pid}/task").iterdir() for c in (t / "children").read_text().split()]
    except OSError:  # it ended in between
        return []
    return children + [grandchild for child in children for grandchild in _descendants(child)]


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def structure(document: Document) -> Counter[tuple[str, str]]:
    """What must be as in the English: everything opaque by its text, code by fence and tab, headings by level,
    references and links inside sentences."""
    items: Counter[tuple[str, str]] = Counter()
    for segment in document.segments:
        if segment.kind is Kind.CODE:
            lines = segment.text.splitlines()
            tab = lines[1].strip() if len(lines) > 1 and lines[1].startswith("#@tab") else ""
            fence = re.sub(r"\s+n=\d+", "", lines[0].strip())  # the number of a notebook's run
            items["code", f"{fence} {tab}"] += 1
        elif segment.kind is Kind.MATH:
            # The words inside a formula are translated, and merged with what the English changed around them.
            items["math", "".join(re.sub(r"\\(?:text|mathrm)\{[^{}]*\}", "", segment.text).split())] += 1
        elif not segment.is_prose and segment.text != ":end_tab:":  # each tab is closed, as the bot has verified
            items[segment.kind.value, " ".join(segment.text.split())] += 1
        for placeable in segment.placeables:
            if placeable.kind in (PlaceableKind.ROLE, PlaceableKind.URL, PlaceableKind.IMAGE):
                items["reference", placeable.text] += 1
    for block in document.blocks:
        if block.kind is Kind.HEADING:
            items["heading", str(block.level)] += 1
    return items


def unexplained(
    documents: tuple[Document, Document, Document, Document], excused: tuple[Document, Document]
) -> list[tuple[str, str]]:
    """Items of the result that neither the new English nor the translators account for, and those that are missing.

    `documents` are base English, new English, translation and result. `excused` are the English that may be missing
    (left for a person, of a sentence that is stale, or merged with a formula that the translators changed) and the text
    that stands there, in the report's own words.
    """
    b, n, t, r = map(structure, documents)
    absent, merged = map(structure, excused)
    most = n + (t - b) + merged
    least = n - (b - t) - (t - b) - absent
    return [*(r - most).elements(), *(least - r).elements()]


def replay(old: str, edits: list[dict[str, Any]]) -> str:
    parts: list[str] = []
    at = 0
    for edit in edits:
        start, end = edit["before"]
        parts += old[at:start], edit["text"]
        at = end
    return "".join([*parts, old[at:]])


def check_book(folder: Path, name: str, report: dict[str, Any]) -> int:
    """Prints what is wrong with the pull request of a language, then its figures; returns the number of faults."""
    project = load_project(folder / "amts.yaml")
    source = open_source(project)
    edition = open_edition(project, source, name, Runner())
    repository, book = edition.repository, edition.published_book
    proposed = repository.snapshot(repository.head(f"amts/{name}"))
    by_path = {file.new_path: file for file in book.files}
    faults = 0
    counts: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    characters = size = odd = 0
    languages = Direction(lang("en"), lang(name))
    found: Counter[str] = Counter()
    for entry in report["files"]:
        changes[entry["change"]] += 1
        if entry["change"] in ("failed", "skipped"):
            print(f"  {name} {entry['path']}: {entry['change']}: {entry['problem']}")
            faults += entry["change"] == "failed"
            continue
        if "merge" not in entry:
            continue
        texts = book.load(by_path[entry["path"]])
        old = decode(texts.target or b"", entry["path"])
        new = decode(texts.new or b"", entry["path"])
        result = decode(proposed.read(entry["path"]), entry["path"])
        if replay(old, entry["merge"]["edits"]) != result:
            print(f"  {name} {entry['path']}: the edits do not give the result")
            faults += 1
        counts.update(entry["merge"]["sentences"])
        characters += entry["merge"]["characters"]
        size += len(new)
        documents = parse(decode(texts.base or b"", ""), languages[0]), parse(new, languages[0])
        merged = [edit for edit in entry["merge"]["edits"] if "merged line by line" in edit["reason"]]
        stale = [item for item in entry["merge"]["revisions"] if item["action"] == "stale"]
        absent = [item["source"] for item in [*entry["merge"]["left"], *merged]]
        standing = [edit["text"] for edit in merged] + [item["translation"]["after"] for item in stale]
        # What stands at a place that the report names is for a person to judge.
        standing += [result[slice(*item["after"])] for item in entry["merge"]["left"]]
        excused = (
            parse("\n\n".join([*absent, *(item["source"]["after"] for item in stale)]), languages[0]),
            parse("\n\n".join(standing), languages[1]),
        )
        if old:
            base = book.baselines.effective(entry["path"], decode(texts.base or b"", ""), old)
            for fault in find_faults((base, new, old, result), languages, entry):
                print(f"  {name} {entry['path']}: {fault.kind}: {fault.text[:100]!r}")
                found[fault.kind] += 1
        translated = parse(old, languages[1]), parse(result, languages[1])
        strange = unexplained((*documents, *translated), excused)
        odd += bool(strange)
        if strange:
            print(f"  {name} {entry['path']}: not as in the new English: {strange[:4]}")
    print(f"{name}: files {dict(changes)}; sentences {dict(counts)}")
    print(
        f"{name}: {characters:,} characters to translate, {characters / max(size, 1):.3f} of the {size:,} of all files"
        f" touched; edits reproduce the output: {'NO' if faults else 'yes'}"
    )
    print(f"{name}: files of unexplained structure: {odd}; faults: {dict(found) or 'none'} (goal none)")
    return faults + odd + found.total()


def one_file(folder: Path, name: str) -> float:
    """Seconds for a sync of one stale file."""
    _, seconds, _ = run(folder, "--language", name, "--path", "chapter_preliminaries/ndarray.md", "--dry-run")
    return seconds


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    short = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        for name in ("en", "zh", "tr"):
            clone(name, str(folder))
        (folder / "amts.yaml").write_text(BOOKS_CONFIG)
        print(f"English main: {git(folder / 'en.git', 'rev-parse', 'main').strip()[:10]}")
        for name in ("zh", "tr"):
            seconds = one_file(folder, name)
            print(f"{name}: one file: {seconds:.2f} s (goal {GOAL_ONE_FILE:.0f} s)")
            short += seconds > GOAL_ONE_FILE
            report, seconds, megabytes = run(folder, "--language", name)
            (language,) = report["languages"]
            short += check_book(folder, name, language)
            print(f"{name}: {seconds:.1f} s (goal {GOAL_SECONDS:.0f}), {megabytes:.0f} MB (goal {GOAL_MEGABYTES:.0f})")
            short += seconds > GOAL_SECONDS or megabytes > GOAL_MEGABYTES
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
