"""What an engine would have made of sentences that people brought in step: kept, repaired, or translated anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.config.schema import Changed
from bot.engines.base import Engine
from bot.engines.policy import repair_policy
from bot.evaluation.scores import Metric, Score, score
from bot.memory import TranslationMemory
from bot.model import Action, Bead, Direction
from bot.pipeline import PlannedTexts, Texts, complete, parse_texts, plan_texts, translate
from bot.repair import Habits, PastRevision, RepairPolicy

WAYS: tuple[Changed, ...] = ("keep", "repair", "retranslate")
MIN_SENTENCES = 20
"""With fewer, chance decides which way does best."""
_MAX_SENTENCES = 200
_COMPARED = "what people made of the sentence"


@dataclass(frozen=True, slots=True)
class ChangedFigures:
    """One way: how many of the sentences are word for word what people wrote, and the score against that."""

    way: Changed
    exact: int
    score: Score


@dataclass(frozen=True, slots=True)
class ChangedComparison:
    """The ways on the same sentences: whose English got other words that no repair without an engine follows."""

    sentences: int
    figures: tuple[ChangedFigures, ...]

    @property
    def best(self) -> Changed | None:
        """The way with the best score; None for too few sentences."""
        if self.sentences < MIN_SENTENCES:
            return None
        return max(self.figures, key=lambda figures: figures.score.value).way


def compare_changed(
    revisions: Sequence[PastRevision], engine: Engine, direction: Direction, habits: Habits
) -> ChangedComparison | None:
    """None if no sentence got other words. The engine is given no example: the book has what people wrote. Raises
    EngineError, and ConfigError without sacreBLEU."""
    policies = {way: repair_policy(engine, habits, 0 if way != "retranslate" else None, way) for way in WAYS}
    # The configured way leaves English that is nearly the same; here it must be measured like the others.
    policies["retranslate"] = RepairPolicy(1.01, habits)
    stale = [one for one in revisions if _is_stale(one, direction, policies["keep"])][:_MAX_SENTENCES]
    if not stale:
        return None
    people = [one.after.strip() for one in stale]
    figures = []
    for way in WAYS:
        made = _made(stale, engine, direction, policies[way])
        exact = sum(_folded(a) == _folded(b) for a, b in zip(made, people, strict=True))
        figures.append(ChangedFigures(way, exact, score(Metric.CHRF, made, people, direction.target, _COMPARED)))
    return ChangedComparison(len(stale), tuple(figures))


def _is_stale(revision: PastRevision, direction: Direction, policy: RepairPolicy) -> bool:
    operations = _planned(revision, direction, policy)[1].plan.operations
    return any(operation.action is Action.STALE for operation in operations)


def _made(revisions: Sequence[PastRevision], engine: Engine, direction: Direction, policy: RepairPolicy) -> list[str]:
    """What would stand in the place of each; the engine is asked once for all."""
    planned = [_planned(revision, direction, policy) for revision in revisions]
    requests = [request for _, one in planned for request in one.requests]
    answers = iter(translate(requests, engine, direction, TranslationMemory()))
    return [
        complete(texts, one, direction, [next(answers) for _ in one.requests]).text.strip() for texts, one in planned
    ]


def _planned(revision: PastRevision, direction: Direction, policy: RepairPolicy) -> tuple[Texts, PlannedTexts]:
    """The sentence as a page of its own."""
    texts = Texts("page.md", _folded(revision.base), _folded(revision.new), _folded(revision.before))
    base, _, target = (tuple(range(len(document.segments))) for document in parse_texts(texts, direction))
    return texts, plan_texts(texts, [Bead(base, target, 1.0)], direction, TranslationMemory(), policy)


def _folded(text: str) -> str:
    return " ".join(text.split())
