"""Merges many files of a book in one language: the stages of the pipeline over all of them, with the book's memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot import pipeline
from bot.book.workers import Runner
from bot.errors import AmtsError
from bot.memory import TranslationMemory
from bot.model import Direction, Merge, Request, Translation, TranslationUnit
from bot.pipeline import Alignment, Texts

# A shorter sentence stands in every chapter ("Summary"); its translation is found in the file itself.
_TELLING = 20


@dataclass(frozen=True)
class Prepared:
    """A book between the halves. `alignments` and `requests` are those of `work` in order; an error in place of one
    says why its file can't be merged."""

    work: tuple[Texts, ...]
    alignments: tuple[Alignment | AmtsError, ...]
    requests: tuple[tuple[Request, ...] | AmtsError, ...]
    memory: TranslationMemory

    @property
    def asked(self) -> list[Request]:
        """All requests of all files, in order."""
        return [request for requests in self.requests if isinstance(requests, tuple) for request in requests]


def prepare_files(work: Sequence[Texts], others: Sequence[Texts], direction: Direction, runner: Runner) -> Prepared:
    """The first half for each file of `work`: up to what the engine must translate.

    `others` are the rest of the book (without new English): where one of them holds a sentence that is new elsewhere,
    its human translation is reused. Only those are aligned, so a change in one file costs little more than that file.
    """
    relevant = _with_sentences(others, _wanted(work, others, direction, runner))
    aligned = runner.map("aligning", pipeline.align_texts, [(texts,) for texts in [*work, *relevant]], direction)
    memory = TranslationMemory(_units(aligned))
    own = aligned[: len(work)]
    requests = runner.map("planning", _list_requests, list(zip(work, own, strict=True)), direction, memory)
    return Prepared(tuple(work), tuple(own), tuple(requests), memory)


def merge_files(
    prepared: Prepared, direction: Direction, answers: Sequence[Translation], runner: Runner
) -> list[Merge | AmtsError]:
    """The second half: the merge of each file, or why it could not be merged, in order. `answers` are those to
    `prepared.asked`."""
    given = iter(answers)
    items = [
        (texts, alignment, requests if isinstance(requests, AmtsError) else [next(given) for _ in requests])
        for texts, alignment, requests in zip(prepared.work, prepared.alignments, prepared.requests, strict=True)
    ]
    return runner.map("merging", _complete, items, direction, prepared.memory)


def _list_requests(
    texts: Texts,
    alignment: Alignment | AmtsError,
    direction: Direction,
    memory: TranslationMemory,
) -> tuple[Request, ...]:
    if isinstance(alignment, AmtsError):
        raise alignment
    return pipeline.list_requests(texts, alignment.beads, direction, memory)


def _complete(
    texts: Texts,
    alignment: Alignment | AmtsError,
    translations: Sequence[Translation] | AmtsError,
    direction: Direction,
    memory: TranslationMemory,
) -> Merge:
    if isinstance(alignment, AmtsError):
        raise alignment
    if isinstance(translations, AmtsError):
        raise translations
    return pipeline.complete(texts, alignment.beads, direction, memory, translations)


def _wanted(work: Sequence[Texts], others: Sequence[Texts], direction: Direction, runner: Runner) -> set[str]:
    """The sentences and cells that are new in `work`, with white space folded."""
    if not others:
        return set()
    found = runner.map("reading", pipeline.new_sentences, [(texts,) for texts in work], direction)
    texts = {text for sentences in found if not isinstance(sentences, AmtsError) for text in sentences}
    return {_fold(text) for text in texts if len(text) >= _TELLING}


def _with_sentences(others: Sequence[Texts], wanted: Iterable[str]) -> list[Texts]:
    """Enough of them to hold each of the sentences that any of them holds, found by plain search in their text."""
    folded = [_fold(texts.base) for texts in others]
    chosen: set[int] = set()
    for sentence in sorted(wanted):
        holders = [number for number, base in enumerate(folded) if sentence in base]
        if holders and chosen.isdisjoint(holders):
            chosen.add(holders[0])
    return [others[number] for number in sorted(chosen)]


def _fold(text: str) -> str:
    return " ".join(text.split())


def _units(aligned: Sequence[Alignment | AmtsError]) -> list[TranslationUnit]:
    return [unit for found in aligned if isinstance(found, Alignment) for unit in found.units]
