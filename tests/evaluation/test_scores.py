"""Scores and their tests: sacreBLEU's own numbers, with all that it takes to read them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein
from sacrebleu.metrics.bleu import BLEU

from bot.book.package_data import languages_text
from bot.config import language, parse_languages
from bot.errors import ConfigError
from bot.evaluation import Comparison, Metric, compare, score
from bot.model import Language

KNOWN = parse_languages(languages_text())
ENGLISH, CHINESE = language("en", KNOWN), language("zh", KNOWN)
REFERENCES = [f"模型{n}的损失随时间下降，\ue123 表示它。" for n in range(12)]
HYPOTHESES = [f"模型 {n} 的损失会随着时间下降， \ue123 代表它。" for n in range(12)]


def by_command(folder: Path, *options: str) -> list[dict[str, object]]:
    """What sacreBLEU's own command says of these texts."""
    for name, lines in (("reference", REFERENCES), ("hypothesis", HYPOTHESES)):
        (folder / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    command = [sys.executable, "-m", "sacrebleu", "reference", "-i", "hypothesis", *options, "-f", "json", "-w", "6"]
    found = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout)
    assert isinstance(found, list)
    return found


def test_scores_intervals_and_signatures_are_those_of_sacrebleus_command(tmp_path: Path) -> None:
    options = ["-m", "bleu", "chrf", "ter", "--confidence", "--tokenize", "zh", "--chrf-word-order", "2"]
    told = by_command(tmp_path, *options, "--ter-normalized", "--ter-asian-support")
    for metric, theirs in zip(Metric, told, strict=True):
        ours = score(metric, HYPOTHESES, REFERENCES, CHINESE, "a test")
        assert ours.margin is not None
        assert ours.interval is not None
        mean = sum(ours.interval) / 2
        assert (round(ours.value, 6), ours.signature) == (theirs["score"], theirs["signature"])
        assert (mean, ours.margin) == pytest.approx((theirs["confidence_mean"], theirs["confidence_var"]), abs=2e-6)
        assert (ours.sentences, ours.compared) == (12, "a test")


@pytest.mark.parametrize(
    ("code", "hypothesis", "reference"),
    [
        ("th", "แมวนอนบนพื้น", "แมวนอนบนเตียง"),
        ("lo", "ແມວນອນຢູ່ພື້ນ", "ແມວນອນຢູ່ຕຽງ"),
        ("km", "ឆ្មាគេងលើឥដ្ឋ", "ឆ្មាគេងលើគ្រែ"),
        ("my", "ကြောင်အိပ်တယ်", "ကြောင်အိပ်သည်"),
    ],
)
def test_where_no_spaces_stand_between_words_ter_counts_characters(code: str, hypothesis: str, reference: str) -> None:
    found = score(Metric.TER, [hypothesis], [reference], language(code, KNOWN), "")
    edits = Levenshtein.distance(hypothesis, reference)
    assert found.value == pytest.approx(100 * edits / len(reference))
    assert found.signature.startswith("nrefs:1|case:lc|tok:char|norm:no|punct:yes|asian:no|version:")
    assert score(Metric.TER, [reference], [reference], language(code, KNOWN), "").value == 0


def test_two_systems_are_compared_by_the_same_characters() -> None:
    thai = language("th", KNOWN)
    found = compare(Metric.TER, ["แมวเดิน"] * 8, ["แมวนอน"] * 8, ["แมวนอน"] * 8, thai, "", trials=100)
    assert found.difference < 0
    assert "tok:char" in found.signature


def test_bleu_on_the_published_scale_is_a_hundredth() -> None:
    found = score(Metric.BLEU, HYPOTHESES, REFERENCES, CHINESE, "")
    assert found.fraction == found.value / 100
    assert 0 < found.fraction < 1


def test_a_single_segment_has_a_score_and_no_interval() -> None:
    found = score(Metric.BLEU, HYPOTHESES[:1], REFERENCES[:1], CHINESE, "")
    assert (found.interval, found.margin) == (None, None)
    assert "bs:" not in found.signature


@pytest.mark.parametrize("code", sorted({entry.code: None for entry in KNOWN.values()}))
def test_the_tokenizer_of_every_language_is_one_of_sacrebleus(code: str) -> None:
    assert KNOWN[code].bleu_tokenizer in BLEU.TOKENIZERS


def test_an_unknown_tokenizer_is_named_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"bleu_tokenizer of xx: sacreBLEU has no 'mecab'; it has none, zh, 13a"):
        score(Metric.BLEU, ["a"], ["a"], Language("xx", "X", bleu_tokenizer="mecab"), "")


@pytest.mark.parametrize(("code", "extra"), [("ja", "ja"), ("ko", "ko")])
def test_a_tokenizer_that_is_not_installed_names_its_extra(
    code: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.evaluation.scores.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=rf'pip install "sacrebleu\[{extra}\]"'):
        score(Metric.BLEU, ["a"], ["a"], language(code, KNOWN), "")


def test_without_sacrebleu_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sacrebleu.metrics.bleu", None)
    with pytest.raises(ConfigError, match=r'pip install "\.\[evaluation\]" in a checkout'):
        score(Metric.BLEU, ["a"], ["a"], ENGLISH, "")


def compared(system: Sequence[str]) -> Comparison:
    return compare(Metric.BLEU, HYPOTHESES, system, REFERENCES, CHINESE, "a test", trials=1000)


def test_a_better_system_differs_by_more_than_chance() -> None:
    found = compared(REFERENCES)
    assert found.is_significant
    assert found.difference > 0
    assert "ar:1000|seed:12345" in found.signature
    assert (found.sentences, found.compared) == (12, "a test")


def test_a_worse_system_has_a_negative_difference() -> None:
    assert compare(Metric.BLEU, REFERENCES, HYPOTHESES, REFERENCES, CHINESE, "", trials=100).difference < 0


def test_a_system_does_not_differ_from_itself() -> None:
    found = compared(HYPOTHESES)
    assert (found.difference, found.p_value, found.is_significant) == (0.0, 1.0, False)


def test_three_better_segments_prove_nothing() -> None:
    found = compared([*REFERENCES[:3], *HYPOTHESES[3:]])
    assert found.p_value >= 0.25
    assert found.difference > 0


def test_the_same_texts_give_the_same_p() -> None:
    system = [*REFERENCES[:8], *HYPOTHESES[8:]]
    assert compared(system) == compared(system)
