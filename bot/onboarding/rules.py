"""Rules that say where the translations of whole folders lie, and which of them explain the names of the files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from bot.onboarding.language import are_same, code_in

MARKDOWN = ".md"
# Two files show that a folder corresponds to another folder; a single file might be chance.
MIN_FILES = 2

_SUFFIX = re.compile(r"[._-][\w-]+")
# A name that more files share, such as `index.md`, says nothing about folders.
_MAX_SAME_NAMES = 5
_MAX_RULES = 50
# A rule that explains so large a part of what the best one explains is as good, so the simpler one wins.
_NEAR_TIE = 0.8
# If other files translate at least this share of a rule's English too, its files are copies of translations.
_MIN_COPIED_SHARE = 0.5
# Words of folders in which people leave what they no longer use. They only matter where something else translates the
# same: a whole translation may lie in `contrib/`.
_LEFT_OVER = re.compile(
    r"old(?:er)?|archived?|archives|attic|backups?|bak|contrib|cop(?:y|ies)|deprecated|drafts?|former|legacy|obsolete"
    r"|orig(?:inal)?|outdated|prev(?:ious)?|save[ds]?|stale|te?mp|trash|unused|v?\d+(?:\.\d+)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`source + X + source_ending` has its translation at `target + X + ending`; `code` is the language that `target`
    or `ending` names, if any."""

    source: str = ""
    target: str = ""
    ending: str = MARKDOWN
    code: str = ""
    source_ending: str = MARKDOWN

    @property
    def is_plain(self) -> bool:
        """Whether translations have the path of their source."""
        return self.source == self.target and self.ending == self.source_ending

    @property
    def is_left_over(self) -> bool:
        """Whether the translations' folder has the name of one that people no longer use, and the source's has not."""
        words = [word for part in self.target.split("/") for word in re.split(r"[-_ ]", part)]
        return any(_LEFT_OVER.fullmatch(word) and word not in re.split(r"[-_ /]", self.source) for word in words)

    def holds(self, path: str) -> bool:
        """Whether the path is where this rule's translations lie."""
        return path.startswith(self.target) and path.endswith(self.ending)

    def source_of(self, path: str, english: Collection[str]) -> str | None:
        """The path, among the English paths, whose translation is at `path`."""
        if not self.holds(path):
            return None
        source = self.source + path[len(self.target) : len(path) - len(self.ending)] + self.source_ending
        return source if source in english else None

    def pairs(self, documents: Iterable[str], english: Collection[str]) -> dict[str, str]:
        """The documents that the rule explains, with their English."""
        return {path: source for path in documents if (source := self.source_of(path, english))}

    @property
    def brevity(self) -> tuple[int, int, str, str, str, str]:
        """Greater for shorter rules; no two rules have the same."""
        lengths = -len(self.source) - len(self.target), -len(self.ending)
        return *lengths, self.source, self.target, self.source_ending, self.ending

    def mapping(self) -> tuple[str, str]:
        """As an entry of `paths`."""
        if self.ending == self.source_ending:
            return f"{self.source}*", f"{self.target}*"
        return f"{self.source}*{self.source_ending}", f"{self.target}*{self.ending}"


def suffixes(stem: str) -> Iterator[str]:
    """`_origin` of `x_origin`: possible suffixes of a stem, the longest first."""
    for at in range(1, len(stem)):
        if _SUFFIX.fullmatch(stem, at):
            yield stem[at:]


def language_endings(path: str) -> dict[str, str]:
    """`.zh.md` of `x.zh.md`, with the language that it names."""
    endings = suffixes(PurePosixPath(path).stem)
    return {f"{suffix}{MARKDOWN}": code for suffix in endings if (code := code_in(suffix[1:]))}


def folder_code(name: str) -> str:
    """The language that a folder's name is (`zh_CN`) or ends in (`docs-de`); "" for none."""
    return code_in(name) or next(filter(None, (code_in(suffix[1:]) for suffix in suffixes(name))), "")


def codes_of(path: str) -> list[str]:
    """The languages that the folders and the ending of a path name."""
    folders = map(folder_code, PurePosixPath(path).parts[:-1])
    return [code for code in (*folders, *language_endings(path).values()) if code]


def candidate_rules(documents: Iterable[str], english: Collection[str], source_language: str) -> list[Rule]:
    """The rules that most documents suggest, each by the English files whose paths have the longest end in common.
    A rule for the language of the source is none."""
    by_name: dict[str, list[str]] = {}
    source_endings: dict[str, None] = {MARKDOWN: None}
    for path in sorted(english):
        by_name.setdefault(PurePosixPath(path).name, []).append(path)
        own = (ending for ending, code in language_endings(path).items() if are_same(code, source_language))
        source_endings |= dict.fromkeys(own)
    votes = Counter({Rule(): len(english)})
    for path in sorted(documents):
        for ending, code in {MARKDOWN: "", **language_endings(path)}.items():
            for source_ending in source_endings:
                whole = path.removesuffix(ending) + source_ending
                common = {other: _common_end(other, whole) for other in by_name.get(PurePosixPath(whole).name, ())}
                longest = max(common.values(), default=0)
                nearest = [other for other, parts in common.items() if parts == longest]
                if len(nearest) <= _MAX_SAME_NAMES:
                    votes.update(_rule(other, whole, ending, code, source_ending) for other in nearest)
    rules = [rule for rule, _ in votes.most_common(_MAX_RULES)]
    return [rule for rule in rules if not are_same(rule.code, source_language)]


def of_language(rules: Collection[Rule], language: str) -> list[Rule]:
    """The rules for one language. If some path names it exactly, `zh-TW` is not `zh`."""
    exact = [rule for rule in rules if rule.code.casefold() == language.casefold()]
    return exact or [rule for rule in rules if rule.code and are_same(rule.code, language)]


@dataclass(frozen=True, slots=True)
class Choice:
    """`rules` explain `pairs` (translation to English), the best one first. `left_over` are copies of translations in
    folders that no rule follows, with their English."""

    rules: tuple[Rule, ...]
    pairs: Mapping[str, str]
    left_over: Mapping[str, str]


def choose_rules(candidates: Iterable[Rule], documents: Collection[str], english: Collection[str]) -> Choice:
    """The fewest rules that explain the names, beginning with the one that explains most of them; of nearly equal ones
    the simplest. Each English file gets one translation: a folder that mostly holds second ones is left alone."""
    reach = {rule: rule.pairs(documents, english) for rule in candidates}
    regular = {source for rule, pairs in reach.items() if not rule.is_left_over for source in pairs.values()}
    left = {rule for rule in reach if rule.is_left_over and _is_copied(reach[rule], regular)}
    rules: list[Rule] = []
    chosen: dict[str, str] = {}
    translated = set[str]()
    while True:
        open_rules = [rule for rule in reach if rule not in left and rule not in rules]
        left |= {rule for rule in open_rules if rules and _is_copied(reach[rule], translated)}
        rest = {rule: reach[rule].items() for rule in open_rules if rule not in left}
        gains = {
            rule: {path: source for path, source in pairs if path not in chosen and source not in translated}
            for rule, pairs in rest.items()
        }
        most = max(map(len, gains.values()), default=0)
        if most < (MIN_FILES if rules else 1):
            break
        # A folder with the name of the language is no copy of what explains less.
        is_named = any(rule.code for rule, gain in gains.items() if len(gain) == most)
        near = [rule for rule, gain in gains.items() if len(gain) >= (most if is_named else _NEAR_TIE * most)]
        best = max(near, key=lambda rule: (rule.is_plain, len(gains[rule]), *rule.brevity))
        rules.append(best)
        chosen |= gains[best]
        translated |= set(gains[best].values())
    return Choice(tuple(rules), chosen, _left_over(left, reach, documents, chosen))


def _is_copied(pairs: Mapping[str, str], translated: Collection[str]) -> bool:
    return bool(pairs) and sum(source in translated for source in pairs.values()) >= _MIN_COPIED_SHARE * len(pairs)


def _left_over(
    rules: Iterable[Rule], reach: Mapping[Rule, Mapping[str, str]], documents: Collection[str], chosen: Collection[str]
) -> dict[str, str]:
    """The documents of folders most of whose documents only such rules explain."""
    found: dict[str, str] = {}
    for rule in sorted(rules, key=lambda rule: rule.brevity, reverse=True):
        held = [path for path in documents if rule.holds(path) and path not in chosen]
        pairs = {path: source for path, source in reach[rule].items() if path not in chosen}
        if len(pairs) >= max(MIN_FILES, _MIN_COPIED_SHARE * len(held)):
            found = {**pairs, **found}
    return found


def _rule(english: str, path: str, ending: str, code: str, source_ending: str) -> Rule:
    """The rule by which `path` (with the source's ending) translates `english`: their folders up to the first
    difference."""
    same = _common_end(english, path)
    parts = PurePosixPath(english).parts, PurePosixPath(path).parts
    source, target = ("".join(f"{part}/" for part in side[: len(side) - same]) for side in parts)
    if source == target:
        source = target = ""
    named = code or next(filter(None, map(folder_code, target.split("/"))), "")
    return Rule(source, target, ending, named, source_ending)


def _common_end(first: str, second: str) -> int:
    """How many parts two paths have in common at their ends."""
    pairs = zip(reversed(PurePosixPath(first).parts), reversed(PurePosixPath(second).parts), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
