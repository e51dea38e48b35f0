"""Three-way merge of a line of an opaque block: of its code by tokens, of its wording as a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from bot.changes.joining import merge_tokens
from bot.changes.line_shapes import CodeLine, is_instruction
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
    r"|(?<![A-Za-z0-9_])v?\d+(?:[.,:]\d+)*(?![A-Za-z0-9_])|\{[^{}\s]*(?: [+*/-] [^{}\s]+)*\}|%[-\d.]*[sdifr]",
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
    settler = _Settler(syntax, {line.family for line in lines})
    parts = [settler.parts(line.text) for line in lines]
    base, new, target = (settler.pieces(code) for code, _, _ in parts)
    merged = merge_tokens(base, new, target, settler.settle)
    if merged is None:
        exchanged = exchange_literals(Versions(*(line.text for line in lines)))
        return MergedLine(lines.new.text, is_sure=False) if exchanged is None else MergedLine(exchanged)
    comment = settler.merge_comments(*(comment for _, comment, _ in parts))
    ends = Versions(*(end for _, _, end in parts))
    end = ends.new if ends.base == ends.target else ends.target
    return MergedLine(merged + comment + end, not settler.has_clashed)


class _Settler:
    """Chooses among three versions of one wording, and remembers whether two of them clashed."""

    def __init__(self, syntax: Syntax, families: set[str]) -> None:
        self.syntax = syntax
        self.is_opening = families == {"opening"}
        self.is_wording = families <= {"comment", "docstring"}
        self.has_clashed = False

    def parts(self, line: str) -> tuple[str, str, str]:
        """A line's code, the comment behind it with the white space before it, and the white space at its end."""
        body = line.rstrip()
        end = line[len(body) :]
        if not (self.is_opening or self.is_wording or is_instruction(line)):
            for found in self.syntax.wording.finditer(body):
                mark = found[0].strip()
                is_string = mark[0] in "\"'`\\" and (mark[-1] == mark[0] or mark[0] == "\\")
                if found.end() == len(body) and not is_string and body[: found.start()].strip():
                    code = body[: found.start()].rstrip()
                    return code, body[len(code) :], end
        return body, "", end

    def pieces(self, code: str) -> list[str]:
        if self.is_opening or self.is_wording:
            match = (_OPENING if self.is_opening else _COMMENT).match(code)
            return list(match.groups()) if match else [code]
        return re.findall(_CODE, code) if is_instruction(code) else _pieces(code, self.syntax)

    def settle(self, base: str, new: str, target: str) -> str | None:
        """One of three different versions of a token, None if it is code."""
        is_words = self.syntax.is_text or self.is_opening or self.is_wording
        if not is_words and self.syntax.wording.fullmatch(base) is None:
            return None
        return self._choose(base, new, target)

    def merge_comments(self, base: str, new: str, target: str) -> str:
        if base == target:
            return new
        if base.split() == new.split() or new == target:
            return target
        return self._choose(base, new, target)

    def _choose(self, base: str, new: str, target: str) -> str:
        words = _LITERAL.sub("\0", new).split()
        if words == _LITERAL.sub("\0", target).split() and any(map(str.isalpha, "".join(words))):
            return new  # people wrote the new words before the English did
        exchanged = exchange_literals(Versions(base, new, target))
        self.has_clashed = self.has_clashed or exchanged is None
        return new if exchanged is None else exchanged


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
