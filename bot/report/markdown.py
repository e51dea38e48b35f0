"""Text of books and machines inside Markdown; it must not become markup, a mention or a command."""

from __future__ import annotations

import re
from collections.abc import Sequence

INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters except line breaks and tabs, lone surrogates (bytes of a path that are not UTF-8), and embeddings,
overrides and isolates, which reverse the displayed order of the following text."""

_BACKTICKS = re.compile(r"`+")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&$-])")
# What GitHub turns into a mention, a reference or a link: `@name`, `#1`, `GH-1`, web addresses.
_REFERENCE = re.compile(r"(?<=[@#])(?=\w)|(?<=\bGH)(?=-\d)|(?<=:)(?=//)|(?<=www)(?=\.)", re.IGNORECASE)
# GitHub takes seven and more hexadecimal digits for a commit.
_COMMIT = re.compile(r"(?<![^\W_])[0-9a-f]{7,}(?![^\W_])", re.IGNORECASE)
_JOINER = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """The text on one line of characters that a person can see; others are written `\\x1b` or `\\u202e`."""
    return _visible(" ".join(text.split()))


def shortened(text: str, length: int) -> str:
    """At most `length` characters of the text."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def escaped(text: str) -> str:
    """The text on one line of Markdown without markup, mentions or references. Pairs of backticks stay code."""
    pieces = plain(text).removesuffix(".").split("`")
    if len(pieces) % 2 == 0:
        pieces = ["'".join(pieces)]
    return "".join(code_span(piece) if i % 2 else literal(piece) for i, piece in enumerate(pieces))


def literal(text: str) -> str:
    """The text, which has no line breaks, with all its signs as signs, without mentions or references."""
    return _SPECIAL.sub(r"\\\1", _unlinked(_visible(text)))


def subject(text: str) -> str:
    """The text on one line of a title or a commit message, which are no Markdown, without mentions or references."""
    return _unlinked(plain(text))


def code_span(text: str) -> str:
    """The text as inline code, on one line."""
    text = plain(text)
    if not text:
        return ""
    fence = "`" * (_longest_run(text) + 1)
    # Markdown strips one space from both ends if both have one and the text is more than spaces.
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def code_block(text: str, info: str = "") -> str:
    """The text as a fenced block that it can't close."""
    fence = "`" * max(3, _longest_run(text) + 1)
    lines = "\n".join(_visible(line) for line in text.strip("\r\n").splitlines())
    return f"{fence}{info}\n{lines}\n{fence}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], numbers_from: int = 1) -> str:
    """A GFM table; the columns from `numbers_from` on are aligned to the right."""
    rule = ["---" if i < numbers_from else "---:" for i in range(len(header))]
    return "\n".join(table_row(row) for row in [header, rule, *rows])


def table_row(cells: Sequence[str]) -> str:
    # A bar ends a cell even inside code, and a backslash before it may itself be escaped: a look-alike is safe.
    return "| " + " | ".join(cell.replace("|", "¦") for cell in cells) + " |"


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`, `2 entries`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def fitted(entries: Sequence[str], room: int, between: str) -> str:
    """As many entries as fit into `room` characters, and the number of the others."""
    shown: list[str] = []
    for entry in entries:
        room -= len(entry) + len(between)
        if room < 0:
            break
        shown.append(entry)
    if len(shown) < len(entries):
        shown.append(f"{between}{len(entries) - len(shown):,} more do not fit here; `amts sync --json` lists all.")
    return between.join(shown)


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _visible(line: str) -> str:
    return INVISIBLE.sub(lambda match: match[0].encode("ascii", "backslashreplace").decode(), line)


def _unlinked(text: str) -> str:
    text = _COMMIT.sub(lambda match: _JOINER.join(re.findall(".{1,6}", match[0])), text)
    return _REFERENCE.sub(_JOINER, text)
