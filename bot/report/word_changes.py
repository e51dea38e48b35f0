"""The difference of two sentences, word by word: as text, and as Markdown with struck and bold words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex
from rapidfuzz.distance import Indel

from bot.report.markdown import literal, plain, shortened

# Code, formulas, roles, tags, addresses, numbers and marks are units, as are the characters of scripts without spaces.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_UNIT = regex.compile(
    r"(?::[\w+-]+:|\{[\w:+-]+\})?(`+)[^`]+\1"
    r"|(\$+)[^$]+\2"
    r"|</?\w[^<>]*>|<!--.*?-->"
    r"|\]\([^()\s]*\)|\w+://[^\s<>()\[\]]+"
    r"|\d+(?:[.,]\d+)*"
    r"|\*+|~+|_+"
    r"|\s+"
    rf"|[{_UNSPACED}]\p{{M}}*"
    rf"|(?:[[\p{{L}}\p{{N}}]--[{_UNSPACED}]]\p{{M}}*)+(?:['’-](?:[[\p{{L}}\p{{N}}]--[{_UNSPACED}]]\p{{M}}*)+)*"
    r"|.",
    regex.DOTALL | regex.VERSION1,
)
# Signs that nobody sees alone, struck or bold.
_SLIGHT = regex.compile(r"[\s.,;:!?'\"’‘“”„«»…、，。；：！？·–—-]+")
# Characters of an unchanged stretch beside a change, of a changed stretch, of a whole difference, and of a text without
# a change.
_CONTEXT, _MAX_CHANGE, _MAX_DIFFERENCE, _MAX_UNCHANGED = 32, 240, 1_200, 120


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words of the old text and what they became in the new one; the same words twice are an unchanged stretch."""

    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def is_change(self) -> bool:
        return self.old != self.new

    @property
    def texts(self) -> tuple[str, str]:
        return "".join(self.old), "".join(self.new)


def word_changes(old: str, new: str) -> list[WordChange]:
    """Both texts from start to end. What is white space or one character between two changes belongs to them; white
    space behind a change does not."""
    before, after = ([found[0] for found in _UNIT.finditer(text)] for text in (old, new))
    changes: list[WordChange] = []
    steps = Indel.opcodes(before, after)
    for number, step in enumerate(steps, 1):
        part = WordChange(tuple(before[step.src_start : step.src_end]), tuple(after[step.dest_start : step.dest_end]))
        is_open = bool(changes) and changes[-1].is_change
        is_between = is_open and number < len(steps) and len(part.texts[0].strip()) <= 1
        if is_open and (part.is_change or is_between):
            last = changes.pop()
            part = WordChange(last.old + part.old, last.new + part.new)
        changes.append(part)
    return list(_trimmed(changes))


def word_diff(old: str, new: str) -> str:
    """`The [-old-]{+new+} way`, as `git diff --word-diff` shows it."""
    parts = []
    for change in word_changes(old, new):
        removed, added = change.texts
        if not change.is_change:
            parts.append(removed)
            continue
        if removed.isspace() and added.startswith(removed):
            parts.append(removed)
            removed, added = "", added.removeprefix(removed)
        parts.append((f"[-{removed}-]" if removed else "") + (f"{{+{added}+}}" if added else ""))
    return "".join(parts)


def marked_diff(old: str, new: str) -> str:
    """Inline Markdown, on one line: words that went are struck, words that came are bold, and of long unchanged
    stretches only the words beside a change are shown. The beginning of the text if nothing changed."""
    changes = _widened(word_changes(plain(old), plain(new)))
    if not any(change.is_change for change in changes):
        return f"<code>{literal(shortened(plain(new), _MAX_UNCHANGED))}</code>" if plain(new) else ""
    room, shown = _MAX_DIFFERENCE, ""
    for number, change in enumerate(changes):
        if change.is_change:
            removed, added = (shortened(text, _MAX_CHANGE) for text in change.texts)
            piece = " ".join(filter(None, (_tagged("del", removed), _tagged("b", added))))
        else:
            piece = literal(_elided(change.old, is_first=number == 0, is_last=number == len(changes) - 1))
        room -= len(piece)
        if room < 0:
            shown += "…"
            break
        shown += piece
    return f"<code>{shown}</code>"


def _trimmed(changes: Sequence[WordChange]) -> Iterator[WordChange]:
    """White space at the end of both sides of a change belongs to the unchanged stretch behind it."""
    space: tuple[str, ...] = ()
    for change in changes:
        old, new = space + change.old, space + change.new
        space = ()
        if change.is_change and len(old) > 1 < len(new) and old[-1] == new[-1] and old[-1].isspace():
            space, old, new = old[-1:], old[:-1], new[:-1]
        yield WordChange(old, new)
    if space:
        yield WordChange(space, space)


def _tagged(tag: str, text: str) -> str:
    return f"<{tag}>{literal(text)}</{tag}>" if text else ""


def _widened(changes: Sequence[WordChange]) -> list[WordChange]:
    """With the word before a change of a comma or the like as a part of it."""
    widened: list[WordChange] = []
    for change in changes:
        before = widened[-1].old if widened else ()
        if change.is_change and before and _SLIGHT.fullmatch("".join((*change.old, *change.new))):
            start = max((i for i, word in enumerate(before) if not word.isspace()), default=0)
            widened[-1:] = [WordChange(before[:start], before[:start])] if start else []
            change = WordChange(before[start:] + change.old, before[start:] + change.new)
        widened.append(change)
    return widened


def _elided(words: Sequence[str], *, is_first: bool, is_last: bool) -> str:
    """The words beside the changes around an unchanged stretch, which may be the first or the last of its sentence."""
    head = "" if is_first else "".join(_within(words))
    tail = "" if is_last else "".join(reversed(list(_within(words[::-1]))))
    whole = "".join(words)
    return whole if len(head) + len(tail) + 1 >= len(whole) else f"{head}…{tail}"


def _within(words: Sequence[str]) -> Iterator[str]:
    room = _CONTEXT
    for word in words:
        room -= len(word)
        if room < 0:
            return
        yield word
