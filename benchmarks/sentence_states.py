"""The state of every sentence of the Chinese and Turkish books, and what stands in English there.

usage: python -m benchmarks.sentence_states [--read N]
The translations stand at main, beside the English that they were made from. With --read, N of the English texts that
stand there (needing a translation or not) are listed for a person to read.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.books import BOOKS_CONFIG, clone
from bot.book.edition import open_edition, open_source
from bot.book.loading import read_texts
from bot.book.project import load_project
from bot.book.workers import Runner, processors
from bot.documents import Untranslated, parse, reads_the_same
from bot.drafts.states import State, read_states
from bot.pipeline import align_texts


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--read", type=int, default=0)
    number = arguments.parse_args().read
    with tempfile.TemporaryDirectory() as folder:
        for name in ("en", "zh", "tr"):
            clone(name, folder)
        config = Path(folder) / "amts.yaml"
        config.write_text(BOOKS_CONFIG, "utf-8")
        project = load_project(config)
        source = open_source(project)
        for name in ("zh", "tr"):
            edition = open_edition(project, source, name, Runner(processors()))
            book = edition.published_book
            times = []
            for _ in range(2):
                started = time.perf_counter()
                states = read_states(edition, book, book.files)
                times.append(time.perf_counter() - started)
            counts: Counter[State] = Counter()
            needed, names = [], []
            for file, found in states.files.items():
                if not file.exists:
                    continue
                counts += found.counts
                needed += [row.source for row in found.untranslated]
                texts = read_texts(book, file)
                sides = zip((texts.base, texts.target), edition.direction, strict=True)
                base, target = (parse(text, language, file.path) for text, language in sides)
                untranslated = Untranslated(base)
                for bead in align_texts(texts, edition.direction).beads:
                    english = base.joined(bead.source)
                    same = bead.source and reads_the_same(english, target.joined(bead.target))
                    if same and any(base.segments[i].is_prose and base.segments[i].has_words for i in bead.source):
                        names += [] if any(map(untranslated.needs_translation, bead.source)) else [english]
            total = counts.total()
            listed = ", ".join(f"{counts[state]:,} {state.value}" for state in State)
            print(f"{name}: {total:,} sentences that need a translation: {listed}")
            print(f"  names and the like that stand as they are, and need none: {len(names):,}")
            print(f"  read in {times[0]:.1f} s, from the cache in {times[1]:.1f} s")
            for title, found_texts in (("needs a translation", needed), ("needs none", names)):
                for text in random.Random(1).sample(found_texts, min(number, len(found_texts))):
                    print(f"  {title}: {text[:100]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
