"""Hides what CommonMark would misread (formulas that span lines, colon fences) behind text of the same length."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from bot.documents.text import split_lines
from bot.model import Span

_FENCE = re.compile(r"^[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)*(`{3,}|~{3,})(.*)$")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_CONTENT = re.compile(r"[^\r\n]")
_COLON_FENCE = re.compile(r"(:{3,})(?:\{[\w:.+-]+\}.*|[ \t]*)$")
_ROW = re.compile(r"[ \t>]*\|")
_ROW_FORMULA = re.compile(r"(?<![\\$])\$(?![\s|$])[^$`]*(?<![\s|\\])\$(?![\d$])")
_METADATA = re.compile(r"[\w.-]+[ \t]*:")


def front_matter_end(text: str) -> int:
    """The end of a YAML front matter, 0 if there is none. Without a `key:` in it, the two lines are rules."""
    if not text.removeprefix("\ufeff").startswith("---"):
        return 0
    first, *rest = split_lines(text)
    if first.removeprefix("\ufeff").rstrip() != "---" or not "".join(rest[:1]).strip():
        return 0
    has_key = False
    end = len(first)
    for number, line in enumerate(rest):
        end += len(line)
        if line.rstrip() in ("---", "..."):
            return end if has_key or number == 0 else 0
        has_key = has_key or bool(_METADATA.match(line))
    return 0


def mask(text: str) -> str:
    """The same text with the inside of every multi-line `$$ … $$` replaced by letters, line by line.

    A formula may hold lines that start with `-`, `+`, `=` or `>`, which CommonMark takes for lists, headings or quotes.
    MyST's colon fences become tilde fences, and a bar in a formula of a table row becomes a letter. The length in
    characters and all line breaks stay. Code fences are left alone.
    """
    pieces: list[str] = []
    copied = 0
    formulas = _formulas(text)
    lines = [0, *accumulate(map(len, split_lines(text)))] if formulas else []
    for start, end in formulas:
        pieces.append(text[copied:start])
        before = text[lines[bisect_right(lines, start) - 1] : start]
        quotes = before[: len(before) - len(before.lstrip(" \t>"))].count(">")
        first, *rest = split_lines(text[start:end])
        pieces.append(_CONTENT.sub("x", first))
        inside = re.compile(rf"(\A(?:[ \t]*>){{0,{quotes}}}[ \t]*)|[^\r\n]")
        pieces += (inside.sub(lambda match: "x" if match[1] is None else match[1], line) for line in rest)
        copied = end
    pieces.append(text[copied:])
    return _mask_rows(_mask_colon_fences("".join(pieces)))


def _formulas(text: str) -> list[Span]:
    """Spans between the dollars of `$$ … $$` that cross a line break; a blank line or a fence ends a formula."""
    if "$$" not in text:
        return []
    formulas: list[Span] = []
    fence = ""
    opened = -1
    position = 0
    for line in split_lines(text):
        bare = line.rstrip("\r\n")
        if fence:
            mark = bare.strip(" \t>")
            if mark.startswith(fence) and not mark.strip(fence[0]):
                fence = ""
        elif (match := _FENCE.match(bare)) and not (match[1][0] == "`" and "`" in match[2]):
            fence, opened = match[1], -1
        elif not bare.strip(" \t>"):
            opened = -1
        elif "$$" in bare:
            opened = _scan_dollars(bare, position, opened, formulas)
        position += len(line)
    return formulas


def _scan_dollars(line: str, position: int, opened: int, formulas: list[Span]) -> int:
    """Follow the `$$` of one line; returns the start of an open formula, or -1."""
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
                formulas.append((opened, position + at))
                hidden = hidden[: at + 2] + _CODE_SPAN.sub(lambda m: "x" * len(m[0]), hidden[at + 2 :])
            opened, crosses_line = -1, False
        at = hidden.find("$$", at + 2)
    return opened


def _mask_colon_fences(text: str) -> str:
    """`:::{note}` … `:::` with tildes, if both lines stand at the margin; an unclosed directive stays unchanged."""
    if ":::{" not in text:
        return text
    lines = split_lines(text)
    opened, width = -1, 0
    for number, line in enumerate(lines):
        match = _COLON_FENCE.match(line.rstrip())
        if opened >= 0 and line.startswith("~~~"):
            opened = -1  # its own fences would be taken for the end
        elif match is None:
            continue
        elif opened < 0 and "{" in line:
            opened, width = number, len(match[1])
        elif opened >= 0 and "{" not in line and len(match[1]) >= width:
            for edge in (opened, number):
                colons = len(lines[edge]) - len(lines[edge].lstrip(":"))
                lines[edge] = "~" * colons + lines[edge][colons:]
            opened = -1
    return "".join(lines)


def _mask_rows(text: str) -> str:
    """Table rows in which a bar inside `$…$` does not end a cell (as in Pandoc, which these books are made with)."""
    if "$" not in text or "|" not in text:
        return text
    lines = split_lines(text)
    for number, line in enumerate(lines):
        if "$" in line and _ROW.match(line):
            lines[number] = _ROW_FORMULA.sub(lambda match: match[0].replace("|", "x"), line)
    return "".join(lines)
