"""What was learned about a team's habits, in one plain sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from bot.repair import Habit, Habits
from bot.repair.changes import SMALL, Nature
from bot.repair.habits import OPTIONAL
from bot.report.markdown import counted


def explain_habits(habits: Habits) -> Iterator[str]:
    """A sentence for each kind of change that the revisions show, and for the rest that was learned."""
    for nature in Nature:
        if nature.value in habits.counts:
            yield f"{nature}: {_meaning(nature, habits)}"
    match habits.sign_inside:
        case None:
            yield "the full stop at the end of a mark: inside or outside, as in the English"
        case inside:
            yield f"the full stop at the end of a mark: {'inside' if inside else 'outside'}, whatever the English does"
    if habits.retranslate_below is not None:
        below = f"{habits.retranslate_below:.0%}"
        yield f"English less than {below} alike: an engine translates anew, unless the configuration says otherwise"
    for low, high, revisions, share in habits.kept:
        alike = f"English with other words, {low} to {high} % alike"
        yield f"{alike}: people keep {share:.0%} of the words of their sentence (median of {revisions})"


def habit_shown(kind: str, habits: Habits) -> str:
    """For a table."""
    return "asks for nothing" if kind in SMALL else habits.verdict(kind).value


def _meaning(nature: Nature, habits: Habits) -> str:
    carried, left = habits.counts[nature]
    total = carried + left
    cases = counted(total, "case")
    if nature in SMALL:
        return f"asks for nothing; people left their sentence as it was in {left} of {cases}"
    if nature is Nature.PHRASE:
        return _phrases(habits)
    match habits.verdict(nature):
        case Habit.CARRIED:
            return f"carried over, as people did in {carried} of {cases}"
        case Habit.LEFT if nature in OPTIONAL:
            return f"not carried over, since people left it in {left} of {cases}"
        case Habit.LEFT:
            return f"carried over although people left it in {left} of {cases}: it is part of what the text says"
        case Habit.UNDECIDED:
            return f"carried over; {cases} {'is' if total == 1 else 'are'} too few or too divided to go by"


def _phrases(habits: Habits) -> str:
    carried, left = habits.counts[Nature.PHRASE]
    cases = counted(carried + left, "case")
    if habits.carries(Nature.PHRASE):
        return f"an engine is asked for it; people changed their sentence in {carried} of {cases}"
    return f"no engine is asked for it, since people left their sentence as it was in {left} of {cases}"
