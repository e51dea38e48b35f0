"""The BLEU of a language's engine on held-out sentences, through the emulator of Amazon Translate."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from bot.book.edition import SyncOptions
from bot.book.project import load_project
from bot.book.state import FileStatus, TranslatedFile
from bot.emulator import FaultKind
from bot.evaluation import compare
from bot.forge.base import PullRequest, PullRequestState
from bot.model import Language
from bot.quality.measurement import score_language
from bot.quality.summary import Summary, file_contents, summarize_scores
from bot.report.scores import BleuFigure, Scores, hide_scores, read_scores, scores_section
from tests.support.amazon_run import StartWorld, World
from tests.support.cli_run import Book
from tests.support.editions import edition_of
from tests.support.emulator_fixture import BUCKET, ROLE
from tests.support.gitrepo import add_commits

AMAZON = {
    "kind": "amazon",
    "region": "us-east-1",
    "bucket": BUCKET,
    "role": ROLE,
    "poll_seconds": 0.001,
    "parallel_data_from": 0,
}
PAIRS = [
    ("Tea is a hot drink from China.", "茶是来自中国的热饮。"),
    ("The small boat carries stones and sand.", "这条小船运着石头和沙子。"),
    ("Nobody sees it in the morning fog.", "晨雾中没有人看见它。"),
    ("Every child learns to read at school.", "每个孩子都在学校学习阅读。"),
    ("Our neighbours planted seven apple trees.", "我们的邻居种了七棵苹果树。"),
    ("She repaired the old clock yesterday.", "她昨天修好了那座旧钟。"),
]
MORE = ("Rivers freeze during very cold winters.", "非常寒冷的冬天河流会结冰。")


def write(folder: Path, pairs: list[tuple[str, str]]) -> None:
    english = {f"part{n}.md": f"{source}\n" for n, (source, _) in enumerate(pairs)}
    chinese = {f"part{n}.md": f"{target}\n" for n, (_, target) in enumerate(pairs)}
    add_commits(folder / "en", {**english, "tea.md": None, "cups.md": None})
    origins = {f"part{n}_origin.md": f"{source}\n" for n, (source, _) in enumerate(pairs)}
    add_commits(folder / "zh", {**chinese, **origins})


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("bot.parallel_data.options.MIN_SCORE", 0.0)
    # No test asks for the p-value itself.
    monkeypatch.setattr("bot.evaluation.results.compare", partial(compare, trials=100))
    # Of so few sentences one in fifty would be none.
    monkeypatch.setattr("bot.parallel_data.options.HELD_OUT", 4)
    monkeypatch.setattr("bot.quality.measurement.MIN_SENTENCES", 1)
    book = Book(tmp_path, {"zh": {"readme.txt": "-"}})
    write(tmp_path, PAIRS)
    configure(book)
    return book


def configure(book: Book, kind: str = "amazon", **settings: object) -> None:
    book.configure({}, languages={"zh": {"repo": "zh", "engine": kind}}, engines={"amazon": {**AMAZON, **settings}})


def measure(book: Book, told: list[str] | None = None, **options: object) -> Scores:
    project = load_project(book.config)
    say = [] if told is None else told
    return score_language(edition_of(project), say.append, **options)  # type: ignore[arg-type]


def test_the_held_out_sentences_are_scored_without_and_with_parallel_data(book: Book, world: World) -> None:
    told: list[str] = []
    found = measure(book, told)
    assert not found.skipped
    assert 0 < found.sentences < len(PAIRS)
    assert 0 < found.pairs <= len(PAIRS) - found.sentences
    assert found.without is not None
    assert found.taught is not None
    assert found.p_value is not None
    assert "tok:zh" in found.signature
    assert found.level == "sentence"
    assert any("held-out sentences: " in line and "$" in line for line in told)
    assert list(world.state.parallel_data) == []


def test_the_figures_are_those_of_sacrebleus_own_command(book: Book, start_world: StartWorld, tmp_path: Path) -> None:
    memory = tmp_path / "drafts.csv"
    memory.write_text("en,zh\n" + "".join(f"{source},{target[:-1]}吧。\n" for source, target in PAIRS), "utf-8")
    start_world(memory=(memory,)).cloud.reset()
    found = measure(book)
    assert found.sentences > 1
    (folder,) = (tmp_path / "cache" / "amts" / "scores" / "zh").glob("*-texts")
    command = [sys.executable, "-m", "sacrebleu", "reference.txt", "--tokenize", "zh", "-f", "json"]
    for name, figure in (("without", found.without), ("sentence", found.taught)):
        ran = subprocess.run([*command, "-w", "6", "-i", f"{name}.txt"], cwd=folder, check=True, capture_output=True)
        told = json.loads(ran.stdout)
        assert figure is not None
        assert 10 < figure.value < 100
        assert figure.value == round(told["score"], 2)
        assert told["signature"] == found.signature.replace("bs:1000|seed:12345|", "")
    assert len((folder / "reference.txt").read_text("utf-8").splitlines()) == found.sentences


def test_a_second_measurement_of_the_same_asks_nothing_and_says_the_same(book: Book, world: World) -> None:
    first, billed, calls = measure(book), world.billed, world.state.count("StartTextTranslationJob")
    again = measure(book)
    assert (again.without, again.taught, again.key) == (first.without, first.taught, first.key)
    assert (world.billed, world.state.count("StartTextTranslationJob")) == (billed, calls)


def test_what_an_earlier_pull_request_tells_is_not_measured_again_on_another_machine(
    book: Book, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = measure(book)
    imports = world.state.count("CreateParallelData")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    assert measure(book, history=[first]) == first
    assert world.state.count("CreateParallelData") == imports


def test_a_new_pair_is_a_new_measurement_and_moved_pairs_are_none(book: Book, world: World) -> None:
    first, billed = measure(book), world.billed
    add_commits(book.folder / "zh", {"notes.txt": "nothing of the book"})
    assert measure(book).key == first.key
    assert world.billed == billed
    write(book.folder, [*PAIRS, MORE])
    assert measure(book).key != first.key
    assert world.billed > billed


def test_a_dry_run_quotes_and_asks_nothing(book: Book, world: World) -> None:
    found = measure(book, dry_run=True)
    assert found.skipped.startswith("a dry run spends nothing; measuring costs ")
    assert found.best is None
    assert world.billed == world.state.count("StartTextTranslationJob") == 0


def test_above_a_cap_nothing_is_asked_and_the_reason_is_told(book: Book, world: World) -> None:
    configure(book, max_dollars_per_run=0.0)
    told: list[str] = []
    found = measure(book, told)
    assert "max_dollars_per_run" in found.skipped
    assert "max_dollars_per_run" in told[-1]
    assert world.billed == world.state.count("StartTextTranslationJob") == 0


def test_a_service_that_fails_is_a_reason_and_no_score(book: Book, world: World) -> None:
    world.fail(FaultKind.ERROR, "StartTextTranslationJob", times=None)
    found = measure(book)
    assert found.skipped
    assert found.best is None


@pytest.mark.parametrize("settings", [{"parallel_data": "none"}, {"mode": "real-time"}])
def test_an_engine_that_learns_nothing_has_one_score(book: Book, world: World, settings: dict[str, str]) -> None:
    configure(book, "amazon", **settings)
    found = measure(book)
    assert found.without is not None
    assert (found.taught, found.p_value, found.pairs) == (None, None, 0)
    assert world.state.count("CreateParallelData") == 0


@pytest.mark.parametrize("engine", ["copy", "memory"])
def test_an_engine_that_does_not_translate_is_not_scored(book: Book, engine: str) -> None:
    configure(book, engine)
    assert engine in measure(book).skipped


def test_a_book_without_held_out_sentences_says_so(
    book: Book,
    world: World,  # noqa: ARG001 - where the engine is found
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.parallel_data.options.HELD_OUT", 0)
    assert "it is too early, with no sentence that people translated" in measure(book).skipped


def test_too_few_sentences_are_too_early_and_cost_nothing(
    book: Book, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.quality.measurement.MIN_SENTENCES", 100)
    found = measure(book)
    assert re.match(r"it is too early, with \d sentences? that people translated", found.skipped)
    assert "takes at least 100, of a book of about 1,000" in found.skipped
    assert world.billed == 0
    text = scores_section(found, [], 8_000)
    assert text.startswith("## How good the engine is\n\nNot measured: it is too early, with ")


def test_below_the_floor_of_parallel_data_only_what_is_used_is_measured(book: Book, world: World) -> None:
    configure(book, parallel_data_from=200)
    found = measure(book)
    assert (found.taught, found.pairs) == (None, 0)
    assert found.without is not None
    assert world.state.count("CreateParallelData") == 0


def test_what_the_run_spent_before_counts_towards_its_cap(book: Book, world: World) -> None:
    configure(book, max_dollars_per_run=1.0)
    assert "spent in this run more than the cap of $1.00" in measure(book, spent=Decimal("0.99999")).skipped
    assert world.billed == 0
    assert not measure(book, spent=Decimal("0.5")).skipped


def test_nothing_is_told_of_an_engine_that_translates_nothing_nor_where_people_want_no_figure(
    book: Book,
    world: World,  # noqa: ARG001 - where the engine is found
) -> None:
    file = TranslatedFile("tea.md", "tea.md", FileStatus.STALE, "tea.md", None)

    def told(**settings: object) -> str:
        book.configure({}, languages={"zh": {"repo": "zh", **settings}}, engines={"amazon": AMAZON})
        contents = {file: "茶很热。\n".encode()}
        return summarize_scores(edition_of(load_project(book.config)), None, contents, SyncOptions()).section

    assert told(engine="memory") == told(engine="copy") == told(engine="amazon", measure=False) == ""
    assert "**BLEU " in told(engine="amazon")
    assert "translates nothing by itself" in told(engine="memory", measure=True)


def test_what_a_file_holds_is_counted() -> None:
    english = Language("en", "English")
    text = b"# Tea\n\nIt is $x$ hot. It is `new`.\n\n$$y$$\n\n```\nboil()\n```\n"
    counts = file_contents({"tea.md": text, "gone.md": None, "bad.md": b"\xff\xfe\x00"}, english)
    assert list(counts) == ["tea.md"]
    assert {name: count for name, count in counts["tea.md"].items() if count} == {
        "sentences of text": 2,
        "headings": 1,
        "formulas": 1,
        "code blocks": 1,
        "formulas in text": 1,
        "code in text": 1,
    }


def test_the_trend_goes_on_from_what_the_open_pull_request_carries_along(book: Book, world: World) -> None:
    project = load_project(book.config)
    edition = edition_of(project)
    earlier = Scores(
        "key", "0123456789abcdef", "amazon", 100, BleuFigure(40.0, 2.0), BleuFigure(42.0, 2.0), 900, "sentence"
    )
    body = f"Words.\n\n{hide_scores([earlier])}\n"
    pull = PullRequest("zh", 1, PullRequestState.OPEN, "amts/zh", "main", "", "", "", body)
    file = TranslatedFile("tea.md", "tea.md", FileStatus.STALE, "tea.md", None)

    def summarize(pull: PullRequest | None) -> Summary:
        return summarize_scores(edition, pull, {file: "茶很热。\n".encode()}, SyncOptions())

    first = summarize(pull)
    assert "### Since earlier pull requests" in first.section
    assert "`tea.md` | 1 |" in first.section
    assert [one.key == "key" for one in read_scores(first.marker)] == [True, False]
    billed = world.billed
    again = summarize(replace(pull, body=first.marker))
    assert (again, world.billed) == (first, billed)
    assert "Since earlier" not in summarize(None).section
