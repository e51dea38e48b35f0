"""`amts init` from the outside: what it proposes, writes, opens, keeps and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.book.project import read_config
from tests.support.amazon_run import make_world
from tests.support.cli_run import BOOK_ZH, HABITS_ZH, Cli, fingerprint
from tests.support.emulator_fixture import BUCKET, ROLE, Cloud
from tests.support.gitrepo import add_commits, git, make_repo
from tests.support.init_run import Init, golden, pull, reports

pytest_plugins = ["tests.support.init_fixtures"]


def test_a_file_is_written_that_the_other_commands_take(book: Path, init: Init, cli: Cli) -> None:
    ran = init("tea", "tea-zh", "--write", "amts.yaml")
    assert ran.code == 0, ran.err
    golden("amts.yaml", (book / "amts.yaml").read_text("utf-8"))
    golden("terminal.txt", ran.out)
    checked = cli("check", "--config", book / "amts.yaml")
    assert (checked.code, checked.err) == (0, "")
    assert "zh: 2 current, 1 stale, 1 missing" in checked.out
    synced = cli("sync", "--config", book / "amts.yaml", "--json", "--jobs", "1")
    assert synced.code == 0, synced.err


def test_what_a_preview_counts_is_what_a_sync_does(book: Path, init: Init, cli: Cli) -> None:
    ran = init("tea", "tea-zh", "--write", "amts.yaml", "--json")
    (told,) = reports(ran, "languages")
    (done,) = reports(cli("sync", "--config", book / "amts.yaml", "--json", "--jobs", "1"), "languages")
    assert told["first_run"]["sentences"] == done["sentences"]
    assert told["first_run"]["files"] == {"updated": 1, "added": 1}
    assert (told["first_run"]["requests"], told["first_run"]["quote"]) == (3, "")
    assert told["first_run"]["untranslated"] == len("Clay") + len("A pot of clay.")


def test_nothing_is_overwritten(book: Path, init: Init) -> None:
    (book / "amts.yaml").write_text("mine", "utf-8")
    ran = init("tea", "tea-zh", "--write", "amts.yaml")
    assert (ran.code, ran.err) == (
        2,
        "amts.yaml: exists already, and is not overwritten; name another file with --write",
    )
    assert (book / "amts.yaml").read_text("utf-8") == "mine"
    ran = init("tea", "tea-zh", "--write", "none/amts.yaml")
    assert (ran.code, ran.err) == (2, "none/amts.yaml: there is no folder none; create it first")


def test_a_dry_run_writes_nothing(book: Path, init: Init) -> None:
    before = fingerprint(book)
    ran = init("tea", "tea-zh", "--forge", "dry-run")
    assert ran.code == 0, ran.err
    assert fingerprint(book) == before
    assert "baseline: origin-file" in ran.out
    assert "**Nothing happens until this is merged.**" in ran.out
    assert "dry run, nothing was written: a pull request into main of" in ran.out


def test_without_records_the_baselines_are_inferred(book: Path, init: Init, cli: Cli) -> None:
    translation = {path: text for path, text in {**BOOK_ZH, **HABITS_ZH}.items() if "_origin" not in path}
    make_repo(book / "plain-zh", translation)
    ran = init("tea", "plain-zh", "--write", "amts.yaml", "--json")
    (told,) = reports(ran, "languages")
    assert told["baseline"] == "infer"
    sure = {row["path"]: row["sure"] for row in told["files"] if row["status"] not in ("missing", "unknown")}
    assert sure
    assert all(isinstance(value, int) and 0 < value < 100 for value in sure.values())
    assert cli("check", "--config", book / "amts.yaml").code == 0
    shown = init("tea", "plain-zh", "--forge", "dry-run").out
    assert "recorded nowhere; inferred for" in shown
    assert "sentences score" in shown


@pytest.mark.parametrize(
    ("choice", "checked", "asked"),
    [
        ("add", "2 current, 1 stale, 1 missing", "added by the first run, with 2 sentences left for a person"),
        ("list", "2 current, 1 stale, 1 new", "named, and added once somebody asks for one by its path"),
        ("ignore", "2 current, 1 stale", "left out, if the translators never had them"),
    ],
)
def test_whether_new_files_are_wanted_is_asked(
    book: Path, init: Init, cli: Cli, choice: str, checked: str, asked: str
) -> None:
    ran = init("tea", "tea-zh", "--write", "amts.yaml", "--new-files", choice)
    assert ran.code == 0, ran.err
    assert read_config((book / "amts.yaml").read_text("utf-8")).files.new == choice
    assert f"The source has 1. As proposed, they are {asked} (files.new: {choice})" in ran.out
    assert f"zh: {checked}\n" in cli("check", "--config", book / "amts.yaml").out


def test_nothing_is_proposed_from_a_shallow_clone(book: Path, init: Init) -> None:
    make_repo(book / "plain-zh", {path: text for path, text in BOOK_ZH.items() if "_origin" not in path})
    git(book, "clone", "--quiet", "--depth=1", (book / "tea").as_uri(), "shallow")
    ran = init("shallow", "plain-zh", "--write", "amts.yaml")
    assert (ran.code, "git fetch --unshallow" in ran.err) == (6, True)
    assert not (book / "amts.yaml").exists()


def test_a_lock_file_is_taken_up(book: Path, init: Init, cli: Cli) -> None:
    make_repo(book / "lock-zh", {"tea.md": BOOK_ZH["tea.md"], ".amts/lock.yaml": "version: 1\nfiles: {}\n"})
    init("tea", "lock-zh", "--write", "amts.yaml")
    assert read_config((book / "amts.yaml").read_text("utf-8")).languages["zh"].baseline == "lock-file"
    assert cli("check", "--config", book / "amts.yaml").code == 0


def test_files_in_other_places_are_mapped(book: Path, init: Init, cli: Cli) -> None:
    moved = {f"docs/zh/{path}": text for path, text in {**BOOK_ZH, **HABITS_ZH}.items()}
    make_repo(book / "translations", moved)
    ran = init("tea", "translations", "--write", "amts.yaml")
    assert ran.code == 0, ran.err
    config = read_config((book / "amts.yaml").read_text("utf-8"))
    assert config.languages["zh"].paths == {"*": "docs/zh/*"}
    assert "zh: 2 current, 1 stale, 1 missing" in cli("check", "--config", book / "amts.yaml").out


def test_files_that_are_english_still_are_excluded_and_named(book: Path, init: Init, cli: Cli) -> None:
    add_commits(book / "tea-zh", {"pots/clay.md": "# Clay\n\nA pot of clay.\n"})
    ran = init("tea", "tea-zh", "--write", "amts.yaml")
    assert "files that are English still: 1 (pots/clay.md)" in ran.out
    assert read_config((book / "amts.yaml").read_text("utf-8")).languages["zh"].exclude == ("/pots/clay.md",)
    assert "zh: 2 current, 1 stale\n" in cli("check", "--config", book / "amts.yaml").out


def test_a_priced_engine_is_asked_for_its_price_alone(
    book: Path, init: Init, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(cloud, monkeypatch)
    amazon = ("--engine", "amazon", "--region", "us-east-1", "--bucket", BUCKET, "--role", ROLE)
    ran = init("tea", "tea-zh", "--write", "amts.yaml", *amazon)
    assert ran.code == 0, ran.err
    # So few pairs are not taught, which would raise the price.
    assert "It would cost 57 characters, $0.00 ($15 per million" in ran.out
    assert "This preview cost nothing" in ran.out
    assert "3 sentences to be translated by" in ran.out
    assert (world.billed, cloud.translate.list_parallel_data()["ParallelDataPropertiesList"]) == (0, [])
    config = read_config((book / "amts.yaml").read_text("utf-8"))
    assert config.engine_of("zh").model_dump()["bucket"] == BUCKET
    # A cap that the first run would run into is told before it does.
    init("tea", "tea-zh", *amazon)
    text = git(book / "tea-zh", "show", "amts/init:amts.yaml")
    add_commits(
        book / "tea-zh",
        {"amts.yaml": text.replace("# max_dollars_per_run: 50", "max_dollars_per_run: 0")},
        branch="amts/init",
    )
    ran = init("tea", "tea-zh", *amazon)
    assert "more than max_dollars_per_run ($0.00) allows" in ran.out
    assert "more than max_dollars_per_run ($0.00) allows" in (pull(book) / "body.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["tea", "./tea"], 2, "./tea: is the source itself"),
        (["tea", "missing"], 5, "no such folder; give the path or the URL of a git repository"),
        (["tea", "folder"], 5, "not a git repository"),
        (["tea", "empty"], 5, "has no commits yet"),
        (["tea", "other-zh"], 4, "no translation was found"),
        (["tea", "tea-zh", "-l", "klingon"], 3, "must be a code such as zh"),
        (["tea", "tea-zh", "-l", "zh", "-l", "es"], 2, "--language is given 2 times for 1 targets"),
        (["tea", "tea-zh", "more-zh", "--write", "new.yaml"], 2, "more-zh: is in zh, as tea-zh is"),
        (["tea", "tea-zh", "--branch", "mian"], 5, 'has no branch "mian"; did you mean "main"?'),
        (["tea", "tea-zh", "--forge", "github"], 2, "tea-zh: is not on GitHub"),
        (["tea", "https://example.org/zh"], 2, "tea: the source is a folder of this machine, which a workflow can't"),
        (["https://u:secret@example.org/x", "tea-zh"], 2, "a URL must not hold a user name or a token"),
        (["tea", "tea-zh", "--engine", "amazon", "--region", "us-west-2"], 2, "needs --bucket and --role as well"),
        (["tea", "tea-zh", "--bucket", "b-1"], 2, "--bucket is a setting of Amazon Translate"),
    ],
)
def test_errors_say_what_to_do(book: Path, init: Init, arguments: list[str], code: int, said: str) -> None:
    (book / "folder").mkdir()
    make_repo(book / "empty")
    make_repo(book / "other-zh", {"rezept.md": "# 食谱\n\n没有关系。\n"})
    make_repo(book / "more-zh", {"tea.md": BOOK_ZH["tea.md"]})
    ran = init(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "secret" not in ran.err
