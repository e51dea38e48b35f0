"""Stale sentences: translations that stand although their English changed, and the English that they were made from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.model import Action, Document, Merge

_END = re.compile(r"[.!?。！？…][^\w\s]*$")


@dataclass(frozen=True, slots=True, order=True)
class StaleSentence:
    """A translation, the English that it was made from, and the English that stands in its place `now`. Each is a
    sentence, or several that were translated as one, in the form of `Segment.text`."""

    english: tuple[str, ...]
    translation: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StalePlace:
    """Where a stale sentence stands: its segments in the English and in the translation, by index."""

    sentence: StaleSentence
    base: tuple[int, ...]
    target: tuple[int, ...]


def find_stale(base: Document, target: Document, sentences: Collection[StaleSentence]) -> list[StalePlace]:
    """The sentences that stand word for word, in the order of the translation; others were edited, and are stale no
    more. If a translation or its English stands several times, the places at the most similar height of the two texts
    belong together."""
    heights = len(base.segments), len(target.segments)
    possible = sorted(
        (abs(there[0] / heights[0] - here[0] / heights[1]), here, there, sentence)
        for sentence in set(sentences)
        for here in _stand(target, sentence.translation)
        for there in _stand(base, sentence.now)
    )
    places: list[StalePlace] = []
    taken: set[tuple[str, int]] = set()
    for _, here, there, sentence in possible:
        segments = {*(("target", i) for i in here), *(("base", i) for i in there)}
        if taken.isdisjoint(segments):
            taken |= segments
            places.append(StalePlace(sentence, there, here))
    return sorted(places, key=lambda place: place.target)


def made_from(base: Document, places: Collection[StalePlace]) -> str:
    """The effective base: the English with the English that each stale sentence was made from in its place."""
    parts: list[str] = []
    at = 0
    for start, end, old in sorted(edit for place in places for edit in _edits(base, place)):
        parts += base.text[at:start], old
        at = end
    return "".join([*parts, base.text[at:]])


def stale_sentences(merge: Merge) -> frozenset[StaleSentence]:
    """The sentences that a merge left stale."""
    stale = (revision.sentences for revision in merge.revisions if revision.action is Action.STALE)
    return frozenset(
        StaleSentence(english, translation, now) for english, now, translation in stale if translation and now
    )


def _stand(document: Document, texts: Sequence[str]) -> list[tuple[int, ...]]:
    """The places of sentences that stand one after the other; if there is none, that of the sentences pulled apart."""
    segments, size = document.segments, len(texts)
    starts = [i for i, segment in enumerate(segments) if segment.text == texts[0]]
    runs = [
        tuple(range(i, i + size)) for i in starts if [segment.text for segment in segments[i : i + size]] == [*texts]
    ]
    if runs or not starts:
        return runs
    apart: list[int] = []
    for i in range(starts[0], len(segments)):
        if len(apart) < size and segments[i].text == texts[len(apart)]:
            apart.append(i)
    return [tuple(apart)] if len(apart) == size else []


def _edits(base: Document, place: StalePlace) -> Iterator[tuple[int, int, str]]:
    segments = [base.segments[i] for i in place.base]
    english = place.sentence.english
    if len(english) == len(segments):
        for i, segment, text in zip(place.base, segments, english, strict=True):
            yield segment.start, segment.end, _ended(text, base, i)
    elif len({segment.block for segment in segments}) == 1 and place.base[-1] - place.base[0] == len(segments) - 1:
        yield segments[0].start, segments[-1].end, _ended(" ".join(english), base, place.base[-1])
    else:
        # Pulled apart: the place of the first has it all.
        yield segments[0].start, segments[0].end, _ended(" ".join(english), base, place.base[0])
        yield from ((segment.start, segment.end, "") for segment in segments[1:])


def _ended(text: str, base: Document, index: int) -> str:
    """The old English as it goes to the place of a segment. It gets an end if that has one and another sentence follows
    in the paragraph, or it would read as one with that, and the sentence would count as new each time."""
    follows = index + 1 < base.block_of(index).last
    return f"{text}." if follows and _END.search(base.segments[index].text) and not _END.search(text) else text
