"""A book of several chapters whose translation gets a pull request for each of them: in a folder, or on the double of
GitHub; and what people do to these."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
import yaml

from bot.book.baselines import Base
from bot.book.edition import SyncOptions
from bot.book.lock_file import LOCK_PATH, serialize_lock
from bot.book.project import Project, load_project
from bot.engines.base import Engine
from bot.forge.github.host import RequestPacing
from bot.memory import TranslationMemory
from bot.model import Direction, Request, Translation
from bot.sync.language import sync_language
from bot.sync.results import Synced
from tests.github_double.double import GitHubDouble
from tests.support.chapters_hosts import Host, InFolder, OnGitHub
from tests.support.editions import edition_of
from tests.support.gitrepo import Content, add_commits, git, make_repo, tree

BRANCHES = {"": "amts/zh+", "intro": "amts/zh+intro", "nets": "amts/zh+nets", "part 2": "amts/zh+part%202"}
_BOOK = {
    "index.md": "# Book\n\nThis is the page that comes first.\n",
    "intro/index.md": "# Introduction\n\nMachines can learn from many examples.\n",
    "intro/data.md": "# Data\n\nEvery example is a row of a table.\n",
    "nets/index.md": "# Networks\n\nA network has layers of small units.\n",
    "nets/deep.md": "# Depth\n\nDeep networks have very many layers.\n",
    "part 2/index.md": "# Second part\n\nThe second part is about language.\n",
}


def chinese(who: str, english: str) -> str:
    """A file in somebody's words."""
    lines = [line.partition("# ") if line.startswith("#") else ("", "", line) for line in english.split("\n")]
    return "\n".join(f"{mark}{sign}{who}〔{text}〕{'' if sign else '。'}" if text else "" for mark, sign, text in lines)


class Machine(Engine):
    """Says who it is and what it was asked. `asked` are all requests so far, over all runs."""

    name = label = "machine"
    spends = False
    asked: ClassVar[list[str]] = []
    jobs = 0

    def translate(
        self,
        requests: Sequence[Request],
        direction: Direction,
        examples: TranslationMemory,
    ) -> Sequence[Translation]:
        Machine.asked += [request.text for request in requests]
        Machine.jobs += 1
        return [Translation(f"机器〔{request.text}〕。") for request in requests]


class Scene:
    """A book that is in step; `above` is what the configuration says of chapters."""

    def __init__(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        double: GitHubDouble | None = None,
        baseline: str = "lock-file",
    ) -> None:
        self.folder, self.baseline = folder, baseline
        self.english = dict(_BOOK)
        make_repo(folder / "en", self.english)
        files: dict[str, Content] = {path: chinese("安娜", text) for path, text in self.english.items()}
        if baseline == "origin-file":
            files |= {path.replace(".md", "_origin.md"): text for path, text in self.english.items()}
        else:
            files[LOCK_PATH] = serialize_lock({path: self._base(path) for path in self.english})
        self.host: Host = OnGitHub(double, files) if double else InFolder(folder, files)
        self.above: int | None = 3
        self.measure = False
        monkeypatch.setattr(Project, "engine", lambda *_, **__: Machine())
        monkeypatch.setattr(Machine, "asked", [])
        monkeypatch.setattr(Machine, "jobs", 0)
        monkeypatch.setattr("bot.forge.github.host.PACING", RequestPacing(between_requests=0.0, between_writes=0.0))
        if double:
            monkeypatch.setenv("GITHUB_TOKEN", double.token("amts-bot"))

    def configure(self) -> None:
        """Writes amts.yaml."""
        zh: dict[str, object] = {"repo": self.host.location(), "baseline": self.baseline, "measure": self.measure}
        if self.above is not None:
            zh["chapters_above"] = self.above
        data = {"version": 1, "source": {"repo": "en"}, "languages": {"zh": zh}, "forge": self.host.settings()}
        (self.folder / "amts.yaml").write_text(yaml.safe_dump(data), "utf-8")

    @property
    def project(self) -> Project:
        self.configure()
        return replace(load_project(self.folder / "amts.yaml"), cache=self.folder / "cache")

    def add(self, sentence: str, *paths: str) -> None:
        """A sentence at the end of these files of the English, or of all."""
        changed = {path: f"{self.english[path]}\n{sentence.format(path)}\n" for path in paths or self.english}
        self.change(changed)

    def change(self, files: Mapping[str, str | None]) -> None:
        add_commits(self.folder / "en", files)
        for path, text in files.items():
            self.english.pop(path, None)
            if text is not None:
                self.english[path] = text

    def amend_english(self, sentence: str, *paths: str) -> None:
        """The last commit of the English made anew with another sentence; nobody has the one before any more."""
        place = self.folder / "en"
        git(place, "update-ref", "refs/heads/main", "main^")
        self.english = {path: data.decode() for path, data in tree(place, "main").items()}
        self.add(sentence, *paths)
        git(place, "prune", "--expire=now")

    def rewrite_history(self) -> None:
        """Main of the translation begins anew with all its files; nothing has any history in common with it."""
        first = self.host.run("commit-tree", "main^{tree}", "-m", "Everything")
        self.host.run("update-ref", "refs/heads/main", first)

    def lose_cache(self) -> None:
        """The bot runs on another machine."""
        shutil.rmtree(self.folder / "cache")

    def results(self, **more: object) -> dict[str | None, Synced]:
        """One run of the bot, by chapter."""
        found = sync_language(edition_of(self.project), replace(SyncOptions(), **more))  # type: ignore[arg-type]
        return {one.scope.chapter: one for one in found}

    def sync(self, **more: object) -> dict[str | None, str]:
        """The outcomes."""
        found = self.results(**more)
        assert not [result for one in found.values() for result in one.failed]
        return {chapter: one.outcome.value if one.outcome else "nothing" for chapter, one in found.items()}

    def merge(self, branch: str) -> None:
        self.host.merge(self.host.open()[branch])

    def close(self, branch: str) -> int:
        number = self.host.open()[branch]
        self.host.close(number)
        return number

    def changed(self, branch: str) -> set[str]:
        """What a branch has otherwise than main, since it left it."""
        start = self.host.run("merge-base", "main", branch).strip()
        return set(
            self.host.run("-c", "core.quotePath=false", "diff", "--no-renames", "--name-only", start, branch).split(
                "\n"
            )
        ) - {""}

    def text(self, path: str, branch: str = "main") -> str:
        return self.host.run("show", f"{branch}:{path}")

    def faults(self) -> list[str]:
        """What keeps main from having every sentence of the English, in somebody's words, and nothing else."""
        names = [name for name in self.host.run("ls-tree", "-r", "-z", "--name-only", "main").split("\0") if name]
        texts = {name for name in names if name.endswith(".md") and not name.endswith("_origin.md")}
        found = sorted(texts ^ self.english.keys())
        for path in texts & self.english.keys():
            text = "\n".join(line for line in self.text(path).split("\n") if not line.startswith("#"))
            sentences = [line for line in self.english[path].split("\n") if line and not line.startswith("#")]
            if text.count("〔") != len(sentences) or any(f"〔{sentence}〕" not in text for sentence in sentences):
                found.append(f"{path}: {text}")
        outcomes = self.sync()
        return found if outcomes == {None: "nothing"} else [*found, str(outcomes)]

    def _base(self, path: str) -> Base:
        commit, blob = git(self.folder / "en", "rev-parse", "main", f"main:{path}").split()
        return Base(blob, path, commit)
