"""Faults of a merged book that readers or translators would notice, found without the planner.

Four texts of a file (base English, new English, translation, result) and its entry in the JSON of `amts sync` are
compared by text and by the aligner alone:

- a label that stands twice, or was there and is lost;
- English that is new and stands nowhere: neither it, nor a translation that the report names, nor a sentence that the
  aligner links with it (a revision of a sentence that the translators left out stays out, if the report names it);
- a translation that was removed although its English stands, and nobody's words stand for it now;
- a translated sentence without English of its own beside English that changed, which the report does not name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rapidfuzz.fuzz import ratio

from bot.alignment import align
from bot.documents import parse, reads_the_same
from bot.model import Bead, Direction, Document

_LABEL = re.compile(r":label:`[^`]+`|:eqlabel:`[^`]+`|^\([\w:.-]+\)=[ \t]*$", re.MULTILINE)
# A link between new English and the result that is surer than this shows that the sentence is there.
_MIN_SCORE = 0.5
# English this much alike (of 100) is a revision of the other.
_REVISION = 50


class Fault(NamedTuple):
    kind: str
    text: str


def find_faults(texts: Sequence[str], direction: Direction, entry: Mapping[str, Any]) -> list[Fault]:
    """`texts` are base English, new English, translation and result; `entry` is the file's of the JSON."""
    base, new = (parse(text, direction.source, entry["path"]) for text in texts[:2])
    before, after = (parse(text, direction.target, entry["path"]) for text in texts[2:])
    merge = entry["merge"]
    beads = align(base, before, direction) if base.segments and before.segments else ()
    return [
        *label_faults(*texts),
        *missing_english(base, new, after, direction, merge, omitted(base, beads)),
        *lost_translations((base, new, before, after), beads, merge),
        *unreported(base, new, before, after, beads, merge),
    ]


def label_faults(base: str, new: str, before: str, after: str) -> Iterator[Fault]:
    b, n, t, r = (Counter(label.strip() for label in _LABEL.findall(text)) for text in (base, new, before, after))
    for label in r:
        if r[label] > max(n[label], t[label]):
            yield Fault("label doubled", label)
    for label in n:
        if not r[label] and (t[label] or not b[label]):
            yield Fault("label lost", label)


def omitted(base: Document, beads: Iterable[Bead]) -> list[str]:
    """The English that the translators left out."""
    return [base.segments[i].text for bead in beads if not bead.target for i in bead.source]


def missing_english(
    base: Document, new: Document, after: Document, direction: Direction, merge: Mapping[str, Any], out: Sequence[str]
) -> Iterator[Fault]:
    known = Counter(segment.text for segment in base.segments)
    fresh = [
        n
        for n, segment in enumerate(new.segments)
        if segment.is_prose and segment.has_words and not known[segment.text]
    ]
    if not fresh:
        return
    told = {text for edit in merge["edits"] if edit["text"].strip() for text in _sentences(edit["source"], new)}
    told |= {text for item in merge["revisions"] for text in _sentences(item["source"]["after"], new)}
    standing = {segment.text for segment in after.segments}
    # A revision of English that the translators left out stays out, and is told.
    left = {text for item in merge["left"] for text in _sentences(item["source"], new)}
    told |= {text for text in left if any(ratio(text, other) >= _REVISION for other in out)}
    unknown = [n for n in fresh if new.segments[n].text not in told | standing]
    if unknown:
        linked = {n for bead in align(new, after, direction) if _is_link(bead) for n in bead.source}
        yield from (Fault("new English missing", new.segments[n].text) for n in unknown if n not in linked)


def lost_translations(
    documents: tuple[Document, Document, Document, Document], beads: Iterable[Bead], merge: Mapping[str, Any]
) -> Iterator[Fault]:
    base, new, before, after = documents
    english, stands = (Counter(segment.text for segment in side.segments) for side in (new, after))
    had = Counter(segment.text for segment in before.segments)
    reused = {text for edit in merge["edits"] if edit["action"] == "reused" for text in _sentences(edit["source"], new)}
    carried = {item["translation"]["before"] for item in merge["revisions"]}
    for bead in beads:
        sources = [base.segments[i] for i in bead.source]
        if not _is_link(bead) or not all(s.is_prose and s.has_words for s in sources):
            continue
        if not all(english[s.text] for s in sources) or all(s.text in reused for s in sources):
            continue
        for t in bead.target:
            text = before.segments[t].text
            if stands[text] or had[text] > 1 or any(text in one for one in carried):
                continue
            if not reads_the_same(base.joined(bead.source), text):
                yield Fault("translation lost", text)


def unreported(
    base: Document, new: Document, before: Document, after: Document, beads: Sequence[Bead], merge: Mapping[str, Any]
) -> Iterator[Fault]:
    english, standing = {s.text for s in new.segments}, {s.text: s for s in after.segments}
    changed = {
        t
        for bead in beads
        if bead.source and any(base.segments[i].text not in english for i in bead.source)
        for t in bead.target
    }
    told = [range(*left["after"]) for left in merge["left"]]
    for t in sorted(t for bead in beads if not bead.source for t in bead.target):
        segment = before.segments[t]
        beside = [o for o in (t - 1, t + 1) if o in changed and before.segments[o].block == segment.block]
        if not segment.is_prose or not beside or segment.text not in standing:
            continue
        if not any(standing[segment.text].start in places for places in told):
            yield Fault("unreported beside a change", segment.text)


def _sentences(joined: str, new: Document) -> set[str]:
    return {segment.text for segment in new.segments if segment.text in joined}


def _is_link(bead: Bead) -> bool:
    return bool(bead.source and bead.target) and bead.score >= _MIN_SCORE
