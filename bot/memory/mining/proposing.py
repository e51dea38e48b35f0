"""Which terms to propose for a glossary: those that people translate consistently and a machine does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from bot.memory.glossary import Term
from bot.memory.mining.candidates import Candidate, Words, find_candidates
from bot.memory.mining.renderings import Gram, Rendering, Renderings
from bot.memory.mining.words import read_runs
from bot.model import Language

# Of the sentences in which people chose another translation than the usual one, what is named.
_OTHERS = 2
# A part of a longer term with the same translation is that term, where it stands in little else.
_SAME = 0.6


@dataclass(frozen=True, slots=True)
class Sentence:
    """A source text and its human translation (Markdown), the translation's path, and what a machine made of the same
    source, where that is known."""

    source: str
    target: str
    path: str
    draft: str | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A term stands in `least` sentences or more, of which people translated the share `consistency` or more the same
    way. Where drafts are known, a machine must have missed that translation in the share `missed` of them."""

    least: int = 5
    consistency: float = 0.6
    missed: float = 0.1
    examples: int = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A term with the evidence for its translation. Counts are of sentences: `followed` of `sentences` hold it,
    `others` are the next most frequent translations, `files` hold the term. Of `drafted` sentences that people
    translated so there is a machine's draft, `missed` of which don't have it; `machine` is what those have most often.
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
    examples: tuple[Sentence, ...]

    @property
    def consistency(self) -> float:
        return self.followed / self.sentences


def mine(
    sentences: Sequence[Sentence],
    languages: tuple[Language, Language],
    known: Sequence[Term] = (),
    thresholds: Thresholds = Thresholds(),
) -> list[Proposal]:
    """Proposals, the most useful first; terms that `known` has are left out.

    With drafts only terms that the machine missed are proposed, by the number of sentences that they would have made
    right; without, by termhood: C-value, consistency, and how the term keeps to some files of the book (residual
    inverse document frequency; Church and Gale, "Poisson mixtures", 1995).
    """
    candidates = find_candidates([read_runs(s.source, languages[0]) for s in sentences], languages[0], thresholds.least)
    listed = {" ".join(term.source.casefold().split()) for term in known}
    human = Renderings([read_runs(s.target, languages[1]) for s in sentences])
    drafted = [number for number, sentence in enumerate(sentences) if sentence.draft is not None]
    places = {number: place for place, number in enumerate(drafted)}
    machine = Renderings([read_runs(sentences[n].draft or "", languages[1]) for n in drafted])
    rendered = _render(candidates, human)
    files = _Files(sentences)
    proposals: list[Proposal] = []
    for candidate, rendering in rendered.values():
        share = len(rendering.sentences) / len(candidate.sentences)
        if share < thresholds.consistency or _is_known(candidate, listed):
            continue
        if rendering.text.casefold() in {form.casefold() for form in candidate.forms} or _is_part(candidate, rendered):
            continue
        compared = [places[n] for n in sorted(rendering.sentences) if n in places]
        missing = sorted(set(compared) - machine.holding(rendering.gram, compared))
        if drafted and (not missing or len(missing) < thresholds.missed * len(compared)):
            continue
        usual = machine.best(missing) if missing else None
        others = _others(human, sorted(set(candidate.sentences) - rendering.sentences))
        termhood = candidate.c_value * share * files.concentration(candidate.sentences)
        shown = [drafted[place] for place in missing] or sorted(rendering.sentences)
        proposals.append(
            Proposal(
                candidate.text,
                rendering.text,
                len(candidate.sentences),
                len(rendering.sentences),
                files.count(candidate.sentences),
                others,
                len(compared),
                len(missing),
                usual.text if usual else None,
                share * len(missing) if drafted else termhood,
                tuple(sentences[n] for n in _spread(shown, thresholds.examples)),
            )
        )
    return sorted(proposals, key=lambda one: (-one.score, one.source))


class _Files:
    """In how many files terms stand."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._paths = [sentence.path for sentence in sentences]
        self._sizes = Counter(self._paths)

    def count(self, numbers: Sequence[int]) -> int:
        return len({self._paths[n] for n in numbers})

    def concentration(self, numbers: Sequence[int]) -> float:
        """1 and the logarithm of how many times fewer files hold the term than if it stood in sentences by chance."""
        rate = len(numbers) / len(self._paths)
        by_chance = sum(1 - (1 - rate) ** size for size in self._sizes.values())
        return max(0.1, 1 + log(by_chance / self.count(numbers)))


def _render(candidates: Sequence[Candidate], human: Renderings) -> dict[Words, tuple[Candidate, Rendering]]:
    """The translation of each candidate. Where another term that stands beside it has the same one, with more evidence
    (height and width), it gets the next best: competitive linking (Melamed 2000)."""
    best = {one.words: human.best(one.sentences, len(one.words)) for one in candidates}
    owners: dict[Gram, list[Candidate]] = {}
    for one in candidates:
        if found := best[one.words]:
            owners.setdefault(found.gram, []).append(one)
    rendered: dict[Words, tuple[Candidate, Rendering]] = {}
    for one in candidates:
        found = best[one.words]
        if found and any(
            other.words != one.words
            and not set(other.words) & set(one.words)
            and found.association < (best[other.words] or found).association
            and len(set(one.sentences).intersection(other.sentences)) >= _SAME * len(one.sentences)
            for other in owners[found.gram]
        ):
            found = human.best(one.sentences, len(one.words), without=found.gram)
        if found:
            rendered[one.words] = one, found
    return rendered


def _is_known(candidate: Candidate, listed: set[str]) -> bool:
    return any(form.casefold() in listed for form in candidate.forms)


def _is_part(candidate: Candidate, rendered: Mapping[Words, tuple[Candidate, Rendering]]) -> bool:
    """Whether a longer or a shorter term with the same translation is the one that it translates: the longer one where
    that is most of the shorter one's sentences, else the shorter one."""
    own = rendered[candidate.words][1]
    for other, rendering in rendered.values():
        if rendering.gram != own.gram:
            continue
        if _inside(candidate.words, other.words) and len(other.sentences) >= _SAME * len(candidate.sentences):
            return True
        if _inside(other.words, candidate.words) and len(candidate.sentences) < _SAME * len(other.sentences):
            return True
    return False


def _inside(words: Words, longer: Words) -> bool:
    size = len(words)
    return size < len(longer) and any(longer[i : i + size] == words for i in range(len(longer) - size + 1))


def _others(human: Renderings, rest: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """How the sentences without the usual translation have the term, as far as they agree."""
    found: list[tuple[str, int]] = []
    while len(found) < _OTHERS and (next_best := human.best(rest)) is not None and len(next_best.sentences) > 1:
        found.append((next_best.text, len(next_best.sentences)))
        rest = sorted(set(rest) - next_best.sentences)
    return tuple(found)


def _spread(numbers: Sequence[int], wanted: int) -> list[int]:
    """At most `wanted` of the numbers, evenly spread."""
    return [numbers[k * len(numbers) // wanted] for k in range(wanted)] if len(numbers) > wanted else list(numbers)
