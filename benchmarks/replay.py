"""Replays consecutive commits of the English book, one sync and one merge each, against one sync over all of them.

usage: python -m benchmarks.replay [--language zh] [--commits 60] [--keep FOLDER]
The translation is first brought in step with the English before these commits. Then it goes two ways to the newest
English: commit by commit, each pull request merged untouched, and in one sync. The texts must be the same, but for what
the pull requests list: a sentence that was left or stale on one of the ways.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.books import BOOKS_CONFIG, clone, git, lang
from bot.documents import decode, fold, parse


def sync(folder: Path, language: str) -> dict[str, Any]:
    """One sync, whose pull request is merged untouched; its JSON."""
    command = [sys.executable, "-m", "bot", "sync", "--config", str(folder / "amts.yaml"), "--json"]
    output = subprocess.run([*command, "--language", language], capture_output=True, text=True)
    if output.returncode not in (0, 7):
        raise SystemExit(f"amts sync failed with exit code {output.returncode}: {output.stderr.strip()[-300:]}")
    repository, branch = folder / f"{language}.git", f"refs/heads/amts/{language}"
    if git(repository, "for-each-ref", branch).strip():
        git(repository, "update-ref", "refs/heads/main", branch)
        git(repository, "update-ref", "-d", branch)
    (report,) = json.loads(output.stdout)["languages"]
    return dict(report)


def told(report: dict[str, Any], seen: Counter[str]) -> set[str]:
    """The texts that a pull request lists, or that stand where it says so."""
    texts: set[str] = set()
    for entry in report["files"]:
        seen[entry["change"]] += 1
        merge = entry.get("merge") or {"left": [], "revisions": []}
        texts |= {fold(left["source"]) for left in merge["left"]}
        for item in merge["revisions"]:
            texts |= {fold(item[side][when]) for side in ("source", "translation") for when in ("before", "after")}
    return texts


def texts_of(folder: Path, language: str) -> dict[str, str]:
    repository = folder / f"{language}.git"
    names = git(repository, "ls-tree", "-r", "--name-only", "main").splitlines()
    paths = [name for name in names if name.endswith(".md") and not name.endswith(("_origin.md", "_en.md"))]
    read = ["git", "-C", str(repository), "show"]
    return {
        path: decode(subprocess.run([*read, f"main:{path}"], check=True, capture_output=True).stdout, path)
        for path in paths
    }


def differences(language: str, one: str, other: str) -> list[str]:
    """The segments that only one of two texts has."""
    sides = [Counter(s.text for s in parse(text, lang(language)).segments) for text in (one, other)]
    return [*(sides[0] - sides[1]).elements(), *(sides[1] - sides[0]).elements()]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--language", default="zh")
    parser.add_argument("--commits", type=int, default=60)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        steps, once = folder / "steps", folder / "once"
        for earlier in (steps, once):
            shutil.rmtree(earlier, ignore_errors=True)
        steps.mkdir(parents=True)
        for name in ("en", options.language):
            clone(name, str(steps))
        (steps / "amts.yaml").write_text(BOOKS_CONFIG)
        head = git(steps / "en.git", "rev-parse", "main").strip()
        commits = git(steps / "en.git", "rev-list", "--first-parent", "--reverse", f"-{options.commits + 1}", head)
        first, *following = commits.split()
        git(steps / "en.git", "update-ref", "refs/heads/main", first)
        sync(steps, options.language)
        shutil.copytree(steps, once)
        git(once / "en.git", "update-ref", "refs/heads/main", head)
        seen: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        listed = told(sync(once, options.language), seen[0])
        for commit in following:
            git(steps / "en.git", "update-ref", "refs/heads/main", commit)
            listed |= told(sync(steps, options.language), seen[1])
        texts = texts_of(once, options.language), texts_of(steps, options.language)
        print(f"{options.language}: {len(following)} commits from {first[:10]} to {head[:10]}")
        print(f"files in one sync: {dict(seen[0])}; step by step: {dict(seen[1])}")
        return report(options.language, texts, listed)


def report(language: str, texts: tuple[dict[str, str], dict[str, str]], listed: set[str]) -> int:
    unlisted = same = explained = 0
    for path in sorted(texts[0].keys() | texts[1].keys()):
        if path not in texts[0] or path not in texts[1]:
            print(f"  {path}: only {'in one sync' if path in texts[0] else 'step by step'}")
            unlisted += 1
            continue
        different = differences(language, texts[0][path], texts[1][path])
        same += texts[0][path] == texts[1][path]
        for text in different:
            if any(text in one or one in text for one in listed if one):
                explained += 1
            else:
                unlisted += 1
                print(f"  {path}: {text[:150]!r}")
    print(f"files with the same bytes: {same}; other segments: {explained} listed, {unlisted} not listed (goal 0)")
    return 1 if unlisted else 0


if __name__ == "__main__":
    sys.exit(main())
