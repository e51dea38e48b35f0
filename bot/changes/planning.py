"""The decision table: an operation for each unit of the translation and each piece of new English."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.changes.asking import assisted, plan_of, with_former
from bot.changes.carrying import SentenceRepairer, is_run, reuse_carried, reuse_removed
from bot.changes.code import merge_opaque
from bot.changes.convergence import find_convergence, name_omissions
from bot.changes.diff import Match, match
from bot.changes.grouping import one_bead
from bot.changes.labels import pair_labels
from bot.changes.tabs import settle_tabs
from bot.changes.untranslated import STILL_UNTRANSLATED
from bot.documents import Untranslated, reads_the_same, same_formula
from bot.memory import TranslationMemory
from bot.model import Action, Bead, Carried, Direction, Document, Kind, Operation, Plan, Segment, Versions
from bot.repair import Lexis, RepairPolicy

# A link with a lower score may be wrong: its translation is not overwritten, a person is asked.
MIN_CERTAIN_SCORE = 0.25
_MAX_JOINED_SENTENCES = 4
_BY_HAND = "the translators have a text of their own in this tab; check that it says what the English says"
_NO_BEAD = Bead((), (), 1.0)


_EMPTY_MEMORY = TranslationMemory()
_DEFAULT_POLICY = RepairPolicy()


def make_plan(
    documents: Versions[Document],
    beads: Sequence[Bead],
    direction: Direction,
    memory: TranslationMemory = _EMPTY_MEMORY,
    policy: RepairPolicy = _DEFAULT_POLICY,
) -> Plan:
    """Decide on every segment: each of the new English is in exactly one operation, each of the base in one.

    `beads` links base and target. Operations come in the order of the new English, removals last.
    """
    beads = pair_labels(beads, *documents)
    matches = match(documents.base, documents.new)
    lexis = Lexis(documents.base, documents.target, beads)
    planner = _Planner(documents, memory, matches, SentenceRepairer(documents, direction, lexis, policy))
    operations = name_omissions(planner.units(beads), documents.target, beads)
    fresh = [n for n in range(len(documents.new.segments)) if n not in planner.taken]
    convergence = find_convergence(fresh, documents, beads, operations, direction)
    operations += planner.additions(fresh, convergence.by_hand)
    operations = settle_tabs(reuse_removed(reuse_carried(operations, documents.new), documents), documents)
    operations.sort(key=lambda op: (not op.new, op.new, op.base))
    same = {m.base for m in matches if m.same}
    standing = (bead for bead in beads if bead.source and same.issuperset(bead.source))
    untouchable = tuple(t for bead in standing if not planner.is_copied(bead) for t in bead.target)
    return replace(plan_of(operations, documents.new, untouchable), echoes=tuple(convergence.echoes.items()))


class _Planner:
    """One document's planning: the three documents and how the English moved."""

    def __init__(
        self,
        documents: Versions[Document],
        memory: TranslationMemory,
        matches: Sequence[Match],
        repairer: SentenceRepairer,
    ) -> None:
        self.repairer = repairer
        self.base, self.new, self.target = documents
        self.untranslated, self.new_untranslated = Untranslated(self.base), Untranslated(self.new)
        self.memory = memory
        self.of_base: defaultdict[int, list[Match]] = defaultdict(list)
        for m in matches:
            self.of_base[m.base].append(m)
        self.of_new = {m.new for m in matches}
        self.taken: set[int] = set()

    def units(self, beads: Sequence[Bead]) -> list[Operation]:
        """An operation, or several, for each bead that has English."""
        units = self._joined(bead for bead in beads if bead.source)
        return self._with_cell_notes([op for bead in units for op in self._unit(bead)])

    def _joined(self, beads: Iterable[Bead]) -> list[Bead]:
        """The beads; those whose English was joined to one sentence are one."""
        joined: list[list[Bead]] = []
        owner: dict[int, int] = {}
        for bead in beads:
            images = {m.new for b in bead.source for m in self.of_base[b]}
            place = min((owner[n] for n in images if n in owner), default=len(joined))
            if place == len(joined):
                joined.append([])
            joined[place].append(bead)
            owner |= dict.fromkeys(images, place)
        return [one_bead(parts) for parts in joined]

    def _with_cell_notes(self, operations: list[Operation]) -> list[Operation]:
        """The translators' additions inside a table cell can't outlive the cell: they are removed with its last
        sentence."""
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
        matches = [m for b in bead.source for m in self.of_base[b]]
        images = tuple(sorted({m.new for m in matches}))
        self.taken.update(images)
        blocks = {self.new.segments[i].block for i in images}
        if not images and bead.target and bead.score < MIN_CERTAIN_SCORE:
            return [Operation(Action.LEFT, _doubt("was deleted", bead), bead.source, (), bead.target)]
        if not images:
            return [Operation(Action.REMOVED, "the English was deleted", bead.source, (), bead.target)]
        if len(matches) >= len(bead.source) and all(m.same for m in matches):
            return self._unchanged(bead, matches, images)
        if not bead.target:
            reason = "left out by the translators; its English changed"
            return [Operation(Action.LEFT, reason, bead.source, images, ())]
        stands = any(m.same for m in matches)
        whole = self._with_insertions(images)
        if not is_run(whole) or len(blocks) > 1:
            reason = "the English of sentences that the translators joined changed and was pulled apart; divide them"
            return [self._stale(bead, images, reason)]
        old, fresh = self.base.segments[bead.source[0]], self.new.segments[images[0]]
        if not fresh.is_prose or not old.is_prose:
            return [self._changed_opaque(bead, old, fresh, images)]
        changed = self._changed(bead, whole, stands=stands)
        if changed.action is not Action.STALE:
            self.taken.update(whole)
        elif whole != images:
            # People's sentence stands, and what is new comes after it.
            changed = self._stale(bead, images, "its English was pulled apart by new sentences")
        return [replace(changed, moved=any(m.moved for m in matches))]

    def _with_insertions(self, images: tuple[int, ...]) -> tuple[int, ...]:
        """The images with the new sentences between them, which can only be translated together with them."""
        whole = range(images[0], images[-1] + 1)
        if len(whole) > 2 * len(images):
            return images
        between = set(whole) - set(images)
        return images if between & self.of_new or between & self.taken else tuple(whole)

    def _unchanged(self, bead: Bead, matches: Sequence[Match], images: tuple[int, ...]) -> list[Operation]:
        if not bead.target:
            return [Operation(Action.KEPT, "left out by the translators", bead.source, images, ())]
        base_blocks = {self.base.segments[b].block for b in bead.source}
        new_blocks = {self.new.segments[i].block for i in images}
        own = set(images)
        between = any(n in self.of_new and n not in own for n in range(images[0], images[-1]))
        if between or len(new_blocks) > len(base_blocks):
            reason = "the English of sentences that the translators joined was pulled apart; divide them"
            return [Operation(Action.LEFT, reason, bead.source, images, bead.target)]
        moved = any(m.moved for m in matches)
        if self.untranslated.has_copy(bead.source, [self.target.segments[t] for t in bead.target]):
            return [replace(self._not_yet_translated(bead, images), moved=moved)]
        if moved:
            return [Operation(Action.MOVED, "the English moved", bead.source, images, bead.target)]
        return [Operation(Action.KEPT, "unchanged", bead.source, images, bead.target)]

    def is_copied(self, bead: Bead) -> bool:
        """Whether the English itself is all that stands where its translation belongs."""
        return self.untranslated.is_copied(bead.source, [self.target.segments[t] for t in bead.target])

    def _not_yet_translated(self, bead: Bead, images: tuple[int, ...]) -> Operation:
        if not self.is_copied(bead):
            return Operation(Action.LEFT, f"in part {STILL_UNTRANSLATED}", bead.source, images, bead.target)
        made = Operation(Action.TRANSLATED, STILL_UNTRANSLATED, bead.source, images, bead.target)
        return self._reused(bead, images, "translated in {place}") or made

    def _changed(self, bead: Bead, images: tuple[int, ...], *, stands: bool) -> Operation:
        """A changed sentence: kept or patched if all of the change can be carried over, else reused, translated anew,
        or stale. If the English of one of several joined sentences `stands`, so does the translation of all."""
        sides = (self.base, bead.source), (self.new, images), (self.target, bead.target)
        if not any(document.segments[i].has_words for document, indices in sides for i in indices):
            text = self.new.raw(images[0], images[-1])
            return Operation(Action.PATCHED, "no words to translate", bead.source, images, bead.target, text)
        if reads_the_same(self.base.joined(bead.source), self.target.joined(bead.target)):
            # Nobody translated it yet.
            untranslated = "the English changed"
            return self._reused(bead, images, "this sentence is translated in {place}") or self._made_anew(
                bead, images, untranslated
            )
        carried = self.repairer.carry(bead.source, images, bead.target)
        if carried.complete:
            return self._carried(bead, images, carried)
        reused = None if stands else self._reused(bead, images, "this sentence is translated in {place}")
        if reused is not None:
            return reused
        if bead.score < MIN_CERTAIN_SCORE:
            return self._doubtful(bead, images)
        if not stands and self.repairer.is_retranslated(bead.source, images):
            return replace(self._made_anew(bead, images, "the English changed"), carried=carried)
        stale = self._stale(bead, images, "its English says something else now", carried)
        return assisted(stale, self.repairer.policy.assistance, self.repairer.documents)

    def _carried(self, bead: Bead, images: tuple[int, ...], carried: Carried) -> Operation:
        unit = Operation(Action.KEPT, "", bead.source, images, bead.target, carried=carried)
        if carried.text == self.target.raw(bead.target[0], bead.target[-1]):
            kinds = ", ".join(carried.small) or "white space"
            return replace(unit, reason=f"the English changed: {kinds}")
        return replace(unit, action=Action.PATCHED, reason=", ".join(carried.kinds), text=carried.text)

    def _stale(self, bead: Bead, images: tuple[int, ...], reason: str, carried: Carried | None = None) -> Operation:
        carried = carried or self.repairer.carry(bead.source, images, bead.target)
        text = carried.text if carried.kinds else None
        return Operation(Action.STALE, reason, bead.source, images, bead.target, text, carried=carried)

    def _changed_opaque(self, bead: Bead, old: Segment, fresh: Segment, images: tuple[int, ...]) -> Operation:
        localised = "\n".join(self.target.segments[t].text for t in bead.target)
        was, english, theirs = (text.replace("\r\n", "\n") for text in (old.text, fresh.text, localised))
        if theirs == was:
            copied = Operation(Action.PATCHED, f"{fresh.kind} copied", bead.source, images, bead.target, english)
            return self._reused(bead, images, f"this {fresh.kind} is localised in {{path}}") or copied
        if english == theirs:
            return Operation(Action.KEPT, "up to date already", bead.source, images, bead.target)
        unit = Operation(Action.LEFT, "", bead.source, images, bead.target)
        return merge_opaque(unit, fresh.kind, Versions(old.text, fresh.text, localised))

    def _made_anew(self, bead: Bead, images: tuple[int, ...], reason: str) -> Operation:
        """A translation by the engine, with the old translation shown; left for a person if the link is doubtful."""
        if bead.score < MIN_CERTAIN_SCORE:
            return self._doubtful(bead, images)
        made = Operation(Action.TRANSLATED, reason, bead.source, images, bead.target)
        return with_former(made, self.repairer.documents)

    def _doubtful(self, bead: Bead, images: tuple[int, ...]) -> Operation:
        """People's sentence stands as it is, stale: it may be the translation of something else."""
        untouched = Carried("\n".join(self.target.segments[t].text for t in bead.target))
        return self._stale(bead, images, _doubt("changed", bead), untouched)

    def additions(self, fresh: Sequence[int], by_hand: Mapping[int, int]) -> list[Operation]:
        """An operation for each segment of the new English that no bead led to. `by_hand` are those that translators
        added, by segment of the new English."""
        operations = [self._by_hand(n, t) for n, t in by_hand.items()]
        self.taken.update(by_hand)
        for n in fresh:
            if n in self.taken:
                continue
            joined = self._joined_elsewhere(n)
            if joined is not None:
                self.taken.update(joined.new)
                operations.append(joined)
                continue
            operations.append(self._fresh(n, "new English"))
        return operations

    def _by_hand(self, n: int, t: int) -> Operation:
        """What the translators had added stands, unless it is the English. Whether a sentence says what the English
        says, a person judges."""
        segment, added = self.new.segments[n], "the translators had added it"
        if not segment.is_prose or not self.new_untranslated.needs_translation(n):
            return Operation(Action.KEPT, added, (), (n,), (t,))
        if not reads_the_same(segment.text, self.target.segments[t].text):
            return Operation(Action.LEFT, _BY_HAND, (), (n,), (t,))
        made = Operation(Action.TRANSLATED, STILL_UNTRANSLATED, (), (n,), (t,))
        return self._reused(Bead((), (t,), 1.0), (n,), "translated in {place}") or made

    def _joined_elsewhere(self, n: int) -> Operation | None:
        """New sentences in a row that translators elsewhere in the book translated as one."""
        for length in range(_MAX_JOINED_SENTENCES, 1, -1):
            run = tuple(range(n, min(n + length, len(self.new.segments))))
            blocks = {self.new.segments[i].block for i in run}
            if len(run) < length or len(blocks) > 1 or self.taken & set(run) or not self.new.segments[n].is_prose:
                continue
            reused = self._reused(_NO_BEAD, run, "translated in {place}")
            if reused is not None:
                return reused
        return None

    def _fresh(self, n: int, reason: str) -> Operation:
        segment = self.new.segments[n]
        made = Operation(Action.TRANSLATED, reason, (), (n,), ())
        if not segment.is_prose or not segment.has_words:
            made = Operation(Action.PATCHED, f"new {segment.kind}, copied", (), (n,), (), self.new.raw(n))
        return self._reused(_NO_BEAD, (n,), "translated in {place}") or made

    def _reused(self, bead: Bead, images: tuple[int, ...], reason: str) -> Operation | None:
        """The unit with people's translation of exactly its English, if the memory has one. `reason` may name the
        `{path}` of that translation, or its `{place}`."""
        before = self.new.segments[images[0] - 1].text if images[0] else ""
        english, kind = self.new.joined(images), self.new.segments[images[0]].kind
        unit = self.memory.exact(english, kind, before)
        # Only the words of a formula are translated. People's slip in one stays where they made it.
        if unit is None or (kind is Kind.MATH and not same_formula(unit.target, english)):
            return None
        reason = reason.format(path=unit.path, place=unit.path or "another place of this document")
        return Operation(Action.REUSED, reason, bead.source, images, bead.target, unit.target)


def _doubt(change: str, bead: Bead) -> str:
    return f"the English {change}, but it is uncertain (score {bead.score:.2f}) that this is its translation"
