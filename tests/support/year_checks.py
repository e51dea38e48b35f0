"""What must be true of the scripted year at any moment, and all that people can see of it."""

from __future__ import annotations

import re

from bot.forge.base import Outcome
from bot.model import FileChange
from bot.report.files import UNWRITTEN
from tests.github_double.state import Issue
from tests.support.year import MAIN, Year, gist, is_translated, segments
from tests.support.year_bot import NATIONS, STUBBORN

_CLASHES = re.compile(r"^## Changed here and on .*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
# The times of pushes only limit them, and one may be forgotten.
_PUSHES = re.compile(r'"pushes":\[.*?\],')


def check(year: Year) -> None:
    """At any moment: one pull request at most, no sentence of people lost, no message that GitHub would refuse."""
    for name in NATIONS:
        assert len(year.bots_pulls(name)) <= 1, f"{name}: more than one pull request is open"
        assert _lost(year, name, {MAIN, year.proposal(name)}) == set(), f"{name}: people's words are lost"
    assert year.double.violations == []


def check_run(year: Year, name: str) -> None:
    """After a run of the bot: the proposal alone has all words of people, or tells of them, and translates every
    sentence of the English in its order, or tells that it is left."""
    synced, ledger = year.synced[name], year.ledgers[name]
    declined = {one.path for one in synced.results if one.change is FileChange.DECLINED}
    assert [one.problem for one in synced.results if one.change in UNWRITTEN and one.path not in declined] == []
    if synced.outcome in (Outcome.DECLINED, Outcome.DEFERRED):
        return
    english = _english(year)
    for words in [words for words, meaning in ledger.words.items() if meaning not in english]:
        del ledger.words[words]
    branch = year.proposal(name)
    body = year.open_pull(name).body or "" if branch != MAIN else ""
    gone = _lost(year, name, {branch})
    ledger.told = gone | ledger.told if branch != MAIN else gone
    told = "".join(_CLASHES.findall(body))
    assert [words for words in ledger.told if words not in told] == [], f"{name}: people's words are lost"
    for words in gone:
        del ledger.words[words]
    check_sentences(year, name, branch, body, declined)


def check_sentences(year: Year, name: str, branch: str, body: str, declined: set[str]) -> None:
    """What people declined is on the branch as it is on main."""
    published, found = year.sentences(name, MAIN), year.sentences(name, branch)
    assert {path: found.get(path) for path in declined} == {path: published.get(path) for path in declined}
    wanted = {path: [one.text for one in segments("en", text)] for path, text in year.book().items()}
    got = {path: year.told(name, branch, path) for path in found}
    for path in declined:
        wanted.pop(path, None), got.pop(path, None)
    # Of English that changed in small words alone, the translation asks for nothing.
    gists = [{path: list(map(gist, texts)) for path, texts in side.items()} for side in (got, wanted)]
    assert gists[0] == gists[1], f"{name}: not every sentence is accounted for"
    left = [one.text for each in found.values() for one in each if one.is_prose and not is_translated(one)]
    assert all(STUBBORN in text for text in left)
    # What people merged as it was stays told in the pull request that they merged.
    merged = [one.body or "" for one in year.double.pulls(NATIONS[name].repo) if one.pull and one.pull.merged]
    assert [text for text in left if text not in "".join([*merged, body])] == [], f"{name}: left, and not told"


def _english(year: Year) -> set[str]:
    return {one.text for text in year.book().values() for one in segments("en", text)}


def _lost(year: Year, name: str, branches: set[str]) -> set[str]:
    """Words of people that stand on none of the branches, though their English stands."""
    there = {one.text for branch in branches for found in year.sentences(name, branch).values() for one in found}
    english = _english(year)
    return {words for words, meaning in year.ledgers[name].words.items() if meaning in english} - there


def state(year: Year) -> dict[str, object]:
    """All that people see, commits included."""
    found: dict[str, object] = {}
    for nation in NATIONS.values():
        repo = year.double.repo(nation.repo)
        found[f"{nation.repo} branches"] = repo.store.refs()
        for issue in year.double.pulls(nation.repo):
            found[f"{nation.repo} #{issue.number}"] = _pull(issue)
        for commit, statuses in repo.statuses.items():
            latest = {one.context: (one.state, one.description) for one in statuses}
            found[f"{nation.repo} {commit}"] = latest
    return found


def _pull(issue: Issue) -> tuple[object, ...]:
    pull = issue.pull
    assert pull is not None
    return (
        *(issue.state, issue.title, _PUSHES.sub("", issue.body or "")),
        [label.name for label in issue.labels],
        [comment.body for comment in issue.comments],
        *(pull.draft, pull.base_ref, pull.head_sha, pull.merged is not None),
        [account.login for account in pull.reviewers],
        sorted((one.path, one.line or 0, one.body, one.resolved_by is not None) for one in pull.comments),
    )
