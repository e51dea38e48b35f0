"""No token leaves: not in an argument of any process, a git configuration, a log, or the text of an error."""

from __future__ import annotations

import io
import logging
import stat
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from bot.errors import AmtsError
from bot.forge.failures import redacted
from bot.forge.github import Credentials
from tests.github_bot import REPO, Bot, changed, make_book, note
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import bad_gateway, dropped, forbidden, primary_limit, unauthorized
from tests.test_forge_github_app import make_key

pytestmark = pytest.mark.sweep

pytest_plugins = ["tests.github_double.fixtures"]


def disguises(secret: str) -> list[bytes]:
    """A secret as it is, and as the three ways base64 may show it within a longer text."""
    data = secret.encode()
    shown = [b64encode(b"x" * shift + data) for shift in range(3)]
    # The ends depend on what stands beside it.
    return [data, *(text[4:-4] for text in shown)]


class Watcher:
    """Reads the arguments of all processes for as long as it runs."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self._stop = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._stop.is_set():
            for process in Path("/proc").iterdir():
                try:
                    self.seen.add((process / "cmdline").read_bytes() if process.name.isdecimal() else b"")
                except OSError:
                    continue

    @contextmanager
    def running(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()


@pytest.fixture
def double(github_double: GitHubDouble) -> GitHubDouble:
    make_book(github_double)
    github_double.repo(REPO).private = True
    return github_double


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, at the chattiest level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    loggers = [logging.getLogger(), logging.getLogger("github")]
    levels = [each.level for each in loggers]
    loggers[0].addHandler(handler)
    for each in loggers:
        each.setLevel(logging.DEBUG)
    yield stream
    loggers[0].removeHandler(handler)
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)


def token_bot(double: GitHubDouble, folder: Path) -> Bot:
    return Bot(double, folder)


def app_bot(double: GitHubDouble, folder: Path) -> Bot:
    private, public = make_key()
    app = double.create_app("amts", public)
    double.install_app(app, "people")
    return Bot(double, folder, credentials=Credentials(app_id=app.id, app_key=private))


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
@pytest.mark.parametrize("make_bot", [token_bot, app_bot])
def test_no_secret_is_seen_anywhere(
    double: GitHubDouble,
    tmp_path: Path,
    log: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    make_bot: Callable[[GitHubDouble, Path], Bot],
) -> None:
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace.log"))
    monkeypatch.setenv("GIT_TRACE_CURL", str(tmp_path / "curl.log"))
    bot = make_bot(double, tmp_path / "cache")
    errors: list[str] = []

    def attempt(line: int) -> None:
        try:
            bot.run({"a.md": changed(**{f"_{line}": "新"})}, notes=(note(line),), status="1 left")
        except AmtsError as error:
            errors.append("".join(traceback.format_exception(error)) + repr(error))

    watcher = Watcher()
    with watcher.running():
        attempt(1)
        for path in ("/pulls$", "/info/refs$", "/git-receive-pack$", "/statuses/", "/graphql", "/access_tokens$"):
            for effect in (unauthorized(), forbidden(), bad_gateway(), dropped(), primary_limit()):
                double.faults.on("*", path, effect, times=3)
                attempt(len(errors) + 2)
                double.faults.clear()
    assert len(errors) > 15
    secrets = {bot.options.credentials.token, *double.world.keyring.tokens} - {""}
    kept = [path for path in (tmp_path / "cache").rglob("*") if stat.S_ISREG(path.lstat().st_mode)]
    assert any(path.name == "config" for path in kept)
    haystack = b"\n".join(
        [
            *watcher.seen,
            *(path.read_bytes() for path in kept),
            *(path.read_bytes() for path in tmp_path.glob("*.log")),
            log.getvalue().encode(),
            *(error.encode() for error in errors),
        ]
    )
    assert any(b"git" in line for line in watcher.seen)
    assert b"Authorization: Basic" in haystack, "git's own trace was looked at"
    key = [bot.options.credentials.app_key[100:160]] if bot.options.credentials.app_key else []
    for secret in [*secrets, *key]:
        for disguise in disguises(secret):
            assert disguise not in haystack


@pytest.mark.parametrize(
    "text",
    [
        "https://user:ghp_0123456789abcdef@github.com/a/b",
        "remote said ghs_0123456789abcdef no",
        "github_pat_0123456789_abcdef",
        "> Authorization: Basic eC1hY2Nlc3MtdG9rZW46Z2hwXzAxMjM0NTY3ODk=",
        "authorization: token 0123456789abcdef",
    ],
)
def test_tokens_are_taken_out_of_what_is_said(text: str) -> None:
    shown = redacted(text)
    assert "0123456789" not in shown
    assert "eC1hY2Nlc3M" not in shown
