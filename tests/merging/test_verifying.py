"""The last check does not trust the plan: a wrong decision or a broken document is found before anything is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.changes import make_plan
from bot.documents import parse
from bot.errors import VerificationError
from bot.merging import apply_plan
from bot.merging.pieces import Piece, Woven
from bot.merging.verifying import find_damage, verify_complete, verify_edits
from bot.model import Action, Bead, Direction, Edit, Language, Operation, Versions

ENGLISH = Language("en", "English")
LANGUAGES = Direction(ENGLISH, Language("es", "Spanish", splitter="es"))
BASE = "The stone is grey. The river is long.\n"
NEW = "The stone is grey. The river is wide.\n"
TARGET = "La piedra es gris. El río es largo.\n"
SOUND = "One is here.\n\nTwo is here.\n\n```\nx\n```\n\n## Title\n"


@pytest.mark.parametrize(("action", "text"), [(Action.REUSED, "Otra piedra."), (Action.LEFT, "The stone is grey.")])
def test_a_plan_that_would_replace_unchanged_human_text_is_refused(action: Action, text: str) -> None:
    documents = Versions(parse(BASE, LANGUAGES[0]), parse(NEW, LANGUAGES[0]), parse(TARGET, LANGUAGES[1]))
    plan = make_plan(documents, [Bead((0,), (0,), 1.0), Bead((1,), (1,), 1.0)], LANGUAGES)
    stone = plan.operations[0]
    assert (stone.action, stone.base) == (Action.KEPT, (0,))
    wrong = (replace(stone, action=action, text=text), *plan.operations[1:])
    with pytest.raises(VerificationError, match="would be lost: 'La piedra es gris"):
        apply_plan(replace(plan, operations=wrong), {}, documents, LANGUAGES)


def edit(before: tuple[int, int], after: tuple[int, int], text: str) -> Edit:
    return Edit(Action.PATCHED, "", before, after, "", text)


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([edit((0, 2), (0, 1), "x"), edit((1, 3), (1, 2), "y")], "overlap"),
        ([edit((0, 1), (3, 4), "x")], "wrong place"),
        ([], "do not give the result"),
    ],
)
def test_edits_that_do_not_tell_the_truth_are_refused(edits: list[Edit], message: str) -> None:
    with pytest.raises(VerificationError, match=message):
        verify_edits("abcd", "xbcd", edits)


def test_a_plan_that_drops_a_sentence_is_refused() -> None:
    document = parse("One is here. Two is here.", ENGLISH)
    operation = Operation(Action.KEPT, "", (0,), (0,), (0,))
    with pytest.raises(VerificationError, match="does not cover the base English"):
        verify_complete(Versions(document, document, document), [operation])


@pytest.mark.parametrize(
    ("result", "damaged"),
    [
        (SOUND, None),
        (SOUND.replace("here.\n\nTwo", "here. \nTwo"), 1),
        (SOUND.replace("One is", "* e is"), 0),
        (SOUND.replace("```\nx\n```", "``x\nx\n```"), 2),
        (SOUND.replace("x\n```", "x\n~~~"), 2),
        (SOUND.replace("## Title", "#  Title"), 3),
        (SOUND.replace("## Title", "\n\n Title"), 3),
        (SOUND.replace("\n\n## Title", "\na## Title"), 3),
    ],
)
def test_a_result_that_reads_otherwise_than_it_was_put_together_is_found_out(result: str, damaged: int | None) -> None:
    document = parse(SOUND, ENGLISH)
    operations = [Operation(Action.KEPT, "", (i,), (i,), (i,)) for i in range(4)]
    pieces = [
        Piece((i,), i, document.lead(i), SOUND[segment.start : segment.end], starts_block=True)
        for i, segment in enumerate(document.segments)
    ]
    assert len(result) == len(SOUND)
    woven = Woven(Versions(document, document, document), operations, pieces)
    assert find_damage(woven, parse(result, ENGLISH)) == damaged
