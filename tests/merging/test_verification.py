"""The last check does not trust the plan: a wrong decision is found before anything is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.changes import make_plan
from bot.documents import parse
from bot.errors import VerificationError
from bot.merging import apply_plan
from bot.model import Action, Bead, Direction, Language, Versions

LANGUAGES = Direction(Language("en", "English"), Language("es", "Spanish", splitter="es"))
BASE = "The stone is grey. The river is long.\n"
NEW = "The stone is grey. The river is wide.\n"
TARGET = "La piedra es gris. El río es largo.\n"


@pytest.mark.parametrize(("action", "text"), [(Action.REUSED, "Otra piedra."), (Action.LEFT, "The stone is grey.")])
def test_a_plan_that_would_replace_unchanged_human_text_is_refused(action: Action, text: str) -> None:
    documents = Versions(parse(BASE, LANGUAGES[0]), parse(NEW, LANGUAGES[0]), parse(TARGET, LANGUAGES[1]))
    plan = make_plan(documents, [Bead((0,), (0,), 1.0), Bead((1,), (1,), 1.0)])
    stone = plan.operations[0]
    assert (stone.action, stone.base) == (Action.KEPT, (0,))
    wrong = (replace(stone, action=action, text=text), *plan.operations[1:])
    with pytest.raises(VerificationError, match="would be lost: 'La piedra es gris"):
        apply_plan(replace(plan, operations=wrong), {}, documents, LANGUAGES)
