"""How the files of a language repository correspond to those of the source, told by their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from bot.config import target_path
from bot.errors import InputError, UsageError
from bot.forge.git import Snapshot
from bot.forge.history import History
from bot.forge.origin_file import origin_path
from bot.onboarding.naming import are_same, code_in

_MARKDOWN = ".md"
_MARK = re.compile(r"[._-][\w-]+")
# What a repository says of itself, at its root.
_OF_THE_REPOSITORY = re.compile(
    r"(?:\.[^/]+/.*|(?:readme|contributing|contributors|code[_-]of[_-]conduct|changelog|changes|security|support"
    r"|governance|maintainers|authors|licen[cs]e|citation)[^/]*\.md)",
    re.IGNORECASE,
)
# A file beside another one holds its English where at least this share of all such files is English of the history.
_COMPANIONS = 0.5
# Two files tell that a folder corresponds to another; a single one might be chance.
_LEAST = 2
# A name such as `index.md` that so many files share says nothing of folders; and so many rules are looked at.
_MOST_ALIKE, _MOST_RULES = 5, 50


@dataclass(frozen=True, slots=True)
class Rule:
    """`source + X + ".md"` has its translation at `target + X + ending`; `code` is the language that `target` or
    `ending` names, if any."""

    source: str = ""
    target: str = ""
    ending: str = _MARKDOWN
    code: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether a translation has the path of its source."""
        return self.source == self.target and self.ending == _MARKDOWN

    def source_of(self, path: str) -> str | None:
        """The source path whose translation is at `path`."""
        if not (path.startswith(self.target) and path.endswith(self.ending)):
            return None
        return self.source + path[len(self.target) : len(path) - len(self.ending)] + _MARKDOWN

    def mapping(self) -> tuple[str, str]:
        """As an entry of `paths`."""
        if self.ending == _MARKDOWN:
            return f"{self.source}*", f"{self.target}*"
        return f"{self.source}*{_MARKDOWN}", f"{self.target}*{self.ending}"


@dataclass(frozen=True)
class Layout:
    """`pairs` is the source path (of today, or one that the history renamed) of each translation. `suffixes` are those
    of the files that hold the English, the most frequent first, with how many files have them. `copies` lie
    where translations belong and are English still; `unpaired` have no English by their name, and `free` are English
    documents without a translation by their name."""

    pairs: Mapping[str, str]
    rules: tuple[Rule, ...]
    suffixes: Mapping[str, int]
    copies: Mapping[str, str]
    unpaired: tuple[str, ...]
    free: tuple[str, ...]

    @property
    def code(self) -> str:
        """The language that the paths name; empty where they name none."""
        return next((rule.code for rule in self.rules if rule.code), "")


def find_layout(source: Snapshot, history: History, target: Snapshot, *, language: str, source_language: str) -> Layout:
    """`language` is the code that the user named, "" for none.

    Raises UsageError where the repository holds several languages and none was named, InputError where there is no
    document at all.
    """
    english = {path for path in {*source.entries, *history.paths} if _is_document(path)}
    if not english & source.entries.keys():
        raise InputError(f"{source.repository.name}: has no Markdown document; is this the source of the book?")
    documents = {path for path, entry in target.entries.items() if entry.is_file and _is_document(path)}
    if not documents:
        raise InputError(
            f"{target.repository.name}: has no Markdown document; is this the repository of a translation?"
        )
    suffixes = _suffixes(documents, english, target, history)
    companions = {name for path in documents for s in suffixes if (name := origin_path(path, s)) in documents}
    copies = {path for path in documents - companions if target.entries[path].blob in history.sightings}
    rules = _rules(documents - companions - copies, english, target, language=language, source_language=source_language)
    pairs = {path: found for path in sorted(documents - companions) if (found := _first(rules, path, english))}
    unpaired = documents - companions - copies - pairs.keys()
    free = {path for path in english if path in source.entries} - set(pairs.values())
    return Layout(
        pairs={path: found for path, found in pairs.items() if path not in copies},
        rules=rules,
        suffixes=suffixes,
        copies={path: found for path, found in pairs.items() if path in copies},
        unpaired=tuple(sorted(unpaired)),
        free=tuple(sorted(free)),
    )


def path_mapping(layout: Layout, renamed: Mapping[str, str]) -> dict[str, str]:
    """`paths` of the configuration: folders by pattern, and single files where a pattern does not tell. `renamed` are
    pairs (translation to source) besides those of the layout."""
    mapping = dict(rule.mapping() for rule in layout.rules if not rule.is_plain)
    for path, english in sorted({**layout.pairs, **renamed}.items(), key=lambda pair: pair[1]):
        if target_path(english, mapping) != path:
            mapping[english] = path
    return mapping


def included(layout: Layout, renamed: Mapping[str, str]) -> tuple[str, ...]:
    """The patterns of the source's files that are translated: everything, unless the pairs lie in some folders only."""
    if any(rule.source == "" for rule in layout.rules) or not layout.rules:
        return (f"**/*{_MARKDOWN}",)
    folders = [rule.source for rule in layout.rules]
    single = [english for english in renamed.values() if not any(english.startswith(folder) for folder in folders)]
    return (*(f"/{folder}**/*{_MARKDOWN}" for folder in sorted(folders)), *sorted(f"/{path}" for path in single))


def excluded(source: Snapshot, include: Collection[str]) -> tuple[str, ...]:
    """The files of the source that are about its repository, where the patterns would take them in."""
    if f"**/*{_MARKDOWN}" not in include:
        return ()
    found = {path for path in source.entries if path.endswith(_MARKDOWN) and _OF_THE_REPOSITORY.fullmatch(path)}
    return tuple(sorted({f"/{path.partition('/')[0]}/" if "/" in path else f"/{path}" for path in found}))


def _is_document(path: str) -> bool:
    return path.endswith(_MARKDOWN) and not _OF_THE_REPOSITORY.fullmatch(path)


def _suffixes(documents: Collection[str], english: Iterable[str], target: Snapshot, history: History) -> dict[str, int]:
    """Suffixes of files that stand beside another one and hold English of the history."""
    names = {PurePosixPath(path).name for path in english}
    all_files: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    for path in documents:
        marks = list(_marks(PurePosixPath(path).stem))
        found = [mark for mark in marks if path.removesuffix(mark + _MARKDOWN) + _MARKDOWN in documents]
        if found and PurePosixPath(path).name not in names:
            # The shortest: `x-more_origin` belongs to `x-more`, not to `x`.
            all_files[found[-1]] += 1
            exact[found[-1]] += target.entries[path].blob in history.sightings
    used = [suffix for suffix, number in all_files.items() if exact[suffix] >= max(1, _COMPANIONS * number)]
    return {suffix: all_files[suffix] for suffix in sorted(used, key=lambda one: (-all_files[one], one))}


def _marks(stem: str) -> Iterator[str]:
    """`_origin` of `x_origin`: what a stem may have been given at its end."""
    for at in range(1, len(stem)):
        if _MARK.fullmatch(stem, at):
            yield stem[at:]


def _rules(
    documents: Collection[str], english: Collection[str], target: Snapshot, *, language: str, source_language: str
) -> tuple[Rule, ...]:
    """The fewest rules that explain the names, the one that explains most of them first."""
    known = {rule for rule in _candidates(documents, english) if not are_same(rule.code, source_language)}
    if language:
        exact = any(rule.code.casefold() == language.casefold() for rule in known)
        known = {rule for rule in known if not rule.code or _names(rule.code, language, exact=exact)}
    else:
        _refuse_several(known, documents, english, target)
    rules: list[Rule] = []
    rest, translated = set(documents), set[str]()
    while True:
        reach = {rule: _reach(rule, rest, english, translated) for rule in known}
        best = max(reach, key=lambda rule: (len(reach[rule]), rule.is_plain, _order(rule)), default=None)
        if best is None or len(reach[best]) < (_LEAST if rules else 1):
            return tuple(rules)
        rules.append(best)
        rest -= reach[best].keys()
        translated |= set(reach[best].values())
        known.discard(best)


def _candidates(documents: Iterable[str], english: Collection[str]) -> list[Rule]:
    """The rules that most documents suggest, each by the English files whose paths end most alike."""
    by_name: dict[str, list[str]] = {}
    for path in english:
        by_name.setdefault(PurePosixPath(path).name, []).append(path)
    votes = Counter({Rule(): len(english)})
    for path in sorted(documents):
        name = PurePosixPath(path)
        endings = {f"{mark}{_MARKDOWN}": code for mark in _marks(name.stem) if (code := code_in(mark[1:]))}
        for ending, code in {_MARKDOWN: "", **endings}.items():
            whole = path.removesuffix(ending) + _MARKDOWN
            others = by_name.get(PurePosixPath(whole).name, ())
            alike = [_common_end(other, whole) for other in others]
            nearest = [other for other, parts in zip(others, alike, strict=True) if parts == max(alike)]
            if len(nearest) <= _MOST_ALIKE:
                votes.update(_rule(other, whole, ending, code) for other in nearest)
    return [rule for rule, _ in votes.most_common(_MOST_RULES)]


def _rule(english: str, path: str, ending: str, code: str) -> Rule:
    """The rule by which `path` (with the source's ending) translates `english`: their folders up to where they part."""
    ours, theirs = PurePosixPath(english).parts, PurePosixPath(path).parts
    same = _common_end(english, path)
    source, target = ("".join(f"{part}/" for part in parts[: len(parts) - same]) for parts in (ours, theirs))
    if source == target:
        source = target = ""
    named = [code_in(part) for part in target.split("/")]
    return Rule(source, target, ending, code or next(filter(None, named), ""))


def _common_end(one: str, other: str) -> int:
    """How many parts two paths have in common at their ends."""
    pairs = zip(reversed(PurePosixPath(one).parts), reversed(PurePosixPath(other).parts), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _first(rules: Iterable[Rule], path: str, english: Collection[str]) -> str | None:
    return next((found for rule in rules if (found := _paired(rule, path, english))), None)


def _reach(
    rule: Rule, documents: Iterable[str], english: Collection[str], translated: Collection[str]
) -> dict[str, str]:
    """The documents that the rule explains, with their English."""
    found = {path: source for path in documents if (source := _paired(rule, path, english))}
    return {path: source for path, source in found.items() if source not in translated}


def _paired(rule: Rule, path: str, english: Collection[str]) -> str | None:
    source = rule.source_of(path)
    return source if source in english else None


def _names(code: str, language: str, *, exact: bool) -> bool:
    """Whether a path's code is that of the language; where some path names it exactly, `zh-TW` is not `zh`."""
    return code.casefold() == language.casefold() if exact else are_same(code, language)


def _refuse_several(
    rules: Iterable[Rule], documents: Iterable[str], english: Collection[str], target: Snapshot
) -> None:
    reach = {rule.code: rule for rule in rules if rule.code and len(_reach(rule, documents, english, ())) >= _LEAST}
    if len(reach) > 1:
        places = ", ".join(f"{code} ({rule.target or '*' + rule.ending})" for code, rule in sorted(reach.items()))
        raise UsageError(f"{target.repository.name}: holds several languages: {places}; name one with --language")


def _order(rule: Rule) -> tuple[int, int, str, str]:
    """Of equal rules, the shortest."""
    return -len(rule.source) - len(rule.target), -len(rule.ending), rule.source, rule.target
