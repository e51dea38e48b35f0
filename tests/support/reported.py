"""What a run of the bot came to, for the tests of what its pull request says."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Action, Doubt, FileChange, FileResult, FuzzyMatch, Language, Left, Merge
from bot.report.pull_request import Context

COMMIT = "b28141a1938d74e169493320c91e601431a987eb"


CONTEXT = Context(
    Language("zh", "Chinese (Simplified)"), Language("en", "English"), COMMIT, "phrases", reviewers=("mei",)
)


def counts(**numbers: int) -> dict[str, int]:
    return {action.value: numbers.get(action.value, 0) for action in Action}


def merged(
    waiting: Sequence[Left] = (),
    text: str = "",
    characters: int = 0,
    units: int = 0,
    doubts: Sequence[Doubt] = (),
    **sentences: int,
) -> Merge:
    """`units` are code cells and the like, which were patched."""
    found = counts(**sentences)
    counts_of_all = found | {"patched": found["patched"] + units}
    return Merge(text, (), counts_of_all, found, tuple(waiting), characters, doubts=tuple(doubts))


TEAPOT = "The readings of :numref:`tab_teapot` hold none."


LEFT = [
    Left("left out by the translators; its English changed", "It first described the heights of parents.", (0, 0)),
    Left("not in the memory", "A first new sentence.", (2, 3)),
    Left("not in the memory", "A second new sentence.", (4, 5)),
    Left(
        "not in the memory; a match of 91 % is offered",
        "All you need is Python 3.11, and a little patience.",
        (6, 7),
        FuzzyMatch("All you need is Python and a little patience.", "你只需要 Python 和一点耐心。", 0.917, "index.md"),
    ),
    Left(
        "the translation lost :numref:`tab_teapot`",
        TEAPOT,
        (8, 9),
        rejected="茶壶的读数没有。",
    ),
]


DOUBTS = [
    Doubt(("the numbers differ; not in it: 40", "the glossary has 线 for “line”"), "The line at 40 @degrees.", (2, 3))
]


NEW = [Left("not in the memory", f"Sentence {i} is new.", (0, 0)) for i in range(20)]


OLD = "a" * 40


EXAMPLE = [
    FileResult(
        "outliers.md", "outliers.md", FileChange.ADDED, merged(NEW, reused=2, left=20, characters=900), size=1000
    ),
    FileResult(
        *("index.md", "index.md", FileChange.UPDATED),
        merge=merged(kept=28, patched=2, translated=1, characters=45, units=1),
        base=OLD,
        size=2000,
    ),
    FileResult(
        *("chapter/fitting.md", "chapter/fitting.md", FileChange.RENAMED),
        merge=merged(LEFT, "一\n二\n三\n四\n五\n", doubts=DOUBTS, kept=33, moved=1, left=5, characters=120),
        base=OLD,
        old_path="chapter/lines.md",
        size=900,
    ),
    FileResult("abacus.md", None, FileChange.REMOVED, base=OLD),
    FileResult("notes.md", "notes.md", FileChange.SKIPPED, problem="nothing says which English it was made from"),
    FileResult("broken.md", "broken.md", FileChange.FAILED, problem="broken.md:3: is not UTF-8; convert it first"),
]
