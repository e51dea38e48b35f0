"""Notes of the bot to itself in its pull requests and comments: HTML comments, which readers don't see."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter, ValidationError

from bot.markup.notes import is_note, note, read_note, without_note

_NAME, _ABOVE = "pull-request", "above"
_MEMO_ABOVE = re.compile(rf'^<!-- amts:{_NAME} .*"{_ABOVE}":"([0-9a-f]{{16}})"}} -->')
_KINDS = "note", "comment"
_KEY = re.compile(r"[0-9a-f]{16}")
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
    """The body with the memo at its end, which names what stands above: so the memo is known again if people write
    something below it."""
    text = without_memo(body).rstrip()
    # A ">" in a value could end the HTML comment.
    facts = json.dumps({**asdict(memo), _ABOVE: _digest(text)}, separators=(",", ":")).replace(">", "\\u003e")
    return f"{text}\n\n{note(_NAME, facts)}\n"


def without_memo(body: str) -> str:
    """The body as the draft had it, with what people wrote below. What else looks like a memo is never touched: it may
    be a quotation."""
    own, below = _divided(body)
    text = without_note(_NAME, own)
    return f"{text}\n{below}" if below.strip() else text


def own_text(body: str | None) -> str:
    """The body as the draft had it, without what people wrote below."""
    return without_note(_NAME, _divided(body or "")[0])


def read_memo(body: str | None) -> Memo:
    """The memo in a body; an empty one if people removed or broke it."""
    data = read_note(_NAME, _divided(body or "")[0])
    try:
        return Memo() if data is None else _MEMO_TYPE.validate_json(data)
    except ValidationError:
        return Memo()


def _divided(body: str) -> tuple[str, str]:
    """The body up to the memo that names what stands above it, and what people wrote below; all of it and "" if a memo
    is among the notes at its end, or there is none."""
    if read_note(_NAME, body) is not None:
        return body, ""
    lines = body.split("\n")
    for place in range(len(lines) - 1, -1, -1):
        above = _MEMO_ABOVE.search(lines[place])
        if above and is_note(lines[place]) and above[1] == _digest("\n".join(lines[:place])):
            return "\n".join(lines[: place + 1]), "\n".join(lines[place + 1 :])
    return body, ""


def _digest(text: str) -> str:
    """A short name for a text, whatever its line ends: the site's editor writes CRLF."""
    return key_of(text.replace("\r\n", "\n").rstrip())


def key_of(text: str) -> str:
    """A short name for a text, for `marked`."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:_HASH_DIGITS]


def marked(body: str, kind: str, key: str) -> str:
    """The body of a comment with its hidden key; `kind` is one of `_KINDS`."""
    return f"{body.rstrip()}\n\n{note(kind, key)}"


def key_in(body: str | None) -> str:
    """The hidden key of a comment; empty if there is none."""
    key = read_note(_KINDS[0], body or "", *_KINDS[1:]) or ""
    return key if _KEY.fullmatch(key) else ""


def same_text(one: str | None, other: str) -> bool:
    """Whether two bodies differ in their line ends only: the site's editor writes CRLF."""
    return (one or "").replace("\r\n", "\n").rstrip() == other.rstrip()
