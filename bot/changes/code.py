"""Three-way merge of what is not prose: code cells, formulas, front matter. Lines first, then the tokens of a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from typing import Any

from merge3 import Merge3

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")

# A line that is frequent in a long cell (a blank one) counts like any other.
_Matcher = partial(SequenceMatcher, autojunk=False)


@dataclass(frozen=True, slots=True)
class CodeMerge:
    """The merged text; `conflicts` are the new English lines that replaced a line which the translators had changed."""

    text: str
    conflicts: tuple[str, ...]


def merge_code(base: str, new: str, translated: str) -> CodeMerge:
    """Bring the changes from `base` to `new` into `translated`.

    A line that only the translators changed stays theirs; a line that only the English changed becomes the new one.
    Where both changed a line, their tokens are merged if they don't touch; else the new English line wins.
    """
    ours, theirs, old = (text.splitlines(keepends=True) for text in (new, translated, base))
    lines: list[str] = []
    conflicts: list[str] = []
    for group in _merge_groups(old, ours, theirs):
        if group[0] != "conflict":
            lines.extend(group[1])
            continue
        merged, lost = _merge_region(group[1], group[2], group[3])
        lines.extend(merged)
        conflicts.extend(lost)
    return CodeMerge("".join(lines), tuple(conflicts))


def _merge_region(base: Sequence[str], new: Sequence[str], translated: Sequence[str]) -> tuple[list[str], list[str]]:
    """A region where neighbouring lines changed on both sides: lines correspond one to one in the translation."""
    if len(base) != len(translated):
        return list(new), list(new)
    lines: list[str] = []
    conflicts: list[str] = []
    for tag, b0, b1, n0, n1 in _Matcher(None, base, new).get_opcodes():
        if tag == "equal":
            lines.extend(translated[b0:b1])
        elif tag == "replace" and b1 - b0 == n1 - n0:
            for k in range(b1 - b0):
                line = _merge_line(base[b0 + k], new[n0 + k], translated[b0 + k])
                if line is None:
                    conflicts.append(new[n0 + k])
                lines.append(new[n0 + k] if line is None else line)
        else:
            lines.extend(new[n0:n1])
            touched = any(base[b] != translated[b] for b in range(b0, b1))
            conflicts.extend(new[n0:n1] or list(translated[b0:b1]) if touched else [])
    return lines, conflicts


def _merge_line(base: str, new: str, translated: str) -> str | None:
    """One line with the changes of both sides, None where they touch."""
    if base == translated:
        return new
    if base == new:
        return translated
    pieces: list[str] = []
    old, ours, theirs = (_TOKEN.findall(line) for line in (base, new, translated))
    for group in _merge_groups(old, ours, theirs):
        if group[0] == "conflict":
            return None
        pieces.extend(group[1])
    return "".join(pieces)


def _merge_groups(base: list[str], new: list[str], translated: list[str]) -> Iterator[tuple[Any, ...]]:
    # merge3's annotation asks for a class; it only calls it.
    return Merge3(base, new, translated, sequence_matcher=_Matcher).merge_groups()  # type: ignore[arg-type]
