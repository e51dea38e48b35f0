"""Changed words of a sentence as phrases for a machine that translates any text, and its answers in people's sentence.

Patching by a black-box machine (Ortega, Sánchez-Martínez and Forcada 2014-16): where the machine's translation of the
old phrase stands in people's sentence, its translation of the new one takes that place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.documents import fold
from bot.model import Document, Language, Phrase, PlaceableKind
from bot.repair.changes import Nature
from bot.repair.draft import RepairDraft
from bot.repair.signs import with_case_of
from bot.repair.tokens import FINAL_SIGNS, Token

# Unchanged words on each side of the changed ones. More context is translated as in the sentence more often, but its
# translation stands in people's sentence less often.
_CONTEXTS = (3, 1)
# More changed words than this say something else, and are seldom found again.
_MAX_CHANGED = 5
# More of the sentence than this would be a new sentence, and cost as much.
_MAX_SHARE = 0.5
# A single character of a script without spaces stands within many words.
_MIN_UNSPACED = 2


def choose_phrases(draft: RepairDraft) -> tuple[Phrase, ...]:
    """The words that changed with some of those around them, the most first; none unless all of the change that is not
    carried over stands in one place, among nothing but words, numbers and signs, and the sentence says it once."""
    changes = [change for change in draft.unsettled if change.nature is Nature.WORDS]
    if not changes:
        return ()
    old, new = draft.comparison.old, draft.comparison.new
    olds = changes[0].old_at, changes[-1].old_end
    news = changes[0].new_at, changes[-1].new_end
    if max(olds[1] - olds[0], news[1] - news[0]) > _MAX_CHANGED:
        return ()
    before = _shared(old[: olds[0]][::-1], new[: news[0]][::-1])
    after = _shared(old[olds[1] :], new[news[1] :])
    sentence, phrases = fold(draft.base.text).lower(), []
    most = len(sentence) * _MAX_SHARE
    for context in _CONTEXTS:
        left, right = min(before, context), min(after, context)
        phrase = Phrase(
            _text(draft.base.document, old[olds[0] - left : olds[1] + right]),
            _text(draft.new.document, new[news[0] - left : news[1] + right]),
        )
        longest = max(len(phrase.old), len(phrase.new))
        if phrase.old and phrase.new and longest <= most and sentence.count(phrase.old.lower()) == 1:
            phrases.append(phrase)
    return tuple(dict.fromkeys(phrases))


def exchange(text: str, old: str, new: str, language: Language) -> str | None:
    """`text` with the translation `new` of a phrase in the place of the translation `old`; None unless that stands
    there exactly once, as whole words. How the sentence writes its first letter is kept."""
    old, new = (fold(answer).strip().rstrip(FINAL_SIGNS) for answer in (old, new))
    if not new or len(old) < (1 if language.has_spaces else _MIN_UNSPACED):
        return None
    first, rest = re.escape(old[0]), r"\s+".join(map(re.escape, old[1:].split(" ")))
    # Scripts without spaces show the borders of Latin words only.
    letter = r"\w" if language.has_spaces else "[A-Za-z0-9]"
    before = f"(?<!{letter})" if language.has_spaces or old[0].isascii() else ""
    after = f"(?!{letter})" if language.has_spaces or old[-1].isascii() else ""
    found = list(re.finditer(f"{before}(?i:{first}){rest}{after}", text))
    if len(found) != 1:
        return None
    start, end = found[0].span()
    if text[start] != old[0]:
        new = with_case_of(text[start], new, language)
    return text[:start] + new + text[end:]


def _shared(old: Sequence[Token], new: Sequence[Token]) -> int:
    """How many words both sides have in common from here."""
    return next(
        (number for number, (a, b) in enumerate(zip(old, new, strict=False)) if not a.is_word or a.text != b.text),
        min(len(old), len(new)),
    )


def _text(document: Document, tokens: Sequence[Token]) -> str:
    """The text of consecutive tokens; empty if anything else stands among them."""
    if not tokens or not all(token.placeable in (None, PlaceableKind.NUMBER) for token in tokens):
        return ""
    if any(document.text[one.end : other.start].strip() for one, other in pairwise(tokens)):
        return ""
    return fold(document.text[tokens[0].start : tokens[-1].end])
