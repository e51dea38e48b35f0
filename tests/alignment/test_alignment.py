"""What an alignment promises whatever the documents, and cases that a person can check by eye."""

from __future__ import annotations

import importlib.util
import json
import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alignment import align
from bot.book.package_data import known_language
from bot.documents import parse
from bot.model import Bead, Direction, Document, Kind, Language
from tests.support.gitrepo import git
from tests.support.shared_data import shared_path

EN = Language("en", "English")
VI = Language("vi", "Vietnamese", length_ratio=1.0, splitter="vi")
ES = Language("es", "Spanish", length_ratio=1.12, splitter="es")
ZH = Language("zh", "Chinese", joiner="", enders="。？！", length_ratio=0.37, splitter="zh")

_BLOCKS = st.sampled_from(
    [
        "# One heading",
        "## Another\n:label:`sec_b`",
        "A sentence. And one more, with $x^2$ in it.",
        "Only one sentence here.",
        "Una frase. Otra con $x^2$ dentro.",
        "这里有一句话。这里还有一句。",
        "* a point\n* another point",
        "```{.python .input}\n#@tab pytorch\nprint(1)\n```",
        "```{.python .input}\n#@tab paddle\nprint(2)\n```",
        "```{.python .input}\nx = 1  # set it\n```",
        "$$y = w x$$\n:eqlabel:`eq_y`",
        "![A picture](../img/a.svg)\n:label:`fig_a`",
        ":begin_tab:`mxnet`\nFirst. Second.\n:end_tab:",
        "|a|b|\n|-|-|\n|1|2|",
        "<div>raw</div>",
        "---",
    ]
)
_TEXTS = st.lists(_BLOCKS, max_size=14).map("\n\n".join)


def aligned(source: str, target: str, language: Language) -> tuple[list[tuple[str, str]], tuple[Bead, ...]]:
    """The texts that each bead joins, and the beads."""
    left, right = parse(source, EN), parse(target, language)
    beads = align(left, right, Direction(EN, language))
    return [(_joined(left, bead.source), _joined(right, bead.target)) for bead in beads], beads


def _joined(document: Document, indices: tuple[int, ...]) -> str:
    return " | ".join(document.segments[i].text for i in indices)


@settings(max_examples=60, deadline=None)
@given(_TEXTS, _TEXTS, st.sampled_from([VI, ZH]))
def test_every_segment_is_in_exactly_one_bead_of_one_kind(source: str, target: str, language: Language) -> None:
    left, right = parse(source, EN), parse(target, language)
    beads = align(left, right, Direction(EN, language))
    assert sorted(i for bead in beads for i in bead.source) == list(range(len(left.segments)))
    assert sorted(j for bead in beads for j in bead.target) == list(range(len(right.segments)))
    for bead in beads:
        joined = [left.segments[i] for i in bead.source] + [right.segments[j] for j in bead.target]
        assert len({segment.kind for segment in joined}) == 1
        assert joined[0].is_prose or (len(bead.source) <= 1 and len(bead.target) <= 1)
        assert 0.0 <= bead.score <= 1.0


@settings(max_examples=40, deadline=None)
@given(_TEXTS, _TEXTS)
def test_beads_are_in_source_order_and_target_only_ones_follow_what_precedes_them(source: str, target: str) -> None:
    left, right = parse(source, EN), parse(target, VI)
    beads = align(left, right, Direction(EN, VI))
    assert [i for bead in beads for i in bead.source] == list(range(len(left.segments)))
    for before, bead in zip([None, *beads], beads, strict=False):
        if not bead.source and bead.target[0] > 0:
            assert before is not None
            assert before.target[-1] == bead.target[0] - 1


@settings(max_examples=40, deadline=None)
@given(_TEXTS)
def test_a_document_is_aligned_with_itself_segment_by_segment(text: str) -> None:
    document = parse(text, EN)
    assert align(document, document, Direction(EN, EN)) == tuple(
        Bead((k,), (k,), 1.0) for k in range(len(document.segments))
    )


@settings(max_examples=20, deadline=None)
@given(_TEXTS, _TEXTS)
def test_the_same_documents_give_the_same_beads(source: str, target: str) -> None:
    left, right = parse(source, EN), parse(target, ZH)
    assert align(left, right, Direction(EN, ZH)) == align(left, right, Direction(EN, ZH))


def test_two_sentences_that_the_translator_joined_are_one_bead() -> None:
    source = (
        "# Cars\n\nWe bought a car. It was cheap, since it was old and had no windows.\n\n"
        "The engine broke after 3 days in the hills of the north.\n"
    )
    target = (
        "# Coches\n\nCompramos un coche que era barato, ya que era viejo y no tenía ventanas.\n\n"
        "El motor se rompió después de 3 días en las colinas del norte.\n"
    )
    assert aligned(source, target, ES)[0][1] == (
        "We bought a car. | It was cheap, since it was old and had no windows.",
        "Compramos un coche que era barato, ya que era viejo y no tenía ventanas.",
    )


def test_a_sentence_that_the_translator_split_is_one_bead() -> None:
    source = "The value $x$ of the function grows with every step, while its slope $y$ falls towards zero.\n"
    target = "函数的值$x$随着每一步增长。而它的斜率$y$则趋向于零。\n"
    assert aligned(source, target, ZH)[0] == [
        (source.strip(), "函数的值$x$随着每一步增长。 | 而它的斜率$y$则趋向于零。"),
    ]


def test_a_paragraph_that_the_translator_left_out_stands_alone() -> None:
    source = (
        "We start with `load_data`, which reads the file.\n\n"
        "This paragraph is about something that nobody outside the country knows.\n\n"
        "Then `train` fits the model in 10 epochs.\n"
    )
    target = "Empezamos con `load_data`, que lee el archivo.\n\nLuego `train` ajusta el modelo en 10 épocas.\n"
    assert [bead[1] for bead in aligned(source, target, ES)[0]] == [
        "Empezamos con `load_data`, que lee el archivo.",
        "",
        "Luego `train` ajusta el modelo en 10 épocas.",
    ]


def test_the_cell_of_an_added_framework_is_linked_to_no_other_cell() -> None:
    source = (
        "Load it.\n\n```{.python .input}\n#@tab pytorch\nnet = nn.Linear(2, 1)  # the model\nnet(x)\n```\n\n"
        "```{.python .input}\n#@tab tensorflow\nnet = tf.keras.Dense(1)\nnet(x)\n```\n\nRun it.\n"
    )
    paddle = "```{.python .input}\n#@tab paddle\nnet = nn.Linear(2, 1)  # 模型\nnet(x)\n```"
    target = (
        source.replace("the model", "模型")
        .replace("Load it.", "加载。")
        .replace("\n\nRun it.", f"\n\n{paddle}\n\n运行。")
    )
    pairs, beads = aligned(source, target, ZH)
    assert [len(bead.source) for bead in beads] == [1, 1, 1, 0, 1]
    assert pairs[3] == ("", paddle)
    assert "#@tab pytorch" in pairs[1][1]
    assert "#@tab tensorflow" in pairs[2][1]


def test_cells_of_different_frameworks_are_never_linked_even_where_nothing_else_is_left() -> None:
    source = "```{.python .input}\n#@tab pytorch\nprint(x)\n```\n"
    _, beads = aligned(source, source.replace("pytorch", "paddle"), ZH)
    assert {(bead.source, bead.target) for bead in beads} == {((0,), ()), ((), (0,))}


@pytest.mark.parametrize("order", [("paddle", "mxnet", "pytorch"), ("mxnet", "pytorch", "paddle")])
def test_a_tab_and_its_text_are_linked_to_the_tab_of_the_same_name(order: tuple[str, ...]) -> None:
    tab = ":begin_tab:`{0}`\n[Discussions](https://example.org/{1}/{0})\n:end_tab:\n"
    source = "Done.\n\n" + "\n".join(tab.format(name, "en") for name in ("mxnet", "pytorch"))
    target = "完成。\n\n" + "\n".join(tab.format(name, "zh") for name in order)
    left, right = parse(source, EN), parse(target, ZH)
    paddle = 1 + 3 * order.index("paddle")
    alone = [bead.target[0] for bead in align(left, right, Direction(EN, ZH)) if not bead.source]
    assert alone == [paddle, paddle + 1, paddle + 2]


def test_a_picture_that_was_moved_is_linked_across_the_text_between() -> None:
    picture = "![{}](../img/very-special-plot.svg)\n:label:`fig_special_plot`\n\n"
    words = ["Alpha `a1`", "Beta `b2`", "Gamma `c3`", "Delta `d4`", "Epsilon `e5`", "Zeta `f6`"]
    text = "".join(f"{word} explains what the value of {word.split()[1]} means.\n\n" for word in words)
    pairs, beads = aligned(picture.format("A plot") + text, text + picture.format("A plot"), ES)
    image = next(bead for bead, pair in zip(beads, pairs, strict=True) if "very-special" in pair[0])
    assert image.target
    assert image.target[0] > 6


def test_a_heading_is_never_linked_to_a_paragraph() -> None:
    _, beads = aligned("# The same words\n", "The same words\n", ES)
    assert {(bead.source, bead.target) for bead in beads} == {((0,), ()), ((), (0,))}


@pytest.mark.parametrize(("source", "target"), [("", ""), ("", "Eine Zeile.\n"), ("A line.\n", "")])
def test_empty_documents_are_aligned(source: str, target: str) -> None:
    pairs, _ = aligned(source, target, VI)
    assert pairs == [(source.strip(), target.strip())] * bool(source or target)


def test_documents_that_share_nothing_give_no_confident_links() -> None:
    rng = random.Random(7)
    words = [["lorem", "ipsum", "dolor", "sit", "amet", "elit"], ["mot", "hai", "ba", "bon", "nam", "sau"]]
    texts = [
        "\n\n".join(" ".join(rng.choices(vocabulary, k=rng.randrange(3, 60))).capitalize() + "." for _ in range(40))
        for vocabulary in words
    ]
    _, beads = aligned(texts[0], texts[1], VI)
    assert sum(bead.score >= 0.9 for bead in beads if bead.source and bead.target) <= 4


def test_a_long_document_without_any_anchor_is_aligned() -> None:
    rng = random.Random(1)
    lengths = [rng.randrange(20, 200) for _ in range(3000)]
    source = "\n\n".join("word " * (n // 5) + "end." for n in lengths)
    target = "\n\n".join("chữ tự " * (n // 7) + "hết." for k, n in enumerate(lengths) if k != 1500)
    _, beads = aligned(source, target, VI)
    assert (
        sum(len(bead.source) == len(bead.target) == 1 and abs(bead.source[0] - bead.target[0]) < 2 for bead in beads)
        > 2900
    )


GOLD = [
    ("vi", "attention-mechanisms__attention", 0.96),
    ("vi-drift", "convolutional-modern__vgg", 0.95),
    ("zh", "computational-performance__async-computation", 0.93),
]


def _scorer(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("align_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "stem", "floor"), GOLD)
def test_links_of_people_are_found(name: str, stem: str, floor: float) -> None:
    folder = shared_path() / "gold"
    gold = json.loads((folder / name / f"{stem}.gold.json").read_text(encoding="utf-8"))
    language = {"vi": VI, "zh": ZH}[gold["lang"]]
    left = parse((folder / name / f"{stem}.en.md").read_text(encoding="utf-8"), EN)
    right = parse((folder / name / f"{stem}.xx.md").read_text(encoding="utf-8"), language)
    found = [
        {
            "source": [(left.segments[i].start, left.segments[i].end) for i in bead.source],
            "target": [(right.segments[j].start, right.segments[j].end) for j in bead.target],
        }
        for bead in align(left, right, Direction(EN, language))
        if all(left.segments[i].is_prose for i in bead.source) and all(right.segments[j].is_prose for j in bead.target)
    ]
    want, have, exact, _, _ = _scorer(str(folder / "align_score.py")).score(gold, found)
    assert 2 * exact / (want + have) >= floor
    assert {left.segments[0].kind, right.segments[0].kind} == {Kind.HEADING}


def test_a_neighbour_of_a_moved_sentence_is_linked_only_if_the_link_is_likelier_than_not(
    real_book: Callable[[str], Path],
) -> None:
    """In this chapter, which the translators rewrote in part, a looser limit links more pairs."""
    direction = Direction(known_language("en"), known_language("zh"))
    names = ("index_origin.md", "index.md")
    texts = (git(real_book("zh"), "show", f"main:chapter_installation/{name}") for name in names)
    source, target = (parse(text, language) for text, language in zip(texts, direction, strict=True))
    beads = align(source, target, direction)
    assert sum(bool(bead.source and bead.target) for bead in beads) == 60
