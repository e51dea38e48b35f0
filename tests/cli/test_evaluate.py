"""`amts evaluate`: what is asked, taught, paid, kept and shown."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.config.schema import built_in_engine
from bot.emulator import FaultKind
from bot.engines import BUILT_IN, ENGINES
from tests.support.amazon_run import World, make_world
from tests.support.cli_run import Book, Cli, Ran
from tests.support.emulator_fixture import BUCKET, ROLE, Cloud
from tests.support.gitrepo import add_commits

pytestmark = pytest.mark.sweep

# The entry `amazon` of the configuration, then the engines that need no settings.
KNOWN_ENGINES = ", ".join(["amazon", *(kind for kind in BUILT_IN if built_in_engine(kind, ENGINES))])
AMAZON = {
    "kind": "amazon",
    "region": "us-east-1",
    "bucket": BUCKET,
    "role": ROLE,
    "poll_seconds": 0.001,
    "parallel_data_from": 0,
}
# Sentences of three articles and what people made of them. One of the last article is near one of the first.
ARTICLES = {
    "tea.md": [
        ("Tea is a hot drink from China.", "茶是来自中国的热饮。"),
        ("Pour the water slowly over the leaves.", "将水慢慢倒在茶叶上。"),
    ],
    "boat.md": [
        ("The small boat carries stones and sand.", "这条小船运着石头和沙子。"),
        ("Nobody sees it in the morning fog.", "晨雾中没有人看见它。"),
    ],
    "school.md": [
        ("Every child learns to read at school.", "每个孩子都在学校学习阅读。"),
        ("Tea is a cold drink from China.", "茶是来自中国的冷饮。"),
    ],
}


def files() -> tuple[dict[str, str], dict[str, str]]:
    """The English repository and the Chinese one: each article one paragraph."""
    english = {path: " ".join(source for source, _ in pairs) + "\n" for path, pairs in ARTICLES.items()}
    chinese = {path: "".join(target for _, target in pairs) + "\n" for path, pairs in ARTICLES.items()}
    return english, chinese | {path.replace(".md", "_origin.md"): text for path, text in english.items()}


@pytest.fixture
def amts(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command, to which a handful of pairs is enough."""
    monkeypatch.setattr("bot.parallel_data.options.MIN_SCORE", 0.0)
    return cli


@pytest.fixture
def book(tmp_path: Path) -> Book:
    english, chinese = files()
    book = Book(tmp_path, {"zh": chinese})
    add_commits(tmp_path / "en", {**english, "cups.md": None})
    book.configure({}, languages={"zh": {"repo": "zh", "engine": "amazon"}}, engines={"amazon": AMAZON})
    return book


def evaluate(amts: Cli, book: Book, *arguments: str) -> Ran:
    return amts("evaluate", "--config", book.config, "--output", book.folder / "out", *arguments)


def page(book: Book) -> str:
    return (book.folder / "out" / "zh.md").read_text("utf-8")


def data(book: Book) -> Any:
    return json.loads((book.folder / "out" / "zh.json").read_text("utf-8"))


def lines(book: Book, path: str) -> list[str]:
    return (book.folder / "out" / "zh-texts" / path).read_text("utf-8").splitlines()


def test_an_engine_of_memory_finds_nothing_once_the_articles_are_left_out(amts: Cli, book: Book) -> None:
    ran = evaluate(amts, book, "--engine", "memory", "--path", "tea.md", "--direction", "from-source")
    assert (ran.code, ran.err) == (0, "")
    assert "tea.md, en → zh: 3 sentence pairs taught; 2 of its own and 1 near one of its sentences left out" in ran.out
    assert "to translate: nothing that costs" in ran.out
    (result,) = data(book)["results"]
    assert result["corpus"]["not_translated"] == {"without": 2, "paragraph": 2, "sentence": 2}
    assert lines(book, "en-zh/sentence/tea/without.txt") == [source for source, _ in ARTICLES["tea.md"]]
    assert lines(book, "en-zh/sentence/tea/reference.txt") == [target for _, target in ARTICLES["tea.md"]]


def test_what_costs_is_only_quoted_without_yes(amts: Cli, book: Book, world: World) -> None:
    ran = evaluate(amts, book)
    assert ran.code == 0
    assert "18 runs" in ran.out
    assert "nothing was asked; --yes spends this" in ran.out
    english = sum(len(source) for pairs in ARTICLES.values() for source, _ in pairs)
    chinese = sum(len(target) for pairs in ARTICLES.values() for _, target in pairs)
    quoted = evaluate(amts, book, "--json").json()["languages"]["zh"]["quote"]  # type: ignore[index]
    assert quoted["characters"] == 3 * (english + chinese)
    assert float(quoted["dollars"]) == pytest.approx((english + chinese) * (15 + 60 + 60) / 1e6)
    assert world.state.count("StartTextTranslationJob") == world.state.count("CreateParallelData") == 0
    assert world.stored() == []
    assert not (book.folder / "out").exists()


def test_with_yes_every_cell_is_translated_and_no_parallel_data_remains(amts: Cli, book: Book, world: World) -> None:
    quoted = evaluate(amts, book, "--json").json()["languages"]["zh"]["quote"]  # type: ignore[index]
    ran = evaluate(amts, book, "--yes", "--unit", "sentence")
    assert (ran.code, ran.err) == (0, "")
    assert world.billed == quoted["characters"]
    assert len(data(book)["leak_checks"]) == 2 * 2 * 3
    # Without tea.md the paragraph pairs are those without school.md, for each is near the other.
    assert world.state.count("CreateParallelData") == world.state.count("DeleteParallelData") == 2 * (2 * 3 - 1)
    assert list(world.state.parallel_data) == []
    assert f"- Engine: amazon (emulator at {world.cloud.emulator.endpoint_url.removeprefix('http://')})" in page(book)
    assert "this says nothing about the quality of any translation" in page(book)
    directions = [(one["direction"], one["unit"]) for one in data(book)["results"]]
    assert directions == [("en → zh", "sentence"), ("zh → en", "sentence")]
    rows = [line.split(" | ")[0] for line in page(book).splitlines() if re.match(r"\| (tea|boat|school)\.md ", line)]
    assert rows == ["| boat.md", "| school.md", "| tea.md"]
    ElementTree.parse(book.folder / "out" / "zh.svg")


def test_a_second_run_asks_and_costs_nothing_and_says_the_same(amts: Cli, book: Book, world: World) -> None:
    options = ["--yes", "--path", "tea.md", "--direction", "from-source"]
    assert evaluate(amts, book, *options).code == 0
    first, billed = page(book), world.billed
    again = evaluate(amts, book, *options[1:])
    assert "3 runs (article, direction, unit, what was taught), 3 of them answered" in again.out
    assert "written" in again.out
    assert (page(book), world.billed) == (first, billed)
    assert world.state.count("CreateParallelData") == 2


def test_a_run_that_failed_goes_on_where_it_stopped_and_pays_nothing_twice(amts: Cli, book: Book, world: World) -> None:
    options = ["--yes", "--path", "tea.md", "--direction", "from-source"]
    world.fail(FaultKind.ERROR, "DeleteParallelData", times=None)
    failed = evaluate(amts, book, *options)
    assert failed.code == 8
    assert len(list((book.folder / "out" / "zh-answers").iterdir())) == 1
    billed = world.billed
    world.cloud.emulator.clear_faults()
    done = evaluate(amts, book, *options)
    assert (done.code, done.err) == (0, "")
    assert list(world.state.parallel_data) == []
    characters = sum(len(source) for source, _ in ARTICLES["tea.md"])
    assert (billed, world.billed) == (2 * characters, 3 * characters)


def test_what_an_evaluation_spends_counts_against_the_caps_of_the_language(amts: Cli, book: Book, world: World) -> None:
    assert evaluate(amts, book, "--yes", "--path", "tea.md", "--direction", "from-source").code == 0
    assert len(world.cloud.keys("amts/ledger/amts-zh/")) == 3
    book.configure(
        {},
        languages={"zh": {"repo": "zh", "engine": "amazon"}},
        engines={"amazon": {**AMAZON, "max_dollars_per_run": 0.006}},
    )
    started = world.state.count("StartTextTranslationJob")
    refused = evaluate(amts, book, "--yes", "--path", "boat.md", "--direction", "from-source")
    assert refused.code == 8
    assert "would cost $0.0099" in refused.err  # of which no part alone costs more than the cap
    assert "max_dollars_per_run" in refused.err
    assert world.state.count("StartTextTranslationJob") == started


def test_parallel_data_makes_a_difference_where_the_service_applies_it(
    amts: Cli, book: Book, monkeypatch: pytest.MonkeyPatch, start_cloud: Callable[..., Cloud]
) -> None:
    """The emulator applies parallel data to sentences that are 85% like one of it; so that one is left in here, what is
    near an examined sentence begins at 97%."""
    monkeypatch.setattr("bot.quality.training_sets.find_leaks", _lenient)
    make_world(start_cloud(), monkeypatch)
    assert evaluate(amts, book, "--yes", "--path", "tea.md", "--direction", "from-source").code == 0
    (result,) = data(book)["results"]
    bleu = {variant: scores["BLEU"]["value"] for variant, scores in result["corpus"]["scores"].items()}
    assert bleu["sentence"] > bleu["without"]


def _lenient(taught: Any, examined: Any) -> Any:
    from bot.evaluation.leaks import Leaks, find_leaks

    found = find_leaks(taught, examined, 0.97).found
    return Leaks(tuple(one if one and one.similarity >= 0.97 else None for one in found), 0.96)


def test_articles_left_out_together_need_one_resource_for_each_level(amts: Cli, book: Book, world: World) -> None:
    options = ["--yes", "--together", "--path", "tea.md", "--path", "boat.md", "--direction", "from-source"]
    ran = evaluate(amts, book, *options, "--pairs", "sentence")
    assert ran.code == 0
    assert "2 articles, en → zh: 1 sentence pairs taught; 4 of its own and 1 near" in ran.out
    assert world.state.count("CreateParallelData") == 1
    nothing = evaluate(amts, book, *options)
    assert nothing.code == 4
    assert "no paragraph pairs are left to teach" in nothing.err


@pytest.mark.parametrize("settings", [{"parallel_data": "none"}, {"mode": "real-time"}])
def test_an_engine_that_learns_from_no_pairs_is_measured_without(
    amts: Cli, book: Book, world: World, settings: dict[str, str]
) -> None:
    book.configure({}, languages={"zh": {"repo": "zh", "engine": "amazon"}}, engines={"amazon": {**AMAZON, **settings}})
    ran = evaluate(amts, book, "--yes", "--direction", "from-source")
    assert (ran.code, ran.err) == (0, "")
    assert "3 runs (article, direction, unit, what was taught)" in ran.out
    assert "learn from no pairs" in ran.out
    (result,) = data(book)["results"]
    assert list(result["corpus"]["scores"]) == ["without"]
    assert world.state.count("CreateParallelData") == 0
    assert "| tea.md" in page(book)
    ElementTree.parse(book.folder / "out" / "zh.svg")
    if "mode" not in settings:
        taught = evaluate(amts, book, "--direction", "from-source", "--pairs", "sentence")
        assert (taught.code, taught.err) == (0, "")
        assert "6 runs" in taught.out


def test_a_leak_stops_everything_before_anything_is_asked(
    amts: Cli, book: Book, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.quality.training_sets._without_near", lambda units, *_: list(units))
    ran = evaluate(amts, book, "--yes")
    assert ran.code == 7
    assert "“Tea is a hot drink from China.” is near “Tea is a cold drink from China.”" in ran.err
    assert world.state.count("StartTextTranslationJob") == 0


def test_the_exported_texts_score_the_same_by_sacrebleus_command(
    amts: Cli, book: Book, monkeypatch: pytest.MonkeyPatch, start_cloud: Callable[..., Cloud]
) -> None:
    drafts = [(source, f"{target[:-3]}吧。") for pairs in ARTICLES.values() for source, target in pairs]
    memory = book.folder / "drafts.csv"
    memory.write_text("".join(f"{one},{two}\n" for one, two in [("en", "zh"), *drafts]), "utf-8")
    make_world(start_cloud(memory=(memory,)), monkeypatch)
    assert evaluate(amts, book, "--yes", "--direction", "from-source", "--pairs", "sentence").code == 0
    folder = book.folder / "out" / "zh-texts" / "en-zh" / "sentence" / "all"
    command = [sys.executable, "-m", "sacrebleu", "reference.txt", "-i", "without.txt", "--tokenize", "zh", "-w", "6"]
    told = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout)
    ours = data(book)["results"][0]["corpus"]["scores"]["without"]["BLEU"]
    assert told["score"] == round(ours["value"], 6)
    assert 0 < ours["value"] < 100
    assert len(lines(book, "en-zh/sentence/all/without.txt")) == 6


def test_paragraphs_are_scored_by_paragraph(amts: Cli, book: Book) -> None:
    ran = evaluate(amts, book, "--engine", "copy", "--unit", "paragraph", "--unit", "sentence", "--json")
    results: Any = ran.json()["languages"]["zh"]["results"]  # type: ignore[index]
    assert [(one["direction"], one["unit"], one["corpus"]["sentences"]) for one in results] == [
        ("en → zh", "paragraph", 3),
        ("en → zh", "sentence", 6),
        ("zh → en", "paragraph", 3),
        ("zh → en", "sentence", 6),
    ]


def test_a_segment_without_a_usable_translation_is_left_out_and_counted(amts: Cli, book: Book) -> None:
    add_commits(book.folder / "en", {"tea.md": "Tea is hot.\n\nAMTS v2\n"})
    add_commits(book.folder / "zh", {"tea.md": "茶很热。\n\nAMTS v2\n", "tea_origin.md": "Tea is hot.\n\nAMTS v2\n"})
    ran = evaluate(amts, book, "--engine", "copy", "--path", "tea.md", "--direction", "from-source")
    assert "By sentence: 1 segment of 1 article; left out without a usable reference: 1 identical." in ran.out
    assert lines(book, "en-zh/sentence/tea/reference.txt") == ["茶很热。"]


def test_every_choice_for_placeables_is_shown_with_its_score(amts: Cli, book: Book) -> None:
    assert evaluate(amts, book, "--engine", "copy", "--placeables", "source", "--path", "tea.md").code == 0
    assert "The Markdown source of both sides is compared" in page(book)
    assert "| direction | unit | variant | tokens | text | source |" in page(book)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--path", "nothing.md"], 2, 'no translated file matches "nothing.md"'),
        (["--engine", "another"], 2, f'there is no engine "another"; there are {KNOWN_ENGINES}'),
        (["--language", "tr"], 2, 'language "tr" is not in the configuration'),
    ],
)
def test_what_does_not_exist_is_named(
    amts: Cli, book: Book, world: World, arguments: list[str], code: int, said: str
) -> None:
    assert world.billed == 0
    ran = evaluate(amts, book, *arguments)
    assert ran.code == code
    assert said in ran.err


def test_a_damaged_answer_is_not_paid_for_again_without_a_word(amts: Cli, book: Book) -> None:
    options: list[str] = ["--engine", "copy", "--path", "tea.md"]
    assert evaluate(amts, book, *options).code == 0
    stored = next((book.folder / "out" / "zh-answers").iterdir())
    stored.write_text("{", "utf-8")
    ran = evaluate(amts, book, *options)
    assert ran.code == 4
    assert "is damaged; delete it" in ran.err


def test_without_the_tokenizer_of_the_language_nothing_is_asked(
    amts: Cli, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.configure({}, languages={"ja": {"repo": "zh", "engine": "memory"}}, engines={})
    monkeypatch.setattr("bot.evaluation.scores.find_spec", lambda _: None)
    ran = evaluate(amts, book)
    assert ran.code == 3
    assert 'pip install "sacrebleu[ja]"' in ran.err
