"""Which sentences of a book a machine wrote and nobody touched, however people merged, moved and corrected them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drafts.machine_drafts import CarriedDraft, MachineWork, gather, known_drafts
from bot.engines import BUILT_IN
from bot.memory import TranslationMemory
from bot.model import Draft, Drafts, TranslationUnit
from tests.github_double.double import GitHubDouble
from tests.support.cli_run import CHINESE, Book, Cli
from tests.support.commented import NEW, REPO, Commented, said
from tests.support.editions import edition_of
from tests.support.gitrepo import add_commits, git

pytest_plugins = ["tests.github_double.fixtures"]
DRAFTED = {said("pour"), said("steep"), said("green")}


def sync(cli: Cli, book: Book) -> None:
    ran = cli("sync", "--config", book.config)
    assert ran.code == 0, ran.err


def merge(book: Book) -> None:
    git(book.folder / "zh", "update-ref", "refs/heads/main", book.tip())


def origins(cli: Cli, book: Book, *options: str) -> dict[str, str]:
    """Who wrote each translation, as `amts parallel-data build` tells; of the same words in two files, the latter."""
    folder = book.folder / "data"
    arguments = "--held-out", "0", "--min-score", "0", *options
    ran = cli("parallel-data", "build", "--config", book.config, "-o", folder, *arguments)
    assert ran.code == 0, ran.err
    found = [json.loads(line) for line in (folder / "zh.pairs.jsonl").read_text("utf-8").splitlines()]
    assert all((one["fate"] == "machine translation") is (one["origin"] == "machine") for one in found)
    return {one["target"]: one["origin"] for one in found}


def machines(cli: Cli, book: Book, *options: str) -> set[str]:
    return {target for target, origin in origins(cli, book, *options).items() if origin == "machine"}


@pytest.fixture
def merged(cli: Cli, book: Book) -> Book:
    """Three drafts were merged unread."""
    sync(cli, book)
    merge(book)
    return book


def edit(book: Book, change: Callable[[str], str]) -> None:
    text = book.text("tea.md", branch="main")
    assert change(text) != text
    add_commits(book.folder / "zh", {"tea.md": change(text)}, branch="main")


def test_what_nobody_touched_is_the_machines_and_all_else_peoples(cli: Cli, merged: Book) -> None:
    found = origins(cli, merged)
    assert {target for target, origin in found.items() if origin == "machine"} == DRAFTED
    assert {CHINESE.splitlines()[2], "杯子盛着热茶。"} <= found.keys() - DRAFTED


def test_one_changed_word_makes_a_sentence_a_persons(cli: Cli, merged: Book) -> None:
    better = said("steep").replace("茶水", "热茶水")
    edit(merged, lambda text: text.replace(said("steep"), better))
    found = origins(cli, merged)
    assert found[better] == "human"
    assert {target for target, origin in found.items() if origin == "machine"} == DRAFTED - {said("steep")}


def test_other_line_breaks_are_no_change(cli: Cli, merged: Book) -> None:
    edit(merged, lambda text: text.replace("这句话", "这句\n话"))
    assert machines(cli, merged) == DRAFTED


def test_what_people_only_move_stays_the_machines(cli: Cli, merged: Book) -> None:
    """Both languages, to another place of the file and to another file."""
    steep, green = NEW.splitlines()[-3], NEW.splitlines()[-1]
    moved = NEW.replace(f"{steep}\n\n{green}", f"{green}\n\n{steep}")
    merged.english({"tea.md": moved.replace(f"{green}\n\n", ""), "leaves.md": f"# Leaves\n\n{green}\n"})
    text = merged.text("tea.md", branch="main").replace(f"{said('green')}\n", "")
    assert said("green") not in text
    english = merged.folder / "en"
    files = {
        "tea.md": text,
        "tea_origin.md": git(english, "show", "main:tea.md") + "\n",
        "leaves.md": f"# 叶子\n\n{said('green')}\n",
        "leaves_origin.md": git(english, "show", "main:leaves.md") + "\n",
    }
    add_commits(merged.folder / "zh", files, branch="main")
    assert machines(cli, merged) == DRAFTED


def test_a_draft_that_the_bot_carries_over_to_other_english_stays_the_machines(cli: Cli, merged: Book) -> None:
    edit(merged, lambda text: text.replace(said("steep"), said("steep").replace("茶水", "热茶水")))
    merged.english({"tea.md": NEW.replace("black ones do.", "black ones do!").replace("hot water.", "hot water!")})
    sync(cli, merged)
    carried = said("green").replace("。", "！")
    assert carried in merged.text("tea.md")
    merge(merged)
    found = origins(cli, merged)
    assert found[carried] == "machine"
    # What a person corrected before is still that person's.
    assert found[said("steep").replace("茶水", "热茶水").replace("。", "！")] == "human"


def test_with_an_engine_that_translates_nothing_the_drafts_are_still_known(
    cli: Cli, merged: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BUILT_IN, "memory", "bot.engines.memory:MemorySettings")
    assert machines(cli, merged) == DRAFTED


def test_a_paragraph_with_an_untouched_draft_is_not_taught(cli: Cli, book: Book) -> None:
    english = NEW.replace("hot water.\n\nGreen", "hot water. Green")
    book.english({"tea.md": english})
    sync(cli, book)
    better = said("steep").replace("茶水", "热茶水")
    text = book.text("tea.md").replace(said("steep"), better)
    add_commits(book.folder / "zh", {"tea.md": text}, branch="amts/zh")
    merge(book)
    assert machines(cli, book) == DRAFTED - {said("steep")}
    found = machines(cli, book, "--level", "paragraph")
    assert found == {said("pour"), better + said("green")}


def test_a_commit_that_people_amended_hides_no_draft(cli: Cli, book: Book) -> None:
    sync(cli, book)
    folder = book.folder / "zh"
    head = book.tip()
    tree, parent = git(folder, "rev-parse", f"{head}^{{tree}}"), git(folder, "rev-parse", f"{head}^")
    amended = git(folder, "commit-tree", "-p", parent, "-m", git(folder, "log", "-1", "--format=%B", head), tree)
    for branch in ("amts/zh", "main"):
        git(folder, "update-ref", f"refs/heads/{branch}", amended)
    assert machines(cli, book) == DRAFTED


def test_a_book_without_a_machine_is_all_peoples_and_nothing_is_planned_again(
    cli: Cli, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BUILT_IN, "memory", "bot.engines.memory:MemorySettings")
    sync(cli, book)
    merge(book)
    monkeypatch.setattr("bot.drafts.machine_drafts.read_revisions", lambda *_, **__: pytest.fail("read"))
    assert machines(cli, book) == set()


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_on_github_however_the_pull_request_is_merged(
    github_double: GitHubDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    world = Commented(github_double, tmp_path, monkeypatch)
    world.sync()
    world.edit(said("steep"), said("steep").replace("茶水", "热茶水"))
    people = world.double.as_user("maintainer")
    people.merge_pull(REPO, 1, method)
    people.delete_branch(REPO, "amts/zh")
    drafts = known_drafts(edition_of(world.project))
    assert {target for draft in drafts.all for target in draft.targets} == DRAFTED
    assert not drafts.hold("tea.md", NEW, [said("steep").replace("茶水", "热茶水")])


def test_an_engine_is_given_no_drafts_as_examples() -> None:
    units = [TranslationUnit("Tea is hot.", "茶热。", "a.md"), TranslationUnit("Tea is cold.", "茶冷。", "a.md")]
    memory = TranslationMemory(units).without(Drafts([Draft("a.md", "Tea is cold.", ("茶冷。",))]))
    assert [match.target for match in memory.fuzzy("Tea is cold.")] == ["茶热。"]


WORDS = st.sampled_from(["一。", "二。", "三。", "四。"])
DRAFT = st.builds(lambda path, source, target: Draft(path, source, (target,)), st.sampled_from(["a", ""]), WORDS, WORDS)
WORK = st.builds(
    MachineWork, st.lists(DRAFT, max_size=3).map(tuple), st.lists(st.builds(CarriedDraft, DRAFT, DRAFT)).map(tuple)
)


@given(st.lists(WORK, max_size=4), st.randoms())
def test_the_order_of_commits_makes_no_difference(works: list[MachineWork], random: Mapping[str, object]) -> None:
    mixed = list(works)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert gather(mixed).all == gather(works).all
    written = [draft for work in works for draft in work.written]
    assert gather(works).all.issuperset(written)
    assert bool(gather(works)) is bool(written)
