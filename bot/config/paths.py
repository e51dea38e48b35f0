"""The files of the source to translate, and the place of each translation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from pathspec import PathSpec, Pattern

from bot.errors import ConfigError


def matches(path: str, include: tuple[str, ...], exclude: tuple[str, ...] = ()) -> bool:
    """Whether `path` (slashes, relative to the repository) is included and not excluded.

    Patterns follow `.gitignore`: `**` spans folders, a pattern without a slash counts at any depth, and a folder's name
    takes in all that lies in it.
    """
    return _compiled(include).match_file(path) and not _compiled(exclude).match_file(path)


def check_pattern(pattern: str) -> str:
    """`pattern`, if it can match a file; else ValueError."""
    try:
        empty = all(compiled.include is None for compiled in _compiled((pattern,)).patterns)
    except ValueError:
        empty = True
    if empty:
        raise ValueError(f'must be a pattern as in .gitignore, such as "chapters/**/*.md"; "{pattern}" matches no file')
    return pattern


def target_path(path: str, mapping: Mapping[str, str]) -> str:
    """The path of the translation of the source file `path`. `mapping` takes source to target. An exact entry wins,
    then the entry with the longest text before its `*`, which stands for any text (slashes too) and carries over. A
    path that no entry matches stays as it is.
    """
    if path in mapping:
        return mapping[path]
    for source in sorted(mapping, key=lambda pattern: pattern.find("*"), reverse=True):
        carried = _carried(path, source)
        if carried is not None:
            return mapping[source].replace("*", carried)
    return path


def source_path(path: str, mapping: Mapping[str, str]) -> str | None:
    """The source file whose translation lies at `path`; None if no source file can have it there."""
    candidates = [source for source, target in mapping.items() if target == path]
    for source, target in mapping.items():
        carried = _carried(path, target)
        if carried is not None:
            candidates.append(source.replace("*", carried))
    candidates.append(path)
    return next((source for source in candidates if target_path(source, mapping) == path), None)


def target_paths(paths: Iterable[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Source path to target path, in the given order. Raises ConfigError if two would write the same file."""
    targets: dict[str, str] = {}
    owners: dict[str, str] = {}
    for path in paths:
        target = targets[path] = target_path(path, mapping)
        if owners.setdefault(target, path) != path:
            raise ConfigError(
                f"the translations of {owners[target]} and {path} would both lie at {target}; give one of them another "
                "path under `paths`, or exclude it"
            )
    return targets


def _carried(path: str, pattern: str) -> str | None:
    """The text in `path` that the `*` of `pattern` matches; None if it does not match or has no `*`."""
    before, star, after = pattern.partition("*")
    if not star or len(path) < len(before) + len(after):
        return None
    if not (path.startswith(before) and path.endswith(after)):
        return None
    return path[len(before) : len(path) - len(after)]


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> PathSpec[Pattern]:
    return PathSpec.from_lines("gitignore", patterns)
