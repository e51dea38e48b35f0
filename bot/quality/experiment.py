"""An experiment from its data to all answers: its runs, their price, and the requests for runs without an answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from importlib.metadata import version

from bot.book.project import Project
from bot.documents import parse
from bot.engines.base import Engine, ExperimentEngine, Quote, limited
from bot.engines.teaching import Training
from bot.errors import EngineError, InputError
from bot.evaluation.results import Variant
from bot.memory import TranslationMemory
from bot.model import Direction, Language, Request, Translation, TranslationUnit
from bot.parallel_data.options import Level
from bot.quality.answers import AnswerStore, StoredAnswer, answer_key
from bot.quality.articles import Article, EvaluationData
from bot.quality.design import Design, EvaluatedDirection
from bot.quality.training_sets import LeakReport, TrainingSet, make_training_set

Tell = Callable[[str], None]


@dataclass(frozen=True)
class EvaluationRun:
    """One article in one direction and unit, by one variant of the engine. `key` is a hash of the input."""

    article: Article
    direction: EvaluatedDirection
    unit: Level
    variant: Variant
    languages: Direction
    requests: tuple[Request, ...]
    references: tuple[str, ...]
    training: TrainingSet | None
    key: str


@dataclass(frozen=True)
class Experiment:
    """All runs, and the leak report of every training set that they need."""

    runs: tuple[EvaluationRun, ...]
    leaks: tuple[LeakReport, ...]


class TaughtByExamples:
    """An engine under test that learns from the examples it is given with each translation."""

    def __init__(self, engine: Engine, identity: str) -> None:
        self._engine = engine
        self.identity = identity

    @property
    def label(self) -> str:
        return self._engine.label

    def quote(self, requests: Sequence[Request], direction: Direction, training: Training | None) -> Quote:
        examples = TranslationMemory(training.units if training else ())
        return limited(self._engine, lambda: self._engine.price(requests, direction, examples))

    def check(self, cost: Quote, spent: Decimal = Decimal(0)) -> None:
        whole = replace(cost, dollars=cost.dollars + spent)
        if reason := self._engine.over_cap(whole):
            raise EngineError(f"with what this run spent before, measuring {reason}")

    def translate(
        self, requests: Sequence[Request], direction: Direction, training: Training | None
    ) -> Sequence[Translation]:
        examples = TranslationMemory(training.units if training else ())
        return limited(self._engine, lambda: self._engine.translate(requests, direction, examples))


def open_experiment_engine(
    project: Project, name: str, engine: str, tell: Tell, *, wait: bool = True
) -> ExperimentEngine:
    """The engine of that name, or the language's own for "". Raises UsageError for an engine that does not exist."""
    opened = project.engine(name, engine, wait=wait, tell=tell)
    identity = json.dumps([version("amts"), project.engine_settings(name, engine).model_dump()], sort_keys=True)
    return opened.experiment or TaughtByExamples(opened, identity)


def plan_experiment(
    data: EvaluationData, book: Direction, design: Design, engine: ExperimentEngine, tell: Tell
) -> Experiment:
    """Makes and checks every training set; `book` goes from the source to its translation. Nothing is asked. Raises
    VerificationError if a leak is found, InputError if nothing is left to teach."""
    training_sets = _training_sets(data, book, design)
    for (_, variant, path), training in training_sets.items():
        if not training.units:
            raise InputError(
                f"without {path} no {variant.value} pairs are left to teach; choose fewer articles with --path, or "
                "leave out --together"
            )
    leaks = tuple(dict.fromkeys(training.leaks for training in training_sets.values()))
    for report in leaks:
        tell(report.describe())
    runs: list[EvaluationRun] = []
    for direction in design.directions:
        languages = direction.languages(book)
        codes = [language.code for language in languages]
        for unit in design.units:
            for article in data.articles:
                requests, references = _requests(article.segments[unit], article.path, direction, languages.source)
                texts = [[request.text, request.kind.value] for request in requests]
                for variant in (Variant.WITHOUT, *(Variant(level.value) for level in design.taught)):
                    taught = training_sets.get((direction, variant, article.path))
                    key = answer_key(engine.identity, codes, texts, taught.digest if taught else "")
                    where = article, direction, unit, variant, languages
                    runs.append(EvaluationRun(*where, requests, references, taught, key))
    return Experiment(tuple(runs), leaks)


def quote_experiment(experiment: Experiment, engine: ExperimentEngine, store: AnswerStore) -> Quote:
    """The price of the runs without a stored answer. Spends nothing."""
    characters, tokens, dollars, bases = 0, 0, Decimal(0), dict[str, None]()
    for group in _unanswered(experiment, store):
        requests = [request for run in group for request in run.requests]
        quote = engine.quote(requests, group[0].languages, group[0].training)
        characters, tokens = characters + quote.characters, tokens + quote.tokens
        dollars += quote.dollars
        bases |= {quote.basis: None} if quote.characters else {}
    return Quote(characters, dollars, "; ".join(bases), tokens)


def run_experiment(
    experiment: Experiment, engine: ExperimentEngine, store: AnswerStore, tell: Tell
) -> Mapping[str, tuple[StoredAnswer, ...]]:
    """The answers to every run, by key; each group of runs is stored as soon as it is answered. Raises EngineError if
    the engine can't work; earlier answers stay stored."""
    groups = _unanswered(experiment, store)
    for number, group in enumerate(groups, 1):
        first = group[0]
        keyed = [(run.key, request) for run in group for request in run.requests]
        what = f"{first.languages.source.code} → {first.languages.target.code}, {first.variant.label}"
        tell(f"{number} of {len(groups)}: {what}: {len(keyed):,} segments")
        translations = engine.translate([request for _, request in keyed], first.languages, first.training)
        if len(translations) != len(keyed):
            raise EngineError(f"{engine.label} gave {len(translations)} answers to {len(keyed)}; report this")
        answers: dict[str, list[StoredAnswer]] = {run.key: [] for run in group}
        for (key, _), translation in zip(keyed, translations, strict=True):
            answers[key].append(StoredAnswer(translation.text, translation.left))
        for run in group:
            about = {"article": run.article.path, "translation": what, "unit": run.unit.value}
            store.put(run.key, {**about, "engine": engine.label}, answers[run.key])
    stored = {run.key: store.get(run.key) for run in experiment.runs}
    return {key: answers for key, answers in stored.items() if answers is not None}


def _training_sets(
    data: EvaluationData, book: Direction, design: Design
) -> dict[tuple[EvaluatedDirection, Variant, str], TrainingSet]:
    """By direction, variant and the path of the article."""
    sets: dict[tuple[EvaluatedDirection, Variant, str], TrainingSet] = {}
    folds = [data.articles] if design.together else [(article,) for article in data.articles]
    for direction in design.directions:
        for level in design.taught:
            for fold in folds:
                reverse = direction is EvaluatedDirection.INTO_SOURCE
                pairs = make_training_set(level, data.pairs[level], fold, book, reverse=reverse)
                sets |= {(direction, Variant(level.value), article.path): pairs for article in fold}
    return sets


def _requests(
    units: Sequence[TranslationUnit], path: str, direction: EvaluatedDirection, language: Language
) -> tuple[tuple[Request, ...], tuple[str, ...]]:
    """The requests, and the human translation of each: the other side of the pair."""
    sides = [
        (u.source, u.target) if direction is EvaluatedDirection.FROM_SOURCE else (u.target, u.source) for u in units
    ]
    requests = []
    for unit, (text, _) in zip(units, sides, strict=True):
        placeables = (placeable for segment in parse(text, language).segments for placeable in segment.placeables)
        requests.append(Request(text, unit.kind, tuple(placeable.text for placeable in placeables), path=path))
    return tuple(requests), tuple(reference for _, reference in sides)


def _unanswered(experiment: Experiment, store: AnswerStore) -> list[list[EvaluationRun]]:
    """The runs without an answer, in groups of the same direction and training; the engine gets a group at once."""
    groups: dict[tuple[EvaluatedDirection, str], dict[str, EvaluationRun]] = {}
    for run in experiment.runs:
        if store.get(run.key) is None:
            digest = run.training.digest if run.training else ""
            groups.setdefault((run.direction, digest), {})[run.key] = run
    return [list(group.values()) for group in groups.values()]
