"""Exchanges what is not translated: addresses, code, formulas, numbers, references, HTML tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.model import PlaceableKind
from bot.repair.changes import TELLING_SIGNS, Change, Nature, nature_of
from bot.repair.draft import RepairDraft, Splice
from bot.repair.tokens import Token, TokenKind

_Exchange = tuple[Token, Token, Change]
_TAG = re.compile(r"<\s*(/?)\s*([\w:-]+)(.*?)(/?)\s*>$", re.DOTALL)
_IMAGE = re.compile(r"(!\[.*\]\(\s*<?)([^\s)>]+)(.*)", re.DOTALL)
_ALL_OR_NONE = (Nature.CODE, Nature.FORMULA)
_ADDRESS_PARTS = re.compile(r"(?<=[/#?&=])")


def exchange_placeables(draft: RepairDraft) -> None:
    """Each placeable that took the place of another of its kind, where the translation has the old one as often as the
    English had. Addresses always; the others of a kind all or none, and only where no word beside them changed: half of
    them would say something else."""
    exchanges = _exchanges(draft)
    if not exchanges:
        return
    places = _places(draft, exchanges)
    if not _is_in_order(draft, exchanges):
        return
    loose = _loose(draft, exchanges)
    made: dict[Nature, list[tuple[list[Splice] | None, list[Change]]]] = {}
    for old in dict.fromkeys(exchange[0].text for exchange in exchanges):
        group = [exchange for exchange in exchanges if exchange[0].text == old]
        placeable, changes = group[0][0].placeable, [change for _, _, change in group]
        if placeable is PlaceableKind.NUMBER:
            continue
        is_address = placeable is PlaceableKind.URL
        is_quiet = is_address or (nature_of(placeable) not in loose and all(map(draft.comparison.is_quiet, changes)))
        edits = _edits(draft, group, places[old]) if is_quiet else None
        made.setdefault(nature_of(placeable), []).append((edits, [change for change in changes if _is_only(change)]))
    for nature, groups in made.items():
        if nature in _ALL_OR_NONE and any(edits is None for edits, _ in groups):
            continue
        for edits, changes in groups:
            if edits:
                draft.carry(nature, edits, *changes)
            elif edits is not None:
                draft.settle(Nature.THERE, *changes)


def _is_in_order(draft: RepairDraft, exchanges: Sequence[_Exchange]) -> bool:
    """Whether the old placeables stand in the translation as in the English, where some of them are new ones as well:
    in another order nobody can tell which is which."""
    olds, news = {old.text for old, _, _ in exchanges}, {new.text for _, new, _ in exchanges}
    if not olds & news:
        return True
    english, own = draft.base.placeables, draft.target.placeables
    return [t.text for t in english if t.text in olds] == [t.text for t in own if t.text in olds]


def _loose(draft: RepairDraft, exchanges: Sequence[_Exchange]) -> set[Nature]:
    """The kinds, code and formulas, of which one came or went without a partner, or stands beside a word that changed:
    the others may say something else then."""
    exchanged = {id(token) for old, new, _ in exchanges for token in (old, new)}
    kinds: set[Nature] = set()
    for placeable in (PlaceableKind.CODE, PlaceableKind.MATH):
        went, came = (
            Counter(token.text for token in side if token.placeable is placeable and id(token) not in exchanged)
            for side in (draft.comparison.old, draft.comparison.new)
        )
        wrapped = {token.text for change in draft.comparison.changes for token in change.wrapped}
        if {*(went - came), *(came - went)} - wrapped:
            kinds.add(nature_of(placeable))
    beside = Change(tuple(draft.comparison.old[:0]), (), 0, 0)
    for place, token in enumerate(draft.comparison.old):
        if token.placeable is PlaceableKind.MATH and not draft.comparison.is_quiet(replace(beside, old_at=place)):
            kinds.add(Nature.FORMULA)
    return kinds


def _is_only(change: Change) -> bool:
    """Whether nothing but placeables and small signs changed there."""
    others = [token for token in (*change.old, *change.new) if token.kind is not TokenKind.PLACEABLE]
    return all(token.kind is TokenKind.SIGN and token.text not in TELLING_SIGNS for token in others)


def _exchanges(draft: RepairDraft) -> Sequence[_Exchange]:
    found: list[_Exchange] = []
    for change in draft.comparison.changes:
        old, new = ([t for t in side if t.kind is TokenKind.PLACEABLE] for side in (change.old, change.new))
        if len(old) == len(new) and all(a.placeable is b.placeable for a, b in zip(old, new, strict=True)):
            found += [(a, b, change) for a, b in zip(old, new, strict=True) if a.text != b.text]
    # Links that changed with their words: by their order.
    known = {id(old) for old, _, _ in found}
    sides = draft.comparison.old, draft.comparison.new
    addresses = [[token for token in side if token.is_address] for side in sides]
    if len(addresses[0]) == len(addresses[1]):
        for old, new in zip(*addresses, strict=True):
            if old.text != new.text and id(old) not in known:
                found += [(old, new, c) for c in draft.comparison.changes if any(token is old for token in c.old)]
    return _without_moves(draft, found)


def _without_moves(draft: RepairDraft, found: list[_Exchange]) -> list[_Exchange]:
    """The exchanges without those of placeables that the new English has elsewhere or had before: these moved."""
    before, after = (Counter(token.text for token in side.placeables) for side in (draft.base, draft.new))
    while True:
        now = before - Counter(old.text for old, _, _ in found) + Counter(new.text for _, new, _ in found)
        kept = [
            (old, new, change)
            for old, new, change in found
            if now[old.text] == after[old.text] and now[new.text] <= after[new.text]
        ]
        if len(kept) == len(found):
            return found
        found = kept


def _places(draft: RepairDraft, exchanges: Sequence[_Exchange]) -> dict[str, list[Token]]:
    places: dict[str, list[Token]] = {}
    for token in draft.target.placeables:
        places.setdefault(token.text, []).append(token)
    return {exchange[0].text: places.get(exchange[0].text, []) for exchange in exchanges}


def _edits(draft: RepairDraft, group: Sequence[_Exchange], places: Sequence[Token]) -> list[Splice] | None:
    """The edits of the translation, none if the new placeables stand there already, None if they can't be made."""
    old = group[0][0]
    occurrences = [token for token in draft.comparison.old if token.text == old.text]
    becomes = {id(a): b.text for a, b, _ in group}
    if places and len(places) == len(occurrences):
        return [
            Splice(place.start, place.end, becomes[id(token)])
            for place, token in zip(places, occurrences, strict=True)
            if id(token) in becomes
        ]
    new = {b.text for _, b, _ in group}
    standing = Counter(token.text for token in draft.target.placeables)
    if not places and all(standing[text] for text in new):
        return []
    if len(new) != 1 or len(group) != len(occurrences):
        return None
    if old.is_address and places:
        return [Splice(place.start, place.end, *new) for place in places]
    if old.is_address:
        return _localised(draft, old.text, next(iter(new)))
    if old.placeable is PlaceableKind.IMAGE:
        return _image_edits(draft, old.text, next(iter(new)))
    return _tag_edits(draft, old.text, next(iter(new))) if old.placeable is PlaceableKind.HTML else None


def _image_edits(draft: RepairDraft, old: str, new: str) -> list[Splice] | None:
    """The new address in an image whose words people translated, if only its address changed."""
    was, now = _IMAGE.fullmatch(old), _IMAGE.fullmatch(new)
    if was is None or now is None or (was[1], was[3]) != (now[1], now[3]):
        return None
    placeables = draft.target.placeables
    own = [(token, found) for token in placeables if (found := _IMAGE.fullmatch(token.text)) and found[2] == was[2]]
    if len(own) != 1 or draft.target.document.text[own[0][0].start : own[0][0].end] != own[0][0].text:
        return None
    token, found = own[0]
    draft.respelled[token.text] += 1
    draft.gained[token.text[: found.start(2)] + now[2] + token.text[found.end(2) :]] += 1
    return [Splice(token.start + found.start(2), token.start + found.end(2), now[2])]


def _localised(draft: RepairDraft, old: str, new: str) -> list[Splice] | None:
    """The change at the end of an address that the translators adapted, to the manual in their language say."""
    was, now = _ADDRESS_PARTS.split(old), _ADDRESS_PARTS.split(new)
    same = 0
    while same < min(len(was), len(now)) and was[same] == now[same]:
        same += 1
    ending, fresh = "".join(was[same:]), "".join(now[same:])
    own = [token for token in draft.target.placeables if token.is_address and token.text.endswith(ending)]
    if same < 3 or len(own) != 1 or len(ending) < 3:
        return None
    (token,) = own
    if _ADDRESS_PARTS.split(token.text)[1:3] != was[1:3]:
        return None
    return [Splice(token.end - len(ending), token.end, fresh)]


def _tag_edits(draft: RepairDraft, old: str, new: str) -> list[Splice] | None:
    """A tag that the translators wrote as an element of the new tag's name and attributes: `<b>x</b>` for `<b/>`."""
    wanted = _TAG.match(new)
    if wanted is None or wanted[1]:
        return None
    tokens = draft.target.tokens
    for place, token in enumerate(tokens):
        own = _TAG.match(token.text) if token.placeable is PlaceableKind.HTML else None
        if own is None or (own[2], own[3].strip()) != (wanted[2], wanted[3].strip()) or own[1]:
            continue
        if not wanted[4] or own[4]:
            draft.respelled[token.text] += 1
            return [Splice(token.start, token.end, new)]
        for closing in tokens[place + 1 :]:
            end = _TAG.match(closing.text) if closing.placeable is PlaceableKind.HTML else None
            if end is not None and end[1] and end[2] == own[2]:
                if draft.target.document.text[token.end : closing.start].strip() not in old:
                    return None
                draft.respelled.update((token.text, closing.text))
                return [Splice(token.start, closing.end, new)]
    return None
