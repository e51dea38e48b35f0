"""What the bot notes for itself in its pull requests and comments, in HTML comments that nobody sees."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

_MEMO = re.compile(r"\s*<!-- amts:pull-request (\{.*?\}) -->")
_KEY = re.compile(r"<!-- amts:(?:note|comment) ([0-9a-f]{16}) -->")
# So much of a hash tells contents apart, and so many of them fit into any body.
_DIGITS = 16
_MOST_CONTENTS = 100
# Longer than any name on GitHub. Whoever may edit a body could make it too long for the next one otherwise.
_MOST_LETTERS = 100
_HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Memo:
    """What a pull request's body remembers: the hash of each content it proposed, when the bot pushed within the last
    hour (seconds since the epoch), whom and what the bot added once, so that people can take it away again, whether it
    was opened as a draft, whether the bot itself closed it, and of which head everything was presented."""

    contents: tuple[str, ...] = ()
    pushes: tuple[int, ...] = ()
    asked: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    milestone: str = ""
    draft: bool = False
    withdrawn: bool = False
    done: str = ""

    def knows(self, content: str) -> bool:
        return content[:_DIGITS] in self.contents

    def proposing(self, content: str) -> Memo:
        if not content or self.knows(content):
            return self
        return replace(self, contents=(*self.contents, content[:_DIGITS])[-_MOST_CONTENTS:])

    def pushed(self, now: float) -> Memo:
        return replace(self, pushes=(*self.recent(now), int(now)))

    def recent(self, now: float) -> tuple[int, ...]:
        """The pushes of the last hour."""
        return tuple(time for time in self.pushes if now - _HOUR_SECONDS < time <= now)


def with_memo(body: str, memo: Memo) -> str:
    """The body with the memo at its end."""
    # What looks like the end of a comment must not end it.
    text = json.dumps(asdict(memo), separators=(",", ":")).replace(">", "\\u003e")
    return f"{without_memo(body).rstrip()}\n\n<!-- amts:pull-request {text} -->\n"


def without_memo(body: str) -> str:
    return _MEMO.sub("", body)


def read_memo(body: str | None) -> Memo:
    """The memo in a body, an empty one where people took it out or broke it."""
    found = _MEMO.findall(body or "")
    try:
        facts = json.loads(found[-1]) if found else {}
        return Memo(
            contents=_words(facts.get("contents", ())),
            pushes=tuple(int(time) for time in facts.get("pushes", ())),
            asked=_words(facts.get("asked", ())),
            labels=_words(facts.get("labels", ())),
            milestone=str(facts.get("milestone", ""))[:_MOST_LETTERS],
            draft=bool(facts.get("draft")),
            withdrawn=bool(facts.get("withdrawn")),
            done=str(facts.get("done", "")),
        )
    except (ValueError, TypeError, OverflowError, RecursionError):
        return Memo()


def key_of(text: str) -> str:
    """A short name for a text, for `marked`."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]


def marked(body: str, kind: str, key: str) -> str:
    """The body of a comment with the key that it is known again by; `kind` is `note` or `comment`."""
    return f"{body.rstrip()}\n\n<!-- amts:{kind} {key} -->"


def key_in(body: str | None) -> str:
    """The key of a comment, empty for one that the bot did not write."""
    found = _KEY.findall(body or "")
    return found[-1] if found else ""


def same_text(one: str | None, other: str) -> bool:
    """Whether two bodies are the same, whatever ends their lines: the site's editor writes CRLF."""
    return (one or "").replace("\r\n", "\n").rstrip() == other.rstrip()


def _words(values: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(value)[:_MOST_LETTERS] for value in values)[-_MOST_CONTENTS:]
