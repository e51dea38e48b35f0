"""Matches the segments of the base English with the segments of the new English: same, changed, moved, or none."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.alignment.ascending import longest_ascending
from bot.alignment.differing import equal_pairs
from bot.alignment.lexicon import link_competitively
from bot.alignment.likeness import likenesses
from bot.changes.code_lines import common_pairs
from bot.changes.grouping import best_groups, value_of
from bot.documents import directive_name, directive_pairs, enclosing_directives
from bot.model import Document, Kind, Segment

# Out of order a resemblance must say more.
_MIN_CROSSING_LIKENESS = 60.0
# Prose of fewer characters may resemble other prose by chance.
_MIN_TELLING_LENGTH = 12
_MAX_LCS_CELLS = 4_000_000
_MAX_PAIR_CELLS = 250_000
# About the most segments a side of a part that is compared pair by pair.
_MAX_PART = 250


@dataclass(frozen=True, slots=True)
class Match:
    """Segment `base` of the base became segment `new`: `same` up to white space, `moved` out of order. A sentence that
    was divided is in a match with each of its parts; sentences that were joined are in a match each."""

    base: int
    new: int
    same: bool
    moved: bool = False


def match(base: Document, new: Document) -> tuple[Match, ...]:
    """Pair the segments of two revisions, sorted by the new one.

    Unique equal segments first, as in patience diff (Cohen), the longest common subsequence between them (Myers 1986),
    then equal segments out of order (moves), then similar ones in order, then new titles of the same sections, then
    similar sentences out of order.
    """
    keys = [_key(segment) for segment in base.segments], [_key(segment) for segment in new.segments]
    backbone = _common(*keys)
    moved = _moves(base, new, keys, backbone)
    taken = {pair[0] for pair in moved}, {pair[1] for pair in moved}
    similar = _similar(base, new, backbone, taken)
    similar += _retitled(base, new, [*backbone, *similar], taken)
    matches = [Match(b, n, same=True) for b, n in backbone]
    matches += [Match(b, n, same=True, moved=True) for b, n in moved]
    matches += [Match(b, n, same=False) for b, n in similar]
    crossing = _similar_elsewhere(base, new, matches)
    if crossing:
        matches = _with_moves([*matches, *(Match(b, n, same=False) for b, n in crossing)])
    matches = _with_closed_directives(_with_opened_directives(matches, base, new), base, new)
    return tuple(sorted(matches, key=lambda pair: pair.new))


def _with_opened_directives(matches: list[Match], base: Document, new: Document) -> list[Match]:
    """The matches, with the opening line of each fenced directive matched as most of its content is: `{note}` is the
    same everywhere."""
    left, right = enclosing_directives(base), enclosing_directives(new)
    votes = Counter((left[m.base][-1], right[m.new][-1]) for m in matches if left[m.base] and right[m.new])
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for (b, n), _ in votes.most_common():
        names = directive_name(base.segments[b].text), directive_name(new.segments[n].text)
        if names[0] and names[0] == names[1] and b not in chosen and n not in taken:
            chosen[b] = n
            taken.add(n)
    standing = {m.base: m.new for m in matches}
    wrong = {b: n for b, n in chosen.items() if standing.get(b) != n}
    going = set(wrong.values())
    kept = [m for m in matches if m.base not in wrong and m.new not in going]
    order = _Order(kept, base, new)
    return kept + [order.line_match(b, n) for b, n in wrong.items()]


class _Order:
    """The matches that stay in place, to be asked whether another match crosses one of them: Fenwick trees."""

    def __init__(self, matches: Iterable[Match], base: Document, new: Document) -> None:
        self.base, self.new = base.segments, new.segments
        size = len(base.segments) + 1
        # By place of the base, the greatest place of the new English up to there, and the smallest from there on.
        self.highest, self.lowest = [-1] * size, [len(new.segments)] * size
        for m in matches:
            self.add(m)

    def add(self, m: Match) -> None:
        if m.moved:
            return
        size = len(self.highest)
        at = m.base + 1
        while at < size:
            self.highest[at] = max(self.highest[at], m.new)
            at += at & -at
        at = size - 1 - m.base
        while at < size:
            self.lowest[at] = min(self.lowest[at], m.new)
            at += at & -at

    def line_match(self, b: int, n: int) -> Match:
        """The match of two lines of directives, moved if it crosses one that stays."""
        highest, lowest = -1, len(self.new)
        at = b
        while at:
            highest = max(highest, self.highest[at])
            at -= at & -at
        at = len(self.highest) - 1 - b
        while at:
            lowest = min(lowest, self.lowest[at])
            at -= at & -at
        return Match(b, n, same=_key(self.base[b]) == _key(self.new[n]), moved=highest >= n or lowest < n)


def _with_closed_directives(matches: list[Match], base: Document, new: Document) -> list[Match]:
    """The matches, with each closing line matched like its opening line: `:end_tab:` is the same everywhere."""
    left, right = dict(directive_pairs(base)), dict(directive_pairs(new))
    closing_left, closing_right = set(left.values()), set(right.values())
    kept = [m for m in matches if m.base not in closing_left and m.new not in closing_right]
    order = _Order(kept, base, new)
    for m in list(kept):
        if m.base in left and m.new in right:
            closing = order.line_match(left[m.base], right[m.new])
            kept.append(replace(closing, moved=m.moved or closing.moved))
            order.add(kept[-1])
    return kept


def _key(segment: Segment) -> Hashable:
    """The key by which segments are the same: the folded text of prose, every character and the kind of others."""
    if segment.is_prose:
        return segment.text
    return segment.kind, segment.text.replace("\r\n", "\n")


def _common(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Equal pairs in increasing order on both sides."""
    return equal_pairs(a, b, lambda x, y: common_pairs(x, y) if len(x) * len(y) <= _MAX_LCS_CELLS else ())


def _moves(
    base: Document, new: Document, keys: tuple[list[Hashable], list[Hashable]], backbone: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Equal segments that are out of order."""
    used_base = {pair[0] for pair in backbone}
    used_new = {pair[1] for pair in backbone}
    free: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for i, segment in enumerate(base.segments):
        if i not in used_base and _may_move(segment):
            free[keys[0][i]].append(i)
    pairs: list[tuple[int, int]] = []
    for j in range(len(new.segments)):
        candidates = free.get(keys[1][j]) if j not in used_new else None
        if candidates:
            pairs.append((candidates.popleft(), j))
    return pairs


def _may_move(segment: Segment) -> bool:
    """Whether an equal segment elsewhere is the same one. A sentence that is the same by chance has the same
    translation; an opaque one must tell more."""
    if segment.is_prose:
        return segment.has_words
    return segment.kind in (Kind.CODE, Kind.MATH, Kind.IMAGE, Kind.LABEL, Kind.HTML, Kind.METADATA, Kind.COMMENT)


def _similar(
    base: Document, new: Document, backbone: list[tuple[int, int]], taken: tuple[set[int], set[int]]
) -> list[tuple[int, int]]:
    """Changed segments: between neighbours of the backbone, the groups in order with the greatest sum of likeness."""
    pairs: list[tuple[int, int]] = []
    b0 = n0 = 0
    for b1, n1 in [*backbone, (len(base.segments), len(new.segments))]:
        left = [i for i in range(b0, b1) if i not in taken[0]]
        right = [j for j in range(n0, n1) if j not in taken[1]]
        for here, there in _comparable(base, new, left, right):
            pairs += ((b, n) for group in best_groups(base, new, here, there) for b in group[0] for n in group[1])
        b0, n0 = b1 + 1, n1 + 1
    return pairs


def _comparable(
    base: Document, new: Document, left: Sequence[int], right: Sequence[int]
) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """The two sides of a gap, in parts that can be compared pair by pair: between segments that share a word which each
    side has once, and where nothing is shared, by their place."""
    if not left or not right:
        return
    if len(left) * len(right) <= _MAX_PAIR_CELLS:
        yield left, right
        return
    start = last = (0, 0)
    for cut in (*_sharing(base, new, left, right), (len(left), len(right)), None):
        if cut is not None and max(cut[0] - start[0], cut[1] - start[1]) <= _MAX_PART:
            last = cut
            continue
        if last != start:
            yield left[start[0] : last[0]], right[start[1] : last[1]]
        if cut is not None:
            rows, columns = left[last[0] : cut[0]], right[last[1] : cut[1]]
            number = 1 + max(len(rows), len(columns)) // _MAX_PART
            for k in range(number):
                here, there = (x[len(x) * k // number : len(x) * (k + 1) // number] for x in (rows, columns))
                if here and there:
                    yield here, there
            start = last = cut


def _sharing(base: Document, new: Document, left: Sequence[int], right: Sequence[int]) -> list[tuple[int, int]]:
    """Places in two lists of segments that share a word which each side has once, ascending on both."""
    words = [
        Counter(word for i in indices for word in set(document.segments[i].text.split()))
        for document, indices in ((base, left), (new, right))
    ]
    unique = {word for word, number in words[0].items() if number == 1 and words[1][word] == 1}
    where = {word: k for k, j in enumerate(right) for word in set(new.segments[j].text.split()) & unique}
    votes = Counter((k, where[w]) for k, i in enumerate(left) for w in set(base.segments[i].text.split()) & unique)
    best: dict[int, int] = {}
    for (k, m), _ in votes.most_common():
        best.setdefault(k, m)
    return longest_ascending(sorted(best.items()))


def _retitled(
    base: Document, new: Document, pairs: Sequence[tuple[int, int]], taken: tuple[set[int], set[int]]
) -> list[tuple[int, int]]:
    """Headings that resemble nothing, above what has a pair: a section's title, however little alike."""
    used = taken[0] | {b for b, _ in pairs}, taken[1] | {n for _, n in pairs}
    above = ((b - 1, n - 1) for b, n in pairs if b and n and b - 1 not in used[0] and n - 1 not in used[1])
    return [(b, n) for b, n in above if base.segments[b].kind is new.segments[n].kind is Kind.HEADING]


def _similar_elsewhere(base: Document, new: Document, matches: Sequence[Match]) -> list[tuple[int, int]]:
    """Changed sentences that stand elsewhere now: the most similar pairs of those that are left, each at most once."""
    taken = {m.base for m in matches}, {m.new for m in matches}
    left, right = (
        [i for i, s in enumerate(side.segments) if i not in used and s.is_prose and len(s.text) >= _MIN_TELLING_LENGTH]
        for side, used in zip((base, new), taken, strict=True)
    )
    if not left or not right or len(left) * len(right) > _MAX_PAIR_CELLS:
        return []
    texts = [base.segments[i].text for i in left], [new.segments[j].text for j in right]
    likeness = likenesses(*texts, _MIN_CROSSING_LIKENESS).astype(np.float32)
    order = sorted(((-likeness[x, y], x, y) for x, y in zip(*likeness.nonzero(), strict=True)))
    chosen = [order[k][1:] for k in link_competitively((x, y) for _, x, y in order)]
    pairs = [(left[x], right[y]) for x, y in chosen]
    return [(b, n) for b, n in pairs if value_of(base.segments[b], new.segments[n], _MIN_CROSSING_LIKENESS)]


def _with_moves(matches: Sequence[Match]) -> list[Match]:
    """The matches, moved if they are out of the longest run in order."""
    ordered = sorted((m.base, m.new) for m in matches)
    staying = set(longest_ascending(ordered))
    sides = {b for b, _ in staying}, {n for _, n in staying}
    return [replace(m, moved=m.base not in sides[0] and m.new not in sides[1]) for m in matches]
