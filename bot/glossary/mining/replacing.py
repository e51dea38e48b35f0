"""What people put in the place of a machine's translation of a term, learnt from its drafts and their corrections.

Transformation-based learning (Brill, "Transformation-based error-driven learning and natural language processing",
1995): of all replacements of a sequence in the drafts, each for sentences whose source holds a term, the one that
brings them nearest to what people wrote is taken first, then the next for the drafts as it left them. Nearness is
Levenshtein's distance in words, or in characters of a script without spaces.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from bot.glossary.mining.candidates import function_words
from bot.glossary.mining.renderings import Gram, association
from bot.glossary.mining.words import Runs
from bot.glossary.sides import is_unspaced
from bot.model import Language

_LONGEST_TERM = 4
_LONGEST = 8
# How far a replacement may take in what is the same on both sides of a correction: so whole terms are found.
_CONTEXT = 3
# Corrections with so few equal units between them are tried as one as well, so many of them.
_BETWEEN, _TOGETHER = 2, 3
# So many sentences must become better; two are enough where the translation has two units or more, and is no more than
# so many units shorter than what it replaces.
_FEW, _ENOUGH, _SHORTER = 2, 3, 2
# Of the units that a replacement changes for better or worse, the share for better; and how many more of them.
_BETTER, _NET = 0.75, 2
# The term must keep together with what the machine wrote, and with what people write, more than by chance at the level
# of 0.001: the log-likelihood ratio (Dunning 1993), halved.
_ASSOCIATED = 5.41
# Of the terms that gain nearly as much as the best one, the one that is corrected most exclusively so is meant.
_NEARLY = 0.5
_BREAK = "\0"
_PRIVATE = 0xF0000


@dataclass(frozen=True, slots=True)
class Replacement:
    """Where the source holds `term` (folded, see `term_spans`), `target` replaces `machine` in the draft, both
    units as `read_runs` has them. Of `sentences` that it changed, `better` became more like what people wrote."""

    term: str
    machine: Gram
    target: Gram
    sentences: int
    better: int


def learn_replacements(
    sources: Sequence[Runs],
    drafts: Sequence[Runs | None],
    finals: Sequence[Runs],
    language: Language,
    least: int,
    consistency: float,
) -> list[Replacement]:
    """Replacements in the order in which they are to be made. The three are of the same sentences: the source (in
    `language`), the machine's draft where there is one, and what people made of it. People have used each translation
    in `least` sentences or more, of those with the term in the share `consistency` or more."""
    alphabet = _Alphabet()
    function = function_words(sources, language)
    rows = [
        _Row(terms_of(source, function), None if draft is None else alphabet.encode(draft), alphabet.encode(final))
        for source, draft, final in zip(sources, drafts, finals, strict=True)
    ]
    found = _Learner(rows, least, consistency).learn()
    return [
        Replacement(one.term, alphabet.decode(machine), alphabet.decode(target), len(one.where), one.better)
        for machine, target, one in found
    ]


def terms_of(runs: Runs, function: Collection[str] = ()) -> frozenset[str]:
    """All terms of a source text, folded. None begins or ends with one of `function`."""
    return frozenset(term for run in runs for _, _, term in term_spans(run, function))


def term_spans(run: Gram, function: Collection[str] = ()) -> Iterator[tuple[int, int, str]]:
    """Start, stop and folded form (lower case, singular) of all sequences of up to four words."""
    words = [_singular(word.lower()) for word in run]
    for start, first in enumerate(run):
        if first.lower() in function:
            continue
        for stop in range(start + 1, min(start + _LONGEST_TERM, len(run)) + 1):
            if run[stop - 1].lower() not in function:
                yield start, stop, " ".join(words[start:stop])


def _singular(word: str) -> str:
    """An English noun without its plural ending. All forms must give the same, which need be no word."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


class _Alphabet:
    """Texts as strings with one character for each unit, a break between two runs."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._units: dict[str, str] = {}

    def encode(self, runs: Runs) -> str:
        return _BREAK.join("".join(self._letter(unit) for unit in run) for run in runs)

    def decode(self, text: str) -> Gram:
        return tuple(self._units.get(letter, letter) for letter in text)

    def _letter(self, unit: str) -> str:
        if len(unit) == 1:
            return unit
        if unit not in self._letters:
            letter = chr(_PRIVATE + len(self._letters))
            self._letters[unit], self._units[letter] = letter, unit
        return self._letters[unit]


@dataclass(frozen=True, slots=True)
class _Row:
    terms: frozenset[str]
    draft: str | None
    final: str


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a replacement gains (units) for the sentences `where` (numbers) that have a term."""

    gain: int
    term: str
    better: int
    where: tuple[int, ...]


class _Learner:
    def __init__(self, rows: Sequence[_Row], least: int, consistency: float) -> None:
        self._least, self._consistency = least, consistency
        self._finals = [row.final for row in rows]
        self._terms = [row.terms for row in rows]
        self._with_term: defaultdict[str, set[int]] = defaultdict(set)
        for number, row in enumerate(rows):
            for term in row.terms:
                self._with_term[term].add(number)
        self._drafts = {number: row.draft for number, row in enumerate(rows) if row.draft is not None}
        self._distances = {n: Levenshtein.distance(draft, self._finals[n]) for n, draft in self._drafts.items()}
        seen = Counter(pair for n, draft in self._drafts.items() for pair in _corrections(draft, self._finals[n]))
        frequent = [pair for pair, count in seen.items() if _is_enough(count, *pair)]
        self._followed = _holding(enumerate(self._finals), {target for _, target in frequent})
        self._pairs = [pair for pair in frequent if len(self._followed[pair[1]]) >= least]
        self._machine = {machine for machine, _ in self._pairs}
        self._said = _holding(self._drafts.items(), self._machine)

    def learn(self) -> Iterator[tuple[str, str, _Choice]]:
        """Greedy, with the gains brought up to date only where they could be the highest."""
        heap: list[tuple[int, int, str, str]] = []

        def push(machine: str, target: str, choice: _Choice | None) -> None:
            if choice:
                heapq.heappush(heap, (-choice.gain, -len(machine), machine, target))

        for pair in self._pairs:
            push(*pair, self._choose(*pair))
        while heap:
            gain, _, machine, target = heapq.heappop(heap)
            choice = self._choose(machine, target)
            if choice is None:
                continue
            if choice.gain < -gain and heap and -choice.gain > heap[0][0]:
                push(machine, target, choice)
                continue
            yield machine, target, choice
            self._replace(machine, target, choice.where)
            push(machine, target, self._choose(machine, target))

    def _choose(self, machine: str, target: str) -> _Choice | None:
        """The term on whose account the replacement is best made."""
        gains: dict[int, int] = {}
        for number in self._said[machine]:
            changed = replace(self._drafts[number], machine, target)
            if changed != self._drafts[number]:
                distance = Levenshtein.distance(changed, self._finals[number])
                gains[number] = self._distances[number] - distance
        better = {number for number, gain in gains.items() if gain > 0}
        if not _is_enough(len(better), machine, target):
            return None
        counts = Counter(term for number in better for term in self._terms[number])
        choices = [
            choice
            for term, count in counts.items()
            if _is_enough(count, machine, target)
            and self._is_usual(term, target)
            and (choice := self._weigh(term, count, gains)) is not None
        ]
        most = max((choice.gain for choice in choices), default=0)
        nearly = [choice for choice in choices if choice.gain >= _NEARLY * most]
        return max(nearly, key=lambda one: (self._exclusive(one, len(better)), one.gain, one.term), default=None)

    def _weigh(self, term: str, better: int, gains: Mapping[int, int]) -> _Choice | None:
        where = tuple(sorted(gains.keys() & self._with_term[term]))
        won = sum(gain for n in where if (gain := gains[n]) > 0)
        lost = -sum(gain for n in where if (gain := gains[n]) < 0)
        if won < _BETTER * (won + lost) or won - lost <= (_NET if better >= _ENOUGH else 0):
            return None
        if association(len(where), len(self._with_term[term]), len(gains), len(self._finals)) < _ASSOCIATED:
            return None
        return _Choice(won - lost, term, better, where)

    def _is_usual(self, term: str, target: str) -> bool:
        """Whether people consistently write so for the term."""
        holding, followed = self._with_term[term], self._followed[target]
        both = len(holding & followed)
        return (
            both >= max(self._least, self._consistency * len(holding))
            and association(both, len(holding), len(followed), len(self._finals)) >= _ASSOCIATED
        )

    def _exclusive(self, choice: _Choice, better: int) -> float:
        return association(choice.better, len(self._with_term[choice.term]), better, len(self._finals))

    def _replace(self, machine: str, target: str, where: Sequence[int]) -> None:
        for number in where:
            self._drafts[number] = replace(self._drafts[number], machine, target)
            self._distances[number] = Levenshtein.distance(self._drafts[number], self._finals[number])
            for gram, numbers in _holding([(number, self._drafts[number])], self._machine).items():
                self._said[gram] |= numbers


def replace(text: str, machine: str, target: str) -> str:
    """What is the target already stays, where the one is part of the other."""
    if machine not in target:
        return text.replace(machine, target)
    return re.sub(f"{re.escape(target)}|{re.escape(machine)}", lambda _: target, text)


def _corrections(draft: str, final: str) -> set[tuple[str, str]]:
    """What may be replaced by what to bring a draft nearer to the final text, with equal units around."""
    found: set[tuple[str, str]] = set()
    for start, stop, begin, end in _stretches(draft, final):
        for left in range(_CONTEXT + 1):
            if left and (min(start, begin) < left or draft[start - left] != final[begin - left]):
                break
            for right in range(_CONTEXT + 1):
                if right and draft[stop : stop + right] != final[end : end + right]:
                    break
                machine, target = draft[start - left : stop + right], final[begin - left : end + right]
                if _is_rendering(machine) and _is_rendering(target) and not _is_letter(machine):
                    found.add((machine, target))
    return found


def _stretches(draft: str, final: str) -> set[tuple[int, int, int, int]]:
    """Start and stop in the draft and in the final text of each edit, and of some that stand side by side."""
    edits = [one for one in Levenshtein.opcodes(draft, final) if one.tag != "equal"]
    return {
        (first.src_start, last.src_end, first.dest_start, last.dest_end)
        for place, first in enumerate(edits)
        for last in edits[place : place + _TOGETHER]
        if last.src_start - first.src_end <= _BETWEEN
    }


def _is_rendering(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and _BREAK not in text


def _is_letter(text: str) -> bool:
    """A single character of a script without spaces is part of too many words."""
    return len(text) == 1 and is_unspaced(text)


def _is_enough(count: int, machine: str, target: str) -> bool:
    return count >= _ENOUGH or (count >= _FEW and len(target) >= 2 and len(machine) <= len(target) + _SHORTER)


def _holding(texts: Iterable[tuple[int, str]], grams: Collection[str]) -> defaultdict[str, set[int]]:
    """The numbers of the texts that hold each sequence."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, text in texts:
        for start in range(len(text)):
            for stop in range(start + 1, min(start + _LONGEST, len(text)) + 1):
                if text[start:stop] in grams:
                    found[text[start:stop]].add(number)
    return found
