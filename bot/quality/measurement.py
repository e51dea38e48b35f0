"""Measures a language's engine on the held-out sentences, unless an earlier pull request has the same measurement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from bot.book.edition import LanguageEdition
from bot.book.files import write_files
from bot.drafts.machine_drafts import known_drafts
from bot.engines.base import ExperimentEngine
from bot.errors import ConfigError, EngineError, InputError, VerificationError
from bot.evaluation.results import ScoredTexts, Variant, score_texts
from bot.evaluation.scores import Metric, require_scorers
from bot.forge.failures import storage_errors
from bot.memory.pairs import PairStatus
from bot.model import Placeables, TranslationUnit
from bot.parallel_data.book_pairs import build_parallel_data, default_rules
from bot.parallel_data.options import SMALL_BOOK_HELD_OUT, Level
from bot.quality.answers import AnswerStore, answer_key
from bot.quality.articles import Article, EvaluationData
from bot.quality.design import Design, EvaluatedDirection
from bot.quality.experiment import open_experiment_engine, plan_experiment, quote_experiment, run_experiment
from bot.quality.scoring import scored_texts
from bot.report.markdown import counted
from bot.report.scores import BleuFigure, Scores

# Enough held-out sentences for ±2 BLEU, and a bound on the price of a measurement.
_MAX_SENTENCES = 300
# With fewer, the interval is wider than what parallel data, or another engine, changes.
MIN_SENTENCES = 100
# Digits of a hash that tell measurements apart; many of them fit into a body.
_KEY_DIGITS = 16
_COMPARED = (
    "The reference is the human translation that AMTS aligned with each sentence; formulas, code, references and "
    "addresses count as one word each; no sentence that was taught is 80% similar or more; no glossary was used"
)


@dataclass(frozen=True)
class HeldOutData:
    """`taught` are the pairs of `level` (None: no pairs) for the engine, `held_out` the sentence pairs of the test."""

    level: Level | None
    taught: tuple[TranslationUnit, ...]
    held_out: tuple[TranslationUnit, ...]

    def key(self, codes: Sequence[str], identity: str) -> str:
        """A hash of everything that the result depends on. The place of a pair in the book makes no difference."""
        sides = [sorted({(unit.source, unit.target) for unit in units}) for units in (self.taught, self.held_out)]
        return answer_key(identity, version("sacrebleu"), codes, self.level, *sides)[:_KEY_DIGITS]

    @property
    def article(self) -> Article:
        """All held-out sentences, as if they were one article."""
        sentences = tuple(unit.source for unit in self.held_out), tuple(unit.target for unit in self.held_out)
        return Article("held-out sentences", {Level.SENTENCE: self.held_out}, {Level.SENTENCE: {}}, sentences)


def score_language(
    edition: LanguageEdition,
    tell: Callable[[str], None],
    *,
    history: Sequence[Scores] = (),
    dry_run: bool = False,
    wait: bool = True,
    spent: Decimal = Decimal(0),
) -> Scores:
    """The BLEU of the language's engine on held-out sentences of the published translation, without and with training.
    A measurement that is in `history`, or was made on this machine, is not made again.

    The price is announced before the engine is asked, and is within the caps, with what this run has `spent` before (US
    dollars). If there is no measurement, `skipped` says why. Raises PendingError if a batch job takes time that nobody
    waits for (`wait`): a later run goes on.
    """
    name = edition.name
    engine = edition.project.engine(name)
    if not engine.translates_anything:
        return Scores(skipped=f"the engine {engine.name} translates nothing by itself, so there is nothing to score")
    try:
        require_scorers(edition.direction.target)
        tested = open_experiment_engine(edition.project, name, "", tell, wait=wait)
        data = _read(edition, Level(engine.training_level) if engine.training_level else None, engine.training_floor)
        if len(data.held_out) < MIN_SENTENCES:
            return Scores(skipped=_too_early(len(data.held_out)))
        key = data.key([language.code for language in edition.direction], tested.identity)
        known = next((scores for scores in reversed(history) if scores.key == key), None)
        return known or _measure(edition, data, tested, key, tell, dry_run=dry_run, spent=spent)
    except (ConfigError, EngineError, InputError, VerificationError) as error:
        tell(f"{name}: BLEU was not measured: {error}")
        return Scores(skipped=str(error))


def _too_early(number: int) -> str:
    held_out = counted(number, "sentence") if number else "no sentence"
    return (
        f"it is too early, with {held_out} that people translated and that could be kept from the engine for this; a "
        f"figure that says something takes at least {MIN_SENTENCES}, of a book of about "
        f"{MIN_SENTENCES * SMALL_BOOK_HELD_OUT:,}"
    )


def _read(edition: LanguageEdition, level: Level | None, floor: int) -> HeldOutData:
    """`level`: of the pairs that the engine learns from when it translates for a pull request, if there are at least
    `floor`."""
    drafts, rules = known_drafts(edition), default_rules(edition.direction)
    levels = dict.fromkeys([Level.SENTENCE, *([level] if level else [])])
    data = {kind: build_parallel_data(edition, kind, rules, drafts=drafts) for kind in levels}
    taught = tuple(data[level].units(PairStatus.KEPT)) if level else ()
    taught = taught if len(taught) >= floor else ()
    held_out = data[Level.SENTENCE].units(PairStatus.HELD_OUT)
    # By hash: consecutive measurements have the same sentences, as far as the book still has them.
    held_out.sort(key=lambda unit: sha256(unit.source.encode()).digest())
    return HeldOutData(level if taught else None, taught, tuple(held_out[:_MAX_SENTENCES]))


def _keep(texts: ScoredTexts, folder: Path) -> None:
    """Writes what is compared as `amts evaluate` does, so that sacreBLEU's own command can score it."""
    named = {"reference": texts.references, **{variant.value: lines for variant, lines in texts.hypotheses.items()}}
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_files(
        {folder / f"{name}.txt": "".join(f"{line}\n" for line in lines).encode() for name, lines in named.items()}
    )


def _measure(
    edition: LanguageEdition,
    data: HeldOutData,
    engine: ExperimentEngine,
    key: str,
    tell: Callable[[str], None],
    *,
    dry_run: bool,
    spent: Decimal,
) -> Scores:
    levels = (data.level,) if data.level else ()
    design = Design((EvaluatedDirection.FROM_SOURCE,), (Level.SENTENCE,), levels, together=True)
    evaluated = EvaluationData((data.article,), dict.fromkeys(levels, data.taught))
    experiment = plan_experiment(evaluated, edition.direction, design, engine, tell)
    store = AnswerStore(edition.project.cache / "scores" / edition.name, write_files)
    quote = quote_experiment(experiment, engine, store)
    if quote.characters:
        tell(f"{edition.name}: BLEU of {len(data.held_out):,} held-out sentences: {quote.describe()}")
        if dry_run:
            return Scores(skipped=f"a dry run spends nothing; measuring costs {quote.describe()}")
        engine.check(quote, spent)
    answers = run_experiment(experiment, engine, store, tell)
    (texts,) = scored_texts(experiment.runs, answers, Placeables.TOKENS)
    _keep(texts, edition.project.cache / "scores" / edition.name / f"{key}-texts")
    row = score_texts(texts, edition.direction.target, [Metric.BLEU], _COMPARED)
    bleu = {variant: scores[Metric.BLEU] for variant, scores in row.scores.items()}
    figures = {
        variant: BleuFigure(round(score.value, 2), score.margin and round(score.margin, 2), row.left[variant])
        for variant, score in bleu.items()
    }
    taught = Variant(data.level.value) if data.level else None
    return Scores(
        key=key,
        revision=edition.published.commit[:_KEY_DIGITS],
        engine=engine.label,
        sentences=row.sentences,
        without=figures[Variant.WITHOUT],
        taught=figures[taught] if taught else None,
        pairs=next((len(run.training.units) for run in experiment.runs if run.training), 0),
        level=data.level.value if data.level else "",
        p_value=row.comparisons[taught].p_value if taught else None,
        signature=bleu[Variant.WITHOUT].signature,
        compared=_COMPARED,
        cost=quote.describe(),
    )
