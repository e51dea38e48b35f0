"""What happens to the book in the course of the year, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.forge.base import Outcome
from tests.support.year import MAIN, Year
from tests.support.year_bot import NATIONS

BOOK: Mapping[str, str] = {
    "index.md": "# The tea book\n\nThis book is about tea. It is short.\n\nRead it slowly.\n\nWe live by the sea.\n",
    "tea.md": (
        "# Tea\n\nTea is a warm drink. People drink it daily. Children like it sweet.\n\n"
        "Pour in the water while it is hot.\n\nWait.\n"
    ),
    "cups.md": "# Cups\n\nA cup holds the tea. Glass breaks too easily.\n\n* Clay keeps warm.\n* Steel lasts long.\n",
    "sums.md": (
        "# Sums\n\nLet $t = 4$ be the time.\n\n```python\nboil(4)\n```\n\n"
        "The call `boil` heats water. Call it once.\n\n$$m = 2$$\n"
    ),
}
ZH, ES = "zh", "es"
BRANCH = {name: nation.branch for name, nation in NATIONS.items()}
POTS = "# Pots\n\nA pot is bigger than a cup. Iron pots are heavy.\n"


@dataclass(frozen=True)
class Step:
    """Something that happens; a `run` is one of the bot for a language."""

    name: str
    do: Callable[[Year], object]
    run: str = ""


def each(*doings: Callable[[Year], object]) -> Callable[[Year], None]:
    """One after the other."""

    def do(year: Year) -> None:
        for doing in doings:
            doing(year)

    return do


def bot(name: str, outcome: Outcome | None) -> Step:
    def run(year: Year) -> None:
        synced = year.sync(name)
        assert synced.outcome is outcome, f"{name}: {synced.outcome}, {synced.remarks}"

    return Step(f"the bot runs for {name}: {outcome or 'nothing'}", run, name)


def days(number: float) -> Step:
    return Step(f"{number} days pass", lambda year: year.calendar.advance(days=number))


def pots_by_people(year: Year) -> None:
    """A translator who does not wait for the bot."""
    files = {"pots.md": year.by_people(ZH, POTS), "pots_origin.md": POTS}
    year.push(ZH, MAIN, files)


CREATED, UPDATED, UNCHANGED = Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED
CLOSED, DECLINED, DEFERRED = Outcome.CLOSED, Outcome.DECLINED, Outcome.DEFERRED

YEAR: tuple[Step, ...] = (
    # January: a book in step, then the first pull requests.
    bot(ZH, None),
    bot(ES, None),
    Step("a sentence changes", lambda y: y.edit("People drink it daily.", "Everybody drinks two cups a day.")),
    bot(ZH, CREATED),
    bot(ES, CREATED),
    bot(ZH, UNCHANGED),
    Step("a reviewer puts it better", lambda y: y.retranslate(ZH, BRANCH[ZH], "Everybody drinks two cups a day.")),
    bot(ZH, UNCHANGED),
    Step(
        "a formula and a call change",
        each(lambda y: y.edit("$t = 4$", "$t = 5$"), lambda y: y.edit("boil(4)", "boil(5)")),
    ),
    bot(ZH, UPDATED),
    days(20),
    # February: main moves on under an open pull request.
    Step("a translator mends another sentence on main", lambda y: y.retranslate(ZH, MAIN, "Tea is a warm drink.")),
    bot(ZH, UPDATED),
    Step("and one that the branch changed as well", lambda y: y.retranslate(ES, MAIN, "Children like it sweet.")),
    Step("a sentence is new", lambda y: y.edit("It is short.", "It is short. It has four chapters.")),
    bot(ES, UPDATED),
    bot(ZH, UPDATED),
    Step(
        "two people put the same sentence in other words",
        each(
            lambda y: y.retranslate(ZH, BRANCH[ZH], "Children like it sweet."),
            lambda y: y.retranslate(ZH, MAIN, "Children like it sweet.", who="Ben"),
        ),
    ),
    bot(ZH, UPDATED),
    days(20),
    Step("a sentence elsewhere changes", lambda y: y.edit("Read it slowly.", "Read it once, slowly.")),
    bot(ZH, UPDATED),
    bot(ES, UPDATED),
    Step("the Chinese pull request is merged", lambda y: y.merge(ZH)),
    bot(ZH, None),
    Step("the Spanish one is squashed", lambda y: y.merge(ES, "squash")),
    bot(ES, None),
    # March: only white space, and a paragraph that moves between files.
    Step("a paragraph is wrapped anew", lambda y: y.edit("Call it once.", "Call it\nonce.")),
    bot(ZH, CREATED),
    bot(ES, CREATED),
    Step("a paragraph moves to another file", lambda y: y.move("Pour in the water while it is hot.", "cups.md")),
    bot(ZH, UPDATED),
    bot(ES, UPDATED),
    days(20),
    # April: what people close is not proposed again.
    Step("the Spanish pull request is closed", lambda y: y.close(ES)),
    bot(ES, DECLINED),
    bot(ES, DECLINED),
    Step("a stubborn sentence comes", lambda y: y.edit("Clay keeps warm.", "Clay is a stubborn thing.")),
    bot(ES, CREATED),
    bot(ZH, UPDATED),
    Step(
        "a translator does what the machine could not",
        lambda y: y.retranslate(ES, BRANCH[ES], "Clay is a stubborn thing."),
    ),
    Step("an item is new", lambda y: y.edit("* Steel lasts long.", "* Steel lasts long.\n* Wood burns well.")),
    bot(ES, UPDATED),
    bot(ZH, UPDATED),
    days(20),
    # May: a file is renamed, with a sentence of a reviewer on the branch.
    Step("a reviewer writes on the branch", lambda y: y.retranslate(ZH, BRANCH[ZH], "Wood burns well.")),
    Step("a file is renamed", lambda y: y.rename("cups.md", "vessels.md")),
    bot(ZH, UPDATED),
    bot(ES, UPDATED),
    Step("the cache is lost", lambda y: y.lose_cache()),
    bot(ZH, UNCHANGED),
    bot(ES, UNCHANGED),
    Step("the Chinese pull request is squashed", lambda y: y.merge(ZH, "squash")),
    Step("its branch is deleted", lambda y: y.delete_branch(ZH)),
    bot(ZH, None),
    days(20),
    # June: a new chapter, which a translator does on main at the same time.
    Step("a chapter is new", lambda y: y.write({"pots.md": POTS})),
    bot(ZH, CREATED),
    bot(ES, UPDATED),
    Step("a translator translates all of it on main", pots_by_people),
    bot(ZH, CLOSED),
    bot(ZH, None),
    Step("Spanish is merged, without what was declined in April", lambda y: y.merge(ES)),
    bot(ES, DECLINED),
    days(20),
    # July: a chapter goes, a sentence goes and comes back.
    Step("a sentence goes", lambda y: y.edit(" Iron pots are heavy.", "")),
    bot(ZH, CREATED),
    bot(ES, CREATED),
    Step("a reviewer writes beside it", lambda y: y.retranslate(ES, BRANCH[ES], "A pot is bigger than a cup.")),
    Step("it comes back", lambda y: y.edit("bigger than a cup.", "bigger than a cup. Iron pots are heavy.")),
    bot(ZH, CLOSED),
    bot(ES, UPDATED),
    Step("the chapter goes", lambda y: y.write({"pots.md": None})),
    bot(ZH, CREATED),
    bot(ES, UPDATED),
    days(20),
    # August: the limits.
    Step("the limit is two commits an hour", lambda y: y.configure(commits_per_hour=2)),
    Step("a sentence changes", lambda y: y.edit("It is short.", "It is rather short.")),
    bot(ZH, UPDATED),
    Step("it changes again", lambda y: y.edit("It is rather short.", "It is really short.")),
    bot(ZH, UPDATED),
    Step("and again", lambda y: y.edit("It is really short.", "It is not short.")),
    bot(ZH, DEFERRED),
    Step("a reviewer writes meanwhile", lambda y: y.retranslate(ZH, BRANCH[ZH], "It has four chapters.")),
    bot(ZH, DEFERRED),
    days(0.05),
    bot(ZH, UPDATED),
    bot(ES, UPDATED),
    Step("both are merged", each(lambda y: y.merge(ZH), lambda y: y.merge(ES, "squash"))),
    Step("the limit is one pull request", lambda y: y.configure(open_pull_requests=1)),
    Step("another bot has one", lambda y: y.other_pull(ZH)),
    Step("the time changes", lambda y: y.edit("$t = 5$", "$t = 6$")),
    bot(ZH, DEFERRED),
    bot(ES, CREATED),
    Step("it is closed", lambda y: y.close_other(ZH)),
    bot(ZH, CREATED),
    days(20),
    # Autumn: both sides come to have the same; people write much at once.
    Step("people do on main what the pull request does", lambda y: y.adopt(ES)),
    bot(ES, CLOSED),
    Step("many sentences change", lambda y: y.edit("tea", "green tea")),
    bot(ES, CREATED),
    bot(ZH, UPDATED),
    Step(
        "a reviewer mends two",
        lambda y: y.retranslate(ZH, BRANCH[ZH], "This book is about green tea.", "A cup holds the green tea."),
    ),
    Step(
        "a translator mends on main, in the same paragraph",
        lambda y: y.retranslate(ZH, MAIN, "Glass breaks too easily."),
    ),
    Step(
        "the English of the paragraph changes",
        lambda y: y.edit("A cup holds the green tea.", "Any cup holds the green tea."),
    ),
    bot(ZH, UPDATED),
    bot(ES, UPDATED),
    Step("the Spanish branch is deleted", lambda y: y.delete_branch(ES)),
    bot(ES, DECLINED),
    Step("a sentence changes", lambda y: y.edit("Read it once, slowly.", "Read it slowly, and twice.")),
    bot(ES, CREATED),
    bot(ZH, UPDATED),
    days(20),
    # December: everything is merged; what was declined comes again as its English changes, and the year ends in step.
    Step("the last ones are merged", each(lambda y: y.merge(ZH, "squash"), lambda y: y.merge(ES))),
    bot(ZH, None),
    bot(ES, DECLINED),
    Step(
        "the English of what was declined changes",
        each(lambda y: y.edit("Any cup holds", "Every cup holds"), lambda y: y.edit("Wait.", "Wait for it.")),
    ),
    bot(ES, CREATED),
    bot(ZH, CREATED),
    Step("both are merged", each(lambda y: y.merge(ZH), lambda y: y.merge(ES, "squash"))),
    bot(ZH, None),
    bot(ES, None),
    days(20),
    # January: what people do with the pull requests themselves.
    Step("a sentence changes", lambda y: y.edit("We live by the sea.", "We live by a lake.")),
    bot(ZH, CREATED),
    bot(ES, CREATED),
    Step("a reviewer makes a draft of the Chinese one", lambda y: y.set_draft(ZH, True)),
    Step("a translator lets the Spanish one go elsewhere", lambda y: y.retarget(ES, "next")),
    Step("a sentence changes", lambda y: y.edit("It is not short.", "It is long.")),
    bot(ZH, UPDATED),
    Step("it is a draft still", lambda y: y.expect(ZH, draft=True)),
    bot(ES, UPDATED),
    Step("it goes into main again, a draft for what is stale", lambda y: y.expect(ES, draft=True, base=MAIN)),
    Step("a reviewer writes on the branch", lambda y: y.retranslate(ZH, BRANCH[ZH], "It is long.")),
    Step("and makes one commit of all", lambda y: y.force(ZH, BRANCH[ZH])),
    bot(ZH, UNCHANGED),
    Step("a translator mends on main", lambda y: y.retranslate(ES, MAIN, "Children like it sweet.")),
    Step("and merges main by hand", lambda y: y.merge_main(ES)),
    bot(ES, UNCHANGED),
    Step("people write over the body", lambda y: y.rewrite_body(ES, "Please look at this.")),
    Step("a sentence changes", lambda y: y.edit("We live by a lake.", "We live near a lake.")),
    bot(ES, UPDATED),
    bot(ZH, UPDATED),
    Step("a reviewer takes the last commit back", lambda y: y.force(ZH, f"{BRANCH[ZH]}~1")),
    bot(ZH, UPDATED),
    Step("Spanish is closed", lambda y: y.close(ES)),
    bot(ES, DECLINED),
    Step("and opened again", lambda y: y.reopen(ES)),
    bot(ES, UNCHANGED),
    Step("Chinese is ready", lambda y: y.set_draft(ZH, False)),
    Step("and rebased on main", lambda y: y.merge(ZH, "rebase")),
    bot(ZH, None),
    Step("Spanish is merged", lambda y: y.merge(ES)),
    bot(ES, None),
)
