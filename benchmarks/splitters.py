"""Compares sentence splitters with the sentences of the gold documents, block by block.

usage: python -m benchmarks.splitters
A boundary is where a sentence begins inside a block. Placeables are hidden from every splitter, as the product does.
"""

from __future__ import annotations

import json
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sentencex
import syntok.segmenter

from benchmarks.books import SHARED, lang
from bot.documents import parse
from bot.documents.boundaries import sentence_starts
from bot.model import Block, Document, Placeable, PlaceableKind

with warnings.catch_warnings():
    # Its regular expressions hold escapes that newer Pythons warn of.
    warnings.simplefilter("ignore")
    import pysbd

GOLD = SHARED / "gold"


@dataclass(frozen=True, slots=True)
class Sample:
    """The text of a block with placeables as letters, where its sentences begin (the first left out), and where
    placeables do."""

    text: str
    boundaries: frozenset[int]
    covered: frozenset[int]


Splitter = Callable[[Sample], list[int]]


def samples(name: str, side: str) -> Iterator[Sample]:
    """Every block of a gold set's documents that holds gold sentences."""
    for path in sorted((GOLD / name).glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_name(path.name.replace("gold.json", f"{side}.md")).read_text(encoding="utf-8")
        document = parse(text, lang("en" if side == "en" else gold["lang"]))
        starts = [start for start, _ in gold[side]]
        for block in document.blocks:
            inside = [start - block.start for start in starts if block.start <= start < block.end]
            if inside and block.kind.is_prose:
                covers = frozenset(p.start - block.start for p in _opaque(document, block))
                yield Sample(_masked(document, block), frozenset(inside[1:]), covers)


def _masked(document: Document, block: Block) -> str:
    text = document.text[block.start : block.end]
    for placeable in _opaque(document, block):
        start, end = placeable.start - block.start, placeable.end - block.start
        text = text[:start] + "x" * (end - start) + text[end:]
    return re.sub(r"\s", " ", text)


def _opaque(document: Document, block: Block) -> list[Placeable]:
    """What the product hides from a splitter: all placeables but numbers."""
    segments = document.segments[block.first : block.last]
    return [p for segment in segments for p in segment.placeables if p.kind is not PlaceableKind.NUMBER]


def _put_right(code: str) -> Splitter:
    """The product's own, which asks sentencex for abbreviations."""
    language = lang(code)

    def split(block: Sample) -> list[int]:
        starts = sentence_starts(block.text, language, frozenset(block.covered))
        return [start + len(block.text[start:]) - len(block.text[start:].lstrip()) for start in starts]

    return split


def _sentencex(code: str) -> Splitter:
    def split(block: Sample) -> list[int]:
        position, starts = 0, []
        for sentence in sentencex.segment(code, block.text):
            starts.append(position + len(sentence) - len(sentence.lstrip()))
            position += len(sentence)
        return starts

    return split


def _pysbd(code: str) -> Splitter:
    segmenter = pysbd.Segmenter(language=code, clean=False, char_span=True)
    return lambda block: [s.start + len(s.sent) - len(s.sent.lstrip()) for s in segmenter.segment(block.text)]


def _syntok(block: Sample) -> list[int]:
    return [sentence[0].offset for paragraph in syntok.segmenter.analyze(block.text) for sentence in paragraph]


def main() -> int:
    # pysbd knows no Vietnamese, syntok only some European languages: they get their English rules.
    cases = {
        "en (vi gold)": ("vi", "en", "en", "en"),
        "vi": ("vi", "xx", "vi", "en"),
        "en (zh gold)": ("zh", "en", "en", "en"),
        "zh": ("zh", "xx", "zh", "zh"),
    }
    print(f"{'text':14}{'splitter':12}{'boundaries':>11}{'precision':>11}{'recall':>9}{'F1':>9}{'seconds':>9}")
    for label, (name, side, code, pysbd_code) in cases.items():
        splitters = {
            "amts": _put_right(code),
            "sentencex": _sentencex(code),
            "pysbd": _pysbd(pysbd_code),
            "syntok": _syntok,
        }
        blocks = list(samples(name, side))
        wanted = sum(len(block.boundaries) for block in blocks)
        for splitter, split in splitters.items():
            started = time.perf_counter()
            found = [frozenset(start for start in split(block) if start) for block in blocks]
            seconds = time.perf_counter() - started
            right = sum(len(block.boundaries & got) for block, got in zip(blocks, found, strict=True))
            precision, recall = right / max(1, sum(map(len, found))), right / wanted
            f1 = 2 * precision * recall / (precision + recall) if right else 0.0
            print(f"{label:14}{splitter:12}{wanted:11,}{precision:11.4f}{recall:9.4f}{f1:9.4f}{seconds:9.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
