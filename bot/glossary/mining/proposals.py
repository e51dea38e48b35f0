"""Proposes terms for a glossary: terms that people translate consistently, or correct in drafts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import log

from bot.glossary.mining.candidates import Candidate, Words, find_candidates
from bot.glossary.mining.evidence import DEFAULTS, MiningSentence, TermProposal, Thresholds
from bot.glossary.mining.renderings import Gram, Rendering, Renderings, contains, key_of
from bot.glossary.mining.replacing import Replacement, learn_replacements, term_spans
from bot.glossary.mining.words import Runs, joined, read_runs
from bot.glossary.terms import Term
from bot.model import Direction

# A part of a longer term with the same translation counts as that term if this share of its sentences holds the term.
_MIN_SAME_TERM = 0.6
# The whole translation of a term must stand in this share of the sentences with a part of it.
_MIN_WHOLE = 0.8
# How many other translations of a term a proposal names.
_MAX_OTHERS = 2


def mine(
    sentences: Sequence[MiningSentence],
    direction: Direction,
    known: Sequence[Term] = (),
    thresholds: Thresholds = DEFAULTS,
) -> list[TermProposal]:
    """Proposals, the most useful first, without the terms of the glossary (`known`).

    With drafts, a term is proposed if people corrected it there (see `learn_replacements`); the score is the number of
    sentences that it would have put right. Without drafts the score is termhood: C-value, consistency, and how much the
    term keeps to some files of the book (residual inverse document frequency; Church and Gale, "Poisson mixtures",
    1995).
    """
    miner = _Miner(sentences, direction, thresholds)
    listed = {" ".join(term.source.casefold().split()) for term in known}
    has_drafts = any(sentence.draft is not None for sentence in sentences)
    proposals = miner.corrected(listed) if has_drafts else miner.consistent(listed)
    return sorted(proposals, key=lambda proposal: (-proposal.score, proposal.source))


def learn(
    sentences: Sequence[MiningSentence], direction: Direction, thresholds: Thresholds = DEFAULTS
) -> list[Replacement]:
    """Replacements for the drafts, see `learn_replacements`."""
    return _Miner(sentences, direction, thresholds).replacements()


class _Miner:
    """The words of all sentences: the sources, the drafts (None for a sentence without), the human translations."""

    def __init__(self, sentences: Sequence[MiningSentence], direction: Direction, thresholds: Thresholds) -> None:
        self.sentences = sentences
        self.language = direction.source
        self.thresholds = thresholds
        self.sources = [read_runs(sentence.source, direction.source) for sentence in sentences]
        self.drafts = [None if s.draft is None else read_runs(s.draft, direction.target) for s in sentences]
        self.finals = [read_runs(sentence.target, direction.target) for sentence in sentences]

    def replacements(self) -> list[Replacement]:
        return learn_replacements(self.sources, self.drafts, self.finals, self.language, self.thresholds)

    @cached_property
    def human(self) -> Renderings:
        return Renderings(self.finals)

    def _paths(self, numbers: Iterable[int]) -> Counter[str]:
        """The files of some sentences, and how many of the sentences are in each."""
        return Counter(self.sentences[number].path for number in numbers)

    def consistent(self, known: set[str]) -> Iterator[TermProposal]:
        """Proposals from translations alone."""
        sizes = self._paths(range(len(self.sentences))).values()
        rendered = _render(find_candidates(self.sources, self.language, self.thresholds.least), self.human)
        for candidate, rendering in rendered.values():
            share = len(rendering.sentences) / len(candidate.sentences)
            is_listed = not candidate.folded.isdisjoint({*known, rendering.text.casefold()})
            if share >= self.thresholds.consistency and not is_listed and not _is_part(candidate, rendered):
                # How many files a random distribution would reach, over the files that hold the term.
                rate = len(candidate.sentences) / len(self.sentences)
                by_chance = sum(1 - (1 - rate) ** size for size in sizes)
                concentration = max(0.1, 1 + log(by_chance / len(self._paths(candidate.sentences))))
                score = candidate.c_value * share * concentration
                yield self._proposal(candidate, rendering.text, rendering.sentences, score)

    def corrected(self, known: set[str]) -> Iterator[TermProposal]:
        """Proposals from the corrections of drafts. Replacements of a term by the same translation, or by a part of it,
        are one proposal."""
        replacements = self.replacements()
        candidates = _candidates(self.sources, {replacement.term for replacement in replacements})
        machine = Renderings([draft or () for draft in self.drafts])
        for (term, target, text), parts in _gather(replacements, candidates, self.human).items():
            candidate = candidates[term]
            if not candidate.folded.isdisjoint(known):
                continue
            followed = self.human.holding(target, candidate.sentences)
            drafted = sorted(number for number in followed if self.drafts[number] is not None)
            right = machine.holding(target, drafted)
            wrong = frozenset[int]().union(*(machine.holding(_keys(part.machine), drafted) for part in parts))
            missed = [number for number in drafted if number not in right or number in wrong]
            best = max(parts, key=lambda part: part.better)
            corrections = len(drafted), missed, joined(best.machine)
            yield self._proposal(candidate, text, followed, sum(part.better for part in parts), corrections)

    def _proposal(
        self,
        candidate: Candidate,
        text: str,
        followed: frozenset[int],
        score: float,
        corrections: tuple[int, Sequence[int], str | None] = (0, (), None),
    ) -> TermProposal:
        """A proposal, with examples evenly spread over the missed drafts, or else over the sentences that follow the
        translation. `corrections`: the number of drafts, the missed ones, and the machine's translation."""
        drafted, missed, machine = corrections
        # The most frequent translations in the other sentences, with counts above 1.
        others: list[tuple[str, int]] = []
        rest = sorted(set(candidate.sentences) - followed)
        while len(others) < _MAX_OTHERS and (best := self.human.best(rest)) is not None and len(best.sentences) > 1:
            others.append((best.text, len(best.sentences)))
            rest = sorted(set(rest) - best.sentences)
        shown = missed or sorted(followed)
        count = min(self.thresholds.examples, len(shown))
        return TermProposal(
            candidate.text,
            text,
            len(candidate.sentences),
            len(followed),
            len(self._paths(candidate.sentences)),
            tuple(others),
            drafted,
            len(missed),
            machine,
            score,
            tuple(self.sentences[shown[k * len(shown) // count]] for k in range(count)),
        )


def _render(candidates: Sequence[Candidate], human: Renderings) -> dict[Words, tuple[Candidate, Rendering]]:
    """The translation of each candidate. If the same text also translates a term beside the candidate, with more
    evidence (height and width), the candidate gets the next best: competitive linking (Melamed 2000)."""
    best = {candidate.words: human.best(candidate.sentences, len(candidate.words)) for candidate in candidates}
    owners: dict[Gram, list[Candidate]] = {}
    for candidate in candidates:
        if rendering := best[candidate.words]:
            owners.setdefault(rendering.gram, []).append(candidate)
    rendered: dict[Words, tuple[Candidate, Rendering]] = {}
    for candidate in candidates:
        rendering = best[candidate.words]
        if rendering and any(
            not set(other.words) & set(candidate.words)
            and rendering.association < (best[other.words] or rendering).association
            and len(set(candidate.sentences).intersection(other.sentences)) >= _MIN_SAME_TERM * len(candidate.sentences)
            for other in owners[rendering.gram]
        ):
            rendering = human.best(candidate.sentences, len(candidate.words), without=rendering.gram)
        if rendering:
            rendered[candidate.words] = candidate, rendering
    return rendered


def _is_part(candidate: Candidate, rendered: Mapping[Words, tuple[Candidate, Rendering]]) -> bool:
    """Whether the candidate's translation belongs to a longer or a shorter term: to the longer one if that stands in
    most sentences of the shorter one, else to the shorter one."""
    own = rendered[candidate.words][1]
    for other, rendering in rendered.values():
        if rendering.gram != own.gram or other.words == candidate.words:
            continue
        if contains(other.words, candidate.words) and len(other.sentences) >= _MIN_SAME_TERM * len(candidate.sentences):
            return True
        if contains(candidate.words, other.words) and len(candidate.sentences) < _MIN_SAME_TERM * len(other.sentences):
            return True
    return False


def _candidates(sources: Sequence[Runs], terms: set[str]) -> Mapping[str, Candidate]:
    """The terms with their sentences and their spellings."""
    candidates: dict[str, Candidate] = {}
    for number, runs in enumerate(sources):
        for run in runs:
            for start, stop, term in term_spans(run):
                if term in terms:
                    candidates.setdefault(term, Candidate(tuple(term.split()))).add(number, run[start:stop])
    return candidates


def _gather(
    replacements: Sequence[Replacement], candidates: Mapping[str, Candidate], human: Renderings
) -> Mapping[tuple[str, Gram, str], list[Replacement]]:
    """The replacements by term and whole translation, of which a replacement may change only a part."""
    targets: dict[str, set[Gram]] = {}
    for replacement in replacements:
        targets.setdefault(replacement.term, set()).add(replacement.target)
    gathered: dict[tuple[str, Gram, str], list[Replacement]] = {}
    for replacement in replacements:
        holding = (target for target in targets[replacement.term] if contains(target, replacement.target))
        whole = _whole(candidates[replacement.term], max(holding, key=lambda target: (len(target), target)), human)
        gathered.setdefault((replacement.term, *whole), []).append(replacement)
    return gathered


def _whole(candidate: Candidate, target: Gram, human: Renderings) -> tuple[Gram, str]:
    """The translation of the term in most of the sentences with the target, if the target is a part of it."""
    gram = _keys(target)
    best = human.best(candidate.sentences, len(candidate.words))
    if best and len(best.gram) > len(gram) and contains(best.gram, gram):
        followed = human.holding(gram, candidate.sentences)
        if len(best.sentences) >= _MIN_WHOLE * len(followed):
            return best.gram, best.text
    return gram, joined(target)


def _keys(units: Gram) -> Gram:
    return tuple(key_of(unit.lower()) for unit in units)
