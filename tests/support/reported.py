"""What a run of the bot came to, for the tests of what its pull request says."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Action, Carried, Doubt, FileChange, FileResult, FuzzyMatch, Language, Left, Merge, Revision
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
    revisions: Sequence[Revision] = (),
    **sentences: int,
) -> Merge:
    """`units` are code cells and the like, which were patched."""
    found = counts(**sentences)
    counts_of_all = found | {"patched": found["patched"] + units}
    return Merge(
        text, (), counts_of_all, found, tuple(waiting), characters, doubts=tuple(doubts), revisions=tuple(revisions)
    )


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


_OLD_ADDRESS = (
    "See [the *long* list](https://example.org/a_1) of all teapots @home, before you pour the water that boils."
)
REVISIONS = [
    Revision(
        Action.KEPT,
        "the English changed: punctuation",
        "So the cup which is old, holds less.",
        "So the cup, which is old, holds less.",
        "旧杯装得少。",
        "旧杯装得少。",
        (0, 1),
        Carried("旧杯装得少。", small=("punctuation",), complete=True),
    ),
    Revision(
        Action.PATCHED,
        "address",
        _OLD_ADDRESS,
        _OLD_ADDRESS.replace("a_1", "b_2"),
        "见[列表](https://example.org/a_1)。",
        "见[列表](https://example.org/b_2)。",
        (2, 3),
        Carried("见[列表](https://example.org/b_2)。", ("address",), complete=True),
    ),
    Revision(
        Action.PATCHED,
        "mark",
        "It is a line through the cup.",
        "It is a **line** through the cup.",
        "它是穿过杯子的线。",
        "它是穿过杯子的**线**。",
        (4, 5),
        Carried("它是穿过杯子的**线**。", ("mark",), ("mark",), complete=True),
    ),
    Revision(
        Action.STALE,
        "its English says something else now",
        "Tea is a hot drink from `China`.",
        "Tea is a cold drink from `India`.",
        "茶是来自`China`的热饮。",
        "茶是来自`India`的热饮。",
        (6, 7),
        Carried("茶是来自`India`的热饮。", ("code",)),
        "茶是冷的饮料。",
    ),
    Revision(
        Action.STALE,
        "its English says something else now",
        "Nobody measured the height of parents.",
        "Galton measured the height of parents.",
        "没有人测量过父母的身高。",
        "没有人测量过父母的身高。",
        (8, 9),
        Carried("没有人测量过父母的身高。"),
    ),
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
        merge=merged(
            LEFT,
            "一\n二\n三\n四\n五\n",
            characters=120,
            doubts=DOUBTS,
            revisions=REVISIONS,
            kept=33,
            patched=2,
            moved=1,
            stale=2,
            left=5,
        ),
        base=OLD,
        old_path="chapter/lines.md",
        size=900,
    ),
    FileResult("abacus.md", None, FileChange.REMOVED, base=OLD),
    FileResult("notes.md", "notes.md", FileChange.SKIPPED, problem="nothing says which English it was made from"),
    FileResult("broken.md", "broken.md", FileChange.FAILED, problem="broken.md:3: is not UTF-8; convert it first"),
]
