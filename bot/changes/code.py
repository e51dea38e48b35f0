"""Three-way merge of opaque blocks (code cells, formulas, front matter): of lines first, then of a line's tokens."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.alignment.differing import opcodes
from bot.alignment.likeness import likeness
from bot.changes.code_lines import CARRIED_OVER, LineLink, common_pairs, link, words_of
from bot.changes.entries import in_order_of
from bot.changes.line_merging import exchange_literals, merge_line
from bot.changes.line_shapes import CodeLine, indentation, read_lines
from bot.documents import directive_name, syntax_of
from bot.model import Action, FuzzyMatch, Operation, Versions

_MAX_QUOTED_LENGTH = 60  # characters of each side of a replacement in its description

# A value of front matter or of an option is read if it has two words in a row, any other text if it has one.
_KEY = re.compile(r"[ \t]*(?::[\w-]+:|[\w.-]+[ \t]*:(?=\s))")
_TWO_WORDS, _WORD = re.compile(r"[^\W\d_]+[ \t]+[^\W\d_]{2,}"), re.compile(r"[^\W\d_]{2,}")
_NO_WORDS = re.compile(r"</?[A-Za-z][^<>]*>|`[^`]*`|[`~:]{3,}[ \t]*(?:\{[^}]*\}|[\w-]+)|[!-~]*[./][!-~]+")


class Replaced(NamedTuple):
    """Lines of the translators that new English lines replaced; either may be empty."""

    localised: tuple[str, ...]
    english: tuple[str, ...]

    def __str__(self) -> str:
        return f"{_quoted(self.localised) or '(left out)'} → {_quoted(self.english) or '(deleted)'}"


def _quoted(lines: Sequence[str]) -> str:
    text = " ".join(" ".join(lines).split())
    return text if len(text) <= _MAX_QUOTED_LENGTH else f"{text[: _MAX_QUOTED_LENGTH - 1]}…"


@dataclass(frozen=True, slots=True)
class CodeMerge:
    """The merged text, its lines ending in a line feed. A person has to look at what was `replaced`, and at the new
    English lines of text that were `added` to a translated block."""

    text: str
    replaced: tuple[Replaced, ...] = ()
    added: tuple[str, ...] = ()


def merge_opaque(unit: Operation, kind: str, texts: Versions[str]) -> Operation:
    """The decision on an opaque unit whose three texts are merged line by line; `kind` is its name in the reason."""
    was, english, theirs = (text.replace("\r\n", "\n") for text in texts)
    merged = merge_code(texts)
    if merged.replaced or merged.added:
        reasons: list[str] = []
        if merged.replaced:
            reasons.append(f"new English lines replaced localised ones: {'; '.join(map(str, merged.replaced))}")
        if merged.added:
            reasons.append(f"new English lines stand in it: {'; '.join(_quoted([line]) for line in merged.added)}")
        fuzzy = FuzzyMatch(texts.base, texts.target, likeness(was, english) / 100)
        name = directive_name(texts.new) if syntax_of(texts.new).is_shown else ""
        reason = f"{name or kind}: {'; '.join(reasons)}"
        return replace(unit, action=Action.LEFT, reason=reason, text=merged.text, fuzzy=fuzzy)
    if merged.text == theirs:
        return replace(unit, action=Action.KEPT, reason="its English lines are unchanged")
    return replace(unit, action=Action.PATCHED, reason=f"{kind} merged line by line", text=merged.text)


def merge_code(texts: Versions[str]) -> CodeMerge:
    """Bring the changes of the English into the translation.

    Localised lines stay while their English does, and so do the translators' own lines; changed English replaces the
    line it was. If both changed a line, it is merged (see `merge_line`); where the two clash, the new English wins.
    """
    base, new, translated = (text.replace("\r\n", "\n") for text in texts)
    if base == translated or new == translated:
        return CodeMerge(new)
    if base == new:
        return CodeMerge(translated)
    merger = _Merger(Versions(*map(_lines, (base, new, translated))))
    merger.run()
    text = "".join(merger.result)
    ended = [version.endswith("\n") for version in (base, new, translated)]
    ends = ended[2] if ended[0] == ended[1] else ended[1]
    return CodeMerge(text if ends else text.removesuffix("\n"), tuple(merger.replaced), tuple(merger.fresh))


def _lines(text: str) -> list[str]:
    """Every line with a line feed, the last one too: a missing end is no difference between lines."""
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []


class _Merger:
    """One merge of lines. `units` link the base's lines to the translators'; `replaced` are the conflicts, `fresh` the
    new lines of text."""

    def __init__(self, texts: Versions[list[str]]) -> None:
        self.syntax = syntax_of((texts.base or texts.target or [""])[0])
        base, new, self.theirs = (read_lines(lines, self.syntax) for lines in texts)
        self.base, self.new = in_order_of(base, self.theirs), in_order_of(new, self.theirs)
        self.there: set[int] = set()  # of the new lines those that the translation has
        self.pieces = list(self._pieces())
        standing = self._carried_over()
        self.units = link(self.base, self.theirs, self.syntax, standing)
        self.starts = [unit.a0 for unit in self.units]
        ends = [*(unit.b0 for unit in self.units), len(self.theirs)]
        # The translators' own lines behind each unit; those in `waiting` are not in `result` yet.
        self.added = [self.theirs[unit.b1 : end] for unit, end in zip(self.units, ends[1:], strict=True)]
        self.waiting = self.theirs[: ends[0]]
        own = (line for lines in (self.waiting, *self.added) for line in lines)
        self.own_keys = {line.kind for line in own if line.family == "key" and line.is_outermost}
        self.result: list[str] = []
        self.replaced: list[Replaced] = []
        self.fresh: list[str] = []
        self.moved: list[tuple[str, ...]] = []

    def run(self) -> None:
        steps = self._steps()
        gone = {_texts(self.base[s.a0 : s.a1]): self._localised(s) for s in steps if s.b0 == s.b1}
        for step in steps:
            if step.a0 == step.a1:
                fresh = [self.new[n] for n in range(step.b0, step.b1) if n not in self.there]
                self.waiting = self._union(self._inserted(fresh, gone))
                continue
            lines = self._merged(step)
            if lines:
                self.result += (line.text for line in self.waiting)
                self.result += lines
                self.waiting = []
            for k in self._units_in(step):
                self.waiting += self.added[k]
        self.result += (line.text for line in self.waiting)
        self.replaced = [pair for pair in self.replaced if pair.english or pair.localised not in self.moved]

    def _pieces(self) -> Iterator[LineLink]:
        """The way from the base to the new English."""
        for tag, a0, a1, b0, b1 in _opcodes(self.base, self.new):
            if tag == "equal":
                yield from (LineLink(a0 + k, a0 + k + 1, b0 + k, b0 + k + 1) for k in range(a1 - a0))
            else:
                yield from self._changed_pieces(a0, a1, b0, b1)

    def _carried_over(self) -> list[LineLink]:
        """The links to lines that the translation has from the new English already.

        Its lines that are new there have no counterpart in the base, and are not inserted again.
        """
        known = {line.essence for line in self.base}
        fresh, theirs = (
            [k for k, line in enumerate(lines) if line.essence not in known and _WORD.search(line.text)]
            for lines in (self.new, self.theirs)
        )
        texts = [self.new[n].essence for n in fresh], [self.theirs[t].essence for t in theirs]
        found = {fresh[x]: theirs[y] for x, y in common_pairs(*texts)}
        standing: list[LineLink] = []
        for piece in self.pieces:
            new = range(piece.b0, piece.b1)
            places = [found[n] for n in new if n in found]
            if piece.a0 == piece.a1:
                self.there.update(n for n in new if n in found)
                for t in places:
                    self.theirs[t] = self.theirs[t]._replace(kind=CARRIED_OVER, code="", opens=True)
            elif places and places == list(range(places[0], places[0] + len(new))):
                standing.append(LineLink(piece.a0, piece.a1, places[0], places[-1] + 1))
        return standing

    def _steps(self) -> list[LineLink]:
        """The pieces, joined so that no unit of the translators reaches across one."""
        steps: list[LineLink] = []
        for piece in self.pieces:
            k = bisect_right(self.starts, piece.a0) - 1
            begun = k >= 0 and self.starts[k] < piece.a0 < self.units[k].a1
            if begun and steps:
                steps[-1] = LineLink(steps[-1].a0, piece.a1, steps[-1].b0, piece.b1)
            else:
                steps.append(piece)
        return steps

    def _changed_pieces(self, a: int, a_end: int, b: int, b_end: int) -> Iterator[LineLink]:
        """A changed region, line by line if its lines are versions of each other."""
        base, new = self.base[a:a_end], self.new[b:b_end]
        a0 = b0 = 0
        for found in (*link(base, new, self.syntax), LineLink(len(base), len(base), len(new), len(new))):
            yield from (LineLink(a + k, a + k + 1, b + b0, b + b0) for k in range(a0, found.a0))
            if b0 < found.b0:
                yield LineLink(a + found.a0, a + found.a0, b + b0, b + found.b0)
            if found.a0 < found.a1:
                yield LineLink(a + found.a0, a + found.a1, b + found.b0, b + found.b1)
            a0, b0 = found.a1, found.b1

    def _units_in(self, step: LineLink) -> range:
        return range(bisect_left(self.starts, step.a0), bisect_left(self.starts, step.a1))

    def _localised(self, step: LineLink) -> list[CodeLine]:
        return [line for k in self._units_in(step) for line in self.theirs[self.units[k].b0 : self.units[k].b1]]

    def _merged(self, step: LineLink) -> tuple[str, ...]:
        """The lines that take the place of the step's; what people lose is noted."""
        sides = Versions(self.base[step.a0 : step.a1], self.new[step.b0 : step.b1], self._localised(step))
        old, fresh, localised = texts = Versions(*map(_texts, sides))
        if old == fresh:
            return localised
        if localised in (old, fresh):
            if localised == old:
                self._note_fresh(line for line in sides.new if not any(map(_has_words_for_readers, sides.base)))
            return fresh
        if localised and words_of(sides.base) == words_of(sides.new):
            was, now = indentation(old[0]), indentation(fresh[0])
            return tuple(_indented(line, was, now) for line in localised)
        if len(old) == len(fresh) == len(localised) == 1:
            line = merge_line(Versions(*(side[0] for side in sides)), self.syntax)
            if not line.is_sure:
                self.replaced.append(Replaced(localised, (line.text,)))
            return (line.text,)
        exchanged = exchange_literals(Versions(*map("".join, texts)))
        if exchanged is not None:
            return (exchanged,)
        if localised or fresh:
            self.replaced.append(Replaced(localised, fresh))
        return fresh

    def _inserted(self, fresh: Sequence[CodeLine], gone: dict[tuple[str, ...], list[CodeLine]]) -> list[CodeLine]:
        """The inserted lines, localised if they only moved within the block, without options that people added too."""
        fresh = [line for line in fresh if line.kind not in self.own_keys]
        lines: list[CodeLine] = []
        at = 0
        longest = max(map(len, gone), default=0)
        while at < len(fresh):
            sizes = range(min(longest, len(fresh) - at), 0, -1)
            size = next((s for s in sizes if gone.get(_texts(fresh[at : at + s]))), 0)
            localised = gone[_texts(fresh[at : at + size])] if size else []
            self.moved.append(_texts(localised))
            lines += localised or fresh[at : at + 1]
            at += size or 1
        return lines

    def _union(self, inserted: Sequence[CodeLine]) -> list[CodeLine]:
        """The translators' lines that wait and the new English ones, those in both once."""
        standing = _texts(self.theirs)
        if self._belongs_before(inserted):
            self._note_fresh(line for line in inserted if line.text not in standing)
            return [*inserted, *self.waiting]
        lines: list[CodeLine] = []
        for tag, a0, a1, b0, b1 in opcodes(_texts(self.waiting), _texts(inserted)):
            lines += self.waiting[a0:a1]
            if tag != "equal":
                lines += inserted[b0:b1]
                self._note_fresh(line for line in inserted[b0:b1] if line.text not in standing)
        return lines

    def _belongs_before(self, inserted: Sequence[CodeLine]) -> bool:
        """Whether the inserted lines go on with an entry, and what the translators added begins another."""
        depths = [
            next((len(indentation(line.text)) for line in lines if line.text.strip()), 0)
            for lines in (inserted, self.waiting)
        ]
        return self.syntax.is_text and depths[0] > depths[1]

    def _note_fresh(self, lines: Iterable[CodeLine]) -> None:
        """Note the lines with words for readers, which stand in English where everything else is translated."""
        if self.syntax.is_shown:
            self.fresh += (line.text for line in lines if _has_words_for_readers(line))


def _indented(line: str, was: str, now: str) -> str:
    if was == now or not line.strip():
        return line
    return now + (line[len(was) :] if line.startswith(was) else line.lstrip())


def _has_words_for_readers(line: CodeLine) -> bool:
    text = _NO_WORDS.sub(" ", line.text)
    return bool(_TWO_WORDS.search(_KEY.sub("", text)) if line.family == "key" else _WORD.search(text))


def _texts(lines: Sequence[CodeLine]) -> tuple[str, ...]:
    return tuple(line.text for line in lines)


def _opcodes(a: Sequence[CodeLine], b: Sequence[CodeLine]) -> Iterator[tuple[str, int, int, int, int]]:
    """The opcodes of difflib between the common first and last lines: alone it may misplace a line put among equals.
    White space at the end of a line is no difference."""
    old, new = [line.text.rstrip() for line in a], [line.text.rstrip() for line in b]
    shorter = min(len(a), len(b))
    head = next((k for k in range(shorter) if old[k] != new[k]), shorter)
    tail = next((k for k in range(shorter - head) if old[-1 - k] != new[-1 - k]), shorter - head)
    yield "equal", 0, head, 0, head
    for tag, a0, a1, b0, b1 in opcodes(old[head : len(a) - tail], new[head : len(b) - tail]):
        yield tag, a0 + head, a1 + head, b0 + head, b1 + head
    yield "equal", len(a) - tail, len(a), len(b) - tail, len(b)
