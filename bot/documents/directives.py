"""Which directive line closes which: `:end_tab:` after `:begin_tab:`, the closing fence after ```` ```{note} ````, and
`**)` after `(**` around a formula (d2l's slides)."""

from __future__ import annotations

import re

from bot.model import Document, Kind

_MARKS = {"(**": "**)", "[**": "**]", "(~~": "~~)", "[~~": "~~]"}
_END_TAB = ":end_tab:"
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
            strays = strays or any(closing == _END_TAB for _, closing in stack)  # tabs don't nest
            stack.append((index, _END_TAB))
        elif text in _MARKS:
            stack.append((index, _MARKS[text]))
        elif fence and fence[2].strip():
            stack.append((index, fence[1]))
        else:
            depth = _closed_depth(stack, text, fence[1] if fence else "")
            if depth is None:
                strays = True
            else:
                pairs.append((stack[depth][0], index))
                strays = strays or depth < len(stack) - 1
                del stack[depth:]
    return pairs, strays or bool(stack)


def _closed_depth(stack: list[tuple[int, str]], text: str, fence: str) -> int | None:
    """Where in the stack the directive is that this line closes; what is open inside it is never closed."""
    for depth in range(len(stack) - 1, -1, -1):
        closing = stack[depth][1]
        if text == closing or (fence and fence.startswith(closing)):
            return depth
    return None
