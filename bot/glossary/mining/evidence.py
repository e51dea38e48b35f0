"""The sentences that are mined, the proposals, and the evidence that both kinds of mining give."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MiningSentence:
    """A source text and its human translation (Markdown), the path of the translation, and a machine's draft of the
    source, if there is one."""

    source: str
    target: str
    path: str
    draft: str | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A term occurs in at least `least` sentences, and people translated it in the same way in at least the share
    `consistency` of them. A proposal has up to `examples` sentences."""

    least: int = 5
    consistency: float = 0.6
    examples: int = 3


DEFAULTS = Thresholds()


@dataclass(frozen=True, slots=True)
class TermProposal:
    """A term with the evidence for its translation. The term occurs in `sentences` sentences of `files` files; the
    translation in `followed` of these sentences, other frequent translations in the counts of `others`. Machine drafts
    exist for `drafted` of the followed sentences; `missed` drafts have another translation, mostly `machine`.
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
