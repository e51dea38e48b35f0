"""What becomes of people's sentences whose English changed, on generated books, whatever an engine answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot import pipeline
from bot.changes import match
from bot.documents import fold, parse, reads_the_same
from bot.memory import TranslationMemory
from bot.model import Action, Assistance, Direction, Document, Merge, Request, Translation, Versions
from bot.pipeline import Texts
from bot.repair import RepairPolicy
from tests.support.generated_blocks import WORDS
from tests.support.generated_books import ENGLISH, Book, books
from tests.support.generated_sentences import words_of

Engine = Callable[[Request], Translation]

# Broken, empty and plausible answers; `{}` is the request.
ANSWERS = ["# x", "a\n\nb", "`a", "```", "a | b", "$$", "<div>", "", " ", "===", "*", "«{}»", "Fine."]
POLICIES = [RepairPolicy(assistance=each) for each in Assistance] + [RepairPolicy(retranslate_below=1.01)]


TOUCHED = re.compile(rf"\b(?:{'|'.join(WORDS)})\b|42|\$a_1\$|`x`|e\.org/p")
CHANGES = {"42": ["43"], "$a_1$": ["$a_2$"], "`x`": ["`z`"], "e.org/p": ["e.org/q"]}


@st.composite
def revised_books(draw: st.DrawFn) -> Book:
    """A book whose new English has other words and placeables in some of its sentences, besides all other edits."""
    book = draw(books())
    places = list(TOUCHED.finditer(book.new))
    assume(places)
    new = book.new
    for place in sorted(draw(st.sets(st.sampled_from(range(len(places))), min_size=1, max_size=5)), reverse=True):
        start, end = places[place].span()
        new = new[:start] + draw(st.sampled_from(CHANGES.get(new[start:end], WORDS))) + new[end:]
    return replace(book, new=new)


class Changed(NamedTuple):
    """A translated sentence, or several that belong together, whose English changed."""

    base: str
    english: tuple[str, ...]
    translation: str


def merge(book: Book, engine: Engine, policy: RepairPolicy) -> Merge:
    texts, memory = Texts("a.md", book.base, book.new, book.target), TranslationMemory()
    direction = Direction(ENGLISH, book.language)
    planned = pipeline.plan_texts(texts, book.beads, direction, memory, policy)
    answers = [engine(request) for request in planned.requests]
    return pipeline.complete(texts, planned, direction, answers)


def documents_of(book: Book) -> Versions[Document]:
    base, target = parse(book.base, ENGLISH), parse(book.target, book.language)
    assume((len(base.segments), len(target.segments)) == book.segments)
    return Versions(base, parse(book.new, ENGLISH), target)


def changed_sentences(book: Book) -> Iterator[Changed]:
    """Those whose English is still there in some form."""
    base, new, target = documents_of(book)
    matches = match(base, new)
    same = {m.base for m in matches if m.same}
    for bead in book.beads:
        images = sorted(m.new for m in matches if m.base in bead.source)
        if not bead.target or not images or same.issuperset(bead.source) or not base.segments[bead.source[0]].is_prose:
            continue
        translation = target.joined(bead.target)
        if not reads_the_same(base.joined(bead.source), translation):
            yield Changed(base.joined(bead.source), tuple(new.segments[i].text for i in images), translation)


def copying(request: Request) -> Translation:
    return Translation(request.text, left="copied")


def answering(answers: Sequence[str]) -> Engine:
    return lambda request: Translation(answers[len(request.text) % len(answers)].format(request.text))


ENGINES = st.one_of(st.just(copying), st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=4).map(answering))


@settings(max_examples=60)
@given(revised_books())
def test_where_no_engine_is_asked_people_s_words_stand(book: Book) -> None:
    standing = words_of(merge(book, copying, RepairPolicy()).text)
    assert all(words_of(sentence.translation) in standing for sentence in changed_sentences(book))


@settings(max_examples=60)
@given(revised_books(), ENGINES, st.sampled_from(POLICIES))
def test_people_s_words_stand_or_an_engine_took_their_place(book: Book, engine: Engine, policy: RepairPolicy) -> None:
    merged = merge(book, engine, policy)
    standing = words_of(merged.text)
    made = [edit.source for edit in merged.edits if edit.action in (Action.TRANSLATED, Action.PATCHED)]
    left = {left.source for left in merged.left}
    every = Counter(segment.text for segment in documents_of(book).new.segments)
    for sentence in changed_sentences(book):
        is_made = any(all(english in source for english in sentence.english) for source in made)
        assert words_of(sentence.translation) in standing or is_made
        assert not any(english in left and every[english] == 1 for english in sentence.english)


@settings(max_examples=60)
@given(revised_books(), ENGINES, st.sampled_from(POLICIES))
def test_revisions_say_what_stands(book: Book, engine: Engine, policy: RepairPolicy) -> None:
    merged = merge(book, engine, policy)
    changed = list(changed_sentences(book))
    for revision in merged.revisions:
        place = fold(merged.text[slice(*revision.after)])
        assert revision.text.startswith(place) if revision.text == revision.before else place == revision.text
        assert any(
            (revision.base, revision.before) == (sentence.base, sentence.translation)
            and all(english in revision.source for english in sentence.english)
            for sentence in changed
        )
        if revision.action is Action.KEPT:
            assert (revision.text, revision.rejected) == (revision.before, "")
        elif revision.action is Action.PATCHED:
            assert revision.text != revision.before
            assert revision.carried.complete
            assert not revision.rejected
        else:
            assert revision.action is Action.STALE
            assert not revision.carried.complete
        assert bool(revision.carried.kinds) == (revision.text != revision.before)
    stale = [revision for revision in merged.revisions if revision.action is Action.STALE]
    assert len(stale) == merged.counts[Action.STALE]
