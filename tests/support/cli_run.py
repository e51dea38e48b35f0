"""Runs the command line in tests, and makes a small translated book for it."""

from __future__ import annotations

import hashlib
import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.cli import main
from tests.support.gitrepo import Content, add_commits, git, make_repo

ENGLISH = "# Tea\n\nTea is a hot drink from China.\n\nPour the water slowly over the leaves.\n"
CHINESE = "# 茶\n\n茶是来自中国的热饮。\n\n将水慢慢倒在茶叶上。\n"
WAIT = "Wait four minutes before you drink.\n"
CUPS = "# Cups\n\nA cup holds the hot tea.\n"
BOOK_ZH: Mapping[str, Content] = {
    "tea.md": CHINESE,
    "tea_origin.md": ENGLISH,
    "cups.md": "# 杯子\n\n杯子盛着热茶。\n",
    "cups_origin.md": CUPS,
}
MILK = "Add some milk to it.\n"
# A chapter that says already what other chapters come to say: its human translation is there to be reused. The formulas
# and the code make sure of its alignment.
_HABITS = "# {}\n\n```\nboil()\n```\n\n$$t = 4$$\n\n{}\n\n$$m = 1$$\n\n{}\n\n```\ndrink()\n```\n"
HABITS = {"habits.md": _HABITS.format("Habits", WAIT.strip(), MILK.strip())}
HABITS_ZH: Mapping[str, Content] = {
    "habits.md": _HABITS.format("习惯", "喝之前等四分钟。", "加一点牛奶。"),
    "habits_origin.md": HABITS["habits.md"],
}


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    def json(self) -> dict[str, object]:
        data = json.loads(self.out)
        assert isinstance(data, dict)
        return data


class Cli:
    """`amts` in this process, with what it prints."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Ran:
        self._monkeypatch.setattr(sys, "argv", ["amts", *map(str, arguments)])
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        self._capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return Ran(code, out, err)


class Book:
    """An English repository, translations of it, and the configuration that ties them together."""

    def __init__(
        self, folder: Path, languages: Mapping[str, Mapping[str, Content]], more: Mapping[str, Content] | None = None
    ) -> None:
        """`more` are English files besides those of `BOOK_ZH`."""
        self.folder = folder
        self.config = folder / "amts.yaml"
        self.pulls = folder / "pulls"
        make_repo(folder / "en", {"tea.md": ENGLISH, "cups.md": CUPS, **(more or {})})
        for name, files in languages.items():
            make_repo(folder / name, files)
        self.configure(languages)

    def configure(self, names: Mapping[str, object], **more: object) -> None:
        settings = {name: {"repo": name} for name in names}
        data = {
            "version": 1,
            "source": {"repo": "en"},
            "languages": settings,
            "forge": {"kind": "local", "folder": "pulls"},
        }
        self.config.write_text(yaml.safe_dump(data | more, sort_keys=False), "utf-8")

    def english(self, files: Mapping[str, Content]) -> str:
        return add_commits(self.folder / "en", files)[-1]

    def text(self, path: str, language: str = "zh", branch: str = "") -> str:
        return git(self.folder / language, "show", f"{branch or f'amts/{language}'}:{path}") + "\n"

    def tip(self, language: str = "zh", branch: str = "") -> str:
        ref = f"refs/heads/{branch or f'amts/{language}'}"
        return git(self.folder / language, "for-each-ref", "--format=%(objectname)", ref)

    def body(self, number: int = 1, language: str = "zh") -> str:
        return (self.pulls / language / str(number) / "body.md").read_text("utf-8")

    def card(self, number: int = 1, language: str = "zh") -> dict[str, object]:
        card = yaml.safe_load((self.pulls / language / str(number) / "pull-request.yaml").read_text("utf-8"))
        assert isinstance(card, dict)
        return card


def command(*arguments: str | Path) -> list[str]:
    """`amts` as a process of its own."""
    return [sys.executable, "-m", "bot", *map(str, arguments)]


def fingerprint(folder: Path) -> str:
    """A hash of every path below a folder and its content, but for the cache: what was computed may stay there."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if "cache" not in path.relative_to(folder).parts):
        digest.update(f"{path.relative_to(folder)}\0{path.is_file()}\0".encode())
        digest.update(path.read_bytes() if path.is_file() and not path.is_fifo() else b"")
    return digest.hexdigest()
