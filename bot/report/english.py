"""What changed in the source, commit by commit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.report.items import item
from bot.report.layout import BodyPart, ListEntry
from bot.report.markdown import code_span, escaped

# What a body carries along may have been edited there.
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
# So many of a commit's id tell it apart, in links too.
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
    """The web page of the source's repository; `url` is "" where it has none, and words stay without links."""

    url: str = ""

    def commit(self, commit: str) -> str:
        shown = code_span(commit[:_DIGITS])
        return f"[{shown}]({self.url}/commit/{commit})" if self.url else shown

    def compared(self, words: str, base: str, head: str) -> str:
        """The words, with a link to what changed from `base` to `head`."""
        is_known = base != head and _COMMIT.fullmatch(base) is not None
        address = f"{self.url}/compare/{base[:_DIGITS]}...{head[:_DIGITS]}"
        return f"[{words}]({address})" if self.url and is_known else words


def english_part(commits: Sequence[SourceCommit], page: SourcePage, base: str, head: str, language: str) -> BodyPart:
    """The latest of the commits, which come newest first; `base` is the commit before the oldest one."""
    entries = (ListEntry(item(f"{page.commit(one.commit)} {escaped(_shortened(one.subject))}")) for one in commits)
    # The compare view has all of them: nobody misses them in the report.
    rest = (
        f"since `{base[:_DIGITS]}`: {page.compared('all changes', base, head)}." if page.url and base else "are older."
    )
    return BodyPart(
        f"What changed in the {language}", tuple(entries), "commits", _MAX_COMMITS, rest=rest, collapses=False
    )


def _shortened(subject: str) -> str:
    return subject if len(subject) <= _MAX_SUBJECT else f"{subject[: _MAX_SUBJECT - 1]}…"
