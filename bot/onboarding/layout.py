"""How the files of a language repository correspond to the files of the source, by their names."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from bot.book.history import History
from bot.book.origin_file import origin_path
from bot.config import matches, target_path
from bot.errors import InputError, UsageError
from bot.forge.git import Snapshot
from bot.onboarding.language import are_same
from bot.onboarding.rules import (
    MARKDOWN,
    MIN_FILES,
    Choice,
    Rule,
    candidate_rules,
    choose_rules,
    codes_of,
    of_language,
    suffixes,
)

# Documents about the repository itself, at its root.
_ABOUT_REPOSITORY = re.compile(
    r"(?:\.[^/]+/.*|(?:readme|contributing|contributors|code[_-]of[_-]conduct|changelog|changes|security|support"
    r"|governance|maintainers|authors|licen[cs]e|citation)[^/]*\.md)",
    re.IGNORECASE,
)
# Files with a suffix hold the English of the files beside them if at least this share of them is past English.
_MIN_ENGLISH_SHARE = 0.5


@dataclass(frozen=True)
class Layout:
    """`pairs` maps each translation to its source path (of today, or a former path by the history); `renamed` maps the
    translations that were paired by their contents. `suffixes` are the suffixes of files that hold the English, the
    most frequent first, with the number of files. `copies` lie in the place of translations but are still English.
    `left_over` are second copies of translations, in folders that are not followed. `unpaired` are documents without a
    source, `free` English documents without a translation by name. `foreign` are patterns of translations, into any
    language, among the files of the source, where one repository holds both."""

    pairs: Mapping[str, str]
    rules: tuple[Rule, ...]
    suffixes: Mapping[str, int]
    copies: Mapping[str, str]
    unpaired: tuple[str, ...]
    free: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    left_over: Mapping[str, str] = field(default_factory=dict)
    foreign: tuple[str, ...] = ()

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
        mapping: dict[str, str] = {}
        # Of two rules for one folder, the first explains more; the files of the second are its exceptions.
        for rule in {rule.source: rule for rule in reversed(self.rules)}.values():
            if not rule.is_plain:
                mapping.update([rule.mapping()])
        for path, english in sorted({**self.pairs, **self.renamed}.items(), key=lambda pair: pair[1]):
            if target_path(english, mapping) != path:
                mapping[english] = path
        return mapping

    @property
    def include(self) -> tuple[str, ...]:
        """Patterns of the source files that are translated: all files, unless the pairs lie in some folders only."""
        if any(rule.source == "" for rule in self.rules) or not self.rules:
            endings = sorted({rule.source_ending for rule in self.rules}) or [MARKDOWN]
            return (f"**/*{MARKDOWN}",) if MARKDOWN in endings else tuple(f"**/*{ending}" for ending in endings)
        folders = {f"/{rule.source}**/*{rule.source_ending}": rule.source for rule in self.rules}
        single = [english for english in self.renamed.values() if not english.startswith(tuple(folders.values()))]
        return (*sorted(folders), *sorted(f"/{path}" for path in single))

    @property
    def exclude(self) -> tuple[str, ...]:
        """English files whose place holds a copy of the English, which would be taken for a translation."""
        return tuple(sorted(f"/{path}" for path in self.copies.values()))


def find_layout(source: Snapshot, history: History, target: Snapshot, *, language: str, source_language: str) -> Layout:
    """`language` is the code that the user named, "" for none.

    Raises UsageError if the repository holds several languages and none was named, InputError if there is no document
    at all.
    """
    english = _documents_of_source(source, history)
    documents = {path for path, entry in target.entries.items() if entry.is_file and _is_document(path)}
    if not documents:
        raise InputError(
            f"{target.repository.name}: has no Markdown document; is this the repository of a translation?"
        )
    beside = _companion_suffixes(documents, english, target, history)
    documents -= {name for path in documents for s in beside if (name := origin_path(path, s)) in documents}
    copies = {path for path in documents if target.entries[path].blob in history.sightings}
    candidates = candidate_rules(documents - copies, english, source_language)
    if language:
        candidates = [*(rule for rule in candidates if not rule.code), *of_language(candidates, language)]
    else:
        _refuse_several(candidates, documents - copies, english, target)
    choice = choose_rules(candidates, documents - copies, english)
    return replace(_layout(source, choice, documents, english, copies), suffixes=beside)


def find_layout_within(
    source: Snapshot, history: History, given: str, *, language: str, source_language: str
) -> Layout:
    """The same for a repository, which the user called `given`, that holds the source and its translations. What lies
    in the folders of the translations, or has their endings, is no source.

    Raises UsageError if nothing in it is named as a translation, or if it holds several languages and none was named.
    """
    documents = {path for path in _documents_of_source(source, history) if path in source.entries}
    foreign = {path for path in documents if any(not are_same(code, source_language) for code in codes_of(path))}
    every = candidate_rules(foreign, documents - foreign, source_language)
    reach = {rule: rule.pairs(foreign, documents - foreign) for rule in every if rule.code}
    named = of_language(list(reach), language) if language else []
    rules = [rule for rule, pairs in reach.items() if len(pairs) >= (1 if rule in named else MIN_FILES)]
    # A folder `it` without a counterpart is about computers.
    translations = {path for path in foreign if any(rule.holds(path) for rule in rules)}
    english = documents - translations
    candidates = [rule for rule in rules if rule in named] if language else rules
    if not candidates:
        where = f"a folder {language}/ or an ending .{language}{MARKDOWN}" if language else "a folder or an ending"
        raise UsageError(
            f"{given}: is the source itself, and nothing in it is named as a translation of the rest"
            f" ({where}); name a repository that holds a translation, or the code that its folders use (--language)"
        )
    if not language:
        _refuse_several(candidates, translations, english, source)
    mine = {path for path in translations if any(rule.holds(path) for rule in candidates)}
    past = {path: history.sightings.get(source.entries[path].blob, ()) for path in mine}
    copies = {path for path, seen in past.items() if any(sighting.path in english for sighting in seen)}
    choice = choose_rules(candidates, mine - copies or mine, english)
    rules_within = tuple(_narrowed(rule, choice) for rule in choice.rules)
    layout = _layout(source, replace(choice, rules=rules_within), mine, english, copies)
    among = [path for path in translations if matches(path, layout.include)]
    patterns = {_pattern(rule) for rule in rules for path in among if rule.holds(path)}
    return replace(layout, foreign=tuple(sorted(patterns)))


def excluded(source: Snapshot, include: Collection[str]) -> tuple[str, ...]:
    """The files of the source that are about its repository, if the patterns include them."""
    if f"**/*{MARKDOWN}" not in include:
        return ()
    paths = {path for path in source.entries if path.endswith(MARKDOWN) and _ABOUT_REPOSITORY.fullmatch(path)}
    return tuple(sorted({f"/{path.partition('/')[0]}/" if "/" in path else f"/{path}" for path in paths}))


def _documents_of_source(source: Snapshot, history: History) -> set[str]:
    """Its documents, of today and of the past. Raises InputError if it has none today."""
    english = {path for path in {*source.entries, *history.paths} if _is_document(path)}
    if not english & source.entries.keys():
        raise InputError(f"{source.repository.name}: has no Markdown document; is this the source of the book?")
    return english


def _layout(
    source: Snapshot, choice: Choice, documents: Collection[str], english: Collection[str], copies: Collection[str]
) -> Layout:
    """The rules show which copies of the English lie in the place of a translation."""
    pairs, still_english = dict(choice.pairs), {}
    translated = set(pairs.values())
    for path in sorted(copies):
        origin = next(filter(None, (rule.source_of(path, english) for rule in choice.rules)), None)
        if origin is not None and origin not in translated:
            still_english[path] = origin
    free = {path for path in english if path in source.entries} - translated - set(still_english.values())
    known = {*copies, *pairs, *choice.left_over}
    return Layout(
        pairs=pairs,
        rules=choice.rules,
        suffixes={},
        copies=still_english,
        unpaired=tuple(sorted(path for path in documents if path not in known)),
        free=tuple(sorted(free)),
        left_over=choice.left_over,
    )


def _narrowed(rule: Rule, choice: Choice) -> Rule:
    """A rule for files in the same folders, limited to the folder that holds all of them."""
    if rule.source or rule.target:
        return rule
    shared = posixpath.commonpath([posixpath.dirname(source) for source in choice.pairs.values()])
    folder = f"{shared}/" if shared else ""
    return replace(rule, source=folder, target=folder)


def _pattern(rule: Rule) -> str:
    """The files that hold a rule's translations."""
    return f"/{rule.target}" if rule.ending == MARKDOWN else f"/{rule.target}**/*{rule.ending}"


def _is_document(path: str) -> bool:
    return path.endswith(MARKDOWN) and not _ABOUT_REPOSITORY.fullmatch(path)


def _companion_suffixes(
    documents: Collection[str], english: Iterable[str], target: Snapshot, history: History
) -> dict[str, int]:
    """Suffixes of files that stand beside another file and hold English of the history, with the number of files."""
    names = {PurePosixPath(path).name for path in english}
    totals: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    for path in documents:
        stem = PurePosixPath(path).stem
        beside = [s for s in suffixes(stem) if path.removesuffix(s + MARKDOWN) + MARKDOWN in documents]
        if beside and PurePosixPath(path).name not in names:
            # The shortest: `x-more_origin` belongs to `x-more`, not to `x`.
            totals[beside[-1]] += 1
            exact[beside[-1]] += target.entries[path].blob in history.sightings
    used = [suffix for suffix, total in totals.items() if exact[suffix] >= max(1, _MIN_ENGLISH_SHARE * total)]
    return {suffix: totals[suffix] for suffix in sorted(used, key=lambda suffix: (-totals[suffix], suffix))}


def _refuse_several(
    rules: Iterable[Rule], documents: Collection[str], english: Collection[str], target: Snapshot
) -> None:
    by_code = {rule.code: rule for rule in rules if rule.code and len(rule.pairs(documents, english)) >= MIN_FILES}
    if len(by_code) > 1:
        places = ", ".join(f"{code} ({rule.target or '*' + rule.ending})" for code, rule in sorted(by_code.items()))
        raise UsageError(f"{target.repository.name}: holds several languages: {places}; name one with --language")
