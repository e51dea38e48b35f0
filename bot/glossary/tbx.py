"""Termbases in TBX (ISO 30042): version 2 (`martif`) and 3 (`tbx`), in the styles DCA and DCT."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from bot.glossary.sides import side_of
from bot.glossary.terms import Glossary, Unread, merged
from bot.memory.reading import tag
from bot.model import Direction

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ENTRIES = frozenset({"termEntry", "conceptEntry"})
_LANGUAGES = frozenset({"langSet", "langSec"})
_TERMS = frozenset({"tig", "ntig", "termSec"})
_STATUS = frozenset({"administrativeStatus", "normativeAuthorization"})
_REFUSED = ("deprecated", "superseded", "obsolete")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    preferred: bool


def read_tbx(root: Element, direction: Direction) -> Glossary:
    """Each term of the source language, with all of the other language in the same entry, preferred ones first.
    Deprecated and superseded terms are left out."""
    entries: list[tuple[str, list[str]]] = []
    unread: list[Unread] = []
    for number, entry in enumerate((one for one in root.iter() if tag(one) in _ENTRIES), 1):
        words = _words_by_side(entry, direction)
        if words[0] and words[1]:
            targets = [word.text for word in sorted(words[1], key=lambda word: not word.preferred)]
            entries += ((word.text, targets) for word in words[0])
        else:
            missing = " and ".join(language.name for language, found in zip(direction, words, strict=True) if not found)
            text = next((word.text for side in words for word in side), "")
            unread.append(Unread(f"entry {entry.get('id') or number}", text, f"has no term in use in {missing}"))
    return Glossary(merged(entries), tuple(unread), "TBX", "the entries say their languages")


def _words_by_side(entry: Element, direction: Direction) -> tuple[list[_Word], list[_Word]]:
    """Sections of the same language add up, whatever their regions."""
    words: tuple[list[_Word], list[_Word]] = [], []
    for section in (one for one in entry.iter() if tag(one) in _LANGUAGES):
        side = side_of(direction, section.get(_XML_LANG) or section.get("lang") or "")
        if side is not None:
            words[side].extend(_words(section))
    return words


def _words(section: Element) -> Iterator[_Word]:
    for group in (one for one in section.iter() if tag(one) in _TERMS):
        status = _status(group)
        for term in group.iter():
            text = " ".join("".join(term.itertext()).split()) if tag(term) == "term" else ""
            if text and not status.startswith(_REFUSED):
                yield _Word(text, status.startswith("preferred"))


def _status(group: Element) -> str:
    """`preferredTerm-admn-sts`, say; a `termNote` in style DCA, an element of its own in DCT; empty where none is."""
    for note in group.iter():
        if (note.get("type") if tag(note) == "termNote" else tag(note)) in _STATUS:
            return (note.text or "").strip()
    return ""
