"""What was learned about a team's habits, in plain sentences."""

from __future__ import annotations

import pytest

from bot.repair import Habits
from bot.report.habits import explain_habits


@pytest.mark.parametrize(
    ("counts", "meaning"),
    [
        ((0, 1), "an engine is asked for it; people changed their sentence in 0 of 1 case"),
        ((9, 3), "an engine is asked for it; people changed their sentence in 9 of 12 cases"),
        ((1, 9), "no engine is asked for it, since people left their sentence as it was in 9 of 10 cases"),
    ],
)
def test_a_phrase_is_asked_for_not_carried_over(counts: tuple[int, int], meaning: str) -> None:
    told = list(explain_habits(Habits({"a phrase by the machine": counts})))
    assert told[0] == f"a phrase by the machine: {meaning}"
