"""What is proposed, the sentences it comes from, and the evidence that both kinds of mining give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import log

from bot.glossary import Term
from bot.glossary.mining.renderings import Renderings

# Of the sentences in which people chose another translation than the usual one, what is named.
_OTHERS = 2


@dataclass(frozen=True, slots=True)
class MiningSentence:
    """A source text and its human translation (Markdown), the translation's path, and what a machine made of the same
    source, where that is known."""

    source: str
    target: str
    path: str
    draft: str | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A term stands in `least` sentences or more, of which people translated the share `consistency` or more the same
    way."""

    least: int = 5
    consistency: float = 0.6
    examples: int = 3


DEFAULTS = Thresholds()


@dataclass(frozen=True, slots=True)
class TermProposal:
    """A term with the evidence for its translation. Counts are of sentences: `followed` of `sentences` hold it,
    `others` are the next most frequent translations, `files` hold the term. Of `drafted` sentences that people
    translated so there is a machine's draft, `missed` of which have something else, most often `machine`.
    """

    source: str
    target: str
    sentences: int
    followed: int
    files: int
    others: tuple[tuple[str, int], ...]
    drafted: int
    missed: int
    machine: str | None
    score: float
    examples: tuple[MiningSentence, ...]

    @property
    def consistency(self) -> float:
        return self.followed / self.sentences


class FileSpread:
    """In how many files terms stand."""

    def __init__(self, sentences: Sequence[MiningSentence]) -> None:
        self._paths = [sentence.path for sentence in sentences]
        self._sizes = Counter(self._paths)

    def count(self, numbers: Sequence[int]) -> int:
        return len({self._paths[n] for n in numbers})

    def concentration(self, numbers: Sequence[int]) -> float:
        """1 and the logarithm of how many times fewer files hold the term than if it stood in sentences by chance."""
        rate = len(numbers) / len(self._paths)
        by_chance = sum(1 - (1 - rate) ** size for size in self._sizes.values())
        return max(0.1, 1 + log(by_chance / self.count(numbers)))


class KnownTerms:
    """The terms that a glossary has, in any case."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._listed = {" ".join(term.source.casefold().split()) for term in terms}

    def has(self, forms: Collection[str]) -> bool:
        return any(form.casefold() in self._listed for form in forms)


def others_of(human: Renderings, rest: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """How the sentences without the usual translation have the term, as far as they agree."""
    found: list[tuple[str, int]] = []
    while len(found) < _OTHERS and (next_best := human.best(rest)) is not None and len(next_best.sentences) > 1:
        found.append((next_best.text, len(next_best.sentences)))
        rest = sorted(set(rest) - next_best.sentences)
    return tuple(found)


def spread(numbers: Sequence[int], wanted: int) -> list[int]:
    """At most `wanted` of the numbers, evenly spread."""
    return [numbers[k * len(numbers) // wanted] for k in range(wanted)] if len(numbers) > wanted else list(numbers)
