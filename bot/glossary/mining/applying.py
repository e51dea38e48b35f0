"""Applies learnt replacements to a machine's draft, as a terminology would have done in the machine."""

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
    """The draft (Markdown) of a source text with the replacements of its terms, one after the other. Code, formulas and
    other placeables stay."""
    terms = terms_of(read_runs(source, direction.source))
    pieces = list(_pieces(draft, direction.target))
    for replacement in (replacement for replacement in replacements if replacement.term in terms):
        pieces = [(_replaced(text, replacement) if is_prose else text, is_prose) for text, is_prose in pieces]
    return "".join(text for text, _ in pieces)


def _pieces(text: str, language: Language) -> Iterator[tuple[str, bool]]:
    """The whole text in pieces, and whether each is prose without placeables."""
    at = 0
    for segment in parse(text, language).segments:
        fixed = segment.placeables if segment.is_prose else (segment,)
        for start, end in sorted((part.start, part.end) for part in fixed):
            if start >= at:
                yield text[at:start], True
                yield text[start:end], False
                at = end
    yield text[at:], True


def _replaced(text: str, replacement: Replacement) -> str:
    target = joined(replacement.target)

    def change(match: re.Match[str]) -> str:
        outside = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        inside = match[0][0], match[0][-1]
        # Neighbours of the same sort would be parts of one word.
        pairs = zip(outside, inside, strict=True)
        is_split = any(all(letter.isalnum() and not is_unspaced(letter) for letter in pair) for pair in pairs)
        return match[0] if is_split or match.lastgroup == "right" else target

    return _pattern(replacement.machine, replacement.target).sub(change, text)


@lru_cache(maxsize=4096)
def _pattern(machine: Gram, target: Gram) -> re.Pattern[str]:
    """Occurrences of the target match first, and so stay."""
    return re.compile(f"(?P<right>{_spaced(target)})|{_spaced(machine)}")


def _spaced(units: Gram) -> str:
    """A pattern with the white space between units: required between words of a script with spaces, optional at a
    change of script."""
    parts = [re.escape(units[0])]
    for before, unit in pairwise(units):
        spaced = [not is_unspaced(letter) for letter in (before[-1], unit[0])]
        parts.append(f"[ \u00a0]{'+' if all(spaced) else '*'}" if any(spaced) else "")
        parts.append(re.escape(unit))
    return "".join(parts)
