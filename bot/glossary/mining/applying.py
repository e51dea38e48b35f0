"""Makes learnt replacements in a machine's draft, as a terminology given to the machine would have made them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from bot.documents import parse
from bot.glossary.mining.renderings import Gram
from bot.glossary.mining.replacing import Replacement, terms_of
from bot.glossary.mining.words import joined, read_runs
from bot.glossary.sides import is_unspaced
from bot.model import Direction, Language


def apply_replacements(replacements: Sequence[Replacement], source: str, draft: str, direction: Direction) -> str:
    """The draft (Markdown) of a source text with what people write for its terms, one replacement after the other;
    code, formulas and other placeables are left as they are."""
    terms = terms_of(read_runs(source, direction.source))
    wanted = [one for one in replacements if one.term in terms]
    pieces = list(_pieces(draft, direction.target)) if wanted else [(draft, False)]
    for one in wanted:
        pieces = [(_replaced(text, one) if is_prose else text, is_prose) for text, is_prose in pieces]
    return "".join(text for text, _ in pieces)


def _pieces(text: str, language: Language) -> Iterator[tuple[str, bool]]:
    """The whole text in pieces, and whether each is prose without placeables."""
    at = 0
    for segment in parse(text, language).segments:
        fixed = (
            [(one.start, one.end) for one in segment.placeables] if segment.is_prose else [(segment.start, segment.end)]
        )
        for start, end in sorted(fixed):
            if start >= at:
                yield text[at:start], True
                yield text[start:end], False
                at = end
    yield text[at:], True


def _replaced(text: str, one: Replacement) -> str:
    target = joined(one.target)

    def change(match: re.Match[str]) -> str:
        outside = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        inside = match[0][0], match[0][-1]
        split = any(_is_letter(*pair) for pair in zip(outside, inside, strict=True))
        return match[0] if split or match.lastgroup == "right" else target

    return _pattern(one.machine, one.target).sub(change, text)


def _is_letter(outside: str, inside: str) -> bool:
    """Whether two characters are of one word."""
    return outside.isalnum() and not is_unspaced(outside) and inside.isalnum() and not is_unspaced(inside)


@lru_cache(maxsize=4096)
def _pattern(machine: Gram, target: Gram) -> re.Pattern[str]:
    """What is the target already is found first, so that it stays."""
    return re.compile(f"(?P<right>{_spaced(target)})|{_spaced(machine)}")


def _spaced(units: Gram) -> str:
    """White space may stand where the script changes, and must stand between two words of one with spaces."""
    parts = [re.escape(units[0])]
    for before, unit in pairwise(units):
        spaced = [not is_unspaced(letter) for letter in (before[-1], unit[0])]
        parts.append(f"[ \u00a0]{'+' if all(spaced) else '*'}" if any(spaced) else "")
        parts.append(re.escape(unit))
    return "".join(parts)
