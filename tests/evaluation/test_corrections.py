"""The outcome of a draft, and which drafts and final texts belong together."""

from __future__ import annotations

from bot.evaluation.corrections import EditOutcome, Rendition, judge, matched
from bot.model import Language

ENGLISH = Language("en", "English")


def test_a_sentence_with_three_of_five_words_changed_is_rewritten() -> None:
    def outcome(final: str) -> EditOutcome:
        return judge(Rendition((0,), "a b c d e", drafted=True), Rendition((0,), final), ENGLISH).outcome

    assert outcome("a b c x y") is EditOutcome.EDITED
    assert outcome("a b x y z") is EditOutcome.REWRITTEN


def test_sentences_that_people_joined_count_as_drafted_if_one_of_them_was() -> None:
    drafts = [Rendition((0,), "Uno.", drafted=True), Rendition((1,), "", left=True), Rendition((2,), "Tres.")]
    finals = [Rendition((0, 1), "Uno y dos."), Rendition((2,), "Tres.")]
    ((draft, final),) = matched(drafts, finals, " ")
    assert (draft.text, draft.drafted, draft.left, final.text) == ("Uno.", True, False, "Uno y dos.")
