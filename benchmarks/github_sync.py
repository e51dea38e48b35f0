"""Brings the Chinese book from its base to the English main as a pull request on the double of GitHub.

usage: python -m benchmarks.github_sync [--keep FILE]
Then two more runs: nothing changed, and one sentence changed. First with the engine `memory`, then with a machine that
translates everything, so that every changed sentence of people deserves a comment at its line. Printed are seconds
(without the pauses that GitHub asks for between requests), requests to the API and of git, the length of the body and
the comments at lines. Goals: fewer than 60 requests to the API, a body below GitHub's limit, no more comments than the
configuration allows. With --keep the body is written as a page that looks much like GitHub's.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pyromark
import yaml

import bot.forge.github.host
from benchmarks.books import SHARED, clone, git
from bot.book.edition import SyncOptions, open_edition, open_source
from bot.book.project import Project, load_project
from bot.book.workers import Runner
from bot.forge.github.host import Limits, RequestPacing
from bot.sync.language import sync_language
from tests.github_double.double import GitHubDouble
from tests.support.year_bot import Machine

REPO = "people/d2l-zh"
GOAL_CALLS, LIMIT_BODY = 60, 65_536
_FIRST = "chapter_preface/index.md"
_PAGE = """<!doctype html><meta charset="utf-8"><title>Pull request</title><style>
body {{ font: 16px/1.5 -apple-system, "Segoe UI", "Noto Sans", sans-serif; color: #1f2328; max-width: 850px;
        margin: 32px auto; padding: 0 16px }}
h2 {{ border-bottom: 1px solid #d1d9e0; padding-bottom: .3em }}
code, pre {{ font: 13.6px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; background: #f2f3f4; border-radius: 6px }}
code {{ padding: .2em .4em }} pre {{ padding: 16px; overflow: auto }} pre code {{ padding: 0 }}
table {{ border-collapse: collapse; display: block; overflow: auto }}
th, td {{ border: 1px solid #d1d9e0; padding: 6px 13px }}
</style>
{body}
"""


class Run:
    """The folder of the books, and the bot before the double."""

    def __init__(self, folder: Path, double: GitHubDouble) -> None:
        self._folder = folder
        self._double = double
        forge = {"kind": "github", "url": double.url, "api_url": double.url}
        settings = {
            "version": 1,
            "source": {"repo": "en.git"},
            "files": {"include": ["**/*.md"], "exclude": ["**/*_origin.md"]},
            "languages": {"zh": {"repo": double.clone_url(REPO), "reviewers": ["translator"]}},
            "forge": forge,
        }
        (folder / "amts.yaml").write_text(yaml.safe_dump(settings), "utf-8")

    def __call__(self, name: str) -> int:
        """One run of the bot, with its figures printed; how many goals it misses."""
        before = len(self._double.exchanges)
        started = time.perf_counter()
        project = replace(load_project(self._folder / "amts.yaml"), cache=self._folder / "cache")
        (synced,) = sync_language(open_edition(project, open_source(project), "zh", Runner()), SyncOptions())
        seconds = time.perf_counter() - started
        seen = self._double.exchanges[before:]
        transfers = sum(one.template == "git" for one in seen)
        (issue,) = self._double.pulls(REPO)
        comments = [one for one in self._double.pull(REPO, issue.number).comments if one.resolved_by is None]
        calls, size, most = len(seen) - transfers, len(issue.body or ""), Limits().review_comments
        print(
            f"{name}: {synced.outcome}, {len(synced.results)} files, {seconds:.1f} s; {calls} requests to the API"
            f" (goal: under {GOAL_CALLS}), {transfers} of git; body {size:,} characters (limit {LIMIT_BODY:,});"
            f" {len(comments)} comments at lines (at most {most})"
        )
        return (calls >= GOAL_CALLS) + (size > LIMIT_BODY) + (len(comments) > most)

    def body(self) -> str:
        return self._double.pulls(REPO)[0].body or ""


def change_a_sentence(repository: Path) -> None:
    """The English moves on: the first chapter gains a sentence."""
    text = git(repository, "show", f"main:{_FIRST}") + "\nThis sentence is new.\n"
    data = text.encode()
    stream = b"commit refs/heads/main\ncommitter Author <author@example.org> 1800000000 +0000\ndata 4\nMore\n"
    stream += b"from refs/heads/main^0\n" + f"M 100644 inline {_FIRST}\ndata {len(data)}\n".encode() + data + b"\n"
    with tempfile.TemporaryFile() as file:
        file.write(stream)
        file.seek(0)
        subprocess.run(["git", "-C", repository, "fast-import", "--quiet"], stdin=file, check=True)


def three_runs(folder: Path) -> tuple[int, str]:
    """How many goals they miss, and the body of the first."""
    with GitHubDouble(folder / "github") as double:
        clone("en", str(folder))
        roles = {"amts-bot": "write", "translator": "write"}
        double.create_repo(REPO, source=SHARED / "d2l" / "zh.bundle", collaborators=roles)
        os.environ["GITHUB_TOKEN"] = double.token("amts-bot")
        run = Run(folder, double)
        short = run("first run")
        body = run.body()
        short += run("nothing changed")
        change_a_sentence(folder / "en.git")
        short += run("one sentence changed")
        for violation in double.violations:
            print(f"not as GitHub describes it: {violation}")
        return short + len(double.violations), body


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    bot.forge.github.host.PACING = RequestPacing(between_requests=0.0, between_writes=0.0)
    print("engine memory:")
    with tempfile.TemporaryDirectory() as folder:
        short, body = three_runs(Path(folder))
    print("an engine that translates everything:")
    Project.engine = lambda *_, **__: Machine()  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as folder:
        more, _ = three_runs(Path(folder))
    if options.keep is not None:
        rendered = pyromark.html(body, options=pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_GFM)
        options.keep.write_text(_PAGE.format(body=rendered), "utf-8")
    return 1 if short or more else 0


if __name__ == "__main__":
    sys.exit(main())
