"""What the translators added to files that are removed: it goes where the English beside it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

from rapidfuzz.fuzz import ratio

from bot import pipeline
from bot.documents import directive_pairs
from bot.errors import AmtsError
from bot.merging.inserting import insert_passage
from bot.model import Action, Direction, Document, Edit, Kind, Merge, Segment, TagKind
from bot.pipeline import Texts

Key = TypeVar("Key", bound=Hashable)
# How many sentences before an addition may stand for its place, if the nearest ones are gone.
_MAX_ANCHORS = 5
# Code that is as much alike, in per cent, is the same cell in another revision.
_ALIKE = 60.0
# Shorter units, and the lines of tabs and directives, stand in every chapter.
_MIN_ANCHOR = 20
_NEW_TEXT = frozenset({Action.REUSED, Action.PATCHED})


@dataclass(frozen=True, slots=True)
class Belonging:
    """A passage of the translators' own, as it stands in the file: notes, further tabs, and cells that they localised.
    `anchors` are the English units before it, the nearest first; `localised`: the passage is a translation, which the
    memory brings to where its English went. `whole`: it consists of whole blocks."""

    passage: str
    anchors: tuple[str, ...]
    whole: bool = True
    localised: bool = False


@dataclass(frozen=True)
class Carriage(Generic[Key]):
    """`merges` with the passages that found a place there; `stranded`, by removed file, are those that found none."""

    merges: Mapping[Key, Merge | AmtsError]
    stranded: Mapping[str, tuple[str, ...]]


def find_belongings(texts: Texts, direction: Direction) -> list[Belonging]:
    """The translators' own passages in a translation, in their order. Raises AmtsError if it can't be aligned."""
    base, _, target = pipeline.parse_texts(texts, direction)
    beads = pipeline.align_texts(texts, direction).beads
    english = {t: base.joined(bead.source) for bead in beads if bead.source for t in bead.target}
    found: list[Belonging] = []
    known: list[str] = []
    run: list[int] = []
    for t, segment in enumerate(target.segments):
        if t not in english:
            run.append(t)
            continue
        found += _of_run(target, run, known)
        run = []
        if (segment.is_prose or segment.kind is Kind.CODE) and len(english[t]) >= _MIN_ANCHOR:
            known.append(english[t])
        if not segment.is_prose and segment.text != english[t]:
            found.append(Belonging(segment.text, (english[t],), localised=True))
    return [*found, *_of_run(target, run, known)]


def _of_run(target: Document, run: Sequence[int], known: Sequence[str]) -> Iterator[Belonging]:
    """The passages of segments that follow each other, without lines that open or close a directive around others."""
    pairs = directive_pairs(target)
    around = {line for pair in pairs if len(set(pair) & set(run)) == 1 for line in pair}
    for is_around, part in groupby(run, around.__contains__):
        tokens = list(part)
        if is_around:
            continue
        starts, ends = target.starts_block(tokens[0]), target.block_of(tokens[-1]).last == tokens[-1] + 1
        # A link alone, to a page's discussion say, belongs to the page.
        whole = starts and ends and not all(_is_link_or_line(target.segments[t]) for t in tokens)
        yield Belonging(target.raw(tokens[0], tokens[-1]), tuple(known[: -_MAX_ANCHORS - 1 : -1]), whole)


def _is_link_or_line(segment: Segment) -> bool:
    tags = segment.tags
    is_link = (
        bool(tags) and tags[0].kind is TagKind.LINK and (tags[0].start, tags[0].end) == (segment.start, segment.end)
    )
    return segment.kind in (Kind.DIRECTIVE, Kind.LABEL, Kind.RULE) or is_link


def carry_belongings(
    removed: Mapping[str, Texts],
    work: Mapping[Key, Texts],
    merges: Mapping[Key, Merge | AmtsError],
    direction: Direction,
) -> Carriage[Key]:
    """Puts the translators' own passages of the `removed` files (by path) behind the English that they stood behind,
    where a merge puts that into another file. `work` are the texts of the merges."""
    carried = dict(merges)
    stranded: dict[str, tuple[str, ...]] = {}
    for path, texts in removed.items():
        try:
            belongings = find_belongings(texts, direction)
        except AmtsError:  # it can't be read as a document, so nobody knows what in it is English
            belongings = [Belonging(texts.target, (), whole=False)]
        visits = _visits(texts, carried, direction) if belongings else Counter[Key]()
        lost = []
        for belonging in reversed(belongings):
            # The last first: passages behind the same English keep their order.
            if not _place(belonging, path, work, carried, visits, direction):
                lost.append(belonging.passage)
        if lost:
            stranded[path] = tuple(reversed(lost))
    return Carriage(carried, stranded)


def _visits(texts: Texts, merges: Mapping[Key, Merge | AmtsError], direction: Direction) -> Counter[Key]:
    """How much of a removed file's English each merge puts into its file."""
    english = {segment.text for segment in pipeline.parse_texts(texts, direction).base.segments}
    return Counter(
        {key: sum(edit.source in english for edit in _new(merge)) for key, merge in merges.items() if _new(merge)}
    )


def _place(
    belonging: Belonging,
    path: str,
    work: Mapping[Key, Texts],
    merges: dict[Key, Merge | AmtsError],
    visits: Counter[Key],
    direction: Direction,
) -> bool:
    """Whether the passage stands in another file, where it is put if need be, or went with its English."""
    visited = (merges[key] for key in visits)
    if any(isinstance(merge, Merge) and belonging.passage in merge.text for merge in visited):
        return True
    if belonging.localised:
        # If its English is nowhere, it goes with it. Where its English changed on the way, people must look.
        (english,) = belonging.anchors
        return not any(ratio(english, edit.source) >= _ALIKE for merge in merges.values() for edit in _new(merge))
    if not belonging.whole:
        return False
    reason = f"the translators' own, moved with what precedes it from {path}"
    for anchor in belonging.anchors:
        for key, _ in visits.most_common():
            merge = merges[key]
            behind = next((edit for edit in _new(merge) if edit.source == anchor), None)
            if behind is None or not isinstance(merge, Merge):
                continue
            texts, form = work[key], pipeline.parse_texts(work[key], direction).target.format
            placed = insert_passage(merge, texts.target, behind, belonging.passage, reason, direction.target, form)
            if placed is not None:
                merges[key] = placed
                return True
    return False


def _new(merge: Merge | AmtsError) -> list[Edit]:
    """The edits that put English that is new to the file into its translation."""
    if not isinstance(merge, Merge):
        return []
    return [edit for edit in merge.edits if edit.action in _NEW_TEXT and edit.before[0] == edit.before[1]]
