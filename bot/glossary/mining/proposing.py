"""Which terms to propose for a glossary: those that people translate consistently and a machine does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.glossary import Term
from bot.glossary.mining.candidates import Candidate, Words, find_candidates
from bot.glossary.mining.correcting import propose_corrected
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
from bot.glossary.mining.renderings import Gram, Rendering, Renderings
from bot.glossary.mining.words import read_runs
from bot.model import Direction

# A part of a longer term with the same translation is that term, where it stands in little else.
_SAME = 0.6


def mine(
    sentences: Sequence[MiningSentence],
    direction: Direction,
    known: Sequence[Term] = (),
    thresholds: Thresholds = DEFAULTS,
) -> list[TermProposal]:
    """Proposals, the most useful first; terms that `known` has are left out.

    With drafts only terms are proposed that people corrected in them (see `learn_replacements`), by the number of
    sentences that they would have put right; without, by termhood: C-value, consistency, and how the term keeps to some
    files of the book (residual inverse document frequency; Church and Gale, "Poisson mixtures", 1995).
    """
    if any(sentence.draft is not None for sentence in sentences):
        return propose_corrected(sentences, direction, known, thresholds)
    candidates = find_candidates(
        [read_runs(s.source, direction.source) for s in sentences], direction.source, thresholds.least
    )
    listed = KnownTerms(known)
    human = Renderings([read_runs(s.target, direction.target) for s in sentences])
    rendered = _render(candidates, human)
    files = FileSpread(sentences)
    proposals: list[TermProposal] = []
    for candidate, rendering in rendered.values():
        share = len(rendering.sentences) / len(candidate.sentences)
        if share < thresholds.consistency or listed.has(candidate.forms):
            continue
        if rendering.text.casefold() in {form.casefold() for form in candidate.forms} or _is_part(candidate, rendered):
            continue
        rest = sorted(set(candidate.sentences) - rendering.sentences)
        shown = spread(sorted(rendering.sentences), thresholds.examples)
        proposals.append(
            TermProposal(
                candidate.text,
                rendering.text,
                len(candidate.sentences),
                len(rendering.sentences),
                files.count(candidate.sentences),
                others_of(human, rest),
                drafted=0,
                missed=0,
                machine=None,
                score=candidate.c_value * share * files.concentration(candidate.sentences),
                examples=tuple(sentences[number] for number in shown),
            )
        )
    return sorted(proposals, key=lambda one: (-one.score, one.source))


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
