"""`amts init` from the outside: what it proposes, writes, opens, keeps and refuses."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bot.app.cli.init import init_command
from bot.config.schema import parse_config
from bot.errors import AmtsError
from bot.forge.github import Manners
from tests.amazon_run import make_world
from tests.cli_run import BOOK_ZH, CUPS, ENGLISH, HABITS, HABITS_ZH, WAIT, Cli, Ran, fingerprint
from tests.emulator_fixture import BUCKET, ROLE, Cloud
from tests.github_double.double import GitHubDouble
from tests.gitrepo import add_commits, git, make_repo, tree

pytest_plugins = ["tests.github_double.fixtures"]

GOLDEN = Path(__file__).parent / "golden" / "init"
Init = Callable[..., Ran]
WASH = "\nWash the cup with hot water afterwards.\n"


@pytest.fixture
def init(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Init:
    """The command in this process, run where the books are."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(init_command)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_API_URL", "GITHUB_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code, said = 0, ""
        try:
            app([*map(str, arguments), "--jobs", "1"], standalone_mode=False)
        except AmtsError as error:
            code, said = error.exit_code, str(error)
        out, err = capsys.readouterr()
        return Ran(code, out, err + said)

    return run


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book in English, one chapter ahead of its Chinese translation, which is a checkout."""
    make_repo(tmp_path / "tea", {"tea.md": ENGLISH, "cups.md": CUPS, "README.md": "The book.\n", **HABITS})
    make_repo(tmp_path / "tea-zh", {**BOOK_ZH, **HABITS_ZH, "README.md": "这本书。\n"}, bare=False)
    add_commits(
        tmp_path / "tea", {"tea.md": ENGLISH + "\n" + WAIT + WASH, "pots/clay.md": "# Clay\n\nA pot of clay.\n"}
    )
    return tmp_path


def golden(name: str, text: str) -> None:
    if os.environ.get("AMTS_GOLDEN") == "write":
        GOLDEN.mkdir(parents=True, exist_ok=True)
        (GOLDEN / name).write_text(text, "utf-8")
    assert text == (GOLDEN / name).read_text("utf-8")


def reports(ran: Ran, key: str) -> list[dict[str, Any]]:
    assert ran.code == 0, ran.err
    found = ran.json()[key]
    assert isinstance(found, list)
    return found


def pull(book: Path, number: int = 1) -> Path:
    return book / "tea-zh" / ".amts" / "pull-requests" / "init" / str(number)


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
    assert (ran.code, ran.err) == (2, "none/amts.yaml: there is no folder none; make it first")


def test_a_pull_request_is_opened_once(book: Path, init: Init, cli: Cli) -> None:
    main = git(book / "tea-zh", "rev-parse", "main")
    ran = init("tea", "tea-zh")
    assert ran.code == 0, ran.err
    assert "pull request opened" in ran.out
    golden("body.md", (pull(book) / "body.md").read_text("utf-8"))
    assert git(book / "tea-zh", "rev-parse", "main") == main
    tip = git(book / "tea-zh", "rev-parse", "amts/init")
    assert tree(book / "tea-zh", tip).keys() - tree(book / "tea-zh", main).keys() == {"amts.yaml"}
    again = init("tea", "tea-zh")
    assert "nothing new; the open pull request has all of it" in again.out
    assert git(book / "tea-zh", "rev-parse", "amts/init") == tip
    # Merged, it is a configuration at the root of its repository.
    git(book / "tea-zh", "merge", "--quiet", "--ff-only", "amts/init")
    checked = cli("check", "--config", book / "tea-zh" / "amts.yaml")
    assert (checked.code, checked.err) == (0, "")
    ran = init("tea", "tea-zh")
    assert ran.code == 3
    assert "tea-zh: has an amts.yaml on main already" in ran.err


def test_new_figures_update_the_same_pull_request(book: Path, init: Init) -> None:
    init("tea", "tea-zh")
    tip = git(book / "tea-zh", "rev-parse", "amts/init")
    add_commits(book / "tea", {"pots/iron.md": "# Iron\n"})
    ran = init("tea", "tea-zh")
    assert "pull request updated" in ran.out
    assert git(book / "tea-zh", "rev-parse", "amts/init") == tip
    assert "1 updated, 2 added" in (pull(book) / "body.md").read_text("utf-8")
    # With another engine the file differs: one more commit, in the same pull request.
    ran = init("tea", "tea-zh", "--engine", "copy")
    assert "pull request updated" in ran.out
    assert git(book / "tea-zh", "rev-parse", "amts/init^") == tip
    assert sorted(path.name for path in pull(book).parent.iterdir()) == ["1"]


def test_what_people_change_on_the_branch_stays_and_is_worked_out(book: Path, init: Init) -> None:
    init("tea", "tea-zh")
    mine = git(book / "tea-zh", "show", "amts/init:amts.yaml").replace("/README.md", "/pots/") + "\n"
    (tip,) = add_commits(book / "tea-zh", {"amts.yaml": mine}, branch="amts/init")
    ran = init("tea", "tea-zh")
    assert ran.code == 0, ran.err
    assert "the file is as people changed it" in ran.out
    assert git(book / "tea-zh", "rev-parse", "amts/init") == tip
    body = (pull(book) / "body.md").read_text("utf-8")
    assert "as it was changed here" in body
    assert "`pots/clay.md`" not in body
    (tip,) = add_commits(book / "tea-zh", {"amts.yaml": mine + "nonsense: 1\n"}, branch="amts/init")
    ran = init("tea", "tea-zh")
    assert (ran.code, git(book / "tea-zh", "rev-parse", "amts/init")) == (3, tip)
    assert 'unknown key "nonsense"' in ran.err


def test_a_closed_proposal_is_not_opened_again(book: Path, init: Init) -> None:
    init("tea", "tea-zh")
    card = pull(book) / "pull-request.yaml"
    card.write_text(card.read_text("utf-8").replace("state: open", "state: closed"), "utf-8")
    # The books move on, the proposal does not.
    add_commits(book / "tea", {"pots/iron.md": "# Iron\n"})
    add_commits(book / "tea-zh", {"cups.md": "# 杯\n"})
    ran = init("tea", "tea-zh")
    assert (ran.code, "so it is not opened again" in ran.out) == (0, True)
    assert sorted(path.name for path in pull(book).parent.iterdir()) == ["1"]
    ran = init("tea", "tea-zh", "--engine", "copy")
    assert "pull request opened" in ran.out


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
    assert "nothing records it; inferred for" in shown
    assert "sentences score" in shown


def test_a_lock_file_is_taken_up(book: Path, init: Init, cli: Cli) -> None:
    make_repo(book / "lock-zh", {"tea.md": BOOK_ZH["tea.md"], ".amts/lock.yaml": "version: 1\nfiles: {}\n"})
    init("tea", "lock-zh", "--write", "amts.yaml")
    assert parse_config((book / "amts.yaml").read_text("utf-8")).languages["zh"].baseline == "lock-file"
    assert cli("check", "--config", book / "amts.yaml").code == 0


def test_files_in_other_places_are_mapped(book: Path, init: Init, cli: Cli) -> None:
    moved = {f"docs/zh/{path}": text for path, text in {**BOOK_ZH, **HABITS_ZH}.items()}
    make_repo(book / "translations", moved)
    ran = init("tea", "translations", "--write", "amts.yaml")
    assert ran.code == 0, ran.err
    config = parse_config((book / "amts.yaml").read_text("utf-8"))
    assert config.languages["zh"].paths == {"*": "docs/zh/*"}
    assert "zh: 2 current, 1 stale, 1 missing" in cli("check", "--config", book / "amts.yaml").out


def test_files_that_are_english_still_are_excluded_and_named(book: Path, init: Init, cli: Cli) -> None:
    add_commits(book / "tea-zh", {"pots/clay.md": "# Clay\n\nA pot of clay.\n"})
    ran = init("tea", "tea-zh", "--write", "amts.yaml")
    assert "files that are English still: 1 (pots/clay.md)" in ran.out
    assert parse_config((book / "amts.yaml").read_text("utf-8")).languages["zh"].exclude == ("/pots/clay.md",)
    assert "zh: 2 current, 1 stale\n" in cli("check", "--config", book / "amts.yaml").out


def test_several_translations_have_one_file_or_a_pull_request_each(book: Path, init: Init, cli: Cli) -> None:
    make_repo(book / "tea-es", {"tea.md": "# Té\n\nEl té es una bebida caliente de China.\n", "tea_origin.md": ENGLISH})
    ran = init("tea", "tea-zh", "tea-es", "--write", "amts.yaml")
    assert ran.code == 0, ran.err
    assert list(parse_config((book / "amts.yaml").read_text("utf-8")).languages) == ["zh", "es"]
    assert cli("check", "--config", book / "amts.yaml").code == 0
    told = reports(init("tea", "tea-zh", "tea-es", "--json"), "pull_requests")
    assert [list(parse_config(one["config"]).languages) for one in told] == [["zh"], ["es"]]
    # Where a bare repository has no folder of its own, the pull request lies where the command ran.
    assert (book / ".amts/pull-requests/init/1/body.md").is_file()


def test_two_languages_of_one_repository_share_a_pull_request(book: Path, init: Init) -> None:
    both = {f"{code}/{path}": text for code in ("zh", "es") for path, text in BOOK_ZH.items()}
    make_repo(book / "translations", both)
    ran = init("tea", "translations", "translations", "-l", "zh", "-l", "es", "--json")
    (told,) = reports(ran, "pull_requests")
    config = parse_config(told["config"])
    assert {name: dict(one.paths) for name, one in config.languages.items()} == {
        "zh": {"*": "zh/*"}, "es": {"*": "es/*"},
    }  # fmt: skip
    assert told["title"] == "Configure AMTS for the Chinese (Simplified) and Spanish translations"
    assert "## Spanish: The first run" in told["body"]


def test_a_priced_engine_is_asked_for_its_price_alone(
    book: Path, init: Init, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(cloud, monkeypatch)
    amazon = ("--engine", "amazon", "--region", "us-east-1", "--bucket", BUCKET, "--role", ROLE)
    ran = init("tea", "tea-zh", "--write", "amts.yaml", *amazon)
    assert ran.code == 0, ran.err
    # The price of a taught engine: the first run makes parallel data before it asks.
    assert "It would cost 57 characters, $0.00 ($60 per million" in ran.out
    assert "nothing was spent to find out" in ran.out
    assert "3 sentences to be translated by" in ran.out
    assert (world.billed, cloud.translate.list_parallel_data()["ParallelDataPropertiesList"]) == (0, [])
    config = parse_config((book / "amts.yaml").read_text("utf-8"))
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


def test_on_github_the_pull_request_is_opened_once(
    github_double: GitHubDouble, book: Path, init: Init, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = "people/tea-zh"
    github_double.create_repo(repo, source=book / "tea-zh", private=True, collaborators={"amts-bot": "write"})
    monkeypatch.setattr("bot.app.github.MANNERS", Manners(between_requests=0.0, between_writes=0.0))
    monkeypatch.setenv("GITHUB_TOKEN", github_double.token("amts-bot"))
    monkeypatch.setenv("GITHUB_SERVER_URL", github_double.url)
    monkeypatch.setenv("GITHUB_API_URL", github_double.url)
    url = github_double.clone_url(repo)
    assert init("tea", url, "--forge", "github", "--branch", "nope").code == 5
    ran = init("tea", url, "--forge", "github", "--json")
    assert ran.code == 0, ran.err
    (told,) = reports(ran, "pull_requests")
    again = init("tea", url, "--forge", "github")
    assert "nothing new" in again.out
    (issue,) = github_double.pulls(repo)
    assert issue.title == "Configure AMTS for the Chinese (Simplified) translation"
    text = github_double.repo(repo).store.run("show", "amts/init:amts.yaml")
    config = yaml.safe_load(text)
    assert config["languages"]["zh"]["repo"] == url
    assert (config["forge"]["kind"], config["forge"]["url"]) == ("github", github_double.url)
    assert told["config"].strip() == text.strip()
    assert json.dumps(told).find(github_double.token("amts-bot")) == -1
