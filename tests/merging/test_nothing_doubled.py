"""What translators carried over by hand stands once; a label stands once; people's words beside a change are told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.book.package_data import known_language
from bot.changes import make_plan
from bot.documents import parse
from bot.errors import VerificationError
from bot.merging import apply_plan
from bot.merging.beside import ADDED_TWICE, BESIDE_CHANGE
from bot.merging.pieces import Woven
from bot.merging.verifying import verify_removals
from bot.model import Action, Bead, Direction, Merge, Operation, Plan, Translation, Versions
from bot.repair import RepairPolicy

LANGUAGES = Direction(known_language("en"), known_language("de"))
ANEW = RepairPolicy(retranslate_below=1.01)
SENTENCE, SATZ = "The birds of the harbour sing.", "Die Vögel des Hafens singen."
LAST, ENDE = "Nobody knows why they do.", "Niemand weiß, warum sie das tun."
ADDITIONS = {
    "a label": ":label:`sec_birds`",
    "a formula": "$$\nb = 2 a\n$$",
    "code": "```python\nprint('birds')\n```",
    "an image": "![](../img/birds.svg)",
    "a tab": ":begin_tab:`jax`\nUse `jax` for it.\n:end_tab:",
    "a note": "```{note}\nMind the birds of the harbour.\n```",
    "a row of numbers": "42",
}
LOCALISED = {
    "code": "```python\nprint('Vögel')\n```",
    "an image": "![Vögel](../img/birds.svg)",
    "a tab": ":begin_tab:`jax`\nNimm dafür `jax`.\n:end_tab:",
}


def plan_and_merge(
    base: str, new: str, target: str, links: dict[int, int], policy: RepairPolicy = ANEW, answer: str = ""
) -> tuple[Plan, Merge]:
    """`links` are pairs of segments of base and translation; all English is copied, or has the same `answer`."""
    documents = Versions(parse(base, LANGUAGES[0]), parse(new, LANGUAGES[0]), parse(target, LANGUAGES[1]))
    beads = [Bead((b,), (links[b],) if b in links else (), 0.9) for b in range(len(documents.base.segments))]
    beads += [Bead((), (t,), 0.9) for t in range(len(documents.target.segments)) if t not in links.values()]
    plan = make_plan(documents, beads, LANGUAGES, policy=policy)
    english = {i: documents.new.joined(plan.operations[i].new) for i in plan.requests}
    answers = {i: Translation(answer) if answer else Translation(text, left="copied") for i, text in english.items()}
    return plan, apply_plan(plan, answers, documents, LANGUAGES)


def merged(base: str, new: str, target: str, links: dict[int, int]) -> str:
    return plan_and_merge(base, new, target, links)[1].text


@pytest.mark.parametrize("kind", ADDITIONS)
def test_what_translators_carried_over_by_hand_is_not_added_again(kind: str) -> None:
    base, new = f"{SENTENCE}\n\n{LAST}\n", f"{SENTENCE}\n\n{ADDITIONS[kind]}\n\n{LAST}\n"
    target = f"{SATZ}\n\n{LOCALISED.get(kind, ADDITIONS[kind])}\n\n{ENDE}\n"
    size = len(parse(target, LANGUAGES[1]).segments)
    assert merged(base, new, target, {0: 0, 1: size - 1}) == target


def test_a_tab_with_other_links_than_the_english_stands_and_is_told() -> None:
    tab = ":begin_tab:`jax`\n[Talk](https://e.org/{})\n:end_tab:"
    base, target = f"{SENTENCE}\n\n{LAST}\n", f"{SATZ}\n\n{tab.format('de')}\n\n{ENDE}\n"
    _, merge = plan_and_merge(base, f"{SENTENCE}\n\n{tab.format('en')}\n\n{LAST}\n", target, {0: 0, 1: 4})
    assert merge.text == target
    assert ["text of their own" in left.reason for left in merge.left] == [True]


def test_what_the_english_has_twice_and_translators_carried_over_once_is_added_once() -> None:
    number = "42"
    base, target = f"{SENTENCE}\n\n{LAST}\n", f"{SATZ}\n\n{number}\n\n{ENDE}\n"
    assert merged(base, f"{SENTENCE}\n\n{number}\n\n{number}\n\n{LAST}\n", target, {0: 0, 1: 2}).count(number) == 2


def test_what_stands_elsewhere_by_chance_is_added() -> None:
    base, new = f"{SENTENCE}\n\n{LAST}\n", f"{SENTENCE}\n\n{LAST}\n\n$$\na\n$$\n"
    assert merged(base, new, f"{SATZ}\n\n$$\na\n$$\n\n{ENDE}\n", {0: 0, 1: 2}).count("$$\na\n$$") == 2


LABEL = ":label:`sec_birds`"
GLUED = f"Die Vögel {LABEL} des Hafens singen."
LABELLED = f"{SENTENCE}\n\n{LABEL}\n\n{LAST}\n"


def test_a_label_inside_a_paragraph_that_stays_is_not_added_beside_it() -> None:
    target = f"{GLUED}\n\n{ENDE}\n"
    new = LABELLED.replace(LABEL, LABEL + "\n\nA new one.")
    assert merged(LABELLED, new, target, {0: 0, 2: 1}).count(LABEL) == 1
    assert merged(f"{SENTENCE}\n\n{LAST}\n", LABELLED, target, {0: 0, 1: 1}) == target


@pytest.mark.parametrize("change", ["", "Plants are green and grow in the sun."])
def test_a_label_inside_a_paragraph_that_goes_stands_on_its_own(change: str) -> None:
    target = f"{GLUED}\n\n{ENDE}\n"
    _, merge = plan_and_merge(LABELLED, LABELLED.replace(SENTENCE, change), target, {0: 0, 2: 1}, answer="Neues.")
    assert GLUED not in merge.text
    assert merge.text.count(LABEL) == 1


def test_a_label_that_the_translators_left_out_stays_out() -> None:
    target = f"{SATZ}\n\n{ENDE}\n"
    assert merged(LABELLED, LABELLED, target, {0: 0, 2: 1}) == target


NOTE = "So sagt man hier."


@pytest.mark.parametrize("new", [f"{LAST}", f"The birds of the harbour sleep. {LAST}", f"{SENTENCE} Why? {LAST}"])
def test_people_s_words_beside_a_change_are_told_with_its_english(new: str) -> None:
    base, target = f"{SENTENCE} {LAST}\n", f"{SATZ} {NOTE} {ENDE}\n"
    _, merge = plan_and_merge(base, new + "\n", target, {0: 0, 1: 2}, RepairPolicy())
    assert NOTE in merge.text
    assert "\n\n" not in merge.text
    (told,) = [left for left in merge.beside if left.reason == BESIDE_CHANGE]
    assert merge.text[slice(*told.after)] == NOTE
    assert told.source in (SENTENCE, new.partition(f" {LAST}")[0], "Why?")


def test_people_s_words_elsewhere_or_beside_english_that_stands_are_not_told() -> None:
    base, target = f"{SENTENCE} {LAST}\n\nAn end.\n", f"{SATZ} {NOTE} {ENDE}\n\nEin Ende.\n"
    _, merge = plan_and_merge(base, base.replace("An end", "No ending"), target, {0: 0, 1: 2, 2: 3})
    assert BESIDE_CHANGE not in [left.reason for left in merge.beside]


def test_a_sentence_that_may_have_been_carried_over_goes_in_and_both_are_told() -> None:
    links = {0: 0, 1: 2}
    base, target = f"{SENTENCE}\n\n{LAST}\n", f"{SATZ}\n\nDer Port `8080` von Hamburg ist offen.\n\n{ENDE}\n"
    new = f"{SENTENCE}\n\nThe port `8080` of Hamburg is open.\n\n{LAST}\n"
    _, merge = plan_and_merge(base, new, target, links)
    assert "The port `8080` of Hamburg is open." in merge.text
    (told,) = [left for left in merge.beside if left.reason == ADDED_TWICE]
    assert merge.text[slice(*told.after)] == "Der Port `8080` von Hamburg ist offen."


@settings(max_examples=50)
@given(st.permutations(range(4)), st.sets(st.integers(0, 3)))
def test_a_removed_translation_whose_english_stands_is_refused(order: list[int], gone: set[int]) -> None:
    """Whatever reason a plan gives: the texts are counted."""
    english = [f"Sentence {n} tells of birds." for n in "abcd"]
    base = parse("\n\n".join(english), LANGUAGES[0])
    new = parse("\n\n".join(english[i] for i in order if i not in gone) or "x", LANGUAGES[0])
    target = parse("\n\n".join(f"Satz {n} erzählt von Vögeln." for n in "abcd"), LANGUAGES[1])
    image = {i: n for n, i in enumerate(i for i in order if i not in gone)}
    for wrong in range(4):
        operations = [
            Operation(Action.REMOVED, "", (i,), (), (i,))
            if i == wrong or i in gone
            else Operation(Action.KEPT, "", (i,), (image[i],), (i,))
            for i in range(4)
        ]
        woven = Woven(Versions(base, new, target), operations, [])
        if wrong in gone:
            verify_removals(woven)
        else:
            with pytest.raises(VerificationError, match=f"'Satz {'abcd'[wrong]} erzählt von Vögeln"):
                verify_removals(woven)


@pytest.mark.parametrize(
    ("words", "reason"), [("", "left out by the translators"), (f" {NOTE}", "may be among the words")]
)
def test_changed_english_without_a_translation_is_left_out_only_if_nothing_stands_there(
    words: str, reason: str
) -> None:
    base, target = f"{SENTENCE} So they say here. {LAST}\n", f"{SATZ}{words} {ENDE}\n"
    links = {0: 0, 2: 2 if words else 1}
    _, merge = plan_and_merge(base, base.replace("So they say", "So people say"), target, links)
    (told,) = [left.reason for left in merge.left]
    assert reason in told


def test_two_notes_are_two_notes() -> None:
    note = "```{{note}}\n{}\n```"
    base, target = f"{SENTENCE}\n\n{LAST}\n", f"{SATZ}\n\n{note.format(NOTE)}\n\n{ENDE}\n"
    new = f"{SENTENCE}\n\n{note.format('Mind the birds.')}\n\n{LAST}\n"
    text = merged(base, new, target, {0: 0, 1: 4})
    assert "Mind the birds." in text
    assert NOTE in text


def test_english_that_translators_carried_over_untranslated_awaits_its_translation() -> None:
    english = "The harbour is open to everybody today."
    base, target = f"{SENTENCE}\n\n{LAST}\n", f"{SATZ}\n\n{english}\n\n{ENDE}\n"
    _, merge = plan_and_merge(
        base, f"{SENTENCE}\n\n{english}\n\n{LAST}\n", target, {0: 0, 1: 2}, answer="Er ist offen."
    )
    assert merge.text == target.replace(english, "Er ist offen.")
