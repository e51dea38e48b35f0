"""The BLEU summary in a pull request's body, and what its body carries along of it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import stand_in_label
from bot.report.hidden import hide
from bot.report.scores import BleuFigure, RecentDrafts, Scores, hide_scores, read_scores, scores_section, with_scores

GOLDEN = Path(__file__).parents[1] / "golden" / "scores"
SIGNATURE = "nrefs:1|bs:1000|seed:12345|case:mixed|eff:no|tok:zh|smooth:exp|version:2.6.0"


def measured(number: int, without: float, taught: float | None) -> Scores:
    return Scores(
        key=f"key{number}",
        revision=f"{number:x}" * 40,
        engine="amazon",
        sentences=200 + number,
        without=BleuFigure(without, 1.84),
        taught=None if taught is None else BleuFigure(taught, 1.79, 2),
        pairs=0 if taught is None else 9_800 + number,
        level="" if taught is None else "sentence",
        p_value=None if taught is None else 0.0012,
        signature=SIGNATURE,
        compared="Compared with the human translation",
        cost="41,000 characters, $1.54 ($60 per million, prices of 2026-11)",
    )


HISTORY = [measured(1, 52.9, 55.1), measured(2, 53.2, None), measured(3, 53.6, 56.4)]
NOW = measured(10, 53.61, 57.14)
FILES = {
    "chapter_one/a|b.md": {"sentences of text": 41, "headings": 3, "formulas": 12, "images": 0},
    "chapter_two/code.md": {"sentences of text": 9, "headings": 0, "code blocks": 1_012},
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("trend.md", scores_section(NOW, HISTORY, 20_000, FILES, RecentDrafts(200, 76, 0.183))),
        ("first.md", scores_section(measured(1, 53.6, None), [], 20_000)),
        ("skipped.md", scores_section(Scores(skipped="the cap of $1 is reached"), HISTORY, 20_000, FILES)),
    ],
)
def test_a_section_is_as_expected(name: str, text: str) -> None:
    if os.environ.get("AMTS_UPDATE_GOLDEN"):
        (GOLDEN / name).write_text(text + "\n", "utf-8")
    assert text + "\n" == (GOLDEN / name).read_text("utf-8")


def test_new_sentences_are_said_to_have_no_bleu_whatever_was_measured() -> None:
    for scores in (NOW, Scores(skipped="no money"), None):
        assert "have no BLEU" in scores_section(scores, [], 20_000, FILES)


def test_no_score_stands_without_its_signature_and_count() -> None:
    text = scores_section(NOW, HISTORY, 20_000)
    assert SIGNATURE.replace("|", "¦") in text.replace("|", "¦")
    assert "210 held-out sentences" in text
    assert "BLEU" in text


def test_one_line_tells_people_what_they_want_and_the_statistics_are_folded() -> None:
    text = scores_section(NOW, HISTORY, 20_000, FILES, RecentDrafts(200, 76, 0.183))
    _, line, rest = text.split("\n\n", 2)
    assert "people translated" in line
    assert line.endswith("Of its last 200 drafts people changed 76, and in these 18% of the characters.")
    assert "\n" not in line
    assert rest.startswith("<details><summary>")
    assert rest.endswith("\n\n</details>")
    assert rest.count("<details>") == 1


def test_drafts_are_told_of_without_a_measurement() -> None:
    early = Scores(skipped="it is too early")
    assert "Of its last 3 drafts people changed 1, and in these 5%" in scores_section(
        early, [], 8_000, None, RecentDrafts(3, 1, 0.05)
    )
    assert "People left all of its last 2 drafts as they were." in scores_section(
        early, [], 8_000, None, RecentDrafts(2)
    )


def test_a_figure_of_the_emulator_is_said_to_be_no_translations() -> None:
    label = stand_in_label("amazon", "127.0.0.1:5000")
    emulated = Scores(**{**{name: getattr(NOW, name) for name in NOW.__slots__}, "engine": label})
    assert "this says nothing about the quality of any translation" in scores_section(emulated, [], 20_000)
    assert "emulator" not in scores_section(NOW, [], 20_000)


def test_nothing_to_tell_is_no_section() -> None:
    assert scores_section(None, HISTORY, 20_000) == ""


def test_the_chart_has_as_many_labels_as_values_and_none_of_them_twice() -> None:
    text = scores_section(NOW, [measured(1, 50.0, 51.0)] * 40, 20_000)
    chart = re.search(r"```mermaid\n(.*?)```", text, re.DOTALL)
    assert chart is not None
    labels = json.loads(re.search(r"x-axis (\[.*\])", chart[1])[1])  # type: ignore[index]
    lines = [json.loads(line) for line in re.findall(r"line (\[.*\])", chart[1])]
    assert len(set(labels)) == len(labels) == 20
    assert [len(line) for line in lines] == [20, 20]
    low, high = map(int, re.search(r'y-axis "BLEU" (\d+) --> (\d+)', chart[1]).groups())  # type: ignore[union-attr]
    assert all(low < value < high for line in lines for value in line)
    json.loads(re.search(r"%%{init: (.*)}%%", chart[1])[1])  # type: ignore[index]


def test_measurements_of_other_engines_are_told_apart() -> None:
    other = Scores(**{**{name: getattr(NOW, name) for name in NOW.__slots__}, "key": "x", "engine": "another"})
    assert "not all of these can be compared" in scores_section(other, [NOW], 20_000)
    assert "not all of these can be compared" not in scores_section(NOW, HISTORY, 20_000)


@given(st.integers(0, 8_000))
def test_a_section_keeps_to_its_room_and_never_drops_the_number_first(room: int) -> None:
    text = scores_section(NOW, HISTORY, room, FILES)
    assert len(text) <= room
    if len(text) > 200:
        assert text.startswith(
            "## How good the engine is\n\n**BLEU 57.1 ± 1.8 with parallel data, 53.6 ± 1.8 without** (of 100) on "
        )


def test_the_same_measurement_again_takes_the_place_of_the_last() -> None:
    assert with_scores([*HISTORY, NOW], NOW) == [*HISTORY, NOW]
    assert with_scores(HISTORY, NOW) == [*HISTORY, NOW]
    assert with_scores(HISTORY, Scores(skipped="no money")) == HISTORY


numbers = st.floats(0, 100, allow_nan=False)
bleus = st.none() | st.builds(BleuFigure, numbers, st.none() | numbers, st.integers(0, 500))
words = st.text(max_size=30)
scores = st.builds(
    Scores, words, words, words, st.integers(0, 999), bleus, bleus, st.integers(0, 99_999), words, st.none() | numbers
)


@given(st.lists(scores, max_size=6), st.text(max_size=40))
def test_what_is_hidden_is_read_again_from_any_body(history: list[Scores], body: str) -> None:
    marker = hide_scores(history, 100_000)
    assert read_scores(f"{body.replace('<!--', '')}\n{marker}\n") == history
    assert "-->" not in marker[:-3]
    assert "\n" not in marker


@given(st.lists(scores, max_size=30), st.integers(0, 2_000))
def test_the_oldest_measurements_give_way_where_the_room_is_short(history: list[Scores], room: int) -> None:
    marker = hide_scores(history, room)
    assert len(marker) <= room
    kept = read_scores(marker)
    assert kept == history[len(history) - len(kept) :]


@given(st.recursive(st.none() | st.integers() | st.text() | numbers, lambda data: st.lists(data) | st.dictionaries(
    st.sampled_from(["key", "without", "value", "margin", "left"]), data)))  # fmt: skip
def test_a_marker_that_people_damaged_counts_as_none(data: object) -> None:
    assert read_scores(hide("scores", [data], 100_000)) == []
    assert read_scores("<!-- amts:scores bm90IGEgbWFya2Vy -->") == []


def test_numbers_that_are_none_are_not_read() -> None:
    broken = Scores(key="k", without=BleuFigure(float("inf"), None))
    assert read_scores(hide_scores([broken])) == []


@given(scores, st.lists(scores, max_size=4))
def test_any_measurement_that_can_be_read_can_be_shown(one: Scores, history: list[Scores]) -> None:
    text = scores_section(one, read_scores(hide_scores(history, 100_000)), 20_000)
    assert text.startswith("## How good the engine is\n\n")
