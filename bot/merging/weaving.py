"""Orders the pieces of the new translation: the translators' text stays, new text takes the place that it has in the
English."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.documents import BOM, directive_pairs, is_tab
from bot.merging.joints import fit, tail
from bot.merging.leads import INLINE, LeadWriter, structure_class
from bot.merging.pieces import Piece, Woven
from bot.model import Action, Block, Document, Kind, Language, Operation, Versions


@dataclass(frozen=True, slots=True)
class _Lead:
    text: str
    starts_block: bool


class Weaver:
    """One document's weaving. Operations have their texts; they come in the order of the new English, removals last.
    The structure before those that are `held` stays as it was."""

    def __init__(
        self,
        documents: Versions[Document],
        operations: Sequence[Operation],
        language: Language,
        held: frozenset[int] = frozenset(),
    ) -> None:
        self.held = held
        self.documents = documents
        self.base, self.new, self.target = documents
        self.operations = operations
        self.writer = LeadWriter(documents, operations, language)
        self.owner = {t: i for i, op in enumerate(operations) for t in op.target}
        self.added = {a: b for a, b in directive_pairs(self.target) if a not in self.owner}
        self.new_tabs = {i for pair in _tabs(self.new) for i in pair}
        tabs = sorted(pair for pair in _tabs(self.target) if pair[0] in self.added)
        # Where the tabs that translators put there begin, and the farthest end of those up to there.
        self.added_tabs = [a for a, _ in tabs], list(accumulate((b for _, b in tabs), max))
        self.owned = sorted(self.owner)
        self.additions: dict[int, int] = {}
        self.standing: dict[int, int] = {}
        self.previous: Piece | None = None
        self.gone: set[int] = set()
        self.buckets: dict[int, list[int]] = defaultdict(list)
        self._place()
        self.roles = self._roles()
        self.pieces: list[Piece] = []

    def weave(self) -> Woven:
        self._emit_bucket(-1)
        token = 0
        while token < len(self.target.segments):
            last = token
            if token not in self.gone:
                piece = self._stay(token)
                self._append(piece)
                last = piece.tokens[-1]
            for passed in range(token, last + 1):
                self._emit_bucket(passed)
            token = last + 1
        head = BOM if self.target.text.startswith(BOM) else ""
        end = tail(self.previous, self.writer)
        return Woven(self.documents, self.operations, self.pieces, head, end, self.held)

    # -- places

    def _place(self) -> None:
        """Find the tokens that leave their place, and the token after which each inserted operation goes."""
        anchor = -1
        waiting: list[int] = []
        for index, op in enumerate(self.operations):
            if not op.new:
                if op.action is not Action.LEFT:
                    self.gone.update(op.target)
            elif op.target and not op.leaves_its_place:
                self._bind(waiting, index, anchor)
                anchor = max(op.target)
                waiting = []
            elif op.target or op.text is not None:
                self.gone.update(self._with_attached(op.target))
                anchor = self._after_additions(anchor, op.new[0])
                self.buckets[anchor].append(index)
                waiting.append(index)

    def _bind(self, waiting: Sequence[int], index: int, anchor: int) -> None:
        """Move insertions right before the staying operation `index` that the new English joins them to, with no blank
        line or a marker between: a sentence of its paragraph, say, or the line that opens its tab."""
        before = min(self.operations[index].target) - 1
        if before <= anchor:
            return
        bound = index
        for inserted in reversed(waiting):
            start = self.operations[bound].new[0]
            lead = self.new.lead(start)
            if start != self.operations[inserted].new[-1] + 1 or lead.count("\n") > 1 or lead.strip():
                break
            bound = inserted
        moving = [i for i in waiting if i >= bound]
        if moving:
            going = set(moving)
            self.buckets[anchor] = [i for i in self.buckets[anchor] if i not in going]
            self.buckets[before] = [*moving, *self.buckets[before]]

    def _with_attached(self, tokens: Sequence[int]) -> list[int]:
        """The tokens and the translators' additions that follow the last of them."""
        if not tokens:
            return []
        last = max(tokens)
        return [*tokens, *range(last + 1, self._additions_end(last) + 1)]

    def _additions_end(self, token: int) -> int:
        if token not in self.additions:
            self.additions[token] = self._find_additions_end(token)
        return self.additions[token]

    def _find_additions_end(self, token: int) -> int:
        end = token
        while end + 1 < len(self.target.segments) and end + 1 not in self.owner:
            inside = bisect_left(self.owned, end + 1)
            if inside < len(self.owned) and self.owned[inside] < self.added.get(end + 1, end):
                break  # a tab or directive that translators put around text of the English begins here
            end += 1
        # Credits or an appendix at the end stay at the end.
        if end == len(self.target.segments) - 1 and end > token:
            first = self.target.segments[token + 1]
            if first.kind in (Kind.HEADING, Kind.RULE):
                return token
        return end

    def _after_additions(self, anchor: int, new_index: int) -> int:
        """Additions stay with the text before them: new text goes behind the additions of its own paragraph, or behind
        all."""
        if anchor < 0:
            return anchor
        if new_index in self.new_tabs:
            # Tabs don't nest: a new tab goes behind a tab that translators put around its neighbour.
            starts, ends = self.added_tabs
            begun = bisect_left(starts, anchor)
            anchor = max(anchor, ends[begun - 1]) if begun else anchor
        end = self._additions_end(anchor)
        if structure_class(self.new, new_index) == INLINE:
            block = self.target.segments[anchor].block
            while end > anchor and self.target.segments[end].block != block:
                end -= 1
        return end

    # -- pieces and their leads

    def _append(self, piece: Piece) -> None:
        """Add a piece, with a lead that fits the piece before it."""
        if piece.content:
            piece = self.previous = fit(self.previous, piece, self.writer)
        self.pieces.append(piece)

    def _emit_bucket(self, token: int) -> None:
        for index in self.buckets.get(token, ()):
            for piece in self._inserted(index):
                self._append(piece)

    def _inserted(self, index: int) -> list[Piece]:
        op = self.operations[index]
        tokens = self._with_attached(op.target)
        lead = self._adapted(op)
        same = op.base and structure_class(self.base, op.base[0]) == structure_class(self.new, op.new[0])
        if tokens and same and structure_class(self.target, tokens[0]) != INLINE and self.pieces:
            lead = self._own(tokens[0])
        own = [(t, lead if t == tokens[0] else self._own(t)) for t in tokens]
        pieces = [
            Piece((t,), self.owner.get(t), lead.text, self.target.raw(t), starts_block=lead.starts_block, inserted=True)
            for t, lead in own
        ]
        if op.text is None:
            return pieces
        text = self.writer.lines(op.text)
        made = Piece(op.target, index, lead.text, text, starts_block=lead.starts_block, inserted=True)
        return [made, *pieces[len(op.target) :]]

    def _stay(self, token: int) -> Piece:
        index = self.owner.get(token)
        if index is None:
            lead = self._inherited(token) or self._own(token)
            return Piece((token,), None, lead.text, self.target.raw(token), starts_block=lead.starts_block)
        op = self.operations[index]
        role = None if index in self.held else self.roles.get(token)
        lead = self._own(token) if role is None else self._new_lead(token, self.operations[role])
        piece = Piece((token,), index, lead.text, self.target.raw(token), starts_block=lead.starts_block)
        if op.text is None:
            return piece
        if token != op.target[0]:
            # The unit's text stands where its first token stood.
            return replace(piece, lead="", content="")
        # The tokens that follow each other from the first; the others are emptied in place.
        end, own = token, set(op.target)
        while end + 1 in own:
            end += 1
        return replace(piece, tokens=tuple(range(token, end + 1)), content=self.writer.lines(op.text))

    def _new_lead(self, token: int, op: Operation) -> _Lead:
        """The translation's own lead, unless the English changed its meaning or the beginning of the block is gone."""
        own, inherited = self._own(token), self._inherited(token)
        if not op.base or not op.new:
            return inherited or own
        # If the translators' own words begin the block of this token, they carry its markers.
        if min(self._first_standing(self.target.block_of(token)), token) not in self.owner:
            return own
        old_lead, new_lead = self.base.lead(op.base[0]), self.new.lead(op.new[0])
        wanted = structure_class(self.new, op.new[0])
        if structure_class(self.base, op.base[0]) == wanted:
            if wanted == INLINE:
                return own
            # A list that the English renumbered, in a translation that numbers it as the old English did.
            renumbered = _digits(old_lead) != _digits(new_lead) and own.text == self.writer.lines(old_lead)
            return _Lead(self.writer.lines(new_lead), True) if renumbered else inherited or own
        if inherited is not None and structure_class(self.target, self._inherited_from(token)) == wanted:
            return inherited
        return self._adapted(op)

    def _first_standing(self, block: Block) -> int:
        """The first token of a block that does not leave its place."""
        if block.first not in self.standing:
            tokens = range(block.first, block.last)
            self.standing[block.first] = next((t for t in tokens if t not in self.gone), block.last)
        return self.standing[block.first]

    def _roles(self) -> dict[int, int]:
        """For the first token of each staying operation the operation whose place in the English it takes: its own,
        unless the translators put the sentences of a paragraph in another order."""
        members: dict[int, list[int]] = defaultdict(list)
        for index, op in enumerate(self.operations):
            if op.target and op.target[0] not in self.gone:
                members[self.target.segments[op.target[0]].block].append(index)
        roles: dict[int, int] = {}
        for indices in members.values():
            roles.update(zip(sorted(self.operations[i].target[0] for i in indices), indices, strict=True))
        return roles

    def _inherited_from(self, token: int) -> int:
        """The token whose lead this one takes over, as everything between them is gone; itself if nothing is."""
        first = token
        while first - 1 in self.gone and not self.target.starts_block(first):
            first -= 1
        return first

    def _inherited(self, token: int) -> _Lead | None:
        first = self._inherited_from(token)
        starts = first != token and self.target.starts_block(first)
        return self._own(first) if starts else None

    def _own(self, token: int) -> _Lead:
        lead = self.target.lead(token)
        return _Lead(lead.removeprefix(BOM) if token == 0 else lead, self.target.starts_block(token))

    def _adapted(self, op: Operation) -> _Lead:
        before = self.pieces[-1].content if self.pieces else ""
        return _Lead(self.writer.adapt(op.new[0], before), self.new.starts_block(op.new[0]))


def _tabs(document: Document) -> list[tuple[int, int]]:
    return [pair for pair in directive_pairs(document) if is_tab(document.segments[pair[0]].text)]


def _digits(lead: str) -> str:
    return "".join(filter(str.isdigit, lead))
