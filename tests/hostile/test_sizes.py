"""Texts and revisions that are made to be slow: time stays near the size. The whole measure is
`python -m benchmarks.hostile_sizes`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.hostile_revisions import REVISIONS
from benchmarks.hostile_sizes import STAGES, measure
from benchmarks.hostile_texts import TEXTS
from bot import pipeline
from bot.engines.copy import CopyEngine
from bot.errors import InputError
from bot.model import Direction, Language, Versions

KINDS = (
    *("unclosed stars", "unclosed double dollars", "unclosed tags", "unclosed brackets", "a run of one letter"),
    *("a run of single letters with full stops", "a run of inline formulas", "headings with labels"),
    *("sentences in emphasis", "tabs without end", "directives in directives", "every sentence twice"),
    *("a word in each sentence", "sentences in a cycle of 3", "words of a sentence changed", "code lines in reverse"),
)
LANGUAGES = Direction(Language("en", "English"), Language("ru", "Russian"))


def test_kinds_are_known_and_as_many_as_promised() -> None:
    assert set(KINDS) <= {*TEXTS, *REVISIONS}
    assert len({*TEXTS, *REVISIONS}) >= 120


@pytest.mark.parametrize("kind", ["unclosed stars", "a run of one letter", "words of a sentence changed"])
def test_a_sentence_beyond_all_bounds_does_not_hold_up_a_merge(kind: str, attacked: Callable[[str, int], None]) -> None:
    # Processor time: before, these took minutes.
    assert sum(measure(kind, 32_000).values()) < 30.0
    attacked("hostile texts", 1)


@pytest.mark.sweep
@pytest.mark.parametrize("kind", KINDS)
def test_four_times_the_size_takes_no_more_than_eight_times_as_long(
    kind: str, attacked: Callable[[str, int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    small, large = measure(kind, 16_000), measure(kind, 64_000)
    for stage in STAGES:
        assert large[stage] < 8.0 * max(small[stage], 0.3), stage
    assert "refused" not in capsys.readouterr().err
    attacked("hostile texts", 1)


def test_a_page_with_more_sentences_than_a_book_has_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "MAX_SEGMENTS", 100)
    page = "A sentence here.\n\n" * 101
    with pytest.raises(InputError, match=r"^a\.md: has 101 sentences and blocks, more than the 100 of a document; "):
        pipeline.merge_document(Versions(page, page, page), LANGUAGES, CopyEngine(), "a.md")
