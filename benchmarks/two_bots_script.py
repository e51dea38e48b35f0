"""What happens to the book while two bots look after it: rounds of English commits and of what people do."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.github_double.errors import ApiError
from tests.github_double.refs import refs_changed
from tests.github_double.store import GitError
from tests.support.year import MAIN, Year, english_of, segments
from tests.support.year_bot import NATIONS

MOMENTS = ("/info/refs git-upload-pack", "/info/refs git-receive-pack", "/git-receive-pack")
"""When people act while the bots run: as one of them asks for the branches, as it begins its push, or as it pushes
what it compared with them. The path's end, and the service that is asked for."""
_FILES = ("index.md", "tea.md", "sums.md")


@dataclass(frozen=True)
class Words:
    """A person puts own words in place of a sentence's translation."""

    language: str
    on_main: bool
    english: str

    def before(self, year: Year) -> None:
        year.retranslate(self.language, self._branch, self.english)

    def meanwhile(self, year: Year) -> None:
        """As `git push` has it: who comes too late goes on from what is there."""
        world, repo, branch = year.double.world, year.double.repo(NATIONS[self.language].repo), self._branch
        ledger, words = year.ledgers[self.language], year.sign(self.language, self.english)
        while True:
            tip = repo.store.branch(branch)
            assert tip is not None
            path, text, old = self._place(year, branch)
            new = _commit(year, self.language, tip, path, text.replace(old, words))
            try:
                repo.store.move(f"refs/heads/{branch}", new, tip)
            except GitError:
                continue
            ledger.words.pop(old, None)
            refs_changed(world, repo, world.account("ana"))
            world.announce()
            return

    @property
    def _branch(self) -> str:
        return MAIN if self.on_main else NATIONS[self.language].branch

    def _place(self, year: Year, branch: str) -> tuple[str, str, str]:
        """The file, its text and the sentence's translation."""
        for path, text in year.translation(self.language, branch).items():
            for segment in segments(self.language, text):
                if english_of(segment) == self.english:
                    return path, text, segment.text
        raise AssertionError(f"{self.english} is not in {self.language} {branch}")


def _commit(year: Year, language: str, tip: str, path: str, text: str) -> str:
    """A commit on `tip` that no branch has yet."""
    store, data = year.double.repo(NATIONS[language].repo).store, text.encode()
    ref = "refs/people/meanwhile"
    stream = f"commit {ref}\ncommitter ana <ana@users.noreply.invalid> 1800000000 +0000\ndata 4\nEdit\nfrom {tip}\n"
    stream += f"M 100644 inline {path}\ndata {len(data)}\n"
    store.run("fast-import", "--quiet", "--force", stdin=stream.encode() + data + b"\n")
    commit = store.ref(ref)
    assert commit is not None
    return commit


@dataclass(frozen=True)
class Merge:
    """A person merges the pull request, if it is open."""

    language: str
    method: str

    def before(self, year: Year) -> None:
        if not year.open_pulls(self.language):
            return
        try:
            year.merge(self.language, self.method)
        except ApiError:
            # Where its commits can't be put on top one by one, the host offers the others.
            if self.method != "rebase":
                raise
            year.merge(self.language, "squash")

    meanwhile = before


Deed = Words | Merge


@dataclass(frozen=True)
class Round:
    """`first` happens before the bots start, `meanwhile` each at one of the `MOMENTS`; `offset_ms` is how many
    milliseconds later the second bot starts."""

    number: int
    first: tuple[Deed, ...]
    meanwhile: tuple[tuple[str, Deed], ...]
    offset_ms: int

    @property
    def merges_all(self) -> bool:
        return {deed.language for deed in self.first if isinstance(deed, Merge)} == set(NATIONS)

    @property
    def merges_meanwhile(self) -> bool:
        return any(isinstance(deed, Merge) for _, deed in self.meanwhile)

    def english(self, year: Year) -> None:
        """The commits of the English, the same in each world."""
        number = self.number
        year.edit("It is" if number == 0 else f"number {number - 1} is", f"number {number} is")
        path = _FILES[number % len(_FILES)]
        year.write({path: f"{year.book()[path]}\nParagraph {number} is new. It follows number {number - 1}.\n"})
        if number % 3 == 2:
            year.edit(f"Paragraph {number - 1} is new.", f"Paragraph {number - 1} was written anew.")
        if number % 7 == 5:
            year.edit(f" It follows number {number - 3}.", "")
        if number % 10 == 6:
            year.rename(*(("cups.md", "vessels.md") if number % 20 == 6 else ("vessels.md", "cups.md")))
        if number % 10 == 9:
            year.write({f"more{number}.md": f"# More\n\nChapter {number} begins. It has one paragraph.\n"})


def make_round(number: int, year: Year, chance: random.Random) -> Round:
    """What a round brings: each kind of deed in its turn. `year` tells which sentences are there."""
    kind = number % 8
    first: list[Deed] = []
    meanwhile: list[tuple[str, Deed]] = []
    when = MOMENTS[number // 8 % 3] if kind == 7 else MOMENTS[(number // 8 + 1) % 3]
    name = chance.choice(list(NATIONS))
    if kind == 0:
        first += [Merge(one, chance.choice(["merge", "squash", "rebase"])) for one in NATIONS]
    if kind in (1, 3) and year.open_pulls(name):
        first.append(Words(name, False, _choose(year, name, chance, set())))
    if kind in (2, 3):
        taken = {one.english for one in first if isinstance(one, Words)}
        first.append(Words(name, True, _choose(year, name, chance, taken)))
    if kind == 5 and year.open_pulls(name):
        meanwhile.append((when, Words(name, False, _choose(year, name, chance, set()))))
    if kind == 6:
        meanwhile.append((when, Words(name, True, _choose(year, name, chance, set()))))
    if kind == 7:
        meanwhile.append((when, Merge(name, chance.choice(["merge", "squash"]))))
    return Round(number, tuple(first), tuple(meanwhile), chance.choice([0, 0, chance.randrange(1, 400)]))


def _choose(year: Year, name: str, chance: random.Random, taken: set[str]) -> str:
    """A sentence that stays in the English, and that main and the pull request translate alike, so that it is nobody's
    clash."""
    stands = [
        {one.text: english_of(one) for found in year.sentences(name, branch).values() for one in found}
        for branch in (MAIN, year.proposal(name))
    ]
    steady = {meaning for text, meaning in stands[0].items() if text != meaning and text in stands[1]}
    return chance.choice(sorted(one for one in steady - taken if "umber" not in one and "aragraph" not in one))
