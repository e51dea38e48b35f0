"""Carries over what stands around the words: final punctuation, list marks, symbols, first letters, spaces at a slash,
an opening phrase that was deleted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from bot.model import Language
from bot.repair.changes import Change, Nature
from bot.repair.draft import RepairDraft, Side, Splice
from bot.repair.tokens import FINAL_SIGNS, Token, TokenKind

_WIDE = {".": "。", "!": "！", "?": "？", ":": "：", ";": "；"}
_LIST_MARK = re.compile(r"(?<![\w(])(\(?)([ivx]{1,4}|[a-z]|\d{1,2})\)(?=\s)")
_SYMBOL = re.compile(r"(?:^|(?<=\[))([^\w\s\x00-\x7f]+\s+)(?=\w)")
_FIRST = re.compile(r"[^\w`$<:]*([^\W\d_])")
_AFTER_COLON = re.compile(r"[:：]\s+([^\W\d_])")
_OPENING = re.compile(r"([^,:，：。.\[`$]{1,30}[,:，：])\s*")
_MAX_OPENING_WORDS = 3
_NO_EDGE = frozenset("()[]{}<>（）\"'“”‘’,-–—" + FINAL_SIGNS)
_LETTER_CHANGES = (Nature.CAPITALS, Nature.FUNCTION)


def carry_final(draft: RepairDraft) -> None:
    """The sign at the end, if the words before it did not change."""
    old, new, own = (_final(side.tokens) for side in (draft.base, draft.new, draft.target))
    was, now = (token.text if token else "" for token in (old, new))
    if was == now:
        return
    change = next((c for c in draft.unsettled if old in c.old or new in c.new), None)
    if change is None or not _is_last(draft, change) or not draft.comparison.is_quiet(change):
        return
    if "?" in (was, now) and any(other.is_of_content for other in draft.comparison.changes):
        return
    wide = not draft.language.has_spaces
    expected, wanted = (_WIDE.get(sign, sign) if wide else sign for sign in (was, now))
    standing = own.text if own else ""
    if standing == wanted:
        draft.settle(Nature.THERE, change)
    elif own is not None and standing == expected:
        draft.carry(Nature.FINAL, [Splice(own.start, own.end, wanted)], change)
    elif own is None and wanted and (now == ":" or not was):
        last = next((token for token in reversed(draft.target.tokens) if token.kind is not TokenKind.SPACE), None)
        if last is not None and last.is_word:
            draft.carry(Nature.FINAL, [Splice(last.end, last.end, wanted)], change)


def _is_last(draft: RepairDraft, change: Change) -> bool:
    """Whether only the signs at the end changed there."""
    tokens = (*change.old, *change.new)
    at_end = change.old_end == len(draft.comparison.old) or change.new_end == len(draft.comparison.new)
    return at_end and all(token.kind is TokenKind.SIGN for token in tokens) and len(tokens) <= 2


def _final(tokens: Sequence[Token]) -> Token | None:
    for token in reversed(tokens):
        if token.kind in (TokenKind.CLOSE, TokenKind.SPACE) or (token.is_address and token.text.startswith("]")):
            continue
        return token if token.kind is TokenKind.SIGN and token.text in FINAL_SIGNS else None
    return None


def carry_list_marks(draft: RepairDraft) -> None:
    """`i)` that became `(i)`, or the other way round, each where the translation has it once."""
    old, new = draft.base.text, draft.new.text
    for found in _LIST_MARK.finditer(new):
        opened, core = found[1], found[2]
        former = f"{core})" if opened else f"({core})"
        pattern = re.compile(rf"(?<![\w(]){re.escape(former)}(?=\s)")
        if not pattern.search(old) or re.search(rf"(?<![\w(]){re.escape(found[0])}(?=\s)", old):
            continue
        own = pattern.findall(draft.target.text), pattern.search(draft.target.text)
        if len(own[0]) == 1 and own[1] is not None:
            start = draft.target.start + own[1].start()
            changes = [c for c in draft.unsettled if {t.text for t in (*c.old, *c.new)} <= {"(", ")"}]
            draft.carry(Nature.LIST_MARK, [Splice(start, start + len(former), found[0])], *changes)


def carry_symbols(draft: RepairDraft) -> None:
    """A new symbol before the first word of the sentence or of a link."""
    for found in _SYMBOL.finditer(draft.new.text):
        symbol = found[1]
        bare = symbol.strip()
        if unicodedata.category(symbol[0]) != "So" or bare in draft.base.text or bare in draft.target.text:
            continue
        start = draft.target.start
        if found.start():
            number = draft.new.text[: found.start()].count("[")
            places = [place.end() for place in re.finditer(r"\[", draft.target.text)]
            if len(places) != draft.new.text.count("["):
                continue
            start += places[number - 1]
        signs = set(bare)
        changes = [c for c in draft.unsettled if not c.old and {t.text for t in c.new} <= signs]
        draft.carry(Nature.SYMBOL, [Splice(start, start, symbol)], *changes)


def carry_edges(draft: RepairDraft) -> None:
    """What went from the end or the beginning of the sentence and stands there in the translation as it stood in the
    English, a name or escaped asterisks, say; and what came there without a word: a tag, a reference, signs."""
    old, new = draft.comparison.old, draft.comparison.new
    was, english, own = (Counter(t.text for t in side.tokens) for side in (draft.base, draft.new, draft.target))
    for change in draft.unsettled:
        at_start = change.old_at == change.new_at == 0
        at_end = change.old_end == len(old) and change.new_end == len(new)
        tokens = change.old or change.new
        if at_start == at_end or (change.old and change.new) or any(t.text in _NO_EDGE for t in tokens):
            continue
        side = draft.base if change.old else draft.new
        text = side.document.text[tokens[0].start : tokens[-1].end]
        edit = None
        # What stands there less often than in the English went before, or never came.
        if any(english[token.text] >= was[token.text] or own[token.text] < was[token.text] for token in change.old):
            continue
        # A placeable that came elsewhere may have taken the place of the one that went.
        if change.old and any(_brings_placeables(other) for other in draft.unsettled):
            continue
        if change.old:
            edit = _without_edge(draft, text, at_start=at_start)
        elif any(token.is_word or token.is_address for token in tokens):
            continue
        elif all(own[token.text] >= english[token.text] for token in tokens):
            draft.settle(Nature.THERE, change)
        elif _ends_alike(draft, at_start=at_start):
            place = draft.target.start if at_start else draft.target.start + len(draft.target.text.rstrip())
            edit = Splice(place, place, _spaced(draft.new, tokens, text, at_start=at_start))
        if edit is not None:
            draft.carry(Nature.EDGE, [edit], change)


def _brings_placeables(change: Change) -> bool:
    return any(token.kind is TokenKind.PLACEABLE for token in change.new)


def _spaced(side: Side, tokens: Sequence[Token], text: str, *, at_start: bool) -> str:
    """The text of these tokens with the white space that parts them from the rest."""
    document = side.document.text
    if at_start:
        return f"{text} " if document[tokens[-1].end : tokens[-1].end + 1].isspace() else text
    return f" {text}" if document[tokens[0].start - 1 : tokens[0].start].isspace() else text


def _without_edge(draft: RepairDraft, text: str, *, at_start: bool) -> Splice | None:
    standing, start = draft.target.text, draft.target.start
    if at_start and standing.startswith(text):
        rest = standing.removeprefix(text)
        is_whole = not (rest[:1].isascii() and rest[:1].isalnum())
        return Splice(start, draft.target.end - len(rest.lstrip()), "") if is_whole and rest.strip() else None
    if not at_start and standing.endswith(text):
        rest = standing.removesuffix(text)
        is_whole = not (rest[-1:].isascii() and rest[-1:].isalnum())
        return Splice(start + len(rest.rstrip()), draft.target.end, "") if is_whole and rest.strip() else None
    return None


def _ends_alike(draft: RepairDraft, *, at_start: bool) -> bool:
    """Whether the old English and the translation both have a final sign there, or both have none."""
    return at_start or (_final(draft.base.tokens) is None) == (_final(draft.target.tokens) is None)


def carry_first_letters(draft: RepairDraft) -> None:
    """The case of the first letter, of the sentence or after a colon, in a script that has cases."""
    if not draft.language.has_spaces:
        return
    for pattern in (_FIRST, _AFTER_COLON):
        find = pattern.match if pattern is _FIRST else pattern.search
        old, new, own = find(draft.base.text), find(draft.new.text), find(draft.target.text)
        if not (old and new and own) or old[1].isupper() == new[1].isupper():
            continue
        if old[1].isupper() != own[1].isupper() or _is_acronym(draft.target.text, own.start(1)):
            continue
        places = draft.base.start + old.start(1), draft.new.start + new.start(1)
        # The word may have got or lost an article: `Probability`, `a probability`.
        changes = [
            c
            for c in draft.unsettled
            if c.old and c.new and (c.old[0].start, c.new[0].start) == places and c.nature in _LETTER_CHANGES
        ]
        if not changes:
            continue
        start = draft.target.start
        case = _upper if new[1].isupper() else _lower
        first, last = own.span(1)
        edits = [Splice(start + first, start + last, case(own[1], draft.language.code))]
        draft.carry(Nature.LETTER, edits, *changes)


def _is_acronym(text: str, start: int) -> bool:
    following = text[start + 1 : start + 2]
    return text[start].isupper() and (following.isupper() or following.isdigit())


def _upper(letter: str, code: str) -> str:
    return "İ" if letter == "i" and code in ("tr", "az") else letter.upper()


def _lower(letter: str, code: str) -> str:
    if code in ("tr", "az"):
        return {"I": "ı", "İ": "i"}.get(letter, letter.lower())
    return letter.lower()


def with_case_of(letter: str, text: str, language: Language) -> str:
    """`text` with its first letter in the case of `letter`, unless it begins with an acronym."""
    case = _upper if letter.isupper() else _lower
    return text if _is_acronym(text, 0) else case(text[0], language.code) + text[1:]


def carry_slashes(draft: RepairDraft) -> None:
    """White space around the slash between two words that the translation has as well."""
    pair = re.compile(r"(?<!\w)(\w++)( ?)/( ?)(\w+)")
    for found in pair.finditer(draft.new.text):
        before = re.search(rf"\b{re.escape(found[1])}( ?)/( ?){re.escape(found[4])}", draft.base.text)
        if before is None or before.groups() == (found[2], found[3]):
            continue
        # Translators leave out the plural of a term that they keep in English.
        stem = re.escape(found[4].rstrip("s"))
        own = re.search(rf"{re.escape(found[1])}({before[1]}/{before[2]}){stem}", draft.target.text)
        if own is not None:
            start, end = (draft.target.start + place for place in own.span(1))
            draft.carry(Nature.PUNCTUATION, [Splice(start, end, f"{found[2]}/{found[3]}")])


def carry_opening(draft: RepairDraft) -> None:
    """A short opening phrase (`See also:`) that went, where nothing else changed."""
    old, own = (_OPENING.match(side.text) for side in (draft.base, draft.target))
    rest = draft.base.text[old.end() :] if old else ""
    if old is None or own is None or len(old[1].split()) > _MAX_OPENING_WORDS:
        return
    if " ".join(rest.split()).lower() != " ".join(draft.new.text.split()).lower() or len(own[1]) > max(8, len(old[0])):
        return
    start, text = draft.target.start, draft.target.text
    following = text[own.end() : own.end() + 1]
    upper = _upper(following, draft.language.code) if old[1][0].isupper() and following.islower() else following
    draft.carry(Nature.OPENING, [Splice(start, start + own.end() + len(following), upper)], *draft.unsettled)
