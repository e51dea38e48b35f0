"""Training sets for engines under test: the pairs of the book without the articles, checked for leaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256

from bot.errors import VerificationError
from bot.evaluation.leaks import THRESHOLD, Leak, Leaks, find_leaks
from bot.memory.formats import MemoryFormat, read_memory, to_csv
from bot.model import Direction, Language, TranslationUnit
from bot.parallel_data.options import Level
from bot.quality.articles import Article, prose_sentences

# Leaks that an error quotes.
_MAX_QUOTED = 3


@dataclass(frozen=True, slots=True)
class LeakReport:
    """A leak check without leaks. Of the pairs, `pairs` were taught; `own` of the articles and `near` others left out.
    All `taught` and `examined` sentences of both languages were compared; the highest similarity is `nearest` (0–1)."""

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
class TrainingSet:
    """`data` is the CSV file of the pairs, `units` the same in the direction of the translation."""

    level: Level
    units: tuple[TranslationUnit, ...]
    data: bytes
    leaks: LeakReport

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()


def make_training_set(
    level: Level, pairs: Sequence[TranslationUnit], articles: Sequence[Article], languages: Direction, *, reverse: bool
) -> TrainingSet:
    """The pairs of all files but `articles`, without those near one of their sentences, in the direction of `languages`
    (`reverse`: the other way). Raises VerificationError if the leak check fails."""
    paths = {article.path for article in articles}
    others = [unit for unit in pairs if unit.path not in paths]
    clean = _without_near(others, articles, languages)
    codes = languages.source.code_for("amazon"), languages.target.code_for("amazon")
    if reverse:
        clean = [replace(unit, source=unit.target, target=unit.source, before="") for unit in clean]
        codes = codes[::-1]
    data = to_csv(clean, *codes).encode("utf-8")
    leaks = check_leaks(level, data, articles, languages)
    leaks = replace(leaks, own=len(pairs) - len(others), near=len(others) - len(clean))
    return TrainingSet(level, tuple(clean), data, leaks)


def check_leaks(level: Level, data: bytes, articles: Sequence[Article], languages: Direction) -> LeakReport:
    """Reads the very bytes that are taught, and compares each of their sentences with each of the articles', in both
    languages. Raises VerificationError, with the sentences, if two are too near."""
    codes = languages.source.code_for("amazon"), languages.target.code_for("amazon")
    units = read_memory(data, MemoryFormat.CSV, lambda code: codes.index(code) if code in codes else None, "the pairs")
    leaks: list[Leak] = []
    taught = examined = 0
    nearest = 0.0
    for owners, sentences, result in _compare(units, articles, languages):
        leaks += [leak for leak in result.found if leak is not None]
        taught, examined, nearest = taught + len(owners), examined + sentences, max(nearest, result.nearest)
    if leaks:
        quoted = "; ".join(f"“{leak.taught}” is near “{leak.examined}”" for leak in leaks[:_MAX_QUOTED])
        raise VerificationError(
            f"{len(leaks):,} sentences of the {level.value} pairs are too near to sentences under test, so nothing is "
            f"asked: {quoted}; report this"
        )
    direction = " → ".join(data.partition(b"\n")[0].decode().split(","))
    left_out = tuple(article.path for article in articles)
    return LeakReport(direction, level.value, left_out, len(units), 0, 0, taught, examined, nearest)


def _without_near(
    units: Sequence[TranslationUnit], articles: Sequence[Article], languages: Direction
) -> list[TranslationUnit]:
    near: set[int] = set()
    for owners, _, result in _compare(units, articles, languages):
        for numbers, leak in zip(owners.values(), result.found, strict=True):
            near.update(numbers if leak is not None else ())
    return [unit for number, unit in enumerate(units) if number not in near]


def _compare(
    units: Sequence[TranslationUnit], articles: Sequence[Article], languages: Direction
) -> Iterator[tuple[dict[str, list[int]], int, Leaks]]:
    """By language: the sentences of the units with the units' numbers, the number of articles' sentences, the leaks."""
    for side, language in enumerate(languages):
        examined = dict.fromkeys(sentence for article in articles for sentence in article.sentences[side])
        owners: dict[str, list[int]] = {}
        for number, unit in enumerate(units):
            for sentence in _split((unit.source, unit.target)[side], language):
                owners.setdefault(sentence, []).append(number)
        yield owners, len(examined), find_leaks(list(owners), list(examined))


@lru_cache(maxsize=1 << 17)
def _split(text: str, language: Language) -> tuple[str, ...]:
    """The sentences of a text, which may be a paragraph."""
    return prose_sentences(text, language) or (text,)
