"""Carries over emphasis, slide marks and links around words: what is new, what is gone, what became another kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.model import PlaceableKind, Span, Tag, TagKind
from bot.repair.changes import Change, Nature
from bot.repair.draft import RepairDraft, Side, Splice
from bot.repair.lexis import Lexis
from bot.repair.placing import Candidates, Placement, place
from bot.repair.tokens import FINAL_SIGNS, MARKS, Token, TokenKind
from bot.repair.words import content_words, same_stem

# A mark whose best place is less probable is left to a person. Of slide marks below the first, one in eight would be
# right; without spaces between words a wrong place cuts a word, and emphasis on a wrong word misleads.
_LEAST, _LEAST_UNSPACED, _LEAST_TERM = 0.15, 0.45, 0.6


def carry_marks(draft: RepairDraft, lexis: Lexis) -> None:
    """Sets `open_marks` if a mark could not be carried over."""
    gone, new = _differing(draft)
    if not gone and not new:
        return
    own = [tag for tag in draft.target.tags if tag.kind in MARKS]
    old, fresh = (_marks(side) for side in (draft.base, draft.new))
    if not gone and _has_whole_mark(draft.target):
        new = [tag for tag in new if not _is_whole(draft.new, tag)]
    if _kinds(own) == _kinds(fresh) != _kinds(old) or not (gone or new):
        draft.noticed.add(Nature.THERE)
        return
    counterparts = _counterparts(draft, old, own, lexis)
    here = [counterparts[tag] for tag in gone if tag in counterparts]
    if (
        len(here) < len(gone)
        or (_kinds(own) - _kinds(old)).keys() & _kinds(new).keys()
        or not all(_has_lasting_words(draft, tag, draft.base) for tag in gone)
        or not all(_has_lasting_words(draft, tag, draft.new) for tag in new)
    ):
        draft.open_marks = True
    elif not new:
        draft.carry(Nature.MARK, [edit for tag in here for edit in _without(tag)])
    elif not gone:
        draft.open_marks = not _put(draft, new, lexis)
    else:
        draft.open_marks = not (_exchange(draft, gone, new, here) or _put(draft, new, lexis, here))


def _marks(side: Side) -> list[Tag]:
    return [tag for tag in side.tags if tag.kind in MARKS]


def _kinds(tags: Sequence[Tag]) -> Counter[str]:
    """Slide marks are of one kind, however they open."""
    return Counter("mark" if tag.kind is TagKind.MARK else tag.kind for tag in tags)


def _differing(draft: RepairDraft) -> tuple[list[Tag], list[Tag]]:
    """The marks of the old English that the new one has not, and the other way round: a mark is the same if it opens
    alike and stands around the same words, however these changed."""
    old, new = _marks(draft.base), _marks(draft.new)
    free = list(new)
    gone = []
    for tag in old:
        borders = [draft.comparison.images(at) for at in _borders(draft.comparison.old, tag)]
        same = next(
            (
                other
                for other in free
                if draft.new.opening(other) == draft.base.opening(tag)
                and all(at in images for at, images in zip(_borders(draft.comparison.new, other), borders, strict=True))
            ),
            None,
        )
        if same is None:
            gone.append(tag)
        else:
            free.remove(same)
    for tag in list(gone):
        alike = next((other for other in free if _is_alike(draft, tag, other)), None)
        if alike is not None:
            gone.remove(tag)
            free.remove(alike)
    return gone, free


def _is_alike(draft: RepairDraft, old: Tag, new: Tag) -> bool:
    """Whether a mark of the new English opens like one of the old and stands around forms of the same words."""
    if draft.base.opening(old) != draft.new.opening(new):
        return False
    sides = (draft.comparison.old, old), (draft.comparison.new, new)
    told = [tokens[slice(*_borders(tokens, tag))] for tokens, tag in sides]
    left, right = (content_words([token.text for token in part if token.is_word]) for part in told)
    placeables = [[token.text for token in part if token.placeable is not None] for part in told]
    if placeables[0] != placeables[1] or len(left) != len(right) or not (left or placeables[0]):
        return False
    return all(a == b or same_stem(a, b) for a, b in zip(left, right, strict=True))


def _borders(tokens: Sequence[Token], tag: Tag) -> tuple[int, int]:
    """The number of tokens before the inner text of a tag, and before its end."""
    return (
        sum(token.end <= tag.inner_start for token in tokens),
        sum(token.end <= tag.inner_end for token in tokens),
    )


def _has_lasting_words(draft: RepairDraft, tag: Tag, side: Side) -> bool:
    """Whether the words inside a mark of the English stand in both versions; others are not in the translation."""
    is_old = side is draft.base
    first, last = _borders(draft.comparison.old if is_old else draft.comparison.new, tag)
    spans = (
        (change.old_at, change.old_end) if is_old else (change.new_at, change.new_end)
        for change in draft.comparison.changes
        if change.is_of_content
    )
    return not any(start < last and first < end for start, end in spans)


def _without(tag: Tag) -> list[Splice]:
    return [Splice(tag.start, tag.inner_start, ""), Splice(tag.inner_end, tag.end, "")]


def _counterparts(draft: RepairDraft, old: Sequence[Tag], own: Sequence[Tag], lexis: Lexis) -> dict[Tag, Tag]:
    """The mark of the translation for each mark of the old English whose kind both have as often: around the words that
    translate its own, and in the same order where nothing tells them apart."""
    found: dict[Tag, Tag] = {}
    for kind in {tag.kind for tag in old}:
        sides = [tag for tag in old if tag.kind is kind], [tag for tag in own if tag.kind is kind]
        if len(sides[0]) != len(sides[1]):
            continue
        pairs = sorted(
            (-lexis.likeness(_inside(draft.base, tag), _inside(draft.target, other)), abs(i - j), i, j)
            for i, tag in enumerate(sides[0])
            for j, other in enumerate(sides[1])
        )
        free = set(range(len(sides[1])))
        for _, _, i, j in pairs:
            if j in free and sides[0][i] not in found:
                found[sides[0][i]] = sides[1][j]
                free.remove(j)
    return found


def _inside(side: Side, tag: Tag) -> list[Token]:
    kinds = (TokenKind.WORD, TokenKind.PLACEABLE)
    return [t for t in side.tokens if tag.inner_start <= t.start and t.end <= tag.inner_end and t.kind in kinds]


def _exchange(draft: RepairDraft, gone: Sequence[Tag], new: Sequence[Tag], own: Sequence[Tag]) -> bool:
    """Marks that became others around the same words, or that a placeable at their beginning left."""
    if len(gone) != len(new):
        return False
    edits: list[Splice] = []
    for tag, other, standing in zip(gone, new, own, strict=True):
        was, now = (side.inner(t) for side, t in ((draft.base, tag), (draft.new, other)))
        if was == now:
            edits.append(Splice(standing.start, standing.inner_start, draft.new.opening(other)))
            edits.append(Splice(standing.inner_end, standing.end, draft.new.closing(other)))
            continue
        edge = was.removesuffix(now) if was.endswith(now) else ""
        inner = draft.target.inner(standing)
        if not edge or not inner.startswith(edge) or not any(p.text == edge.strip() for p in draft.base.placeables):
            return False
        after = standing.inner_start + len(edge)
        edits += [
            Splice(standing.start, standing.inner_start, ""),
            Splice(after, after, draft.target.opening(standing)),
        ]
    return draft.carry(Nature.MARK, edits)


def _put(draft: RepairDraft, new: Sequence[Tag], lexis: Lexis, going: Sequence[Tag] = ()) -> bool:
    """Puts new marks around the words that correspond to theirs, the clearest first, and takes away those that are
    `going` if all found a place. Whether they did."""
    left = list(new)
    placed: list[tuple[Tag, Placement]] = []
    while left:
        found = [(tag, _placement(draft, tag, lexis, placed, going)) for tag in left]
        tag, best = max(found, key=lambda pair: pair[1].chance if pair[1] else -1.0)
        if best is None or best.chance < _least(draft, tag):
            break
        placed.append((tag, best))
        left.remove(tag)
    if not placed or (left and going):
        return False
    # At one place what closes comes first, the inner mark before the outer; of what opens there, the outer one.
    spans = [(tag, *_with_sign(draft, tag, placement)) for tag, placement in placed]
    edits = [
        Splice(end, end, draft.new.closing(tag)) for tag, _, end in sorted(spans, key=lambda s: s[1], reverse=True)
    ]
    edits += [Splice(start, start, draft.new.opening(tag)) for tag, start, _ in sorted(spans, key=lambda s: -s[2])]
    edits += [edit for tag in going for edit in _without(tag)]
    is_sure = all(placement.is_certain for _, placement in placed)
    return draft.carry(Nature.MARK, edits, sure=is_sure) and not left


def _least(draft: RepairDraft, tag: Tag) -> float:
    if tag.kind is not TagKind.MARK:
        return _LEAST_TERM
    return _LEAST if draft.language.has_spaces else _LEAST_UNSPACED


def _is_whole(side: Side, tag: Tag) -> bool:
    """Whether the mark stands around the whole sentence, up to the signs at its end."""
    text = side.document.text
    return not (text[side.start : tag.start] + text[tag.end : side.end]).strip(FINAL_SIGNS + " \n")


def _has_whole_mark(side: Side) -> bool:
    return any(_is_whole(side, tag) for tag in _marks(side))


def _placement(
    draft: RepairDraft, tag: Tag, lexis: Lexis, placed: Sequence[tuple[Tag, Placement]], going: Sequence[Tag]
) -> Placement | None:
    """Certain for a mark around the whole."""
    new, target = draft.new, draft.target
    if _is_whole(new, tag):
        end = target.start + len(target.text.rstrip().rstrip(FINAL_SIGNS))
        return Placement(target.start, end, 1.0, is_certain=True)
    taken = {other: (placement.start, placement.end) for other, placement in placed}
    return place(Candidates(new, tag, target, draft.language, lexis, taken, going))


def _with_sign(draft: RepairDraft, tag: Tag, placement: Placement) -> Span:
    """The span with the signs that end the sentence, if it ends there and they belong inside."""
    new, end = draft.new, placement.end
    rest = draft.target.document.text[end : draft.target.end].rstrip()
    if rest.strip(FINAL_SIGNS):
        return placement.start, end
    is_inside = new.inner(tag).rstrip()[-1:] in tuple(FINAL_SIGNS)
    if not new.document.text[tag.end : new.end].strip(FINAL_SIGNS + " \n"):
        # Scripts without spaces keep it outside; Markdown does not always read a mark that closes behind such a sign.
        is_inside = draft.habits.has_sign_inside(english=is_inside and draft.language.has_spaces)
    return placement.start, end + len(rest) * is_inside


def wrap_links(draft: RepairDraft) -> None:
    """A link put around one placeable or literal that the translation has once, or taken off."""
    old, new, own = ([t for t in side.tags if t.kind is TagKind.LINK] for side in (draft.base, draft.new, draft.target))
    known = {draft.base.closing(tag) for tag in old}
    fresh = {draft.new.closing(tag) for tag in new}
    for tag in new:
        closing, inner = draft.new.closing(tag), draft.new.inner(tag)
        change = _address_change(draft, closing, added=True)
        if closing in known or change is None or len(old) >= len(new):
            continue
        spots = _spots(draft.target, inner)
        if len(spots) == 1 and len(_spots(draft.base, inner)) == 1:
            ((start, end),) = spots
            draft.carry(Nature.LINK, [Splice(start, start, draft.new.opening(tag)), Splice(end, end, closing)], change)
    for tag in old:
        closing = draft.base.closing(tag)
        change = _address_change(draft, closing, added=False)
        standing = [t for t in own if draft.target.closing(t) == closing]
        if closing not in fresh and change is not None and len(standing) == 1 and len(old) > len(new):
            inner = " ".join(draft.base.inner(tag).split())
            if inner in " ".join(draft.new.text.split()):
                draft.carry(Nature.LINK, _without(standing[0]), change)


def _address_change(draft: RepairDraft, closing: str, *, added: bool) -> Change | None:
    """The open change that brought, or took, this address and nothing else."""
    for change in draft.unsettled:
        tokens = change.new if added else change.old
        if len(tokens) == 1 and tokens[0].text == closing and not (change.old if added else change.new):
            return change
    return None


def _spots(side: Side, inner: str) -> list[tuple[int, int]]:
    """Where a placeable or a Latin word of a text in another script stands by itself, outside links."""
    links = [(tag.start, tag.end) for tag in side.tags if tag.kind is TagKind.LINK]
    found = []
    for token in side.tokens:
        is_code = token.kind is TokenKind.PLACEABLE and token.placeable is not PlaceableKind.URL
        if token.text == inner and (is_code or token.is_word) and not any(a <= token.start < b for a, b in links):
            found.append((token.start, token.end))
    return found
