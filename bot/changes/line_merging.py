"""Three-way merge of a line of an opaque block: of its code by tokens, of its wording as a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from bot.changes.joining import merge_tokens
from bot.changes.line_shapes import CodeLine
from bot.documents import Syntax
from bot.model import Versions

_CODE = r"\w+|\s+|[^\w\s]"
_OPENING = re.compile(r"([ \t>]*)([`~:]{3,})([ \t]*)(\{[^}\n]*\}|[\w+#.-]*)([ \t]*)(.*?)([ \t]*\n?)$")
# Prefix, marks and key of a line of text; what follows is wording, but for the tags in it.
_MARKS = re.compile(
    r"[ \t>]+|(?:(?:[^\w\s<`$\"'(\[{&\\:]+|\d{1,9}[.)])(?=[ \t\n]))|:[\w-]+:(?=\s)"
    r"|(?:\"[^\"\n]*\"|[\w.-]+)[ \t]*:(?=\s)"
)
_COMMENT = re.compile(r"([ \t>]*)([!-/:-@\[-`{-~]*[ \t]*)(.*?)([ \t]*(?:\*/|-->|\"\"\"|''')?[ \t]*\n?)$")
_TAG = re.compile(r"<!--|</?[A-Za-z][^<>\n]*/?>")

# What stands in English wording as it stands in any language's.
_LITERAL = re.compile(
    r"https?://[^\s<>\"')\]。，、]+|`[^`\n]+`|\{[\w:+-]+\}`[^`\n]*`|\$[^$\s](?:[^$\n]*[^$\s])?\$|<[^<>\s]+>"
    r"|(?<![A-Za-z0-9_])(?:[A-Za-z0-9_.-]+/)+[A-Za-z0-9_.-]*[A-Za-z0-9_]|(?<![A-Za-z0-9_.])[A-Za-z_][A-Za-z0-9_.]*\([^()\s]*\)"
    r"|(?<![A-Za-z0-9_.])[A-Za-z]\w*(?:[._][A-Za-z0-9]+)+(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9_])v?\d+(?:[.,:]\d+)*(?![A-Za-z0-9_])|\{[^{}\n]*\}|%[-\d.]*[sdifr]",
    re.ASCII,
)


class MergedLine(NamedTuple):
    """`is_sure` is false if wording of both sides clashed; the new English of it stands then."""

    text: str
    is_sure: bool = True


def merge_line(lines: Versions[CodeLine], syntax: Syntax) -> MergedLine:
    """The translation's line with what changed in the English.

    Code that both changed is merged if the changes don't touch. Wording that both changed is people's, with its
    literals exchanged, if nothing else changed in the English; else it is the English.
    """
    clashed = False

    def settle(base: str, new: str, target: str) -> str | None:
        nonlocal clashed
        if not atomic and syntax.wording.fullmatch(base) is None:
            return None
        exchanged = exchange_literals(Versions(base, new, target))
        clashed = clashed or exchanged is None
        return new if exchanged is None else exchanged

    families = {line.family for line in lines}
    atomic = syntax.is_text or families <= {"comment", "docstring", "opening"}
    if families == {"opening"}:
        base, new, target = (_opening_pieces(line.text) for line in lines)
    elif families <= {"comment", "docstring"}:
        base, new, target = (_wording_pieces(line.text) for line in lines)
    else:
        base, new, target = (_pieces(line.text, syntax) for line in lines)
    merged = merge_tokens(base, new, target, settle)
    if merged is not None:
        return MergedLine(merged, not clashed)
    exchanged = exchange_literals(Versions(*(line.text for line in lines)))
    return MergedLine(lines.new.text, is_sure=False) if exchanged is None else MergedLine(exchanged)


def exchange_literals(texts: Versions[str]) -> str | None:
    """The translation with the numbers, addresses and code exchanged that alone changed in the English, each of which
    must stand in it as often as in the English; None if that is not certain."""
    base, new, target = texts
    old, fresh = _LITERAL.findall(base), _LITERAL.findall(new)
    if len(old) != len(fresh) or _LITERAL.sub("\0", base).split() != _LITERAL.sub("\0", new).split():
        return None
    became: dict[str, str] = {}
    for was, now in zip(old, fresh, strict=True):
        if became.setdefault(was, now) != now:
            return None
    changed = {was for was, now in became.items() if was != now}
    counts, theirs = Counter(old), Counter(_LITERAL.findall(target))
    if any(counts[was] != theirs[was] for was in changed):
        return None
    return _LITERAL.sub(lambda literal: became[literal[0]] if literal[0] in changed else literal[0], target)


def _opening_pieces(line: str) -> list[str]:
    match = _OPENING.match(line)
    return list(match.groups()) if match else [line]


def _wording_pieces(line: str) -> list[str]:
    match = _COMMENT.match(line)
    return list(match.groups()) if match else [line]


def _pieces(line: str, syntax: Syntax) -> list[str]:
    """The tokens of a line, each comment and each string in one; of a line of text, marks and tags apart from the
    rest."""
    pieces: list[str] = []
    at = 0
    for found in syntax.wording.finditer(line):
        pieces += _plain_pieces(line[at : found.start()], syntax, is_start=at == 0)
        comment = found[0].rstrip()
        pieces += [comment, found[0][len(comment) :]]
        at = found.end()
    return [piece for piece in [*pieces, *_plain_pieces(line[at:], syntax, is_start=at == 0)] if piece]


def _plain_pieces(text: str, syntax: Syntax, *, is_start: bool) -> list[str]:
    if not syntax.is_text:
        return re.findall(_CODE, text)
    pieces: list[str] = []
    at = 0
    while is_start and (mark := _MARKS.match(text, at)):
        pieces.append(mark[0])
        at = mark.end()
    for tag in _TAG.finditer(text, at):
        pieces += _text_pieces(text[at : tag.start()])
        pieces += _tag_pieces(tag[0])
        at = tag.end()
    return pieces + _text_pieces(text[at:])


def _text_pieces(text: str) -> list[str]:
    words = text.strip()
    start = text.find(words) if words else len(text)
    return [text[:start], words, text[start + len(words) :]]


def _tag_pieces(tag: str) -> Sequence[str]:
    return [piece for piece in re.split(r"(\"[^\"\n]*\"|'[^'\n]*'|\s+)", tag) if piece]
