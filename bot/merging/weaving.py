"""Puts the pieces of the new translation in order: the translators' text stays, operations go where the English says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents import BOM
from bot.merging.leads import INLINE, LeadWriter, structure_class
from bot.model import Action, Document, Kind, Language, Operation


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the new translation: lead and content. `tokens` are the segments of the old translation that stand
    in its place (empty for an insertion), `operation` what made it (None for the translators' own additions)."""

    tokens: tuple[int, ...]
    operation: int | None
    lead: str
    content: str
    inserted: bool


class Weaver:
    """One document's weaving. Operations must be in the order of the new English, removals last, and have their texts."""

    def __init__(
        self, documents: tuple[Document, Document, Document], operations: Sequence[Operation], language: Language
    ) -> None:
        self.base, self.new, self.target = documents
        self.operations = operations
        self.writer = LeadWriter(self.target, language)
        self.owner = {t: i for i, op in enumerate(operations) for t in op.target}
        self.gone: set[int] = set()
        self.buckets: dict[int, list[int]] = defaultdict(list)
        self.anchors: list[int] = []
        self._place()

    def weave(self) -> list[Piece]:
        """The pieces in order."""
        pieces: list[Piece] = []
        self._emit_bucket(-1, pieces)
        token = 0
        while token < len(self.target.segments):
            last = token
            if token not in self.gone:
                piece = self._stay(token, pieces)
                pieces.append(piece)
                last = piece.tokens[-1]
            for passed in range(token, last + 1):
                self._emit_bucket(passed, pieces)
            token = last + 1
        return pieces

    def tail(self) -> str:
        """What stands after the last segment."""
        old, new = len(self.base.segments), len(self.new.segments)
        if structure_class(self.base, old) == structure_class(self.new, new):
            return self.target.lead(len(self.target.segments))
        return self.writer.lines(self.new.lead(new))

    # -- where things go

    def _place(self) -> None:
        """For each operation the token it stands after (its anchor), and what has to leave its place."""
        anchor = -1
        for index, op in enumerate(self.operations):
            if not op.new:
                self.gone.update(op.target)
                self.anchors.append(anchor)
                continue
            if op.target and op.action is not Action.MOVED:
                anchor = max(op.target)
            elif op.target or op.text is not None:
                if op.target:
                    self.gone.update(self._with_attached(op.target))
                anchor = self._after_additions(anchor, op.new[0])
                self.buckets[anchor].append(index)
            self.anchors.append(anchor)

    def _with_attached(self, tokens: Sequence[int]) -> list[int]:
        """The tokens and the translators' additions that follow the last of them."""
        last = max(tokens)
        return [*tokens, *range(last + 1, self._additions_end(last) + 1)]

    def _additions_end(self, token: int) -> int:
        end = token
        while end + 1 < len(self.target.segments) and end + 1 not in self.owner:
            end += 1
        # Credits or an appendix at the end stay at the end.
        if end == len(self.target.segments) - 1 and end > token:
            first = self.target.segments[token + 1]
            if first.kind in (Kind.HEADING, Kind.RULE):
                return token
        return end

    def _after_additions(self, anchor: int, new_index: int) -> int:
        """Additions stay with what precedes them: new text goes behind those of its own paragraph, or behind all."""
        if anchor < 0:
            return anchor
        end = self._additions_end(anchor)
        if structure_class(self.new, new_index) == INLINE:
            block = self.target.segments[anchor].block
            while end > anchor and self.target.segments[end].block != block:
                end -= 1
        return end

    # -- what they look like

    def _emit_bucket(self, token: int, pieces: list[Piece]) -> None:
        for index in self.buckets.get(token, ()):
            pieces += self._insert(index, pieces)

    def _insert(self, index: int, pieces: list[Piece]) -> list[Piece]:
        op = self.operations[index]
        before = pieces[-1].content if pieces else ""
        lead = self.writer.adapt(self.new, op.new[0], before)
        if op.text is not None:
            return [Piece((), index, lead, self.writer.lines(op.text), inserted=True)]
        first = op.target[0]
        same = op.base and structure_class(self.base, op.base[0]) == structure_class(self.new, op.new[0])
        if same and structure_class(self.target, first) != INLINE and pieces:
            lead = self._lead(first)
        found = [Piece((first,), index, lead, self._content(first), inserted=True)]
        for token in self._with_attached(op.target)[1:]:
            owner = self.owner.get(token)
            found.append(Piece((token,), owner, self._lead(token), self._content(token), inserted=True))
        return found

    def _stay(self, token: int, pieces: list[Piece]) -> Piece:
        index = self.owner.get(token)
        lead = self._lead(token)
        if index is None:
            return Piece((token,), None, self._inherited(token) or lead, self._content(token), inserted=False)
        op = self.operations[index]
        if token == op.target[0]:
            lead = self._new_lead(token, op, pieces)
        if op.text is None:
            return Piece((token,), index, lead, self._content(token), inserted=False)
        tokens = _run_from(token, op.target)
        content = self.writer.lines(op.text) if token == op.target[0] else ""
        return Piece(tokens, index, lead if content else "", content, inserted=False)

    def _new_lead(self, token: int, op: Operation, pieces: list[Piece]) -> str:
        """The translation's own lead unless the English changed what it means, or what began the block is gone."""
        own = self._lead(token)
        if not op.base:
            return own
        old_lead, new_lead = self.base.lead(op.base[0]), self.new.lead(op.new[0])
        wanted = structure_class(self.new, op.new[0])
        if structure_class(self.base, op.base[0]) == wanted:
            # A list that the English renumbered, in a translation that numbers it as the old English did.
            renumbered = wanted != INLINE and _digits(old_lead) != _digits(new_lead) and own == self.writer.lines(old_lead)
            return self.writer.lines(new_lead) if renumbered else own
        inherited = self._inherited(token)
        if inherited is not None and self._inherited_class(token) == wanted:
            return inherited
        return self.writer.adapt(self.new, op.new[0], pieces[-1].content if pieces else "")

    def _inherited_from(self, token: int) -> int:
        """The token whose lead this one takes over because everything between them left: itself where nothing did."""
        first = token
        while first and first - 1 in self.gone and self._same_block(first - 1, first):
            first -= 1
        return first

    def _inherited(self, token: int) -> str | None:
        first = self._inherited_from(token)
        starts = first != token and self.target.starts_block(first)
        return self._lead(first) if starts else None

    def _inherited_class(self, token: int) -> str:
        return structure_class(self.target, self._inherited_from(token))

    def _same_block(self, a: int, b: int) -> bool:
        return self.target.segments[a].block == self.target.segments[b].block

    def _lead(self, token: int) -> str:
        lead = self.target.lead(token)
        return lead.removeprefix(BOM) if token == 0 else lead

    def _content(self, token: int) -> str:
        segment = self.target.segments[token]
        return self.target.text[segment.start : segment.end]


def _run_from(token: int, targets: Sequence[int]) -> tuple[int, ...]:
    """The tokens of a unit that follow each other from its first one; others are emptied where they stand."""
    end = token
    while token == targets[0] and end + 1 in targets:
        end += 1
    return tuple(range(token, end + 1))


def _digits(lead: str) -> str:
    return "".join(filter(str.isdigit, lead))
