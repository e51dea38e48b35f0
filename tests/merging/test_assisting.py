"""Stale sentences that an engine helps with: a phrase of it or a revision stands, or people's sentence as it was."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from rapidfuzz.fuzz import ratio

from bot.engines.policy import repair_policy
from bot.model import Action, Direction, FuzzyMatch, Language, Merge, Versions
from bot.pipeline import merge_document
from tests.support.engines import PhraseBook

LANGUAGES = Direction(Language("en", "English"), Language("es", "Spanish"))
BASE = "# River\n\nThe `map` shows the old bridge over the river, and everybody here knows its name. It is long.\n"
NEW = "# River\n\nThe `map` shows the stone bridge over the river, and everybody here knows its name. It is long.\n"
OLD = "# Río\n\nEl `map` muestra el puente viejo sobre el río, y todos aquí conocen su nombre. Es largo.\n"
ENGLISH = (
    "The `map` shows the old bridge over the river, and everybody here knows its name.",
    "The `map` shows the stone bridge over the river, and everybody here knows its name.",
)
SPANISH = "El `map` muestra el puente viejo sobre el río, y todos aquí conocen su nombre."
FAR = {"shows the old bridge over the river": "muestra el viejo puente que cruza el río"}
NEAR = {"the old bridge": "El puente viejo.", "the stone bridge": "El puente de piedra."}


def merged(phrases: Mapping[str, str], *, revises: bool = False) -> tuple[Merge, PhraseBook]:
    engine = PhraseBook(phrases, revises=revises)
    return merge_document(Versions(BASE, NEW, OLD), LANGUAGES, engine, policy=repair_policy(engine)), engine


def test_the_phrase_is_exchanged_and_nothing_else_changes() -> None:
    merge, engine = merged(FAR | NEAR)
    assert merge.text == OLD.replace("el puente viejo", "el puente de piedra")
    (revision,) = merge.revisions
    assert (revision.action, revision.reason, revision.is_sure) == (Action.PATCHED, "a phrase by the machine", False)
    assert (revision.before, revision.text) == (SPANISH, SPANISH.replace("viejo", "de piedra"))
    assert all(request.repairs and not request.placeables for request in engine.asked)
    assert merge.characters == sum(len(request.text) for request in engine.asked)


@pytest.mark.parametrize(
    "phrases",
    [
        {},
        FAR,
        {**NEAR, "the old bridge": "el viejo puente"},
        {**NEAR, "the stone bridge": "el puente `de piedra`"},
        {**NEAR, "the old bridge": "puente", "the stone bridge": "# puente"},
        {"the old bridge": "map", "the stone bridge": "plano"},
    ],
    ids=["no answer", "half an answer", "not in the sentence", "code added", "structure", "within code"],
)
def test_the_sentence_stays_as_people_wrote_it_where_the_phrase_does_not_fit(phrases: Mapping[str, str]) -> None:
    merge, _ = merged(phrases)
    assert merge.text == OLD
    (revision,) = merge.revisions
    assert (revision.action, revision.rejected) == (Action.STALE, "")


def test_an_engine_that_revises_is_sent_the_sentence_with_its_former_english_and_translation() -> None:
    answer = SPANISH.replace("viejo", "de piedra")
    merge, engine = merged({ENGLISH[1]: answer}, revises=True)
    assert merge.text == OLD.replace(SPANISH, answer)
    (request,) = engine.asked
    assert request.revised is not None
    assert request.repairs
    assert (request.text, request.revised.source, request.revised.target) == (ENGLISH[1], ENGLISH[0], SPANISH)
    assert request.placeables == ("`map`",)
    (revision,) = merge.revisions
    assert (revision.action, revision.reason, revision.is_sure) == (Action.PATCHED, "a revision by the machine", False)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("En este `map` se ve cómo una pasarela hecha de piedra cruza las aguas.", "changed more of people's sentence"),
        (SPANISH.replace("`map`", "plano"), "lost `map`"),
        ("", "empty"),
    ],
    ids=["other words", "damaged", "empty"],
)
def test_a_revision_that_does_not_keep_people_s_words_or_the_code_is_only_shown(answer: str, reason: str) -> None:
    merge, _ = merged({ENGLISH[1]: answer}, revises=True)
    assert merge.text == OLD
    (revision,) = merge.revisions
    assert (revision.action, revision.rejected) == (Action.STALE, answer)
    assert reason in revision.reason


def test_a_sentence_that_changed_too_much_is_translated_anew_with_the_former_one_at_hand() -> None:
    anew = "The `map` shows the places where nobody knows his way."
    for revises in (True, False):
        engine = PhraseBook({anew: "El `map` muestra los lugares donde nadie conoce el camino."}, revises=revises)
        merge = merge_document(
            Versions(BASE, BASE.replace(ENGLISH[0], anew), OLD), LANGUAGES, engine, policy=repair_policy(engine)
        )
        assert merge.text == OLD.replace(SPANISH, engine.phrases[anew])
        (request,) = engine.asked
        assert not request.repairs
        assert request.revised == FuzzyMatch(ENGLISH[0], SPANISH, ratio(ENGLISH[0], anew) / 100)
