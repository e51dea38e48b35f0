"""A translated book on the double of GitHub, with an open pull request that people comment on; and a machine that
translates it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.book.edition import SyncOptions
from bot.book.project import Project, load_project
from bot.book.workers import Runner
from bot.comments import Handled, handle_comment
from bot.engines import BUILT_IN, Engine, EngineOptions
from bot.engines.base import EngineSettings
from bot.forge.comment import Comment
from bot.forge.github.host import RequestPacing
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation
from bot.sync.language import sync_language
from bot.sync.results import Synced
from tests.github_double.double import GitHubDouble
from tests.support.cli_run import BOOK_ZH, Book
from tests.support.editions import edition_of

REPO = "people/tea-zh"
STEEP = "Steep the leaves for three minutes in very hot water."
LEAVES = "Green leaves want cooler water than black ones do."
# In the place of LEAVES a new sentence, not a changed one.
FRESH = "Fresh mint goes well with honey."
NEW = f"# Tea\n\nTea is a hot drink from China.\n\nPour the water quickly over all leaves.\n\n{STEEP}\n\n{LEAVES}\n"


class Machine(Engine):
    """Says `机器` and the number of the round for every sentence; `refuses` are those that it has no answer to."""

    name = label = "machine"
    round = 1
    refuses: frozenset[str] = frozenset()
    glossary = ""
    asked: tuple[Request, ...] = ()

    def translate(
        self,
        requests: Sequence[Request],
        direction: Direction,
        examples: TranslationMemory,
    ) -> Sequence[Translation]:
        Machine.asked = tuple(requests)
        return [
            Translation(request.text, left="no answer")
            if request.text in self.refuses
            else Translation(f"机器第{self.round}次翻译：{request.text.split()[0].lower()}这句话说的是茶水。")
            for request in requests
        ]


def said(word: str, round_: int = 1) -> str:
    """What the machine says to a sentence that begins with this word."""
    return f"机器第{round_}次翻译：{word}这句话说的是茶水。"


class MachineSettings(EngineSettings):
    """Stands in for the settings of any kind."""

    def create(self, options: EngineOptions) -> Machine:
        Machine.glossary = options.read_text(options.glossary) if options.glossary else ""
        return Machine()


class Commented:
    """`maintainer` may write, `stranger` may not; the bot is `amts-bot`."""

    def __init__(self, double: GitHubDouble, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.double = double
        self.book = Book(folder, {"zh": BOOK_ZH})
        self.book.english({"tea.md": NEW})
        people = {"amts-bot": "write", "maintainer": "write", "boss": "maintain", "triager": "triage"}
        double.create_repo(REPO, source=self.book.folder / "zh", private=True, collaborators=people)
        self.configure()
        self._token = double.token("amts-bot")
        self.enter(monkeypatch)

    def enter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Sets up this process for the scene."""
        monkeypatch.setattr("bot.forge.github.host.PACING", RequestPacing(between_requests=0.0, between_writes=0.0))
        monkeypatch.setenv("XDG_CACHE_HOME", str(self.book.folder / "cache"))
        monkeypatch.setenv("GITHUB_TOKEN", self._token)
        monkeypatch.setitem(BUILT_IN, "copy", "tests.support.commented:MachineSettings")
        monkeypatch.setattr(Machine, "round", 1)
        monkeypatch.setattr(Machine, "refuses", frozenset())

    @property
    def folder(self) -> Path:
        return self.book.folder

    def configure(self, **more: object) -> None:
        """`more` are settings of the forge."""
        url = self.double.clone_url(REPO)
        forge = {"kind": "github", "url": self.double.url, "api_url": self.double.url, "report": "none", **more}
        zh = {"repo": url, "engine": "copy", "retranslate_below": 90}
        self.book.configure({}, languages={"zh": zh}, forge=forge, network={"retry_seconds": 0})

    @property
    def project(self) -> Project:
        return load_project(self.book.config)

    def sync(self) -> Synced:
        """One sync; the pull request is #1."""
        (synced,) = sync_language(edition_of(self.project), SyncOptions())
        return synced

    def comment(self, body: str, author: str = "maintainer", number: int = 1) -> Comment:
        """A person's comment, as its event tells of it."""
        made = self.double.as_user(author).comment(REPO, number, body)
        return Comment(REPO, number, made.id, author, made.body)

    def handle(self, comment: Comment, *, lasting: bool = False) -> Handled:
        return handle_comment(self.project, comment, Runner(1), lasting=lasting)

    def command(self, body: str, author: str = "maintainer", number: int = 1) -> Handled:
        return self.handle(self.comment(body, author, number))

    def reactions(self, comment: Comment) -> list[str]:
        found = next(each for each in self.double.issue(REPO, comment.number).comments if each.id == comment.id)
        return [each.content for each in found.reactions]

    def answers(self, number: int = 1) -> list[str]:
        every = self.double.issue(REPO, number).comments
        return [each.body for each in every if each.author.login == "amts-bot"]

    def text(self, path: str = "tea.md", branch: str = "amts/zh") -> str:
        return self.double.repo(REPO).store.run("show", f"{branch}:{path}")

    def tip(self, branch: str = "amts/zh") -> str | None:
        return self.double.repo(REPO).store.branch(branch)

    def line(self, words: str) -> int:
        """The line of tea.md, on the bot's branch, that holds these words."""
        lines = self.text().split("\n")
        return next(number for number, line in enumerate(lines, 1) if words in line)

    def edit(self, old: str, new: str) -> None:
        """A maintainer's commit to the bot's branch: other words in tea.md."""
        files = {"tea.md": f"{self.text().replace(old, new)}\n"}
        self.double.as_user("maintainer").push(REPO, "amts/zh", files)

    def payload(self, comment: Comment, **more: Any) -> dict[str, Any]:
        """The event as GitHub sends it, as far as it is read."""
        return {
            "action": "created",
            "issue": {"number": comment.number, "pull_request": {"url": "https://example.org"}},
            "comment": {"id": comment.id, "body": comment.body, "user": {"login": comment.author, "type": "User"}},
            "repository": {"full_name": comment.repository},
            **more,
        }
