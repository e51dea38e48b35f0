"""Review threads: the bot's comments at lines of a pull request, which it writes, updates and resolves."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import requests
from github import GithubException
from github.Commit import Commit
from github.PullRequest import PullRequest as ApiPullRequest
from github.PullRequest import ReviewComment

from bot.forge.git import Repository
from bot.forge.github.client import UNPROCESSABLE, Tolerated, uncertain
from bot.forge.github.connection import Connection, plain_login
from bot.forge.github.marker import key_in, key_of, marked, same_text
from bot.model import ReviewNote
from bot.network.deadline import ATTEMPTS

_THREADS = """
query Threads($owner: String!, $name: String!, $number: Int!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved isOutdated line
          comments(first: 1) { totalCount nodes { fullDatabaseId body author { login } } }
        }
      }
    }
  }
}
"""
_HUNK = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True)
class ReviewThread:
    """A thread that the bot began. `comment` is the id of its first comment; `answered`: others wrote in it;
    `outdated`: its line has changed since; `line`: its line, if that line is unchanged."""

    id: str
    key: str
    comment: int
    body: str
    resolved: bool
    outdated: bool
    line: int | None
    answered: bool


class Threads:
    """The bot's threads of one pull request, brought in step with the notes of a draft."""

    def __init__(self, connection: Connection, repository: Repository, pull: ApiPullRequest) -> None:
        self._connection = connection
        self._repository = repository
        self._pull = pull

    def bring_in_step(self, notes: Sequence[ReviewNote], base: str, head: str, heading: str, most: int) -> None:
        """Updates threads, adds missing ones (as one review with this heading, at the commit `head` of the pull request
        into `base`) until `most` are open, and resolves outdated ones.

        A thread of an earlier update stays while its line does. A thread that people resolved stays resolved; a thread
        with people's answers is never deleted."""
        wanted = {key_of(note.key): note for note in notes}
        for attempt in range(1, ATTEMPTS + 1):
            threads = list(self._fetch())
            self._tidy(threads, wanted)
            standing = {thread.key for thread in threads if not thread.outdated}
            open_keys = {thread.key for thread in threads if _stays(thread, wanted)}
            room = max(most - len(open_keys), 0)
            missing = dict([(key, note) for key, note in wanted.items() if key not in standing][:room])
            if not missing:
                return
            try:
                if not self._add(missing, base, head, heading):
                    return
                break
            except (requests.RequestException, GithubException) as error:
                # Some may have been written: the next attempt searches for them first.
                if not uncertain(error) or attempt == ATTEMPTS:
                    raise
        # Another bot may have added the same at the same moment.
        self._tidy(list(self._fetch()), wanted)

    def _fetch(self) -> Iterator[ReviewThread]:
        owner, _, name = self._connection.name.partition("/")
        after: str | None = None
        for number in count(1):
            data = self._connection.graphql(_THREADS, owner=owner, name=name, number=self._pull.number, after=after)
            page = data["repository"]["pullRequest"]["reviewThreads"]
            for node in page["nodes"]:
                first = node["comments"]["nodes"][0]
                author = first["author"] or {"login": ""}  # None for a deleted account
                if not key_in(first["body"]) or plain_login(author["login"]) != plain_login(data["viewer"]["login"]):
                    continue
                yield ReviewThread(
                    id=node["id"],
                    key=key_in(first["body"]),
                    comment=int(first["fullDatabaseId"]),
                    body=first["body"],
                    resolved=node["isResolved"],
                    outdated=node["isOutdated"],
                    line=node["line"],
                    answered=node["comments"]["totalCount"] > 1,
                )
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]
            self._connection.client.check_page(number)

    def _tidy(self, threads: Sequence[ReviewThread], wanted: Mapping[str, ReviewNote]) -> None:
        """Updates, resolves and deduplicates the threads that there are."""
        seen: set[str] = set()
        over: list[str] = []
        for thread in sorted(threads, key=lambda thread: thread.comment):
            note = wanted.get(thread.key)
            if thread.resolved:
                continue
            if not _stays(thread, wanted) or (thread.key in seen and thread.answered):
                over.append(thread.id)
            elif thread.key in seen:
                self._connection.client.delete(f"{self._connection.api.url}/pulls/comments/{thread.comment}")
            else:
                seen.add(thread.key)
                if note is None:
                    continue
                body = marked(note.body, "note", thread.key)
                if not same_text(thread.body, body):
                    path = f"{self._connection.api.url}/pulls/comments/{thread.comment}"
                    self._connection.client.requestJsonAndCheck("PATCH", path, input={"body": body})
        self._resolve(over)

    def _resolve(self, threads: Sequence[str]) -> None:
        """Resolves the threads with these ids, in one request."""
        if not threads:
            return
        names = {f"t{number}": thread for number, thread in enumerate(threads)}
        parameters = ", ".join(f"${name}: ID!" for name in names)
        fields = " ".join(
            f"{name}: resolveReviewThread(input: {{threadId: ${name}}}) {{ thread {{ id }} }}" for name in names
        )
        self._connection.graphql(f"mutation Resolve({parameters}) {{ {fields} }}", **names)

    def _add(self, notes: Mapping[str, ReviewNote], base: str, head: str, heading: str) -> bool:
        """Whether the diff shows a place for any of them."""
        shown = changed_lines(self._repository, base, head)
        commit = Commit(self._connection.client, headers={}, attributes={"sha": head})
        at_lines = {
            key: note for key, note in notes.items() if any(note.line in lines for lines in shown.get(note.path, ()))
        }
        comments: list[ReviewComment] = [
            {"path": note.path, "line": note.line, "side": "RIGHT", "body": marked(note.body, "note", key)}
            for key, note in at_lines.items()
        ]
        try:
            if comments:
                self._pull.create_review(commit=commit, body=heading, event="COMMENT", comments=comments)
        except GithubException as error:
            if error.status != UNPROCESSABLE:
                raise
            # GitHub refuses the whole review for one line that it does not show (of too large a diff, say).
            for comment in comments:
                self._add_one(comment["body"], head, comment["path"], comment["line"])
        # A note at a line outside the diff is attached to its file; for a file outside the diff, only the body has it.
        at_files = {key: note for key, note in notes.items() if key not in at_lines and note.path in shown}
        for key, note in at_files.items():
            self._add_one(marked(note.body, "note", key), head, note.path, None)
        return bool(at_lines or at_files)

    def _add_one(self, body: str, head: str, path: str, line: int | None) -> None:
        with Tolerated(UNPROCESSABLE):
            if line is None:
                self._pull.create_review_comment(body, head, path, subject_type="file")
            else:
                self._pull.create_review_comment(body, head, path, line=line, side="RIGHT")


def changed_lines(repository: Repository, base: str, head: str) -> dict[str, list[range]]:
    """By file, the lines (from 1) of the new text that a pull request from `head` into `base` shows: changed lines, and
    three around them."""
    start = repository.merge_base(base, head)
    # With quotePath, whatever the user's configuration, a quotation mark tells quoted paths from others.
    options = "-r", "-p", "-M", "--unified=3", "--no-color", "--no-ext-diff", "--src-prefix=a/", "--dst-prefix=b/"
    patch = repository.run("-c", "core.quotePath=true", "diff-tree", *options, start, head)
    lines: dict[str, list[range]] = {}
    path, header = "", False
    for line in patch.decode("utf-8", "replace").split("\n"):
        if line.startswith("diff --git "):
            header = True
        elif header and line.startswith("+++ "):
            path = _unquoted(line.removeprefix("+++ ").removesuffix("\t")).removeprefix("b/")
        elif (hunk := _HUNK.match(line)) is not None:
            header = False
            first, count = int(hunk[1]), int(hunk[2] or 1)
            lines.setdefault(path, []).append(range(first, first + count))
    return lines


def _unquoted(path: str) -> str:
    """The path that git quoted in the manner of C."""
    if not path.startswith('"'):
        return path
    data = ast.literal_eval(f"b{path}")
    assert isinstance(data, bytes)
    return data.decode("utf-8", "surrogateescape")


def _stays(thread: ReviewThread, wanted: Collection[str]) -> bool:
    """Whether an open thread stays open. GitHub never calls a thread at a whole file outdated."""
    return not thread.resolved and not thread.outdated and (thread.key in wanted or thread.line is not None)
