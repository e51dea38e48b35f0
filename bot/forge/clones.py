"""The clones of remote repositories and bundles in the cache: made, brought up to date, and made again if damaged."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import git

from bot.config.network import NetworkSettings
from bot.errors import DeadlineError, RefusedError, RepositoryError, StorageError, TransientError
from bot.forge import mirror
from bot.forge.blocking import blocked_failure, blocking_branch, branches_there
from bot.forge.failures import storage_errors
from bot.forge.git_settings import SAFE_OPTIONS, refuse_sha256
from bot.forge.staging import staging, sweep
from bot.forge.transfer import transfer
from bot.network.deadline import seconds_left

_LOG = logging.getLogger(__name__)
_STAGED = ".clone-"
_LOCK_PAUSE_SECONDS = 0.05
_OWN = "refs/heads/amts/*:refs/heads/amts/*", "refs/pull/*:refs/pull/*"
# Git takes a page without a line break for the list of the branches of an empty repository ("dumb" HTTP).
_NOTHING = "the host shows no branch at all: see whether a web page of a proxy or a sign-in answers for it"

Access = Callable[[], Mapping[str, str]]
"""The environment in which git may read and write a private repository. It is asked for before each transfer, since
tokens expire."""


def mirrored(url: str, name: str, cache_dir: Path, access: Access | None, network: NetworkSettings) -> Path:
    """The bare clone of a URL or bundle in the cache: cloned the first time, later brought up to date, and cloned again
    if it is damaged. Without `access`, branches that only the cache has (the bot's) stay."""
    place = cache_dir / f"{Path(name).stem}-{sha256(url.encode()).hexdigest()[:12]}.git"
    environment = access() if access is not None else {}
    with storage_errors(cache_dir):
        cache_dir.mkdir(parents=True, exist_ok=True)
        with (cache_dir / f".{place.name}.lock").open("wb") as lock:
            # Two fetches into one clone would clash: threads and processes with the same cache wait for each other.
            _wait_for(lock, name, network)
            sweep(cache_dir, _STAGED)
            if not os.path.lexists(place):
                _clone(url, name, place, environment, network)
                return place
            try:
                mirror.check(place, name, seconds_left(network.transfer_minutes * 60))
            except mirror.DamagedError as problem:
                _LOG.warning("%s: its clone in the cache is damaged (%s), so it is fetched again", name, problem)
                _clone(url, name, place, environment, network, keeps_own=access is None)
            else:
                _fetch(url, name, place, environment, network, prunes=access is not None)
    return place


def _wait_for(lock: BinaryIO, name: str, network: NetworkSettings) -> None:
    """Takes the lock of a clone. Raises DeadlineError if another thread or process holds it for too long."""
    began, seconds = time.monotonic(), seconds_left(network.transfer_minutes * 60)
    while True:
        with suppress(BlockingIOError):
            flock(lock, LOCK_EX | LOCK_NB)
            return
        if time.monotonic() - began >= seconds:
            raise DeadlineError(
                f"{name}: another run still holds its clone in the cache after {seconds:.0f} s; let it end, or end it,"
                " and run again"
            )
        time.sleep(_LOCK_PAUSE_SECONDS)


def _fetch(
    url: str, name: str, place: Path, environment: Mapping[str, str], network: NetworkSettings, *, prunes: bool
) -> None:
    options = ["--quiet", "--force", *(["--prune"] if prunes else [])]
    # The clone of a shallow clone, which may have been completed since.
    options += ["--unshallow"] if (place / "shallow").exists() else []
    refs = "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*"
    before = _refs(place)
    try:
        _transfer(place, ("fetch", *options, url, *refs), name, environment, network)
        if before and not _refs(place):
            _restore(place, before)
            raise TransientError(f"{name}: {_NOTHING}; its clone in the cache stays as it was")
    except (StorageError, TransientError, RefusedError):
        raise
    except RepositoryError as problem:
        if blocked := _blocked(url, name, place, environment, network):
            raise blocked from problem
        _LOG.warning("%s: its clone in the cache takes no news, so it is fetched again: %s", name, problem)
        _clone(url, name, place, environment, network, keeps_own=not prunes)


def _clone(
    url: str,
    name: str,
    place: Path,
    environment: Mapping[str, str],
    network: NetworkSettings,
    *,
    keeps_own: bool = False,
) -> None:
    """Puts a new clone in its place; with `keeps_own`, with what the bot alone had in the old one, as far as that is
    sound. No later run mistakes a clone that was cut short for a whole one."""
    with staging(place.parent, _STAGED) as folder:
        whole, old = folder / place.name, folder / "old"
        _transfer(folder, ("clone", "--quiet", "--bare", "--", url, str(whole)), name, environment, network)
        refuse_sha256(_git(whole, "rev-parse", "--show-object-format"), name)
        mirror.settle(whole)
        if url.startswith(("http://", "https://")) and not _refs(whole):
            raise RepositoryError(f"{name}: has no commits yet, or {_NOTHING}; commit the book there first")
        if os.path.lexists(place):
            # All that takes long is done before: another process may be at work in the old one.
            with suppress(OSError, mirror.DamagedError, RepositoryError):
                mirror.settle(place)
                mirror.salvage(place, whole)
                if keeps_own:
                    _transfer(whole, ("fetch", "--quiet", str(place), *_OWN), name, {}, network)
            place.rename(old)
            whole.rename(place)
            if not old.is_symlink():
                mirror.salvage(old, place)  # what was written meanwhile
        else:
            whole.rename(place)


def _blocked(
    url: str, name: str, place: Path, environment: Mapping[str, str], network: NetworkSettings
) -> RefusedError | None:
    """Why the branches of a host don't fit beside those that the cache alone has; None if they do."""
    there = branches_there(lambda *words: _transfer(place, words, name, environment, network), url)
    listed = _transfer(place, ("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"), name, {}, network)
    own = (branch for branch in listed.decode("utf-8", "replace").split("\n") if branch and branch not in there)
    return next((blocked_failure(name, b, found) for b in own if (found := blocking_branch(b, there))), None)


def _refs(place: Path) -> str:
    """All refs of a clone, as `git update-ref --stdin` makes them; empty if there are none."""
    told = _git(place, "for-each-ref", "--format=create %(refname) %(objectname)")
    return f"{told}\n" if told else ""


def _restore(place: Path, refs: str) -> None:
    """Makes refs again that a fetch deleted."""
    with TemporaryFile() as lines:
        lines.write(refs.encode("utf-8", "surrogateescape"))
        lines.seek(0)
        _git(place, "update-ref", "--stdin", stdin=lines)


def _git(place: Path, *arguments: str, stdin: BinaryIO | None = None) -> str:
    """The output of a git command in a clone, which talks to nobody."""
    words = [git.Git.GIT_PYTHON_GIT_EXECUTABLE or "git", *SAFE_OPTIONS, *arguments]
    return str(git.Git(str(place)).execute(words, istream=stdin, env={"GIT_DIR": str(place)}))


def _transfer(
    folder: Path, arguments: tuple[str, ...], name: str, environment: Mapping[str, str], network: NetworkSettings
) -> bytes:
    """The output of a git command in a clone, or in a folder for one. Raises as `bot.forge.transfer.transfer`."""
    place = {"GIT_DIR": str(folder)} if (folder / "HEAD").exists() else {}
    return transfer(git.Git(str(folder)), arguments, name, {**environment, **place}, network)
