"""The decision table: for each unit of the translation and each piece of new English, what is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from rapidfuzz.fuzz import ratio

from bot.changes.code import merge_code
from bot.changes.diff import Match, match
from bot.changes.patching import only_marks_differ, patch_marks, patch_placeables
from bot.changes.tabs import settle_tabs
from bot.documents import fold, reads_the_same
from bot.model import Action, Bead, Document, FuzzyMatch, Kind, Operation, Plan, Segment, TranslationUnit

# A link below this score may be a wrong one: what it joins is not overwritten, a person is asked.
UNCERTAIN = 0.25
_LONGEST_JOINED = 4


class Memory(Protocol):
    """What the planner asks of the book's translation memory."""

    def exact(self, text: str, kind: Kind, before: str) -> TranslationUnit | None:
        """The human translation of exactly this text, the one with the same preceding text (`before`) preferred."""


class _NoMemory:
    def exact(self, text: str, kind: Kind, before: str) -> TranslationUnit | None:  # noqa: ARG002 - the Protocol's names
        return None


NO_MEMORY: Memory = _NoMemory()


def make_plan(
    base: Document, new: Document, target: Document, beads: Sequence[Bead], memory: Memory = NO_MEMORY
) -> Plan:
    """Decide on every segment: each of the new English is in exactly one operation, each of the base in one.

    `beads` links base and target. Operations come in the order of the new English, removals last.
    """
    matches = match(base, new)
    planner = _Planner(base, new, target, memory, matches)
    operations = planner.units(beads)
    operations += planner.additions(beads)
    operations = settle_tabs(operations, base, new, target)
    operations.sort(key=lambda op: (not op.new, op.new, op.base))
    requests = tuple(i for i, op in enumerate(operations) if op.action is Action.TRANSLATED and op.text is None)
    characters = sum(len(request_text(new, operations[i].new)) for i in requests)
    return Plan(tuple(operations), requests, characters, _untouchable(beads, matches))


def _untouchable(beads: Sequence[Bead], matches: Sequence[Match]) -> tuple[int, ...]:
    same = {m.base for m in matches if m.same}
    return tuple(t for bead in beads if bead.source and same.issuperset(bead.source) for t in bead.target)


def request_text(new: Document, indices: Sequence[int]) -> str:
    """What an engine is sent for a unit: its sentences on one line."""
    return " ".join(new.segments[i].text for i in indices)


class _Planner:
    """One document's planning: the three documents and how the English moved."""

    def __init__(
        self, base: Document, new: Document, target: Document, memory: Memory, matches: Sequence[Match]
    ) -> None:
        self.base = base
        self.new = new
        self.target = target
        self.memory = memory
        self.of_base = {m.base: m for m in matches}
        self.of_new = {m.new for m in matches}
        self.taken: set[int] = set()
        self.omitted_blocks: set[int] = set()
        self.anchored_blocks: set[int] = set()

    def units(self, beads: Sequence[Bead]) -> list[Operation]:
        """An operation, or several, for each bead that has English."""
        operations: list[Operation] = []
        for bead in beads:
            if bead.source:
                operations += self._unit(bead)
        return self._with_cell_notes(operations)

    def _with_cell_notes(self, operations: list[Operation]) -> list[Operation]:
        """What translators added inside a table cell can't outlive the cell: it goes with its last sentence."""
        owner = {t: k for k, op in enumerate(operations) for t in op.target}
        for block in self.target.blocks:
            tokens = range(block.first, block.last)
            notes = [t for t in tokens if t not in owner]
            owners = sorted({owner[t] for t in tokens if t in owner})
            if block.kind is Kind.CELL and notes and owners:
                last = operations[owners[-1]]
                if all(operations[k].action is Action.REMOVED for k in owners):
                    operations[owners[-1]] = replace(last, target=tuple(sorted((*last.target, *notes))))
        return operations

    def _unit(self, bead: Bead) -> list[Operation]:
        matches = [self.of_base[b] for b in bead.source if b in self.of_base]
        images = tuple(sorted(m.new for m in matches))
        self.taken.update(images)
        blocks = {self.new.segments[i].block for i in images}
        (self.anchored_blocks if bead.target else self.omitted_blocks).update(blocks)
        if not images:
            return [self._deleted(bead)]
        if len(matches) == len(bead.source) and all(m.same for m in matches):
            return self._unchanged(bead, matches, images)
        if not bead.target:
            reason = "left out by the translators; its English changed"
            return [Operation(Action.LEFT, reason, bead.source, images, ())]
        images = self._with_insertions(images)
        if not _is_run(images) or len(blocks) > 1 or not self._is_one_kind(images):
            return self._scattered(bead, images)
        return [self._changed(bead, images)]

    def _is_one_kind(self, images: Sequence[int]) -> bool:
        return len(images) == 1 or all(self.new.segments[n].is_prose for n in images)

    def _deleted(self, bead: Bead) -> Operation:
        if bead.target and bead.score < UNCERTAIN:
            return Operation(Action.LEFT, _doubt("was deleted", bead), bead.source, (), bead.target)
        return Operation(Action.REMOVED, "the English was deleted", bead.source, (), bead.target)

    def _with_insertions(self, images: tuple[int, ...]) -> tuple[int, ...]:
        """The images with the new sentences between them, which can only be translated together with them."""
        between = set(range(images[0], images[-1] + 1)) - set(images)
        if len(between) > len(images) or between & self.of_new:
            return images
        self.taken.update(between)
        return tuple(range(images[0], images[-1] + 1))

    def _unchanged(self, bead: Bead, matches: Sequence[Match], images: tuple[int, ...]) -> list[Operation]:
        if not bead.target:
            return [Operation(Action.KEPT, "left out by the translators", bead.source, images, ())]
        base_blocks = {self.base.segments[b].block for b in bead.source}
        new_blocks = {self.new.segments[i].block for i in images}
        between = set(range(images[0], images[-1])) - set(images)
        if between & self.of_new or len(new_blocks) > len(base_blocks):
            reason = "the English of sentences that the translators joined was pulled apart; divide them"
            return [Operation(Action.LEFT, reason, bead.source, images, bead.target)]
        if any(m.moved for m in matches):
            return [Operation(Action.MOVED, "the English moved", bead.source, images, bead.target)]
        return [Operation(Action.KEPT, "unchanged", bead.source, images, bead.target)]

    def _scattered(self, bead: Bead, images: tuple[int, ...]) -> list[Operation]:
        """The changed English of one unit is no longer in one place: each part is made anew."""
        removal = Operation(Action.REMOVED, "its English changed and was pulled apart", bead.source, (), bead.target)
        return [removal, *(self._fresh(i, "the English of a joined sentence was pulled apart") for i in images)]

    def _changed(self, bead: Bead, images: tuple[int, ...]) -> Operation:
        if len(bead.source) == 1 and len(images) == 1:
            return self._changed_single(bead, bead.source[0], images[0])
        reason = "part of sentences that the translators joined"
        reused = self._recall(images)
        if reused is not None:
            return Operation(Action.REUSED, reason, bead.source, images, bead.target, reused.target)
        if bead.score < UNCERTAIN:
            return self._uncertain(bead, images)
        fuzzy = self._old_translation(bead, images)
        return Operation(Action.TRANSLATED, reason, bead.source, images, bead.target, fuzzy=fuzzy)

    def _changed_single(self, bead: Bead, b: int, n: int) -> Operation:
        old, fresh = self.base.segments[b], self.new.segments[n]
        unit = [self.target.segments[t] for t in bead.target]
        if not fresh.is_prose or not old.is_prose:
            return self._changed_opaque(bead, old, fresh, n)
        documents = self.base, self.new
        target_text = " ".join(segment.text for segment in unit)
        patched = patch_placeables(old, fresh, documents, self.target, unit) if _is_run(bead.target) else None
        if patched is not None:
            return Operation(Action.PATCHED, "only placeables changed", (b,), (n,), bead.target, patched)
        if target_text != old.text and len(unit) == 1 and only_marks_differ(old, fresh, documents):
            return self._changed_marks(bead, (b, n), unit[0])
        reused = self._recall((n,))
        if reused is not None:
            reason = f"this sentence is translated in {_place(reused)}"
            return Operation(Action.REUSED, reason, (b,), (n,), bead.target, reused.target)
        if not fresh.has_words:
            return Operation(Action.PATCHED, "no words to translate", (b,), (n,), bead.target, self._raw(n))
        if bead.score < UNCERTAIN:
            return self._uncertain(bead, (n,))
        fuzzy = self._old_translation(bead, (n,))
        return Operation(Action.TRANSLATED, "the English changed", (b,), (n,), bead.target, fuzzy=fuzzy)

    def _changed_marks(self, bead: Bead, pair: tuple[int, int], unit: Segment) -> Operation:
        old, fresh = self.base.segments[pair[0]], self.new.segments[pair[1]]
        marked = patch_marks(old, fresh, self.new, self.target, unit)
        if marked is None:
            reason = "only emphasis or slide marks changed; the words are kept, place the marks"
            return Operation(Action.LEFT, reason, (pair[0],), (pair[1],), bead.target)
        if marked == self.target.text[unit.start : unit.end]:
            return Operation(Action.KEPT, "has the new marks already", (pair[0],), (pair[1],), bead.target)
        return Operation(Action.PATCHED, "only marks changed", (pair[0],), (pair[1],), bead.target, marked)

    def _changed_opaque(self, bead: Bead, old: Segment, fresh: Segment, n: int) -> Operation:
        localised = "\n".join(self.target.segments[t].text for t in bead.target)
        was, english, theirs = (text.replace("\r\n", "\n") for text in (old.text, fresh.text, localised))
        reused = self._recall((n,)) if theirs == was else None
        if reused is not None:
            reason = f"this {fresh.kind} is localised in {reused.path}"
            return Operation(Action.REUSED, reason, bead.source, (n,), bead.target, reused.target)
        if english == theirs:
            return Operation(Action.KEPT, "up to date already", bead.source, (n,), bead.target)
        merged = merge_code(was, english, theirs)
        if merged.replaced:
            pairs = "; ".join(map(str, merged.replaced))
            reason = f"{fresh.kind}: new English lines replaced localised ones: {pairs}"
            fuzzy = FuzzyMatch(old.text, localised, ratio(was, english) / 100)
            return Operation(Action.LEFT, reason, bead.source, (n,), bead.target, merged.text, fuzzy)
        if merged.text == theirs:
            return Operation(Action.KEPT, "its English lines are unchanged", bead.source, (n,), bead.target)
        reason = f"{fresh.kind} merged line by line" if theirs != was else f"{fresh.kind} copied"
        return Operation(Action.PATCHED, reason, bead.source, (n,), bead.target, merged.text)

    def _uncertain(self, bead: Bead, images: tuple[int, ...]) -> Operation:
        return Operation(Action.LEFT, _doubt("changed", bead), bead.source, images, bead.target)

    def _old_translation(self, bead: Bead, images: tuple[int, ...]) -> FuzzyMatch | None:
        """The translation of the old English, if there is one; similarity as in the memory's fuzzy matches."""
        source, fresh = request_text(self.base, bead.source), request_text(self.new, images)
        targets = [self.target.segments[t] for t in bead.target]
        target = fold(self.target.text[targets[0].start : targets[-1].end])
        return None if reads_the_same(source, target) else FuzzyMatch(source, target, ratio(source, fresh) / 100)

    def additions(self, beads: Sequence[Bead]) -> list[Operation]:
        """An operation for each segment of the new English that no bead led to."""
        extras = {self.target.segments[t].text: t for bead in beads if not bead.source for t in bead.target}
        operations: list[Operation] = []
        for n, segment in enumerate(self.new.segments):
            if n in self.taken:
                continue
            joined = self._joined_elsewhere(n)
            if joined is not None:
                self.taken.update(joined.new)
                operations.append(joined)
                continue
            extra = extras.pop(segment.text, None) if segment.kind in (Kind.CODE, Kind.MATH) else None
            if extra is not None:
                operations.append(Operation(Action.KEPT, "the translators had added it", (), (n,), (extra,)))
            elif segment.block in self.omitted_blocks - self.anchored_blocks:
                reason = "new English in a passage that the translators left out"
                operations.append(Operation(Action.LEFT, reason, (), (n,), ()))
            else:
                operations.append(self._fresh(n, "new English"))
        return operations

    def _joined_elsewhere(self, n: int) -> Operation | None:
        """New sentences in a row that translators elsewhere in the book translated as one."""
        for length in range(_LONGEST_JOINED, 1, -1):
            run = tuple(range(n, min(n + length, len(self.new.segments))))
            blocks = {self.new.segments[i].block for i in run}
            if len(run) < length or len(blocks) > 1 or self.taken & set(run) or not self.new.segments[n].is_prose:
                continue
            reused = self._recall(run)
            if reused is not None:
                return Operation(Action.REUSED, f"translated in {_place(reused)}", (), run, (), reused.target)
        return None

    def _fresh(self, n: int, reason: str) -> Operation:
        segment = self.new.segments[n]
        reused = self._recall((n,))
        if reused is not None:
            return Operation(Action.REUSED, f"translated in {_place(reused)}", (), (n,), (), reused.target)
        if not segment.is_prose or not segment.has_words:
            return Operation(Action.PATCHED, f"new {segment.kind}, copied", (), (n,), (), self._raw(n))
        return Operation(Action.TRANSLATED, reason, (), (n,), ())

    def _recall(self, images: tuple[int, ...]) -> TranslationUnit | None:
        before = self.new.segments[images[0] - 1].text if images[0] else ""
        return self.memory.exact(request_text(self.new, images), self.new.segments[images[0]].kind, before)

    def _raw(self, n: int) -> str:
        segment = self.new.segments[n]
        return self.new.text[segment.start : segment.end]


def _is_run(indices: Sequence[int]) -> bool:
    return list(indices) == list(range(indices[0], indices[0] + len(indices)))


def _doubt(what: str, bead: Bead) -> str:
    return f"the English {what}, but it is uncertain (score {bead.score:.2f}) that this is its translation"


def _place(unit: TranslationUnit) -> str:
    return unit.path or "another place of this document"
