"""What an earlier update of a pull request left in the source language, and nobody has translated since."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.model import Document, Segment

_WORD = re.compile(r"[^\W\d_]{2,}")
# Names, titles and "PyTorch" stand in translations as they are; a sentence has more words.
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Leftover:
    """A sentence of the source that stands untranslated at `line` of the translation (counted from 1)."""

    path: str
    line: int
    source: str


def find_leftovers(path: str, source: Document, before: Document, now: Document) -> Iterator[Leftover]:
    """Sentences that `now`, the proposed translation, has word for word from the source, and `before`, the translation
    that people published, has not."""
    english = {segment.text for segment in source.segments if is_telling(segment)}
    chosen = {segment.text for segment in before.segments}
    for segment in now.segments:
        if segment.is_prose and segment.text in english and segment.text not in chosen:
            yield Leftover(path, now.text.count("\n", 0, segment.start) + 1, segment.text)


def is_telling(segment: Segment) -> bool:
    """Whether it has words enough to be no name or title, which a translation may have as the source has it."""
    words = segment.text
    for placeable in segment.placeables:
        words = words.replace(placeable.text, " ")
    return segment.is_prose and len(_WORD.findall(words)) >= _FEWEST_WORDS
