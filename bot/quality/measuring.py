"""Examines a language's engine on the held-out sentences, unless an earlier pull request tells what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version

from bot.book.files import write_files
from bot.book.opening import LanguageEdition
from bot.book.project import Project
from bot.drafts.corrections import merged_drafts
from bot.engines.base import ExperimentEngine
from bot.errors import ConfigError, EngineError, InputError, VerificationError
from bot.evaluation.cells import ResultRow, Variant
from bot.evaluation.scores import Metric, require_scorers
from bot.memory.pairs import PairStatus
from bot.model import Direction, Placeables, TranslationUnit
from bot.parallel_data.book_pairs import build_parallel_data, default_rules
from bot.parallel_data.options import Level
from bot.quality.answers import AnswerStore, answer_key
from bot.quality.articles import Article, EvaluationData
from bot.quality.direction import EvaluatedDirection
from bot.quality.experiment import Design, plan_experiment, quote_experiment, run_experiment
from bot.quality.scoring import score_experiment
from bot.quality.taught_engines import open_examinee
from bot.report.scores import BleuFigure, Scores

# Held-out sentences that are examined at most: enough for ±2 BLEU, and a bound on what a measurement costs.
_MOST = 300
# So much of a hash tells measurements apart, and many of them fit into a body.
_DIGITS = 16
# What stands for an article: the held-out sentences are of many.
_PLACE = "held-out sentences"
_COMPARED = (
    "Compared with the human translation that bot.alignment links with each sentence; formulas, code, references and "
    "addresses count as one word each; no sentence taught is 80% alike or more; no glossary"
)


@dataclass(frozen=True)
class Measurement:
    """What is to be measured. `taught` are the pairs of `level` that the engine may learn from (None: it learns from
    none), `held_out` the sentence pairs that it is examined on, from the commit `revision` of the translation."""

    direction: Direction
    revision: str
    level: Level | None
    taught: tuple[TranslationUnit, ...]
    held_out: tuple[TranslationUnit, ...]

    def key(self, identity: str) -> str:
        """Equal where nothing that the result depends on differs; where a pair stands in the book is nothing of it."""
        sides = [
            sorted({(unit.source, unit.target) for unit in units}) if units else []
            for units in (self.taught, self.held_out)
        ]
        codes = [language.code for language in self.direction]
        return answer_key(identity, version("sacrebleu"), codes, self.level, *sides)


def score_language(
    edition: LanguageEdition,
    tell: Callable[[str], None],
    *,
    history: Sequence[Scores] = (),
    dry_run: bool = False,
    wait: bool = True,
) -> Scores:
    """The BLEU of the language's engine on held-out sentences of the published translation, without and with what it
    is taught; what `history` or an earlier run on this machine measured of the same is not measured again.

    Quoted to `tell` before anything is asked, within the caps. Where it can't be had, `skipped` says why. Raises
    PendingError where a batch job takes time that nobody waits for (`wait`): a later run goes on.
    """
    project, name = edition.project, edition.name
    engine = project.engine(name)
    if not engine.translates_anything:
        return Scores(skipped=f"the engine {engine.name} translates nothing by itself, so there is nothing to score")
    try:
        require_scorers(edition.direction.target)
        examinee = open_examinee(project, name, "", tell, wait=wait)
        measurement = _read(edition, engine.training_level)
        if not measurement.held_out:
            return Scores(skipped="no sentence pair of the book is held out; about one in fifty is")
        key = measurement.key(examinee.identity)[:_DIGITS]
        known = next((one for one in reversed(history) if one.key == key), None)
        return known or _measure(project, name, measurement, examinee, key, tell, dry_run=dry_run)
    except (ConfigError, EngineError, InputError, VerificationError) as error:
        tell(f"{name}: BLEU was not measured: {error}")
        return Scores(skipped=str(error))


def _read(edition: LanguageEdition, training_level: str) -> Measurement:
    """`training_level`: the pairs that the engine learns from when it translates for a pull request, "" for none."""
    direction = edition.direction
    taught = Level(training_level) if training_level else None
    drafts = merged_drafts(edition)
    data = {
        level: build_parallel_data(edition, level, default_rules(direction), drafts=drafts)
        for level in Level
        if level in (Level.SENTENCE, taught)
    }
    held_out = data[Level.SENTENCE].units(PairStatus.HELD_OUT)
    kept = tuple(data[taught].units(PairStatus.KEPT)) if taught else ()
    return Measurement(direction, edition.published.commit, taught if kept else None, kept, tuple(_sample(held_out)))


def _sample(units: Sequence[TranslationUnit]) -> list[TranslationUnit]:
    """The same sentences from one measurement to the next, as far as the book still has them."""
    return sorted(units, key=lambda unit: sha256(unit.source.encode()).digest())[:_MOST]


def _measure(
    project: Project,
    name: str,
    measurement: Measurement,
    examinee: ExperimentEngine,
    key: str,
    tell: Callable[[str], None],
    *,
    dry_run: bool,
) -> Scores:
    levels = (measurement.level,) if measurement.level else ()
    design = Design((EvaluatedDirection.FROM_SOURCE,), (Level.SENTENCE,), levels, together=True)
    data = EvaluationData(
        measurement.direction, (_article(measurement.held_out),), dict.fromkeys(levels, measurement.taught)
    )
    experiment = plan_experiment(data, design, examinee, tell)
    store = AnswerStore(project.cache / "scores" / name, write_files)
    quote = quote_experiment(experiment, examinee, store)
    if quote.characters:
        tell(f"{name}: BLEU of {len(measurement.held_out):,} held-out sentences: {quote.describe()}")
        if dry_run:
            return Scores(skipped=f"a dry run spends nothing; measuring costs {quote.describe()}")
        examinee.check(quote)
    answers = run_experiment(experiment, examinee, store, tell)
    (scored,) = score_experiment(experiment, answers, design, Placeables.TOKENS, [Metric.BLEU])
    lessons = [run.lesson for run in experiment.runs if run.lesson]
    found = Scores(
        key=key,
        revision=measurement.revision[:_DIGITS],
        engine=examinee.label,
        sentences=scored.results.corpus.sentences,
        pairs=len(lessons[0].units) if lessons else 0,
        level=measurement.level.value if measurement.level else "",
        compared=_COMPARED,
        cost=quote.describe(),
    )
    return _with_row(found, scored.results.corpus)


def _with_row(scores: Scores, row: ResultRow) -> Scores:
    bleus = {}
    for variant, found in row.scores.items():
        bleu = found[Metric.BLEU]
        bleus[variant] = BleuFigure(round(bleu.value, 2), bleu.margin and round(bleu.margin, 2), row.left[variant])
    taught = next((variant for variant in bleus if variant is not Variant.WITHOUT), None)
    return replace(
        scores,
        without=bleus[Variant.WITHOUT],
        taught=bleus[taught] if taught else None,
        p_value=row.comparisons[taught].p_value if taught else None,
        signature=row.scores[Variant.WITHOUT][Metric.BLEU].signature,
    )


def _article(units: tuple[TranslationUnit, ...]) -> Article:
    sentences = tuple(unit.source for unit in units), tuple(unit.target for unit in units)
    return Article(_PLACE, {Level.SENTENCE: units}, {Level.SENTENCE: {}}, sentences)
