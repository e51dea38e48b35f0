"""Text of a configuration file to nodes and data of YAML, within limits; people get their lines back."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from bot.errors import ConfigError
from bot.markup.visible import visible_line

# Forty times the largest of our own data files.
_MAX_NODES, _MAX_CHARACTERS = 200_000, 4 * 1024 * 1024
Path = tuple[str | int, ...]
"""Keys and list positions that lead from the top of a YAML document to a value."""


@dataclass(frozen=True, slots=True)
class Problem:
    path: Path
    message: str
    line: int | None = None
    """Counted from 1. None: the line of the key that `path` ends in."""


class _Loader(yaml.SafeLoader):
    """SafeLoader that reads scalars as text, but for small whole numbers and null.

    YAML 1.1 would make `no` (Norwegian) false, `1.10` (a branch) a float and `2026-01-01` a date.
    """

    yaml_implicit_resolvers = {}  # noqa: RUF012 (PyYAML's own registry; typed in its stubs)


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same by libyaml, for our own data files: ten times as fast, but its errors are not for people."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


_NUMBER = re.compile(r"^(?:0|[1-9][0-9]{0,8})$")


def _number(_loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    if not _NUMBER.match(str(node.value)):
        raise yaml.constructor.ConstructorError(None, None, "the tag !!int needs a small whole number", node.start_mark)
    return int(node.value)


def _untagged(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int | str:
    """As if the tag were not there: the field knows its type, and the value that it reads has bounds."""
    text = str(loader.construct_scalar(node))
    return int(text) if _NUMBER.match(text) else text


def _refused(_loader: yaml.SafeLoader, node: yaml.Node) -> NoReturn:
    tag = str(node.tag).replace("tag:yaml.org,2002:", "!!")
    raise yaml.constructor.ConstructorError(
        None, None, f"the tag {visible_line(tag)} has no place here; take it out", node.start_mark
    )


for _loader in (_Loader, _FastLoader):
    # The other types of YAML (dates, sets, binary data …) have no use here, and their readers no limits.
    _made = ("str", "null", "map", "seq")
    _loader.yaml_constructors = {
        tag: make
        for tag, make in yaml.SafeLoader.yaml_constructors.items()
        if tag is not None and tag.removeprefix("tag:yaml.org,2002:") in _made
    }
    _loader.add_constructor(None, _refused)
    _loader.add_constructor("tag:yaml.org,2002:bool", _untagged)
    _loader.add_constructor("tag:yaml.org,2002:float", _untagged)
    _loader.add_constructor("tag:yaml.org,2002:int", _number)
    _loader.add_implicit_resolver("tag:yaml.org,2002:int", _NUMBER, list("0123456789"))
    _loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
    _loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])


def read_yaml(text: str, name: str, *, own: bool) -> tuple[yaml.MappingNode, dict[str, Any], list[Problem]]:
    if len(text) > _MAX_CHARACTERS:
        raise ConfigError(f"{name}:1: has {len(text):,} characters, and {_MAX_CHARACTERS:,} are the most")
    try:
        loader = _FastLoader(text) if own else _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise ConfigError(f"{name}:1: the file is empty; start with `version: 1`, or copy config/amts.yaml")
        if not isinstance(node, yaml.MappingNode):
            raise ConfigError(f"{name}:{_start(node)}: the file must hold keys and values, such as `version: 1`")
        size = _size(node, {}, name)
        if size > _MAX_NODES:
            raise ConfigError(f"{name}:1: its anchors stand for {size:,} values, and {_MAX_NODES:,} are the most")
        # Before construction, which folds merge keys (`<<`) into their mapping and so repeats keys legitimately.
        problems = list(_repeated_keys(node, (), set()))
        data = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ConfigError(f"{name}:{mark.line + 1 if mark else 1}: not valid YAML: {error.problem}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError(f"{name}:{line}: not valid YAML: a character that YAML does not allow") from error
    except RecursionError as error:
        raise ConfigError(f"{name}:1: not valid YAML: it is nested too deeply") from error
    return node, data, problems


def _size(node: yaml.Node, known: dict[int, int], name: str) -> int:
    """The number of values below a node, with each alias written out. Raises ConfigError for an anchor that holds
    itself."""
    if id(node) not in known:
        known[id(node)] = 0
        parts = itertools.chain(*node.value) if isinstance(node, yaml.MappingNode) else node.value
        inner = () if isinstance(node, yaml.ScalarNode) else parts
        known[id(node)] = 1 + sum(_size(part, known, name) for part in inner)
    elif known[id(node)] == 0:
        raise ConfigError(f"{name}:{_start(node)}: the anchor here holds itself; write out what it stands for")
    return known[id(node)]


def _repeated_keys(node: yaml.Node, path: Path, seen: set[int]) -> Iterator[Problem]:
    """Repeated keys. `seen` holds the nodes that were walked: an anchor is a single node, however often it is used."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _repeated_keys(item, (*path, index), seen)
    elif isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            word = str(key.value)  # a key that is no scalar is refused by the construction that follows
            if word in first:
                yield Problem(
                    path, f'the key "{word}"{inside(path)} is already given in line {first[word]}', _start(key)
                )
            first.setdefault(word, _start(key))
            yield from _repeated_keys(value, (*path, word), seen)


def _start(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def line_of(root: yaml.MappingNode, path: Path) -> int:
    """The line of the key (or list item) that `path` names; of its nearest parent if it is missing."""
    node: yaml.Node = root
    line = _start(node)
    for part in path:
        match node:
            case yaml.MappingNode():
                # The last key counts: construction puts merged keys before the keys that override them.
                entries = [(key, value) for key, value in node.value if key.value == str(part)]
                if not entries:
                    return line
                line, node = _start(entries[-1][0]), entries[-1][1]
            case yaml.SequenceNode() if isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = _start(node)
            case _:
                return line
    return line


def dotted(path: Path) -> str:
    """`languages.zh.include[0]`"""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def inside(path: Path) -> str:
    return f" in {dotted(path)}" if path else ""
