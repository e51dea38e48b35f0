"""The translators' glossary as a glossary of DeepL (v3): one for each language, changed in place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.engines.deepl.client import Account
from bot.engines.deepl.settings import language_codes
from bot.engines.teaching import ImportedTerminology, TerminologyState
from bot.glossary import Term
from bot.model import Direction

if TYPE_CHECKING:
    from deepl.api_data import MultilingualGlossaryInfo

_NAME = re.compile(r"(?P<name>[A-Za-z0-9-]+) \(sha256 (?P<hash>[0-9a-f]{64})\)")
_MAX_BYTES = 1024
"""Of each side of a term (openapi.yaml, ManageMultilingualGlossaries)."""
_CONTROL = re.compile(r"[\x00-\x1f\x80-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class DeepLGlossary:
    """The TerminologyService of one language. The hash of its terms stands in its name, which is written last: a
    glossary whose import was killed is imported again."""

    connection: Account

    @property
    def name(self) -> str:
        return self.connection.resource

    @property
    def region(self) -> str:
        return self.connection.host

    def import_terms(
        self, terms: Sequence[Term], direction: Direction, *, force: bool = False
    ) -> ImportedTerminology | None:
        entries, dropped = _entries(terms)
        if not entries:
            return None
        there = self._find()
        state = _state(there) if there is not None else None
        if state is not None and not force and self.is_current(state, terms, direction):
            return ImportedTerminology(False, state, dropped)
        return ImportedTerminology(True, _state(self._import(there, entries, direction)), dropped)

    def is_current(self, state: TerminologyState, terms: Sequence[Term], direction: Direction) -> bool:
        entries, _ = _entries(terms)
        target = _base(language_codes(direction)[1])
        return state.hash == _hash(entries, direction) and target in state.targets

    def id(self) -> str:
        """The glossary's id in DeepL; "" if there is none."""
        there = self._find()
        return str(there.glossary_id) if there is not None else ""

    def find(self) -> TerminologyState | None:
        there = self._find()
        return _state(there) if there is not None else None

    def list_all(self) -> Iterator[TerminologyState]:
        yield from map(_state, self._list())

    def delete(self) -> bool:
        existed = False
        while (there := self._find()) is not None:
            glossary = there.glossary_id
            doing = f"deleting the glossary {self.name}"
            self.connection.ask(doing, lambda client, id=glossary: client.delete_multilingual_glossary(id))  # type: ignore[misc]
            existed = True
        return existed

    def _import(
        self, there: MultilingualGlossaryInfo | None, entries: Mapping[str, str], direction: Direction
    ) -> MultilingualGlossaryInfo:
        from deepl.api_data import MultilingualGlossaryDictionaryEntries

        source, target = language_codes(direction)
        dictionary = MultilingualGlossaryDictionaryEntries(source, target, dict(entries))
        name = f"{self.name} (sha256 {_hash(entries, direction)})"
        ask, doing = self.connection.ask, f"importing the glossary {self.name}"
        if there is None:
            return ask(doing, lambda client: client.create_multilingual_glossary(name, [dictionary]))
        known = there.glossary_id
        ask(doing, lambda client: client.replace_multilingual_glossary_dictionary(known, dictionary))
        ask(doing, lambda client: client.update_multilingual_glossary_name(known, name))
        return ask(doing, lambda client: client.get_multilingual_glossary(known))

    def _find(self) -> MultilingualGlossaryInfo | None:
        ours = [glossary for glossary in self._list() if _state(glossary).name == self.name]
        return min(ours, key=lambda glossary: str(glossary.glossary_id), default=None)

    def _list(self) -> Iterable[MultilingualGlossaryInfo]:
        return self.connection.ask("listing the glossaries", lambda client: client.list_multilingual_glossaries())


def _entries(terms: Sequence[Term]) -> tuple[Mapping[str, str], tuple[tuple[Term, str], ...]]:
    """The preferred translation of each term, and the terms that DeepL does not take."""
    entries: dict[str, str] = {}
    dropped: list[tuple[Term, str]] = []
    for term in terms:
        source, target = term.source.strip(), term.targets[0].strip()
        if not source or not target:
            dropped.append((term, "a side is empty"))
        elif max(len(source.encode()), len(target.encode())) > _MAX_BYTES:
            dropped.append((term, f"a side has more than {_MAX_BYTES} bytes"))
        elif _CONTROL.search(source + target):
            dropped.append((term, "a side has a control character"))
        elif source in entries:
            dropped.append((term, "the term is there already"))
        else:
            entries[source] = target
    return entries, tuple(dropped)


def _hash(entries: Mapping[str, str], direction: Direction) -> str:
    source, target = language_codes(direction)
    text = json.dumps([source, _base(target), list(entries.items())], ensure_ascii=True)
    return sha256(text.encode()).hexdigest()


def _base(code: str) -> str:
    """Glossaries are for languages, not for their variants."""
    return code.partition("-")[0]


def _state(glossary: MultilingualGlossaryInfo) -> TerminologyState:
    match = _NAME.fullmatch(str(glossary.name))
    dictionaries = list(glossary.dictionaries)
    return TerminologyState(
        name=match["name"] if match else str(glossary.name),
        hash=match["hash"] if match else "",
        terms=sum(dictionary.entry_count for dictionary in dictionaries),
        skipped=0,
        message="",
        source=dictionaries[0].source_lang.lower() if dictionaries else "",
        targets=tuple(dictionary.target_lang.lower() for dictionary in dictionaries),
        updated=glossary.creation_time,
    )
