"""Looks for secrets where none may be: in the arguments of processes, in files, in what was said."""

from __future__ import annotations

import os
import secrets
import subprocess
import time
import traceback
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

_YOUNG_SECONDS = 0.3
_BETWEEN_FILES_SECONDS = 0.05
MOMENTARY = "a git of some milliseconds"
"""A kind of decoy that ends before it must have been seen."""


def disguises(secret: str) -> list[bytes]:
    """A secret as it is, in the three ways base64 may show it within a longer text, and both as a URL would have it."""
    data = secret.encode()
    # The ends depend on what stands beside it.
    encoded = [b64encode(b"x" * shift + data)[4:-4] for shift in range(3)]
    in_urls = ["".join(f"%{byte:02X}" for byte in data), *(quote(text, safe="") for text in (data, *encoded))]
    return list(dict.fromkeys([data, *encoded, *(text.encode() for text in in_urls)]))


class Watcher:
    """Keeps what it sees for as long as it runs: the arguments of every process that starts, and the files below
    `folders` (git's objects aside, which are compressed). What a process is told by its environment it may know."""

    def __init__(self, *folders: Path, pause_seconds: float = 0.002) -> None:
        self.polls = 0
        self._folders = folders
        self._pause = pause_seconds
        self._kept: dict[bytes, str] = {}
        self._stamps: dict[str, tuple[int, int, int]] = {}
        self._processes: dict[int, set[bytes]] = {}
        self._stop = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    @contextmanager
    def running(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()
            self._look_at_files()

    @property
    def arguments(self) -> set[bytes]:
        """All that were seen, of one process each, with zero bytes between them."""
        return {line for lines in list(self._processes.values()) for line in list(lines)}

    @property
    def processes(self) -> set[int]:
        """The ids of those that were seen."""
        return set(self._processes)

    def keep(self, place: str, data: bytes | str) -> None:
        """Something else to search; `place` names it."""
        self._kept.setdefault(data.encode() if isinstance(data, str) else data, place)

    def keep_objects(self, repository: Path) -> None:
        """The content of all objects of git."""
        options = ["cat-file", "--batch-all-objects", "--buffer"]
        content = subprocess.run(["git", "-C", repository, *options, "--batch"], capture_output=True, check=True).stdout
        self.keep(f"the objects of {repository}", content)

    def found(self, secrets: Iterable[str]) -> list[str]:
        """Where one of the secrets was seen."""
        wanted = [disguise for secret in secrets for disguise in disguises(secret)]
        places = [*((line, f"arguments of a process ({line[:20]!r})") for line in self.arguments), *self._kept.items()]
        return [place for data, place in places if any(each in data for each in wanted)]

    def _watch(self) -> None:
        began, looked = dict.fromkeys(_running(), 0.0), 0.0
        while not self._stop.wait(self._pause):
            now = time.monotonic()
            # Ids are given again, so those that ended are forgotten.
            began = {process: began.get(process, now) for process in _running()}
            for process, since in began.items():
                # One that started a moment ago may become another program yet.
                if now - since < _YOUNG_SECONDS:
                    self._read(process)
            if now - looked > _BETWEEN_FILES_SECONDS:
                self._look_at_files()
                looked = now
            self.polls += 1

    def _read(self, process: int) -> None:
        try:
            with open(f"/proc/{process}/cmdline", "rb") as file:  # noqa: PTH123 - the fastest way
                self._processes.setdefault(process, set()).add(file.read())
        except OSError:
            return

    def _look_at_files(self) -> None:
        for folder in self._folders:
            for place, folders, names in os.walk(folder):
                if "objects" in folders:
                    folders.remove("objects")
                for name in names:
                    self._look_at(f"{place}/{name}")

    def _look_at(self, path: str) -> None:
        try:
            facts = os.lstat(path)
            stamp = facts.st_ino, facts.st_mtime_ns, facts.st_size
            if self._stamps.get(path) != stamp:
                self._stamps[path] = stamp
                self.keep(path, Path(path).read_bytes())
        except OSError:
            return


class Decoys:
    """Secrets that are shown where the watcher must find them; `home` is below one of its folders. `planted` are those
    of each kind."""

    def __init__(self, watcher: Watcher, home: Path) -> None:
        self.planted: dict[str, list[str]] = {}
        self._watcher = watcher
        self._home = home

    def plant(self) -> None:
        pair = f"x-access-token:{self._new(MOMENTARY)}"
        header = f"Authorization: Basic {b64encode(pair.encode()).decode()}"
        subprocess.run(["git", "-c", f"http.extraHeader={header}", "version"], check=True, stdout=subprocess.DEVNULL)
        for kind, shown in (
            ("a process of 0.2 s", lambda token: token),
            ("a process of 0.2 s, base64", lambda token: b64encode(f"user:{token}".encode()).decode()),
            ("a process of 0.2 s, in a URL", lambda token: quote(b64encode(f"a:{token}".encode()), safe="")),
        ):
            subprocess.run(["sh", "-c", "sleep 0.2", shown(self._new(kind))], check=True)
        clone = self._home / "decoy.git"
        clone.mkdir(parents=True, exist_ok=True)
        (clone / "config").write_text(f'[remote "origin"]\n\turl = https://x:{self._new("a .git/config")}@host/a/b\n')
        time.sleep(0.5)
        (clone / "config").unlink()
        try:
            raise RuntimeError(f"fatal: could not read from https://x:{self._new('an exception')}@host/a/b")
        except RuntimeError as error:
            self._watcher.keep("a planted error", "".join(traceback.format_exception(error)))

    def _new(self, kind: str) -> str:
        token = "ghp_" + secrets.token_hex(18)
        self.planted.setdefault(kind, []).append(token)
        return token

    def seen(self) -> dict[str, tuple[int, int]]:
        """How many of each kind were found, of how many."""
        return {
            kind: (sum(bool(self._watcher.found([token])) for token in tokens), len(tokens))
            for kind, tokens in self.planted.items()
        }


def _running() -> Iterator[int]:
    return (int(place.name) for place in os.scandir("/proc") if place.name.isdecimal())
