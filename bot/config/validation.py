"""YAML text to a validated model; one error lists every problem with its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import ConfigError

Path = tuple[str | int, ...]
"""Keys and list positions that lead from the top of a YAML document to a value."""


class Section(BaseModel):
    """A mapping of a configuration file: frozen; an unknown key is an error."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,  # `branch: 2024` means the branch "2024"
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )


class AdapterSettings(Section):
    """Settings of one adapter, an engine or a forge; `kind` names it. A subclass narrows `kind` to a Literal."""

    kind: str


SectionT = TypeVar("SectionT", bound=Section)
AdapterT = TypeVar("AdapterT", bound=AdapterSettings)


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


for _loader in (_Loader, _FastLoader):
    _loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|[1-9][0-9]{0,8})$"), list("0123456789"))
    _loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
    _loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])


def parse(
    text: str,
    model: type[SectionT],
    *,
    name: str,
    prepare: Callable[[dict[str, Any]], list[Problem]] | None = None,
    check: Callable[[SectionT], Iterable[Problem]] | None = None,
    own: bool = False,
) -> SectionT:
    """The model that `text` describes. `prepare` may replace parts of the data by validated settings; `check` finds
    problems between fields, once the fields are valid; `own` says that the text ships with the program.

    Raises ConfigError with one line for each problem; `name` stands for the file in them.
    """
    root, data, problems = _read(text, name, own=own)
    invalid = prepare(data) if prepare else []
    value = validate(data, model)
    if isinstance(value, list):
        raise _error([*problems, *invalid, *value], root, name)
    problems += invalid or (check(value) if check else ())
    if problems:
        raise _error(problems, root, name)
    return value


def validate(data: object, model: type[SectionT], path: Path = ()) -> SectionT | list[Problem]:
    """The model that `data` describes, else its problems. `path` leads to `data` in the document."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        return [_problem(detail, model, path) for detail in error.errors(include_url=False)]


def validate_adapter(data: object, models: Mapping[str, type[AdapterT]], path: Path) -> AdapterT | list[Problem]:
    """The settings that `data` describes, else its problems; `models` has the model of each `kind`."""
    where = dotted(path)
    if not isinstance(data, Mapping):
        return [Problem(path, f"{where} must hold keys and values, not {_shown(data)}")]
    if "kind" not in data:
        return [Problem(path, f'{where} lacks the key "kind"')]
    kind = data["kind"]
    try:
        if not isinstance(kind, str) or kind not in models:
            message = f"must be {_choices(list(models))}, not {_shown(kind)}"
            return [Problem((*path, "kind"), f"{where}.kind {message}")]
        model = models[kind]
    except ConfigError as error:
        return [Problem((*path, "kind"), f"{where}.kind: {error}")]
    return validate(data, model, path)


def _error(problems: Iterable[Problem], root: yaml.MappingNode, name: str) -> ConfigError:
    lines = sorted({(problem.line or _line(root, problem.path), problem.message) for problem in problems})
    return ConfigError("\n".join(f"{name}:{line}: {message}" for line, message in lines))


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is spelt most like `word`, if any is close (Ratcliff-Obershelp, as in difflib)."""
    folded = {candidate.casefold(): candidate for candidate in candidates}
    matches = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def suggestion(word: str, known: Sequence[str], introduction: str) -> str:
    """`did you mean "languages"?` if a known word is spelt like `word`; else all known words after `introduction`."""
    guess = nearest(word, known)
    return f'did you mean "{guess}"?' if guess else f"{introduction} {', '.join(known)}"


def dotted(path: Path) -> str:
    """`languages.zh.include[0]`"""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _read(text: str, name: str, *, own: bool) -> tuple[yaml.MappingNode, dict[str, Any], list[Problem]]:
    try:
        loader = _FastLoader(text) if own else _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise ConfigError(f"{name}:1: the file is empty; start with `version: 1`, or copy config/amts.yaml")
        if not isinstance(node, yaml.MappingNode):
            raise ConfigError(f"{name}:{_start(node)}: the file must hold keys and values, such as `version: 1`")
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
                    path, f'the key "{word}"{_inside(path)} is already given in line {first[word]}', _start(key)
                )
            first.setdefault(word, _start(key))
            yield from _repeated_keys(value, (*path, word), seen)


def _start(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _line(root: yaml.MappingNode, path: Path) -> int:
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


def _problem(detail: ErrorDetails, model: type[Section], start: Path) -> Problem:
    path, section = (*start, *detail["loc"]), _innermost(detail["loc"], model)
    where, given, context = dotted(path) or "the file", _shown(detail["input"]), detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            known = list(section.model_fields) if section else []
            advice = suggestion(str(path[-1]), known, "the keys are")
            message = f'unknown key "{path[-1]}"{_inside(path[:-1])}; {advice}'
        case "missing":
            message = f'{dotted(path[:-1]) or "the file"} lacks the key "{path[-1]}"'
        case "literal_error":
            words = re.findall(r"'([^']*)'", context["expected"]) or [context["expected"]]
            message = f"{where} must be {_choices(words)}, not {given}"
        case "string_type":
            message = f"{where} must be text, not {given}"
        case "tuple_type":
            message = f"{where} must be a list, not {given}"
        case "model_type" | "mapping_type" | "dict_type" | "model_attributes_type":
            message = f"{where} must hold keys and values, not {given}"
        case "value_error":
            message = f"{where} {context['error']}"
        case _:
            message = f"{where}: {detail['msg']}"
    return Problem(path, message)


def _innermost(loc: Path, model: type[Section]) -> type[Section] | None:
    """The innermost section around an error of pydantic."""
    section: type[Section] | None = None
    annotation: Any = model
    for part in loc:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        if isinstance(annotation, type) and issubclass(annotation, Section):
            section = annotation
            field = section.model_fields.get(str(part))
            annotation = field.annotation if field else None
        elif get_origin(annotation) is tuple:
            annotation = get_args(annotation)[0]
        else:
            annotation = next(reversed(get_args(annotation)), None)
    return section


def _inside(path: Path) -> str:
    return f" in {dotted(path)}" if path else ""


def _choices(words: Sequence[str]) -> str:
    """`a, b or c`"""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _shown(value: object) -> str:
    """The value in a message, short: a word unchanged, anything else by its type."""
    match value:
        case None:
            return "empty"
        case str() | int():
            return f'"{value}"' if len(str(value)) <= 40 else "a long text"
        case Mapping():
            return "keys and values"
        case _:
            return "a list"
