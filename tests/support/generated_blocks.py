"""Hypothesis strategies: what small English books are made of."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

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


def sentence_texts() -> st.SearchStrategy[str]:
    plain = st.lists(st.sampled_from(WORDS), min_size=2, max_size=7)
    return st.builds(sentence_of, plain, st.lists(st.sampled_from(PLACEABLES), max_size=2), st.integers(0, 6))


def sentence_of(words: list[str], placeables: list[str], at: int) -> str:
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
