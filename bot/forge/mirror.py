"""The bare clones in the cache: how a sound one looks, and how what is superfluous in one is cleared away.

Nothing here is people's. So a clone gets our configuration and loses every file that it does not need: hooks, what
names another repository, what git's template, `git gc` or an older version brought. What remains must be whole; a clone
with damaged or missing objects or refs is fetched again.
"""

from __future__ import annotations

import re
import shutil
import time
import zlib
from contextlib import suppress
from hashlib import sha1
from os import walk
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any

import git

from bot.errors import DeadlineError
from bot.forge.git_settings import CONFIGURATION, SAFE_OPTIONS

_TOP = frozenset({"HEAD", "config", "objects", "refs", "packed-refs", "shallow", "FETCH_HEAD", "ORIG_HEAD", "gc.log"})
# What git writes beside them before it takes its place: another process may fetch or delete a branch at this moment.
_PASSING = "packed-refs.new", "shallow_", "tmp_", "gc.pid"
_INFO = frozenset({"packs", "commit-graph"})
_MUST = frozenset({"HEAD", "config", "objects", "refs"})
# Branches, tags, and what the local forge keeps of pull requests that are done.
_REFS = frozenset({"heads", "tags", "pull"})
_HEAD = re.compile(rb"ref: refs/heads/[^\x00-\x20\x7f]+\n|[0-9a-f]{40}\n")
_REF = re.compile(rb"[0-9a-f]{40}\n")
_PACKED = re.compile(rb"(?:#[^\n]*\n|[0-9a-f]{40} refs/(?:heads|tags|pull)/[^\n]+\n|\^[0-9a-f]+\n)*")
_SHARD = re.compile(r"[0-9a-f]{2}")
_LOOSE = re.compile(r"[0-9a-f]{38}")
_PACK = re.compile(r"(pack-[0-9a-f]{40})\.(pack|idx|rev|bitmap|mtimes|keep|promisor)")
# A git that works changes its locks within milliseconds; one that was killed never does.
_LOCK_SECONDS = 1.0
_ATTEMPTS, _PAUSE_SECONDS = 5, 0.2
_PIECE, _ID_BYTES = 1 << 20, 20
# Another process may be fetching a pull request at this moment.
_TEMPORARY_SECONDS = 3600.0


_SOUND: dict[Path, frozenset[tuple[str, int, int, int]]] = {}


class DamagedError(Exception):
    """What is wrong with a clone in the cache, in a few words."""


def settle(place: Path) -> None:
    """Makes a clone one of the cache's: with our configuration, and without what a sound one does not need. A clone
    that is used by another process at this moment goes on to work."""
    if place.is_symlink() or not place.is_dir():
        raise DamagedError("it is no folder")
    for folder, needed in ((place, _TOP), (place / "objects" / "info", _INFO)):
        for path in folder.iterdir() if folder.is_dir() and not folder.is_symlink() else ():
            if path.name not in needed and not path.name.endswith(".lock") and not _passes(path):
                _remove(path)
    config = place / "config"
    if config.is_symlink() or not config.is_file() or config.read_bytes() != CONFIGURATION:
        new = place / "config.amts"
        new.write_bytes(CONFIGURATION)
        if config.is_dir() and not config.is_symlink():
            shutil.rmtree(config)
        new.replace(config)


def salvage(old: Path, new: Path) -> None:
    """Copies the sound loose objects of one clone to another: a process at work in the old one may have written them,
    and looks for them in the new one. What can't be read is passed over."""
    for path in (old / "objects").glob("[0-9a-f][0-9a-f]/*"):
        copy = new / "objects" / path.parent.name / path.name
        with suppress(OSError, DamagedError):
            if _LOOSE.fullmatch(path.name) and not path.is_symlink() and not copy.exists():
                _check_loose(path, path.parent.name + path.name)
                copy.parent.mkdir(exist_ok=True)
                part = copy.with_name(f"tmp_obj_{path.name}")
                shutil.copy2(path, part)
                part.replace(copy)


def check(place: Path, name: str, seconds: float) -> None:
    """Raises DamagedError unless the clone of the repository `name` at `place` is sound. Removes what a killed git left
    behind and what has no place there. A clone that this process found sound is not looked at again while no file
    changes. Raises DeadlineError if git takes longer than so many seconds to look for the objects."""
    for _ in range(_ATTEMPTS):
        seen = _signature(place)
        if _SOUND.get(place) == seen:
            return
        try:
            _check(place, name, seconds)
        except DamagedError:
            # Another process may be writing at this moment.
            time.sleep(_PAUSE_SECONDS)
            if _signature(place) == seen:
                raise
        else:
            _SOUND[place] = _signature(place)
            return
    raise DamagedError("it changes all the time")


def forget() -> None:
    """Has everything looked at again."""
    _SOUND.clear()


def _signature(place: Path) -> frozenset[tuple[str, int, int, int]]:
    """All files below, with what changes when they are written. (Each fetch writes FETCH_HEAD.)"""
    found = set()
    for folder, folders, names in walk(place):
        for path in (Path(folder, name) for name in (*folders, *names) if name != "FETCH_HEAD"):
            with suppress(FileNotFoundError):
                facts = path.lstat()
                written = (0, 0) if path.is_dir() else (facts.st_size, facts.st_mtime_ns)
                found.add((str(path), facts.st_mode, *written))
    return frozenset(found)


def _check(place: Path, name: str, seconds: float) -> None:
    try:
        settle(place)
        _check_files(place)
        _check_refs(place)
        _check_objects(place / "objects")
    except OSError as error:
        raise DamagedError(f"{Path(str(error.filename)).name}: {error.strerror}") from None
    # Are all objects there that the branches lead to? What git only complains about, as broken refs, is no less wrong.
    command = "rev-list", "--objects", "--all", "--quiet"
    process: Any = git.Git(str(place)).execute(
        [git.Git.GIT_PYTHON_GIT_EXECUTABLE or "git", *SAFE_OPTIONS, *command],
        env={"GIT_DIR": str(place), "LC_ALL": "C", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1"},
        as_process=True,
    )
    try:
        _, errors = process.communicate(timeout=seconds)
    except TimeoutExpired:
        process.kill()
        process.communicate()
        raise DeadlineError(
            f"{name}: its clone in the cache was not looked through after {seconds:.0f} s; check the disk, or raise"
            " network.transfer_minutes if the repository is that large, and run again"
        ) from None
    lines = errors.decode("utf-8", "replace").splitlines()
    told = [line for line in lines if line.startswith(("error:", "fatal:", "warning: ignoring"))]
    if process.returncode or told:
        raise DamagedError(ascii(told[0])[1:-1] if told else f"git rev-list ended with {process.returncode}")


def _check_files(place: Path) -> None:
    for path in place.iterdir():
        if path.name.endswith(".lock"):
            _release(path)
        elif not _passes(path) and (path.is_symlink() or path.is_dir() is not (path.name in ("objects", "refs"))):
            raise DamagedError(f"{path.name} is not what it should be")
    if missing := sorted(name for name in _MUST if not (place / name).exists()):
        raise DamagedError(f"{missing[0]} is missing")
    if not _HEAD.fullmatch((place / "HEAD").read_bytes()):
        raise DamagedError("HEAD is damaged")
    if (place / "packed-refs").exists() and not _PACKED.fullmatch((place / "packed-refs").read_bytes()):
        raise DamagedError("packed-refs is damaged")


def _check_refs(place: Path) -> None:
    for folder, folders, names in walk(place / "refs"):
        here = Path(folder)
        if here == place / "refs" and (names or set(folders) - _REFS):
            raise DamagedError("it has refs that are neither branches nor tags")
        for name in names:
            if name.endswith(".lock"):
                _release(here / name)
            elif (here / name).is_symlink() or not _REF.fullmatch((here / name).read_bytes()):
                raise DamagedError(f"the ref {str((here / name).relative_to(place))!a} is damaged")


def _check_objects(place: Path) -> None:
    for path in place.iterdir():
        if path.name == "info":
            continue  # settled
        if path.name == "pack":
            _check_packs(path)
        elif _SHARD.fullmatch(path.name):
            for inner in path.iterdir():
                if _LOOSE.fullmatch(inner.name):
                    _check_loose(inner, path.name + inner.name)
                elif not _expire(inner, "tmp_obj_"):
                    raise DamagedError(f"{inner.name!a} is no object")
        elif not _expire(path, "tmp_"):
            raise DamagedError(f"objects/{path.name!a} has no place in it")


def _check_packs(folder: Path) -> None:
    ends: dict[str, bytes] = {}
    indexed: dict[str, bytes] = {}
    for path in folder.iterdir():
        named = _PACK.fullmatch(path.name)
        if path.name == "multi-pack-index" or _expire(path, "tmp_") or _expire(path, ".tmp-"):
            continue
        if named is None:
            raise DamagedError(f"objects/pack/{path.name!a} has no place in it")
        if named[2] in ("keep", "promisor"):
            continue
        before, end = _checksum(path)
        if named[2] == "pack":
            ends[named[1]] = end
        elif named[2] == "idx":
            indexed[named[1]] = before
    if any(ends.get(name) != end for name, end in indexed.items()) or ends.keys() - indexed.keys():
        raise DamagedError("a pack and its index do not belong together")


def _checksum(path: Path) -> tuple[bytes, bytes]:
    """The last two ids in a file of git's, of which the last is its checksum. Raises DamagedError if that is wrong."""
    digest, end = sha1(usedforsecurity=False), b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            end += piece
            digest.update(end[: -2 * _ID_BYTES])
            end = end[-2 * _ID_BYTES :]
    before, checksum = end[:_ID_BYTES], end[_ID_BYTES:]
    digest.update(before)
    if len(end) < 2 * _ID_BYTES or digest.digest() != checksum:
        raise DamagedError(f"{path.name} is damaged")
    return before, checksum


def _check_loose(path: Path, name: str) -> None:
    try:
        data = zlib.decompress(path.read_bytes())
    except zlib.error:
        data = b""
    if sha1(data, usedforsecurity=False).hexdigest() != name:
        raise DamagedError(f"the object {name[:10]} is damaged")


def _expire(path: Path, prefix: str) -> bool:
    """Whether this is a file that git was writing; it is deleted if that was long ago."""
    if not path.name.startswith(prefix):
        return False
    with suppress(FileNotFoundError):
        if time.time() - path.lstat().st_mtime > _TEMPORARY_SECONDS:
            _remove(path)
    return True


def _passes(path: Path) -> bool:
    return any(_expire(path, prefix) for prefix in _PASSING)


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)


def _release(lock: Path) -> None:
    """Waits for the git that holds the lock; one that was killed leaves it for ever."""
    before = _stamp(lock)
    if before is not None:
        time.sleep(_LOCK_SECONDS)
        if _stamp(lock) == before:
            _remove(lock)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return None
    return facts.st_ino, facts.st_mtime_ns, facts.st_size
