"""Repairs that a person can read: tests/golden/repair/*.md.

A case is a title, the English before (`-`) and after (`+`), the translation, and what becomes of it (`=`; nothing, if
it stays as it is), then whether the repair is complete, the kinds that were carried over, those whose place is a guess,
and those that ask for nothing. Behind the title may stand the language (Spanish else). `⏎` is a line break; a `known`
line gives words that the page translates elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.documents import parse
from bot.model import Bead, Carried, Direction, Document, Language, Versions
from bot.repair import Habits, Lexis, Sentences, repair

GOLDEN = Path(__file__).parents[1] / "golden" / "repair"
ENGLISH = Language("en", "English")
LANGUAGES = {
    "es": Language("es", "Spanish", splitter="es"),
    "tr": Language("tr", "Turkish", verb_last=True, splitter="tr"),
    "zh": Language("zh", "Chinese", joiner="", enders="。？！", splitter="zh"),
}


class Case(NamedTuple):
    title: str
    language: Language
    known: tuple[tuple[str, str], ...]
    base: str
    new: str
    target: str
    expected: str
    verdict: str


def read_cases(path: Path) -> Iterator[Case]:
    for part in re.split(r"\n{2,}", path.read_text("utf-8").strip()):
        title, *lines = part.splitlines()
        option = re.search(r"\[(\w\w)\]$", title)
        known = lines.pop(0).removeprefix("known ") if lines[0].startswith("known ") else ""
        base, new, target, expected = (line[2:].replace("⏎", "\n") for line in lines[:4])
        assert [line[:1] for line in lines[:4]] == ["-", "+", " ", "="], title
        pairs = tuple((a, b) for a, _, b in (pair.partition(" = ") for pair in known.split(", ") if pair))
        language = LANGUAGES[option[1] if option else "es"]
        yield Case(title, language, pairs, base, new, target, expected or target, "\n".join(lines[4:]))


def repaired(case: Case, habits: Habits | None = None) -> Carried:
    """The repair of the last paragraph of documents that begin with what is known."""
    pairs = case.known
    sides = ("".join(f"{pair[side]}\n\n" for pair in pairs) for side in (0, 0, 1))
    texts = [head + text for head, text in zip(sides, case[3:6], strict=True)]
    documents = Versions(parse(texts[0], ENGLISH), parse(texts[1], ENGLISH), parse(texts[2], case.language))
    beads = [Bead((i,), (i,), 0.9) for i in range(len(pairs))]
    lexis = Lexis(documents.base, documents.target, beads)
    sentences = Sentences(*(range(len(pairs), len(document.segments)) for document in documents))
    assert all(one_block(document, len(pairs)) for document in documents), case.title
    return repair(documents, sentences, Direction(ENGLISH, case.language), lexis, habits or Habits())


def one_block(document: Document, first: int) -> bool:
    return len({segment.block for segment in document.segments[first:]}) == 1


def verdict(carried: Carried) -> str:
    said = ["complete" if carried.complete else "stale"]
    for name, kinds in (("carried", carried.kinds), ("guessed", carried.unsure), ("asks for nothing", carried.small)):
        if kinds:
            said.append(f"{name}: {', '.join(kinds)}")
    return " · ".join(said)


CASES = [
    pytest.param(case, id=f"{path.stem}: {case.title}")
    for path in sorted(GOLDEN.glob("*.md"))
    for case in read_cases(path)
]


def test_a_repair_that_does_not_read_as_declared_leaves_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case("", LANGUAGES["es"], (), "It has 4 doors.", "It has 5 doors.", "Tiene 4 puertas.", "", "")
    assert repaired(case) == Carried("Tiene 5 puertas.", ("number",), complete=True)
    monkeypatch.setattr("bot.repair.repairing.reads_as_declared", lambda _: False)
    assert repaired(case) == Carried("Tiene 4 puertas.")


@pytest.mark.parametrize("case", CASES)
def test_golden(case: Case) -> None:
    carried = repaired(case)
    assert carried.text == case.expected
    assert verdict(carried) == case.verdict
