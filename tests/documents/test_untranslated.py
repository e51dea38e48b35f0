"""What needs a translation, and what stands untranslated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import Untranslated, parse
from bot.model import Document, Language

ENGLISH = Language("en", "English")
GERMAN = Language("de", "German")
TEXT = "We train the Adam optimizer of Keras on a hive, and count the honey in each of the jars that we keep.\n"


def needs(markdown: str, about: str = TEXT) -> bool:
    """Of the last sentence of a document that begins with the text `about`."""
    document = parse(f"{about}\n{markdown}\n", ENGLISH)
    return Untranslated(document).needs_translation(len(document.segments) - 1)


@pytest.mark.parametrize(
    "markdown",
    [
        "# AlexNet",
        "AlexNet",
        "ResNet-50 / VGG-16",
        "GPU",
        "`honey.py`",
        "$x = 1$",
        "42",
        "16 GB",
        "1.5 ns",
        "v2.0.1",
        "https://example.org/bees/and/hives",
        "[AlexNet](https://example.org/bees/and/hives)",
        "../data/bees/and/hives/labels.csv",
        "ann@example.org",
        # The text says that they are names.
        "# Adam",
        "# Keras",
        "Keras, Adam",
        "Ann Lee, Bob R. Smith and Cem Kaya",
        "Ann Lee; Bob Smith",
        "Lee, A. B., & Kaya, C. (2016). On the weight of hives. *Bees Today*, 3, 11-37.",
        "A. B. Lee, C. Kaya. On the weight of hives. Bees Today, 2016.",
        "[3] Lee et al. On the weight of hives. 2016.",
        "12 Main Street, Springfield, IL 62701",
        "| Product |\n| --- |\n| Intel Core i7-9700K |",
        "AlexNet and ResNet-50",
        "33 GB/s on NVLink",
    ],
)
def test_names_numbers_code_references_and_addresses_need_no_translation(markdown: str) -> None:
    assert not needs(markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        "# Honey",
        "# The Weight of Hives",
        "# Deep Learning",
        "Honey",
        "honey",
        "or",
        "and",
        "If so, do it.",
        "It is so.",
        "42 cycles",
        "A hive.",
        "# Using AlexNet",
        "Using AlexNet",
        "# Using the GPU",
        "Red, Green, Blue",
        "[Discussions](https://example.org/bees/and/hives)",
        "In 1948, Ann E. Lee wrote the first book about hives.",
        "Lee et al. weigh hives.",
        "Read *The Weight* by Ann Lee.",
        "It weighs 62701 grams, more or less.",
    ],
)
def test_words_and_sentences_need_one(markdown: str) -> None:
    assert needs(markdown)


def test_where_all_nouns_have_capitals_a_capital_makes_no_name() -> None:
    german = "Die Biene fliegt in die Beute und bringt Honig, denn der Imker hat die Waben in den Stock gehängt.\n"
    assert needs("# Honig", german)


@given(st.text(max_size=60), st.sampled_from(["# ", "- ", ""]))
def test_a_sentence_with_ordinary_words_always_needs_one(text: str, mark: str) -> None:
    document = parse(f"{mark}the colony has left the hive\n\n{text}", ENGLISH)
    assert Untranslated(document).needs_translation(0)


def _sides(source: str, target: str) -> tuple[Document, Document]:
    return parse(source, ENGLISH), parse(target, GERMAN)


@pytest.mark.parametrize(
    ("target", "whole", "part"),
    [
        ("Count the honey.", True, True),
        ("count  the\nhoney!", True, True),
        ("**Count** the honey:", True, True),
        ("Zähle den Honig.", False, False),
        ("Zähle den Honig (count the honey).", False, False),
        # Beside its translation, it is meant to stand there.
        ("Count the honey. Zähle den Honig.", False, False),
    ],
)
def test_english_stands_there_whatever_its_marks(target: str, whole: bool, part: bool) -> None:
    source, translation = _sides("Count the honey.\n", f"{target}\n")
    untranslated = Untranslated(source)
    assert untranslated.is_copied([0], translation.segments) is whole
    assert untranslated.has_copy([0], translation.segments) is part


def test_one_of_two_sentences_may_stand_untranslated() -> None:
    source, translation = _sides("Count the honey. Weigh the hive.\n", "Zähle den Honig. Weigh the hive.\n")
    untranslated = Untranslated(source)
    assert not untranslated.is_copied([0, 1], translation.segments)
    assert untranslated.has_copy([0, 1], translation.segments)


def test_a_name_that_stands_is_no_copy_and_a_localised_address_is_peoples() -> None:
    source, translation = _sides("# AlexNet\n", "# AlexNet\n")
    assert not Untranslated(source).has_copy([0], translation.segments)
    source, translation = _sides("[Discuss it](https://a.org/1)\n", "[Discuss it](https://a.org/2)\n")
    assert not Untranslated(source).has_copy([0], translation.segments)
