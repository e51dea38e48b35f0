"""Text of books, machines and file names inside Markdown: it must not become markup, a mention or a command."""

from __future__ import annotations

import re

from bot.markup.visible import visible

_BACKTICKS = re.compile(r"`+")
MAX_RUN = 60
"""The longest run of backticks in code. GitHub's renderer takes no run above 80 for the mark of inline code, whatever
CommonMark says, and counts the marks of a block up to 255 only."""

_LONG_RUN = re.compile(f"`{{{MAX_RUN + 1},}}")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&$-])")
# What GitHub turns into a mention, a reference or a link: `@name`, `#1`, `GH-1`, web addresses.
_REFERENCE = re.compile(r"(?<=[@#])(?=\w)|(?<=GH)(?=-\d)|(?<=:)(?=//)|(?<=www)(?=\.)", re.IGNORECASE)
# GitHub takes seven and more hexadecimal digits for a commit.
_COMMIT = re.compile(r"(?<![^\W_])[0-9a-f]{7,}(?![^\W_])", re.IGNORECASE)
# With a full stop behind it, the text would begin a list.
_NUMBER = re.compile(r"\A\d+(?=\.|\Z)")
_JOINER = "\N{WORD JOINER}"
_BREAKS = "\r\n"


def plain(text: str) -> str:
    """The text on one line of characters that a person can see; others are written `\\x1b` or `\\u202e`."""
    return " ".join(_visible(text).split())


def escaped(text: str) -> str:
    """The text on one line of Markdown without markup, mentions or references. Pairs of backticks stay code."""
    pieces = plain(text).removesuffix(".").split("`")
    if len(pieces) % 2 == 0:
        pieces = ["'".join(pieces)]
    shown = "".join(code_span(piece) if i % 2 else literal(piece) for i, piece in enumerate(pieces))
    return _NUMBER.sub(rf"\g<0>{_JOINER}", shown)


def literal(text: str) -> str:
    """The text, which has no line breaks, with all its signs as signs, without mentions or references."""
    return _SPECIAL.sub(r"\\\1", _unlinked(_visible(text)))


def subject(text: str) -> str:
    """The text on one line of a title or a commit message, which are no Markdown, without mentions or references."""
    return _unlinked(plain(text))


def unlinked(text: str) -> str:
    """The text without mentions of people, references to issues, and addresses; the ids of commits stay."""
    return _REFERENCE.sub(_JOINER, text)


def code_span(text: str) -> str:
    """The text as inline code, on one line."""
    text = _without_long_runs(plain(text))
    if not text:
        return ""
    fence = "`" * (_longest_run(text) + 1)
    # Markdown strips one space from both ends if both have one and the text is more than spaces.
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def code_block(text: str, info: str = "") -> str:
    """The text as a fenced block that it can't close."""
    text = _without_long_runs(_visible(text.strip(_BREAKS)))
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{info}\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _without_long_runs(text: str) -> str:
    """With an ellipsis in the place of runs of backticks of which code could not be made."""
    return _LONG_RUN.sub(f"{'`' * MAX_RUN}…", text)


def _visible(text: str) -> str:
    # A carriage return alone is a line break to Markdown.
    return visible(text.replace("\r\n", "\n"))


def _unlinked(text: str) -> str:
    text = _COMMIT.sub(lambda match: _JOINER.join(re.findall(".{1,6}", match[0])), text)
    return unlinked(text)
