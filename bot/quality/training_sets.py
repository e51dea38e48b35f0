"""What an engine is taught before it is examined: the pairs of the book without the articles, and the proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256

from bot.documents import parse
from bot.errors import VerificationError
from bot.evaluation.leaks import THRESHOLD, Leak, find_leaks
from bot.memory.formats import to_csv
from bot.memory.reading import MemoryFormat, read_memory
from bot.model import Direction, Language, TranslationUnit
from bot.parallel_data.options import Level
from bot.quality.articles import Article

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Proof:
    """That nothing of what is taught gives an examined sentence away. `taught` and `examined` count the sentences of
    both languages that were compared, each with each; `nearest` is the highest similarity among them (0 to 1)."""

    direction: str
    level: str
    left_out: tuple[str, ...]
    pairs: int
    own: int
    near: int
    taught: int
    examined: int
    nearest: float

    def describe(self) -> str:
        """A line for a person."""
        what = self.left_out[0] if len(self.left_out) == 1 else f"{len(self.left_out):,} articles"
        return (
            f"{what}, {self.direction}: {self.pairs:,} {self.level} pairs taught; {self.own:,} of its own and "
            f"{self.near:,} near one of its sentences left out; {self.taught:,} sentences compared with "
            f"{self.examined:,}: no leak, the nearest {self.nearest:.2f} (limit {THRESHOLD:.2f})"
        )


@dataclass(frozen=True)
class Lesson:
    """`data` is the CSV file of the pairs, `units` the same in the direction of the translation."""

    level: Level
    units: tuple[TranslationUnit, ...]
    data: bytes
    proof: Proof

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()


def make_lesson(
    level: Level, pairs: Sequence[TranslationUnit], articles: Sequence[Article], languages: Direction, *, reverse: bool
) -> Lesson:
    """The pairs of all files but `articles`, without those near one of their sentences, taught in the direction of
    `languages` (`reverse`: the other way). Raises VerificationError where the proof fails."""
    paths = {article.path for article in articles}
    others = [unit for unit in pairs if unit.path not in paths]
    clean = _without_near(others, articles, languages)
    units = tuple(_turned(unit) for unit in clean) if reverse else tuple(clean)
    codes = languages.source.code_for("amazon"), languages.target.code_for("amazon")
    data = to_csv(units, *(reversed(codes) if reverse else codes)).encode("utf-8")
    proof = prove(level, data, articles, languages)
    return Lesson(level, units, data, replace(proof, own=len(pairs) - len(others), near=len(others) - len(clean)))


def prove(level: Level, data: bytes, articles: Sequence[Article], languages: Direction) -> Proof:
    """Reads the very bytes that are taught, and compares every sentence of them with every one of the articles, in both
    languages. Raises VerificationError, with the sentences, where one is too near."""
    codes = languages.source.code_for("amazon"), languages.target.code_for("amazon")
    units = read_memory(data, MemoryFormat.CSV, lambda code: codes.index(code) if code in codes else None, "the pairs")
    leaks: list[Leak] = []
    taught = examined = 0
    nearest = 0.0
    for side in (0, 1):
        texts = dict.fromkeys(
            sentence for unit in units for sentence in split((unit.source, unit.target)[side], languages[side])
        )
        sentences = list(dict.fromkeys(sentence for article in articles for sentence in article.sentences[side]))
        found = find_leaks(list(texts), sentences)
        leaks += [leak for leak in found.found if leak is not None]
        taught, examined, nearest = taught + len(texts), examined + len(sentences), max(nearest, found.nearest)
    if leaks:
        shown = "; ".join(f"“{leak.taught}” is near “{leak.examined}”" for leak in leaks[:_SHOWN])
        raise VerificationError(
            f"{len(leaks):,} sentences of the {level.value} pairs would give examined ones away, so nothing is asked: "
            f"{shown}; report this"
        )
    direction = " → ".join(data.partition(b"\n")[0].decode().split(","))
    return Proof(direction, level.value, tuple(a.path for a in articles), len(units), 0, 0, taught, examined, nearest)


@lru_cache(maxsize=1 << 17)
def split(text: str, language: Language) -> tuple[str, ...]:
    """The sentences of a pair's side, which may be a paragraph."""
    return tuple(segment.text for segment in parse(text, language).segments if segment.is_prose) or (text,)


def _without_near(
    units: Sequence[TranslationUnit], articles: Sequence[Article], languages: Direction
) -> list[TranslationUnit]:
    near: set[int] = set()
    for side in (0, 1):
        sentences = [sentence for article in articles for sentence in article.sentences[side]]
        owners: dict[str, list[int]] = {}
        for number, unit in enumerate(units):
            for sentence in split((unit.source, unit.target)[side], languages[side]):
                owners.setdefault(sentence, []).append(number)
        found = find_leaks(list(owners), list(dict.fromkeys(sentences)))
        near.update(
            number for of, leak in zip(owners.values(), found.found, strict=True) if leak is not None for number in of
        )
    return [unit for number, unit in enumerate(units) if number not in near]


def _turned(unit: TranslationUnit) -> TranslationUnit:
    return replace(unit, source=unit.target, target=unit.source, before="")
