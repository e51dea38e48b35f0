"""What becomes of changed sentences: on revisions that people made, and in the whole Chinese and Turkish books.

usage: python -m benchmarks.repair revisions [QUADS.json LANGUAGE]
       python -m benchmarks.repair book zh|tr [--repairs N] [--keeps N] [--seed S]

`revisions` puts the revisions of ../shared/revisions, thirty paragraphs a page, through a merge with engine `memory`
and compares with what the people made of them, by how alike the English before and after is. `touched` are the
translations that the repair changed, `right` those among them that are as people's, `broke` those that people left as
they were. A second figure counts as right what differs from people's result in link addresses alone, where the
addresses are those of the new English.

`book` merges a book with the newest English and counts the sentences that people had translated and whose English
changed. It prints a random sample to be read by hand.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from rapidfuzz.fuzz import ratio
from sacrebleu.metrics.chrf import CHRF

from benchmarks.books import BOOKS_CONFIG, SHARED, clone, lang
from bot import pipeline
from bot.book.book_merge import merge_files, prepare_files
from bot.book.edition import open_edition, open_source
from bot.book.loading import due_files, load_files
from bot.book.project import load_project
from bot.book.workers import Runner
from bot.documents import reads_the_same
from bot.engines.memory import MemoryEngine
from bot.errors import AmtsError
from bot.model import Direction, Edit, Merge, Revision, Versions

_BANDS = ((60, 80), (80, 90), (90, 95), (95, 101))
_PAGE = 30
_UNTRANSLATED = 60
_ADDRESS = re.compile(r"\]\([^)]*\)")

Quad = dict[str, Any]


def folded(text: str) -> str:
    return " ".join(text.split())


def merged(page: Sequence[Quad], direction: Direction) -> list[str]:
    """What stands in the place of each item. A page that comes back with another number of paragraphs is halved."""
    texts = ("".join(folded(quad[key]) + "\n\n" for quad in page) for key in ("old", "new", "was"))
    merge = pipeline.merge_document(Versions(*texts), direction, MemoryEngine(), "page.md")
    found = [folded(part) for part in merge.text.split("\n\n") if part.strip()]
    if len(found) == len(page):
        return found
    if len(page) == 1:
        return [folded(merge.text)]
    half = len(page) // 2
    return merged(page[:half], direction) + merged(page[half:], direction)


def is_right_but_for_people(result: str, quad: Quad) -> bool:
    """Whether only link addresses differ from people's result, and they are those of the new English."""
    now = folded(quad["now"])
    if _ADDRESS.sub("", result) != _ADDRESS.sub("", now):
        return False
    return Counter(_ADDRESS.findall(result)) <= Counter(_ADDRESS.findall(quad["new"])) + Counter(_ADDRESS.findall(now))


def compare(path: Path, code: str) -> int:
    """Prints the figures of each band; returns how many fall short: English in the place of a translation, or worse
    than the old translation left alone."""
    quads = [
        quad
        for quad in json.loads(path.read_text(encoding="utf-8"))
        if not any("\n\n" in quad[key] for key in ("old", "new", "was", "now"))
    ]
    direction = Direction(lang("en"), lang(code))
    results: list[str] = []
    for start in range(0, len(quads), _PAGE):
        results += merged(quads[start : start + _PAGE], direction)
    chrf = CHRF()
    print(f"{path.name}: {len(quads)} revisions, language {code}")
    faults = 0
    for low, high in _BANDS:
        band = [(quad, text) for quad, text in zip(quads, results, strict=True) if low <= quad["sim"] < high]
        size = max(1, len(band))
        right = [text == folded(quad["now"]) for quad, text in band]
        kept = [folded(quad["was"]) == folded(quad["now"]) for quad, _ in band]
        touched = [text != folded(quad["was"]) for quad, text in band]
        score, left = (
            sum(chrf.sentence_score(text, [quad["now"]]).score for text, quad in pairs) / size
            for pairs in ([(text, quad) for quad, text in band], [(quad["was"], quad) for quad, _ in band])
        )
        generous = sum(ok or is_right_but_for_people(text, quad) for ok, (quad, text) in zip(right, band, strict=True))
        english = sum(text == folded(quad["new"]) != folded(quad["now"]) for quad, text in band)
        print(
            f"  English {low}-{min(high, 100)} % alike, {len(band)}: exact {sum(right) / size:.3f}, chrF {score:.1f}"
            f" (left alone {sum(kept) / size:.3f}, {left:.1f}); with right addresses {generous / size:.3f};"
            f" English in place {english}; touched {sum(touched)}, right {sum(map(min, touched, right))},"
            f" broke {sum(map(min, touched, kept))}"
        )
        faults += english > 0 or sum(right) < sum(kept) or score < left
    return faults


def book_merges(code: str) -> Iterator[tuple[str, str, Merge | AmtsError]]:
    """Path, old translation and merge of each due file of a book with the newest English."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("en", code):
            clone(name, temporary)
        (folder / "amts.yaml").write_text(BOOKS_CONFIG)
        project = load_project(folder / "amts.yaml")
        edition = open_edition(project, open_source(project), code, Runner())
        book = edition.published_book
        prepared = prepare_files(edition, book, load_files(book, due_files(book)).texts)
        engine = MemoryEngine()
        answers = {
            key: pipeline.translate(requests, engine, edition.direction, prepared.memory)
            for key, requests in prepared.requests.items()
        }
        for file, merge in merge_files(edition, prepared, answers).items():
            ready = prepared.files[file]
            yield file.new_path, "" if isinstance(ready, AmtsError) else ready.texts.target, merge


def is_english_over_people(edit: Edit, old: str) -> bool:
    """Whether the edit puts English sentences where a translation stood. What stood there untranslated, or resembles
    the English, was none."""
    start, end = edit.before
    stood = old[start:end].strip()
    is_english = (
        reads_the_same(edit.source, edit.text)
        and any(map(str.isalpha, edit.text))
        and edit.text.strip()[:2] not in ("``", "$$")
    )
    return is_english and bool(stood) and ratio(stood, edit.text) < _UNTRANSLATED


def read_book(code: str, repairs: int, keeps: int, seed: int) -> int:
    """Prints the counts and the sample; returns how often English took the place of a translation."""
    revisions: list[tuple[str, Revision]] = []
    counts: Counter[str] = Counter()
    english = 0
    for path, old, merge in book_merges(code):
        if isinstance(merge, AmtsError):
            print(f"  {path}: {merge}")
            continue
        counts.update(merge.sentences)
        revisions += ((path, revision) for revision in merge.revisions)
        english += sum(is_english_over_people(edit, old) for edit in merge.edits)
    print(f"{code}: sentences {dict(counts)}; English in the place of a translation: {english}")
    outcomes = Counter(str(revision.action) for _, revision in revisions)
    repaired = sum(revision.action == "stale" and revision.before != revision.text for _, revision in revisions)
    print(f"  translated, English changed, stand: {dict(outcomes)}; stale, repaired in part: {repaired}")
    for name in ("kinds", "small"):
        kinds = Counter(kind for _, revision in revisions for kind in getattr(revision.carried, name))
        print(f"  {name}: {dict(kinds.most_common())}")
    chance = random.Random(seed)
    for title, chosen, size in (
        ("repaired", [item for item in revisions if item[1].before != item[1].text], repairs),
        ("kept", [item for item in revisions if item[1].action == "kept"], keeps),
    ):
        for number, (path, revision) in enumerate(chance.sample(chosen, min(size, len(chosen))), 1):
            named = ", ".join((*revision.carried.kinds, *revision.carried.small))
            print(f"\n{title} {number}: {path} ({revision.action}; {named})")
            print(f"  English: {difference(revision.base, revision.source)}")
            print(f"  {code}: {difference(revision.before, revision.text)}")
    return english


def difference(old: str, new: str) -> str:
    """Both texts in one line: [-gone-] and {+new+}."""
    left, right = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (old, new))
    parts = []
    for name, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        gone, fresh = "".join(left[i:j]), "".join(right[k:m])
        parts.append(gone if name == "equal" else f"[-{gone}-]{{+{fresh}+}}")
    return "".join(parts)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=("revisions", "book"))
    parser.add_argument("what", nargs="*")
    parser.add_argument("--repairs", type=int, default=0)
    parser.add_argument("--keeps", type=int, default=0)
    parser.add_argument("--seed", type=int, default=13)
    options = parser.parse_args()
    if options.mode == "book":
        return int(read_book(options.what[0], options.repairs, options.keeps, options.seed) > 0)
    if options.what:
        return int(compare(Path(options.what[0]), options.what[1]) > 0)
    faults = compare(SHARED / "revisions/vue-zh.json", "zh") + compare(SHARED / "revisions/d2l-tr.json", "tr")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
