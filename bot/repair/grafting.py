"""What differs between a machine's translations of a sentence before and after, in people's translation of it.

Fuzzy-match repair with the machine as a black box (Ortega, Sánchez-Martínez and Forcada 2014-16). A difference is put
in the place of its old words where these, with some of the machine's words around them, stand in people's sentence
exactly once: there people and the machine agree on what the English words became.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import product

from bot.documents import fold
from bot.model import Language
from bot.repair.phrases import exchange
from bot.repair.tokens import FINAL_SIGNS, Token, TokenKind, is_unspaced, tokens_of_text

_MOST_CONTEXT = 3
# Words before and after a difference, the most in all first, and as many on each side as can be.
_CONTEXTS = sorted(
    product(range(_MOST_CONTEXT + 1), repeat=2), key=lambda sides: (-sum(sides), abs(sides[0] - sides[1]))
)
# More differences than this are another sentence: one word of English can turn a machine's whole sentence.
_MAX_DIFFERENCES = 3
_MAX_SHARE = 0.5
# A word that stands alone must be long enough to be one with a meaning of its own.
_LEAST_LETTERS = 4

_Span = tuple[int, int, int, int]


def graft(text: str, old: str, new: str, language: Language) -> str | None:
    """`text` with all differences of the translation `new` from the translation `old`; None unless the place of each
    is known."""
    old, new = (fold(answer).strip().rstrip(FINAL_SIGNS) for answer in (old, new))
    olds, news = _tokens(old), _tokens(new)
    spans = _differences(olds, news)
    changed = sum(span[1] - span[0] for span in spans)
    if not spans or len(spans) > _MAX_DIFFERENCES or changed > len(olds) * _MAX_SHARE:
        return None
    for index, span in enumerate(spans):
        before = spans[index - 1][1] if index else 0
        after = spans[index + 1][0] if index + 1 < len(spans) else len(olds)
        made = _exchanged(text, (old, olds), (new, news), span, (before, after), language)
        if made is None:
            return None
        text = made
    return text


def _tokens(text: str) -> list[Token]:
    return [token for token in tokens_of_text(text) if token.kind is not TokenKind.SPACE]


def _differences(olds: Sequence[Token], news: Sequence[Token]) -> list[_Span]:
    """Differences with no more than one word between them are one."""
    matcher = SequenceMatcher(None, [token.text for token in olds], [token.text for token in news], autojunk=False)
    spans: list[_Span] = []
    for name, a, b, c, d in matcher.get_opcodes():
        if name == "equal":
            continue
        if spans and a - spans[-1][1] <= 1:
            spans[-1] = (spans[-1][0], b, spans[-1][2], d)
        else:
            spans.append((a, b, c, d))
    return spans


def _exchanged(
    text: str,
    old: tuple[str, Sequence[Token]],
    new: tuple[str, Sequence[Token]],
    span: _Span,
    borders: tuple[int, int],
    language: Language,
) -> str | None:
    """With one difference, with as many words around it as people share; `borders` are those of the differences before
    and after."""
    a, b, c, d = span
    for wanted in _CONTEXTS:
        left, right = min(a - borders[0], wanted[0]), min(borders[1] - b, wanted[1])
        if a == b or c == d:
            # What came or went is known by both of its neighbours, or by one at an end of the sentence.
            if (not left and a > 0) or (not right and b < len(old[1])):
                continue
            if not _is_telling([*old[1][a - left : a], *old[1][b : b + right]], words=2):
                continue
        elif not left and not right and not _is_telling(old[1][a:b]):
            continue
        words, others = _cut(old, a - left, b + right), _cut(new, c - left, d + right)
        if a == b and not _stands_at(text, words, start=a == 0, end=b == len(old[1])):
            continue
        made = exchange(text, words, others, language) if words and others else None
        if made is not None:
            return made
    return None


def _is_telling(tokens: Sequence[Token], words: int = _MOST_CONTEXT) -> bool:
    """Whether there is a word that is long enough, or so many words."""
    texts = [token.text for token in tokens if token.is_word]
    return len(texts) >= words or any(len(text) >= _LEAST_LETTERS or is_unspaced(text) for text in texts)


def _stands_at(text: str, words: str, *, start: bool, end: bool) -> bool:
    """Whether words stand at the start or the end of a sentence: what the machine adds there belongs there."""
    plain, words = fold(text).strip().rstrip(FINAL_SIGNS).casefold(), words.casefold()
    return (not start or plain.startswith(words)) and (not end or plain.endswith(words))


def _cut(side: tuple[str, Sequence[Token]], start: int, end: int) -> str:
    text, tokens = side
    return text[tokens[start].start : tokens[end - 1].end] if start < end else ""
