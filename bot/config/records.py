"""Records: YAML and JSON that AMTS writes and others may have changed or damaged.

They are read as plain texts, lists and mappings, within limits. Whoever needs a number or an id reads it out of a text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

import yaml

from bot.errors import AmtsError

MAX_BYTES = 16 * 1024 * 1024
"""A lock file of 100,000 files is as large, and four of the largest documents."""
MAX_DEPTH = 16
MAX_NAME = 4096
"""The longest name (a path, say), in characters."""
_MAX_DIGITS = 15
_CONFLICT = re.compile(rb"^(?:<{7}|>{7}) ", re.MULTILINE)
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_STRING = "tag:yaml.org,2002:str"
# The words of YAML 1.1.
_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})
# The parser in C is twenty times as fast; both give the same events, and neither calls itself for what is nested.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Text(NamedTuple):
    """A scalar as written: neither a number, nor a date, nor true. `plain`: without quotes."""

    value: str
    line: int
    plain: bool


class Items(NamedTuple):
    values: list[Node]
    line: int


class Fields(NamedTuple):
    entries: list[tuple[Node, Node]]
    line: int


Node = Text | Items | Fields
"""`line` counts from 1."""


class _Open(NamedTuple):
    """A list or a mapping that is being read: its line, and its parts so far (of a mapping, keys and values)."""

    is_mapping: bool
    parts: list[Node]
    line: int


def has_control_character(name: str) -> bool:
    """Whether a name holds a line break, a NUL or the like. Git allows most of them in paths, but reads its input by
    lines; no path or name in a record (a lock file, say) needs one."""
    return _CONTROL_CHARACTER.search(name) is not None


def is_git_id(text: str) -> bool:
    """Whether the text is a whole id of an object, SHA-1 or SHA-256."""
    return _ID.fullmatch(text) is not None


def read_json(data: bytes | str) -> object:
    """The value of a JSON text. Raises ValueError if it is none, or beyond the limits of a record: nested too deeply, a
    whole number of more than 15 digits, NaN or infinity."""
    try:
        value: object = json.loads(data, parse_int=_small, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _small(digits: str) -> int:
    if len(digits.removeprefix("-")) > _MAX_DIGITS:
        raise ValueError("a number beyond all bounds")
    return int(digits)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


@dataclass(frozen=True)
class YamlRecord:
    """The record at `path`. Each problem is raised as an `error` that names the line and ends with the `advice`."""

    path: str
    error: type[AmtsError]
    advice: str = "correct it, or restore the file from git"

    def read(self, text: bytes) -> Node | None:
        """The record, None if it is empty. Anchors, aliases and tags have no place in it."""
        if len(text) > MAX_BYTES:
            self.refuse(None, f"has {len(text):,} bytes, and a record at most {MAX_BYTES:,}")
        if conflict := _CONFLICT.search(text):
            line = text.count(b"\n", 0, conflict.start()) + 1
            problem = "git left a conflict here; keep the entries of both sides, without the marks, or undo the merge"
            raise self.error(f"{self.path}:{line}: {problem}")
        try:
            text.decode("utf-8")
        except UnicodeDecodeError as error:
            self.refuse(text.count(b"\n", 0, error.start) + 1, "is not UTF-8 text")
        try:
            return self._document(_LOADER(text))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.refuse(mark.line + 1 if mark else None, f"is not YAML: {error.problem}")
        except yaml.YAMLError:
            self.refuse(None, "holds a character that YAML does not allow")

    def _document(self, loader: yaml.CSafeLoader | yaml.SafeLoader) -> Node | None:
        root: Node | None = None
        nodes: list[_Open] = []
        while loader.check_event():
            event: Any = loader.get_event()
            kind = type(event)
            done: Node
            if kind is yaml.ScalarEvent:
                if event.anchor is not None or event.tag is not None:
                    self._refuse_marks(event)
                done = Text(event.value, event.start_mark.line + 1, not event.style)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._refuse_marks(event)
                nodes.append(_Open(kind is yaml.MappingStartEvent, [], event.start_mark.line + 1))
                if len(nodes) > MAX_DEPTH:
                    self.refuse(nodes[-1].line, "is nested too deeply")
                continue
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                is_mapping, parts, line = nodes.pop()
                pairs = list(zip(parts[::2], parts[1::2], strict=True)) if is_mapping else []
                done = Fields(pairs, line) if is_mapping else Items(parts, line)
            elif kind is yaml.AliasEvent:
                line = event.start_mark.line + 1
                self.refuse(line, f"the alias *{event.anchor} has no place here; write its value")
            elif kind is yaml.DocumentStartEvent and root is not None:
                self.refuse(event.start_mark.line + 1, "a second document begins here, and there may be one")
            else:
                continue
            if nodes:
                nodes[-1].parts.append(done)
            else:
                root = done
        return root

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor is not None:
            self.refuse(event.start_mark.line + 1, f"the anchor &{event.anchor} has no place here; take it out")
        if event.tag not in (None, "!", _STRING):
            self.refuse(event.start_mark.line + 1, f"the tag {event.tag} has no place here; take it out")

    def top(self, text: bytes, keys: frozenset[str]) -> dict[str, Node]:
        """The fields of a record of version 1, which has these keys and no other; no field at all if it is empty."""
        root = self.read(text)
        if root is None:
            return {}
        fields = self.fields(root)
        version = fields.get("version")
        if set(fields) - keys - {"version"} or not isinstance(version, Text) or version.value != "1":
            *others, last = [f'"{key}"' for key in sorted(keys)]
            named = f"{', '.join(others)} and {last}" if others else last
            self.refuse(root.line, f'must hold "version: 1" and {named} and nothing else')
        return fields

    def fields(self, node: Node) -> dict[str, Node]:
        """The values of a mapping, by key. Nothing counts as an empty one: people who delete the last entries leave
        nothing behind their key."""
        if self.is_null(node):
            return {}
        if not isinstance(node, Fields):
            self.refuse(node.line, "must be a mapping here")
        fields: dict[str, Node] = {}
        for key, value in node.entries:
            name = self.name(key)
            if name in fields:
                self.refuse(key.line, f"{name} is there twice; keep one of them")
            fields[name] = value
        return fields

    def items(self, node: Node) -> list[Node]:
        if self.is_null(node):
            return []
        if not isinstance(node, Items):
            self.refuse(node.line, "must be a list here")
        return node.values

    def text(self, node: Node) -> str:
        """A scalar as written: an id of digits only is no number."""
        if not isinstance(node, Text):
            self.refuse(node.line, "must be a plain text here")
        return node.value

    def name(self, node: Node) -> str:
        """A text on one line, no longer than a path may be."""
        value = self.text(node)
        if len(value) > MAX_NAME:
            self.refuse(node.line, f"{value[:20]}… has {len(value):,} characters, and a name at most {MAX_NAME:,}")
        if has_control_character(value):
            self.refuse(node.line, f"{value!r} holds a control character (a line break, say)")
        return value

    def git_id(self, node: Node, what: str) -> str:
        value = self.text(node)
        if not is_git_id(value):
            self.refuse(node.line, f"{what} must be a whole git id")
        return value

    def flag(self, node: Node, what: str) -> bool:
        value = self.text(node).lower()
        if value not in _TRUE | _FALSE:
            self.refuse(node.line, f"{what} must be true or false")
        return value in _TRUE

    @staticmethod
    def is_null(node: Node) -> bool:
        return isinstance(node, Text) and node.plain and node.value in _NULL

    def refuse(self, line: int | None, problem: str) -> NoReturn:
        place = f"{self.path}:{line}" if line else self.path
        raise self.error(f"{place}: {problem}; {self.advice}")
