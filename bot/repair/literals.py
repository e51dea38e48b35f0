"""Exchanges literal words and numbers: what stands in the translation as it stands in the English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.model import PlaceableKind
from bot.repair.changes import Change, Nature
from bot.repair.draft import Edit, RepairDraft, Side
from bot.repair.tokens import Token, TokenKind
from bot.repair.words import FUNCTION_WORDS, is_weighty

_TELLING = re.compile(r"\d|\w[._/+#-]\w|[a-z][A-Z]|[A-Z]{2}")
_MIN_NAME = 3


class _Literal(NamedTuple):
    change: Change
    old: str
    new: str


def exchange_literals(draft: RepairDraft) -> None:
    """Names and numbers that became others, all of them or none: half of them would say something else."""
    edits: list[Edit] = []
    literals = list(_literals(draft))
    for literal in literals:
        found = _occurrences(draft.target, literal.old)
        if (
            len(found) != len(_occurrences(draft.base, literal.old))
            or not found
            or not draft.comparison.is_quiet(literal.change)
        ):
            return
        if any(change.is_of_content and change is not literal.change for change in _around(draft, literal.change)):
            return
        edits += [Edit(draft.target.start + a, draft.target.start + b, literal.new) for a, b in found]
    if edits:
        nature = Nature.NUMBER if all(any(map(str.isdigit, literal.old)) for literal in literals) else Nature.NAME
        draft.carry(nature, edits, *(literal.change for literal in literals))
    elif literals:
        return


def wrap_literals(draft: RepairDraft) -> None:
    """A word or number that became code or a formula, or the other way round: `0` and `$0$`."""
    for change in draft.unsettled:
        for one, other in ((change.old, change.new), (change.new, change.old)):
            if len(other) == 1 and other[0].kind is TokenKind.PLACEABLE and one and _bare(other[0].text) == _text(one):
                old = draft.base.document.text[change.old[0].start : change.old[-1].end]
                new = draft.new.document.text[change.new[0].start : change.new[-1].end]
                inside = old == other[0].text
                found = _occurrences(draft.target, old, inside=inside)
                if len(found) == len(_occurrences(draft.base, old, inside=inside)) == 1:
                    start = draft.target.start
                    draft.carry(_nature(other[0]), [Edit(start + a, start + b, new) for a, b in found], change)


def _nature(token: Token) -> Nature:
    return Nature.CODE if token.placeable is PlaceableKind.CODE else Nature.FORMULA


def _bare(text: str) -> str:
    return text.strip("`$ ")


def _text(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def _literals(draft: RepairDraft) -> Iterator[_Literal]:
    """The changed words and numbers, with what is written together with them, that may stand in the translation."""
    tokens = draft.base.tokens, draft.new.tokens
    unspaced = not draft.language.has_spaces
    for change in draft.unsettled:
        if not change.old or not change.new or not _is_plain(change):
            continue
        old = _written_together(tokens[0], draft.base.document.text, change.old)
        new = _written_together(tokens[1], draft.new.document.text, change.new)
        if " " in old or old == new or not old or not new:
            continue
        same_letters = re.sub(r"\W", "", old).lower() == re.sub(r"\W", "", new).lower()
        if " " in new and not same_letters:
            continue
        is_name = unspaced and len(old) >= _MIN_NAME and old.isascii() and old.lower() not in FUNCTION_WORDS
        if is_weighty(old) and not any(map(str.isdigit, old)):
            continue
        if _TELLING.search(old) or is_name:
            yield _Literal(change, old, new)


def _is_plain(change: Change) -> bool:
    numbers = (PlaceableKind.NUMBER, None)
    tokens = (*change.old, *change.new)
    told = any(t.is_word or t.placeable is PlaceableKind.NUMBER for t in tokens)
    return told and all(t.placeable in numbers for t in tokens) and bool(re.search(r"\w", _text(change.new)))


def _written_together(tokens: Sequence[Token], text: str, part: Sequence[Token]) -> str:
    """The text of `part` with the words and signs around it up to white space or markup."""
    first = next(i for i, token in enumerate(tokens) if token is part[0])
    last = next(i for i, token in enumerate(tokens) if token is part[-1])
    while first and _joins(tokens[first - 1]):
        first -= 1
    while last + 1 < len(tokens) and _joins(tokens[last + 1]):
        last += 1
    while last >= first and tokens[last].kind is TokenKind.SIGN:
        last -= 1
    while first <= last and tokens[first].kind is TokenKind.SIGN:
        first += 1
    return text[tokens[first].start : tokens[last].end] if first <= last else ""


def _joins(token: Token) -> bool:
    is_sign = token.kind is TokenKind.SIGN and token.text in "._/+#-"
    return token.is_word or is_sign or token.placeable is PlaceableKind.NUMBER


def _occurrences(side: Side, literal: str, *, inside: bool = False) -> list[tuple[int, int]]:
    """Where a side's text has the literal as a whole, no letter or digit beside it; not in placeables unless `inside`
    is set."""
    start = side.start
    opaque = [
        (token.start - start, token.end - start)
        for token in side.placeables()
        if token.placeable is not PlaceableKind.NUMBER and not inside
    ]
    pattern = re.compile(rf"(?<![A-Za-z0-9]){re.escape(literal)}(?![A-Za-z0-9])")
    spans = [found.span() for found in pattern.finditer(side.text)]
    return [(a, b) for a, b in spans if not any(a < end and first < b for first, end in opaque)]


def _around(draft: RepairDraft, change: Change) -> list[Change]:
    return [
        other for other in draft.comparison.changes if other is not change and abs(other.old_at - change.old_at) <= 3
    ]
