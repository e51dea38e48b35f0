"""No token leaves: not in an argument of any process, a git configuration, a log, or the text of an error."""

from __future__ import annotations

import io
import logging
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.errors import AmtsError
from bot.forge.failures import redacted
from bot.forge.github.host import Credentials
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import bad_gateway, dropped, forbidden, primary_limit, unauthorized
from tests.support.github_bot import REPO, Bot, changed, make_book, make_key, note
from tests.support.watching import Watcher

pytestmark = pytest.mark.sweep

pytest_plugins = ["tests.github_double.fixtures"]


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

    watcher = Watcher(tmp_path / "cache")
    with watcher.running():
        attempt(1)
        for path in ("/pulls$", "/info/refs$", "/git-receive-pack$", "/statuses/", "/graphql", "/access_tokens$"):
            for effect in (unauthorized(), forbidden(), bad_gateway(), dropped(), primary_limit()):
                double.faults.on("*", path, effect, times=3)
                attempt(len(errors) + 2)
                double.faults.clear()
    assert len(errors) > 15
    assert any(path.name == "config" for path in (tmp_path / "cache").rglob("*"))
    assert any(b"git" in line for line in watcher.arguments)
    traces = [path.read_text("utf-8", "replace") for path in tmp_path.glob("*.log")]
    assert any("Authorization: Basic" in text for text in traces), "git's own trace was looked at"
    for text in [*traces, log.getvalue(), *errors]:
        watcher.keep("a log or an error", text)
    key = [bot.host.credentials.app_key[100:160]] if bot.host.credentials.app_key else []
    secrets = {bot.host.credentials.token, *double.world.keyring.tokens} - {""}
    assert watcher.found([*secrets, *key]) == []


def test_what_shows_a_secret_is_found() -> None:
    """As it is, or in base64 within a longer text, wherever it begins; in a URL, too."""
    secret = "ghp_0123456789abcdef0123456789abcdef0123"
    for number in range(3):
        header = b64encode(f"{'x' * number}:{secret}".encode()).decode()
        for text in (f"https://x:{secret}@host", f"Authorization: Basic {header}", f"?auth={quote(header, safe='')}"):
            watcher = Watcher()
            watcher.keep("a text", text)
            assert watcher.found([secret]) == ["a text"]
            assert watcher.found([secret[::-1]]) == []


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
