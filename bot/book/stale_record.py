"""The stale record `.amts/stale.<language>.yaml` in the language repository: translated sentences that stand although
their English changed, and the English that they were made from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.book.baselines import BaselineRecord, Baselines, BaselineStrategy, Paths
from bot.book.history import History
from bot.changes import StalePlace, StaleSentence, find_stale, made_from
from bot.config.records import Items, Node, YamlRecord
from bot.errors import InputError
from bot.forge.git import Snapshot
from bot.model import Direction
from bot.pipeline import parse

StaleRecord = Mapping[str, frozenset[StaleSentence]]
"""By path of the translation."""

_HEADER = (
    "# Written by amts: translated sentences that stand although their English changed: `english` is what people\n"
    "# translated, `now` what stands there today. Edit the translation, or accept it with `amts accept`.\n"
)
_KEYS = ("translation", "english", "now")
# What JSON leaves as it is, and YAML does not take or takes for the end of a line.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def stale_path(name: str) -> str:
    return f".amts/stale.{name}.yaml"


def read_stale(target: Snapshot, name: str) -> StaleRecord:
    """The stale sentences of language `name` in a commit of its repository. Raises InputError for a broken record."""
    path = stale_path(name)
    return parse_stale(target.read(path), path) if path in target.entries else {}


def parse_stale(data: bytes, path: str) -> StaleRecord:
    """The reverse of `serialize_stale`. Raises InputError, with the line, for anything else."""
    record = YamlRecord(path, InputError)
    top = record.top(data, frozenset({"files"}))
    files = record.fields(top["files"]) if "files" in top else {}
    return {file: frozenset(_sentence(record, node) for node in record.items(nodes)) for file, nodes in files.items()}


def serialize_stale(stale: StaleRecord) -> bytes | None:
    """The file's text, sorted: the same sentences give the same bytes, and a change of one changes its lines alone;
    None if there is none."""
    lines = []
    for path, sentences in sorted(stale.items()):
        if sentences:
            lines.append(f"  {_quoted(path)}:")
        for sentence in sorted(sentences):
            entry = [f"{key}: {_texts(getattr(sentence, key))}" for key in _KEYS]
            lines += [f"  - {entry[0]}", *(f"    {line}" for line in entry[1:])]
    return "\n".join([f"{_HEADER}version: 1", "files:", *lines, ""]).encode() if lines else None


def join_stale(old: StaleRecord, ours: StaleRecord, theirs: StaleRecord) -> StaleRecord:
    """The record with the changes of both sides since `old`."""
    none: frozenset[StaleSentence] = frozenset()
    joined = {}
    for path in ours.keys() | theirs.keys():
        was, mine, yours = (side.get(path, none) for side in (old, ours, theirs))
        joined[path] = (yours | (mine - was)) - (was - mine)
    return joined


@dataclass(frozen=True)
class EffectiveBases:
    """What the translations in a commit were really made from. The record is read when it is first needed: a broken one
    in an old commit hurts nobody."""

    target: Snapshot
    name: str
    direction: Direction

    @cached_property
    def record(self) -> StaleRecord:
        """Raises InputError for a broken record."""
        return read_stale(self.target, self.name)

    def check(self) -> None:
        """Raises InputError for a broken record: an error of the whole book, not of each file."""
        self.recorded("")

    def recorded(self, path: str) -> frozenset[StaleSentence]:
        """The entries of a file, and of files that are gone: it may be one of them under a new name."""
        gone = (entries for other, entries in self.record.items() if other not in self.target.entries)
        return self.record.get(path, frozenset()).union(*gone)

    def find(self, path: str, english: str, translation: str) -> list[StalePlace]:
        """The stale sentences of a translation, which was made from `english` but for them."""
        entries = self.recorded(path)
        if not entries:
            return []
        source, target = self.direction
        return find_stale(parse(english, source, path), parse(translation, target, path), entries)

    def english(self, path: str, english: str, translation: str) -> str:
        """`english` with what the stale sentences were made from. Raises InputError for a broken record."""
        places = self.find(path, english, translation)
        return made_from(parse(english, self.direction.source, path), places) if places else english


@dataclass(frozen=True)
class WithEffectiveBases:
    """A baseline strategy whose baselines know the stale record."""

    strategy: BaselineStrategy
    effective: Callable[[Snapshot], EffectiveBases] = field(repr=False)

    def read(self, source: Snapshot, history: History, target: Snapshot, paths: Paths) -> Baselines:
        baselines = self.strategy.read(source, history, target, paths)
        return replace(baselines, effective=self.effective(target).english)

    def write(
        self, target: Snapshot, baselines: Baselines, written: Sequence[BaselineRecord], removed: Sequence[str]
    ) -> dict[str, bytes | None]:
        return self.strategy.write(target, baselines, written, removed)


def _sentence(record: YamlRecord, node: Node) -> StaleSentence:
    fields = record.fields(node)
    if set(fields) != set(_KEYS):
        record.refuse(node.line, 'an entry must have exactly "translation", "english" and "now"')

    def texts(key: str) -> tuple[str, ...]:
        value = fields[key]
        if isinstance(value, Items) and value.values:
            return tuple(map(record.text, value.values))
        return (record.text(value),)

    return StaleSentence(**{key: texts(key) for key in _KEYS})


def _texts(texts: tuple[str, ...]) -> str:
    return _quoted(texts[0]) if len(texts) == 1 else f"[{', '.join(map(_quoted, texts))}]"


def _quoted(text: str) -> str:
    """A text on one line, as JSON and YAML both read it."""
    return _UNPRINTABLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text, ensure_ascii=False))
