"""What learned habits gain: sentences that people brought in step, repaired with the defaults and with what the other
half of the same history teaches.

usage: python -m benchmarks.habits
The revisions beside the project are split in the order of their file, those that AMTS mines from the real books by age.
Each half is learned from, and tested on the other. Last comes a team that does not exist: the Turkish one, had it left
out all marks that it carried over and changed nothing else there. A result is compared with what people wrote: `exact`
up to white space, and chrF. `left alone` is the old translation.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from rapidfuzz.fuzz import ratio
from sacrebleu.metrics.chrf import CHRF

from benchmarks.books import SHARED, clone, lang
from bot.book.baselines import Paths
from bot.book.cache import Cache
from bot.book.history import read_history
from bot.book.origin_file import OriginFile
from bot.book.past_revisions import PastRevisions
from bot.book.workers import Runner
from bot.documents import parse
from bot.forge.git import Repository
from bot.model import Bead, Direction, Document, Versions
from bot.repair import Habit, Habits, Lexis, PastRevision, Sentences, learn, observe, repair

_BANDS = ((60, 80), (80, 90), (90, 95), (95, 101))


def known_revisions(name: str) -> list[PastRevision]:
    items = json.loads((SHARED / "revisions" / f"{name}.json").read_text("utf-8"))
    return [PastRevision(one["old"], one["new"], one["was"], one["now"]) for one in items]


def mined_revisions(code: str, folder: str) -> list[PastRevision]:
    """Oldest first."""
    cache = Path(folder) / "cache"
    english, translated = (Repository.open(clone(name, folder), cache) for name in ("en", code))
    head = english.head("main")
    past = PastRevisions(
        english.snapshot(head),
        read_history(english, head),
        translated.snapshot(translated.head("main")),
        OriginFile(),
        Paths(source_of=lambda path: path),
        Direction(lang("en"), lang(code)),
        code,
    )
    start = time.monotonic()
    found = past.read(Cache(cache), Runner())
    print(f"\nd2l {code}, main: {len(found)} sentences mined in {time.monotonic() - start:.1f} s")
    return found[::-1]


def read(revisions: Sequence[PastRevision], direction: Direction) -> Iterator[tuple[PastRevision, Versions[Document]]]:
    """Those that are of one block each."""
    for one in revisions:
        documents = Versions(
            parse(one.base, direction.source), parse(one.new, direction.source), parse(one.before, direction.target)
        )
        if all(len({segment.block for segment in document.segments}) == 1 for document in documents):
            yield one, documents


def page_lexis(cases: Sequence[tuple[PastRevision, Versions[Document]]], direction: Direction) -> Lexis:
    """Of the tested sentences' old versions, as a page of them would have."""
    base = parse("\n\n".join(one.base for one, _ in cases), direction.source)
    target = parse("\n\n".join(one.before for one, _ in cases), direction.target)
    beads = []
    if len(base.blocks) == len(target.blocks):
        for left, right in zip(base.blocks, target.blocks, strict=True):
            beads.append(Bead(tuple(range(left.first, left.last)), tuple(range(right.first, right.last)), 1.0))
    return Lexis(base, target, beads)


def test(name: str, learned_from: Sequence[PastRevision], tested: Sequence[PastRevision], direction: Direction) -> int:
    """How many more results are exact with what was learned than with the defaults."""
    habits = learn(seen for one in learned_from if (seen := observe(one, direction)) is not None)
    cases = list(read(tested, direction))
    lexis, chrf = page_lexis(cases, direction), CHRF()
    rows = []
    for one, documents in cases:
        units = Sentences(*(range(len(document.segments)) for document in documents))
        texts = [
            " ".join(repair(documents, units, direction, lexis, known).text.split()) for known in (Habits(), habits)
        ]
        rows.append((ratio(one.base, one.new), " ".join(one.after.split()), [" ".join(one.before.split()), *texts]))
    decided = {kind: habits.verdict(kind) for kind in habits.counts if habits.verdict(kind) is not Habit.UNDECIDED}
    shown = ", ".join(f"{kind} {'/'.join(map(str, habits.counts[kind]))} {habit}" for kind, habit in decided.items())
    print(f"{name}: {habits.revisions} learned from, {len(cases)} tested; {sum(t[1] != t[2] for *_, t in rows)} differ")
    print(
        f"  {shown or 'nothing decided'}; full stop inside: {habits.sign_inside}; kept: {list(map(tuple, habits.kept))}"
    )
    for low, high in _BANDS:
        part = [(wanted, texts) for likeness, wanted, texts in rows if low <= likeness < high]
        if not part:
            continue
        figures = [
            f"{sum(texts[k] == wanted for wanted, texts in part) / len(part):.3f} "
            f"{sum(chrf.sentence_score(texts[k], [wanted]).score for wanted, texts in part) / len(part):.1f}"
            for k in range(3)
        ]
        print(
            f"  {low}-{min(high, 100)} % alike, {len(part):3}: exact, chrF: left alone {figures[0]}, "
            f"defaults {figures[1]}, learned {figures[2]}"
        )
    return sum((texts[2] == wanted) - (texts[1] == wanted) for _, wanted, texts in rows)


def both_ways(name: str, revisions: Sequence[PastRevision], direction: Direction) -> int:
    """The lesser gain."""
    middle = len(revisions) // 2
    halves = revisions[:middle], revisions[middle:]
    return min(
        test(f"{name}, first half teaches", *halves, direction),
        test(f"{name}, second half teaches", *halves[::-1], direction),
    )


def without_marks(revisions: Sequence[PastRevision], direction: Direction) -> list[PastRevision]:
    """The revisions of a team that leaves its sentence alone where nothing but marks changed."""
    changed = []
    for one in revisions:
        seen = observe(one, direction)
        only_marks = seen is not None and set(seen.responses) == {"mark"} and not seen.has_new_words
        changed.append(one._replace(after=one.before) if only_marks else one)
    return changed


def main() -> int:
    print(f"revisions beside the project, and d2l bundles; chrF of sacreBLEU {version('sacrebleu')}, its defaults")
    directions = {code: Direction(lang("en"), lang(code)) for code in ("tr", "zh")}
    gains = []
    for name, code in (("vue-zh", "zh"), ("d2l-tr", "tr")):
        gains.append(both_ways(name, known_revisions(name), directions[code]))
    with tempfile.TemporaryDirectory() as folder:
        for code, direction in directions.items():
            gains.append(both_ways(f"d2l {code}", mined_revisions(code, folder), direction))
    turkish = directions["tr"]
    gains.append(both_ways("a team without marks", without_marks(known_revisions("d2l-tr"), turkish), turkish))
    return 1 if min(gains) < 0 or gains[-1] == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
