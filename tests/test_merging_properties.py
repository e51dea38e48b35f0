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
from bot.model import Action, Bead, Document, Language, Merge, Plan, Translation
from tests.generated_books import ENGLISH, ROMAN, Book, books, english, identity_beads, pseudo

Documents = tuple[Document, Document, Document]
Engine = Callable[[str], Translation]


def copy(text: str) -> Translation:
    return Translation(text, left="copied")


def merge(documents: Documents, beads: Sequence[Bead], language: Language, engine: Engine = copy) -> tuple[Plan, Merge]:
    plan = make_plan(*documents, beads)
    new = documents[1]
    answers = {i: engine(" ".join(new.segments[n].text for n in plan.operations[i].new)) for i in plan.requests}
    return plan, apply_plan(plan, answers, documents, (ENGLISH, language))


def parse_book(book: Book, new: str | None = None) -> Documents:
    base, target = parse(book.base, ENGLISH), parse(book.target, book.language)
    assume((len(base.segments), len(target.segments)) == book.segments)
    return base, parse(book.new if new is None else new, ENGLISH), target


@given(books())
def test_without_a_change_in_the_english_the_translation_stays_byte_for_byte(book: Book) -> None:
    _, merged = merge(parse_book(book, book.base), book.beads, book.language)
    assert merged.text == book.target
    assert not merged.edits


@given(books())
def test_every_sentence_whose_english_did_not_change_stays_byte_for_byte(book: Book) -> None:
    documents = parse_book(book)
    plan, merged = merge(documents, book.beads, book.language)
    target = documents[2]
    for operation in plan.operations:
        if operation.action in (Action.KEPT, Action.MOVED):
            for t in operation.target:
                assert target.text[target.segments[t].start : target.segments[t].end] in merged.text


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


@given(books())
def test_each_piece_of_the_new_english_ends_in_exactly_one_operation(book: Book) -> None:
    documents = parse_book(book)
    plan, merged = merge(documents, book.beads, book.language)
    assert Counter(n for op in plan.operations for n in op.new) == Counter(range(len(documents[1].segments)))
    assert Counter(b for op in plan.operations for b in op.base) == Counter(range(len(documents[0].segments)))
    assert sum(merged.counts.values()) == len(plan.operations)
    assert merged.counts["left"] == len(merged.left)


@given(books(free=False, language=ROMAN))
def test_a_copy_of_the_english_becomes_the_new_english(book: Book) -> None:
    base, new = parse(book.base, ENGLISH), parse(book.new, ENGLISH)
    _, merged = merge((base, new, base), list(identity_beads(len(base.segments))), ENGLISH)
    assert shape(parse(merged.text, ENGLISH)) == shape(new)


@given(books())
def test_merging_again_changes_nothing(book: Book) -> None:
    documents = parse_book(book, book.base)
    _, first = merge((documents[0], parse(book.new, ENGLISH), documents[2]), book.beads, book.language, roman(book.language))
    new, target = parse(book.new, ENGLISH), parse(first.text, book.language)
    _, second = merge((new, new, target), list(identity_beads(min(len(new.segments), len(target.segments)))), book.language)
    assert second.text == first.text


def roman(language: Language) -> Engine:
    return lambda text: Translation(pseudo(text, language))


def shape(document: Document) -> list[tuple[object, ...]]:
    return [
        (b.kind, b.level, b.container, re.sub(r"\s+", " ", " ".join(s.text for s in document.segments[b.first : b.last])))
        for b in document.blocks
    ]
