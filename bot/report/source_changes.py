"""The changes in the source, commit by commit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.report.layout import BodyPart, ListEntry, item
from bot.report.markdown import code_span, escaped, shortened

# People may have edited the commit in a body.
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
# Digits that identify a commit, in links too.
_DIGITS = 10
_MAX_COMMITS = 10
_MAX_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class SourceCommit:
    """A commit of the source and the first line of its message."""

    commit: str
    subject: str


@dataclass(frozen=True, slots=True)
class SourcePage:
    """The web page of the source's repository. Without one, `url` is "" and nothing is linked."""

    url: str = ""

    def commit(self, commit: str) -> str:
        name = code_span(commit[:_DIGITS])
        return f"[{name}]({self.url}/commit/{commit})" if self.url else name

    def compared(self, words: str, base: str, head: str) -> str:
        """The words, linked to the changes from `base` to `head`."""
        is_known = base != head and _COMMIT.fullmatch(base) is not None
        address = f"{self.url}/compare/{base[:_DIGITS]}...{head[:_DIGITS]}"
        return f"[{words}]({address})" if self.url and is_known else words


def source_changes_part(
    commits: Sequence[SourceCommit], page: SourcePage, base: str, head: str, language: str
) -> BodyPart:
    """The latest of the commits, newest first; `base` is the commit before the oldest one."""
    entries = (
        ListEntry(item(f"{page.commit(commit.commit)} {escaped(shortened(commit.subject, _MAX_SUBJECT))}"))
        for commit in commits
    )
    # The compare view has all commits, so the report need not list them.
    changes = page.compared("all changes", base, head)
    rest = f"since `{base[:_DIGITS]}`: {changes}." if page.url and base else "before these."
    title = f"What changed in the {language}"
    return BodyPart(title, tuple(entries), "commit", _MAX_COMMITS, rest=rest, collapses=False)
