"""Hypothesis strategies: small English books with their next revision, and translations made by a known rule.

A book is a list of blocks. A translation is made block by block, so that its beads are known, not guessed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from bot.model import Bead, Language
from tests.support.generated_blocks import WORDS, Block, blocks
from tests.support.generated_edits import edits

ENGLISH = Language("en", "English")
ROMAN = Language("xx", "Pseudo-Romance")
HAN = Language("zz", "Pseudo-Han", joiner="", enders="。", splitter="zh")


@dataclass
class Side:
    """A rendered document: text, and how many segments were written so far."""

    text: str = ""
    count: int = 0


@dataclass(frozen=True)
class Book:
    """A base English, its translation, their beads, and the new English."""

    base: str
    new: str
    target: str
    beads: tuple[Bead, ...]
    segments: tuple[int, int]
    language: Language


Write = Callable[[tuple[str, ...], str, Side], str]


def render(book: list[Block], write: Write, opaque: Callable[[str, Side], str]) -> Side:
    """The Markdown of a book. `write` gives the text of a paragraph's sentences, `opaque` that of another block."""
    side = Side()
    parts: list[str] = []
    previous = ""
    for block in book:
        text = _render(block, write, opaque, side)
        # A label stands right under what it names; two lists or quotes in a row would be one.
        tight = block.kind == "label" and previous in ("heading", "math", "image")
        if previous and not tight:
            parts.append("\n")
        listed = {previous, block.kind}
        if listed <= {"bullets", "loose"} or listed in ({"numbers"}, {"quote"}):
            parts.append(opaque("<!-- next -->", side) + "\n\n")
        parts.append(text + "\n")
        previous = block.kind
    side.text = "".join(parts)
    return side


def _render(block: Block, write: Write, opaque: Callable[[str, Side], str], side: Side) -> str:
    head = opaque(":begin_tab:`one`", side) if block.kind == "tab" else ""
    paragraphs = [write(item, block.wrap, side) for item in block.items]
    if block.kind == "text":
        return paragraphs[0]
    if block.kind == "heading":
        return "#" * block.level + " " + paragraphs[0]
    if block.kind in ("bullets", "loose"):
        return ("\n\n" if block.kind == "loose" else "\n").join("* " + p for p in paragraphs)
    if block.kind == "numbers":
        return "\n".join(f"{n}. {p}" for n, p in enumerate(paragraphs, 1))
    if block.kind == "quote":
        return "\n>\n".join("> " + p.replace("\n", "\n> ") for p in paragraphs)
    if block.kind == "tab":
        body = "\n\n".join(paragraphs)
        return f"{head}\n{body}\n{opaque(':end_tab:', side)}"
    if block.kind == "table":
        rows = [f"|{left}|{right}|" for left, right in zip(paragraphs[::2], paragraphs[1::2], strict=True)]
        return "\n".join([rows[0], "|:--|:--|", *rows[1:]])
    return opaque(block.body, side)


def english(book: list[Block]) -> Side:
    def write(sentences: tuple[str, ...], wrap: str, side: Side) -> str:
        side.count += len(sentences)
        return wrap.join(sentences)

    def opaque(body: str, side: Side) -> str:
        side.count += 1
        return body

    return render(book, write, opaque)


def pseudo(sentence: str, language: Language) -> str:
    """The rule of translation: words are turned round (placeables stay), Han words get a letter of that script."""
    words = []
    for word in sentence.rstrip(".").split(" "):
        bare = word.lower()
        if bare not in WORDS:
            words.append(word)
        elif language.joiner:
            turned = bare[::-1] + "o"
            words.append(turned.capitalize() if word[0].isupper() else turned)
        else:
            words.append(chr(0x4E00 + 97 * WORDS.index(bare)) * 2)
    end = "." if sentence.endswith(".") else ""
    if language.joiner:
        return " ".join(words) + end
    # Only what is no letter of the script needs a space around it.
    text = words[0]
    for left, right in itertools.pairwise(words):
        text += ("" if ord(left[-1]) > 0x4DFF and ord(right[0]) > 0x4DFF else " ") + right
    return text + ("。" if end else "")


@st.composite
def translations(draw: st.DrawFn, book: list[Block], language: Language, *, free: bool) -> tuple[Side, list[Bead]]:
    """The translation of a book with its beads; with `free`, translators join, split, omit, swap and add."""
    beads: list[Bead] = []
    source = Side()
    liberties = ["join", "split", "omit", "swap", "note", "wrap"] if free else []
    choice = st.sampled_from(["plain"] * 8 + liberties)

    def write(sentences: tuple[str, ...], wrap: str, side: Side) -> str:
        first = source.count
        source.count += len(sentences)
        what = draw(choice)
        texts = [pseudo(s, language) for s in sentences]
        groups: list[tuple[tuple[int, ...], list[str]]] = [((first + i,), [t]) for i, t in enumerate(texts)]
        prose = sentences[0].endswith(".")
        if what == "join" and len(texts) > 1:
            joined = _joined(texts[0], texts[1], language)
            groups[:2] = [((first, first + 1), [joined])]
        elif what == "split" and prose:
            groups[0] = ((first,), [texts[0], pseudo("Paper stone.", language)])
        elif what == "omit" and len(texts) > 1:
            groups[-1] = ((first + len(texts) - 1,), [])
        elif what == "swap" and len(texts) > 1:
            groups[0], groups[1] = groups[1], groups[0]
        elif what == "note" and prose:
            groups.append(((), [pseudo("Garden (copper note) window.", language)]))
        inline = "\n" if what == "wrap" else wrap if language.joiner else ""
        for sources, targets in groups:
            beads.append(Bead(sources, tuple(range(side.count, side.count + len(targets))), 0.9))
            side.count += len(targets)
        return inline.join(t for _, targets in groups for t in targets)

    def opaque(body: str, side: Side) -> str:
        beads.append(Bead((source.count,), (side.count,), 0.9))
        source.count += 1
        side.count += 1
        text = body
        if free and body.startswith("```") and draw(st.booleans()):
            text = body.replace("# add two", "# EKLE").replace("# the sum", "# TOPLAM").replace("# Close it", "# KAPAT")
        if free and body.startswith("```") and draw(st.integers(0, 3)) == 0:
            beads.append(Bead((), (side.count,), 0.9))
            side.count += 1
            text += "\n\n```{.python}\n#@tab paddle\nimport paddle\n```"
        return text

    side = render(book, write, opaque)
    return side, sorted(beads, key=lambda b: (b.source or (10**6,), b.target))


def _joined(first: str, second: str, language: Language) -> str:
    if not language.joiner:
        return first.rstrip("。") + "，" + second
    return first.rstrip(".") + ", " + second[0].lower() + second[1:]


@st.composite
def books(draw: st.DrawFn, *, free: bool = True, language: Language | None = None) -> Book:
    """A book with a translation and a new English."""
    content = draw(st.lists(blocks(), min_size=1, max_size=6))
    chosen = language or draw(st.sampled_from([ROMAN, HAN]))
    base = english(content)
    target, beads = draw(translations(content, chosen, free=free))
    new = english(draw(edits(content)))
    return Book(base.text, new.text, target.text, tuple(beads), (base.count, target.count), chosen)


def identity_beads(count: int) -> Iterator[Bead]:
    return (Bead((i,), (i,), 0.9) for i in range(count))
