"""Hypothesis strategies: what an author does to a book between two revisions."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tests.support.generated_blocks import CODE, WORDS, Block, blocks, sentence_of, sentence_texts


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
        item[at] = sentence_of([*item[at].rstrip(".").split(" ")[:-1], draw(st.sampled_from(WORDS))], [], 0)
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
