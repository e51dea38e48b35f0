"""English that stands where a translation belongs: never forgotten, never counted, and gives way to people's words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from bot.book.project import Project
from bot.drafts.states import State
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation
from bot.parallel_data.book_pairs import build_parallel_data, default_rules
from bot.parallel_data.options import Level
from bot.sync.decisions import Decisions, serialize_state, state_path
from bot.sync.status import LanguageStatus, language_status
from tests.support.chapters_scene import Machine, Scene
from tests.support.cli_run import Book, Cli
from tests.support.editions import edition_of
from tests.support.gitrepo import add_commits, git

BRANCH = "amts/zh"
INDEX, DATA, DEEP = "index.md", "intro/data.md", "nets/deep.md"
PAGES = ("honey", "queen", "spring", "winter")
SHARED = [f"A good hive has {number} frames of wax." for number in ("six", "eight", "nine", "ten", "eleven", "twelve")]
SHARED_ZH = [f"好的蜂箱有{number}个蜡框。" for number in ("六", "八", "九", "十", "十一", "十二")]


def _own(page: str) -> list[str]:
    return [
        f"The {page} needs {number} days to become old." for number in ("two", "three", "four", "five", "six", "seven")
    ]


def _page(page: str) -> str:
    return "\n\n".join([f"# The {page} of the bees", *SHARED, *_own(page), "## AlexNet", "```\nbees()\n```"]) + "\n"


@pytest.fixture
def empty(tmp_path: Path) -> Book:
    """A book that nobody has translated, with the memory as its engine."""
    book = Book(tmp_path, {"zh": {"README.txt": "Bienen\n"}})
    settings = {"zh": {"repo": "zh", "baseline": "lock-file", "engine": "memory"}}
    book.configure({}, languages=settings)
    book.english({"tea.md": None, "cups.md": None, **{f"{page}.md": _page(page) for page in PAGES}})
    return book


def _merge(book: Book) -> None:
    place = book.folder / "zh"
    tree_id = git(place, "merge-tree", "--write-tree", "main", BRANCH)
    merged = git(place, "commit-tree", tree_id, "-p", "main", "-p", BRANCH, "-m", "Merge")
    git(place, "update-ref", "refs/heads/main", merged)
    git(place, "update-ref", "-d", f"refs/heads/{BRANCH}")


def _states(cli: Cli, book: Book) -> dict[str, int]:
    data = cli("status", "-c", book.config, "--json").json()["languages"]
    assert isinstance(data, dict)
    return dict(data["zh"]["states"])


def _outcome(cli: Cli, book: Book) -> str:
    languages = cli("sync", "-c", book.config, "--json").json()["languages"]
    assert isinstance(languages, list)
    return str(languages[0]["outcome"])


def _main(book: Book, page: str) -> str:
    return git(book.folder / "zh", "show", f"main:{page}.md") + "\n"


def test_an_empty_translation_that_is_merged_untouched_is_not_translated_at_all(cli: Cli, empty: Book) -> None:
    assert "zh: 0 % translated: of 52 sentences" in cli("status", "-c", empty.config).out
    assert _outcome(cli, empty) == "created"
    _merge(empty)
    shown = cli("status", "-c", empty.config).out
    assert "zh: 0 % translated: of 52 sentences, 0 people's" in shown
    assert "52 not translated" in shown
    # An engine that can't translate it proposes nothing, however often it runs.
    assert _outcome(cli, empty) == "nothing"
    assert "52 sentences in it not translated yet" in cli("sync", "-c", empty.config).out


def test_what_people_translate_on_two_pages_is_reused_on_all_and_the_rest_stays_listed(cli: Cli, empty: Book) -> None:
    _outcome(cli, empty)
    _merge(empty)
    honey, queen = _main(empty, "honey"), _main(empty, "queen")
    for english, chinese in zip(SHARED, SHARED_ZH, strict=True):
        honey = honey.replace(english, chinese)
    for number, english in enumerate(_own("queen")):
        queen = queen.replace(english, f"蜂王需要{number}天才会变老。")
    add_commits(empty.folder / "zh", {"honey.md": honey, "queen.md": queen})
    assert _states(cli, empty) == {"people": 12, "machine": 0, "stale": 0, "untranslated": 40}
    assert _outcome(cli, empty) == "created"
    for page in PAGES[1:]:
        text = empty.text(f"{page}.md")
        assert all(chinese in text for chinese in SHARED_ZH)
        assert not any(english in text for english in SHARED)
    body = empty.body(2)
    assert "## Not translated yet" in body
    assert "- `honey.md`, line 15: `The honey needs two days to become old.`" in body
    _merge(empty)
    assert _states(cli, empty) == {"people": 30, "machine": 0, "stale": 0, "untranslated": 22}
    for number in range(3):
        page = _page("winter") + "".join(f"\nThe {k}th winter was very cold.\n" for k in range(number + 1))
        empty.english({"winter.md": page})
        assert _outcome(cli, empty) == "created"
        assert "- `honey.md`, line 15: `The honey needs two days to become old.`" in empty.body(3 + number)
        _merge(empty)
    assert _states(cli, empty) == {"people": 30, "machine": 0, "stale": 0, "untranslated": 25}


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A sentence of a book in step stands in English, beside a name."""
    scene = Scene(tmp_path, monkeypatch)
    scene.above = None
    scene.add("# AlexNet\n\nThe hive is full of golden honey.", DATA)
    scene.sync()
    text = scene.text(DATA, BRANCH).replace(
        "机器〔The hive is full of golden honey.〕。", "The hive is full of golden honey."
    )
    scene.host.push(BRANCH, {DATA: text.replace("机器〔AlexNet〕。", "AlexNet") + "\n"})
    scene.merge(BRANCH)
    Machine.asked.clear()
    return scene


HONEY = "The hive is full of golden honey."


def _status(scene: Scene) -> LanguageStatus:
    return language_status(edition_of(scene.project))


def test_an_engine_that_can_translate_it_is_asked_and_nothing_else_changes(scene: Scene) -> None:
    before = scene.text(DATA)
    assert scene.sync() == {None: "created"}
    assert Machine.asked == [HONEY]
    assert scene.text(DATA, BRANCH) == before.replace(HONEY, f"机器〔{HONEY}〕。")
    assert scene.changed(BRANCH) <= {DATA, ".amts/lock.yaml"}


def test_people_may_keep_it_in_english(scene: Scene) -> None:
    state = serialize_state(Decisions(sentences={DATA: frozenset({HONEY})}))
    scene.host.push("main", {state_path("zh"): state})
    assert scene.sync() == {None: "nothing"}
    assert _status(scene).states[State.UNTRANSLATED.value] == 0
    scene.add("It is very sweet indeed.", DATA)
    result = scene.results()[None].results[0]
    assert result.merge is not None
    assert not result.merge.left
    assert HONEY in scene.text(DATA, BRANCH)
    assert HONEY not in Machine.asked


def test_a_pull_request_with_it_that_people_close_is_not_opened_again(scene: Scene) -> None:
    scene.sync()
    scene.close(BRANCH)
    assert scene.sync() == {None: "declined"}


def test_it_teaches_nobody_and_is_not_held_out(scene: Scene) -> None:
    edition = edition_of(scene.project)
    data = build_parallel_data(edition, Level.SENTENCE, default_rules(edition.direction, 1))
    fates = {record.pair.unit.source: record.status.value for record in data.records}
    assert fates[HONEY] == "identical"


class Mute(Machine):
    """Has no usable answer, and counts what it is asked."""

    name = label = "mute"
    requests: ClassVar[list[str]] = []

    def translate(
        self, requests: Sequence[Request], direction: Direction, examples: TranslationMemory
    ) -> Sequence[Translation]:
        Mute.requests += [request.text for request in requests]
        return [Translation(request.text, left="no usable answer") for request in requests]


def test_what_an_engine_could_not_answer_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(tmp_path, monkeypatch)
    scene.above = None
    monkeypatch.setattr(Project, "engine", lambda *_, **__: Mute())
    monkeypatch.setattr(Mute, "requests", [])
    scene.add(HONEY, DATA)
    assert scene.sync() == {None: "created"}
    scene.merge(BRANCH)
    assert Mute.requests == [HONEY]
    assert scene.sync() == {None: "nothing"}
    scene.add("It is very sweet indeed.", DATA)
    scene.sync()
    assert Mute.requests == [HONEY, "It is very sweet indeed."]
    # Another engine may know it.
    scene.merge(BRANCH)
    monkeypatch.setattr(Project, "engine", lambda *_, **__: Machine())
    assert scene.sync() == {None: "created"}
    assert set(Machine.asked) == {HONEY, "It is very sweet indeed."}


def test_neither_a_copy_nor_a_draft_hides_what_people_made_of_it_elsewhere(scene: Scene) -> None:
    # intro/data.md has this English first: as it is, then as the machine translates it.
    scene.add(HONEY, DEEP)
    scene.sync()
    scene.host.push(
        BRANCH, {DEEP: scene.text(DEEP, BRANCH).replace(f"机器〔{HONEY}〕。", "蜂箱里满是金色的蜂蜜。") + "\n"}
    )
    scene.merge(BRANCH)
    Machine.asked.clear()
    scene.add(HONEY, INDEX)
    scene.sync()
    assert HONEY not in Machine.asked
    assert "蜂箱里满是金色的蜂蜜。" in scene.text(INDEX, BRANCH)


def test_a_draft_that_was_merged_untouched_is_the_machine_s_until_somebody_touches_it(scene: Scene) -> None:
    scene.sync()
    scene.merge(BRANCH)
    states = _status(scene).states
    assert (states["machine"], states["untranslated"]) == (1, 0)
    scene.host.push("main", {DATA: scene.text(DATA).replace(f"机器〔{HONEY}〕。", "蜂箱里满是蜂蜜。") + "\n"})
    after = _status(scene).states
    assert (after["machine"], after["people"]) == (0, states["people"] + 1)


def test_english_that_went_away_and_came_back_finds_the_translation_it_had(scene: Scene) -> None:
    before = scene.english[DEEP]
    scene.change({DEEP: "# Depth\n\nShort now.\n"})
    scene.sync()
    scene.merge(BRANCH)
    translation = "安娜〔Deep networks have very many layers.〕。"
    assert translation not in scene.text(DEEP)
    scene.change({DEEP: before})
    Machine.asked.clear()
    (merge,) = [one.merge for one in scene.results()[None].results if one.path == DEEP]
    assert merge is not None
    assert translation in scene.text(DEEP, BRANCH)
    assert Machine.asked == []
    (reason,) = [edit.reason for edit in merge.edits if edit.action.value == "reused"]
    assert f"translated in {DEEP} of " in reason


def test_a_whole_file_that_comes_back_finds_its_translation_too(scene: Scene) -> None:
    before = scene.english[DEEP]
    scene.change({DEEP: None})
    scene.sync()
    scene.merge(BRANCH)
    scene.change({DEEP: before})
    Machine.asked.clear()
    scene.sync()
    assert "安娜〔Deep networks have very many layers.〕。" in scene.text(DEEP, BRANCH)


def test_english_that_people_put_in_the_place_of_a_translation_does_not_find_that_again(scene: Scene) -> None:
    text = scene.text(DEEP)
    scene.host.push(
        "main",
        {DEEP: text.replace("安娜〔Deep networks have very many layers.〕。", "Deep networks have very many layers.")},
    )
    Machine.asked.clear()
    scene.sync()
    assert "安娜〔Deep networks" not in scene.text(DEEP, BRANCH)
    assert "Deep networks have very many layers." in Machine.asked
