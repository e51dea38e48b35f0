"""The changes from the old English of a sentence to the new, token by token."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property

from bot.model import PlaceableKind
from bot.repair.tokens import Token, TokenKind
from bot.repair.words import content_words, is_slip, is_weighty, same_stem


class Nature(StrEnum):
    """The kinds of changes of the English. The first group is carried over, the second asks for nothing, and `words`
    asks for a person."""

    ADDRESS = "address"
    CODE = "code"
    FORMULA = "formula"
    NUMBER = "number"
    NAME = "name"
    TAG = "tag"
    REFERENCE = "reference"
    LINK = "link"
    MARK = "mark"
    FINAL = "final punctuation"
    LIST_MARK = "list mark"
    LETTER = "first letter"
    SYMBOL = "symbol"
    OPENING = "opening phrase"
    EDGE = "at the edge"
    PHRASE = "a phrase by the machine"
    REVISION = "a revision by the machine"

    SPACE = "white space"
    PUNCTUATION = "punctuation"
    CAPITALS = "capitals"
    FUNCTION = "function words"
    FORM = "inflection"
    SPELLING = "spelling"
    THERE = "stands there already"

    WORDS = "words"


SMALL = frozenset(
    {
        Nature.SPACE,
        Nature.PUNCTUATION,
        Nature.CAPITALS,
        Nature.FUNCTION,
        Nature.FORM,
        Nature.SPELLING,
        Nature.THERE,
    }
)
_OF_PLACEABLE = {
    PlaceableKind.URL: Nature.ADDRESS,
    PlaceableKind.IMAGE: Nature.ADDRESS,
    PlaceableKind.CODE: Nature.CODE,
    PlaceableKind.MATH: Nature.FORMULA,
    PlaceableKind.NUMBER: Nature.NUMBER,
    PlaceableKind.HTML: Nature.TAG,
    PlaceableKind.ROLE: Nature.REFERENCE,
    PlaceableKind.FOOTNOTE: Nature.REFERENCE,
}
# Signs that are part of what is said, unlike a comma.
TELLING_SIGNS = frozenset("%=<>+±×÷≤≥≠~^$€£¥#@&|\\§°")
# A changed word this near to a number or a name says that more than the number or the name changed.
_NEAR = 2


def nature_of(placeable: PlaceableKind | None) -> Nature:
    return Nature.NAME if placeable is None else _OF_PLACEABLE[placeable]


@dataclass(frozen=True)
class Change:
    """The tokens `old`, from place `old_at` of the old sentence's words, became `new`, from place `new_at`."""

    old: tuple[Token, ...]
    new: tuple[Token, ...]
    old_at: int
    new_at: int

    @property
    def old_end(self) -> int:
        return self.old_at + len(self.old)

    @property
    def new_end(self) -> int:
        return self.new_at + len(self.new)

    @property
    def wrapped(self) -> tuple[Token, ...]:
        """The placeable that words became, or that became words, if it is they with marks around: `0` and `$0$`."""
        for one, other in ((self.old, self.new), (self.new, self.old)):
            text = "".join(token.text for token in one)
            if len(other) == 1 and other[0].kind is TokenKind.PLACEABLE and text and other[0].text.strip("`$ ") == text:
                return other
        return ()

    @cached_property
    def is_of_content(self) -> bool:
        """Whether a word with a meaning of its own changed."""
        return self.nature is Nature.WORDS and any(token.is_word for token in (*self.old, *self.new))

    @cached_property
    def nature(self) -> Nature:
        """The kind of the change if nothing of it can be carried over."""
        both = (*self.old, *self.new)
        if any(token.kind is TokenKind.PLACEABLE for token in both):
            return Nature.PUNCTUATION if _is_same_number(self.old, self.new) else Nature.WORDS
        old, new = (tuple(token.text for token in side if token.is_word) for side in (self.old, self.new))
        if not old and not new:
            telling = any(token.text in TELLING_SIGNS for token in both)
            return Nature.WORDS if telling else Nature.PUNCTUATION
        if old == new:
            return Nature.PUNCTUATION
        if "".join(old).lower() == "".join(new).lower():
            # A hyphen or a space between the parts of a word: `layer-wise`, `layerwise`.
            return Nature.CAPITALS if len(old) == len(new) else Nature.PUNCTUATION
        return _nature_of_words(old, new)


def _is_same_number(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Whether only the signs inside a number changed: `60000`, `60,000`."""
    digits = ["".join(filter(str.isdigit, "".join(token.text for token in side))) for side in (old, new)]
    numbers = all(t.placeable is PlaceableKind.NUMBER or t.kind is TokenKind.SIGN for t in (*old, *new))
    return numbers and bool(digits[0]) and digits[0] == digits[1]


def _nature_of_words(old: Sequence[str], new: Sequence[str]) -> Nature:
    left, right = content_words(old), content_words(new)
    if left == right:
        return Nature.FUNCTION
    heavy = [sorted(word for word in side if is_weighty(word)) for side in (left, right)]
    if len(left) != len(right) or heavy[0] != heavy[1]:
        return Nature.WORDS
    differing = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
    if all(same_stem(a, b) for a, b in differing):
        return Nature.FORM
    if all(same_stem(a, b) or is_slip(a, b) for a, b in differing):
        return Nature.SPELLING
    return Nature.WORDS


@dataclass(frozen=True)
class SentenceComparison:
    """The old and the new English of a sentence: all tokens, and without white space and marks (`old`, `new`), which
    the changes count in."""

    all_old: Sequence[Token]
    all_new: Sequence[Token]

    @cached_property
    def old(self) -> list[Token]:
        return [token for token in self.all_old if _is_told(token)]

    @cached_property
    def new(self) -> list[Token]:
        return [token for token in self.all_new if _is_told(token)]

    @cached_property
    def _opcodes(self) -> Sequence[tuple[str, int, int, int, int]]:
        old, new = ([_key(token) for token in side] for side in (self.old, self.new))
        return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()

    @cached_property
    def changes(self) -> list[Change]:
        """In order. A placeable that took the place of another of its kind among the same words is a change too."""
        changes = []
        for name, i, j, k, m in self._opcodes:
            if name != "equal":
                changes.append(Change(tuple(self.old[i:j]), tuple(self.new[k:m]), i, k))
                continue
            for step in range(j - i):
                if self.old[i + step].text != self.new[k + step].text:
                    changes.append(Change((self.old[i + step],), (self.new[k + step],), i + step, k + step))
        return changes

    def images(self, place: int) -> set[int]:
        """The places of the new sentence that the border before token `place` of the old one can have become: none
        inside a change, two at an insertion."""
        found: set[int] = set()
        for name, i, j, k, m in self._opcodes:
            if name == "equal" and i <= place <= j:
                found.add(k + place - i)
            elif name != "equal":
                found |= ({k} if place == i else set()) | ({m} if place == j else set())
        return found or ({0} if not self._opcodes else set())

    def is_quiet(self, change: Change, besides: Collection[Change] = ()) -> bool:
        """Whether no word with a meaning of its own changed within two words of this change, `besides` left aside."""
        return not any(
            other.is_of_content
            and other not in besides
            and other.old_at <= change.old_end + _NEAR
            and change.old_at <= other.old_end + _NEAR
            for other in self.changes
        )


def _is_told(token: Token) -> bool:
    return token.kind in (TokenKind.WORD, TokenKind.PLACEABLE, TokenKind.SIGN)


def _key(token: Token) -> tuple[str, str]:
    return token.kind, "" if token.is_address else token.text
