"""How the files of a language repository correspond to the files of the source, by their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import PurePosixPath

from bot.book.history import History
from bot.book.origin_file import origin_path
from bot.config import target_path
from bot.errors import InputError, UsageError
from bot.forge.git import Snapshot
from bot.onboarding.language import are_same, code_in

_MARKDOWN = ".md"
_SUFFIX = re.compile(r"[._-][\w-]+")
# Documents about the repository itself, at its root.
_ABOUT_REPOSITORY = re.compile(
    r"(?:\.[^/]+/.*|(?:readme|contributing|contributors|code[_-]of[_-]conduct|changelog|changes|security|support"
    r"|governance|maintainers|authors|licen[cs]e|citation)[^/]*\.md)",
    re.IGNORECASE,
)
# Files with a suffix hold the English of the files beside them if at least this share of them is past English.
_MIN_ENGLISH_SHARE = 0.5
# Two files show that a folder corresponds to another folder; a single file might be chance.
_MIN_FILES = 2
# A name that more files share, such as `index.md`, says nothing about folders.
_MAX_SAME_NAMES = 5
_MAX_RULES = 50


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
        """Whether translations have the path of their source."""
        return self.source == self.target and self.ending == _MARKDOWN

    def source_of(self, path: str, english: Collection[str]) -> str | None:
        """The path, among the English paths, whose translation is at `path`."""
        if not (path.startswith(self.target) and path.endswith(self.ending)):
            return None
        source = self.source + path[len(self.target) : len(path) - len(self.ending)] + _MARKDOWN
        return source if source in english else None

    @property
    def brevity(self) -> tuple[int, int, str, str]:
        """Greater for shorter rules."""
        return -len(self.source) - len(self.target), -len(self.ending), self.source, self.target

    def mapping(self) -> tuple[str, str]:
        """As an entry of `paths`."""
        if self.ending == _MARKDOWN:
            return f"{self.source}*", f"{self.target}*"
        return f"{self.source}*{_MARKDOWN}", f"{self.target}*{self.ending}"


@dataclass(frozen=True)
class Layout:
    """`pairs` maps each translation to its source path (of today, or a former path by the history); `renamed` maps the
    translations that were paired by their contents. `suffixes` are the suffixes of files that hold the English, the
    most frequent first, with the number of files. `copies` lie in the place of translations but are still English.
    `unpaired` are documents without a source, `free` English documents without a translation by name."""

    pairs: Mapping[str, str]
    rules: tuple[Rule, ...]
    suffixes: Mapping[str, int]
    copies: Mapping[str, str]
    unpaired: tuple[str, ...]
    free: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)

    def with_renamed(self, renamed: Mapping[str, str]) -> Layout:
        """With pairs that the contents showed."""
        unpaired = tuple(path for path in self.unpaired if path not in renamed)
        return replace(self, renamed=renamed, unpaired=unpaired)

    @property
    def code(self) -> str:
        """The language that the paths name; empty if they name none."""
        return next((rule.code for rule in self.rules if rule.code), "")

    @property
    def paths(self) -> dict[str, str]:
        """`paths` of the configuration: folders by pattern, and single files that no pattern covers."""
        mapping = dict(rule.mapping() for rule in self.rules if not rule.is_plain)
        for path, english in sorted({**self.pairs, **self.renamed}.items(), key=lambda pair: pair[1]):
            if target_path(english, mapping) != path:
                mapping[english] = path
        return mapping

    @property
    def include(self) -> tuple[str, ...]:
        """Patterns of the source files that are translated: all files, unless the pairs lie in some folders only."""
        if any(rule.source == "" for rule in self.rules) or not self.rules:
            return (f"**/*{_MARKDOWN}",)
        folders = tuple(sorted(rule.source for rule in self.rules))
        single = [english for english in self.renamed.values() if not english.startswith(folders)]
        return (*(f"/{folder}**/*{_MARKDOWN}" for folder in folders), *sorted(f"/{path}" for path in single))

    @property
    def exclude(self) -> tuple[str, ...]:
        """English files whose place holds a copy of the English, which would be taken for a translation."""
        return tuple(sorted(f"/{path}" for path in self.copies.values()))


def find_layout(source: Snapshot, history: History, target: Snapshot, *, language: str, source_language: str) -> Layout:
    """`language` is the code that the user named, "" for none.

    Raises UsageError if the repository holds several languages and none was named, InputError if there is no document
    at all.
    """
    english = {path for path in {*source.entries, *history.paths} if _is_document(path)}
    if not english & source.entries.keys():
        raise InputError(f"{source.repository.name}: has no Markdown document; is this the source of the book?")
    documents = {path for path, entry in target.entries.items() if entry.is_file and _is_document(path)}
    if not documents:
        raise InputError(
            f"{target.repository.name}: has no Markdown document; is this the repository of a translation?"
        )
    suffixes = _companion_suffixes(documents, english, target, history)
    documents -= {name for path in documents for s in suffixes if (name := origin_path(path, s)) in documents}
    copies = {path for path in documents if target.entries[path].blob in history.sightings}
    rules = _rules(documents - copies, english, target, language=language, source_language=source_language)
    pairs: dict[str, str] = {}
    for path in sorted(documents):
        sources = (rule.source_of(path, english) for rule in rules)
        if origin := next(filter(None, sources), None):
            pairs[path] = origin
    free = {path for path in english if path in source.entries} - set(pairs.values())
    return Layout(
        pairs={path: english for path, english in pairs.items() if path not in copies},
        rules=rules,
        suffixes=suffixes,
        copies={path: english for path, english in pairs.items() if path in copies},
        unpaired=tuple(sorted(documents - copies - pairs.keys())),
        free=tuple(sorted(free)),
    )


def excluded(source: Snapshot, include: Collection[str]) -> tuple[str, ...]:
    """The files of the source that are about its repository, if the patterns include them."""
    if f"**/*{_MARKDOWN}" not in include:
        return ()
    paths = {path for path in source.entries if path.endswith(_MARKDOWN) and _ABOUT_REPOSITORY.fullmatch(path)}
    return tuple(sorted({f"/{path.partition('/')[0]}/" if "/" in path else f"/{path}" for path in paths}))


def _is_document(path: str) -> bool:
    return path.endswith(_MARKDOWN) and not _ABOUT_REPOSITORY.fullmatch(path)


def _companion_suffixes(
    documents: Collection[str], english: Iterable[str], target: Snapshot, history: History
) -> dict[str, int]:
    """Suffixes of files that stand beside another file and hold English of the history, with the number of files."""
    names = {PurePosixPath(path).name for path in english}
    totals: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    for path in documents:
        stem = PurePosixPath(path).stem
        beside = [s for s in _suffixes(stem) if path.removesuffix(s + _MARKDOWN) + _MARKDOWN in documents]
        if beside and PurePosixPath(path).name not in names:
            # The shortest: `x-more_origin` belongs to `x-more`, not to `x`.
            totals[beside[-1]] += 1
            exact[beside[-1]] += target.entries[path].blob in history.sightings
    used = [suffix for suffix, total in totals.items() if exact[suffix] >= max(1, _MIN_ENGLISH_SHARE * total)]
    return {suffix: totals[suffix] for suffix in sorted(used, key=lambda suffix: (-totals[suffix], suffix))}


def _suffixes(stem: str) -> Iterator[str]:
    """`_origin` of `x_origin`: possible suffixes of a stem, the longest first."""
    for at in range(1, len(stem)):
        if _SUFFIX.fullmatch(stem, at):
            yield stem[at:]


def _rules(
    documents: Collection[str], english: Collection[str], target: Snapshot, *, language: str, source_language: str
) -> tuple[Rule, ...]:
    """The fewest rules that explain the names, beginning with the rule that explains most of them."""
    candidates = {rule for rule in _candidates(documents, english) if not are_same(rule.code, source_language)}
    if language:
        # If some path names the language exactly, `zh-TW` is not `zh`.
        exact = {rule for rule in candidates if rule.code.casefold() == language.casefold()}
        plain = {rule for rule in candidates if not rule.code}
        candidates = plain | (exact or {rule for rule in candidates if are_same(rule.code, language)})
    else:
        _refuse_several(candidates, documents, english, target)
    rules: list[Rule] = []
    rest, translated = set(documents), set[str]()
    while True:
        reach = {rule: _reach(rule, rest, english, translated) for rule in candidates}
        best = max(reach, key=lambda rule: (len(reach[rule]), rule.is_plain, *rule.brevity), default=None)
        if best is None or len(reach[best]) < (_MIN_FILES if rules else 1):
            return tuple(rules)
        rules.append(best)
        rest -= reach[best].keys()
        translated |= set(reach[best].values())
        candidates.discard(best)


def _candidates(documents: Iterable[str], english: Collection[str]) -> list[Rule]:
    """The rules that most documents suggest, each by the English files whose paths have the longest end in common."""
    by_name: dict[str, list[str]] = {}
    for path in english:
        by_name.setdefault(PurePosixPath(path).name, []).append(path)
    votes = Counter({Rule(): len(english)})
    for path in sorted(documents):
        suffixes = _suffixes(PurePosixPath(path).stem)
        endings = {f"{suffix}{_MARKDOWN}": code for suffix in suffixes if (code := code_in(suffix[1:]))}
        for ending, code in {_MARKDOWN: "", **endings}.items():
            whole = path.removesuffix(ending) + _MARKDOWN
            common = {other: _common_end(other, whole) for other in by_name.get(PurePosixPath(whole).name, ())}
            nearest = [other for other, parts in common.items() if parts == max(common.values())]
            if len(nearest) <= _MAX_SAME_NAMES:
                votes.update(_rule(other, whole, ending, code) for other in nearest)
    return [rule for rule, _ in votes.most_common(_MAX_RULES)]


def _rule(english: str, path: str, ending: str, code: str) -> Rule:
    """The rule by which `path` (with the source's ending) translates `english`: their folders up to the first
    difference."""
    same = _common_end(english, path)
    parts = PurePosixPath(english).parts, PurePosixPath(path).parts
    source, target = ("".join(f"{part}/" for part in side[: len(side) - same]) for side in parts)
    if source == target:
        source = target = ""
    return Rule(source, target, ending, code or next(filter(None, map(code_in, target.split("/"))), ""))


def _common_end(first: str, second: str) -> int:
    """How many parts two paths have in common at their ends."""
    pairs = zip(reversed(PurePosixPath(first).parts), reversed(PurePosixPath(second).parts), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _reach(
    rule: Rule, documents: Iterable[str], english: Collection[str], translated: Collection[str]
) -> dict[str, str]:
    """The documents that the rule explains, with their English, unless that is translated already."""
    pairs = {path: source for path in documents if (source := rule.source_of(path, english))}
    return {path: source for path, source in pairs.items() if source not in translated}


def _refuse_several(
    rules: Iterable[Rule], documents: Iterable[str], english: Collection[str], target: Snapshot
) -> None:
    by_code = {
        rule.code: rule for rule in rules if rule.code and len(_reach(rule, documents, english, ())) >= _MIN_FILES
    }
    if len(by_code) > 1:
        places = ", ".join(f"{code} ({rule.target or '*' + rule.ending})" for code, rule in sorted(by_code.items()))
        raise UsageError(f"{target.repository.name}: holds several languages: {places}; name one with --language")
