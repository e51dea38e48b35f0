"""A configuration file's data to a validated model; one error lists every problem with its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from pydantic_core import ErrorDetails

from bot.config.reading import Path, Problem, dotted, inside, line_of, read_yaml
from bot.errors import ConfigError


class Section(BaseModel):
    """A mapping of a configuration file: frozen; an unknown key is an error."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,  # `branch: 2024` means the branch "2024"
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    @field_validator("*")
    @classmethod
    def _is_bounded(cls, value: object) -> object:
        # A time beyond that overflows somewhere, and infinity and "not a number" everywhere; a count beyond its own
        # bound is no longer exact in JSON. A field may have narrower bounds.
        most = _MAX_COUNT if isinstance(value, int) else _MAX_NUMBER
        if isinstance(value, int | float) and not -most <= value <= most:
            raise ValueError(f"is beyond all bounds; give a number from -{most:,} to {most:,}")
        return value


class AdapterSettings(Section):
    """Settings of one adapter, an engine or a forge; `kind` names it. A subclass narrows `kind` to a Literal."""

    kind: str


_MAX_NUMBER = 10**9
_MAX_COUNT = 10**15
SectionT = TypeVar("SectionT", bound=Section)
AdapterT = TypeVar("AdapterT", bound=AdapterSettings)


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
    root, data, problems = read_yaml(text, name, own=own)
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
    lines = sorted({(problem.line or line_of(root, problem.path), problem.message) for problem in problems})
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


def _problem(detail: ErrorDetails, model: type[Section], start: Path) -> Problem:
    path, section = (*start, *detail["loc"]), _innermost(detail["loc"], model)
    where, given, context = dotted(path) or "the file", _shown(detail["input"]), detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            known = list(section.model_fields) if section else []
            advice = suggestion(str(path[-1]), known, "the keys are")
            message = f'unknown key "{path[-1]}"{inside(path[:-1])}; {advice}'
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
