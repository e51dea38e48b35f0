"""The promises of a merge, on generated books, edits and translations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.changes import make_plan
from bot.documents import parse
from bot.merging import apply_plan
from bot.model import Action, Bead, Direction, Document, Language, Merge, Plan, Translation, Versions
from bot.repair import RepairPolicy
from tests.support.generated_books import ENGLISH, ROMAN, Book, books, identity_beads, pseudo

Documents = Versions[Document]
Engine = Callable[[str], Translation]
# Engines are asked for every changed sentence that can't be repaired; without it, for none.
ANEW = RepairPolicy(retranslate_below=1.01)

# What a machine may answer: markup that begins blocks, that is left open, that breaks a row, and nothing at all.
HOSTILE = [
    *("# x", "1. x", "- x", "> x", "a\nb", "a\n\nb", "`a", "```", "~~~ x", "a | b", "|", "$$", "$a", "<div>", "<!--"),
    *("---", "===", "", " ", "[a](", "![", "a\\", ":::", ":label:`x`", ":begin_tab:`a`", "\t\tx", "*", "[x]: y"),
    "Fine.",
]


def copy(text: str) -> Translation:
    return Translation(text, left="copied")


def merge(
    documents: Documents,
    beads: Sequence[Bead],
    language: Language,
    engine: Engine = copy,
    policy: RepairPolicy = ANEW,
) -> tuple[Plan, Merge]:
    plan = make_plan(documents, beads, Direction(ENGLISH, language), policy=policy)
    new = documents.new
    answers = {i: engine(" ".join(new.segments[n].text for n in plan.operations[i].new)) for i in plan.requests}
    return plan, apply_plan(plan, answers, documents, Direction(ENGLISH, language))


def parse_book(book: Book, new: str | None = None) -> Documents:
    base, target = parse(book.base, ENGLISH), parse(book.target, book.language)
    assume((len(base.segments), len(target.segments)) == book.segments)
    return Versions(base, parse(book.new if new is None else new, ENGLISH), target)


@settings(max_examples=60)
@given(books())
def test_without_a_change_in_the_english_the_translation_stays_byte_for_byte(book: Book) -> None:
    _, merged = merge(parse_book(book, book.base), book.beads, book.language)
    assert merged.text == book.target
    assert not merged.edits


@settings(max_examples=60)
@given(books())
def test_every_sentence_whose_english_did_not_change_stays_byte_for_byte(book: Book) -> None:
    documents = parse_book(book)
    plan, merged = merge(documents, book.beads, book.language)
    target = documents.target
    for operation in plan.operations:
        if operation.action in (Action.KEPT, Action.MOVED):
            for t in operation.target:
                assert target.text[target.segments[t].start : target.segments[t].end] in merged.text


@settings(max_examples=60)
@given(books())
def test_the_edits_are_sorted_and_apart_and_give_the_result(book: Book) -> None:
    _, merged = merge(parse_book(book), book.beads, book.language)
    text, at = "", 0
    for edit in merged.edits:
        assert at <= edit.before[0] <= edit.before[1]
        text += book.target[at : edit.before[0]]
        assert edit.after == (len(text), len(text) + len(edit.text))
        text += edit.text
        at = edit.before[1]
    assert text + book.target[at:] == merged.text


@settings(max_examples=60)
@given(books())
def test_each_piece_of_the_new_english_ends_in_exactly_one_operation(book: Book) -> None:
    documents = parse_book(book)
    plan, merged = merge(documents, book.beads, book.language)
    assert Counter(n for op in plan.operations for n in op.new) == Counter(range(len(documents.new.segments)))
    assert Counter(b for op in plan.operations for b in op.base) == Counter(range(len(documents.base.segments)))
    assert sum(merged.counts.values()) == len(plan.operations)
    assert merged.counts["left"] == len(merged.left)


@settings(max_examples=60)
@given(books(free=False, language=ROMAN))
def test_a_copy_of_the_english_becomes_the_new_english(book: Book) -> None:
    base, new = parse(book.base, ENGLISH), parse(book.new, ENGLISH)
    _, merged = merge(Versions(base, new, base), list(identity_beads(len(base.segments))), ENGLISH)
    assert shape(parse(merged.text, ENGLISH)) == shape(new)


@settings(max_examples=60)
@given(books())
def test_merging_again_changes_nothing_whatever_the_links(book: Book) -> None:
    _, first = merge(parse_book(book), book.beads, book.language, pseudo_engine(book.language))
    new, target = parse(book.new, ENGLISH), parse(first.text, book.language)
    _, second = merge(Versions(new, new, target), naive_beads(new, target), book.language)
    assert second.text == first.text


@settings(max_examples=60)
@given(books(), st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4))
def test_whatever_an_engine_answers_the_document_has_the_blocks_that_it_has_with_the_english_in_place(
    book: Book, answers: list[str]
) -> None:
    documents = parse_book(book)
    _, safe = merge(documents, book.beads, book.language)

    def hostile(text: str) -> Translation:
        return Translation(answers[len(text) % len(answers)])

    plan, merged = merge(documents, book.beads, book.language, hostile)
    assert skeleton(parse(merged.text, book.language)) == skeleton(parse(safe.text, book.language))
    assert sum(merged.counts[action] for action in ("left", "stale", "translated")) >= len(plan.requests)


def naive_beads(source: Document, target: Document) -> list[Bead]:
    """One to one in order, then whatever is over."""
    counts = len(source.segments), len(target.segments)
    beads = list(identity_beads(min(counts)))
    beads += [Bead((i,), (), 0.5) for i in range(counts[1], counts[0])]
    return beads + [Bead((), (i,), 0.5) for i in range(counts[0], counts[1])]


def pseudo_engine(language: Language) -> Engine:
    return lambda text: Translation(pseudo(text, language))


def skeleton(document: Document) -> list[tuple[object, ...]]:
    return [(b.kind, b.level, b.container) for b in document.blocks]


def shape(document: Document) -> list[tuple[object, ...]]:
    """The blocks with their texts, line wrapping folded."""
    texts = [" ".join(s.text for s in document.segments[b.first : b.last]) for b in document.blocks]
    return [(*block, re.sub(r"\s+", " ", text)) for block, text in zip(skeleton(document), texts, strict=True)]
