"""Starts two bots with the same configuration at the same moment, again and again, before the double of GitHub.

usage: python -m benchmarks.two_bots [--rounds 50] [--seed 1]

Each bot is a process of its own (`amts sync`, see `bot_processes`) with a home and a cache of its own, and the token in
its environment. Before each round the English of a book with two languages moves on; people write on the branch or on
main, or merge, before the bots start or while they run (`two_bots_script`). A control world lives through the same with
a single bot. After each round there must be one open pull request for each language, with the files of the control's
(where nobody acted while the bots ran: the body, labels and comments too), every sentence of people, and no commit lost
from a branch. A run must end with 0, or with the exit code of a branch that moved and, run again, with 0.

Meanwhile a watcher reads the arguments of all processes and all files of the homes and caches. Neither there, nor in
the arguments that git traced of each of its processes, the objects of git, what the bots said and what they sent may a
token be seen; what is planted there must be. At the end both bots meet failures of each kind, for the texts of errors.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from difflib import unified_diff
from pathlib import Path
from pprint import pformat
from threading import Lock
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from benchmarks.bot_processes import Bots, Ended
from benchmarks.two_bots_script import Deed, Round, make_round
from tests.github_double.double import GitHubDouble
from tests.github_double.faults import bad_gateway, dropped, forbidden, primary_limit, unauthorized
from tests.github_double.git_http import answer_git
from tests.github_double.state import Issue
from tests.github_double.world import World
from tests.support.gitrepo import git, tree
from tests.support.watching import MOMENTARY, Decoys, Watcher
from tests.support.year import Year
from tests.support.year_bot import NATIONS, prepare
from tests.support.year_checks import check, check_sentences
from tests.support.year_faults import until_done
from tests.support.year_script import BOOK

MOVED = 5
"""The exit code that is documented for a branch that moved while the bot worked (among others: see `_MOVED_TEXT`)."""
_MOVED_TEXT = "moved while the bot worked"
_MOST_RUNS = 5
_HIDDEN = re.compile(r"\s*<!--.*?-->", re.DOTALL)
_COMMIT = re.compile(r"\b[0-9a-f]{7,40}\b")
_FAILURES = tuple(
    (place, effect)
    for place in ("/git-receive-pack$", "/pulls$", "/info/refs$")
    for effect in (unauthorized(), forbidden(), bad_gateway(), dropped(), primary_limit())
)
_FAILURE_EVERY, _DECOY_EVERY = 3, 5


class Branches:
    """Every move of a branch that the double saw."""

    def __init__(self, double: GitHubDouble) -> None:
        self.moves: list[tuple[str, str, str, str]] = []
        """Repository, branch, old commit, new commit; zeros where there is none."""
        self._double = double
        emit = double.world.emit

        def noted(name: str, action: str | None, repo: Any, sender: Any, **facts: Any) -> None:
            if name == "push" and facts["ref"].startswith("refs/heads/"):
                self.moves.append((repo.full_name, facts["ref"], facts["before"], facts["after"]))
            emit(name, action, repo, sender, **facts)

        double.world.emit = noted  # type: ignore[method-assign]

    def faults(self) -> Iterator[str]:
        """Moves that lost a commit, and commits that nothing holds any more."""
        for name in {move[0] for move in self.moves}:
            store = self._double.repo(name).store
            held = set(git(store.path, "rev-list", "--all").split())
            for _, ref, old, new in (move for move in self.moves if move[0] == name):
                if new.strip("0") and new not in held:
                    yield f"{name}: {new} of {ref} is lost"
                if old.strip("0") and new.strip("0") and not store.is_ancestor(old, new):
                    yield f"{name}: {ref} was forced from {old} to {new}"


class Worlds:
    """The world of two bots, and the control world with one."""

    def __init__(self, two: Year, one: Year, bots: Bots, chance: random.Random) -> None:
        self.two = two
        self.one = one
        self.bots = bots
        self.branches = Branches(two.double)
        self.counts: Counter[str] = Counter()
        self._chance = chance
        self._in_step = True
        self._due: list[tuple[str, Deed]] = []
        self._acting = Lock()

    def play(self, number: int) -> list[str]:
        """One round; what is wrong after it."""
        one = make_round(number, self.one, self._chance)
        for year in (self.two, self.one):
            one.english(year)
            for deed in one.first:
                deed.before(year)
        for _, deed in one.meanwhile:
            deed.before(self.one)
        for name in NATIONS:
            until_done(self.one, name)
        if number % _FAILURE_EVERY == _FAILURE_EVERY - 1:
            self._meet_failure(number)
        faults = self._start_both(one)
        if one.meanwhile:
            # What people did after the bots had looked waits for a later run.
            self.counts["runs"] += 1
            faults += self._unless_done("one", self.bots.run("one"))
        self._in_step = (self._in_step or one.merges_all) and not one.meanwhile
        return faults + [fault for name in NATIONS for fault in self._faults(name, one)]

    def _start_both(self, one: Round) -> list[str]:
        with self.bots.ready("one") as first, self.bots.ready("two") as second:
            self._due = list(one.meanwhile)
            self.bots.go(first)
            time.sleep(one.offset_ms / 1000)
            self.bots.go(second)
            ended = {"one": self.bots.end(first), "two": self.bots.end(second)}
        self.counts["runs"] += 2
        self._act(lambda *_: True)
        return [fault for name, each in ended.items() for fault in self._unless_done(name, each)]

    def answer_git(self, world: World, request: Request) -> tuple[Response, str | None]:
        """In place of the double's own: people act just before what they are due for."""
        if world is self.two.double.world:
            asked = f"{request.path} {request.args.get('service', '')}".strip()
            self._act(lambda when, deed: asked == f"/{NATIONS[deed.language].repo}.git{when}")
        return answer_git(world, request)

    def _act(self, is_due: Callable[[str, Deed], bool]) -> None:
        with self._acting:
            now = [one for one in self._due if is_due(*one)]
            self._due = [one for one in self._due if one not in now]
            for _, deed in now:
                deed.meanwhile(self.two)

    def _unless_done(self, name: str, ended: Ended) -> list[str]:
        """Runs again what met a branch that moved."""
        for _ in range(_MOST_RUNS):
            if ended.code == 0:
                return []
            if ended.code != MOVED or _MOVED_TEXT not in ended.said:
                break
            self.counts["moved"] += 1
            self.counts["runs"] += 1
            ended = self.bots.run(name)
        return [f"bot {name} ended with {ended.code}: {ended.said}"]

    def _faults(self, name: str, one: Round) -> Iterator[str]:
        numbers = [issue.number for issue in self.two.bots_pulls(name)]
        if len(numbers) != 1 and (not one.merges_meanwhile or len(numbers) > 1):
            yield f"{name}: open pull requests are {numbers}"
        years, repo = (self.two, self.one), NATIONS[name].repo
        files = [tree(year.double.repo(repo).store.path, year.proposal(name)) for year in years]
        for path in sorted(files[0] | files[1]):
            if files[0].get(path) != files[1].get(path):
                lines = [each.get(path, b"").decode().splitlines() for each in files]
                yield f"{name}: not what one bot makes of {path}:\n{_difference(lines)}"
        if self._in_step:
            self.counts["compared whole"] += 1
            views = [pformat(pull_views(year, name)).splitlines() for year in years]
            if views[0] != views[1]:
                yield f"{name}: not the pull request that one bot makes:\n{_difference(views)}"
        try:
            check(self.two)
            body = "".join(issue.body or "" for issue in self.two.open_pulls(name))
            check_sentences(self.two, name, self.two.proposal(name), body, declined=set())
        except AssertionError as error:
            yield str(error)

    def _meet_failure(self, number: int) -> None:
        """One bot before a double that fails in one of the ways, for the text of its error."""
        place, effect = _FAILURES[number // _FAILURE_EVERY % len(_FAILURES)]
        self.two.double.faults.on("*", place, effect, times=1_000)
        self.counts["told"] += self.bots.run("one").code != 0
        self.two.double.faults.clear()


def pull_views(year: Year, name: str) -> list[tuple[object, ...]]:
    """What people see of the language's open pull requests, whatever the commits and the server are called."""
    return [_view(year, issue) for issue in year.open_pulls(name)]


def _view(year: Year, issue: Issue) -> tuple[object, ...]:
    pull = issue.pull
    assert pull is not None

    def plain(text: str | None) -> str:
        return _COMMIT.sub("COMMIT", _HIDDEN.sub("", text or "").replace(year.double.url, "URL"))

    return (
        *(issue.title, plain(issue.body), pull.draft, pull.base_ref),
        [label.name for label in issue.labels],
        [plain(comment.body) for comment in issue.comments],
        [account.login for account in pull.reviewers],
        sorted((one.path, one.line or 0, plain(one.body), one.resolved_by is not None) for one in pull.comments),
    )


def _difference(lines: Sequence[Sequence[str]]) -> str:
    """Of what the two bots made and what the one did."""
    return "\n".join(unified_diff(lines[1], lines[0], "one bot", "two bots", n=0, lineterm=""))


def run(folder: Path, rounds: int, seed: int) -> int:
    """Plays all rounds; how many faults there were. Prints figures."""
    faults: list[str] = []
    started = time.perf_counter()
    with ExitStack() as stack:
        monkeypatch = stack.enter_context(pytest.MonkeyPatch.context())
        doubles = [stack.enter_context(GitHubDouble(folder / name / "github")) for name in ("two", "one")]
        years = [Year(folder / name, double, BOOK) for name, double in zip(("two", "one"), doubles, strict=True)]
        for year in years:
            year.configure(commits_per_hour=100_000)
        prepare(monkeypatch, doubles[1])
        token = doubles[0].token("amts-bot")
        bots = Bots(folder / "bots", folder / "two" / "amts.yaml", token)
        watcher = Watcher(bots.folder)
        decoys = Decoys(watcher, bots.folder / "decoys")
        with watcher.running():
            worlds = Worlds(years[0], years[1], bots, random.Random(seed))
            monkeypatch.setattr("tests.github_double.server.answer_git", worlds.answer_git)
            for number in range(rounds):
                found = worlds.play(number)
                faults += [f"round {number + 1}: {fault}" for fault in found]
                print(f"round {number + 1}: {len(found)} faults", file=sys.stderr, flush=True)
                if number % _DECOY_EVERY == 0:
                    decoys.plant()
        faults += worlds.branches.faults()
        pulls = {name: len(doubles[0].pulls(nation.repo)) for name, nation in NATIONS.items()}
        faults += look_for_tokens(watcher, bots, doubles[0], decoys)
        refused = sum(one.status == 422 for one in doubles[0].exchanges)
    codes = ", ".join(f"{count} with {code}" for code, count in sorted(bots.codes.items()))
    print(
        f"{rounds} rounds, {worlds.counts['runs']} runs of a bot, {worlds.counts['moved']} of them met a branch that"
        f" moved and ran again; {refused} requests refused (422), {len(worlds.branches.moves)} moves of branches,"
        f" pull requests {pulls}; {worlds.counts['compared whole']} pull requests compared whole;"
        f" {worlds.counts['told']} runs more failed before a failing double, and told so"
    )
    print(f"exit codes of all: {codes}; {time.perf_counter() - started:.0f} s")
    for fault in faults:
        print(f"fault: {fault}")
    return len(faults)


def look_for_tokens(watcher: Watcher, bots: Bots, double: GitHubDouble, decoys: Decoys) -> list[str]:
    """Where a token was seen, and what was planted and was not."""
    lines = [json.loads(line) for line in bots.trace.read_text().splitlines()]
    traced = [line for line in lines if line["event"] == "start"]
    for line in lines:
        watcher.keep("the trace of git", json.dumps(line))
    for said in bots.said:
        watcher.keep("what a bot said", said)
    for repository in (*bots.caches, *(double.repo(nation.repo).store.path for nation in NATIONS.values())):
        watcher.keep_objects(repository)
    for exchange in double.exchanges:
        watcher.keep("a request", f"{exchange.method} {exchange.path} {dict(exchange.query)} {exchange.body}")
    ids = {int(line["sid"].rpartition("-P")[2], 16) for line in traced}
    print(
        f"watcher: {watcher.polls:,} looks, {len(watcher.processes):,} processes; git traced {len(ids):,} of the bots',"
        f" of which {len(ids & watcher.processes):,} were seen from outside too"
    )
    faults = [f"a token stands in {place}" for place in watcher.found(double.world.keyring.tokens)]
    for kind, (seen, planted) in decoys.seen().items():
        print(f"planted in {kind}: {planted}, found: {seen}")
        if seen < planted and kind != MOMENTARY:
            faults.append(f"planted in {kind}, and not found")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return 1 if run(Path(folder), options.rounds, options.seed) else 0


if __name__ == "__main__":
    sys.exit(main())
