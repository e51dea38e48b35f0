"""The commits that brought slide marks to the Chinese book, made again by repair: nothing was tuned on them."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.books import clone, git, lang, read_blobs
from bot.alignment import align
from bot.documents import parse
from bot.model import Bead, Direction, Document, TagKind, Versions
from bot.repair import Habits, Lexis, Sentences, repair
from bot.repair.tokens import FINAL_SIGNS

_MIN_SCORE = 0.6
_MARK = re.compile(r"[\[(](?:\*\*|~~)|(?:\*\*|~~)[\])]")


class Marked(NamedTuple):
    """A sentence that got one slide mark, and what people made of its translation."""

    base: Document
    before: Document
    bead: Bead
    english: str
    people: str


def report_history() -> None:
    direction = Direction(lang("en"), lang("zh"))
    counts: Counter[tuple[str, str]] = Counter()
    for lexis, marked in _marked_sentences(direction):
        english = parse(marked.english, direction.source)
        sentences = Sentences(marked.bead.source, range(len(english.segments)), marked.bead.target)
        carried = repair(Versions(marked.base, english, marked.before), sentences, direction, lexis, Habits())
        (mark,) = (tag for segment in english.segments for tag in segment.tags if tag.kind is TagKind.MARK)
        around = english.text[: mark.start] + english.text[mark.end :]
        kind = "around a part" if around.strip(FINAL_SIGNS + " \n") else "around the whole"
        got, people = " ".join(carried.text.split()), " ".join(marked.people.split())
        verdict = "as people" if got == people else "left open" if "**" not in got else "elsewhere"
        if verdict == "elsewhere" and _without_signs(got) == _without_signs(people):
            verdict = "as people but for the full stop"
        counts[kind, verdict] += 1
    for kind in ("around the whole", "around a part"):
        total = sum(number for (of, _), number in counts.items() if of == kind)
        found = ", ".join(f"{verdict} {number}" for (of, verdict), number in sorted(counts.items()) if of == kind)
        print(f"  Chinese, new slide marks {kind}: {total}: {found}")


def _without_signs(text: str) -> str:
    return "".join(letter for letter in text if letter not in FINAL_SIGNS)


def _marked_sentences(direction: Direction) -> Iterator[tuple[Lexis, Marked]]:
    """English of the newest book with a mark that is the base's without it, its translation before one of those
    commits, and after, if nothing but a mark came to it."""
    with tempfile.TemporaryDirectory() as folder:
        chinese, english = clone("zh", folder), clone("en", folder)
        for commit, path in _commits(chinese):
            names = [f"{commit}:{path[:-3]}_origin.md", f"{commit}^:{path}", f"{commit}:{path}"]
            blobs = dict(read_blobs(chinese, names)) | dict(read_blobs(english, [f"main:{path}"]))
            if len(blobs) == len(names) + 1:
                texts = [blobs[name].decode() for name in (*names, f"main:{path}")]
                yield from _of_chapter(_MARK.sub("", texts[0]), texts[1], texts[2], texts[3], direction)


def _of_chapter(
    base_text: str, before_text: str, after_text: str, english_text: str, direction: Direction
) -> Iterator[tuple[Lexis, Marked]]:
    base, english = (parse(text, direction.source) for text in (base_text, english_text))
    before, after = (parse(text, direction.target) for text in (before_text, after_text))
    marked, people = _by_plain_text(english), _by_plain_text(after)
    beads = align(base, before, direction)
    lexis = Lexis(base, before, beads)
    for bead in beads:
        if len(bead.source) == len(bead.target) == 1 and bead.score > _MIN_SCORE:
            if not base.segments[bead.source[0]].is_prose:
                continue
            source, target = base.segments[bead.source[0]].text, before.segments[bead.target[0]].text
            if source in marked and target in people:
                yield lexis, Marked(base, before, bead, marked[source], people[target])


def _by_plain_text(document: Document) -> dict[str, str]:
    """Sentences with one slide mark, by their text without it."""
    return {
        _MARK.sub("", segment.text): segment.text
        for segment in document.segments
        if [tag.kind for tag in segment.tags].count(TagKind.MARK) == 1
    }


def _commits(repo: Path) -> list[tuple[str, str]]:
    """Commits that changed the number of slide marks in a translated chapter, with the chapter."""
    log = git(repo, "log", "--format=%H", "--name-only", "-S[**", "main", "--", "chapter_*/*.md")
    found, commit = [], ""
    for line in log.split():
        if line.endswith(".md"):
            found += [(commit, line)] if not line.endswith("_origin.md") else []
        else:
            commit = line
    return found
