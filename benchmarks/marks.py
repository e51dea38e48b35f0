"""How often a mark that is new in English is put around the words of the translation that people put it around.

usage: python -m benchmarks.marks [--fit] [--history]
Data: sentences of the Turkish book, the Vietnamese gold set and the revisions with slide marks, emphasis and links, on
pages of thirty sentences and whole chapters. The mark is taken out of both sides and placed again.
Printed: a five-fold cross-validation by chapter, and the weights of bot/repair/weights.py; `--fit` prints those that
all of the data gives. `--history`: instead, the commits that brought slide marks to the Chinese book, which nothing was
tuned on. Exits 1 where a cross-validated figure is under its floor.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.books import SHARED, clone, lang, read_blobs
from benchmarks.marks_history import report_history
from benchmarks.no_change import translated
from bot.alignment import align
from bot.documents import parse
from bot.model import Direction, Document, Language, Span, Tag, TagKind
from bot.repair.draft import Side
from bot.repair.lexis import Lexis
from bot.repair.placing import Candidates
from bot.repair.tokens import FINAL_SIGNS
from bot.repair.weights import WEIGHTS

PAGES = (30, 10_000)
FOLDS, RIDGE = 5, 0.3
FLOORS = {("tr", "slide mark", PAGES[0]): 0.6, ("tr", "slide mark", PAGES[1]): 0.66}
MIN_SCORE = 0.6
# Emphasis of single terms is another task, but teaches what the lexicon is worth.
SHARE_OF_EMPHASIS = 0.3
Array = NDArray[np.float64]
_KINDS = {TagKind.MARK: "slide mark", TagKind.LINK: "link"}


class Pair(NamedTuple):
    """A sentence and its translation, both with their marks."""

    english: str
    translation: str
    chapter: str


class Source(NamedTuple):
    """Where an example is from; `page` is how many sentences the lexicon was learned from at most."""

    language: str
    chapter: str
    page: int


@dataclass(frozen=True)
class Example:
    """A mark of an English sentence, and the run of words of the translation that people put it around: None if it is
    not allowed. `features` are those of the runs that are. For a mark around the whole English sentence, `whole` says
    whether people put it around the whole translation."""

    source: Source
    kind: str
    whole: bool | None
    features: Array
    gold: int | None


def book_pairs(code: str, folder: str) -> Iterator[list[Pair]]:
    repo = clone(code, folder)
    paths = translated(repo)
    blobs = dict(read_blobs(repo, [f"main:{path}" for pair in paths for path in pair]))
    for origin, path in paths:
        yield linked_pairs(blobs[f"main:{origin}"].decode(), blobs[f"main:{path}"].decode(), code, path)


def linked_pairs(english: str, translation: str, code: str, chapter: str) -> list[Pair]:
    direction = Direction(lang("en"), lang(code))
    documents = parse(english, direction.source), parse(translation, direction.target)
    return [
        Pair(_text(documents[0], bead.source), _text(documents[1], bead.target), chapter)
        for bead in align(*documents, direction)
        if bead.source and bead.target and bead.score > MIN_SCORE and documents[0].segments[bead.source[0]].is_prose
    ]


def gold_pairs(code: str) -> Iterator[list[Pair]]:
    for path in sorted((SHARED / "gold" / code).glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        stem = path.name.removesuffix(".gold.json")
        english, own = (path.with_name(f"{stem}.{side}.md").read_text(encoding="utf-8") for side in ("en", "xx"))
        yield [
            Pair(_folded(english, gold["en"], numbers), _folded(own, gold["xx"], others), stem)
            for numbers, others, _ in gold["pairs"]
            if numbers and others
        ]


def revised_pairs(name: str) -> Iterator[list[Pair]]:
    """Sentences of many chapters as they stand after people brought them in step."""
    items = json.loads((SHARED / "revisions" / name).read_text(encoding="utf-8"))
    yield [Pair(" ".join(item["new"].split()), " ".join(item["now"].split()), item["path"]) for item in items]


def _text(document: Document, indices: Sequence[int]) -> str:
    return " ".join(document.text[document.segments[indices[0]].start : document.segments[indices[-1]].end].split())


def _folded(text: str, spans: Sequence[Span], numbers: Sequence[int]) -> str:
    return " ".join(text[spans[numbers[0]][0] : spans[numbers[-1]][1]].split())


def examples(code: str, pairs: Sequence[Pair], size: int) -> Iterator[Example]:
    """One for each mark that its sentence and the translation have once of its kind."""
    sides = Direction(lang("en"), lang(code))
    for at in range(0, len(pairs), size):
        page = [unmarked for pair in pairs[at : at + size] if (unmarked := _unmark(pair, sides))]
        base, target = (
            (
                parse("".join(f"{text}\n\n" for text in texts), language)
                for texts, language in zip(zip(*((p.base, p.target) for p in page), strict=True), sides, strict=True)
            )
            if page
            else (parse("", sides[0]), parse("", sides[1]))
        )
        lexis = Lexis(base, target, align(base, target, sides))
        for pair in page:
            if pair.mark is not None:
                yield _example(Source(code, pair.chapter, size), pair, pair.mark, lexis, sides.target)


class Unmarked(NamedTuple):
    new: Document
    base: str
    target: str
    mark: Tag | None
    gold: Span
    chapter: str


def _unmark(pair: Pair, sides: Direction) -> Unmarked | None:
    """The pair without one of its marks; None for what isn't one paragraph of prose."""
    documents = [parse(text + "\n", language) for text, language in zip(pair[:2], sides, strict=True)]
    if any(len(d.blocks) != 1 or not all(s.is_prose for s in d.segments) for d in documents):
        return None
    tags = [[(_kind(d, tag), tag) for s in d.segments for tag in s.tags] for d in documents]
    kinds = [Counter(kind for kind, _ in side) for side in tags]
    for kind, mark in tags[0]:
        if kinds[0][kind] == kinds[1][kind] == 1:
            own = next(tag for other, tag in tags[1] if other == kind)
            gold = own.start, own.start + own.inner_end - own.inner_start
            return Unmarked(
                documents[0], _without(pair.english, mark), _without(pair.translation, own), mark, gold, pair.chapter
            )
    return Unmarked(documents[0], pair.english, pair.translation, None, (0, 0), pair.chapter)


def _kind(document: Document, tag: Tag) -> str:
    """Links count by their addresses."""
    return document.text[tag.inner_end : tag.end] if tag.kind is TagKind.LINK else tag.kind


def _without(text: str, tag: Tag) -> str:
    return text[: tag.start] + text[tag.inner_start : tag.inner_end] + text[tag.end :]


def _example(source: Source, pair: Unmarked, mark: Tag, lexis: Lexis, language: Language) -> Example:
    new, target = pair.new, parse(pair.target + "\n", language)
    sides = (Side(document, range(len(document.segments))) for document in (new, target))
    candidates = Candidates(next(sides), mark, next(sides), language, lexis)
    values, allowed = candidates.features(), candidates.allowed
    first = sum(word.end <= pair.gold[0] for word in candidates.words)
    last = sum(word.start < pair.gold[1] for word in candidates.words) - 1
    runs = np.argwhere(allowed).tolist()
    is_whole = not (new.text[: mark.start] + new.text[mark.end :]).strip(FINAL_SIGNS + " \n")
    return Example(
        source,
        _KINDS.get(mark.kind, "emphasis"),
        (first, last) == (0, len(candidates.words) - 1) if is_whole else None,
        np.stack([values[name][allowed] for name in WEIGHTS], axis=1),
        runs.index([first, last]) if [first, last] in runs else None,
    )


def fit(data: Sequence[Example]) -> Array:
    """The weights of highest likelihood with a ridge, by Newton's method."""
    weights = np.zeros(len(WEIGHTS))
    used = [(e.features, e.gold, 1.0 if e.kind == "slide mark" else SHARE_OF_EMPHASIS) for e in data]
    for _ in range(50):
        gradient, curvature = -RIDGE * weights, RIDGE * np.eye(len(weights))
        for features, gold, share in used:
            if gold is None:
                continue
            chances = softmax(features @ weights)
            mean = chances @ features
            spread = features - mean
            gradient += share * (features[gold] - mean)
            curvature += share * (spread.T * chances) @ spread
        step = np.linalg.solve(curvature, gradient)
        weights += step * min(1.0, 1.5 / np.abs(step).max())
        if np.abs(step).max() < 1e-3:
            break
    return weights


def softmax(score: Array) -> Array:
    chances: Array = np.exp(score - score.max())
    chances /= chances.sum()
    return chances


class Outcome(NamedTuple):
    is_right: bool
    chance: float


def judge(example: Example, weights: Array) -> Outcome:
    chances = softmax(example.features @ weights)
    best = int(chances.argmax())
    return Outcome(best == example.gold, float(chances[best]))


def fold(chapter: str) -> int:
    """The same for a chapter in every data set."""
    name = chapter.replace("__", "/").removesuffix(".md").rpartition("/")[2]
    return zlib.crc32(name.encode()) % FOLDS


def cross_validate(data: Sequence[Example]) -> list[tuple[Example, Outcome]]:
    results = []
    for number in range(FOLDS):
        weights = fit([example for example in data if fold(example.source.chapter) != number])
        results += [(example, judge(example, weights)) for example in data if fold(example.source.chapter) == number]
    return results


def report(title: str, results: Sequence[tuple[Example, Outcome]]) -> dict[tuple[str, str, int], float]:
    """The share that is right, by language, kind and size of the page."""
    print(title)
    shares = {}
    groups = defaultdict(list)
    for example, outcome in results:
        groups[example.source.language, example.kind, example.source.page].append(outcome)
    for (language, kind, page), outcomes in sorted(groups.items()):
        right = sum(outcome.is_right for outcome in outcomes)
        size = f"pages of {page}" if page < PAGES[-1] else "chapters"
        share = shares[language, kind, page] = right / len(outcomes)
        print(f"  {language}, {kind}, {size}: {right} of {len(outcomes)} = {share:.3f}; by chance", end="")
        for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
            part = [outcome.is_right for outcome in outcomes if low <= outcome.chance < high]
            print(f"  {low:.1f}-{min(high, 1):.1f}: {sum(part)}/{len(part)}", end="")
        print()
    return shares


def main() -> int:
    if "--history" in sys.argv:
        report_history()
        return 0
    started = time.perf_counter()
    data: list[Example] = []
    with tempfile.TemporaryDirectory() as folder:
        for code, chapters, sizes in (
            ("tr", book_pairs("tr", folder), PAGES),
            ("vi", gold_pairs("vi"), PAGES),
            ("tr", revised_pairs("d2l-tr.json"), PAGES[:1]),
            ("zh", revised_pairs("vue-zh.json"), PAGES[:1]),
        ):
            for pairs, size in product(chapters, sizes):
                data += examples(code, pairs, size)
    parts = [example for example in data if example.whole is None]
    wholes = [e for e in data if e.whole is not None and e.source.page == PAGES[0] and e.kind != "link"]
    print(f"{len(data)} marks, {len(parts)} around a part, {time.perf_counter() - started:.0f} s")
    print(f"Around the whole sentence in both: {sum(bool(e.whole) for e in wholes)} of {len(wholes)}")
    shares = report("Around a part, weights of other chapters", cross_validate(parts))
    weights = np.array(list(WEIGHTS.values()))
    report("Around a part, weights of bot/repair/weights.py", [(e, judge(e, weights)) for e in parts])
    if "--fit" in sys.argv:
        for name, value in zip(WEIGHTS, fit(parts), strict=True):
            print(f'    "{name}": {value:.2f},')
    short = [key for key, floor in FLOORS.items() if shares.get(key, 0.0) < floor]
    if short:
        print(f"fell short: {short}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
