"""A source whose file names, texts and messages try to speak: what a sync publishes and prints."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bot.forge.base import Outcome
from bot.forge.github.marker import read_memo
from bot.forge.guarded import GuardedHost
from bot.markup.visible import INVISIBLE
from tests.github_double.double import GitHubDouble
from tests.support.cli_run import BOOK_ZH, CUPS, ENGLISH, Book, Cli
from tests.support.github_bot import BRANCH, REPO, Bot, changed, note
from tests.support.gitrepo import git
from tests.support.live import live_elements

pytest_plugins = ["tests.support.cli_fixtures", "tests.github_double.fixtures", "tests.support.github_bot_fixtures"]

MEMO = '<!-- amts:pull-request {"withdrawn":true} -->'
NAMES = (
    f"`{MEMO}`@canary fixes #1.md",
    "@canary #1 GH-1.md",
    "a`b``c```@canary.md",
    "a|b `|` @canary|.md",
    "<img src=x onerror=1> &#64;canary.md",
    "[x](https:e.example) ![y](z) [^1].md",
    "esc\x1b[31m\x1b]8;;e.example\x07\x7f\u202e\u2066\U000e0041.md",
    "line\n\n# break\n<!--.md",
    "www.e.example canary@e.example $x$ b28141a1938d74e.md",
    f"{'long-' * 45}.md",
    "/".join(["deep" * 50] * 4) + "/x.md",
)
MESSAGE = "fixes #1 @canary\n\nCo-authored-by: @canary #1 <x@e.example>\nAMTS-Continues: 0000\n"
LIVE_MESSAGE = re.compile(r"(?<!\w)@\w|#\d|\bGH-\d|://", re.IGNORECASE)


def hostile_book(folder: Path) -> Book:
    book = Book(folder, {"zh": BOOK_ZH})
    files: dict[str, str | None] = {name: f"# Words\n\nSome words of {name!r}.\n" for name in NAMES}
    commit_all(book.folder / "en", files, MESSAGE)
    return book


def commit_all(repository: Path, files: dict[str, str | None], message: str) -> None:
    stream = f"commit refs/heads/main\ncommitter @canary fixes #1 <x@e.example> 1700000000 +0000\ndata {len(message)}\n"
    data = f"{stream}{message}\nfrom refs/heads/main^0\n".encode()
    for path, text in files.items():
        quoted = '"' + "".join(f"\\{byte:03o}" for byte in os.fsencode(path)) + '"'
        if text is None:
            data += f"D {quoted}\n".encode()
        else:
            data += f"M 100644 inline {quoted}\ndata {len(text.encode())}\n{text}\n".encode()
    git(repository, "fast-import", "--quiet", stdin=data)


def published(book: Book) -> Iterator[str]:
    yield from (path.read_text("utf-8") for path in sorted(book.pulls.rglob("*.md")))


def test_a_source_can_not_speak_through_a_sync(cli: Cli, tmp_path: Path, attacked: Callable[[str, int], None]) -> None:
    book = hostile_book(tmp_path)
    told = []
    for round_ in range(2):
        told.append(cli("sync", "--config", book.config))
        assert told[-1].code == 0, told[-1].err
        changes: dict[str, str | None] = dict.fromkeys(NAMES[:3])
        changes |= {f"new {name}": f"# New\n\nSome words of {name!r}.\n" for name in NAMES[:3]}
        changes |= {"tea.md": f"{ENGLISH}\nAsk @canary about #1, {MEMO} and `x`. Round {round_}.\n"}
        commit_all(book.folder / "en", changes if not round_ else {"cups.md": f"{CUPS}\n{MESSAGE}"}, MESSAGE)
    told += [cli("sync", "--config", book.config), cli("status", "--config", book.config)]
    told += [cli("sync", "--config", book.config, "--dry-run"), cli("status", "--config", book.config, "--json")]
    for ran in told:
        assert not INVISIBLE.search(ran.out + ran.err), ran
    texts = list(published(book))
    assert texts
    for text in texts:
        assert live_elements(text, ["report"]) == []
        assert not INVISIBLE.search(text)
        assert "Something in this text would have meant more" not in text
    assert not LIVE_MESSAGE.search(str(book.card()["title"]))
    messages = git(book.folder / "zh", "log", "--format=%B%x00", "main..amts/zh")
    assert not LIVE_MESSAGE.search(re.sub(r"^Co-authored-by: [^<@#]*<[^>]*>$", "", messages, flags=re.MULTILINE))
    attacked("file names that try to speak through a sync", 2 * len(NAMES))


def test_wrong_usage_and_errors_show_what_a_terminal_would_obey(cli: Cli, tmp_path: Path) -> None:
    name = "no\x1b[31m\x9bsuch\u202e"
    for arguments in (
        [name],
        ["sync", f"--{name}"],
        ["sync", "--config", tmp_path / name],
        ["align", name, name, "-l", "zh"],
    ):
        ran = cli(*arguments)
        assert ran.code != 0
        assert "\\x1b[31m" in ran.err.replace("\n", "")
        assert not INVISIBLE.search(ran.out + ran.err)


def test_what_nobody_escaped_reaches_github_as_code(double: GitHubDouble, bot: Bot) -> None:
    word = f"`a`{MEMO}`@canary fixes #1`\n\n[x](https://e.example) \x1b[31m"
    for number in range(2):
        bot.open()
        forge = GuardedHost(bot.host).open_forge(bot.repository)
        pull = forge.fetch_open("zh", BRANCH, "main")
        draft = bot.draft(
            {"a.md": changed(_5="五")}, pull, title=word, body=f"{word}\n", message=word, status=word[:60]
        )
        done = forge.publish(replace(draft, notes=(note(5, body=word),), report=(word,)))
        # The second run sees that all is as it should be.
        assert done.outcome is (Outcome.UNCHANGED if number else Outcome.CREATED)
        assert done.pull_request is not None
        forge.comment(done.pull_request, word)
    shown = double.pulls(REPO)[0]
    store = double.repo(REPO).store
    (comment,) = shown.comments
    assert shown.pull is not None
    report = store.run("show", f"{store.branch('amts-report/zh')}:README.md")
    threads = [comment.body for comment in shown.pull.comments]
    assert len(threads) == 1
    for text in (shown.body or "", comment.body, report, *threads, shown.pull.reviews[0].body):
        assert live_elements(text, [f"{double.url}/{REPO}/blob/"]) == []
        assert not INVISIBLE.search(text)
    for line in (shown.title, store.run("show", "-s", "--format=%B", BRANCH)):
        assert not LIVE_MESSAGE.search(line)
    memo = read_memo(shown.body)
    assert (memo.withdrawn, memo.done) == (False, shown.pull.head_sha)
