"""The translation memory: what is remembered, and how it is found again."""

from __future__ import annotations

from bot.documents import parse
from bot.memory import TranslationMemory, collect_units
from bot.model import Bead, Kind, Language, TranslationUnit

ENGLISH = Language("en", "English")
SPANISH = Language("es", "Spanish", splitter="es")
CHINESE = Language("zh", "Chinese", joiner="", enders="。？！", splitter="zh")


def units(source: str, target: str, beads: list[Bead], language: Language = SPANISH) -> list[TranslationUnit]:
    return list(collect_units(parse(source, ENGLISH), parse(target, language), beads, "a.md"))


def unit(source: str, target: str, before: str = "") -> TranslationUnit:
    return TranslationUnit(source, target, "a.md", Kind.PARAGRAPH, before)


def test_a_pair_is_remembered_with_what_preceded_it() -> None:
    found = units("One is here. Two is here.", "Uno. Dos.", [Bead((0,), (0,), 0.9), Bead((1,), (1,), 0.8)])
    assert [(u.source, u.target, u.before) for u in found] == [
        ("One is here.", "Uno.", ""),
        ("Two is here.", "Dos.", "One is here."),
    ]


def test_joined_sentences_are_one_unit() -> None:
    found = units("One is here. Two is here.", "Uno y dos.", [Bead((0, 1), (0,), 0.9)])
    assert [(u.source, u.target) for u in found] == [("One is here. Two is here.", "Uno y dos.")]


def test_a_translation_wrapped_over_lines_is_folded_as_its_script_asks() -> None:
    found = units("One river is long here.", "一条河\n很长。", [Bead((0,), (0,), 0.9)], CHINESE)
    assert found[0].target == "一条河很长。"


def test_a_doubtful_pair_and_an_omission_are_not_remembered() -> None:
    assert not units("One is here. Two is here.", "Uno.", [Bead((0,), (0,), 0.49), Bead((1,), (), 0.9)])
    assert units("One is here.", "Uno.", [Bead((0,), (0,), 0.5)])


def test_what_was_not_translated_is_not_remembered() -> None:
    assert not units("One is here.", "One is here.", [Bead((0,), (0,), 0.9)])


def test_a_localised_cell_is_remembered_exactly() -> None:
    source, target = "```python\nx = 1  # one\n```\n", "```python\nx = 1  # uno\n```\n"
    (found,) = units(source, target, [Bead((0,), (0,), 0.9)])
    assert (found.kind, found.target) == (Kind.CODE, target.rstrip())


def test_the_translation_in_the_same_context_is_preferred_to_a_more_frequent_one() -> None:
    memory = TranslationMemory([unit("Yes.", "Sí."), unit("Yes.", "Sí."), unit("Yes.", "Claro.", before="Really?")])
    found = memory.exact("Yes.", Kind.PARAGRAPH, "Really?")
    assert found is not None
    assert found.target == "Claro."


def test_without_the_context_the_most_frequent_translation_is_found() -> None:
    memory = TranslationMemory([unit("Yes.", "Claro."), unit("Yes.", "Sí."), unit("Yes.", "Sí.")])
    found = memory.exact("Yes.", Kind.PARAGRAPH, "Other.")
    assert found is not None
    assert found.target == "Sí."


def test_a_heading_finds_the_translation_of_the_same_words_in_a_paragraph_but_code_finds_only_code() -> None:
    memory = TranslationMemory([unit("Summary", "Resumen")])
    assert memory.exact("Summary", Kind.HEADING, "") is not None
    assert memory.exact("Summary", Kind.CODE, "") is None


def test_fuzzy_matches_come_best_first_and_not_below_the_floor() -> None:
    pairs = {"The river is long.": "A", "The river is very long.": "B", "A stone.": "C"}
    memory = TranslationMemory(unit(source, target) for source, target in pairs.items())
    found = memory.fuzzy("The river is long!")
    assert [match.target for match in found] == ["A", "B"]
    assert found[0].similarity > found[1].similarity >= 0.75


def test_what_differs_from_its_source_in_case_and_white_space_alone_is_not_offered() -> None:
    memory = TranslationMemory([unit("The river is long.", "The River  is long."), unit("The river is so long.", "B")])
    assert [match.target for match in memory.fuzzy("The river is long!")] == ["B"]


def test_an_empty_memory_finds_nothing() -> None:
    memory = TranslationMemory()
    assert len(memory) == 0
    assert memory.exact("Yes.", Kind.PARAGRAPH, "") is None
    assert memory.fuzzy("Yes.") == []


def target_of(memory: TranslationMemory, text: str) -> str | None:
    unit = memory.exact(text, Kind.PARAGRAPH, "")
    return None if unit is None else unit.target


def test_the_words_are_reused_with_the_address_that_the_english_has_there() -> None:
    unit = TranslationUnit("[Talk](https://a.example/1)", "[讨论](https://a.example/2)", "a.md", complete=False)
    memory = TranslationMemory([unit])
    for number in (1, 3):
        assert target_of(memory, f"[Talk](https://a.example/{number})") == f"[讨论](https://a.example/{number})"
    assert target_of(memory, "[Speak](https://a.example/1)") is None
    assert memory.exact("[Talk](https://a.example/3)", Kind.CODE, "") is None


def test_several_addresses_are_exchanged_where_each_one_is_known() -> None:
    source, target = 'See [a](b.md) or [c](d.md "T").', '见[丙](d.md "T")或[甲](b.md)。'
    memory = TranslationMemory([TranslationUnit(source, target, "a.md")])
    assert target_of(memory, 'See [a](x.md) or [c](y.md "T").') == '见[丙](y.md "T")或[甲](x.md)。'
    doubtful = TranslationMemory([TranslationUnit("[a](b) [c](b)", "[丙](b) [甲](b)", "a.md")])
    assert target_of(doubtful, "[a](x) [c](y)") is None


def test_what_may_lack_a_formula_lends_no_words() -> None:
    unit = TranslationUnit("[Talk](b) of $x$", "[讨论](c)", "a.md", complete=False)
    assert target_of(TranslationMemory([unit]), "[Talk](d) of $x$") is None


def test_of_several_wordings_with_other_addresses_the_most_frequent_is_found() -> None:
    words = ("谈", "讨论", "讨论")
    units = [
        TranslationUnit(f"[Talk](a/{n})", f"[{word}](b/{n})", "a.md", complete=False) for n, word in enumerate(words)
    ]
    assert target_of(TranslationMemory(units), "[Talk](a/9)") == "[讨论](a/9)"


def test_a_pair_that_lost_a_reference_is_marked_incomplete() -> None:
    english, chinese = Language("en", "English"), Language("zh", "Chinese", joiner="", splitter="zh")
    source, target = parse("See :numref:`fig_a` now.\n", english), parse("现在看图。\n", chinese)
    (unit,) = collect_units(source, target, [Bead((0,), (0,), 1.0)], "a.md")
    assert not unit.complete
