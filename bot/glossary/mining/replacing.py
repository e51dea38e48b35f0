"""Learns from drafts and their corrections how people replace a machine's translations of terms.

Transformation-based learning (Brill, "Transformation-based error-driven learning and natural language processing",
1995). A replacement exchanges a sequence in the drafts of the sentences with a term. The first one brings the drafts
nearest to the human text, the next one does so for the drafts that result. The measure is Levenshtein's distance in
words, or in characters of a script without spaces.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from bot.glossary.mining.candidates import MAX_TERM_WORDS, function_words
from bot.glossary.mining.evidence import Thresholds
from bot.glossary.mining.renderings import Gram, association
from bot.glossary.mining.words import Runs
from bot.glossary.sides import is_unspaced
from bot.model import Language

# Units on either side of a replacement.
_MAX_UNITS = 8
# A replacement may take in this many equal units on each side of a correction, to hold whole terms.
_MAX_CONTEXT = 3
# Up to this many corrections with at most this many equal units between them are also tried as one.
_MAX_JOINED, _MAX_BETWEEN = 3, 2
# The least number of sentences that become better. Two suffice for a translation of two units or more that is at most
# this many units shorter than the sequence it replaces.
_MIN_BETTER, _MIN_BETTER_LONG, _MAX_SHORTER = 3, 2, 2
# Of the units that change for better or worse, the least share for better, and by how many the better must exceed the
# worse.
_MIN_BETTER_SHARE, _MIN_NET_GAIN = 0.75, 2
# The association of the term with the machine's and with the human translation: the log-likelihood ratio (Dunning
# 1993), halved, at the level of 0.001.
_MIN_ASSOCIATION = 5.41
# A term competes with the best one if it has this share of the best gain; the most exclusively corrected term wins.
_COMPETING_SHARE = 0.5
_BREAK = "\0"
_FIRST_PRIVATE_LETTER = 0xF0000


@dataclass(frozen=True, slots=True)
class Replacement:
    """If the source holds `term` (folded, see `term_spans`), `target` replaces `machine` in the draft (both in units of
    `read_runs`). It changed `sentences` drafts, of which `better` came closer to the human text."""

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
    thresholds: Thresholds,
) -> list[Replacement]:
    """Replacements in the order of their application. For each sentence there are the source (in `language`), the draft
    of the machine, if any, and the human text."""
    alphabet = _Alphabet()
    function = function_words(sources, language)
    terms = [terms_of(source, function) for source in sources]
    drafted: dict[int, str] = {}
    wanted: list[str] = []
    for number, (draft, final) in enumerate(zip(drafts, finals, strict=True)):
        if draft is not None:
            drafted[number] = alphabet.encode(draft)
        wanted.append(alphabet.encode(final))
    learner = _Learner(terms, drafted, wanted, thresholds)
    return [
        Replacement(choice.term, alphabet.decode(machine), alphabet.decode(target), len(choice.where), choice.better)
        for machine, target, choice in learner.learn()
    ]


def terms_of(runs: Runs, function: Collection[str] = ()) -> frozenset[str]:
    """All terms of a source text, folded. None begins or ends with a word of `function`."""
    return frozenset(term for run in runs for _, _, term in term_spans(run, function))


def term_spans(run: Gram, function: Collection[str] = ()) -> Iterator[tuple[int, int, str]]:
    """Start, stop and folded form (lower case, singular) of every sequence of up to four words."""
    words = [_singular(word.lower()) for word in run]
    for start, first in enumerate(run):
        if first.lower() in function:
            continue
        for stop in range(start + 1, min(start + MAX_TERM_WORDS, len(run)) + 1):
            if run[stop - 1].lower() not in function:
                yield start, stop, " ".join(words[start:stop])


def _singular(word: str) -> str:
    """An English noun without its plural ending. All its forms give the same result, which need not be a word."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


class _Alphabet:
    """Encodes texts as strings with one character for each unit and a break between runs."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._units: dict[str, str] = {}

    def encode(self, runs: Runs) -> str:
        return _BREAK.join("".join(map(self._letter, run)) for run in runs)

    def decode(self, text: str) -> Gram:
        return tuple(self._units.get(letter, letter) for letter in text)

    def _letter(self, unit: str) -> str:
        if len(unit) == 1:
            return unit
        letter = self._letters.setdefault(unit, chr(_FIRST_PRIVATE_LETTER + len(self._letters)))
        self._units[letter] = unit
        return letter


@dataclass(frozen=True, slots=True)
class _Choice:
    """The gain (units) of a replacement for the sentences `where` (numbers) that have a term."""

    gain: int
    term: str
    better: int
    where: tuple[int, ...]


class _Learner:
    def __init__(
        self, terms: Sequence[frozenset[str]], drafts: dict[int, str], finals: Sequence[str], thresholds: Thresholds
    ) -> None:
        self._terms, self._drafts, self._finals = terms, drafts, finals
        self._thresholds = thresholds
        self._with_term: defaultdict[str, set[int]] = defaultdict(set)
        for number, known in enumerate(terms):
            for term in known:
                self._with_term[term].add(number)
        self._distances = {n: Levenshtein.distance(draft, self._finals[n]) for n, draft in self._drafts.items()}
        seen = Counter(pair for n, draft in self._drafts.items() for pair in _corrections(draft, self._finals[n]))
        frequent = [pair for pair, count in seen.items() if _is_enough(count, *pair)]
        self._followed = _holding(enumerate(self._finals), {target for _, target in frequent})
        self._pairs = [pair for pair in frequent if len(self._followed[pair[1]]) >= thresholds.least]
        self._machine = {machine for machine, _ in self._pairs}
        self._said = _holding(self._drafts.items(), self._machine)

    def learn(self) -> Iterator[tuple[str, str, _Choice]]:
        """Takes the best replacement first; gains are only updated if they could be the highest."""
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
        """The term for which the replacement works best."""
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
        best_gain = max((choice.gain for choice in choices), default=0)
        competing = [choice for choice in choices if choice.gain >= _COMPETING_SHARE * best_gain]

        def rank(choice: _Choice) -> tuple[float, int, str]:
            holding = len(self._with_term[choice.term])
            exclusiveness = association(choice.better, holding, len(better), len(self._finals))
            return exclusiveness, choice.gain, choice.term

        return max(competing, key=rank, default=None)

    def _weigh(self, term: str, better: int, gains: Mapping[int, int]) -> _Choice | None:
        where = tuple(sorted(gains.keys() & self._with_term[term]))
        won = sum(gain for n in where if (gain := gains[n]) > 0)
        lost = -sum(gain for n in where if (gain := gains[n]) < 0)
        if won < _MIN_BETTER_SHARE * (won + lost) or won - lost <= (_MIN_NET_GAIN if better >= _MIN_BETTER else 0):
            return None
        if association(len(where), len(self._with_term[term]), len(gains), len(self._finals)) < _MIN_ASSOCIATION:
            return None
        return _Choice(won - lost, term, better, where)

    def _is_usual(self, term: str, target: str) -> bool:
        """Whether the target is people's usual translation of the term."""
        holding, followed = self._with_term[term], self._followed[target]
        both = len(holding & followed)
        return (
            both >= max(self._thresholds.least, self._thresholds.consistency * len(holding))
            and association(both, len(holding), len(followed), len(self._finals)) >= _MIN_ASSOCIATION
        )

    def _replace(self, machine: str, target: str, where: Sequence[int]) -> None:
        for number in where:
            self._drafts[number] = replace(self._drafts[number], machine, target)
            self._distances[number] = Levenshtein.distance(self._drafts[number], self._finals[number])
            for gram, numbers in _holding([(number, self._drafts[number])], self._machine).items():
                self._said[gram] |= numbers


def replace(text: str, machine: str, target: str) -> str:
    """Replaces `machine` by `target`, except inside of occurrences of the target."""
    if machine not in target:
        return text.replace(machine, target)
    return re.sub(f"{re.escape(target)}|{re.escape(machine)}", lambda _: target, text)


def _corrections(draft: str, final: str) -> set[tuple[str, str]]:
    """Pairs of sequences whose exchange brings a draft nearer to the final text, with equal units around."""
    corrections: set[tuple[str, str]] = set()
    for start, stop, begin, end in _stretches(draft, final):
        for left in range(_MAX_CONTEXT + 1):
            if left and (min(start, begin) < left or draft[start - left] != final[begin - left]):
                break
            for right in range(_MAX_CONTEXT + 1):
                if right and draft[stop : stop + right] != final[end : end + right]:
                    break
                machine, target = draft[start - left : stop + right], final[begin - left : end + right]
                # A single character of a script without spaces is part of too many words.
                is_letter = len(machine) == 1 and is_unspaced(machine)
                if _is_rendering(machine) and _is_rendering(target) and not is_letter:
                    corrections.add((machine, target))
    return corrections


def _stretches(draft: str, final: str) -> set[tuple[int, int, int, int]]:
    """Start and stop of each edit in the draft and in the final text, and of some neighbouring edits together."""
    edits = [edit for edit in Levenshtein.opcodes(draft, final) if edit.tag != "equal"]
    return {
        (first.src_start, last.src_end, first.dest_start, last.dest_end)
        for place, first in enumerate(edits)
        for last in edits[place : place + _MAX_JOINED]
        if last.src_start - first.src_end <= _MAX_BETWEEN
    }


def _is_rendering(text: str) -> bool:
    return 0 < len(text) <= _MAX_UNITS and _BREAK not in text


def _is_enough(count: int, machine: str, target: str) -> bool:
    is_long = len(target) >= 2 and len(machine) <= len(target) + _MAX_SHORTER
    return count >= (_MIN_BETTER_LONG if is_long else _MIN_BETTER)


def _holding(texts: Iterable[tuple[int, str]], grams: Collection[str]) -> defaultdict[str, set[int]]:
    """The numbers of the texts with each sequence."""
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for number, text in texts:
        for start in range(len(text)):
            for stop in range(start + 1, min(start + _MAX_UNITS, len(text)) + 1):
                if text[start:stop] in grams:
                    numbers[text[start:stop]].add(number)
    return numbers
