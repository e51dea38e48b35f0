"""Emphasis around several sentences of which one changed: no mark is left without its partner."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.book.package_data import known_language
from bot.changes import make_plan
from bot.documents import parse
from bot.memory import TranslationMemory
from bot.merging import apply_plan
from bot.model import Action, Bead, Direction, Translation, Versions
from bot.repair import RepairPolicy

ENGLISH, SPANISH = known_language("en"), known_language("es")
LANGUAGES = Direction(ENGLISH, SPANISH)
# Changed sentences that can't be repaired are translated anew.
ANEW = RepairPolicy(retranslate_below=1.01)
STONES = ("The stones are grey and old.", "Nobody knows their age.", "They lie beside the river.")
PIEDRAS = ("Las piedras son grises y viejas.", "Nadie sabe su edad.", "Están junto al río.")
CHANGED = "A wall of wood stands in the north."
CAMBIADA = "Un muro de madera está en el norte."


def merged(
    base: str, new: str, target: str, answers: dict[str, str], policy: RepairPolicy = ANEW
) -> tuple[str, list[Action]]:
    documents = Versions(parse(base, ENGLISH), parse(new, ENGLISH), parse(target, SPANISH))
    beads = [Bead((i,), (i,), 0.9) for i in range(len(documents.base.segments))]
    plan = make_plan(documents, beads, LANGUAGES, TranslationMemory(), policy)
    requests = {i: " ".join(documents.new.segments[n].text for n in plan.operations[i].new) for i in plan.requests}
    result = apply_plan(plan, {i: Translation(answers[text]) for i, text in requests.items()}, documents, LANGUAGES)
    return result.text, [op.action for op in plan.operations]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("marks", ["**", "*", "~~"])
def test_a_changed_sentence_leaves_the_others_and_the_emphasis_as_they_were(place: int, marks: str) -> None:
    new = [*STONES]
    new[place] = CHANGED
    wanted = [*PIEDRAS]
    wanted[place] = CAMBIADA
    base, changed, target, expected = (f"{marks}{' '.join(s)}{marks}\n" for s in (STONES, new, PIEDRAS, wanted))
    answers = {text.strip(): CAMBIADA for text in (CHANGED, f"{marks}{CHANGED}", f"{CHANGED}{marks}")}
    text, actions = merged(base, changed, target, answers)
    assert text == expected
    assert actions.count(Action.KEPT) == 2


@pytest.mark.parametrize("place", [0, 1, 2])
def test_emphasis_that_only_the_translators_made_stays_whole(place: int) -> None:
    new = [*STONES]
    new[place] = CHANGED
    wanted = [*PIEDRAS]
    wanted[place] = CAMBIADA
    text, _ = merged(f"{' '.join(STONES)}\n", f"{' '.join(new)}\n", f"*{' '.join(PIEDRAS)}*\n", {CHANGED: CAMBIADA})
    assert text == f"*{' '.join(wanted)}*\n"


def test_a_run_that_is_replaced_as_a_whole_gets_no_marks_of_the_old_one() -> None:
    answers = {f"{CHANGED} {CHANGED}": CAMBIADA, CHANGED: CAMBIADA}
    new = f"{CHANGED}\n"
    text, _ = merged(f"{STONES[0]}\n", new, f"*{PIEDRAS[0]}*\n", answers)
    assert text == f"{CAMBIADA}\n"


def test_a_mark_too_many_costs_only_the_sentence_that_changed() -> None:
    base = f"{STONES[0]} {STONES[1]} They lie beside the *river*.\n"
    new = f"{STONES[0]} {CHANGED} They lie beside the *river*.\n"
    target = f"Las *piedras son grises y viejas. {PIEDRAS[1]} Están junto al *río*.\n"
    text, _ = merged(base, new, target, {CHANGED: CAMBIADA})
    assert text == f"Las *piedras son grises y viejas. {CAMBIADA} Están junto al *río*.\n"


@given(
    st.lists(st.sampled_from(["*", "**", "_", "~~", "[**", ""]), min_size=3, max_size=3),
    st.lists(st.sampled_from(["*", "**", "_", "~~", "**]", ""]), min_size=3, max_size=3),
)
def test_no_emphasis_keeps_more_than_one_sentence_together(before: list[str], after: list[str]) -> None:
    sentences = [f"{first}The stones are grey{last}." for first, last in zip(before, after, strict=True)]
    text = " ".join(sentences)
    assume("[" not in text or "]" not in text)  # the words of a link stay together
    assert [segment.text for segment in parse(text, ENGLISH).segments] == sentences


def test_emphasis_that_the_english_closed_in_the_sentence_that_stays_is_closed_there() -> None:
    base = f"He said *{STONES[0]} {STONES[1]}* {STONES[2]}\n"
    target = f"Dijo *{PIEDRAS[0]} {PIEDRAS[1]}* {PIEDRAS[2]}\n"
    text, _ = merged(base, f"He said *{STONES[0]}* {STONES[2]}\n", target, {}, RepairPolicy())
    assert text == f"Dijo *{PIEDRAS[0]}* {PIEDRAS[2]}\n"
