"""Where the translation of the book of several chapters is, in tests: in a folder, or on the double of GitHub; and what
people do there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import yaml

from tests.github_double.double import GitHubDouble
from tests.github_double.refs import refs_changed
from tests.support.gitrepo import Content, add_commits, git, make_repo

REPO = "people/book-zh"


class Host(Protocol):
    """Where the translation is."""

    def settings(self) -> dict[str, object]: ...
    def location(self) -> str: ...
    def run(self, *arguments: str) -> str: ...
    def push(self, branch: str, files: Mapping[str, Content]) -> None: ...
    def amend(self, branch: str, files: Mapping[str, str], onto: str = "") -> None: ...
    def open(self) -> dict[str, int]: ...
    def merge(self, number: int) -> None: ...
    def close(self, number: int) -> None: ...
    def reopen(self, number: int) -> None: ...
    def body(self, number: int) -> str: ...
    def title(self, number: int) -> str: ...
    def said(self, number: int) -> list[str]: ...


def _amendment(run: Callable[..., str], branch: str, files: Mapping[str, str], onto: str) -> bytes:
    """The last commit of a branch as `git commit --amend` or `git rebase` make it anew, for `git fast-import`: author
    and message stay, the committer is who did it."""
    form = "--format=%an <%ae> %ad%x00%P%x00%T%x00%B"
    author, parent, files_id, message = run("show", "-s", "--date=raw", form, branch).split("\0")
    lines = [f"commit refs/heads/{branch}", f"author {author}", "committer Ben <ben@example.org> 1800000000 +0000"]
    stream = "\n".join(lines).encode() + _data(message) + f'from {onto or parent}\nM 040000 {files_id} ""\n'.encode()
    return stream + b"".join(f"M 100644 inline {path}".encode() + _data(text) for path, text in files.items())


def _data(text: str) -> bytes:
    return f"\ndata {len(text.encode())}\n{text}\n".encode()


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

    def amend(self, branch: str, files: Mapping[str, str], onto: str = "") -> None:
        git(self.place, "fast-import", "--quiet", "--force", stdin=_amendment(self.run, branch, files, onto))

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

    def amend(self, branch: str, files: Mapping[str, str], onto: str = "") -> None:
        world, repo = self.double.world, self.double.repo(REPO)
        stream = _amendment(self.run, branch, files, onto)
        with world.acting():
            repo.store.run("fast-import", "--quiet", "--force", stdin=stream)
            refs_changed(world, repo, world.account("ben"))

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
