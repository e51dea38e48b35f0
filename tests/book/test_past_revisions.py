"""Past revisions in real repositories: what counts as people's, and what an edition learns from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.book.baselines import Base, BaselineStrategy, Paths
from bot.book.cache import Cache
from bot.book.history import read_history
from bot.book.lock_file import LOCK_PATH, LockFile, serialize_lock
from bot.book.origin_file import OriginFile
from bot.book.past_revisions import PastRevisions, learned_habits
from bot.book.stale_record import EffectiveBases, WithEffectiveBases, serialize_stale, stale_path
from bot.book.workers import Runner
from bot.changes import StaleSentence
from bot.forge.commit import write_commit
from bot.forge.git import Repository
from bot.forge.trailers import CONTINUES
from bot.model import Direction, Language, Signature
from bot.repair import PastRevision
from tests.support.gitrepo import Content, add_commits, git, make_repo

DIRECTION = Direction(Language("en", "English"), Language("es", "Spanish", length_ratio=1.12, splitter="es"))
ORIGIN_FILE = OriginFile()
BOT = Signature("amts", "amts@example.org", datetime(2026, 1, 1, tzinfo=UTC))

MEAN = "The mean of $n$ numbers is their sum divided by $n$."
CALL = "It is computed by `mean(x)` in 12 steps."
MOVES = "A single large number moves the mean a lot."
MEAN_ES = "La media de $n$ números es su suma dividida entre $n$."
CALL_ES = "Se calcula con `mean(x)` en 12 pasos."
MOVES_ES = "Un solo número grande mueve mucho la media."


def page(*sentences: str) -> str:
    return "# Mean\n\n" + "\n\n".join(sentences) + "\n"


def step(english: Sequence[str], spanish: Sequence[str]) -> dict[str, Content]:
    return {"mean_origin.md": page(*english), "mean.md": page(*spanish)}


FIRST = step([MEAN, CALL, MOVES], [MEAN_ES, CALL_ES, MOVES_ES])
SECOND = step([MEAN, CALL.replace("12", "15"), f"**{MOVES}**"], [MEAN_ES, CALL_ES.replace("12", "15"), MOVES_ES])
NUMBER = PastRevision(CALL, CALL.replace("12", "15"), CALL_ES, CALL_ES.replace("12", "15"), "mean.md")
MARK = PastRevision(MOVES, f"**{MOVES}**", MOVES_ES, MOVES_ES, "mean.md")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    make_repo(tmp_path / "en", {"mean.md": page(MEAN, CALL, MOVES)})
    make_repo(tmp_path / "es", FIRST)
    return tmp_path / "es"


def past(target: Path, strategy: BaselineStrategy = ORIGIN_FILE) -> PastRevisions:
    english = Repository.open(target.parent / "en", target.parent)
    translated = Repository.open(target, target.parent)
    head = english.head("main")
    source, published = english.snapshot(head), translated.snapshot(translated.head("main"))
    strategy = WithEffectiveBases(strategy, lambda snapshot: EffectiveBases(snapshot, "es", DIRECTION))
    paths = Paths(source_of=lambda path: path)
    return PastRevisions(source, read_history(english, head), published, strategy, paths, DIRECTION, "es")


def mined(target: Path, strategy: BaselineStrategy = ORIGIN_FILE) -> list[PastRevision]:
    return past(target, strategy).read(Cache(target.parent / "cache"), Runner(1))


def bot_commit(target: Path, start: str, files: Mapping[str, Content]) -> str:
    """Committed by the bot on `start`; no branch moves."""
    data = {path: content.encode() for path, content in files.items() if isinstance(content, str)}
    with Repository.open(target, target.parent) as repository:
        return write_commit(repository, [start], data, f"Sync\n\n{CONTINUES}: {start}\n", BOT)


def merge(target: Path, branch: str) -> None:
    """Merges a branch into the main one, as the host's button does."""
    commit = git(target, "commit-tree", f"{branch}^{{tree}}", "-p", "main", "-p", branch, "-m", "Merge")
    git(target, "update-ref", "refs/heads/main", commit)


def test_a_commit_of_people_shows_each_sentence_whose_english_changed(target: Path) -> None:
    add_commits(target, SECOND)
    assert mined(target) == [NUMBER, MARK]


def test_the_newest_steps_come_first(target: Path) -> None:
    third = step([MEAN, CALL, f"**{MOVES}**"], [MEAN_ES, CALL_ES, MOVES_ES])
    add_commits(target, SECOND, third)
    assert [revision.base for revision in mined(target)] == [NUMBER.new, NUMBER.base, MARK.base]


def test_a_commit_that_changes_only_one_of_english_and_translation_shows_nothing(target: Path) -> None:
    add_commits(target, {"mean_origin.md": SECOND["mean_origin.md"]}, {"mean.md": SECOND["mean.md"]})
    assert mined(target) == []


def test_the_bots_own_commits_are_not_peoples(target: Path) -> None:
    main = git(target, "rev-parse", "main")
    git(target, "update-ref", "refs/heads/main", bot_commit(target, main, SECOND))
    assert mined(target) == []


def test_a_pull_request_that_was_merged_as_the_bot_made_it_says_nothing(target: Path) -> None:
    main = git(target, "rev-parse", "main")
    git(target, "update-ref", "refs/heads/amts/es", bot_commit(target, main, SECOND))
    merge(target, "amts/es")
    assert mined(target) == []


def test_a_pull_request_that_reviewers_edited_counts_as_a_whole(target: Path) -> None:
    main = git(target, "rev-parse", "main")
    marked = {**SECOND, "mean.md": page(MEAN_ES, CALL_ES.replace("12", "15"), f"**{MOVES_ES}**")}
    git(target, "update-ref", "refs/heads/amts/es", bot_commit(target, main, marked))
    add_commits(target, {"mean.md": SECOND["mean.md"]}, branch="amts/es")
    merge(target, "amts/es")
    assert mined(target) == [NUMBER, MARK]


def test_a_lock_file_tells_which_english_a_translation_had(tmp_path: Path) -> None:
    commits = make_repo(tmp_path / "en", {"mean.md": FIRST["mean_origin.md"]}, {"mean.md": SECOND["mean_origin.md"]})

    def locked(commit: str) -> Content:
        blob = git(tmp_path / "en", "rev-parse", f"{commit}:mean.md")
        return serialize_lock({"mean.md": Base(blob, "mean.md", commit)})

    steps = [
        {"mean.md": made["mean.md"], LOCK_PATH: locked(commit)}
        for made, commit in zip((FIRST, SECOND), commits, strict=True)
    ]
    make_repo(tmp_path / "es", *steps)
    assert mined(tmp_path / "es", LockFile()) == [NUMBER, MARK]


def test_a_record_that_was_broken_for_a_while_does_not_stop_the_search(tmp_path: Path) -> None:
    (commit,) = make_repo(tmp_path / "en", {"mean.md": FIRST["mean_origin.md"]})
    blob = git(tmp_path / "en", "rev-parse", f"{commit}:mean.md")
    lock = serialize_lock({"mean.md": Base(blob, "mean.md", commit)})
    make_repo(
        tmp_path / "es",
        {"mean.md": FIRST["mean.md"], LOCK_PATH: lock},
        {"mean.md": SECOND["mean.md"], LOCK_PATH: "no: lock"},
        {"mean.md": FIRST["mean.md"], LOCK_PATH: lock},
    )
    assert mined(tmp_path / "es", LockFile()) == []


def test_a_merged_branch_of_people_counts_once(target: Path) -> None:
    halfway = step([MEAN, CALL, f"*{MOVES}*"], [MEAN_ES, CALL_ES, MOVES_ES])
    add_commits(target, halfway, SECOND, branch="people", start=git(target, "rev-parse", "main"))
    merge(target, "people")
    assert mined(target) == [NUMBER, MARK]


def test_sentences_that_hardly_correspond_say_nothing(target: Path) -> None:
    plain = "It rains.", "Nobody knows.", "We leave now."
    other = "Llueve.", "Nadie lo sabe.", "Nos vamos ya."
    add_commits(target, step(plain, other), step([f"**{text}**" for text in plain], [f"**{text}**" for text in other]))
    assert mined(target) == []


def test_a_stale_sentence_counts_when_people_edit_it_not_when_it_is_left_stale(target: Path) -> None:
    entry = StaleSentence((MOVES,), (MOVES_ES,), (f"**{MOVES}**",))
    record = serialize_stale({"mean.md": frozenset({entry})})
    assert record is not None
    add_commits(target, {**SECOND, stale_path("es"): record})
    assert mined(target) == [NUMBER]
    edited = page(MEAN_ES, CALL_ES.replace("12", "15"), f"**{MOVES_ES}**")
    add_commits(target, {"mean.md": edited})
    assert mined(target) == [MARK._replace(after=f"**{MOVES_ES}**"), NUMBER]


def test_a_text_that_cannot_be_read_says_nothing(target: Path) -> None:
    add_commits(target, {**SECOND, "mean.md": b"\xff\xfe"}, SECOND)
    assert mined(target) == []


def test_habits_are_learned_once_for_each_published_commit(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_commits(target, SECOND)
    cache = Cache(target.parent / "cache")
    habits = learned_habits(past(target), cache, Runner(1))
    assert habits.counts == {"number": (1, 0), "mark": (0, 1)}
    with monkeypatch.context() as patched:
        patched.setattr(PastRevisions, "read", None)
        assert learned_habits(past(target), cache, Runner(1)) == habits
    add_commits(target, FIRST)
    assert learned_habits(past(target), cache, Runner(1)).revisions == 4


def test_a_new_commit_costs_only_its_own_files(target: Path) -> None:
    asked: list[int] = []

    class Counting(Runner):
        def map(self, stage, function, items, *shared):  # type: ignore[no-untyped-def]
            asked.append(len(items))
            return super().map(stage, function, items, *shared)

    cache = Cache(target.parent / "cache")
    add_commits(target, SECOND)
    past(target).read(cache, Counting(1))
    add_commits(target, FIRST)
    past(target).read(cache, Counting(1))
    assert asked == [1, 1]
