"""An evaluation from its articles to all answers: its runs, what they cost, and asking for those not answered yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from bot.documents import parse
from bot.engines.base import ExperimentEngine, Quote
from bot.errors import EngineError, InputError
from bot.evaluation.cells import Variant
from bot.model import Direction, Language, Request, TranslationUnit
from bot.parallel_data.options import Level
from bot.quality.answers import AnswerStore, StoredAnswer, answer_key
from bot.quality.articles import Article, EvaluationData
from bot.quality.direction import EvaluatedDirection
from bot.quality.training_sets import Lesson, Proof, make_lesson

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Design:
    """What is compared. With `together`, all articles are left out of what is taught at once: one lesson for all."""

    directions: tuple[EvaluatedDirection, ...]
    units: tuple[Level, ...]
    taught: tuple[Level, ...]
    together: bool


@dataclass(frozen=True)
class EvaluationRun:
    """One article in one direction, asked for in one unit, by one variant of the engine."""

    article: Article
    direction: EvaluatedDirection
    unit: Level
    variant: Variant
    languages: Direction
    requests: tuple[Request, ...]
    references: tuple[str, ...]
    lesson: Lesson | None
    key: str
    """A hash of all that its answers depend on."""


@dataclass(frozen=True)
class Experiment:
    """All runs, and the proof of every lesson that they need."""

    runs: tuple[EvaluationRun, ...]
    proofs: tuple[Proof, ...]


def plan_experiment(data: EvaluationData, design: Design, examinee: ExperimentEngine, tell: Tell) -> Experiment:
    """Makes and proves every lesson. Raises VerificationError where a proof fails, InputError where nothing is left to
    teach; nothing was asked then."""
    lessons = _lessons(data, design)
    for (_, variant, path), lesson in lessons.items():
        if not lesson.units:
            raise InputError(
                f"without {path} no {variant.value} pairs are left to teach; choose fewer articles with --path, or "
                "leave out --together"
            )
    proofs = tuple(dict.fromkeys(lesson.proof for lesson in lessons.values()))
    for proof in proofs:
        tell(proof.describe())
    runs: list[EvaluationRun] = []
    identity = examinee.identity
    for direction in design.directions:
        languages = direction.languages(data.direction)
        for unit in design.units:
            for article in data.articles:
                requests, references = _questions(article.segments[unit], article.path, direction, languages.source)
                for variant in (Variant.WITHOUT, *(Variant(level.value) for level in design.taught)):
                    taught = lessons.get((direction, variant, article.path))
                    key = _key(identity, languages, requests, taught)
                    runs.append(
                        EvaluationRun(article, direction, unit, variant, languages, requests, references, taught, key)
                    )
    return Experiment(tuple(runs), proofs)


def quote_experiment(experiment: Experiment, examinee: ExperimentEngine, store: AnswerStore) -> Quote:
    """What the runs without a stored answer cost. Spends nothing."""
    characters, dollars, bases = 0, Decimal(0), list[str]()
    for group in _groups(experiment, store):
        first = next(iter(group.values()))
        quote = examinee.quote(_asked(group), first.languages, first.lesson)
        characters, dollars = characters + quote.characters, dollars + quote.dollars
        if quote.characters and quote.basis not in bases:
            bases.append(quote.basis)
    return Quote(characters, dollars, "; ".join(bases))


def run_experiment(
    experiment: Experiment, examinee: ExperimentEngine, store: AnswerStore, tell: Tell
) -> Mapping[str, tuple[StoredAnswer, ...]]:
    """The answers to every run, by key; each group of runs is stored as soon as it is answered. Raises EngineError
    where the engine can't work; what was answered before stays stored."""
    groups = _groups(experiment, store)
    for number, group in enumerate(groups, 1):
        first = next(iter(group.values()))
        requests = _asked(group)
        what = f"{first.languages.source.code} → {first.languages.target.code}, {first.variant.label}"
        tell(f"{number} of {len(groups)}: {what}: {len(requests):,} segments")
        translations = examinee.translate(requests, first.languages, first.lesson)
        if len(translations) != len(requests):
            raise EngineError(f"{examinee.label} gave {len(translations)} answers to {len(requests)}; report this")
        given = iter(translations)
        for key, run in group.items():
            answers = tuple(StoredAnswer(one.text, one.left) for one in islice(given, len(run.requests)))
            about = {"article": run.article.path, "translation": what, "unit": run.unit.value}
            store.put(key, {**about, "engine": examinee.label}, answers)
    stored = {run.key: store.get(run.key) for run in experiment.runs}
    return {key: answers for key, answers in stored.items() if answers is not None}


def skipped(articles: Sequence[Article], unit: Level) -> Counter[str]:
    """How many segments have no usable reference, by the reason."""
    return sum((Counter(article.skipped[unit]) for article in articles), Counter())


def _lessons(data: EvaluationData, design: Design) -> dict[tuple[EvaluatedDirection, Variant, str], Lesson]:
    found: dict[tuple[EvaluatedDirection, Variant, str], Lesson] = {}
    folds = [data.articles] if design.together else [(article,) for article in data.articles]
    for direction in design.directions:
        for level in design.taught:
            for fold in folds:
                reverse = direction is EvaluatedDirection.INTO_SOURCE
                lesson = make_lesson(level, data.pairs[level], fold, data.direction, reverse=reverse)
                found |= {(direction, Variant(level.value), article.path): lesson for article in fold}
    return found


def _questions(
    units: Sequence[TranslationUnit], path: str, direction: EvaluatedDirection, language: Language
) -> tuple[tuple[Request, ...], tuple[str, ...]]:
    """What is asked, and the human translation of each: the other side of the pair."""
    sides = [
        (u.source, u.target) if direction is EvaluatedDirection.FROM_SOURCE else (u.target, u.source) for u in units
    ]
    requests = tuple(
        Request(text, unit.kind, _placeables(text, language), path=path)
        for unit, (text, _) in zip(units, sides, strict=True)
    )
    return requests, tuple(reference for _, reference in sides)


def _placeables(text: str, language: Language) -> tuple[str, ...]:
    return tuple(p.text for segment in parse(text, language).segments for p in segment.placeables)


def _key(identity: str, languages: Direction, requests: Sequence[Request], lesson: Lesson | None) -> str:
    codes = [language.code for language in languages]
    asked = [[request.text, request.kind.value] for request in requests]
    return answer_key(identity, codes, asked, lesson.digest if lesson else "")


def _groups(experiment: Experiment, store: AnswerStore) -> list[dict[str, EvaluationRun]]:
    """The runs without an answer, by key; those that ask the same engine, taught the same, are asked for at once."""
    groups: dict[tuple[EvaluatedDirection, str], dict[str, EvaluationRun]] = {}
    for run in experiment.runs:
        if store.get(run.key) is None:
            lesson = run.lesson.digest if run.lesson else ""
            groups.setdefault((run.direction, lesson), {})[run.key] = run
    return list(groups.values())


def _asked(group: Mapping[str, EvaluationRun]) -> list[Request]:
    return [request for run in group.values() for request in run.requests]
