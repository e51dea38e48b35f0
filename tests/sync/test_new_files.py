"""English files that the translators never had: added, listed or ignored, as the configuration says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.support.cli_run import BOOK_ZH, CUPS, ENGLISH, WAIT, Book, Cli
from tests.support.gitrepo import add_commits, git

POTS = "# Pots\n\nA pot of clay keeps the tea warm.\n"
NEW = {"pots/clay.md": POTS, "pots/iron.md": POTS.replace("clay", "iron"), "milk.md": "# Milk\n\nAdd some milk.\n"}


@pytest.fixture
def world(tmp_path: Path) -> Book:
    world = Book(tmp_path, {"zh": BOOK_ZH}, NEW)
    world.english({"tea.md": ENGLISH + "\n" + WAIT})
    return world


def choose(world: Book, new: str, own: str = "", **more: object) -> None:
    """`new` for all languages, `own` for Chinese."""
    settings: dict[str, object] = {"repo": "zh", **({"files": {"new": own}} if own else {}), **more}
    world.configure({}, files={"new": new}, languages={"zh": settings})


def counts(cli: Cli, world: Book) -> str:
    ran = cli("status", "--config", world.config)
    assert ran.code == 0, ran.err
    return next(line for line in ran.out.splitlines() if line.startswith("zh: ") and "current" in line)


def sync(cli: Cli, world: Book, *arguments: str) -> dict[str, str]:
    """What became of each file."""
    ran = cli("sync", "--config", world.config, "--json", "--jobs", "1", *arguments)
    assert ran.code == 0, ran.err
    languages = ran.json()["languages"]
    assert isinstance(languages, list)
    return {file["path"]: file["change"] for one in languages for file in one["files"]}


@pytest.mark.parametrize(
    ("new", "own", "status", "changes"),
    [
        ("add", "", "1 current, 1 stale, 3 missing", ["added", "added", "added"]),
        ("ignore", "", "1 current, 1 stale", []),
        ("list", "", "1 current, 1 stale, 3 new", ["listed", "listed", "listed"]),
        ("add", "ignore", "1 current, 1 stale", []),
        ("ignore", "add", "1 current, 1 stale, 3 missing", ["added", "added", "added"]),
    ],
)
def test_the_configuration_says_what_becomes_of_new_files(
    world: Book, cli: Cli, new: str, own: str, status: str, changes: list[str]
) -> None:
    choose(world, new, own)
    assert counts(cli, world) == f"zh: {status}"
    assert status in cli("check", "--config", world.config).out
    done = sync(cli, world)
    assert done.pop("tea.md") == "updated"
    assert list(done.values()) == changes
    has = {
        path for path in git(world.folder / "zh", "ls-tree", "-r", "--name-only", "amts/zh").split("\n") if path in NEW
    }
    assert has == ({*NEW} if "added" in changes else set())


def test_listed_files_are_named_in_the_pull_request_and_cost_nothing(world: Book, cli: Cli) -> None:
    choose(world, "list")
    sync(cli, world)
    body = world.body()
    assert all(f"`{path}`" in body for path in NEW)
    assert body.count("the translators never had it, so it is added only if its path is asked for") == 1
    said = cli("status", "--config", world.config).out
    assert "zh: 3 files without a translation: `amts sync --path FILE` adds one" in said


def test_without_other_work_listed_files_open_no_pull_request(world: Book, cli: Cli) -> None:
    choose(world, "list")
    sync(cli, world)
    git(world.folder / "zh", "update-ref", "refs/heads/main", "amts/zh")
    git(world.folder / "zh", "update-ref", "-d", "refs/heads/amts/zh")
    ran = cli("sync", "--config", world.config)
    assert "zh: nothing to propose; the translation is in step" in ran.out
    assert world.tip() == ""


@pytest.mark.parametrize("new", ["list", "ignore"])
@pytest.mark.parametrize(
    ("pattern", "added"),
    [
        ("pots/clay.md", ["pots/clay.md"]),
        ("/milk.md", ["milk.md"]),
        ("pots/", ["pots/clay.md", "pots/iron.md"]),
        ("**/*.md", []),
    ],
)
def test_a_file_that_somebody_asks_for_is_added(
    world: Book, cli: Cli, new: str, pattern: str, added: list[str]
) -> None:
    """A pattern that narrows a sync of the whole book down asks for nothing new."""
    choose(world, new)
    done = sync(cli, world, "--path", pattern)
    assert [path for path, change in done.items() if change == "added"] == added
    # It stays in the pull request, and is kept in step from then on.
    done = sync(cli, world)
    assert "added" not in done.values()
    for path in added:
        assert world.text(path) == NEW[path]
    if added:
        world.english({added[0]: NEW[added[0]] + "\nDrink it.\n"})
        assert sync(cli, world)[added[0]] == "updated"


@pytest.mark.parametrize("new", ["list", "ignore"])
def test_a_translation_whose_english_was_renamed_is_no_new_file(world: Book, cli: Cli, new: str) -> None:
    choose(world, new)
    world.english({"cups.md": None, "things/cup.md": CUPS})
    done = sync(cli, world)
    assert done["things/cup.md"] == "renamed"
    assert world.text("things/cup.md") == BOOK_ZH["cups.md"]


@pytest.mark.parametrize("new", ["list", "ignore"])
@pytest.mark.parametrize("renamed", [False, True])
def test_what_the_translators_had_once_is_no_new_file(world: Book, cli: Cli, new: str, renamed: bool) -> None:
    """The English went away, with its translation, and is back: perhaps under another name."""
    choose(world, new)
    text = "# Sugar\n\nSugar makes the tea sweet.\n\nTake one spoon of it.\n"
    world.english({"sugar.md": text})
    if renamed:
        world.english({"sugar.md": None, "sweet.md": text})
    add_commits(world.folder / "zh", {"sugar.md": "# 糖\n\n糖让茶变甜。\n\n取一勺。\n"}, {"sugar.md": None})
    path = "sweet.md" if renamed else "sugar.md"
    assert sync(cli, world)[path] == "added"


def test_new_files_do_not_count_for_chapters(world: Book, cli: Cli) -> None:
    choose(world, "list", chapters_above=1)
    sync(cli, world)
    assert git(world.folder / "zh", "for-each-ref", "--format=%(refname:short)", "refs/heads/amts") == "amts/zh"


def test_a_new_file_that_is_asked_for_gets_the_pull_request_of_its_chapter(world: Book, cli: Cli) -> None:
    choose(world, "ignore", chapters_above=0)
    done = sync(cli, world, "--path", "pots/clay.md")
    assert done == {"pots/clay.md": "added"}
    assert world.text("pots/clay.md", branch="amts/zh+pots") == NEW["pots/clay.md"]


def test_a_choice_that_there_is_not_is_refused_with_its_line(world: Book, cli: Cli) -> None:
    choose(world, "add", "never")
    ran = cli("check", "--config", world.config)
    assert ran.code == 3
    assert 'languages.zh.files.new must be add, ignore or list, not "never"' in ran.err
    data = yaml.safe_load(world.config.read_text("utf-8"))
    data["languages"]["zh"]["files"] = {"include": ["*.md"]}
    world.config.write_text(yaml.safe_dump(data), "utf-8")
    assert 'unknown key "include" in languages.zh.files; the keys are new' in cli("check", "--config", world.config).err
