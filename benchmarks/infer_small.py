"""For how many small pages `infer` finds the English that each was made from: pages cut from the beginnings of the real
books' files, whose true base is recorded, and from all of their revisions.

usage: python -m benchmarks.infer_small [LANGUAGE …]
A page is the first paragraphs of a file, of two to five sentences. `plain` pages lose what tells revisions and pages
apart without any language: addresses, code, formulas, references, labels, numbers. A base is right if its page has the
text of the true one; a later one hides a change from the translators, an earlier one has sentences translated again.
`strangers` have the translation of another page of their size: each that gets a base is taken for what it is not.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.books import clone, lang
from benchmarks.infer import true_bases
from bot.book.baselines import Paths
from bot.book.history import History, Sighting, read_history
from bot.book.inference import Infer
from bot.book.timelines import Timelines
from bot.documents import parse
from bot.forge.git import Repository, Snapshot
from bot.model import Direction

SIZES = range(2, 6)
# How many pages at least must get the right text, as they are and plain.
_FLOORS = {"zh": (84, 58), "tr": (70, 63)}
_PLAIN = re.compile(rb":\w+:`[^`\n]*`|`[^`\n]+`|(?<=\])\([^)\n]*\)|\$[^$\n]*\$|https?:\S+|\d+(?:[.,]\d+)*")


class Pages(Repository):
    """A repository that shows pages in the place of whole files; `pages` has the text for a blob."""

    pages: Mapping[str, bytes] = {}

    def read(self, blob: str) -> bytes:
        return self.pages.get(blob) or self.whole(blob)

    def whole(self, blob: str) -> bytes:
        return super().read(blob)


Cut = Callable[[bytes], bytes]


def first_paragraphs(data: bytes, count: int, *, plain: bool) -> bytes:
    parts = [part.strip(b"\n") for part in data.replace(b"\r\n", b"\n").split(b"\n\n") if part.strip()]
    text = b"\n\n".join(parts[:count]) + b"\n"
    return _PLAIN.sub(b"", text) if plain else text


def sentences(data: bytes, code: str) -> int:
    """Of prose, without titles."""
    document = parse(data.decode("utf-8", "replace"), lang(code))
    prose = [at for at, segment in enumerate(document.segments) if segment.is_prose]
    return sum(not document.raw(at, at).startswith("#") for at in prose)


def page_length(english: bytes, translation: bytes, code: str, size: int) -> int | None:
    """The number of paragraphs after which the translation has `size` sentences, and its English nearly as many."""
    for count in range(1, 12):
        base, target = (first_paragraphs(data, count, plain=False) for data in (english, translation))
        if b"```" in base + target or b"$$" in base + target:
            return None
        found = sentences(target, code)
        if found >= size:
            return count if found == size and abs(sentences(base, "en") - size) <= 1 else None
    return None


class Book:
    """A real book, whose files can be cut to pages."""

    def __init__(self, code: str, folder: str) -> None:
        self.code = code
        self.english = Pages.open(clone("en", folder), Path(folder))
        self.translated = Pages.open(clone(code, folder), Path(folder))
        self.source = self.english.snapshot(self.english.head("main"))
        self.history = read_history(self.english, self.source.commit)
        self.target = self.translated.snapshot(self.translated.head("main"))
        self.truth = true_bases(self.source, self.history, self.target)

    def lengths(self, size: int) -> dict[str, int]:
        """The number of paragraphs of the pages of `size` sentences, by path."""
        self.english.pages = self.translated.pages = {}
        found = {
            path: page_length(self.english.read(base.blob), self.target.read(path), self.code, size)
            for path, base in self.truth.items()
        }
        return {path: count for path, count in found.items() if count is not None}

    def cut(self, lengths: Mapping[str, int], *, plain: bool, strangers: bool) -> tuple[History, Snapshot]:
        """Shows the pages. A revision that changed nothing of a page is none of its revisions."""
        timelines = Timelines(self.english, self.history)
        sightings: dict[str, list[Sighting]] = {}
        english: dict[str, bytes] = {}
        for path, count in lengths.items():
            first: dict[bytes, str] = {}
            before = b""
            for period in timelines.periods(path):
                text = first_paragraphs(self.english.whole(period.blob), count, plain=plain)
                blob = first.setdefault(text, period.blob)
                english[blob] = text
                if text != before:
                    sightings.setdefault(blob, []).append(Sighting(period.commit, period.path))
                before = text
        own = list(lengths)
        shown = dict(zip(own, [*own[1:], own[0]] if strangers else own, strict=True))
        translated = {}
        for path, other in shown.items():
            past = self.translated.lines("log", "--format=", "--raw", "--no-abbrev", "--no-renames", "main", "--", path)
            today = self.target.entries[path].blob
            for blob in (line.split(" ")[3] for line in past):
                if blob != today and strangers:
                    blob = today
                if set(blob) != {"0"}:
                    whole = self.translated.whole(self.target.entries[other].blob if strangers else blob)
                    translated[blob] = first_paragraphs(whole, lengths[other], plain=plain)
        self.english.pages, self.translated.pages = english, translated
        entries = {path: self.target.entries[path] for path in lengths}
        return replace(self.history, sightings=sightings), replace(self.target, entries=entries)


def measure(book: Book, size: int, *, plain: bool, strangers: bool) -> Counter[str]:
    lengths = book.lengths(size)
    history, target = book.cut(lengths, plain=plain, strangers=strangers)
    infer = Infer(Direction(lang("en"), lang(book.code)))
    found = infer.read(book.source, history, target, Paths())
    timelines = Timelines(book.english, history)
    counts = Counter[str](pages=len(lengths))
    for path, count in lengths.items():
        guess = found.bases.get(path)
        if guess is None:
            counts["unknown"] += 1
            continue
        right = first_paragraphs(book.english.whole(book.truth[path].blob), count, plain=plain)
        text, texts = (
            book.english.read(guess.blob),
            [book.english.read(period.blob) for period in timelines.periods(path)],
        )
        later = right in texts and text in texts and texts.index(text) > texts.index(right)
        verdict = "right" if text == right else "later" if later else "earlier"
        counts[verdict] += 1
        counts[f"sure of {verdict}"] += found.certainties[path].sure
    return counts


def main() -> int:
    short = False
    with tempfile.TemporaryDirectory() as folder:
        for code in sys.argv[1:] or list(_FLOORS):
            book = Book(code, folder)
            for plain, strangers in ((False, False), (True, False), (False, True), (True, True)):
                total = Counter[str]()
                for size in SIZES:
                    total += measure(book, size, plain=plain, strangers=strangers)
                kind = f"{'plain ' if plain else ''}{'strangers' if strangers else 'pages'}"
                known = total["pages"] - total["unknown"]
                if strangers:
                    print(f"{code}: of {total['pages']} {kind} {known} got a base")
                    continue
                sure = ", ".join(
                    f"{total[verdict]} {verdict} ({total[f'sure of {verdict}'] / total[verdict]:.0f}% sure)"
                    for verdict in ("right", "later", "earlier")
                    if total[verdict]
                )
                print(f"{code}: of {total['pages']} {kind} {known} got a base: {sure}; {total['unknown']} unknown")
                short |= total["right"] < _FLOORS[code][plain]
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
