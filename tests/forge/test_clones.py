"""The clones in the cache over a long life: many fetches, older versions, the user's own configuration, other runs."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import time
from pathlib import Path

import pytest

from bot.config.network import NetworkSettings
from bot.errors import DeadlineError, RepositoryError
from bot.forge import mirror
from bot.forge.git import Repository
from bot.network.deadline import time_limit
from tests.support.gitrepo import add_commits, git, make_repo


@pytest.fixture(params=["book", "book-sha256"])
def upstream(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """With an address that must not be taken for the kind of its ids."""
    place = tmp_path / str(request.param)
    make_repo(place, {"a.md": "A\n"}, {"a.md": "B\n"})
    return place


@pytest.fixture(autouse=True)
def never_fetched_again(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING)
    return caplog


def opened(upstream: Path, network: NetworkSettings | None = None) -> Repository:
    mirror.forget()
    return Repository.open(upstream.as_uri(), upstream.parent / "cache", network=network or NetworkSettings())


def clone_of(upstream: Path) -> Path:
    (place,) = (upstream.parent / "cache").glob("*.git")
    return place


def configured(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    """The user's own configuration."""
    (folder / "gitconfig").write_text(text)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(folder / "gitconfig"))


def wrote(repository: Repository, data: bytes) -> str:
    """An object that no branch leads to yet, as in the middle of a sync."""
    return repository.run("hash-object", "-w", "--stdin", stdin=data).decode().strip()


@pytest.mark.parametrize(
    "settings",
    ["", "[repack]\n\tupdateServerInfo = true\n[gc]\n\tpruneExpire = now\n[fetch]\n\twriteCommitGraph = true\n"],
)
def test_git_may_tidy_up_beside_a_run_that_writes(
    upstream: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, settings: str
) -> None:
    configured(monkeypatch, upstream.parent, settings + "[gc]\n\tautoPackLimit = 2\n")
    with opened(upstream) as running:
        written = wrote(running, b"half a sync\n")
        inode = clone_of(upstream).stat().st_ino
        for number in range(5):
            (head,) = add_commits(upstream, {"a.md": f"{number}\n"})
            with opened(upstream) as other:
                assert other.head("main") == head
        assert len(list((clone_of(upstream) / "objects" / "pack").glob("*.pack"))) <= 3, "git gc did not run"
        assert running.read(written) == b"half a sync\n"
    assert clone_of(upstream).stat().st_ino == inode
    assert caplog.messages == []


@pytest.mark.parametrize(
    "settings",
    [
        "[core]\n\tlogAllRefUpdates = always\n",
        "[core]\n\tlogAllRefUpdates = true\n",
        "[fetch]\n\tprune = true\n\tpruneTags = true\n",
        "[fetch]\n\twriteCommitGraph = true\n[core]\n\tcommitGraph = true\n",
    ],
)
def test_the_user_s_own_configuration_does_no_harm(
    upstream: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, settings: str
) -> None:
    configured(monkeypatch, upstream.parent, settings)
    with opened(upstream) as repository:
        head = repository.head("main")
        repository.update_ref("refs/heads/amts/zh", head, None)
    for number in range(2):
        (news,) = add_commits(upstream, {"a.md": f"{number}\n"})
        with opened(upstream) as repository:
            assert repository.branches() == {"main": news, "amts/zh": head}
    assert not (clone_of(upstream) / "logs").exists()
    assert caplog.messages == []


def test_a_clone_of_an_older_version_goes_on(upstream: Path, caplog: pytest.LogCaptureFixture) -> None:
    opened(upstream).close()
    place = clone_of(upstream)
    shutil.rmtree(place)
    git(upstream.parent, "clone", "--quiet", "--bare", upstream.as_uri(), str(place))
    git(place, "update-server-info")
    (place / "logs").mkdir()
    (place / "hooks" / "update").write_text("#!/bin/sh\nexit 1\n")
    inode = place.stat().st_ino
    (head,) = add_commits(upstream, {"a.md": "news\n"})
    with opened(upstream) as repository:
        assert repository.head("main") == head
    assert caplog.messages == []
    assert place.stat().st_ino == inode
    assert {path.name for path in place.iterdir()} <= {"HEAD", "FETCH_HEAD", "config", "objects", "refs", "packed-refs"}


def test_a_clone_that_is_replaced_keeps_what_another_run_writes(upstream: Path) -> None:
    with opened(upstream) as running:
        written = wrote(running, b"half a sync\n")
        (clone_of(upstream) / "refs" / "heads" / "broken").write_text("garbage")
        with opened(upstream) as other:
            assert other.read(written) == b"half a sync\n"
        assert running.read(written) == b"half a sync\n"


def test_a_repository_with_sha256_ids_is_refused_in_one_sentence(tmp_path: Path) -> None:
    place = tmp_path / "book"
    place.mkdir()
    git(place, "init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    git(place, "commit", "--quiet", "--allow-empty", "-m", "A")
    for location in (str(place), place.as_uri()):
        with pytest.raises(RepositoryError, match=r"book: is a repository with SHA256 ids .*, which AMTS can't read"):
            Repository.open(location, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*.git"))


@pytest.mark.parametrize("around", [True, False])
def test_a_clone_that_another_run_holds_is_not_waited_for_longer_than_the_limit(upstream: Path, around: bool) -> None:
    opened(upstream).close()
    lock = os.open(upstream.parent / "cache" / f".{clone_of(upstream).name}.lock", os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    began = time.monotonic()
    limits = NetworkSettings() if around else NetworkSettings(transfer_minutes=0.3 / 60)
    said = "another run still holds its clone in the cache after 0 s"
    try:
        with time_limit(0.3 if around else 60.0, "the time is up"), pytest.raises(DeadlineError, match=said):
            opened(upstream, limits)
        assert 0.2 < time.monotonic() - began < 20
    finally:
        os.close(lock)
    opened(upstream).close()


def test_a_look_at_a_clone_ends(upstream: Path) -> None:
    opened(upstream).close()
    mirror.forget()
    with pytest.raises(DeadlineError, match="was not looked through after 0 s"):
        mirror.check(clone_of(upstream), "book", 0.0)


@pytest.mark.parametrize("size", [1, 19, 20, 39, 40, 41, 1000])
def test_a_pack_is_read_in_pieces(upstream: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(upstream).close()
    monkeypatch.setattr(mirror, "_PIECE", size)
    mirror.forget()
    mirror.check(clone_of(upstream), "book", 60.0)
    (pack,) = (clone_of(upstream) / "objects" / "pack").glob("*.pack")
    data = bytearray(pack.read_bytes())
    data[-25] ^= 1
    pack.chmod(0o644)
    pack.write_bytes(data)
    with pytest.raises(mirror.DamagedError, match="is damaged"):
        mirror.check(clone_of(upstream), "book", 60.0)


@pytest.mark.parametrize("name", ["packed-refs.new", "gc.pid", "shallow_AbCdEf"])
def test_what_another_git_writes_at_this_moment_stays(
    upstream: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    opened(upstream).close()
    path = clone_of(upstream) / name
    path.write_text("half")
    opened(upstream).close()
    assert path.exists()
    long_ago = time.time() - 7200
    os.utime(path, (long_ago, long_ago))
    opened(upstream).close()
    assert not path.exists()
    assert caplog.messages == []


@pytest.mark.parametrize("name", ["objects", "refs", "HEAD", "packed-refs"])
def test_a_link_in_the_place_of_a_part_is_damage(upstream: Path, name: str) -> None:
    opened(upstream).close()
    part = clone_of(upstream) / name
    part.rename(upstream.parent / "moved")
    part.symlink_to(upstream.parent / "moved")
    mirror.forget()
    with pytest.raises(mirror.DamagedError):
        mirror.check(clone_of(upstream), "book", 60.0)
