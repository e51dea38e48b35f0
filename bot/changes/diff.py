"""Matches the segments of the base English with the segments of the new English: same, changed, moved, or none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

from bot.alignment.ascending import longest_ascending
from bot.alignment.lexicon import link_competitively
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
    for (b, n), _ in votes.most_common():
        names = directive_name(base.segments[b].text), directive_name(new.segments[n].text)
        if names[0] and names[0] == names[1] and b not in chosen and n not in chosen.values():
            chosen[b] = n
    standing = {m.base: m.new for m in matches}
    wrong = {b: n for b, n in chosen.items() if standing.get(b) != n}
    kept = [m for m in matches if m.base not in wrong and m.new not in wrong.values()]
    return kept + [_line_match(b, n, kept, base, new) for b, n in wrong.items()]


def _line_match(b: int, n: int, matches: Sequence[Match], base: Document, new: Document) -> Match:
    moved = any((m.base < b) != (m.new < n) for m in matches if not m.moved)
    return Match(b, n, same=_key(base.segments[b]) == _key(new.segments[n]), moved=moved)


def _with_closed_directives(matches: list[Match], base: Document, new: Document) -> list[Match]:
    """The matches, with each closing line matched like its opening line: `:end_tab:` is the same everywhere."""
    left, right = dict(directive_pairs(base)), dict(directive_pairs(new))
    closing_left, closing_right = set(left.values()), set(right.values())
    kept = [m for m in matches if m.base not in closing_left and m.new not in closing_right]
    for m in list(kept):
        if m.base in left and m.new in right:
            closing = _line_match(left[m.base], right[m.new], kept, base, new)
            kept.append(replace(closing, moved=m.moved or closing.moved))
    return kept


def _key(segment: Segment) -> Hashable:
    """The key by which segments are the same: the folded text of prose, every character and the kind of others."""
    if segment.is_prose:
        return segment.text
    return segment.kind, segment.text.replace("\r\n", "\n")


def _common(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Equal pairs in increasing order on both sides."""
    pairs: list[tuple[int, int]] = []
    ranges = [(0, len(a), 0, len(b))]
    while ranges:
        a0, a1, b0, b1 = ranges.pop()
        while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
            pairs.append((a0, b0))
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and a[a1 - 1] == b[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            pairs.append((a1, b1))
        if a0 == a1 or b0 == b1:
            continue
        anchors = _unique_anchors(a, b, (a0, a1, b0, b1))
        if anchors:
            for i, j in [*anchors, (a1, b1)]:
                ranges.append((a0, i, b0, j))
                a0, b0 = i, j
                if i < a1:
                    pairs.append((i, j))
                    a0, b0 = i + 1, j + 1
        elif (a1 - a0) * (b1 - b0) <= _MAX_LCS_CELLS:
            pairs += [(a0 + i, b0 + j) for i, j in common_pairs(a[a0:a1], b[b0:b1])]
    return sorted(pairs)


def _unique_anchors(
    a: Sequence[Hashable], b: Sequence[Hashable], area: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """The longest increasing run of pairs that are equal and occur once on each side of the area."""
    a0, a1, b0, b1 = area
    count_a, count_b = Counter(a[a0:a1]), Counter(b[b0:b1])
    where = {b[j]: j for j in range(b0, b1) if count_b[b[j]] == 1}
    pairs = [(i, where[a[i]]) for i in range(a0, a1) if count_a[a[i]] == 1 and a[i] in where]
    return longest_ascending(pairs)


def _moves(
    base: Document, new: Document, keys: tuple[list[Hashable], list[Hashable]], backbone: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Equal segments that are out of order."""
    used_base = {pair[0] for pair in backbone}
    used_new = {pair[1] for pair in backbone}
    free: dict[Hashable, list[int]] = defaultdict(list)
    for i, segment in enumerate(base.segments):
        if i not in used_base and _may_move(segment):
            free[keys[0][i]].append(i)
    pairs: list[tuple[int, int]] = []
    for j in range(len(new.segments)):
        candidates = free.get(keys[1][j]) if j not in used_new else None
        if candidates:
            pairs.append((candidates.pop(0), j))
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
        if left and right and len(left) * len(right) <= _MAX_PAIR_CELLS:
            pairs += ((b, n) for group in best_groups(base, new, left, right) for b in group[0] for n in group[1])
        b0, n0 = b1 + 1, n1 + 1
    return pairs


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
    likeness = cdist(
        [base.segments[i].text for i in left],
        [new.segments[j].text for j in right],
        scorer=ratio,
        score_cutoff=_MIN_CROSSING_LIKENESS,
    )
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
