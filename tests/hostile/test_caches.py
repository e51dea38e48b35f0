"""Clones in the cache that are damaged or were tampered with: the next run is as right as one with a new cache."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import AmtsError
from bot.forge.git import Repository
from tests.support.cli_run import BOOK_ZH, ENGLISH, HABITS, HABITS_ZH, MILK, WAIT, Book, Cli
from tests.support.damaged_clones import DAMAGES
from tests.support.gitrepo import add_commits, git, make_repo, tree

pytest_plugins = ["tests.support.cli_fixtures"]

Attacked = Callable[[str, int], None]
# Here the clone stays: git mends it as it fetches, or what was put there is cleared away.
_STAYS = {
    *("HEAD leads nowhere", "a branch set back", "half a pack", "everything may only be read"),
    *("a history that is cut", "an empty border"),
    *("a commit graph of garbage", "an index of many packs of garbage"),
    *("no configuration", "an empty configuration", "a configuration of garbage"),
    *("a configuration that names an fsmonitor", "a configuration that includes another"),
    *("a configuration with another address", "a configuration with a rewritten address"),
    *("objects of another repository", "a graft", "attributes", "a hook", "a common folder elsewhere", "an index"),
    "a work tree that is gone",
}


def _seen(repository: Repository) -> dict[str, object]:
    """All that a run can see of a repository."""
    with repository:
        heads = repository.branches()
        histories = {name: repository.lines("log", "--format=%H %P %T", head) for name, head in heads.items()}
        files = {name: repository.snapshot(head) for name, head in heads.items()}
        texts = {name: {path: snapshot.read(path) for path in snapshot.entries} for name, snapshot in files.items()}
        return {"heads": heads, "histories": histories, "texts": texts}


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    make_repo(tmp_path / "book", {"a.md": "A\n", "b/c.md": "C\n"}, {"a.md": "B\n"}, {"b/d.md": "D\n"})
    return tmp_path / "book"


def _clones(cache: Path) -> list[Path]:
    return [path for path in cache.iterdir() if not path.name.endswith(".lock")]


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_clone_shows_what_a_new_one_does(
    upstream: Path, tmp_path: Path, what: str, caplog: pytest.LogCaptureFixture, attacked: Attacked
) -> None:
    url = upstream.as_uri()
    Repository.open(url, tmp_path / "cache").close()
    (place,) = _clones(tmp_path / "cache")
    DAMAGES[what](place)
    add_commits(upstream, {"a.md": "news\n"})
    caplog.set_level(logging.WARNING)
    seen = _seen(Repository.open(url, tmp_path / "cache"))
    assert seen == _seen(Repository.open(url, tmp_path / "new"))
    again = bool(caplog.messages)
    assert again is (what not in _STAYS and not what.startswith("a lock")), caplog.messages
    # And the run after that finds a sound clone.
    caplog.clear()
    assert _seen(Repository.open(url, tmp_path / "cache")) == seen
    assert caplog.messages == []
    assert _clones(tmp_path / "cache") == [place]
    assert not list(tmp_path.rglob("ran"))
    attacked("damaged caches", 1)


@pytest.mark.parametrize("what", ["a truncated pack", "a ref is garbage", "no HEAD", "a configuration of garbage"])
def test_a_damaged_clone_of_a_bundle_mends_itself(upstream: Path, tmp_path: Path, what: str) -> None:
    bundle = tmp_path / "book.bundle"
    git(upstream, "bundle", "create", "--quiet", str(bundle), "main")
    seen = _seen(Repository.open(bundle, tmp_path / "cache"))
    (place,) = _clones(tmp_path / "cache")
    DAMAGES[what](place)
    assert _seen(Repository.open(bundle, tmp_path / "cache")) == seen


@pytest.mark.parametrize("what", ["no HEAD", "a configuration of garbage", "a hook", "an index", "a lock on a branch"])
def test_the_bot_s_branches_outlive_the_damage_that_leaves_them_readable(
    upstream: Path, tmp_path: Path, what: str
) -> None:
    url, head = upstream.as_uri(), git(upstream, "rev-parse", "main~1")
    with Repository.open(url, tmp_path / "cache") as repository:
        repository.update_ref("refs/heads/amts/zh", head, None)
        repository.update_ref("refs/pull/zh/1/head", head, None)
    (place,) = _clones(tmp_path / "cache")
    DAMAGES[what](place)
    with Repository.open(url, tmp_path / "cache") as repository:
        # A clone without HEAD is no repository any more, for git neither.
        expected = None if what == "no HEAD" else head
        assert [repository.ref(f"refs/{name}") for name in ("heads/amts/zh", "pull/zh/1/head")] == [expected] * 2


def test_a_damaged_clone_stays_until_a_new_one_is_there(upstream: Path, tmp_path: Path) -> None:
    url = upstream.as_uri()
    Repository.open(url, tmp_path / "cache").close()
    (place,) = _clones(tmp_path / "cache")
    DAMAGES["an empty HEAD"](place)
    upstream.rename(tmp_path / "away")
    with pytest.raises(AmtsError, match="git clone failed"):
        Repository.open(url, tmp_path / "cache")
    assert _clones(tmp_path / "cache") == [place]
    (tmp_path / "away").rename(upstream)
    assert _seen(Repository.open(url, tmp_path / "cache")) == _seen(Repository.open(url, tmp_path / "new"))


def test_what_a_killed_clone_left_is_swept(upstream: Path, tmp_path: Path) -> None:
    left = tmp_path / "cache" / ".clone-abcdef" / "book.git" / "objects"
    left.mkdir(parents=True)
    (left / "tmp").write_text("half")
    Repository.open(upstream.as_uri(), tmp_path / "cache").close()
    assert len(_clones(tmp_path / "cache")) == 1


def _programs(place: Path, marker: Path) -> None:
    """Everything in a repository that could name a program, and does."""
    program = place / "program"
    program.write_text(f"#!/bin/sh\ntouch {marker}\n")
    program.chmod(0o755)
    hooks = place / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("reference-transaction", "pre-commit", "post-commit", "post-update", "pre-auto-gc", "update"):
        shutil.copy(program, hooks / name)
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "diff.external", "gpg.program"):
        git(place, "config", key, str(program))
    git(place, "config", "commit.gpgSign", "true")
    git(place, "config", "core.untrackedCache", "true")


def test_no_program_runs_that_a_repository_names(cli: Cli, tmp_path: Path, attacked: Attacked) -> None:
    book = Book(tmp_path, {})
    make_repo(tmp_path / "zh", {**BOOK_ZH, **HABITS_ZH}, bare=False)
    book.configure({"zh": {}})
    book.english({**HABITS, "tea.md": ENGLISH + "\n" + WAIT})
    marker = tmp_path / "ran"
    for place in (tmp_path / "en", tmp_path / "zh" / ".git"):
        _programs(place, marker)
    for command in ("check", "status", "sync", "habits"):
        assert cli(command, "--config", book.config).code == 0
    assert book.tip()
    assert not marker.exists()
    attacked("programs that repositories name", 15)


@pytest.fixture
def remote_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """A book whose repositories are cloned into the cache."""
    book = Book(tmp_path, {"zh": {**BOOK_ZH, **HABITS_ZH}}, HABITS)
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    urls = {name: (tmp_path / name).as_uri() for name in ("en", "zh")}
    book.configure({}, source={"repo": urls["en"]}, languages={"zh": {"repo": urls["zh"]}})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return book


def _synced(cli: Cli, book: Book) -> dict[str, bytes]:
    """All files of the bot's branch after a sync."""
    ran = cli("sync", "--config", book.config)
    assert ran.code == 0, ran.err
    (clone,) = (book.folder / "cache" / "amts").glob("zh-*.git")
    return tree(clone, "amts/zh")


@pytest.mark.parametrize(
    "what",
    [pytest.param(what, marks=() if what in ("a truncated pack", "a hook") else pytest.mark.sweep) for what in DAMAGES],
)
def test_a_sync_with_damaged_caches_proposes_what_one_with_new_ones_does(
    cli: Cli, remote_book: Book, tmp_path: Path, what: str, attacked: Attacked
) -> None:
    _synced(cli, remote_book)
    clones = list((tmp_path / "cache" / "amts").glob("*.git"))
    assert len(clones) == 2
    for clone in clones:
        DAMAGES[what](clone)
    remote_book.english({"tea.md": ENGLISH + "\n" + WAIT + "\n" + MILK})
    mended = _synced(cli, remote_book)
    shutil.rmtree(tmp_path / "cache")
    assert _synced(cli, remote_book) == mended
    assert "加一点牛奶。".encode() in mended["tea.md"]
    attacked("syncs with damaged caches", 1)


@pytest.mark.parametrize(
    "damage", [lambda _: b"", lambda data: data[:40], lambda data: data[::-1], lambda _: b"[" * 9999]
)
def test_results_in_the_cache_that_are_damaged_are_worked_out_again(
    cli: Cli, remote_book: Book, tmp_path: Path, damage: Callable[[bytes], bytes], attacked: Attacked
) -> None:
    whole = cli("status", "--config", remote_book.config, "--json")
    entries = [path for path in (tmp_path / "cache" / "amts").glob("*/??/*") if path.is_file()]
    assert entries
    for path in entries:
        path.write_bytes(damage(path.read_bytes()))
    assert cli("status", "--config", remote_book.config, "--json") == whole
    attacked("damaged results in the cache", len(entries))


@pytest.mark.parametrize(
    "what",
    [pytest.param(what, marks=() if number % 6 == 0 else pytest.mark.sweep) for number, what in enumerate(DAMAGES)],
)
def test_a_damaged_repository_of_people_is_told_and_never_thrown_away(
    cli: Cli, tmp_path: Path, what: str, attacked: Attacked
) -> None:
    book = Book(tmp_path, {name: {**BOOK_ZH, **HABITS_ZH} for name in ("aa", "zh")}, HABITS)
    book.configure({}, languages={name: {"repo": name, "language": "zh"} for name in ("aa", "zh")})
    book.english({"tea.md": ENGLISH + "\n" + WAIT})
    place = tmp_path / "aa"
    DAMAGES[what](place)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    ran = cli("sync", "--config", book.config)
    assert ran.code in (0, 4, 5, 6, 7, 9), ran.err
    assert "bug of amts" not in ran.err, ran.err
    assert book.tip("zh")
    assert {path: path.read_bytes() for path in before if path.is_file()} == before
    attacked("damaged repositories of people", 1)
