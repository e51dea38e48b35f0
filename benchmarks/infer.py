"""For how many files of the real books `infer` finds the English that each was made from, with the records hidden.

usage: python -m benchmarks.infer [LANGUAGE …]
The true revision is known where `X_origin.md` equals one exactly. Counted: files whose inferred revision is that one,
and files whose inferred revision has every sentence of it that the translation translates. Of the others' sentences,
those that the true revision lacks would be hidden from the translators, those that only it has translated again.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.books import clone, lang
from bot.alignment import align
from bot.book.baselines import Base, Paths
from bot.book.history import History, read_history
from bot.book.inference import Infer
from bot.book.origin_file import OriginFile, origin_path
from bot.documents import decode, parse
from bot.forge.git import Repository, Snapshot
from bot.model import Direction, Document

# How many files at least must get their revision, or one with the same text for every aligned sentence. The Chinese
# book is the goal; the Turkish one, made in another way, shows that the method is not made for the Chinese alone.
_FLOORS = {"zh": 103, "tr": 92}


@dataclass(frozen=True, slots=True)
class Verdict:
    exact: bool
    same: bool
    hidden: int = 0
    again: int = 0


def judge(english: Repository, target: Snapshot, path: str, bases: tuple[Base, Base | None], code: str) -> Verdict:
    """The inferred base (the second) beside the true one."""
    true, guess = bases
    if guess is None:
        return Verdict(exact=False, same=False)
    if guess.blob == true.blob:
        return Verdict(exact=True, same=True)
    documents = [parse(decode(english.read(base.blob), path), lang("en")) for base in (true, guess)]
    translation = parse(decode(target.read(path), path), lang(code))
    beads = align(documents[0], translation, Direction(lang("en"), lang(code)))
    aligned = Counter(documents[0].segments[i].text for bead in beads if bead.target for i in bead.source)
    old, new = (prose(document) for document in documents)
    return Verdict(False, not (aligned & old) - new, (new - old).total(), ((aligned & old) - new).total())


def prose(document: Document) -> Counter[str]:
    return Counter(segment.text for segment in document.segments if segment.is_prose)


def true_bases(source: Snapshot, history: History, target: Snapshot) -> Mapping[str, Base]:
    bases = OriginFile().read(source, history, target, Paths()).bases
    return {path: base for path, base in bases.items() if base.commit is not None}


def measure(code: str, folder: str) -> tuple[int, int]:
    """Prints how it went; how many were found, and how many there are."""
    cache = Path(folder)
    english = Repository.open(clone("en", folder), cache)
    translated = Repository.open(clone(code, folder), cache)
    source = english.snapshot(english.head("main"))
    history = read_history(english, source.commit)
    target = translated.snapshot(translated.head("main"))
    truth = true_bases(source, history, target)
    hidden = {path: entry for path, entry in target.entries.items() if path in truth}
    bare = replace(target, entries=hidden)
    assert not any(origin_path(path, "_origin") in hidden for path in hidden)
    started = time.perf_counter()
    baselines = Infer(Direction(lang("en"), lang(code))).read(source, history, bare, Paths())
    seconds = time.perf_counter() - started
    verdicts = {
        path: judge(english, target, path, (base, baselines.bases.get(path)), code)
        for path, base in sorted(truth.items())
    }
    found = sum(verdict.same for verdict in verdicts.values())
    for path, verdict in verdicts.items():
        if not verdict.same:
            print(f"  {path}: hides {verdict.hidden} sentences, repeats {verdict.again}; {baselines.notes.get(path)}")
    print(
        f"{code}: of {len(truth)} files {sum(verdict.exact for verdict in verdicts.values())} got their very revision, "
        f"{found} that or one with the same text for every aligned sentence, "
        f"{sum(path not in baselines.bases for path in truth)} none; {seconds:.1f} s"
    )
    return found, len(truth)


def main() -> int:
    short = False
    with tempfile.TemporaryDirectory() as folder:
        for code in sys.argv[1:] or list(_FLOORS):
            found, count = measure(code, folder)
            print(f"{code}: {found}/{count}, at least {_FLOORS[code]} wanted")
            short |= found < _FLOORS[code]
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
