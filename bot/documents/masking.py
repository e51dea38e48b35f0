"""Hides what CommonMark would misread (formulas that span lines, front matter) behind text of the same length."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)*(`{3,}|~{3,})(.*)$")
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_CONTENT = re.compile(r"[^\r\n]")
_LINE_PREFIX = re.compile(r"[ \t>]*")

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?:.*\r?\n)*?(?:---|\.\.\.)[ \t]*(?:\r?\n|$)")


def front_matter_end(text: str) -> int:
    """Where a YAML front matter ends (0 where there is none)."""
    match = _FRONT_MATTER.match(text)
    # A page may also begin with a rule; front matter has a `key:` or nothing in it.
    if match is None or not re.search(r"^[\w.-]+[ \t]*:|\A.*\n---", match.group(), re.MULTILINE):
        return 0
    return match.end()


def mask(text: str) -> str:
    """The same text with the inside of every multi-line `$$ … $$` replaced by letters, line by line.

    A formula may hold lines that start with `-`, `+`, `=` or `>`, which CommonMark takes for lists, headings or quotes.
    Length in characters and all line breaks stay; the text outside code fences is what is looked at.
    """
    pieces: list[str] = []
    copied = 0
    for start, end in _formulas(text):
        pieces.append(text[copied:start])
        first, *rest = text[start:end].splitlines(keepends=True)
        pieces.append(_CONTENT.sub("x", first))
        for line in rest:
            prefix = _LINE_PREFIX.match(line)
            cut = prefix.end() if prefix else 0
            pieces.append(line[:cut] + _CONTENT.sub("x", line[cut:]))
        copied = end
    pieces.append(text[copied:])
    return "".join(pieces)


def _formulas(text: str) -> list[tuple[int, int]]:
    """Spans between the dollars of `$$ … $$` that cross a line break; a blank line ends the search."""
    found: list[tuple[int, int]] = []
    fence = ""
    opened = -1
    position = 0
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        fence_match = _FENCE.match(bare) if opened < 0 else None
        if fence:
            mark = bare.strip(" \t>")
            if mark.startswith(fence) and not mark.strip(fence[0]):
                fence = ""
        elif fence_match and not (fence_match[1][0] == "`" and "`" in fence_match[2]):
            fence = fence_match[1]
        elif not bare.strip(" \t>"):
            opened = -1
        else:
            opened = _scan_dollars(bare, position, opened, found)
        position += len(line)
    return found


def _scan_dollars(line: str, position: int, opened: int, found: list[tuple[int, int]]) -> int:
    """Follow the `$$` of one line; returns where an open formula began, or -1."""
    hidden = line if opened >= 0 else _CODE_SPAN.sub(lambda m: "x" * len(m[0]), line)
    crosses_line = opened >= 0
    at = hidden.find("$$")
    while at >= 0:
        if at and hidden[at - 1] == "\\":
            at = hidden.find("$$", at + 2)
            continue
        if opened < 0:
            opened = position + at + 2
        else:
            if crosses_line:
                found.append((opened, position + at))
                hidden = hidden[: at + 2] + _CODE_SPAN.sub(lambda m: "x" * len(m[0]), hidden[at + 2 :])
            opened, crosses_line = -1, False
        at = hidden.find("$$", at + 2)
    return opened
