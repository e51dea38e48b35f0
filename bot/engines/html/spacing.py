"""Restores the white space around placeables and tags, which a machine's answer shifts."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.engines.html.elements import END, START, Edge, Element, Line
from bot.model import Language, PlaceableKind, TagKind

# No space separates these from the word before them (French sets the second kind apart), or after them.
_CLOSERS, _DOUBLE_MARKS = ",.)]}", ";:!?"
_OPENERS = "([{¿¡"
# These may open or close, or stand for a word.
_EITHER = "'\"‘’“”«»%…"
_WIDE = frozenset("“”‘’…—")
_RUNS = frozenset({TagKind.EMPHASIS, TagKind.STRONG, TagKind.STRIKE})


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of an edge in the source: the next character or edge, and the white space up to it. `is_apart` says
    whether white space, or the end of the sentence, comes next if the edges of tags are skipped."""

    neighbour: str | Edge
    space: str
    is_apart: bool


@dataclass(slots=True)
class _Text:
    lead: str
    core: str
    trail: str


def restore_spaces(source: Line, answer: Line, elements: Mapping[str, Element], language: Language) -> Line:
    """The answer with the white space of the source wherever its neighbour is the source's.

    Elsewhere: none just inside a tag or at the ends of the line; a space before a word only if the source has a space
    and `language`, the target's, puts spaces between words; none before a closing mark if the source has none. A
    language without such spaces has none on either side, except before a role, as in the Chinese d2l book.
    """
    return _Spacing(source, elements, language).restored(answer)


class _Spacing:
    def __init__(self, source: Line, elements: Mapping[str, Element], language: Language) -> None:
        self.source = source
        self.elements = elements
        self.language = language
        self.before: dict[Edge, _Side] = {}
        self.after: dict[Edge, _Side] = {}
        for index, text in enumerate(source.texts):
            left, right = source.edges[index], source.edges[index + 1]
            part = _cut(text)
            self.after[left] = _Side(part.core[:1] or right, part.lead, self._is_apart(source, index, 1))
            self.before[right] = _Side(
                part.core[-1:] or left, part.trail if part.core else part.lead, self._is_apart(source, index, -1)
            )

    def restored(self, answer: Line) -> Line:
        parts = [_cut(text) for text in answer.texts]
        _move_out(answer.edges, parts)
        texts: list[str] = []
        for index, part in enumerate(parts):
            left, right = answer.edges[index], answer.edges[index + 1]
            if not part.core:
                texts.append(self._between(left, right, bool(part.lead)))
                continue
            lead = self._beside(self.after[left], left, part.core, bool(part.lead), is_after=True)
            trail = self._beside(self.before[right], right, part.core, bool(part.trail), is_after=False)
            texts.append(lead + part.core + trail)
        return _let_run(Line(answer.edges, tuple(texts)), self.source, self.elements)

    def _is_apart(self, line: Line, index: int, step: int) -> bool:
        while True:
            text, edge = line.texts[index], line.edges[index + (step > 0)]
            if edge in (START, END):
                return not text.strip() or text[::step][0].isspace()
            if text:
                return text[::step][0].isspace()
            if not self.elements[edge.id].is_tag:
                return False
            index += step

    def _beside(self, known: _Side, edge: Edge, text: str, has: bool, *, is_after: bool) -> str:
        """The white space between an edge and a text."""
        neighbour = text[0] if is_after else text[-1]
        if known.neighbour == neighbour:
            return known.space
        if edge.opens if is_after else edge.closes:
            return ""
        element = self.elements[edge.id]
        if not known.space and element.is_half:
            return ""
        is_wide = neighbour in _WIDE or unicodedata.east_asian_width(neighbour) in "WF"
        if is_wide and not self.language.has_spaces:
            is_role = element.kind is PlaceableKind.ROLE and element.opening.startswith(":")
            return " " if is_role and not is_after else ""
        if has:
            return "" if self._belongs(text, is_after) or (neighbour in _EITHER and not known.is_apart) else " "
        # A Korean particle is written to the word before it.
        is_missed = neighbour.isalnum() and not (is_after and "\uac00" <= neighbour <= "\ud7a3")
        return " " if is_missed and known.is_apart and self.language.has_spaces else ""

    def _belongs(self, text: str, is_after: bool) -> bool:
        """Whether a text begins or ends with a mark that stands close to its neighbour."""
        if not is_after:
            return text[-1] in _OPENERS
        is_french = self.language.code.partition("-")[0] == "fr"
        return text[0] in (_CLOSERS if is_french else _CLOSERS + _DOUBLE_MARKS) and not text[1:2].isalnum()

    def _between(self, left: Edge, right: Edge, has: bool) -> str:
        """The white space between two edges with no text between them."""
        after, before = self.after[left], self.before[right]
        if after.neighbour == right:
            return after.space
        if left.opens or right.closes:
            return ""
        if any(not side.space and self.elements[e.id].is_half for side, e in ((after, left), (before, right))):
            return ""
        return " " if has or after.is_apart or before.is_apart else ""


def _cut(text: str) -> _Text:
    core = text.strip()
    if not core:
        return _Text(text, "", "")
    lead = len(text) - len(text.lstrip())
    return _Text(text[:lead], core, text[lead + len(core) :])


def _move_out(edges: tuple[Edge, ...], parts: list[_Text]) -> None:
    """White space just inside a tag goes to its outside."""
    for index in range(len(parts) - 1, 0, -1):
        part, outside = parts[index], parts[index - 1]
        if edges[index].opens and part.lead:
            part.lead = ""
            if outside.core:
                outside.trail = " "
            else:
                outside.lead = " "
    for index in range(len(parts) - 1):
        part, outside = parts[index], parts[index + 1]
        if edges[index + 1].closes and (part.trail or (not part.core and part.lead)):
            part.trail = ""
            if not part.core:
                part.lead = ""
            outside.lead = " "


def _let_run(line: Line, source: Line, elements: Mapping[str, Element]) -> Line:
    """Adds the space without which a run of marks could not begin or end: between a letter and marks with punctuation
    on their other side (CommonMark 0.31.2, section 6.2)."""
    texts = list(line.texts)
    as_in_source = {edge: _faces(source, index, elements) for index, edge in enumerate(source.edges) if edge.id}
    for index, edge in enumerate(line.edges):
        if edge.id and elements[edge.id].kind in _RUNS:
            outer, inner = faces = _faces(line, index, elements)
            if outer.isalnum() and unicodedata.category(inner)[0] in "PS" and faces != as_in_source[edge]:
                texts[index - edge.opens] = f"{texts[index - 1]} " if edge.opens else f" {texts[index]}"
    return Line(line.edges, tuple(texts))


def _faces(line: Line, index: int, elements: Mapping[str, Element]) -> tuple[str, str]:
    """The characters outside and inside of an edge; "" outside if no text is there."""
    before, after = line.texts[index - 1][-1:], line.texts[index][:1]
    if line.edges[index].opens:
        return before, after or _markup(line.edges[index + 1], elements)[:1]
    return after, before or _markup(line.edges[index - 1], elements)[-1:]


def _markup(edge: Edge, elements: Mapping[str, Element]) -> str:
    if not edge.id:
        return ""
    return elements[edge.id].closing if edge.closes else elements[edge.id].opening
