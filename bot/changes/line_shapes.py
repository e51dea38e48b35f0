"""The lines of an opaque block, each with what tells its counterpart in another language: its code, its signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.documents import Syntax, syntax_of

STRING = "\0"
"""Stands in a line's code for each string."""
_QUOTE = re.compile(r"(?:[ \t]*>)+")
_FENCE = re.compile(r"[ \t]*(?:`{3,}|~{3,}|:{3,})")
_DELIMITER = re.compile(r'/\*|\*/|<!--|-->|"""|\'\'\'|\(\*|\*\)|\{-|-\}|<#|#>|--\[\[|\]\]')
_OPTION = re.compile(r"[ \t]*(:[\w-]+:)(?=\s)")
_KEY = re.compile(r"[ \t]*((?:-[ \t]+)?(?:[\w.-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*:)(?=\s)")
_ITEM = re.compile(r"[ \t]*((?:(?:[^\w\s<`$\"'(\[{&\\]+|\d{1,9}[.)])(?:[ \t]+|\n))+)")
_TAG = re.compile(r"</?[A-Za-z][\w-]*")
_NUMBER = re.compile(r"\d+")


class CodeLine(NamedTuple):
    """`code` is the line without comments and white space, a mark for each string. `kind` is "" for code and for blank
    lines, else what the line is (a comment, a list item, an option …), its sign, and its indentation; lines of one kind
    in a row are a run, unless one `opens` another. `delimiters` open and close comments of several lines."""

    text: str
    code: str = ""
    kind: str = ""
    opens: bool = False
    delimiters: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The kind without sign and indentation."""
        return self.kind.split(None, 1)[0] if self.kind else ""

    @property
    def has_code(self) -> bool:
        return bool(self.code.strip(STRING))

    @property
    def essence(self) -> str:
        """What a line keeps when its comment is translated: its code. With a string in it, a line is its whole text."""
        return self.text.rstrip() if self.kind or not self.code or STRING in self.code else self.code

    @property
    def is_outermost(self) -> bool:
        """Whether a key belongs to the block itself (an option, a key of front matter), not to an entry in it."""
        return self.text.lstrip().startswith(":") or not self.text.startswith((" ", "\t", "-"))


def read_lines(texts: Sequence[str], syntax: Syntax | None = None) -> list[CodeLine]:
    """The lines of one block, each of which must end in a line feed. Without a syntax, the first line tells it."""
    if not texts:
        return []
    syntax = syntax or syntax_of(texts[0])
    quoted = texts[-1].lstrip().startswith(">")
    clean = [_QUOTE.sub("", text, count=1) for text in texts] if quoted else list(texts)
    edges: set[int] = set()
    if _is_edge(texts[0]):
        edges = {0, len(clean) - 1} if _is_edge(clean[-1]) else {0}
        # The backticks of a fence are no strings.
        clean = ["\n" if k in edges else line for k, line in enumerate(clean)]
    codes = _codes(clean, syntax)
    kinds = _text_kinds(clean, codes, syntax) if syntax.is_text else _code_kinds(clean, codes)
    lines = [
        CodeLine(text, code, kind, opens, tuple(_DELIMITER.findall(text)))
        for text, code, (kind, opens) in zip(texts, codes, kinds, strict=True)
    ]
    for k in edges:
        lines[k] = CodeLine(texts[k], "".join(texts[k].split()), "closing" if k else "opening", opens=True)
    return lines


def indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def is_instruction(line: str) -> bool:
    """Whether a line that looks like a comment is an instruction: to a notebook's builder, such as `#@tab`."""
    return line.lstrip().startswith(("#@", "%%", "#!"))


def _is_edge(line: str) -> bool:
    return _FENCE.match(line) is not None or line.rstrip() in ("---", "...")


def _codes(lines: Sequence[str], syntax: Syntax) -> list[str]:
    """Each line's code: "" for a comment, marks for a docstring."""

    def blank(wording: re.Match[str]) -> str:
        found = wording[0]
        if found.startswith("\\"):
            return found.partition("{")[0]
        mark = STRING if found.lstrip()[0] in "\"'`" and not found.lstrip().startswith("' ") else ""
        return "\n".join([mark] * (found.count("\n") + 1))

    bare = syntax.wording.sub(blank, "".join(lines)).split("\n")
    return [
        "".join((line if is_instruction(line) else rest).split())
        for line, rest in zip(lines, bare[: len(lines)], strict=True)
    ]


def _code_kinds(lines: Sequence[str], codes: Sequence[str]) -> list[tuple[str, bool]]:
    kinds: list[tuple[str, bool]] = []
    for line, code in zip(lines, codes, strict=True):
        if code.strip(STRING) or not (code or line.strip()):
            kinds.append(("", False))
        elif code and kinds and kinds[-1][0].startswith("docstring"):
            kinds.append(kinds[-1])
        else:
            kinds.append((("docstring " if code else "comment ") + indentation(line), False))
    return kinds


def _text_kinds(lines: Sequence[str], codes: Sequence[str], syntax: Syntax) -> list[tuple[str, bool]]:
    """The kinds of lines of text. A line that is indented deeper than the item or key before it continues that."""
    kinds: list[tuple[str, bool]] = []
    owner, depth = "", -1
    in_head = syntax.has_keys
    for number, (line, code) in enumerate(zip(lines, codes, strict=True)):
        indent = indentation(line)
        if line.strip() == "---" and not syntax.has_keys:
            in_head = number == 1  # a directive's options may be front matter of its own
        if not line.strip():
            kinds.append(("", False))
            owner = ""
        elif not code:
            kinds.append((f"comment {indent}", False))
        elif key := _OPTION.match(line) or (_KEY.match(line) if in_head else None):
            owner, depth = f"key {''.join(key[1].split())}{indent}", len(indent)
            kinds.append((owner, True))
        elif item := _ITEM.match(line):
            owner, depth = f"item {_NUMBER.sub('1', ' '.join(item[1].split()))}{indent}", len(indent)
            kinds.append((owner, True))
        elif line.lstrip().startswith("<") and (tags := _TAG.findall(line)):
            owner = ""
            kinds.append((f"tag {''.join(tags)}{indent}", True))
        elif owner and len(indent) > depth:
            kinds.append((owner, False))
        else:
            owner = ""
            kinds.append((f"text {indent}", False))
    return kinds
