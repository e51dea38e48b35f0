"""What `amts term check` does: reads a glossary, and looks whether a translation follows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.alignment import align
from bot.book.files import read_document
from bot.book.glossaries import read_glossary_file
from bot.book.languages import known_language
from bot.cli.output import Output
from bot.documents import parse
from bot.glossary import Glossary, Term, terminology_csv, unfollowed
from bot.model import Direction
from bot.report.markdown import counted


def check(file: Path, codes: tuple[str, str], out: Output) -> None:
    """Says what a glossary holds; `codes` are those of the languages."""
    direction = Direction(known_language(codes[0]), known_language(codes[1]))
    glossary = read_glossary_file(file, direction)
    dropped = _not_importable(glossary, direction)
    out.data(
        {
            "format": glossary.form,
            "sides": glossary.sides,
            "terms": [asdict(term) for term in glossary.terms],
            "unread": [asdict(part) for part in glossary.unread],
            "not_importable": [{"source": term.source, "reason": reason} for term, reason in dropped],
        }
    )
    for term in glossary.terms:
        out.say(f"{term.source}: {' | '.join(term.targets)}")
    for part in glossary.unread:
        out.say(f"{file}: {part.place}: no term, {part.reason}{f': {part.text}' if part.text else ''}")
    for term, reason in dropped:
        out.say(f"{term.source}: can't be imported into Amazon Translate: {reason}")
    several = sum(len(term.targets) > 1 for term in glossary.terms)
    choice = f", {several:,} with several translations" if several else ""
    out.say(f"{file}: {counted(len(glossary.terms), 'term')}{choice} ({glossary.form}; {glossary.sides})")


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A pair of sentences whose translation did not follow some terms; `line` is the translation's, from 1."""

    line: int
    source: str
    target: str
    terms: tuple[Term, ...]


def compare(file: Path, paths: tuple[Path, Path], codes: tuple[str, str], out: Output) -> None:
    """Says which terms of a glossary the linked sentences of a document and its translation do not follow."""
    direction = Direction(known_language(codes[0]), known_language(codes[1]))
    glossary = read_glossary_file(file, direction)
    doubts = list(_doubts(glossary.terms, (read_document(paths[0]), read_document(paths[1])), direction))
    out.data([asdict(doubt) for doubt in doubts])
    for doubt in doubts:
        for term in doubt.terms:
            out.say(f"{paths[1]}:{doubt.line}: {term.source} is not {' or '.join(term.targets)}: {doubt.target}")
    total = sum(len(doubt.terms) for doubt in doubts)
    out.say(f"{paths[1]}: {counted(total, 'term')} not followed, in {counted(len(doubts), 'sentence')}")


def _doubts(terms: Sequence[Term], texts: tuple[str, str], direction: Direction) -> Iterator[_Doubt]:
    documents = parse(texts[0], direction.source), parse(texts[1], direction.target)
    for bead in align(*documents, direction):
        source, target = (
            [document.segments[i] for i in side if document.segments[i].is_prose]
            for document, side in zip(documents, (bead.source, bead.target), strict=True)
        )
        if source and target:
            left = direction.source.joiner.join(segment.text for segment in source)
            right = direction.target.joiner.join(segment.text for segment in target)
            if found := unfollowed(terms, left, right, direction):
                yield _Doubt(texts[1].count("\n", 0, target[0].start) + 1, left, right, found)


def _not_importable(glossary: Glossary, direction: Direction) -> Sequence[tuple[Term, str]]:
    """Terms that Amazon Translate would not take."""
    source, target = (language.engine_codes.get("amazon") for language in direction)
    return terminology_csv(glossary.terms, source, target).dropped if source and target else ()
