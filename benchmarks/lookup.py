"""Looks up a translation memory of 50,000 pairs: look-ups a second, and what the index misses of the exhaustive search.

usage: python -m benchmarks.lookup
The memory holds 50,000 distinct sentences of all revisions of the English and the Turkish book, so it is full of near
matches; the look-ups are of their other sentences, in a random order with a fixed seed. Goals: 2,000 fuzzy look-ups a
second of processor time, 99% of the best matches found.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time

from rapidfuzz import fuzz, process

from benchmarks.books import clone, lang, markdown_blobs, read_blobs
from bot.documents import parse
from bot.memory import TranslationMemory
from bot.memory.store import FUZZY_FLOOR
from bot.model import Kind, TranslationUnit

PAIRS, LOOKUPS, CHECKED = 50_000, 4_000, 400
GOAL_A_SECOND, GOAL_RECALL = 2_000.0, 0.99


def sentences() -> list[str]:
    """Distinct sentences of all revisions, of 10 characters and more, in the order of the blobs' hashes."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("en", "tr"):
            repo = clone(name, folder)
            for _, data in read_blobs(repo, markdown_blobs(repo)):
                # Revisions repeat most paragraphs; each is parsed once.
                paragraphs = dict.fromkeys(data.decode("utf-8", "replace").split("\n\n"))
                fresh = "\n\n".join(part for part in paragraphs if part not in seen)
                seen.update(paragraphs)
                segments = parse(fresh, lang(name)).segments
                found |= dict.fromkeys(one.text for one in segments if one.is_prose and len(one.text) >= 10)
    return list(found)


def main() -> int:
    texts = sentences()
    random.Random(1).shuffle(texts)
    stored, asked = texts[:PAIRS], texts[PAIRS : PAIRS + LOOKUPS]
    memory = TranslationMemory([TranslationUnit(text, f"#{i}", "a.md") for i, text in enumerate(stored)])
    started = time.process_time()
    memory.fuzzy(asked[0])
    print(f"{len(memory):,} pairs; index built in {time.process_time() - started:.2f} s")

    started = time.process_time()
    hits = sum(memory.exact(text, Kind.PARAGRAPH, "") is not None for text in stored)
    exact = len(stored) / (time.process_time() - started)
    print(f"exact: {exact:,.0f} a second, {hits:,} of {len(stored):,} found")

    started = time.process_time()
    matched = sum(bool(memory.fuzzy(text)) for text in asked)
    fuzzy = len(asked) / (time.process_time() - started)
    print(f"fuzzy: {fuzzy:,.0f} a second (goal {GOAL_A_SECOND:,.0f}), {matched:,} of {len(asked):,} have a match")

    started = time.process_time()
    best_found = best_of = all_found = all_of = 0
    for text in asked[:CHECKED]:
        rows = process.extract(text, stored, scorer=fuzz.ratio, score_cutoff=FUZZY_FLOOR * 100, limit=3)
        truth = [score / 100 for _, score, _ in rows]
        mine = [match.similarity for match in memory.fuzzy(text)]
        best_of += bool(truth)
        best_found += bool(truth) and mine[:1] == truth[:1]
        all_of += len(truth)
        all_found += sum(one in mine for one in truth)
    seconds = time.process_time() - started
    recall = best_found / best_of
    print(
        f"against the exhaustive search ({CHECKED / seconds:,.0f} a second), {CHECKED} look-ups: "
        f"{best_found} of {best_of} best matches found ({recall:.4f}, goal {GOAL_RECALL}), "
        f"{all_found} of {all_of} of the best three"
    )
    return 0 if fuzzy >= GOAL_A_SECOND and recall >= GOAL_RECALL and hits == len(stored) else 1


if __name__ == "__main__":
    sys.exit(main())
