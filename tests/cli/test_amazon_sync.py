"""`amts sync` through Amazon Translate against the emulator: what it costs, what goes wrong, what is left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.emulator import FaultKind
from tests.support.amazon_run import World
from tests.support.cli_run import BOOK_ZH, CHINESE, ENGLISH, WAIT, Book, Cli, Ran, fingerprint
from tests.support.emulator_fixture import BUCKET, ROLE
from tests.support.gitrepo import add_commits, git

AMAZON = {
    "kind": "amazon",
    "region": "us-east-1",
    "bucket": BUCKET,
    "role": ROLE,
    "poll_seconds": 0.001,
    "parallel_data_from": 0,
}
MATHS = "The sum is $x + y$ for now.\n"


@pytest.fixture
def amts(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command, to which a handful of pairs is enough."""
    monkeypatch.setattr("bot.parallel_data.options.MIN_SCORE", 0.0)
    monkeypatch.setattr("bot.parallel_data.options.HELD_OUT", 0)
    return cli


def make_book(folder: Path, *languages: str, **settings: object) -> Book:
    book = Book(folder, dict.fromkeys(languages, BOOK_ZH))
    entries = {name: {"repo": name, "engine": "translate", "language": "zh"} for name in languages}
    book.configure({}, languages=entries, engines={"translate": {**AMAZON, **settings}})
    book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MATHS})
    return book


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return make_book(tmp_path, "zh")


def sync(amts: Cli, book: Book, *arguments: str) -> Ran:
    return amts("sync", "--config", book.config, "--json", *arguments)


def reports(ran: Ran) -> list[dict[str, Any]]:
    assert ran.code == 0, ran.err
    languages = ran.json()["languages"]
    assert isinstance(languages, list)
    return languages


def test_new_sentences_are_translated_and_everything_else_stays(amts: Cli, book: Book, world: World) -> None:
    (report,) = reports(sync(amts, book))
    assert report["outcome"] == "created"
    text = book.text("tea.md")
    assert text.startswith(CHINESE + "\n⟦")
    assert "$x + y$" in text
    assert report["quote"]["characters"] == world.billed == len((WAIT + MATHS).replace("\n", ""))
    assert f"billed as `{world.billed} characters" in book.body()
    assert "(emulator at 127.0.0.1" in book.body()


def test_a_dry_run_quotes_and_spends_nothing(amts: Cli, book: Book, world: World) -> None:
    before = fingerprint(book.folder / "zh")
    (report,) = reports(sync(amts, book, "--dry-run"))
    assert report["quote"]["characters"] == len((WAIT + MATHS).replace("\n", ""))
    assert report["quote"]["basis"] == "$60 per million, prices of 2026-11"  # that of a run, which teaches first
    assert fingerprint(book.folder / "zh") == before
    assert world.stored() == []
    assert world.billed == 0
    assert not world.state.jobs
    assert not world.state.parallel_data


def test_a_second_sync_asks_and_pays_nothing(amts: Cli, book: Book, world: World) -> None:
    reports(sync(amts, book))
    tip, billed, kept = book.tip(), world.billed, world.stored()
    (report,) = reports(sync(amts, book))
    assert (report["outcome"], book.tip(), world.billed, world.stored()) == ("unchanged", tip, billed, kept)


def test_what_was_paid_for_is_not_paid_again_after_the_pull_request_is_lost(
    amts: Cli, book: Book, world: World
) -> None:
    reports(sync(amts, book))
    text, billed = book.text("tea.md"), world.billed
    book.configure(
        {},
        languages={"zh": {"repo": "zh", "engine": "translate"}},
        engines={"translate": AMAZON},
        forge={"kind": "local", "folder": "elsewhere"},
    )
    add_commits(book.folder / "zh", {"other.txt": "x"})

    git(book.folder / "zh", "update-ref", "-d", "refs/heads/amts/zh")
    (report,) = reports(sync(amts, book))
    assert report["outcome"] == "created"
    assert (book.text("tea.md"), world.billed, report["quote"]["characters"]) == (text, billed, billed)


def test_the_books_own_pairs_teach_the_service_and_only_when_they_changed(amts: Cli, book: Book, world: World) -> None:
    reports(sync(amts, book))
    assert world.state.count("CreateParallelData") == 1
    assert [job.parallel_data for job in world.state.jobs] == ["amts-zh"]
    book.english({"cups.md": "# Cups\n\nA cup holds the hot tea.\n\nDo not drop it.\n"})
    reports(sync(amts, book))
    assert world.state.count("UpdateParallelData") == 0
    add_commits(book.folder / "zh", {"cups.md": "# 杯子\n\n杯子里盛着热茶。\n"})
    book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MATHS + "\nEnjoy it.\n"})
    reports(sync(amts, book))
    assert world.state.count("UpdateParallelData") == 1
    assert "杯子里盛着热茶。" in book.text("cups.md")


def test_without_waiting_the_job_is_started_and_a_later_run_collects_it(
    amts: Cli, tmp_path: Path, world: World
) -> None:
    book = make_book(tmp_path, "zh")
    world.fail(FaultKind.SLOW_JOB, seconds=3600)
    ran = sync(amts, book, "--no-wait")
    assert ran.code == 10
    assert "zh: Amazon Translate is not done with " in ran.err
    assert "run again later" in ran.err
    assert book.tip() == ""
    assert len(world.state.jobs) == 1


def test_the_jobs_of_all_languages_run_at_the_same_time(amts: Cli, tmp_path: Path, world: World) -> None:
    book = make_book(tmp_path, "zh", "zh2", max_poll_seconds=0.001)
    world.fail(FaultKind.SLOW_JOB, "amts-zh-*", seconds=0.4)
    first, second = reports(sync(amts, book))
    assert (first["outcome"], second["outcome"]) == ("created", "created")
    starts = [number for number, call in enumerate(world.state.calls) if call.operation == "StartTextTranslationJob"]
    looks = [number for number, call in enumerate(world.state.calls) if call.operation == "DescribeTextTranslationJob"]
    assert len(starts) == 2
    assert sum(number > starts[1] for number in looks) >= 2
    assert len(world.state.jobs) == 2


@pytest.mark.parametrize(
    ("kind", "match", "code", "told"),
    [
        (FaultKind.FAIL_JOB, "*", 8, "FAILED"),
        (FaultKind.THROTTLE, "StartTextTranslationJob", 8, "the service is busy; run again later"),
        (FaultKind.ERROR, "DescribeTextTranslationJob", 8, "the service has a problem; run again later"),
        (FaultKind.DROP_BEFORE, "s3:PUT", 8, "check the network"),
    ],
)
def test_a_failing_service_publishes_nothing_and_says_what_to_do(
    amts: Cli, book: Book, world: World, kind: FaultKind, match: str, code: int, told: str
) -> None:
    world.fail(kind, match, times=None)
    ran = sync(amts, book)
    assert ran.code == code
    assert told in ran.err
    assert book.tip() == ""
    assert not book.pulls.exists()
    world.cloud.emulator.clear_faults()
    (report,) = reports(sync(amts, book))
    assert report["outcome"] == "created"


@pytest.mark.parametrize("kind", [FaultKind.THROTTLE, FaultKind.ERROR, FaultKind.DROP, FaultKind.DROP_BEFORE])
@pytest.mark.parametrize(
    "match", ["StartTextTranslationJob", "DescribeTextTranslationJob", "CreateParallelData", "s3:GET"]
)
def test_a_service_that_stumbles_once_is_asked_again_and_nothing_is_paid_twice(
    amts: Cli, book: Book, world: World, kind: FaultKind, match: str
) -> None:
    world.fail(kind, match)
    (report,) = reports(sync(amts, book))
    assert report["outcome"] == "created"
    assert world.billed == len((WAIT + MATHS).replace("\n", ""))
    assert len(world.state.jobs) == 1


def test_a_sentence_that_comes_back_damaged_twice_is_left_with_the_machines_words(
    amts: Cli, book: Book, world: World
) -> None:
    world.fail(FaultKind.LOSE, times=None)
    (report,) = reports(sync(amts, book))
    (left,) = report["files"][0]["merge"]["left"]
    assert left["reason"] == "the machine lost $x + y$, also when asked again"
    assert left["rejected"].startswith("⟦")
    assert MATHS in book.text("tea.md")
    assert "The machine's answer, which was not used:" in book.body()


def test_a_cap_stops_the_run_before_anything_is_paid(amts: Cli, tmp_path: Path, world: World) -> None:
    book = make_book(tmp_path, "zh", max_dollars_per_run=0.0001)
    ran = sync(amts, book)
    assert ran.code == 8
    assert "max_dollars_per_run" in ran.err
    assert world.billed == 0
    assert book.tip() == ""


def test_a_document_that_the_service_can_not_translate_is_left_for_people(amts: Cli, book: Book, world: World) -> None:
    world.fail(FaultKind.FAIL_DOCUMENT)
    (report,) = reports(sync(amts, book))
    assert {one["source"] for one in report["files"][0]["merge"]["left"]} == {WAIT.strip(), MATHS.strip()}
    assert report["outcome"] == "created"
