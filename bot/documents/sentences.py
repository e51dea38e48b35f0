"""Prose to sentences, across hard-wrapped lines (docs/how-it-works/sentences.md)."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.documents.boundaries import CLOSING_MARK, NOTE, sentence_starts
from bot.documents.inline import within
from bot.documents.text import NEWLINE, PREFIX, content_end
from bot.model import Language, Placeable, PlaceableKind, Span, Tag, TagKind

_BREAK = re.compile(rf"{NEWLINE}[ \t>]*")
_LEADING = re.compile(rf"(?:[ \t]*{NEWLINE}[ \t>]*)*\s*")
# A textual citation (`citet`, `cite:t`) or a reference is no note: it may be the next sentence's subject.
_NOTE_ROLE = re.compile(r"[:{](?:(?:foot|full)?cite(?:p|:ps?)?|sup|superscript)[:}]`")
_UNDEFINED_FOOTNOTE = re.compile(r"\[\^[^\s\[\]]+\](?!\()")
_SUPERSCRIPT = re.compile(r"<sup\b", re.IGNORECASE)


def split_sentences(
    text: str,
    span: Span,
    language: Language,
    placeables: Sequence[Placeable],
    tags: Sequence[Tag],
    breaks: Iterable[Span],
) -> list[Span]:
    """Spans of the sentences in `span`, without the white space around them.

    Placeables are opaque to the splitter, no boundary falls inside one or inside a link, and every hard line break
    (`breaks`) is a boundary. Emphasis is cut where sentences end in it; its marks stay in the text of the sentences
    that hold them. `placeables` and `tags` are sorted.
    """
    # A number shows the splitter the end of a sentence ("1." in a list), so it stays visible.
    opaque = [p for p in placeables if p.kind is not PlaceableKind.NUMBER]
    spans: list[Span] = []
    start = span[0]
    for stop, after in [*sorted(breaks), (span[1], span[1])]:
        inside = within(opaque, start, stop)
        stretch = _Stretch(text, (start, stop), inside, within(tags, start, stop), [p.start for p in inside])
        spans += stretch.sentences(language)
        # A line inside a quote begins with the quote's prefix, which is structure.
        prefix = PREFIX.match(text, after)
        start = prefix.end() if prefix else after
    return spans


@dataclass(frozen=True)
class _Stretch:
    """Prose between hard breaks, with its placeables and tags. `covered` are the starts of the placeables."""

    text: str
    span: Span
    placeables: Sequence[Placeable]
    tags: Sequence[Tag]
    covered: Sequence[int]

    def sentences(self, language: Language) -> Iterator[Span]:
        start, end = self.span
        offsets = sentence_starts(self._flatten(), language, frozenset(p - start for p in self.covered))
        cuts = [start]
        for position in self._positions(offsets):
            if cuts[-1] < position < end:
                cuts.append(position)
        for a, b in itertools.pairwise([*cuts, end]):
            leading = _LEADING.match(self.text, a, b)
            first = leading.end() if leading else a
            last = a + content_end(self.text[a:b])
            if first < last:
                yield first, last

    def _flatten(self) -> str:
        """The text with line breaks and opening tags as spaces and placeables as letters, of the same length.

        Notes and closing tags are left to the splitter, as its own marks.
        """
        covers = [(start, end, NOTE) for start, end in self._notes()]
        for tag in self.tags:
            # Nobody writes an abbreviation whose period stands outside the marks: `*y*.` ends a sentence.
            ends_word = self.text[tag.inner_end - 1].isalpha() and self.text.startswith(".", tag.end)
            covers += (tag.start, tag.inner_start, " "), (tag.inner_end, tag.end, "x" if ends_word else CLOSING_MARK)
        covers += [(p.start, p.end, "x") for p in self.placeables]
        pieces: list[str] = []
        at, end = self.span
        # The outermost comes first; of two with the same span, the first by the list above.
        for cover_start, cover_end, letter in sorted(covers, key=lambda cover: (cover[0], -cover[1])):
            if cover_start >= at:
                pieces += self.text[at:cover_start], letter * (cover_end - cover_start)
                at = cover_end
        pieces.append(self.text[at:end])
        flat = "".join(pieces)
        return _BREAK.sub(lambda match: " " * len(match[0]), flat) if "\n" in flat or "\r" in flat else flat

    def _notes(self) -> Iterator[Span]:
        """Spans of footnote marks, with or without a definition, of citations and of superscripts in HTML."""
        opened = -1
        for placeable in self.placeables:
            is_html = placeable.kind is PlaceableKind.HTML
            if is_html and _SUPERSCRIPT.match(placeable.text):
                opened = placeable.start
            elif is_html and opened >= 0 and placeable.text.lower() == "</sup>":
                yield opened, placeable.end
                opened = -1
            elif placeable.kind is PlaceableKind.FOOTNOTE or _NOTE_ROLE.match(placeable.text):
                yield placeable.start, placeable.end
        for match in _UNDEFINED_FOOTNOTE.finditer(self.text, *self.span):
            yield match.span()

    def _positions(self, offsets: Iterable[int]) -> Iterator[int]:
        """The boundaries in the text, moved out of the marks of tags, without those inside placeables and links."""
        enclosing: list[Tag] = []
        links: list[Tag] = []
        upcoming = 0
        for position in (self.span[0] + offset for offset in offsets):
            while upcoming < len(self.tags) and self.tags[upcoming].start < position:
                enclosing.append(self.tags[upcoming])
                if self.tags[upcoming].kind is TagKind.LINK:
                    links.append(self.tags[upcoming])
                upcoming += 1
            for tags in (enclosing, links):
                while tags and tags[-1].end <= position:
                    tags.pop()
            outside = _outside(position, enclosing, links)
            if outside is not None and not self._is_covered(position):
                yield outside

    def _is_covered(self, position: int) -> bool:
        before = bisect_left(self.covered, position) - 1
        return before >= 0 and self.placeables[before].end > position


def _outside(position: int, enclosing: Sequence[Tag], links: Sequence[Tag]) -> int | None:
    """The boundary, moved before the marks of tags that begin there; None inside a link.

    Emphasis around an end is cut: as one piece, a sentence of it that changed would take those that stand with it, and
    CommonMark pairs any two marks, however many sentences stand between one too many and the next. No boundary is among
    closing marks: they belong to the sentence before.
    """
    outside = position
    for tag in reversed(enclosing):
        if outside > tag.inner_start:
            break
        outside = tag.start
    return None if any(link.inner_start < outside and position < link.end for link in links) else outside
