"""Hypothesis strategies: small English books, what an author does to them, and translations made by a known rule.

A book is a list of blocks. A translation is made block by block, so that its beads are known, not guessed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from bot.model import Bead, Language

ENGLISH = Language("en", "English")
ROMAN = Language("xx", "Pseudo-Romance")
HAN = Language("zz", "Pseudo-Han", joiner="", enders="。", splitter="zh")

WORDS = ["river", "stone", "model", "number", "garden", "window", "letter", "engine", "paper", "silver", "copper"]
REFERENCES = [":numref:`fig_one`", ":cite:`Ada.1843`", "[page](http://e.org/p)"]
PLACEABLES = ["$a_1$", "$b+c$", "`run()`", "`x`", "42", "*bold*", *REFERENCES]
CODE = ["x = 1", "y = x + 2  # add two", "print(y)", "for i in x:", "    y += i  # the sum", "", "# Close it", "done()"]


@dataclass(frozen=True)
class Block:
    """`prefixes` stand before each of the `items` (sentences of one paragraph each); opaque blocks have a `body`."""

    kind: str
    items: tuple[tuple[str, ...], ...] = ()
    body: str = ""
    level: int = 1
    wrap: str = " "


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


def sentence_texts() -> st.SearchStrategy[str]:
    plain = st.lists(st.sampled_from(WORDS), min_size=2, max_size=7)
    return st.builds(_sentence, plain, st.lists(st.sampled_from(PLACEABLES), max_size=2), st.integers(0, 6))


def _sentence(words: list[str], placeables: list[str], at: int) -> str:
    parts = [words[0].capitalize(), *words[1:]]
    for placeable in placeables:
        parts.insert(1 + at % len(parts), placeable)
    return " ".join(parts) + "."


def blocks() -> st.SearchStrategy[Block]:
    sentences = st.lists(sentence_texts(), min_size=1, max_size=4).map(tuple)
    wrap = st.sampled_from([" ", "\n"])
    code = st.lists(st.sampled_from(CODE), min_size=1, max_size=5).map("\n".join)
    cells = st.lists(st.tuples(sentence_texts()), min_size=2, max_size=2)
    return st.one_of(
        st.builds(lambda s, w: Block("text", (s,), wrap=w), sentences, wrap),
        st.builds(lambda s, w: Block("text", (s,), wrap=w), sentences, wrap),
        st.builds(lambda w, n: Block("heading", ((" ".join(w).capitalize(),),), level=n),
                  st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), st.integers(1, 3)),
        st.builds(lambda c, tab: Block("code", body=f"```{{.python}}\n{tab}{c}\n```"), code,
                  st.sampled_from(["", "#@tab one\n", "#@tab two\n"])),
        st.sampled_from(["a", "b", "c"]).map(lambda c: Block("math", body=f"$${c} = {c}^2 + 1.$$")),
        st.builds(lambda items, kind: Block(kind, tuple(items)), st.lists(sentences, min_size=1, max_size=3),
                  st.sampled_from(["bullets", "numbers", "loose", "quote", "tab"])),
        st.builds(lambda rows: Block("table", tuple(c for row in rows for c in row)),
                  st.lists(cells, min_size=1, max_size=3)),
        st.sampled_from(["one", "two", "three"]).map(lambda name: Block("label", body=f":label:`sec_{name}`")),
        st.sampled_from(["one", "two"]).map(lambda name: Block("image", body=f"![]({name}.png)")),
    )  # fmt: skip


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
def edits(draw: st.DrawFn, book: list[Block]) -> list[Block]:
    """What an author does between two revisions."""
    new = list(book)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(len(new) - 1, 0)))
        kinds = ["delete", "insert", "move", *["sentence"] * 3, "split", "join", "level", "body"]
        what = draw(st.sampled_from(kinds))
        if what == "insert" or not new:
            new.insert(at, draw(blocks()))
        elif what == "delete":
            del new[at]
        elif what == "move":
            new.insert(draw(st.integers(0, len(new) - 1)), new.pop(at))
        elif what == "level" and new[at].kind == "heading":
            new[at] = replace(new[at], level=new[at].level % 3 + 1)
        elif what == "body" and new[at].kind == "code":
            changed = _changed_code(new[at].body, draw(st.integers(0, 9)), draw(st.sampled_from(CODE)))
            new[at] = replace(new[at], body=changed)
        elif what == "split" and new[at].kind == "text" and len(new[at].items[0]) > 1:
            cut = draw(st.integers(1, len(new[at].items[0]) - 1))
            sentences = new[at].items[0]
            new[at : at + 1] = [replace(new[at], items=(sentences[:cut],)), replace(new[at], items=(sentences[cut:],))]
        elif what == "join" and at + 1 < len(new) and new[at].kind == new[at + 1].kind == "text":
            new[at : at + 2] = [replace(new[at], items=(new[at].items[0] + new[at + 1].items[0],))]
        elif what == "sentence" and new[at].items:
            new[at] = draw(_edited(new[at]))
    return new


@st.composite
def _edited(draw: st.DrawFn, block: Block) -> Block:
    items = [list(item) for item in block.items]
    item = items[draw(st.integers(0, len(items) - 1))]
    at = draw(st.integers(0, len(item) - 1))
    what = draw(st.sampled_from(["change", "placeable", "delete", "insert", "move", "item", "drop"]))
    if what == "change" or block.kind == "heading":
        item[at] = _sentence([*item[at].rstrip(".").split(" ")[:-1], draw(st.sampled_from(WORDS))], [], 0)
        if block.kind == "heading":
            item[at] = item[at].rstrip(".")
    elif what == "placeable":
        item[at] = item[at].replace("$a_1$", "$a_2$").replace("42", "43").replace("/p)", "/q)").replace("`x`", "`z`")
    elif what == "delete" and len(item) > 1:
        del item[at]
    elif what == "insert":
        item.insert(at, draw(sentence_texts()))
    elif what == "move" and len(item) > 1:
        item.insert(draw(st.integers(0, len(item) - 1)), item.pop(at))
    elif what == "item" and block.kind != "text":
        width = 2 if block.kind == "table" else 1
        where = draw(st.integers(0, len(items) // width)) * width
        items[where:where] = [[draw(sentence_texts())] for _ in range(width)]
    elif what == "drop" and len(items) > 2 and block.kind != "text":
        where = draw(st.integers(0, len(items) // 2 - 1)) * 2
        del items[where : where + (2 if block.kind == "table" else 1)]
    return replace(block, items=tuple(tuple(i) for i in items))


def _changed_code(body: str, at: int, line: str) -> str:
    lines = body.split("\n")
    where = 1 + at % (len(lines) - 1)
    lines[where:where] = [line]
    return "\n".join(lines)


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
