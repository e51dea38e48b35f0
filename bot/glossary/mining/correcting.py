"""Terms that people correct in a machine's drafts, proposed with their evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.glossary import Term
from bot.glossary.mining.candidates import Candidate, spelt
from bot.glossary.mining.evidence import (
    DEFAULTS,
    FileSpread,
    KnownTerms,
    MiningSentence,
    TermProposal,
    Thresholds,
    others_of,
    spread,
)
from bot.glossary.mining.renderings import Gram, Renderings, key_of
from bot.glossary.mining.replacing import Replacement, learn_replacements, term_spans
from bot.glossary.mining.words import Runs, joined, read_runs
from bot.model import Direction, Language

# In so many of the sentences with a part of a translation the whole one must stand.
_WHOLE = 0.8


def learn(
    sentences: Sequence[MiningSentence], direction: Direction, thresholds: Thresholds = DEFAULTS
) -> list[Replacement]:
    """Replacements for the drafts, see `learn_replacements`."""
    return _learn(*_read(sentences, direction), direction.source, thresholds)


def propose_corrected(
    sentences: Sequence[MiningSentence],
    direction: Direction,
    known: Sequence[Term],
    thresholds: Thresholds,
) -> list[TermProposal]:
    """What the replacements that are learnt from the drafts say of terms; those of one term by the same translation, or
    by a part of it, are one proposal."""
    sources, drafts, finals = _read(sentences, direction)
    replacements = _learn(sources, drafts, finals, direction.source, thresholds)
    candidates = _candidates(sources, {one.term for one in replacements})
    listed = KnownTerms(known)
    human = Renderings(finals)
    machine = Renderings([draft or () for draft in drafts])
    files = FileSpread(sentences)
    proposals: list[TermProposal] = []
    for (term, target, text), parts in _gather(replacements, candidates, human).items():
        one = candidates[term]
        if listed.has(one.forms):
            continue
        followed = human.holding(target, one.sentences)
        drafted = sorted(number for number in followed if drafts[number] is not None)
        right = machine.holding(target, drafted)
        wrong = frozenset[int]().union(*(machine.holding(_keys(each.machine), drafted) for each in parts))
        missed = [number for number in drafted if number not in right or number in wrong]
        most = max(parts, key=lambda each: each.better)
        proposals.append(
            TermProposal(
                one.text,
                text,
                len(one.sentences),
                len(followed),
                files.count(one.sentences),
                others_of(human, sorted(set(one.sentences) - followed)),
                len(drafted),
                len(missed),
                joined(most.machine),
                sum(each.better for each in parts),
                tuple(sentences[number] for number in spread(missed or sorted(followed), thresholds.examples)),
            )
        )
    return sorted(proposals, key=lambda one: (-one.score, one.source))


def _read(
    sentences: Sequence[MiningSentence], direction: Direction
) -> tuple[list[Runs], list[Runs | None], list[Runs]]:
    """The sources, the drafts where there are any, and what people wrote."""
    return (
        [read_runs(one.source, direction.source) for one in sentences],
        [None if one.draft is None else read_runs(one.draft, direction.target) for one in sentences],
        [read_runs(one.target, direction.target) for one in sentences],
    )


def _learn(
    sources: Sequence[Runs],
    drafts: Sequence[Runs | None],
    finals: Sequence[Runs],
    language: Language,
    thresholds: Thresholds,
) -> list[Replacement]:
    return learn_replacements(sources, drafts, finals, language, thresholds.least, thresholds.consistency)


def _gather(
    replacements: Sequence[Replacement], candidates: Mapping[str, Candidate], human: Renderings
) -> Mapping[tuple[str, Gram, str], list[Replacement]]:
    """By term and translation, the latter whole: a replacement may change a part of it only."""
    targets: dict[str, set[Gram]] = {}
    for one in replacements:
        targets.setdefault(one.term, set()).add(one.target)
    found: dict[tuple[str, Gram, str], list[Replacement]] = {}
    for one in replacements:
        longest = max((other for other in targets[one.term] if _holds(other, one.target)), key=lambda t: (len(t), t))
        whole = _whole(candidates[one.term], longest, human)
        found.setdefault((one.term, *whole), []).append(one)
    return found


def _whole(candidate: Candidate, target: Gram, human: Renderings) -> tuple[Gram, str]:
    """What translates the term in most of the sentences that have the target, where the target is a part of it."""
    gram = _keys(target)
    best = human.best(candidate.sentences, len(candidate.words))
    if best and len(best.gram) > len(gram) and _holds(best.gram, gram):
        followed = human.holding(gram, candidate.sentences)
        if len(best.sentences) >= _WHOLE * len(followed):
            return best.gram, best.text
    return gram, joined(target)


def _holds(wide: Gram, narrow: Gram) -> bool:
    return any(wide[start : start + len(narrow)] == narrow for start in range(len(wide) - len(narrow) + 1))


def _candidates(sources: Sequence[Runs], terms: set[str]) -> Mapping[str, Candidate]:
    """Where the terms stand, and how they are written."""
    found: dict[str, Candidate] = {}
    for number, runs in enumerate(sources):
        for run in runs:
            for start, stop, term in term_spans(run):
                if term not in terms:
                    continue
                one = found.setdefault(term, Candidate(tuple(term.split())))
                if not one.sentences or one.sentences[-1] != number:
                    one.sentences.append(number)
                one.occurrences += 1
                one.forms[spelt(run[start:stop])] += 1
    return found


def _keys(units: Gram) -> Gram:
    return tuple(key_of(unit.lower()) for unit in units)
