"""A book of several chapters whose translation gets a pull request for each of them: in a folder, or on the double of
GitHub; and what people do to these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Protocol

import pytest
import yaml

from bot.app.opening import open_source
from bot.app.parallel import Runner
from bot.app.project import Project, load_project
from bot.app.syncing import Synced, sync_language
from bot.app.translating import Options
from bot.engines.base import FreeEngine
from bot.forge.baseline import Base
from bot.forge.github import Manners
from bot.forge.lock_file import LOCK_PATH, serialize_lock
from bot.model import Language, Request, Translation
from tests.github_double.double import GitHubDouble
from tests.gitrepo import Content, add_commits, git, make_repo

REPO = "people/book-zh"
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
    lines = [f"{who}〔{line}〕。" if line and not line.startswith("#") else line for line in english.split("\n")]
    return "\n".join(lines)


class Machine(FreeEngine):
    """Says who it is and what it was asked. `asked` are all requests so far, over all runs."""

    name = label = "machine"
    spends = False
    asked: ClassVar[list[str]] = []
    jobs = 0

    def translate(
        self,
        requests: Sequence[Request],
        *,
        source: Language,  # noqa: ARG002
        target: Language,  # noqa: ARG002
        examples: object,  # noqa: ARG002
    ) -> Sequence[Translation]:
        Machine.asked += [request.text for request in requests]
        Machine.jobs += 1
        return [Translation(f"机器〔{request.text}〕。") for request in requests]


class Host(Protocol):
    """Where the translation is."""

    def settings(self) -> dict[str, object]: ...
    def location(self) -> str: ...
    def run(self, *arguments: str) -> str: ...
    def push(self, branch: str, files: Mapping[str, Content]) -> None: ...
    def open(self) -> dict[str, int]: ...
    def merge(self, number: int) -> None: ...
    def close(self, number: int) -> None: ...
    def reopen(self, number: int) -> None: ...
    def body(self, number: int) -> str: ...
    def title(self, number: int) -> str: ...
    def said(self, number: int) -> list[str]: ...


class InFolder:
    """The local forge."""

    def __init__(self, folder: Path, files: Mapping[str, Content]) -> None:
        self.place, self.pulls = folder / "zh", folder / "pulls" / "zh"
        make_repo(self.place, files)

    def settings(self) -> dict[str, object]:
        return {"kind": "local", "folder": "pulls"}

    def location(self) -> str:
        return "zh"

    def run(self, *arguments: str) -> str:
        return git(self.place, *arguments)

    def push(self, branch: str, files: Mapping[str, Content]) -> None:
        add_commits(self.place, files, branch=branch)

    def open(self) -> dict[str, int]:
        found = {}
        for place in self.pulls.glob("[0-9]*"):
            card = self._card(int(place.name))
            merged = self.run("rev-list", "--max-count=1", str(card["head"]), "^main") == ""
            if card["state"] == "open" and not merged:
                found[str(card["branch"])] = int(place.name)
        return found

    def merge(self, number: int) -> None:
        branch = str(self._card(number)["branch"])
        tree_id = self.run("merge-tree", "--write-tree", "main", branch)
        merged = self.run("commit-tree", tree_id, "-p", "main", "-p", branch, "-m", f"Merge {number}")
        self.run("update-ref", "refs/heads/main", merged)

    def close(self, number: int) -> None:
        self._edit(number, "open", "closed")

    def reopen(self, number: int) -> None:
        self._edit(number, "closed", "open")

    def body(self, number: int) -> str:
        return (self.pulls / str(number) / "body.md").read_text("utf-8")

    def title(self, number: int) -> str:
        return str(self._card(number)["title"])

    def said(self, number: int) -> list[str]:
        return [path.read_text("utf-8") for path in sorted((self.pulls / str(number) / "thread").glob("*.md"))]

    def _card(self, number: int) -> dict[str, object]:
        card = yaml.safe_load((self.pulls / str(number) / "pull-request.yaml").read_text("utf-8"))
        assert isinstance(card, dict)
        return card

    def _edit(self, number: int, old: str, new: str) -> None:
        path = self.pulls / str(number) / "pull-request.yaml"
        path.write_text(path.read_text("utf-8").replace(f"state: {old}", f"state: {new}"), "utf-8")


class OnGitHub:
    """The double; people do what they do as `ben`."""

    def __init__(self, double: GitHubDouble, files: Mapping[str, Content]) -> None:
        self.double, self.limits = double, dict[str, int]()
        texts = {path: text for path, text in files.items() if isinstance(text, str | bytes)}
        double.create_repo(REPO, texts, collaborators=dict.fromkeys(("amts-bot", "ben"), "write"))

    def settings(self) -> dict[str, object]:
        return {"kind": "github", "url": self.double.url, "api_url": self.double.url, "limits": self.limits}

    def location(self) -> str:
        return self.double.clone_url(REPO)

    def run(self, *arguments: str) -> str:
        return self.double.repo(REPO).store.run(*arguments)

    def push(self, branch: str, files: Mapping[str, Content]) -> None:
        texts = {path: text for path, text in files.items() if text is None or isinstance(text, str | bytes)}
        self.double.as_user("ben").push(REPO, branch, texts)

    def open(self) -> dict[str, int]:
        pulls = [issue for issue in self.double.pulls(REPO) if issue.state == "open"]
        return {self.double.pull(REPO, issue.number).head_ref: issue.number for issue in pulls}

    def merge(self, number: int) -> None:
        self.double.as_user("ben").merge_pull(REPO, number)

    def close(self, number: int) -> None:
        self.double.as_user("ben").close(REPO, number)

    def reopen(self, number: int) -> None:
        self.double.as_user("ben").reopen(REPO, number)

    def body(self, number: int) -> str:
        return self.double.issue(REPO, number).body or ""

    def title(self, number: int) -> str:
        return self.double.issue(REPO, number).title

    def said(self, number: int) -> list[str]:
        return [comment.body for comment in self.double.issue(REPO, number).comments]


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
        monkeypatch.setattr("bot.app.github.MANNERS", Manners(between_requests=0.0, between_writes=0.0))
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

    def results(self, **more: object) -> dict[str | None, Synced]:
        """One run of the bot, by chapter."""
        project = self.project
        found = sync_language(project, open_source(project), "zh", replace(Options(), **more), Runner(1))  # type: ignore[arg-type]
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
