"""A place that can't be merged without breaking the document stays as it was, and is told; the rest is merged."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.book.package_data import known_language
from bot.changes import make_plan
from bot.documents import parse
from bot.errors import VerificationError
from bot.merging import apply_plan
from bot.merging.holding import AS_IT_WAS, NOT_PUT_IN, Holding
from bot.merging.pieces import Piece, Woven
from bot.model import Action, Bead, Direction, Kind, Merge, Operation, Translation, Versions

LANGUAGES = Direction(known_language("en"), known_language("tr"))
# In the middle of a paragraph these are words; at its beginning they begin a list, a heading or a quote.
STARTS = ["3.", "12)", "-", "+", "#", ">", "Bir"]


def merged(base: str, new: str, target: str, links: dict[int, int]) -> Merge:
    documents = Versions(parse(base, LANGUAGES[0]), parse(new, LANGUAGES[0]), parse(target, LANGUAGES[1]))
    beads = [Bead((b,), (links[b],) if b in links else (), 0.9) for b in range(len(documents.base.segments))]
    beads += [Bead((), (t,), 0.9) for t in range(len(documents.target.segments)) if t not in links.values()]
    plan = make_plan(documents, beads, LANGUAGES)
    answers = {i: Translation(documents.new.joined(plan.operations[i].new), left="copied") for i in plan.requests}
    return apply_plan(plan, answers, documents, LANGUAGES)


def test_words_that_would_become_a_list_keep_the_sentence_before_them_and_the_rest_is_merged() -> None:
    base = "Wait for it. Come the third time.\n\nThe last bird is here.\n"
    new = "Come the third time.\n\nThe last bird is here.\n\nThe end.\n"
    merge = merged(base, new, "Bunu bekle. 3. zaman gel.\n\nSon kuş burada.\n", {0: 0, 1: 1, 2: 2})
    assert merge.text == "Bunu bekle. 3. zaman gel.\n\nSon kuş burada.\n\nThe end.\n"
    assert [(left.reason, left.source) for left in merge.for_people] == [
        (AS_IT_WAS, "Wait for it."),
        ("copied", "The end."),
    ]


@st.composite
def revisions(draw: st.DrawFn) -> tuple[str, str, str]:
    """Paragraphs of sentences, some of whose translations begin like a block; the new English has them otherwise."""
    numbers = st.lists(st.integers(1, 3), min_size=1, max_size=4)
    sizes = draw(numbers)
    english = [f"Bird number {'abcdefghijklm'[i]} sings in the tree." for i in range(sum(sizes))]
    starts = draw(st.lists(st.sampled_from(STARTS), min_size=len(english), max_size=len(english)))
    turkish = [f"{start} kuş {'abcdefghijklm'[i]} öter." for i, start in enumerate(starts)]
    order = draw(st.permutations(range(len(english))))[: draw(st.integers(1, len(english)))]
    changed = [english[i] if draw(st.booleans()) else f"Nothing like it is said of {i} now." for i in order]

    def paragraphs(sentences: list[str], sizes: list[int]) -> str:
        parts, at = [], 0
        for size in [*sizes, len(sentences)]:
            parts.append(" ".join(sentences[at : at + size]))
            at += size
        return "\n\n".join(part for part in parts if part) + "\n"

    firsts = {sum(sizes[:k]) for k in range(len(sizes))}
    turkish = [f"Bir{text.removeprefix(starts[i])}" if i in firsts else text for i, text in enumerate(turkish)]
    return paragraphs(english, sizes), paragraphs(changed, draw(numbers)), paragraphs(turkish, sizes)


@settings(max_examples=150)
@given(revisions())
def test_no_sentence_becomes_a_list_a_heading_or_a_quote_and_no_file_is_refused(texts: tuple[str, str, str]) -> None:
    sizes = [len(parse(text, language).segments) for text, language in zip(texts[::2], LANGUAGES, strict=True)]
    assume(sizes[0] == sizes[1])
    merge = merged(*texts, {i: i for i in range(sizes[0])})
    result = parse(merge.text, LANGUAGES[1])
    assert {(block.kind, block.container) for block in result.blocks} <= {(Kind.PARAGRAPH, "")}


def test_what_can_t_be_held_is_refused_with_what_to_do() -> None:
    document = parse("One is here.\n", LANGUAGES[0])
    woven = Woven(Versions(document, document, document), [Operation(Action.KEPT, "", (0,), (0,), (0,))], [])
    woven = Woven(woven.documents, woven.operations, [Piece((0,), 0, "", "One is here.", starts_block=True)])
    holding = Holding()
    assert holding.widen(woven, 0) == {0}
    with pytest.raises(VerificationError, match=r"near 'One is here\.'; merge this file by hand"):
        holding.widen(woven, 0)


def test_new_english_that_has_no_place_is_told() -> None:
    tab = ":begin_tab:`{}`\n{}\n:end_tab:\n"
    base = f"Birds sing.\n\n{tab.format('one', 'One is here.')}"
    # The translators put the whole text into a tab, where no other tab can stand.
    target = ":begin_tab:`two`\nKuşlar öter.\n\nBirdir burada.\n:end_tab:\n"
    merge = merged(base, f"{base}\n{tab.format('three', 'Three are here.')}", target, {0: 1, 2: 2})
    assert "Kuşlar öter." in merge.text
    assert {left.reason for left in merge.left} <= {AS_IT_WAS, NOT_PUT_IN, "copied"}
