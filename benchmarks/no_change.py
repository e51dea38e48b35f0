"""Merges every translated document of the Chinese and Turkish books with unchanged English: nothing may change, but for
English that takes people's translation of it.

usage: python -m benchmarks.no_change
base = source = `X_origin.md`, translation = `X.md`: the result must be the translation byte for byte.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.books import clone, git, lang, read_blobs
from bot.documents import reads_the_same
from bot.engines.copy import CopyEngine
from bot.errors import AmtsError
from bot.model import Action, Direction, Edit, Versions
from bot.pipeline import merge_document


def translated(repo: Path) -> list[tuple[str, str]]:
    """(origin, translation) paths of every translated document at main."""
    paths = set(git(repo, "ls-tree", "-r", "--name-only", "main").splitlines())
    pairs = [(f"{path[:-3]}_origin.md", path) for path in sorted(paths) if path.endswith(".md")]
    return [(origin, path) for origin, path in pairs if origin in paths]


def unchanged(job: tuple[str, str, bytes, bytes]) -> str:
    """What is wrong, empty where the translation came back."""
    code, path, origin, translation = job
    english = origin.decode()
    try:
        texts = Versions(english, english, translation.decode())
        merge = merge_document(texts, Direction(lang("en"), lang(code)), CopyEngine())
    except AmtsError as error:
        return f"{code} {path}: {error}"
    # English that stands untranslated may take people's translation of it.
    edits = [edit for edit in merge.edits if not _is_translated(edit, texts.target)]
    if edits or (merge.text != texts.target and not merge.edits):
        return f"{code} {path}: {len(edits)} edits"
    return ""


def _is_translated(edit: Edit, target: str) -> bool:
    return edit.action is Action.REUSED and reads_the_same(edit.source, target[slice(*edit.before)].strip())


def main() -> int:
    jobs: list[tuple[str, str, bytes, bytes]] = []
    with tempfile.TemporaryDirectory() as folder:
        for code in ("zh", "tr"):
            repo = clone(code, folder)
            pairs = translated(repo)
            names = [f"main:{path}" for pair in pairs for path in pair]
            blobs = dict(read_blobs(repo, names))
            jobs += [(code, path, blobs[f"main:{origin}"], blobs[f"main:{path}"]) for origin, path in pairs]
    started = time.perf_counter()
    with ProcessPoolExecutor() as pool:
        wrong = [line for line in pool.map(unchanged, jobs, chunksize=4) if line]
    seconds = time.perf_counter() - started
    for line in wrong:
        print(line)
    for code in ("zh", "tr"):
        print(f"{code}: {sum(job[0] == code for job in jobs)} translated documents")
    print(f"given back byte for byte: {len(jobs) - len(wrong)} of {len(jobs)}, {seconds:.1f} s")
    return 1 if wrong or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
