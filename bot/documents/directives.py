"""Pairs of directive lines: `:begin_tab:` and `:end_tab:`, ```` ```{note} ```` and its closing fence, `(**` and `**)`
around a formula (d2l's slides)."""

from __future__ import annotations

import re
from collections import Counter

from bot.model import Document, Kind

_MARKS = {"(**": "**)", "[**": "**]", "(~~": "~~)", "[~~": "~~]"}
_END_TAB = ":end_tab:"
_BEGIN_TAB = ":begin_tab:"
_FENCE = re.compile(r"(`{3,}|:{3,}|~{3,})(.*)")
_MAX_ENCLOSING = 40
_NAME = re.compile(r"[ \t]*[`~:]{3,}[ \t]*(\{[\w:.+-]+\}|\w[\w-]*)")


def directive_pairs(document: Document) -> list[tuple[int, int]]:
    """(opening, closing) segment indices of every directive that is closed."""
    return _matched(document)[0]


def open_directives(document: Document) -> list[int]:
    """The segment indices of opening lines that are not closed, and of closing lines that close nothing."""
    return _matched(document)[1]


def enclosing_directives(document: Document) -> list[tuple[int, ...]]:
    """For each segment the opening lines of the closed directives around it, outermost first (of more than a reader can
    follow the innermost). A directive's own two lines are outside it."""
    ends = dict(directive_pairs(document))
    around: list[tuple[int, ...]] = []
    stack: list[int] = []
    for index in range(len(document.segments)):
        while stack and ends[stack[-1]] <= index:
            stack.pop()
        around.append(tuple(stack[-_MAX_ENCLOSING:]))
        if index in ends:
            stack.append(index)
    return around


def is_tab(text: str) -> bool:
    """Whether an opening line opens a tab. Unlike fenced directives, tabs don't nest."""
    return text.startswith(_BEGIN_TAB)


def is_fenced(text: str) -> bool:
    """Whether the line opens or closes a directive between fences."""
    return _FENCE.match(text) is not None


def directive_name(text: str) -> str:
    """The name of the directive that a fence opens, "" for any other line."""
    name = _NAME.match(text)
    return name[1].strip("{}") if name else ""


def _matched(document: Document) -> tuple[list[tuple[int, int]], list[int]]:
    """The pairs, and the lines that are left without a partner."""
    pairs: list[tuple[int, int]] = []
    stack: list[tuple[int, str]] = []
    ends: Counter[str] = Counter()  # how many of the stack each closing line closes
    strays: list[int] = []
    for index, segment in enumerate(document.segments):
        if segment.kind is not Kind.DIRECTIVE:
            continue
        text = segment.text.strip()
        fence = _FENCE.match(text)
        if is_tab(text):
            if ends[_END_TAB]:
                strays.append(index)  # tabs don't nest
            stack.append((index, _END_TAB))
            ends[_END_TAB] += 1
        elif text in _MARKS:
            stack.append((index, _MARKS[text]))
            ends[_MARKS[text]] += 1
        elif fence and fence[2].strip():
            stack.append((index, fence[1]))
            ends[fence[1]] += 1
        elif not any(text == end or (fence and fence[1].startswith(end)) for end in ends):
            strays.append(index)
        else:
            # The innermost directive that this line closes; those open inside it are never closed.
            closes = (text == end or (fence and fence[1].startswith(end)) for _, end in reversed(stack))
            depth = next((k for k, is_closed in enumerate(closes, 1) if is_closed), 0)
            if depth != 1:
                strays.append(index)
            if depth:
                pairs.append((stack[-depth][0], index))
                ends -= Counter(end for _, end in stack[-depth:])
                del stack[-depth:]
    return pairs, sorted({*strays, *(index for index, _ in stack)})
