"""Git's diffs as GitHub shows them: files, patches, the lines one can comment on, and where a line went since."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.ASCII)


@dataclass(frozen=True)
class FileDiff:
    """`patch` begins at the first hunk; it is empty for a binary file or a pure rename. `sha` is the file's blob after
    the change, before it where it was removed."""

    path: str
    status: str
    sha: str
    old_path: str | None
    additions: int
    deletions: int
    patch: str


@dataclass(frozen=True)
class DiffLine:
    """`mark` is `+`, `-` or a space; `old` and `new` are line numbers, from 1. `position` counts the lines below the
    file's first hunk header, as GitHub's positions do; `hunk` is the text from its hunk header to here."""

    mark: str
    old: int
    new: int
    position: int
    hunk: str


def parse_diff(output: bytes) -> list[FileDiff]:
    """What `git diff --raw --patch --no-abbrev` prints."""
    text = output.decode("utf-8", "replace")
    head, _, rest = text.partition("\n\n") if text.startswith(":") else ("", "", text)
    patches = iter(re.split(r"^diff --git .*\n", rest, flags=re.MULTILINE)[1:])
    files = []
    for line in head.splitlines():
        facts, *names = line.split("\t")
        _, _, old, new, status = facts.split(" ")
        patch = next(patches, "")
        if status == "T":  # shown as a removal and an addition
            patch += next(patches, "")
        start = re.search(r"^@@ ", patch, flags=re.MULTILINE)
        patch = patch[start.start() :].removesuffix("\n") if start else ""
        lines = patch.split("\n")
        files.append(
            FileDiff(
                path=_unquoted(names[-1]),
                status=_STATUS[status[0]],
                sha=old if status == "D" else new,
                old_path=_unquoted(names[0]) if len(names) == 2 else None,
                additions=sum(line.startswith("+") for line in lines),
                deletions=sum(line.startswith("-") for line in lines),
                patch=patch,
            )
        )
    return files


def _unquoted(name: str) -> str:
    if not name.startswith('"'):
        return name
    return name[1:-1].encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")


def diff_lines(patch: str) -> list[DiffLine]:
    """The lines of a patch that a comment can stand at."""
    lines: list[DiffLine] = []
    old = new = 0
    hunk: list[str] = []
    for position, line in enumerate(patch.split("\n") if patch else []):
        if match := _HUNK.match(line):
            old, new = int(match[1]) - 1, int(match[3]) - 1
            hunk = [line]
            continue
        hunk.append(line)
        mark = line[:1] or " "
        if mark == "\\":
            continue
        old += mark in " -"
        new += mark in " +"
        lines.append(DiffLine(mark, old, new, position, "\n".join(hunk)))
    return lines


def line_at(patch: str, side: str, line: int) -> DiffLine | None:
    """The line of a patch with this number on the RIGHT (new) or LEFT (old) side."""
    for found in diff_lines(patch):
        if side == "RIGHT" and found.mark in " +" and found.new == line:
            return found
        if side == "LEFT" and found.mark in " -" and found.old == line:
            return found
    return None


def follow_line(patch: str, line: int) -> int | None:
    """Where a line of the old file is in the new one, None where it was changed."""
    shift = 0
    for header in patch.split("\n"):
        if not (match := _HUNK.match(header)):
            continue
        counts = int(match[2] or 1), int(match[4] or 1)
        # A side without lines is given by the line before it.
        old, new = int(match[1]) + (not counts[0]), int(match[3]) + (not counts[1])
        if line < old:
            break
        if line < old + counts[0]:
            found = line_at(patch, "LEFT", line)
            return found.new if found and found.mark == " " else None
        shift = new + counts[1] - old - counts[0]
    return line + shift
