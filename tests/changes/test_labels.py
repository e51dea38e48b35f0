"""Labels with one name belong together, whatever an aligner thinks of them."""

from __future__ import annotations

from bot.changes.labels import pair_labels
from bot.documents import parse
from bot.model import Bead, Language

ENGLISH = Language("en", "English")


def label(name: str) -> str:
    return f":label:`{name}`\n\n"


def test_labels_that_an_aligner_exchanged_are_linked_by_their_names() -> None:
    base, target = (parse(text, ENGLISH) for text in (label("a") + label("b"), label("b") + label("a")))
    paired = pair_labels([Bead((0,), (0,), 0.9), Bead((1,), (1,), 0.9)], base, base, target)
    assert [(bead.source, bead.target) for bead in paired] == [((0,), (1,)), ((1,), (0,))]


def test_what_was_linked_with_another_label_is_without_a_counterpart() -> None:
    base, target = parse(label("a") + label("b"), ENGLISH), parse(label("b"), ENGLISH)
    paired = pair_labels([Bead((0,), (0,), 0.9), Bead((1,), (), 0.9)], base, base, target)
    assert [(bead.source, bead.target) for bead in paired] == [((0,), ()), ((1,), (0,))]
    base, target = target, base
    paired = pair_labels([Bead((0,), (0,), 0.9), Bead((), (1,), 0.9)], base, base, target)
    assert [(bead.source, bead.target) for bead in paired] == [((0,), (1,)), ((), (0,))]


def test_renamed_and_repeated_labels_stay_as_they_are_linked() -> None:
    beads = [Bead((0,), (0,), 0.9), Bead((1,), (1,), 0.9)]
    base, target = parse(label("a") + label("b"), ENGLISH), parse(label("x") + label("b"), ENGLISH)
    assert pair_labels(beads, base, base, target) == beads
    twice = parse(label("b") + label("b"), ENGLISH)
    assert pair_labels(beads, base, base, twice) == beads


def test_a_label_that_only_the_new_english_has_is_not_the_translation_of_another() -> None:
    base, new, target = (parse(text, ENGLISH) for text in (label("a"), label("b") + label("a"), label("b")))
    paired = pair_labels([Bead((0,), (0,), 0.9)], base, new, target)
    assert [(bead.source, bead.target) for bead in paired] == [((0,), ()), ((), (0,))]
