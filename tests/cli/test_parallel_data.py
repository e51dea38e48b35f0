"""`amts parallel-data push|list|show|download|delete` against the emulator: what is shown, and the exit codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.book.project import load_project
from bot.emulator import FaultKind, Quotas
from bot.engines.amazon.engine import AmazonEngine
from bot.engines.amazon.settings import AmazonSettings
from bot.parallel_data.push import refresh_parallel_data
from tests.support.amazon_run import World, make_world
from tests.support.cli_run import BOOK_ZH, CHINESE, Book, Cli, Ran
from tests.support.editions import edition_of
from tests.support.emulator_fixture import BUCKET, ROLE, Cloud
from tests.support.gitrepo import add_commits

AMAZON = {
    "kind": "amazon",
    "region": "us-east-1",
    "bucket": BUCKET,
    "role": ROLE,
    "poll_seconds": 0.001,
    "parallel_data_from": 0,
}


@pytest.fixture
def amts(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command, to which a handful of pairs is enough."""
    monkeypatch.setattr("bot.parallel_data.options.MIN_SCORE", 0.0)
    monkeypatch.setattr("bot.parallel_data.options.HELD_OUT", 0)
    return cli


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(tmp_path, {"zh": BOOK_ZH, "tr": {}})
    configure(book, zh="amazon", tr="memory")
    return book


def configure(book: Book, engine: Mapping[str, object] = AMAZON, **engines: str) -> None:
    languages = {name: {"repo": name, "engine": kind} for name, kind in engines.items()}
    book.configure({}, languages=languages, engines={"amazon": dict(engine), "second": {**engine, "name": "second"}})


def run(amts: Cli, book: Book, command: str, *arguments: str | Path) -> Ran:
    return amts("parallel-data", command, "--config", book.config, *arguments)


def pushed(amts: Cli, book: Book, *arguments: str) -> Any:
    ran = run(amts, book, "push", "--json", *arguments)
    assert ran.code == 0, ran.err
    return ran.json()["languages"]


def test_push_teaches_every_amazon_language_and_says_what_came_of_it(amts: Cli, book: Book, world: World) -> None:
    ran = run(amts, book, "push")
    assert (ran.code, ran.err) == (0, "")
    assert "zh: pushed to amts-zh" in ran.out
    assert "tr" not in ran.out
    head, row = (line.split() for line in ran.out.splitlines() if "imported" in line or line.startswith("zh "))
    assert dict(zip(head, row[1:], strict=True)) == {"pairs": "5", "imported": "5", "characters": row[-1]}
    assert [record.name for record in world.state.parallel_data] == ["amts-zh"]


def test_push_again_does_nothing_until_the_translation_changes(amts: Cli, book: Book, world: World) -> None:
    assert pushed(amts, book)["zh"]["changed"]
    again = run(amts, book, "push")
    assert "zh: in force already, nothing pushed" in again.out
    assert pushed(amts, book, "--force")["zh"]["changed"]
    add_commits(book.folder / "zh", {"tea.md": CHINESE.replace("热饮", "热饮料")})
    report = pushed(amts, book)["zh"]
    assert (report["changed"], report["update"], report["level"], report["pairs"]) == (True, "ACTIVE", "sentence", 5)
    assert world.state.count("CreateParallelData") == 1
    assert world.state.count("UpdateParallelData") == 2


def test_records_left_out_are_shown_with_their_reasons(
    amts: Cli, book: Book, monkeypatch: pytest.MonkeyPatch, start_cloud: Callable[..., Cloud]
) -> None:
    make_world(start_cloud(quotas=Quotas(parallel_data_segment_bytes=20)), monkeypatch)
    ran = run(amts, book, "push")
    assert ran.code == 0
    assert "zh: Line 3: The source text is longer than 20 bytes." in ran.out
    shown = run(amts, book, "show")
    assert "skipped: 3" in shown.out
    assert "zh: Line 3: The source text is longer than 20 bytes." in shown.out
    assert [one["record"] for one in pushed(amts, book, "--force")["zh"]["reasons"]][:1] == ["Line 3"]


def test_paragraph_pairs_by_setting(amts: Cli, book: Book, world: World) -> None:
    english, chinese = "One is here. Two is here.\n", "一在这里。二在这里。\n"
    add_commits(book.folder / "en", {"two.md": english})
    add_commits(book.folder / "zh", {"two.md": chinese, "two_origin.md": english})
    sentences = pushed(amts, book)["zh"]
    configure(book, {**AMAZON, "parallel_data": "paragraph"}, zh="amazon")
    paragraphs = pushed(amts, book)["zh"]
    assert (sentences["level"], paragraphs["level"]) == ("sentence", "paragraph")
    assert paragraphs["pairs"] == sentences["pairs"] - 1
    assert world.state.count("UpdateParallelData") == 1


def test_one_language_that_fails_does_not_stop_the_others(amts: Cli, book: Book, world: World) -> None:
    configure(book, tr="amazon", zh="second")
    ran = run(amts, book, "push")
    assert ran.code == 4
    assert "1 language could not be pushed\ntr: " in ran.err
    assert "has no pair to teach" in ran.err
    assert "zh: pushed to second-zh" in ran.out
    assert [record.name for record in world.state.parallel_data] == ["second-zh"]


def test_a_refused_call_is_one_sentence_that_says_what_to_do(amts: Cli, book: Book, world: World) -> None:
    configure(book, {**AMAZON, "bucket": "no-such-bucket"}, zh="amazon")
    ran = run(amts, book, "push")
    assert ran.code == 8
    assert "NoSuchBucket" in ran.err
    assert "create the bucket" in ran.err
    world.fail(FaultKind.ERROR, "GetParallelData", times=None)
    configure(book, {**AMAZON, "max_attempts": 1}, zh="amazon")
    ran = run(amts, book, "show")
    assert (ran.code, ran.out) == (8, "")
    assert "looking at the parallel data amts-zh" in ran.err


@pytest.mark.parametrize("command", ["push", "show", "download", "delete"])
def test_a_language_of_another_engine_is_refused(amts: Cli, book: Book, command: str) -> None:
    ran = run(amts, book, command, "-l", "tr")
    assert ran.code == 2
    assert "the engine of tr takes no parallel data" in ran.err


def test_no_amazon_language_at_all_is_refused(amts: Cli, book: Book) -> None:
    configure(book, zh="memory")
    ran = run(amts, book, "list")
    assert ran.code == 2
    assert "no language of the configuration" in ran.err


def test_a_language_without_parallel_data_is_left_out_unless_it_is_named(amts: Cli, book: Book, world: World) -> None:
    configure(book, {**AMAZON, "parallel_data": "none"}, zh="amazon")
    assert pushed(amts, book) == {}
    ran = run(amts, book, "push", "-l", "zh")
    assert ran.code == 2
    assert "choose sentence or paragraph" in ran.err
    assert world.state.parallel_data == ()


def test_list_names_everything_and_whose_it_is(amts: Cli, book: Book, world: World) -> None:
    assert "there is no parallel data" in run(amts, book, "list").out
    run(amts, book, "push")
    world.cloud.create_parallel_data("en,fr\na,b\n", name="another-book")
    ran = run(amts, book, "list")
    rows = [line.split() for line in ran.out.splitlines()]
    assert ["amts-zh", "zh", "ACTIVE"] in [row[:3] for row in rows]
    assert ["another-book", "ACTIVE"] in [row[:2] for row in rows]
    listed: Any = run(amts, book, "list", "--json").out
    assert '"language": "zh"' in listed


def test_show_says_what_is_in_force(amts: Cli, book: Book, world: World) -> None:
    missing = run(amts, book, "show")
    assert (missing.code, missing.out) == (4, "")
    run(amts, book, "push")
    ran = run(amts, book, "show")
    for line in ("zh: amts-zh", "state: ACTIVE", "languages: en to zh", "pushed: 5 sentence pairs"):
        assert line in ran.out.splitlines()
    shown: Any = run(amts, book, "show", "--json", "-l", "zh").json()
    assert (shown["zh"]["status"], shown["zh"]["imported"], shown["zh"]["reasons"]) == ("ACTIVE", 5, [])
    assert world.state.count("s3:DELETE") == 0


def test_download_writes_what_was_pushed(amts: Cli, book: Book, world: World) -> None:
    folder = book.folder / "data"
    assert run(amts, book, "download", "-o", folder).code == 4
    assert not folder.exists()
    run(amts, book, "push")
    assert run(amts, book, "download", "-o", folder).code == 0
    build = ["--min-score", "0", "--held-out", "0", "-l", "zh", "-o", str(folder)]
    run(amts, book, "build", *build)
    assert (folder / "zh.in-force.csv").read_bytes() == (folder / "zh.csv").read_bytes()
    assert [key.rpartition(".")[2] for key in world.cloud.keys("amts/")] == ["csv"]
    assert run(amts, book, "download", "-o", book.config).code == 2


def test_delete_needs_a_name_and_leaves_nothing(amts: Cli, book: Book, world: World) -> None:
    run(amts, book, "push")
    assert run(amts, book, "delete").code == 2
    assert "amts-zh is deleted" in run(amts, book, "delete", "-l", "zh").out
    assert (world.cloud.keys("amts/"), world.state.parallel_data) == ([], ())
    assert "there was no parallel data" in run(amts, book, "delete", "-l", "zh").out


def test_quiet_says_nothing(amts: Cli, book: Book, world: World) -> None:
    for command in (["push"], ["list"], ["show"], ["download", "-o", str(book.folder / "d")], ["delete", "-l", "zh"]):
        ran = run(amts, book, *command, "--quiet")
        assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert world.state.parallel_data == ()


def refreshed(book: Book, world: World) -> bool | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AmazonSettings, "create", lambda self, options: AmazonEngine(options, self, world.clients))
        found = refresh_parallel_data(edition_of(load_project(book.config)))
    return found.changed if found else None


@pytest.mark.usefixtures("amts")
def test_sync_refreshes_as_often_as_the_settings_say(book: Book, world: World) -> None:
    assert refreshed(book, world) is True
    assert refreshed(book, world) is False
    configure(book, {**AMAZON, "refresh": "daily"}, zh="amazon")
    gets = world.state.count("s3:PUT")
    assert refreshed(book, world) is None
    world.time.sleep(2 * 24 * 3600)
    assert refreshed(book, world) is False
    assert world.state.count("s3:PUT") == gets


@pytest.mark.usefixtures("amts")
@pytest.mark.parametrize(
    "change", [{"refresh": "by-hand"}, {"parallel_data": "none"}, {"mode": "real-time"}], ids=lambda c: next(iter(c))
)
def test_sync_refreshes_nothing_that_is_not_wanted(book: Book, world: World, change: Mapping[str, str]) -> None:
    configure(book, {**AMAZON, **change}, zh="amazon")
    assert refreshed(book, world) is None
    assert world.state.parallel_data == ()


@pytest.mark.usefixtures("amts")
def test_sync_has_nothing_to_refresh_for_another_engine_or_without_pairs(book: Book, world: World) -> None:
    configure(book, zh="memory")
    assert refreshed(book, world) is None
    configure(book, zh="amazon")
    add_commits(book.folder / "zh", dict.fromkeys(BOOK_ZH))
    assert refreshed(book, world) is None
    assert world.state.parallel_data == ()
