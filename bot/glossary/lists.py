"""Glossaries as translators write them: a list or a table in Markdown, one term a line.

`saddle point; eyer noktası, semer noktası` or `鞍点，saddle point`: either side may come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.errors import InputError
from bot.glossary.columns import table_columns
from bot.glossary.sides import fits, side_of, source_first
from bot.glossary.terms import Glossary, Unread, merged
from bot.model import Direction

# The separators between the sides, the more reliable ones first. The separator that splits most lines is taken.
_SEPARATORS = {
    "a tab": re.compile(r"\t+"),
    "|": re.compile(r"(?<!\\)\|"),
    ";": re.compile(r"[;；]"),
    "=": re.compile(r"\s(?:=|=>|→|->)\s"),
    "a dash": re.compile(r"\s[-–—]+\s"),
    ":": re.compile(r"(?<=[^\s:]):(?=\s)|："),
    ",": re.compile(r"[,，]"),
}
_OUTER_BARS = re.compile(r"^\||(?<!\\)\|$")
_BULLET = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
# Lines of the document that are no terms.
_STRUCTURE = {
    "a heading": re.compile(r"\s*#{1,6}\s"),
    "a directive or a comment": re.compile(r"\s*(?::[\w-]+:`|```|~~~|:::|<!--)"),
    "a rule": re.compile(r"[\s|:-]*-{2,}[\s|:-]*\Z"),
}
_NO_TERM = "has no line with a term and its translation; write one a line, such as `tree; ağaç`"
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
    """The terms of a list. The separator that splits most lines is taken. A header with the languages, or else the
    scripts and accents of the lines, show which side is which. Raises InputError if no line is a term."""
    unread: dict[int, Unread] = {}

    def skip(number: int, line: str, reason: str) -> None:
        unread[number] = Unread(f"line {number}", line.strip(), reason)

    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        structure = next((kind for kind, pattern in _STRUCTURE.items() if pattern.match(line)), None)
        if structure:
            skip(number, line, structure)
        elif line.strip():
            bullet = _BULLET.match(line)
            lines.append((number, (line[bullet.end() :] if bullet else line).strip()))
    splits = {
        separator: sum(len(fields := _fields(line, separator)) > 1 and all(fields[:2]) for _, line in lines)
        for separator in _SEPARATORS
    }
    separator = max(splits, key=lambda separator: splits[separator])
    if not splits[separator]:
        raise InputError(f"{name}: {_NO_TERM}")
    rows = [_Line(number, _fields(line, separator), line) for number, line in lines]
    header = rows.pop(0) if _is_header(rows[0], direction, text) else None
    columns, first = _columns(header, rows, separator, direction)
    if header:
        skip(header.number, header.text, "the header")
    reason = f"line {header.number} says so" if header else "each line names its languages"
    pairs: list[_Line] = []
    for row in rows:
        fields = tuple(row.fields[place] for place in columns if place < len(row.fields)) if columns else row.fields
        if len(row.fields) < 2:
            skip(row.number, row.text, f"there is no {separator} between a term and its translation")
        elif len(fields) < 2 or not all(fields):
            skip(row.number, row.text, "a side is empty")
        else:
            pairs.append(replace(row, fields=fields))
    if first is None:
        first, reason = source_first([line.ends for line in pairs], direction, name)
    entries: list[tuple[str, Sequence[str]]] = []
    for pair in pairs:
        terms = list(_entries(pair, first, direction))
        entries += terms
        if not terms:
            skip(pair.number, pair.text, "a side holds nothing but a remark")
    if not entries:
        raise InputError(f"{name}: {_NO_TERM}")
    place = f"{direction.source.name} comes {'first' if first else 'last'}: {reason}"
    return Glossary(merged(entries), tuple(unread[n] for n in sorted(unread)), f"list with {separator}", place)


def _fields(line: str, separator: str) -> tuple[str, ...]:
    if separator == "|":
        line = _OUTER_BARS.sub("", line.strip())
    return tuple(_MARKUP.sub("", field.strip()).strip() for field in _SEPARATORS[separator].split(line))


def _columns(
    header: _Line | None, rows: Sequence[_Line], separator: str, direction: Direction
) -> tuple[tuple[int, ...], bool | None]:
    """The columns of the two sides, if there may be others (none: every column is a side), and whether the source comes
    first, None if nothing says so."""
    if header:
        *columns, first = table_columns(direction, header.fields)
        return tuple(columns), first
    # DeepL's lines end with the codes of the two languages.
    ends = {tuple(side_of(direction, field) for field in row.fields[2:]) for row in rows}
    if len(ends) == 1 and set(*ends) == {0, 1}:
        return (0, 1), ends == {(0, 1)}
    # A glossary of OmegaT: the term, its translation, a comment.
    return ((0, 1), None) if separator == "a tab" else ((), None)


def _is_header(line: _Line, direction: Direction, text: str) -> bool:
    """Whether the first line is a header. A table of Markdown always has one; elsewhere it names both languages."""
    if len(line.fields) < 2:
        return False
    following = text.splitlines()[line.number : line.number + 1]
    if any("|" in below and _STRUCTURE["a rule"].match(below) for below in following):
        return True
    return {side_of(direction, field) for field in line.ends} == {0, 1}


def _entries(line: _Line, first: bool, direction: Direction) -> Iterator[tuple[str, list[str]]]:
    """The terms of a line, with the sides exchanged if the scripts of the line show so."""
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
    acronym = bare.replace(".", "").casefold()
    terms = [bare] if bare else []
    for remark in _PARENTHESES.findall(text) if acronym else ():
        words = re.findall(r"\w+", remark.casefold())
        if len(words) > 1 and "".join(word[0] for word in words) == acronym:
            terms.append(" ".join(remark.split()))
    return terms


def _targets(text: str) -> Iterator[str]:
    """The alternatives between commas, an "or" and slashes, without remarks in parentheses.

    `kayıp veya yitim fonksiyonu` means `kayıp fonksiyonu` and `yitim fonksiyonu`: an alternative before the "or" may
    lack the last words of the last alternative. `实例/示例` is two alternatives; `TCP/IP` is one.
    """
    for listed in _ALTERNATIVES.split(_bare(text)):
        parts = [part.split() for part in _OR.split(listed)]
        for part in parts:
            whole = " ".join(part + parts[-1][len(part) :])
            match = _WORD_WITH_SLASH.search(whole)
            if match is None or (match[0].isascii() and match[0].isupper()):
                words = [whole]
            else:
                words = [whole[: match.start()] + word + whole[match.end() :] for word in match[0].split("/")]
            yield from (" ".join(word.split()) for word in words if word.strip())


def _bare(text: str) -> str:
    return " ".join(_PARENTHESES.sub(" ", text).split())
