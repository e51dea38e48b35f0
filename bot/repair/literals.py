"""Exchanges literal words and numbers: what stands in the translation as it stands in the English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from bot.model import PlaceableKind
from bot.repair.changes import Change, Nature
from bot.repair.draft import RepairDraft, Side, Splice
from bot.repair.tokens import Token, TokenKind, tokens_of_text
from bot.repair.words import FUNCTION_WORDS, is_content, is_weighty

_DIGIT = re.compile(r"\d")
# A name rather than a word: signs inside it, or capitals.
_TELLING = re.compile(r"\w[._/+#-]\w|[a-z][A-Z]|[A-Z]{2}")
_MIN_NAME = 3
_NO_SIGNS = {ord(sign): None for sign in "-–—,."}
# Signs that each language has its own of.
_TYPOGRAPHY = frozenset("-–—,.;:!?'\"’‘“”")
_JOINING_SIGNS = frozenset("._/+#-&")
# So many tokens on each side show that a sign is the same one.
_CONTEXT = 2


class _Chunk(NamedTuple):
    """Words, numbers and signs that are written together: `bundle.js`, `6kb`."""

    text: str
    tokens: tuple[Token, ...]


class Literal(NamedTuple):
    """A chunk that changed. `new` is empty if nothing takes the literal's place alone."""

    old: _Chunk
    new: str


def settle_standing(draft: RepairDraft, literals: Sequence[Literal]) -> None:
    """Changes that the translation has already: people wrote `Watson` before the English did, or `a.b` as code."""
    standing = Counter(token.text for token in draft.target.placeables)
    wanted = Counter(token.text for token in draft.new.placeables)
    for change in draft.unsettled:
        if not change.old or not change.new:
            continue
        texts = [token.text for token in change.new if token.kind is TokenKind.PLACEABLE]
        same = len(texts) == len(change.new) and all(standing[text] == wanted[text] for text in texts)
        if same and _letters(_joined(change.old)) == _letters(_joined(change.new)):
            draft.settle(Nature.THERE, change)
    for literal in literals:
        own = {id(token) for token in literal.old.tokens}
        new = _occurrences(draft.target, literal.new) if literal.new else []
        if (
            not new
            or len(new) != len(_occurrences(draft.new, literal.new))
            or _occurrences(draft.target, literal.old.text)
        ):
            continue
        words = {token.text for token in tokens_of_text(literal.new)}
        for change in draft.unsettled:
            if change.old and {id(token) for token in change.old} <= own and {t.text for t in change.new} <= words:
                draft.settle(Nature.THERE, change)


def _joined(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def exchange_literals(draft: RepairDraft, literals: Sequence[Literal]) -> None:
    """Names and numbers that became others, all of them or none: half of them would say something else."""
    groups: dict[str, list[Literal]] = {}
    settled = {id(token) for change in draft.settled for token in change.old}
    for literal in literals:
        if not all(id(token) in settled for token in literal.old.tokens):
            groups.setdefault(literal.old.text, []).append(literal)
    changed = {id(token) for group in groups.values() for literal in group for token in literal.old.tokens}
    changes = [change for change in draft.unsettled if any(id(token) in changed for token in change.old)]
    edits: list[Splice] = []
    for old, group in groups.items():
        found = _occurrences(draft.target, old)
        new, *others = {literal.new for literal in group}
        if not new and not others and not found:
            continue
        if not new or others or not len(group) == len(found) == len(_occurrences(draft.base, old)):
            return
        if any(_is_gloss(draft.target.text, a) for a, _ in found) and not _is_gloss(*_first(draft.base, group[0])):
            return
        edits += [Splice(draft.target.start + a, draft.target.start + b, new) for a, b in found]
    new_words = {token.text for group in groups.values() for token in tokens_of_text(group[0].new)}
    for change in changes:
        own = [token for token in change.old if id(token) in changed]
        own += [token for token in change.new if token.text in new_words]
        if any(token.is_word and is_content(token.text) for token in (*change.old, *change.new) if token not in own):
            return
    if edits and all(draft.comparison.is_quiet(change, besides=changes) for change in changes):
        only_numbers = all(any(map(str.isdigit, old)) for old in groups)
        draft.carry(Nature.NUMBER if only_numbers else Nature.NAME, edits, *changes)


def find_literals(draft: RepairDraft) -> Iterator[Literal]:
    """The changed chunks that may stand in the translation as they stand in the English."""
    old, new = _chunks(draft.base), _chunks(draft.new)
    matcher = SequenceMatcher(None, [c.text for c in old], [c.text for c in new], autojunk=False)
    for name, i, j, k, m in matcher.get_opcodes():
        if name != "replace":
            continue
        spaced = " ".join(chunk.text for chunk in new[k:m])
        if j - i == 1 and _letters(spaced) == _letters(old[i].text):
            pairs = [(old[i], spaced)]
        else:
            fresh = [chunk.text for chunk in new[k:m]] if j - i == m - k else [""] * (j - i)
            pairs = list(zip(old[i:j], fresh, strict=True))
        yield from (Literal(*pair) for pair in pairs if _is_literal(*pair, unspaced=not draft.language.has_spaces))


def _is_literal(old: _Chunk, new: str, *, unspaced: bool) -> bool:
    text = old.text
    if new in (text + "'s", text + "’s") or not text.isascii():
        return False
    # A word in the place of a name says that the sentence means something else.
    if new and not (_is_name(new) or (unspaced and len(new) >= _MIN_NAME and new.lower() not in FUNCTION_WORDS)):
        return False
    # Dashes between numbers, and signs inside them, are those of the language.
    if new and text.translate(_NO_SIGNS) == new.translate(_NO_SIGNS) and not re.search(r"[^\W\d]", text):
        return False
    if new and _DIGIT.search(text) and not _DIGIT.search(new):
        return False
    if _DIGIT.search(text):
        return True
    if is_weighty(text) or text.lower() in FUNCTION_WORDS:
        return False
    return _is_name(text) or (unspaced and len(text) >= _MIN_NAME)


def _first(side: Side, literal: Literal) -> tuple[str, int]:
    return side.text, literal.old.tokens[0].start - side.start


def _is_gloss(text: str, start: int) -> bool:
    """Whether what stands there explains, in brackets, the words before it: the term of the English, say."""
    return text[:start].rstrip()[-1:] in ("(", "（")


def _is_name(text: str) -> bool:
    return bool(_DIGIT.search(text) or _TELLING.search(text))


def _chunks(side: Side) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    run: list[Token] = []
    for token in [*side.tokens, None]:
        is_plain = token is not None and (token.is_word or token.text in _JOINING_SIGNS or _is_number(token))
        if run and not (is_plain and token is not None and token.start == run[-1].end):
            while run and run[-1].kind is TokenKind.SIGN:
                run.pop()
            while run and run[0].kind is TokenKind.SIGN:
                run.pop(0)
            if run:
                chunks.append(_Chunk(side.document.text[run[0].start : run[-1].end], tuple(run)))
            run = []
        if is_plain and token is not None:
            run.append(token)
    return chunks


def _is_number(token: Token) -> bool:
    return token.placeable is PlaceableKind.NUMBER


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def exchange_in_context(draft: RepairDraft) -> None:
    """Signs that changed between words which stand in the translation as they stand in the English, `x ]}` and `x }}`;
    brackets all or none."""
    found: list[tuple[Splice, Change]] = []
    open_brackets = False
    for change in draft.unsettled:
        if any(token.kind is not TokenKind.SIGN for token in (*change.old, *change.new)) or not change.old:
            continue
        if any(token.text in _TYPOGRAPHY for token in (*change.old, *change.new)):
            continue
        before = draft.comparison.old[max(0, change.old_at - _CONTEXT) : change.old_at]
        after = draft.comparison.old[change.old_end : change.old_end + _CONTEXT]
        text = draft.base.document.text
        first, last = [*before, *change.old][0], [*change.old, *after][-1]
        is_told = any(token.is_word and len(token.text) > 1 for token in (*before, *after))
        left, right = text[first.start : change.old[0].start], text[change.old[-1].end : last.end]
        old = left + text[change.old[0].start : change.old[-1].end] + right
        new = draft.new.document.text[change.new[0].start : change.new[-1].end] if change.new else ""
        if is_told and draft.base.text.count(old) == draft.target.text.count(old) == 1:
            start = draft.target.start + draft.target.text.index(old) + len(left)
            found.append((Splice(start, start + len(old) - len(left) - len(right), new), change))
        else:
            open_brackets |= _has_brackets(change)
    for edit, change in found:
        if not (open_brackets and _has_brackets(change)):
            draft.carry(Nature.SYMBOL, [edit], change)


def _has_brackets(change: Change) -> bool:
    return any(token.text in "()[]{}" for token in (*change.old, *change.new))


def wrap_literals(draft: RepairDraft) -> None:
    """Words or numbers that became code or formulas, or the other way round, all of them or none: `0` and `$0$`."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in draft.unsettled:
        if change.wrapped:
            old = draft.base.document.text[change.old[0].start : change.old[-1].end]
            new = draft.new.document.text[change.new[0].start : change.new[-1].end]
            groups.setdefault((old, new), []).append(change)
    edits: list[Splice] = []
    for (old, new), changes in groups.items():
        inside = len(changes[0].old) == 1 and changes[0].old[0].kind is TokenKind.PLACEABLE
        found = _occurrences(draft.target, old, inside=inside)
        if not len(found) == len(_occurrences(draft.base, old, inside=inside)) == len(changes):
            return
        edits += [Splice(draft.target.start + a, draft.target.start + b, new) for a, b in found]
    if edits:
        every = [change for changes in groups.values() for change in changes]
        is_code = every[0].wrapped[0].placeable is PlaceableKind.CODE
        draft.carry(Nature.CODE if is_code else Nature.FORMULA, edits, *every)


def _occurrences(side: Side, literal: str, *, inside: bool = False) -> list[tuple[int, int]]:
    """Where a side's text has the literal as a whole, no letter or digit beside it; not in placeables unless `inside`
    is set."""
    start = side.start
    opaque = [
        (token.start - start, token.end - start)
        for token in side.placeables
        if token.placeable is not PlaceableKind.NUMBER and not inside
    ]
    pattern = re.compile(rf"(?<![A-Za-z0-9]){re.escape(literal)}(?![A-Za-z0-9])")
    spans = [found.span() for found in pattern.finditer(side.text)]
    return [(a, b) for a, b in spans if not any(a < end and first < b for first, end in opaque)]
