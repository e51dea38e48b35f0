"""Glossaries as translators write them: a list or a table in Markdown, one term a line.

`saddle point; eyer noktası, semer noktası` or `鞍点，saddle point`: either side may come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.errors import InputError
from bot.glossary.sides import fits, side_of, source_first
from bot.glossary.terms import Glossary, Unread, merged
from bot.model import Direction

# What may stand between the sides, the more telling first. The one that splits most lines is that of the file.
_SEPARATORS = {
    "a tab": re.compile(r"\t+"),
    "|": re.compile(r"(?<!\\)\|"),
    ";": re.compile(r"[;；]"),
    "=": re.compile(r"\s(?:=|=>|→|->)\s"),
    "a dash": re.compile(r"\s[-–—]+\s"),
    ":": re.compile(r"(?<=[^\s:]):(?=\s)|："),
    ",": re.compile(r"[,，]"),
}
_BULLET = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
_HEADING = re.compile(r"\s*#{1,6}\s")
_DIRECTIVE = re.compile(r"\s*(?::[\w-]+:`|```|~~~|:::|<!--)")
_RULE = re.compile(r"[\s|:-]*-{2,}[\s|:-]*")
_PARENTHESES = re.compile(r"\s*[(（]([^()（）]*)[)）]\s*")
_ALTERNATIVES = re.compile(r"\s*[,，、;；]\s*")
_OR = re.compile(r"\s+(?:or|veya|ya da|oder|ou|или|hoặc)\s+|或(?=\S)")
_WORD_WITH_SLASH = re.compile(r"(?<![^\s])[^\s/]+(?:/[^\s/]+)+(?![^\s])")
_MARKUP = re.compile(r"^[*_`]+|[*_`]+$")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    fields: tuple[str, ...]
    text: str

    @property
    def ends(self) -> tuple[str, str]:
        return self.fields[0], self.fields[-1]


def read_list(text: str, direction: Direction, name: str) -> Glossary:
    """The terms of a list. The separator is the one that splits most lines; a header of languages, or else the lines'
    scripts and accents, tell the sides. Raises InputError where no line is a term."""
    lines, unread = _candidates(text)
    separator = _separator(lines)
    if separator is None:
        raise InputError(f"{name}: has no line with a term and its translation; write one a line, such as `tree; ağaç`")
    pairs: list[_Line] = []
    for number, line in lines:
        fields = _fields(line, separator)
        if len(fields) < 2:
            unread.append(_unread(number, line, f"there is no {separator} between a term and its translation"))
        elif not all(fields):
            unread.append(_unread(number, line, "a side is empty"))
        else:
            pairs.append(_Line(number, fields, line))
    header = _header(pairs, direction, text)
    if header is not None:
        unread.append(_unread(pairs[0].number, pairs[0].text, "the header"))
        pairs = pairs[1:]
    known = None if header is None else header[0]
    if known is None:
        known, why = source_first([line.ends for line in pairs], direction, name)
    else:
        why = f"line {header[1] if header else 0} says so"
    entries: list[tuple[str, Sequence[str]]] = []
    for pair in pairs:
        found = list(_entries(pair, known, direction))
        entries += found
        if not found:
            unread.append(_unread(pair.number, pair.text, "a side holds nothing but a remark"))
    if not entries:
        raise InputError(f"{name}: has no line with a term and its translation; write one a line, such as `tree; ağaç`")
    place = "first" if known else "last"
    sides = f"{direction.source.name} comes {place}: {why}"
    return Glossary(merged(entries), _in_order(unread), f"list with {separator}", sides)


def _candidates(text: str) -> tuple[list[tuple[int, str]], list[Unread]]:
    """The lines that may be terms, and those that are the document's structure."""
    lines: list[tuple[int, str]] = []
    unread: list[Unread] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not line.strip():
            continue
        if _HEADING.match(line):
            unread.append(_unread(number, line, "a heading"))
        elif _DIRECTIVE.match(line):
            unread.append(_unread(number, line, "a directive or a comment"))
        elif _RULE.fullmatch(line):
            unread.append(_unread(number, line, "a rule"))
        else:
            bullet = _BULLET.match(line)
            lines.append((number, (line[bullet.end() :] if bullet else line).strip()))
    return lines, unread


def _separator(lines: Sequence[tuple[int, str]]) -> str | None:
    splits = {
        separator: sum(len(fields := _fields(line, separator)) > 1 and all(fields) for _, line in lines)
        for separator in _SEPARATORS
    }
    best = max(splits, key=lambda separator: splits[separator])
    return best if splits[best] else None


def _fields(line: str, separator: str) -> tuple[str, ...]:
    if separator == "|":
        line = line.strip().strip("|")
    return tuple(_MARKUP.sub("", field.strip()).strip() for field in _SEPARATORS[separator].split(line))


def _header(pairs: Sequence[_Line], direction: Direction, text: str) -> tuple[bool | None, int] | None:
    """Whether the first line is a header, and then whether it says that the source comes first. A table of Markdown
    always has one; elsewhere both sides must be languages."""
    if not pairs:
        return None
    sides = [side_of(direction, field) for field in pairs[0].ends]
    lines = text.splitlines()
    below = lines[pairs[0].number] if pairs[0].number < len(lines) else ""
    if "|" in below and _RULE.fullmatch(below):
        known = sides[0] == 0 or sides[1] == 1 if any(side is not None for side in sides) else None
        return known, pairs[0].number
    return (sides[0] == 0, pairs[0].number) if None not in sides and sides[0] != sides[1] else None


def _entries(line: _Line, first: bool, direction: Direction) -> Iterator[tuple[str, list[str]]]:
    """The terms of a line. One that is the other way round, as its scripts show, is read that way."""
    pair = line.ends if first else line.ends[::-1]
    if fits(pair[::-1], direction):
        first = not first
    source, others = (line.fields[0], line.fields[1:]) if first else (line.fields[-1], line.fields[:-1])
    targets = [target for field in others for target in _targets(field)]
    if targets:
        yield from ((term, targets) for term in _sources(source))


def _sources(text: str) -> list[str]:
    """The term without its remark in parentheses; `api (application programming interface)` gives both."""
    bare = _bare(text)
    remarks = [" ".join(remark.split()) for remark in _PARENTHESES.findall(text)]
    spelt_out = [remark for remark in remarks if _initials(remark) == bare.replace(".", "").casefold() != ""]
    return [bare, *spelt_out] if bare else []


def _initials(text: str) -> str:
    words = re.findall(r"\w+", text.casefold())
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _targets(text: str) -> list[str]:
    """The alternatives that commas, an "or" and slashes separate, without remarks in parentheses."""
    parts = [part for listed in _ALTERNATIVES.split(_bare(text)) for part in _either(listed)]
    return [" ".join(word.split()) for part in parts for word in _slashed(part) if word.strip()]


def _either(text: str) -> list[str]:
    """`kayıp veya yitim fonksiyonu` is short for `kayıp fonksiyonu` and `yitim fonksiyonu`: the shorter one before the
    "or" lacks the last words of the one behind it."""
    parts = [part.split() for part in _OR.split(text)]
    last = parts[-1]
    whole = [part + last[len(part) :] if len(part) < len(last) else part for part in parts]
    return [" ".join(part) for part in whole]


def _slashed(text: str) -> list[str]:
    """`实例/示例` are two, and so is `veri/komut hattı`; `TCP/IP` is one."""
    match = _WORD_WITH_SLASH.search(text)
    if match is None or (match[0].isascii() and match[0].isupper()):
        return [text]
    return [text[: match.start()] + word + text[match.end() :] for word in match[0].split("/")]


def _bare(text: str) -> str:
    return " ".join(_PARENTHESES.sub(" ", text).split())


def _unread(number: int, text: str, reason: str) -> Unread:
    return Unread(f"line {number}", text.strip(), reason)


def _in_order(unread: Sequence[Unread]) -> tuple[Unread, ...]:
    return tuple(sorted(unread, key=lambda part: int(part.place.removeprefix("line "))))
