"""A plan applied, as far as a readable case can't show it: line ends, byte order marks, hostile answers, memory."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.changes import make_plan
from bot.documents import BOM, DocumentFormat, parse
from bot.memory import TranslationMemory
from bot.merging import apply_plan, soundness
from bot.model import (
    Action,
    Bead,
    Carried,
    Direction,
    Document,
    Kind,
    Language,
    Merge,
    Translation,
    TranslationUnit,
    Versions,
)
from bot.repair import RepairPolicy

ENGLISH = Language("en", "English")
SPANISH = Language("es", "Spanish", splitter="es")
LANGUAGES = Direction(ENGLISH, SPANISH)
# Changed sentences that can't be repaired are translated anew.
ANEW = RepairPolicy(retranslate_below=1.01)

BASE = "# Title\n\nThe first stays. The second river is long.\n\nThe last stays here.\n"
NEW = "# Title\n\nThe first stays. The second river is short.\n\nA new one.\n\nThe last stays here.\n"
TARGET = "# Título\n\nLa primera queda. El segundo río es largo.\n\nLa última queda.\n"
MERGED = "# Título\n\nLa primera queda. El segundo río es corto.\n\nUna nueva.\n\nLa última queda.\n"
ANSWERS = {"The second river is short.": "El segundo río es corto.", "A new one.": "Una nueva."}


def merge(
    base: str,
    new: str,
    target: str,
    answers: dict[str, str],
    memory: TranslationMemory | None = None,
    policy: RepairPolicy = ANEW,
) -> Merge:
    documents = Versions(parse(base, ENGLISH), parse(new, ENGLISH), parse(target, SPANISH))
    assert len(documents.base.segments) == len(documents.target.segments)
    beads = [Bead((i,), (i,), 0.9) for i in range(len(documents.base.segments))]
    plan = make_plan(documents, beads, LANGUAGES, memory or TranslationMemory(), policy)
    requests = {i: " ".join(documents.new.segments[n].text for n in plan.operations[i].new) for i in plan.requests}
    return apply_plan(plan, {i: Translation(answers[text]) for i, text in requests.items()}, documents, LANGUAGES)


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def test_a_translation_with_carriage_returns_keeps_them_and_new_text_gets_them() -> None:
    assert merge(BASE, NEW, crlf(TARGET), ANSWERS).text == crlf(MERGED)


def test_carriage_returns_of_the_english_stay_out_of_the_translation() -> None:
    assert merge(crlf(BASE), crlf(NEW), TARGET, ANSWERS).text == MERGED


def test_line_ends_that_change_in_the_english_change_nothing() -> None:
    merged = merge(BASE, crlf(BASE), TARGET, {})
    assert merged.text == TARGET
    assert not merged.edits


def test_new_code_gets_the_line_ends_of_the_translation() -> None:
    cell = "```python\nx = 1\ny = 2\n```\n\n"
    assert merge(BASE, cell + BASE, crlf(TARGET), {}).text == crlf(cell + TARGET)


def test_a_byte_order_mark_stays_and_does_not_spread() -> None:
    assert merge(BASE, NEW, BOM + TARGET, ANSWERS).text == BOM + MERGED
    assert merge(BOM + BASE, BOM + NEW, TARGET, ANSWERS).text == MERGED


def test_a_text_before_the_first_one_comes_after_the_byte_order_mark() -> None:
    merged = merge(BASE, "A new one.\n\n" + BASE, BOM + TARGET, ANSWERS)
    assert merged.text == BOM + "Una nueva.\n\n" + TARGET


def test_a_missing_last_line_end_stays_missing() -> None:
    assert merge(BASE, NEW, TARGET.rstrip("\n"), ANSWERS).text == MERGED.rstrip("\n")


def test_a_text_at_the_end_of_a_translation_without_last_line_end_is_its_own_paragraph() -> None:
    merged = merge(BASE, BASE + "\nA new one.\n", TARGET.rstrip("\n"), ANSWERS)
    assert merged.text == TARGET + "\nUna nueva."


def test_an_emptied_english_empties_the_translation_and_an_empty_one_is_filled() -> None:
    assert merge(BASE, "", TARGET, {}).text.strip() == ""
    assert merge("", "A new one.\n", "", ANSWERS).text == "Una nueva.\n"


def test_a_sentence_that_another_file_has_is_reused_with_its_human_translation() -> None:
    memory = TranslationMemory([TranslationUnit("A new one.", "Otra nueva.", "other.md")])
    merged = merge(BASE, BASE + "\nA new one.\n", TARGET, {}, memory)
    assert merged.text == TARGET + "\nOtra nueva.\n"
    assert merged.counts["reused"] == 1
    assert merged.edits[0].reason == "translated in other.md"


def test_a_localised_cell_that_another_file_has_is_reused() -> None:
    english, localised = "```python\nx = 1  # one\n```", "```python\nx = 1  # uno\n```"
    memory = TranslationMemory([TranslationUnit(english, localised, "other.md", Kind.CODE)])
    assert merge(BASE, f"{english}\n\n{BASE}", TARGET, {}, memory).text == f"{localised}\n\n{TARGET}"


def test_a_memory_whose_text_would_break_a_table_leaves_the_english_in_place() -> None:
    base, target = "|A|B|\n|--|--|\n|Stone|River|\n", "|A|B|\n|--|--|\n|Piedra|Río|\n"
    memory = TranslationMemory([TranslationUnit("The old mountain", "La | montaña", "other.md")])
    merged = merge(base, base + "|The old mountain|River|\n", target, {"River": "Río"}, memory)
    assert merged.text == target + "|The old mountain|Río|\n"
    assert [(left.source, left.rejected) for left in merged.left] == [("The old mountain", "La | montaña")]


@pytest.mark.parametrize(
    ("english", "answer"),
    [
        ("See $x$ here.", "Véase aquí."),
        ("See `run()` here.", "Véase `correr()` aquí."),
        ("See here.", "Véase $x$ aquí."),
        ("See [this](http://e.org) here.", "Véase aquí."),
        ("See *this* here.", "Véase esto aquí."),
        ("See here.", "Véase\naquí."),
        ("See here.", "Véase.\n\nAquí."),
        ("See here.", "# Véase aquí."),
        ("See here.", "1. Véase aquí."),
        ("See here.", "- Véase aquí."),
        ("See here.", "> Véase aquí."),
        ("See here.", "    Véase\u2028aquí."),
        ("See here.", "```"),
        ("See here.", "<!-- Véase aquí."),
        ("See here.", ""),
        ("See here.", "   "),
    ],
)
def test_an_answer_that_loses_or_breaks_something_is_left_with_the_english_in_place(english: str, answer: str) -> None:
    merged = merge(BASE, f"{BASE}\n{english}\n\nA new one.\n", TARGET, {english: answer, **ANSWERS})
    assert merged.text == f"{TARGET}\n{english}\n\nUna nueva.\n"
    (left,) = merged.left
    assert left.source == english
    assert merged.text[slice(*left.after)] == english


CHANGED = BASE.replace("The second river is long.", "See [the *second* river](http://e.org/b) `now`.")
LINKED = BASE.replace("The second river is long.", "See [the *first* river](http://e.org/a) `now`.")
PEOPLES = "Vea [el *primer* río](http://e.org/a) `now`."
ENGLISH_NOW = "See [the *second* river](http://e.org/b) `now`."


@pytest.mark.parametrize(
    ("answer", "reason", "rejected"),
    [
        (None, "the engine gave no answer", ""),
        (Translation(ENGLISH_NOW, left="too long", rejected="Vea."), "too long", "Vea."),
        (Translation("Vea ahora."), None, "Vea ahora."),
        (Translation("# Vea [el *segundo* río](http://e.org/b) `now`."), None, None),
        (Translation("Vea [el *segundo* río](http://e.org/b) `now`.", left="unsure"), "unsure", None),
        (Translation(""), None, ""),
    ],
)
def test_where_an_answer_is_unusable_peoples_sentence_stands_with_what_was_carried_over_and_the_answer_is_shown(
    answer: Translation | None, reason: str | None, rejected: str | None
) -> None:
    documents = Versions(parse(LINKED, ENGLISH), parse(CHANGED, ENGLISH), parse(target_with(PEOPLES), SPANISH))
    plan = make_plan(documents, [Bead((i,), (i,), 0.9) for i in range(4)], LANGUAGES, policy=ANEW)
    assert len(plan.requests) == 1
    merged = apply_plan(plan, {plan.requests[0]: answer} if answer else {}, documents, LANGUAGES)
    assert merged.text == target_with(PEOPLES.replace("org/a", "org/b"))
    (revision,) = merged.revisions
    assert revision.action is Action.STALE
    assert (revision.before, revision.text) == (PEOPLES, PEOPLES.replace("org/a", "org/b"))
    assert merged.text[slice(*revision.after)] == revision.text
    assert revision.rejected == (answer.text if answer and rejected is None else rejected)
    assert reason is None or revision.reason == reason
    assert not merged.left


def target_with(sentence: str) -> str:
    return TARGET.replace("El segundo río es largo.", sentence)


def test_an_answer_that_breaks_only_where_it_stands_gives_way_to_peoples_sentence() -> None:
    base, new = (f"One is here.\nThe bird is {word}.\nThree is here." for word in ("grey", "green"))
    target = "Uno.\nDos.\nTres."
    merged = merge(base, new, target, {"The bird is green.": "==="})
    assert merged.text == target
    assert [(r.action, r.before, r.text, r.rejected) for r in merged.revisions] == [
        (Action.STALE, "Dos.", "Dos.", "===")
    ]


def test_a_repair_that_breaks_only_where_it_stands_gives_way_to_peoples_sentence() -> None:
    base, new = (f"One is here.\nThe bird is {number}.\nThree is here." for number in (2, 3))
    documents = Versions(parse(base, ENGLISH), parse(new, ENGLISH), parse("Uno.\nDos.\nTres.", SPANISH))
    plan = make_plan(documents, [Bead((i,), (i,), 0.9) for i in range(3)], LANGUAGES)
    broken = Carried("===", ("number",), ("number",), complete=True)
    bird = replace(plan.operations[1], action=Action.PATCHED, text="===", carried=broken)
    plan = replace(plan, operations=(plan.operations[0], bird, plan.operations[2]))
    merged = apply_plan(plan, {}, documents, LANGUAGES)
    assert merged.text == documents.target.text
    (revision,) = merged.revisions
    assert (revision.action, revision.text, revision.rejected) == (Action.STALE, "Dos.", "===")
    assert (revision.carried.kinds, revision.carried.unsure, revision.carried.complete) == ((), (), False)


def test_answers_that_break_only_where_they_stand_leave_the_others_alone() -> None:
    english = [f"The bird number {name} sings." for name in ("ada", "bob", "cy")]
    answers = dict(zip(english, ["Canta ada.", "===", "Canta cy."], strict=True))
    merged = merge(BASE, BASE + "\n" + "\n".join(english) + "\n", TARGET, answers)
    assert merged.text == f"{TARGET}\nCanta ada.\n{english[1]}\nCanta cy.\n"
    assert [(left.source, left.rejected) for left in merged.left] == [(english[1], "===")]


def test_what_the_engine_left_stands_in_english_as_it_was_wrapped_and_its_answer_is_shown() -> None:
    wrapped = "A new one\nin two lines.\n"
    documents = Versions(parse(BASE, ENGLISH), parse(f"{BASE}\n{wrapped}", ENGLISH), parse(TARGET, SPANISH))
    plan = make_plan(documents, [Bead((i,), (i,), 0.9) for i in range(4)], LANGUAGES)
    english = "A new one in two lines."
    for answer, text, rejected in [
        (Translation(english, left="too long", rejected="Una."), wrapped, "Una."),
        (Translation("Una nueva.", left="unsure"), "Una nueva.\n", ""),
        (Translation("Una `nueva`.", left="unsure"), wrapped, "Una `nueva`."),
    ]:
        merged = apply_plan(plan, dict.fromkeys(plan.requests, answer), documents, LANGUAGES)
        assert merged.text == f"{TARGET}\n{text}"
        assert [(left.reason, left.source, left.rejected) for left in merged.left] == [(answer.left, english, rejected)]


def test_more_broken_answers_than_can_be_repaired_one_by_one_are_all_left(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []

    def counting(text: str, language: Language) -> Document:
        texts.append(text)
        return parse(text, language)

    monkeypatch.setattr(soundness, "FORMATS", {"markdown": DocumentFormat((), counting)})
    cells = [f"The bird number {'abcdefghijklmnopqrstuvwxyz'[i]} sings" for i in range(26)]
    table = "|A|B|\n|--|--|\n"
    new = table + "".join(f"|{cell}|{cell} again|\n" for cell in cells)
    answers = {text: "a | b" for cell in cells for text in (cell, f"{cell} again")} | {"A": "A", "B": "B"}
    assert merge(table, new, table, answers).text == new
    assert 20 < len(texts) < 25


def test_spaces_around_an_answer_are_not_taken_over() -> None:
    assert merge(BASE, NEW, TARGET, {text: f"  {answer} \n" for text, answer in ANSWERS.items()}).text == MERGED


def test_the_offered_old_translation_says_how_similar_its_english_is() -> None:
    merged = merge(BASE, NEW, TARGET, ANSWERS)
    fuzzy = next(edit.fuzzy for edit in merged.edits if edit.fuzzy)
    assert (fuzzy.source, fuzzy.target) == ("The second river is long.", "El segundo río es largo.")
    assert 0.7 < fuzzy.similarity < 1


def test_english_that_was_never_translated_is_not_offered_as_a_translation() -> None:
    english, river = "The second river is long.", "El segundo río es largo."
    for untranslated in (english, english.upper(), english.replace(" ", "\n", 1)):
        merged = merge(BASE, NEW, TARGET.replace(river, untranslated), ANSWERS)
        assert untranslated not in merged.text
        assert not any(edit.fuzzy for edit in merged.edits)


def test_english_left_gets_a_space_behind_it_where_the_language_puts_none() -> None:
    chinese = Language("zh", "Chinese", joiner="", enders="。？！", splitter="zh")
    base = parse("The first stays. The last stays.", ENGLISH)
    new = parse("The first stays. Stones are black. Rivers run on. The last stays.", ENGLISH)
    documents, direction = Versions(base, new, parse("第一句。最后一句。", chinese)), Direction(ENGLISH, chinese)
    merged = apply_plan(
        make_plan(documents, [Bead((i,), (i,), 0.9) for i in range(2)], direction), {}, documents, direction
    )
    assert merged.text == "第一句。Stones are black. Rivers run on. 最后一句。"
    assert [left.reason for left in merged.left] == ["the engine gave no answer"] * 2


def test_english_left_behind_a_sentence_that_only_begins_with_latin_letters_gets_no_space() -> None:
    chinese = Language("zh", "Chinese", joiner="", enders="。？！", splitter="zh")
    base, new = (parse(f"The GPU is fast.{more}", ENGLISH) for more in ("", " Rivers run on."))
    documents, direction = Versions(base, new, parse("GPU很快。", chinese)), Direction(ENGLISH, chinese)
    plan = make_plan(documents, [Bead((0,), (0,), 0.9)], direction)
    assert apply_plan(plan, {}, documents, direction).text == "GPU很快。Rivers run on."


def test_a_split_sentence_around_another_is_not_patched_as_if_it_were_in_one_place() -> None:
    base = parse("It is $a$ and it is long. The last stays.", ENGLISH)
    new = parse("It is $b$ and it is long. The last stays.", ENGLISH)
    target = parse("Es $a$. La última queda. Es largo.", SPANISH)
    documents, beads = Versions(base, new, target), [Bead((0,), (0, 2), 0.9), Bead((1,), (1,), 0.9)]
    anew = make_plan(documents, beads, LANGUAGES, policy=ANEW)
    merged = apply_plan(anew, {0: Translation("Es $b$ y es largo.")}, documents, LANGUAGES)
    assert merged.text == "Es $b$ y es largo. La última queda."
    merged = apply_plan(make_plan(documents, beads, LANGUAGES), {}, documents, LANGUAGES)
    assert merged.text == target.text
    assert merged.counts["stale"] == 1
