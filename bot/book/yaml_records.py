"""Reads the YAML files that the bot writes and people may edit: every problem names its line and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import yaml

from bot.errors import AmtsError
from bot.forge.git import has_control_character

_CONFLICT = re.compile(rb"^(?:<{7}|>{7}) ", re.MULTILINE)
_NULL = "tag:yaml.org,2002:null"
# The loader in C is twenty times as fast; both read the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class YamlRecord:
    """The record at `path`; its problems are raised as `error`."""

    path: str
    error: type[AmtsError]

    def files(self, text: bytes) -> dict[str, yaml.Node]:
        """The entries under `files` of a record of version 1, by path."""
        if conflict := _CONFLICT.search(text):
            line = text.count(b"\n", 0, conflict.start()) + 1
            problem = "git left a conflict here; keep the entries of both sides, without the marks, or undo the merge"
            raise self.error(f"{self.path}:{line}: {problem}")
        try:
            root = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            self.refuse(error.problem_mark, error.problem or "is not YAML")
        except (yaml.YAMLError, UnicodeDecodeError):
            self.refuse(None, "is not UTF-8 text")
        if root is None:
            return {}
        top = self.fields(root)
        if set(top) - {"version", "files"} or self.scalar(top.get("version", root)) != "1":
            self.refuse(root.start_mark, 'must hold "version: 1" and "files" and nothing else')
        # People who delete the last entries leave nothing behind their key.
        return self.fields(top["files"]) if "files" in top and top["files"].tag != _NULL else {}

    def fields(self, node: yaml.Node) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self.refuse(node.start_mark, "must be a mapping here")
        fields: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self.scalar(key)
            if name in fields:
                self.refuse(key.start_mark, f"{name} is there twice; keep one of them")
            fields[name] = value
        return fields

    def items(self, node: yaml.Node) -> Sequence[yaml.Node]:
        if node.tag == _NULL:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.refuse(node.start_mark, "must be a list here")
        return list(node.value)

    def text(self, node: yaml.Node) -> str:
        """A scalar as written: an id of digits only is no number."""
        if not isinstance(node, yaml.ScalarNode):
            self.refuse(node.start_mark, "must be a plain text here")
        return str(node.value)

    def scalar(self, node: yaml.Node) -> str:
        """A text on one line."""
        value = self.text(node)
        if has_control_character(value):
            self.refuse(node.start_mark, f"{value!r} holds a control character (a line break, say)")
        return value

    def refuse(self, mark: yaml.Mark | None, problem: str) -> NoReturn:
        place = f"{self.path}:{mark.line + 1}" if mark else self.path
        raise self.error(f"{place}: {problem}; correct it, or restore the file from git")
