"""Notes of the bot to itself in its pull requests and comments: HTML comments, which readers don't see."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter, ValidationError

_MEMO = re.compile(r"\s*<!-- amts:pull-request (\{.*?\}) -->")
_KEY = re.compile(r"<!-- amts:(?:note|comment) ([0-9a-f]{16}) -->")
# Enough of a hash to tell contents apart, and so short that this many fit into any body.
_HASH_DIGITS = 16
_MAX_CONTENTS = 100
# Longer than any name on GitHub. Without a limit, people's edits of the memo could make the next body too long.
_MAX_NAME_LETTERS = 100
_HOUR_SECONDS = 3600

_Name = Annotated[str, AfterValidator(lambda name: name[:_MAX_NAME_LETTERS])]
_Names = Annotated[tuple[_Name, ...], AfterValidator(lambda names: names[-_MAX_CONTENTS:])]


@dataclass(frozen=True, slots=True)
class Memo:
    """The data hidden in a pull request's body. `contents`: a hash of each content that it proposed; `pushes`: the
    bot's of the last hour, in seconds since the epoch; `asked`, `labels`, `milestone`: what the bot added once, and
    people may remove; `draft`: it was opened as a draft; `withdrawn`: the bot itself closed it; `done`: the head that
    was presented completely."""

    contents: _Names = ()
    pushes: tuple[int, ...] = ()
    asked: _Names = ()
    labels: _Names = ()
    milestone: _Name = ""
    draft: bool = False
    withdrawn: bool = False
    done: str = ""

    def knows(self, content: str) -> bool:
        return content[:_HASH_DIGITS] in self.contents

    def proposing(self, content: str) -> Memo:
        if not content or self.knows(content):
            return self
        return replace(self, contents=(*self.contents, content[:_HASH_DIGITS])[-_MAX_CONTENTS:])

    def pushed(self, now: float) -> Memo:
        return replace(self, pushes=(*self.recent(now), int(now)))

    def recent(self, now: float) -> tuple[int, ...]:
        """The pushes of the last hour."""
        return tuple(time for time in self.pushes if now - _HOUR_SECONDS < time <= now)


_MEMO_TYPE = TypeAdapter(Memo)


def with_memo(body: str, memo: Memo) -> str:
    """The body with the memo at its end."""
    # A ">" in a value could end the HTML comment.
    text = json.dumps(asdict(memo), separators=(",", ":")).replace(">", "\\u003e")
    return f"{without_memo(body).rstrip()}\n\n<!-- amts:pull-request {text} -->\n"


def without_memo(body: str) -> str:
    return _MEMO.sub("", body)


def read_memo(body: str | None) -> Memo:
    """The memo in a body; an empty one if people removed or broke it."""
    memos = _MEMO.findall(body or "")
    try:
        return _MEMO_TYPE.validate_json(memos[-1]) if memos else Memo()
    except ValidationError:
        return Memo()


def key_of(text: str) -> str:
    """A short name for a text, for `marked`."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:_HASH_DIGITS]


def marked(body: str, kind: str, key: str) -> str:
    """The body of a comment with its hidden key; `kind` is `note` or `comment`."""
    return f"{body.rstrip()}\n\n<!-- amts:{kind} {key} -->"


def key_in(body: str | None) -> str:
    """The hidden key of a comment; empty if there is none."""
    keys = _KEY.findall(body or "")
    return keys[-1] if keys else ""


def same_text(one: str | None, other: str) -> bool:
    """Whether two bodies differ in their line ends only: the site's editor writes CRLF."""
    return (one or "").replace("\r\n", "\n").rstrip() == other.rstrip()
