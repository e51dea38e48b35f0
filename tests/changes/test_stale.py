"""Stale sentences are found where they stand, and the English that they were made from is put in its place."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.changes import StaleSentence, find_stale, made_from, make_plan, plan_of, stale_sentences
from bot.documents import fold, parse
from bot.merging import apply_plan
from bot.model import Action, Bead, Carried, Direction, Document, Operation, Translation, Versions
from tests.support.generated_books import ENGLISH, HAN, Book, books

_OLD = ("An older sentence stood here before.", "And it had a second half.")


def _effective(base: str, target: str, *sentences: StaleSentence) -> str:
    english, translation = parse(base, ENGLISH, "a.md"), parse(target, HAN, "a.md")
    return made_from(english, find_stale(english, translation, sentences))


def _stale(english: str, translation: str, now: str) -> StaleSentence:
    return StaleSentence((english,), (translation,), (now,))


def test_the_older_english_stands_where_the_new_one_does() -> None:
    stale = _stale("It is cold.", "很冷。", "It is very cold.")
    assert _effective("# A\n\nOne. It is very cold. Two.\n", "# 甲\n\n一。很冷。二。\n", stale) == (
        "# A\n\nOne. It is cold. Two.\n"
    )


def test_an_edited_translation_is_stale_no_more() -> None:
    stale = _stale("It is cold.", "很冷。", "It is very cold.")
    assert _effective("It is very cold.\n", "非常冷。\n", stale) == "It is very cold.\n"


def test_english_that_is_in_no_sentence_of_the_base_changes_nothing() -> None:
    stale = _stale("It is cold.", "很冷。", "It is very cold.")
    assert _effective("Today it is very cold.\n", "很冷。\n", stale) == "Today it is very cold.\n"


def test_of_equal_sentences_that_at_the_height_of_the_translation_is_stale() -> None:
    base = "See below.\n\nOne.\n\nTwo.\n\nSee below.\n"
    stale = _stale("See there.", "见彼。", "See below.")
    assert _effective(base, "见下。\n\n一。\n\n二。\n\n见彼。\n", stale) == base[:-11] + "See there.\n"
    assert _effective(base, "见彼。\n\n一。\n\n二。\n\n见下。\n", stale) == "See there." + base[10:]
    both = base.replace("below", "there")
    assert _effective(base, "见彼。\n\n一。\n\n二。\n\n见彼。\n", stale) == both


def test_one_translation_of_two_sentences_has_each_of_them_once() -> None:
    base, target = "Ants bite here. Dogs bark there.\n", "同样。同样。\n"
    stale = _stale("Ants bite.", "同样。", "Ants bite here."), _stale("Dogs bark.", "同样。", "Dogs bark there.")
    assert _effective(base, target, *stale) == "Ants bite. Dogs bark.\n"


def test_old_english_without_an_end_does_not_swallow_the_sentence_behind_it() -> None:
    stale = _stale("Ants bite, and so", "虫咬。", "Ants bite.")
    assert _effective("Ants bite. It is so.\n", "虫咬。如此。\n", stale) == "Ants bite, and so. It is so.\n"
    assert _effective("Ants bite.\n", "虫咬。\n", stale) == "Ants bite, and so\n"


def test_sentences_that_were_joined_go_back_together() -> None:
    joined = StaleSentence(("Ants bite, dogs bark.",), ("虫咬狗叫。",), ("Ants bite.", "Dogs sleep."))
    assert _effective("One here.\nAnts bite.\nDogs sleep.\nTwo here.\n", "一。虫咬狗叫。二。\n", joined) == (
        "One here.\nAnts bite, dogs bark.\nTwo here.\n"
    )
    assert _effective("Ants bite.\n\nDogs sleep.\n", "虫咬狗叫。\n", joined) == "Ants bite, dogs bark.\n\n\n"


def test_sentences_that_were_pulled_apart_are_found_and_the_first_place_has_it_all() -> None:
    divided = StaleSentence(("Ants bite, dogs bark.",), ("虫咬狗叫。",), ("Ants bite.", "Dogs sleep."))
    base = "Ants bite.\n\nOne more.\n\nDogs sleep.\n\nDogs sleep.\n"
    assert _effective(base, "虫咬狗叫。\n", divided) == "Ants bite, dogs bark.\n\nOne more.\n\n\n\nDogs sleep.\n"
    assert _effective("Dogs sleep.\n\nAnts bite.\n", "虫咬狗叫。\n", divided) == "Dogs sleep.\n\nAnts bite.\n"


@given(books(language=HAN), st.data())
def test_the_older_english_changes_its_own_place_and_no_other(book: Book, data: st.DataObject) -> None:
    base, target = parse(book.base, ENGLISH, "a.md"), parse(book.target, HAN, "a.md")
    beads = [
        bead
        for bead in book.beads
        if len(bead.source) == len(bead.target) == 1 and base.segments[bead.source[0]].is_prose
    ]
    chosen = data.draw(st.sets(st.sampled_from(beads))) if beads else set[Bead]()
    entries = {
        StaleSentence(
            (f"{_OLD[0][:-1]} {target.segments[bead.target[0]].text}.",),
            (target.segments[bead.target[0]].text,),
            (base.segments[bead.source[0]].text,),
        )
        for bead in chosen
    }
    places = find_stale(base, target, entries)
    assert {place.sentence for place in places} == entries
    text = made_from(base, places)
    spans = sorted((base.segments[place.base[0]].start, base.segments[place.base[0]].end) for place in places)
    olds = [place.sentence.english[0] for place in sorted(places, key=lambda place: place.base)]
    around, at = [], 0
    for start, end in spans:
        around.append(base.text[at:start])
        at = end
    around.append(base.text[at:])
    assert text == "".join(part for pair in zip(around, [*olds, ""], strict=True) for part in pair)


def test_a_merge_tells_what_it_left_stale_and_how_it_reads_now() -> None:
    direction = Direction(ENGLISH, HAN)
    texts = Versions("Call `f` now. Stay 4.\n", "Ask `g` later, please. Stay 5.\n", "现在调`f`。留下4。\n")
    documents = Versions(
        *(parse(text, language, "a.md") for text, language in zip(texts, (ENGLISH, ENGLISH, HAN), strict=True))
    )
    carried = Carried("现在调`g`。", kinds=("code",))
    patched = Carried("留下5。", kinds=("number",), complete=True)
    operations = (
        Operation(Action.STALE, "changed", (0,), (0,), (0,), carried.text, carried=carried),
        Operation(Action.PATCHED, "changed", (1,), (1,), (1,), patched.text, carried=patched),
    )
    merge = apply_plan(plan_of(operations, documents.new, ()), {}, documents, direction)
    stale = StaleSentence(("Call `f` now.",), ("现在调`g`。",), ("Ask `g` later, please.",))
    assert stale_sentences(merge) == {stale}


@settings(max_examples=120)
@given(books())
def test_what_a_merge_left_stale_is_found_again_and_its_english_comes_back(book: Book) -> None:
    documents = Versions(
        parse(book.base, ENGLISH, "a.md"), parse(book.new, ENGLISH, "a.md"), parse(book.target, book.language, "a.md")
    )
    assume((len(documents.base.segments), len(documents.target.segments)) == book.segments)
    direction = Direction(ENGLISH, book.language)
    plan = make_plan(documents, book.beads, direction)
    answers = {i: Translation(documents.new.joined(plan.operations[i].new), left="copied") for i in plan.requests}
    merge = apply_plan(plan, answers, documents, direction)
    result = parse(merge.text, book.language, "a.md")
    sentences = stale_sentences(merge)
    stale = [revision for revision in merge.revisions if revision.action is Action.STALE]
    assert bool(sentences) == bool(stale)
    places = find_stale(documents.new, result, sentences)
    assert {place.sentence for place in places} == {*sentences}
    older = fold(made_from(documents.new, places))
    assert all(" ".join(sentence.english) in older for sentence in sentences if _is_prose(sentence, documents))


def _is_prose(sentence: StaleSentence, documents: Versions[Document]) -> bool:
    opaque = {segment.text for segment in documents.base.segments if not segment.is_prose}
    return opaque.isdisjoint(sentence.english)
