"""Which directive line closes which: `:end_tab:` after `:begin_tab:`, the closing fence after ```` ```{note} ````."""

from __future__ import annotations

import re

from bot.model import Document, Kind

_FENCE = re.compile(r"(`{3,}|:{3,}|~{3,})(.*)")


def directive_pairs(document: Document) -> list[tuple[int, int]]:
    """(opening, closing) segment indices of every directive that is closed."""
    return _matched(document)[0]


def has_open_directives(document: Document) -> bool:
    """Whether a directive is not closed, or a closing line closes nothing."""
    return _matched(document)[1]


def _matched(document: Document) -> tuple[list[tuple[int, int]], bool]:
    pairs: list[tuple[int, int]] = []
    stack: list[tuple[int, str]] = []
    strays = False
    for index, segment in enumerate(document.segments):
        if segment.kind is not Kind.DIRECTIVE:
            continue
        text = segment.text.strip()
        fence = _FENCE.match(text)
        if text.startswith(":begin_tab:"):
            stack.append((index, ":end_tab:"))
        elif fence and fence[2].strip():
            stack.append((index, fence[1]))
        elif stack and (text == stack[-1][1] or (fence and fence[1].startswith(stack[-1][1]))):
            pairs.append((stack.pop()[0], index))
        else:
            strays = True
    return pairs, strays or bool(stack)
