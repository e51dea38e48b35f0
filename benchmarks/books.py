"""The real books and gold data beside the project, read for the benchmarks."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.book.package_data import known_language
from bot.model import Language

SHARED = Path(os.environ.get("AMTS_SHARED", Path(__file__).resolve().parents[2] / "shared"))

# The Chinese and Turkish books beside their English one, as `clone` lays them out.
BOOKS_CONFIG = """version: 1
source: {repo: en.git, branch: main, language: en}
files: {include: ["**/*.md"], exclude: ["**/*_origin.md", "**/*_en.md"]}
languages:
  zh: {repo: zh.git, branch: main, engine: memory}
  tr: {repo: tr.git, branch: main, engine: memory, origin_suffixes: [_origin, _en]}
"""


def lang(code: str) -> Language:
    return known_language(code)


def clone(name: str, folder: str) -> Path:
    """A bare clone of one of the bundles."""
    path = Path(folder) / f"{name}.git"
    if not path.exists():
        subprocess.run(["git", "clone", "-q", "--bare", SHARED / "d2l" / f"{name}.bundle", path], check=True)
    return path


def git(repo: str | Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", repo, *arguments], check=True, capture_output=True, text=True).stdout


def read_blobs(repo: str | Path, names: list[str]) -> Iterator[tuple[str, bytes]]:
    """The content of git objects, named by hash or `commit:path`; missing ones are left out."""
    with tempfile.TemporaryFile() as listing:
        listing.write("".join(f"{name}\n" for name in names).encode())
        listing.seek(0)
        with subprocess.Popen(
            ["git", "-C", repo, "cat-file", "--batch"], stdin=listing, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            for name in names:
                header = process.stdout.readline().split()
                if header[-1] == b"missing":
                    continue
                data = process.stdout.read(int(header[2]))
                process.stdout.read(1)
                yield name, data


def markdown_blobs(repo: str | Path) -> list[str]:
    """Every distinct Markdown blob of the history."""
    lines = git(repo, "rev-list", "--objects", "--all").splitlines()
    return sorted({line.split(" ", 1)[0] for line in lines if line.endswith(".md")})
