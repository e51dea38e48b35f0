"""A sentence that stands although its English changed: recorded in git, and made good again from its own English."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.book.stale_record import StaleRecord, parse_stale, serialize_stale, stale_path
from bot.changes import StaleSentence
from bot.errors import InputError
from bot.model import Action, Revision
from bot.parallel_data.book_pairs import build_parallel_data, default_rules
from bot.parallel_data.options import Level
from bot.sync.decisions import Decisions, serialize_state, state_path
from tests.support.chapters_scene import Machine, Scene
from tests.support.editions import edition_of
from tests.support.gitrepo import git

BRANCH, RECORD = "amts/zh", stale_path("zh")
DATA, DEEP = "intro/data.md", "nets/deep.md"
ROW, LAYERS = "Every example is a row of a table.", "Deep networks have very many layers."
LINE = "Every example is a column of a table."
LAST = "Every example is a column of a matrix."
MANY = "Deep networks have very many units."
FEW = "Deep networks have very many inputs."
ROW_ZH, LAYERS_ZH = "每个例子都是表里的一行。", "深的网络有非常多的层。"


def _made(folder: Path, monkeypatch: pytest.MonkeyPatch, baseline: str = "lock-file") -> Scene:
    scene = Scene(folder, monkeypatch, baseline=baseline)
    scene.host.push("main", {DATA: f"# 数据\n\n{ROW_ZH}\n", DEEP: f"# 深度\n\n{LAYERS_ZH}\n"})
    return scene


@pytest.fixture(params=["lock-file", "origin-file"])
def scene(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    scene = _made(tmp_path, monkeypatch, request.param)
    scene.above = None
    return scene


@pytest.fixture
def chapters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    scene = _made(tmp_path, monkeypatch)
    scene.above = 1
    return scene


def _reword(scene: Scene, path: str, old: str, new: str) -> None:
    scene.change({path: scene.english[path].replace(old, new)})


def _record(scene: Scene, branch: str = "main") -> StaleRecord:
    names = scene.host.run("ls-tree", "-r", "--name-only", branch).split("\n")
    return parse_stale(scene.text(RECORD, branch).encode(), RECORD) if RECORD in names else {}


def _entry(english: str = ROW, now: str = LINE, translation: str = ROW_ZH) -> frozenset[StaleSentence]:
    return frozenset({StaleSentence((english,), (translation,), (now,))})


def _revisions(scene: Scene) -> list[Revision]:
    """One run of the bot; the sentences that it finds changed."""
    results = [result for synced in scene.results().values() for result in synced.results]
    return [revision for result in results if result.merge for revision in result.merge.revisions]


def _whole_sentences() -> list[str]:
    """What the machine was asked besides phrases of stale sentences."""
    return [text for text in Machine.asked if text.endswith(".")]


def _squash(scene: Scene, branch: str) -> None:
    commit = scene.host.run("commit-tree", f"{branch}^{{tree}}", "-p", "main", "-m", "Squashed").strip()
    scene.host.run("update-ref", "refs/heads/main", commit)
    scene.host.run("update-ref", "-d", f"refs/heads/{branch}")


def _rebase(scene: Scene, branch: str) -> None:
    """The commits of a branch are made anew on top of main, which has moved on."""
    place = scene.folder / "rebased"
    scene.host.run("worktree", "add", "--quiet", "--detach", str(place), branch)
    git(place, "rebase", "--quiet", "main")
    scene.host.run("update-ref", "refs/heads/main", git(place, "rev-parse", "HEAD"))
    scene.host.run("worktree", "remove", str(place))
    scene.host.run("update-ref", "-d", f"refs/heads/{branch}")


@pytest.fixture
def stale(scene: Scene) -> Scene:
    """The pull request with the stale sentence is open."""
    _reword(scene, DATA, ROW, LINE)
    assert scene.sync() == {None: "created"}
    return scene


def test_what_stands_is_recorded_with_its_english_and_the_translation_is_people_s(stale: Scene) -> None:
    assert _record(stale, BRANCH) == {DATA: _entry()}
    assert ROW_ZH in stale.text(DATA, BRANCH)
    assert stale.sync() == {None: "unchanged"}
    assert _whole_sentences() == []


@pytest.mark.parametrize("land", [_squash, _rebase, Scene.merge])
def test_however_it_is_merged_the_next_change_is_one_of_the_english_people_translated(
    stale: Scene, land: Callable[[Scene, str], None]
) -> None:
    stale.host.push(BRANCH, {"notes.txt": "A reviewer was here.\n"})
    if land is not _squash:
        stale.host.push("main", {"main.txt": "Main moved on.\n"})
    land(stale, BRANCH)
    assert _record(stale) == {DATA: _entry()}
    assert stale.sync() in ({None: "nothing"}, {None: "closed"})
    _reword(stale, DATA, LINE, LAST)
    (revision,) = _revisions(stale)
    assert (revision.action, revision.base, revision.source) == (Action.STALE, ROW, LAST)
    assert _record(stale, BRANCH) == {DATA: _entry(now=LAST)}


def test_english_that_comes_back_was_never_changed(stale: Scene) -> None:
    stale.merge(BRANCH)
    _reword(stale, DATA, LINE, ROW)
    assert _revisions(stale) == []
    assert _record(stale, BRANCH) == {}
    assert ROW_ZH in stale.text(DATA, BRANCH)
    assert _whole_sentences() == []


def test_english_that_comes_back_in_the_same_pull_request_leaves_nothing_to_propose(stale: Scene) -> None:
    _reword(stale, DATA, LINE, ROW)
    assert stale.sync() == {None: "closed"} or _record(stale, BRANCH) == {}
    assert stale.text(DATA, BRANCH) == stale.text(DATA)


def test_a_sentence_that_a_reviewer_edits_is_stale_no_more(stale: Scene) -> None:
    edited = stale.text(DATA, BRANCH).replace("例子", "示例") + "\n"
    stale.host.push(BRANCH, {DATA: edited})
    _reword(stale, DEEP, LAYERS, MANY)
    assert stale.sync() == {None: "updated"}
    assert _record(stale, BRANCH) == {DEEP: _entry(LAYERS, MANY, LAYERS_ZH)}
    _reword(stale, DATA, LINE, LAST)
    assert [revision.base for revision in _revisions(stale)] == [LINE]


def test_an_entry_follows_its_file_when_the_english_is_renamed(stale: Scene) -> None:
    stale.merge(BRANCH)
    stale.change({DATA: None, "intro/rows.md": stale.english[DATA]})
    stale.sync()
    assert _record(stale, BRANCH) == {"intro/rows.md": _entry()}
    stale.merge(BRANCH)
    _reword(stale, "intro/rows.md", LINE, LAST)
    assert [revision.base for revision in _revisions(stale)] == [ROW]


def test_an_entry_goes_with_its_file(stale: Scene) -> None:
    stale.merge(BRANCH)
    stale.change({DATA: None})
    stale.sync()
    assert _record(stale, BRANCH) == {}


def test_an_entry_follows_a_file_that_people_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = _made(tmp_path, monkeypatch, "origin-file")
    scene.above = None
    _reword(scene, DATA, ROW, LINE)
    scene.sync()
    scene.merge(BRANCH)
    files = {path: scene.text(path) + "\n" for path in (DATA, "intro/data_origin.md")}
    names = {path: path.replace("data", "rows") for path in files}
    scene.host.push("main", {**dict.fromkeys(files), **{names[path]: text for path, text in files.items()}})
    scene.change({DATA: None, "intro/rows.md": scene.english[DATA]})
    _reword(scene, DEEP, LAYERS, MANY)
    scene.sync()
    assert _record(scene, BRANCH) == {"intro/rows.md": _entry(), DEEP: _entry(LAYERS, MANY, LAYERS_ZH)}


def test_a_bot_on_another_machine_knows_all_of_it(stale: Scene) -> None:
    stale.merge(BRANCH)
    known = _pairs(stale)
    stale.lose_cache()
    assert _pairs(stale) == known
    stale.lose_cache()
    _reword(stale, DATA, LINE, LAST)
    assert [revision.base for revision in _revisions(stale)] == [ROW]


def test_what_branch_and_main_recorded_is_joined_when_they_conflict(stale: Scene) -> None:
    # Another bot, or people by hand, brought the other chapter in step on main.
    theirs = {DEEP: _entry(LAYERS, MANY, LAYERS_ZH)}
    stale.host.push("main", {RECORD: serialize_stale(theirs), "intro/index.md": "# 导论\n"})
    _reword(stale, "index.md", "first", "very first")
    stale.sync()
    assert {DATA: _entry(), **theirs}.items() <= _record(stale, BRANCH).items()


def test_chapters_record_side_by_side(chapters: Scene) -> None:
    _reword(chapters, DATA, ROW, LINE)
    _reword(chapters, DEEP, LAYERS, MANY)
    assert chapters.sync() == {"intro": "created", "nets": "created"}
    intro, nets = "amts/zh+intro", "amts/zh+nets"
    assert (_record(chapters, intro), _record(chapters, nets)) == (
        {DATA: _entry()},
        {DEEP: _entry(LAYERS, MANY, LAYERS_ZH)},
    )
    chapters.merge(intro)
    chapters.sync()
    both = {DATA: _entry(), DEEP: _entry(LAYERS, MANY, LAYERS_ZH)}
    assert _record(chapters, nets) == both
    chapters.merge(nets)
    assert _record(chapters) == both
    # From now on, the changes of two chapters are lines of their own to git.
    _reword(chapters, DATA, LINE, LAST)
    _reword(chapters, DEEP, MANY, FEW)
    chapters.sync()
    chapters.merge(intro)
    chapters.merge(nets)
    assert _record(chapters) == {DATA: _entry(now=LAST), DEEP: _entry(LAYERS, FEW, LAYERS_ZH)}


def test_a_stale_translation_is_taught_for_the_english_it_was_made_from(stale: Scene) -> None:
    before = _pairs(stale)
    stale.merge(BRANCH)
    assert _pairs(stale) == before
    assert (ROW, ROW_ZH) in before


def test_a_stale_translation_is_not_used_for_the_new_english_elsewhere(stale: Scene) -> None:
    stale.merge(BRANCH)
    stale.add(LINE, "index.md")
    stale.sync()
    assert _whole_sentences() == [LINE]
    assert ROW_ZH not in stale.text("index.md", BRANCH)


def test_a_translation_that_is_none_of_the_new_english_hides_no_other(stale: Scene) -> None:
    stale.merge(BRANCH)
    stale.add(LINE, "index.md")
    stale.sync()
    stale.merge(BRANCH)
    # intro/data.md has this English first, but only index.md has a translation of it.
    stale.add(LINE, DEEP)
    stale.sync()
    assert _whole_sentences() == [LINE]


def test_a_damaged_record_stops_the_language_with_one_sentence(stale: Scene) -> None:
    stale.merge(BRANCH)
    broken = stale.text(RECORD).replace("    now:", "    new:") + "\n"
    stale.host.push("main", {RECORD: broken})
    _reword(stale, DATA, LINE, LAST)
    with pytest.raises(InputError, match=r"^\.amts/stale\.zh\.yaml:6: an entry must have exactly .* restore the file"):
        stale.sync()
    stale.host.push("main", {RECORD: broken.replace("    new:", "    now:")})
    assert [revision.base for revision in _revisions(stale)] == [ROW]


def test_a_kept_sentence_is_left_as_before(stale: Scene) -> None:
    stale.merge(BRANCH)
    state = serialize_state(Decisions(sentences={DATA: frozenset({ROW_ZH})}))
    stale.host.push("main", {state_path("zh"): state})
    _reword(stale, DATA, LINE, LAST)
    (result,) = stale.results()[None].results
    assert result.merge is not None
    assert [left.reason for left in result.merge.left] == ["kept by people; its English changed"]
    assert ROW_ZH in stale.text(DATA, BRANCH)


def _pairs(scene: Scene) -> set[tuple[str, str]]:
    edition = edition_of(scene.project)
    data = build_parallel_data(edition, Level.SENTENCE, default_rules(edition.direction, 0))
    return {(record.pair.unit.source, record.pair.unit.target) for record in data.records}
