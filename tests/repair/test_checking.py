"""A repair that reads otherwise than it was meant is found out, whoever made it."""

from __future__ import annotations

import pytest

from bot.documents import parse
from bot.repair.changes import Nature
from bot.repair.checking import has_the_same_parts, reads_as_declared
from bot.repair.draft import RepairDraft, Side, Splice
from bot.repair.habits import Habits
from tests.support.generated_sentences import ENGLISH, SPANISH

BASE = "Call `run()` with *care* in [the shop](http://e.org/a)."
NEW = "Call `stop()` with care in [the shop](http://e.org/b)."
PEOPLES = "Llame a `run()` con *cuidado* en [la tienda](http://e.org/a)."
LAST = "\n\nEl fin `z`.\n"


def draft(old: str, new: str, *, base: str = BASE, english: str = NEW, target: str = PEOPLES) -> RepairDraft:
    """People's sentence before another paragraph, with `new` in the place of `old`."""
    before, after = (Side(parse(text, ENGLISH), (0,)) for text in (base, english))
    made = RepairDraft(before, after, Side(parse(target + LAST, SPANISH), (0,)), SPANISH, Habits())
    start = target.index(old)
    made.carry(Nature.CODE, [Splice(start, start + len(old), new)])
    return made


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("`run()`", "`stop()`"),
        ("*cuidado*", "cuidado"),
        ("e.org/a", "e.org/b"),
        ("e.org/a", "otro.org/x"),
        ("Llame", "Di"),
    ],
)
def test_what_the_english_gained_and_lost_may_come_and_go(old: str, new: str) -> None:
    assert reads_as_declared(draft(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("`run()`", "`halt()`"),
        ("`run()`", "`stop()` `stop()`"),
        ("[la tienda](http://e.org/a)", "la tienda"),
        ("tienda", "*tienda*"),
        ("tienda", "**tienda**"),
        ("con", "con\n\n"),
        ("con", "cuenta. Y"),
        ("Llame a", "# Llame a"),
        ("Llame a", "`Llame a"),
        ("tienda", "tienda ![x](y.png)"),
    ],
)
def test_what_the_english_did_not_gain_or_lose_is_found_out(old: str, new: str) -> None:
    assert not reads_as_declared(draft(old, new))


def test_without_a_change_of_the_english_no_placeable_goes() -> None:
    assert not reads_as_declared(draft("`run()`", "", english=BASE))


def test_edits_that_touch_each_other_are_not_both_made() -> None:
    made = draft("`run()`", "`stop()`")
    place = made.edits[0]
    assert not made.carry(Nature.NAME, [Splice(place.start + 1, place.end, "x")])
    assert {*made.carried} == {Nature.CODE}
    assert made.carry(Nature.MARK, [Splice(place.end, place.end, "!")], sure=False)
    assert made.unsure == {Nature.MARK}
    assert made.carry(Nature.MARK, [Splice(place.start, place.start, "¡")])
    assert made.text().startswith("Llame a ¡`stop()`! con")


@pytest.mark.parametrize(
    ("after", "same"),
    [
        ("Vea\n$$a$$\naquí `x`.", True),
        ("Mire\n$$b$$\naquí `x`.", False),
        ("Mire\n$$a$$\naquí `y`.", False),
        ("Mire\n$$a$$\naquí. Y `x`.", False),
    ],
)
def test_what_a_machine_revised_has_the_same_parts(after: str, same: bool) -> None:
    before = "Mire\n$$a$$\naquí `x`."
    assert has_the_same_parts(before, after, parse(before, SPANISH), SPANISH) is same
