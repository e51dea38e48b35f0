"""A translation whose English was deleted goes to the same English elsewhere that had been left out."""

from __future__ import annotations

import pytest

from bot import pipeline
from bot.engines.copy import CopyEngine
from bot.model import Direction, Language, Versions

LANGUAGES = Direction(Language("en", "English"), Language("de", "German"))
A, B, C = "The boat waits at the old bridge.", "Nobody reads it in 1 evening.", "A river flows at 5 o'clock."
GERMAN = {A: "Das Boot wartet an der alten Brücke.", B: "Niemand liest es an 1 Abend.", C: "Um 5 Uhr fließt ein Fluss."}


def page(sentences: str, *, joiner: str = "\n\n", mark: str = "", german: bool = False) -> str:
    english = [{"A": A, "B": B, "C": C}[letter] for letter in sentences]
    return joiner.join(mark + (GERMAN[text] if german else text) for text in english) + "\n"


@pytest.mark.parametrize(
    ("base", "new", "target", "merged"),
    [
        ("ABCA", "BCA", "ABC", "BCA"),
        ("ABCABC", "BCABC", "ABCBC", "BCABC"),
        ("ABCAA", "BCAA", "ABC", "BCA"),
        ("BABCA", "BBCA", "BABC", "BBCA"),
        ("ABCA", "ABCA", "ABC", "ABC"),
    ],
    ids=["at the end", "amid others", "left out twice", "behind another", "nothing deleted"],
)
@pytest.mark.parametrize(("joiner", "mark"), [("\n\n", ""), ("\n", "- "), ("\n\n", "> ")])
def test_a_sentence_said_twice(base: str, new: str, target: str, merged: str, joiner: str, mark: str) -> None:
    before, now = (page(text, joiner=joiner, mark=mark) for text in (base, new))
    translation = page(target, joiner=joiner, mark=mark, german=True)
    merge = pipeline.merge_document(Versions(before, now, translation), LANGUAGES, CopyEngine(), "page.md")
    assert merge.text == page(merged, joiner=joiner, mark=mark, german=True)


def section(title: str, sentence: str, exercises: str, task: str) -> str:
    return f"## {title}\n\n{sentence}\n\n### {exercises}\n\n{task}\n\n"


@pytest.mark.parametrize("left_out", [1, 2, 0])
def test_a_heading_of_several_sections(left_out: int) -> None:
    """Sections that the translators left out whole stay out when the heading of another one is deleted."""
    boats = section("Boats 11", "A boat of 11 metres needs a river $r$ to float on.", "Exercises", "Draw 12 boats `b`.")
    missing = "".join(
        section(f"Bridges {n}", f"A bridge stands above the water of {n} rivers $q$.", "Exercises", f"Build {n} `w`.")
        for n in range(21, 21 + left_out)
    )
    mills = section("Mills 31", "A mill turns 32 times $m$.", "Questions", "How often does it turn in 33 hours?")
    boote = section(
        "Boote 11",
        "Ein Boot von 11 Metern braucht einen Fluss $r$, um zu schwimmen.",
        "Übungen",
        "Zeichne 12 Boote `b`.",
    )
    muehlen = section(
        "Mühlen 31", "Eine Mühle dreht sich 32 mal $m$.", "Fragen", "Wie oft dreht sie sich in 33 Stunden?"
    )
    start, anfang = "# Book\n\nWelcome to the 1 book of rivers.\n\n", "# Buch\n\nWillkommen zum 1 Buch der Flüsse.\n\n"
    shorter = boats.replace("### Exercises\n\nDraw 12 boats `b`.\n\n", "")
    versions = Versions(start + boats + missing + mills, start + shorter + missing + mills, anfang + boote + muehlen)
    merge = pipeline.merge_document(versions, LANGUAGES, CopyEngine(), "page.md")
    assert merge.text == anfang + boote.replace("### Übungen\n\nZeichne 12 Boote `b`.\n\n", "") + muehlen
