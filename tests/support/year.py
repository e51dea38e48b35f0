"""A book with two translations on the double of GitHub: what people do to it, and what the bot makes of it.

Every translation of a sentence names who wrote it and the English, `Ana1 〔Tea is hot〕.`, so that a look at a file
tells which sentences it translates and whose words they are.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count
from pathlib import Path

import yaml

from bot.book.baselines import Base
from bot.book.edition import SyncOptions
from bot.book.lock_file import LOCK_PATH, serialize_lock
from bot.book.project import load_project
from bot.book.stale_record import StaleRecord, parse_stale, stale_path
from bot.changes import StaleSentence
from bot.documents import parse
from bot.model import Language, Segment
from bot.repair.words import content_words
from bot.sync.language import sync_language
from bot.sync.results import Synced
from tests.github_double.double import GitHubDouble
from tests.github_double.pulls import edit_pull
from tests.github_double.refs import refs_changed
from tests.github_double.state import Issue
from tests.support.editions import edition_of
from tests.support.gitrepo import Content, add_commits, git, make_repo, tree
from tests.support.year_bot import NATIONS, Calendar, Nation

MAIN = "main"
ENGLISH = Language("en", "English")
# Failures are scripted, so nobody waits before a call is tried again.
QUICK = {"retry_seconds": 0}
_TRANSLATED = re.compile(r"(\w+) 〔(.*)〕[.。]?", re.DOTALL)


@dataclass
class Ledger:
    """What people wrote, as English by words. `told` are words that gave way to other people's, which the open pull
    request must say."""

    words: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)


class Year:
    """The world. People's sentences are numbered, so that no two are the same."""

    def __init__(self, folder: Path, double: GitHubDouble, book: Mapping[str, str]) -> None:
        self.folder = folder
        self.double = double
        self.calendar = double.world.clock = Calendar()
        self.ledgers = {name: Ledger() for name in NATIONS}
        self.numbers = count(1)
        self.synced: dict[str, Synced] = {}
        self.errors: list[str] = []
        make_repo(folder / "en", book)
        for name, nation in NATIONS.items():
            self._found(name, nation, book)
        self.configure()

    def _found(self, name: str, nation: Nation, book: Mapping[str, str]) -> None:
        files: dict[str, str | bytes | None] = {path: self.by_people(name, text) for path, text in book.items()}
        if nation.baseline == "origin-file":
            files |= {path.replace(".md", "_origin.md"): text for path, text in book.items()}
        else:
            files[LOCK_PATH] = serialize_lock({path: self.base_of(path) for path in book})
        roles = dict.fromkeys(("amts-bot", "ana", "ben"), "write")
        self.double.create_repo(nation.repo, files, collaborators=roles)

    def base_of(self, path: str) -> Base:
        """The English of today as the base of a translation."""
        commit, blob = git(self.folder / "en", "rev-parse", MAIN, f"{MAIN}:{path}").split()
        return Base(blob, path, commit)

    def by_people(self, name: str, english: str) -> str:
        """A whole file in the words of people."""
        text, end = [], 0
        for segment in segments("en", english):
            joiner = english[end : segment.start]
            is_inside = "\n" not in joiner and end and segment.is_prose
            text.append(NATIONS[name].language.joiner if is_inside else joiner)
            text.append(self.sign(name, segment.text) if segment.is_prose else segment.text)
            end = segment.end
        return "".join([*text, english[end:]])

    def sign(self, name: str, english: str, who: str = "Ana") -> str:
        """New words of a person for a sentence."""
        words = NATIONS[name].words(f"{who}{next(self.numbers)}", english)
        self.ledgers[name].words[words] = english
        return words

    def configure(self, **limits: int) -> None:
        """`limits` are those of the forge."""
        languages = {
            name: {"repo": self.double.clone_url(nation.repo), "baseline": nation.baseline, "reviewers": ["ana"]}
            for name, nation in NATIONS.items()
        }
        forge = {"kind": "github", "url": self.double.url, "api_url": self.double.url, "draft": True, "limits": limits}
        settings = {"version": 1, "source": {"repo": "en"}, "languages": languages, "forge": forge, "network": QUICK}
        (self.folder / "amts.yaml").write_text(yaml.safe_dump(settings), "utf-8")

    # What people do.

    def book(self) -> dict[str, str]:
        return dict(_texts(self.folder / "en", (self.folder / "en" / "refs" / "heads" / MAIN).read_text().strip()))

    def write(self, files: Mapping[str, Content]) -> None:
        """A commit of the English."""
        add_commits(self.folder / "en", files)

    def edit(self, old: str, new: str) -> None:
        """Exchanges words of the English, wherever they stand."""
        found = {path: text.replace(old, new) for path, text in self.book().items() if old in text}
        assert found, old
        self.write(found)

    def rename(self, old: str, new: str) -> None:
        self.write({new: self.book()[old], old: None})

    def move(self, sentences: str, path: str) -> None:
        """Takes a paragraph out of its file and puts it at the end of another."""
        source, text = next((name, text) for name, text in self.book().items() if f"{sentences}\n\n" in text)
        self.write({source: text.replace(f"{sentences}\n\n", ""), path: f"{self.book()[path]}\n{sentences}\n"})

    def retranslate(self, name: str, branch: str, *sentences: str, who: str = "Ana") -> None:
        """A person puts own words in place of what stands for these sentences, machine's or other people's."""
        texts = self.translation(name, branch)
        changed: dict[str, str | bytes | None] = {}
        for sentence in sentences:
            for path, text in texts.items():
                found = segments(name, text)
                told = dict(zip(map(gist, self._told(name, branch, path, found)), found, strict=False))
                segment = told.get(gist(sentence))
                if segment is not None:
                    self.ledgers[name].words.pop(segment.text, None)
                    new = self.sign(name, sentence, who)
                    texts[path] = changed[path] = text[: segment.start] + new + text[segment.end :]
                    break
            else:
                raise AssertionError(f"{sentence} is not in {name} {branch}")
        self.push(name, branch, changed, who)

    def push(self, name: str, branch: str, files: Mapping[str, str | bytes | None], who: str = "Ana") -> None:
        self.double.as_user(who.lower()).push(NATIONS[name].repo, branch, files)

    def merge(self, name: str, method: str = "merge") -> None:
        issue = self.open_pull(name)
        if issue.pull is not None:
            # What is stale makes it a draft; people take it as it is.
            issue.pull.draft = False
        self.double.as_user("ben").merge_pull(NATIONS[name].repo, issue.number, method)

    def close(self, name: str) -> None:
        self.double.as_user("ben").close(NATIONS[name].repo, self.open_pull(name).number)

    def reopen(self, name: str) -> None:
        """The pull request that was closed last."""
        closed = [one for one in self.double.pulls(NATIONS[name].repo, "closed") if one.pull and not one.pull.merged]
        self.double.as_user("ben").reopen(NATIONS[name].repo, closed[-1].number)

    def set_draft(self, name: str, draft: bool) -> None:
        """A person makes the pull request a draft, or says that it is ready."""
        pull = self.open_pull(name).pull
        assert pull is not None
        with self.double.world.lock:
            pull.draft = draft

    def retarget(self, name: str, base: str) -> None:
        """A person lets the pull request go into another branch, a new one of main's commit."""
        issue, world = self.open_pull(name), self.double.world
        assert issue.pull is not None
        issue.repo.store.move(f"refs/heads/{base}", issue.repo.store.branch(MAIN))
        with world.acting():
            edit_pull(world, issue, issue.pull, world.account("ben"), {"base": base})

    def rewrite_body(self, name: str, body: str) -> None:
        """A person writes over what the bot says, and what it notes for itself."""
        self.double.as_user("ben").edit(NATIONS[name].repo, self.open_pull(name).number, body=body)

    def force(self, name: str, commit: str) -> None:
        """A person rewrites the history of the pull request: a new commit with the files of this one, on main."""
        nation, world = NATIONS[name], self.double.world
        repo = self.double.repo(nation.repo)
        main = repo.store.branch(MAIN)
        assert main is not None
        files = repo.store.run("rev-parse", f"{commit}^{{tree}}")
        new = repo.store.commit_tree(files, [main], "Rewritten\n", world.signature(world.account("ana")))
        with world.acting():
            repo.store.move(f"refs/heads/{nation.branch}", new)
            refs_changed(world, repo, world.account("ana"))

    def merge_main(self, name: str) -> None:
        """A person brings the branch up to date by hand."""
        self.double.as_user("ana").merge_branch(NATIONS[name].repo, MAIN, NATIONS[name].branch)

    def delete_branch(self, name: str) -> None:
        self.double.as_user("ben").delete_branch(NATIONS[name].repo, NATIONS[name].branch)

    def other_pull(self, name: str) -> None:
        """Another bot of the same kind has a pull request in the same repository."""
        self.push(name, "amts/other", {"other.txt": "Other\n"})
        self.double.as_user("ben").open_pull(NATIONS[name].repo, "amts/other", MAIN)

    def close_other(self, name: str) -> None:
        (other,) = [one for one in self.double.pulls(NATIONS[name].repo, "open") if one not in self.open_pulls(name)]
        self.double.as_user("ben").close(NATIONS[name].repo, other.number)

    def adopt(self, name: str) -> None:
        """A person brings all of the pull request to main, without merging it."""
        repo = NATIONS[name].repo
        store = self.double.repo(repo).store
        there, wanted = tree(store.path, MAIN), tree(store.path, NATIONS[name].branch)
        paths = [path for path in there | wanted if there.get(path) != wanted.get(path)]
        self.push(name, MAIN, {path: wanted.get(path) for path in paths})

    def lose_cache(self) -> None:
        """The bot runs on another machine."""
        shutil.rmtree(self.folder / "cache")

    # What the bot does.

    def sync(self, name: str, cache: str = "cache") -> Synced:
        """One run of the bot."""
        project = replace(load_project(self.folder / "amts.yaml"), cache=self.folder / cache)
        (self.synced[name],) = sync_language(edition_of(project, name), SyncOptions())
        return self.synced[name]

    # What can be seen.

    def expect(self, name: str, *, draft: bool = False, base: str = MAIN) -> None:
        """That the open pull request is a draft or not, and goes into this branch."""
        pull = self.open_pull(name).pull
        assert pull is not None
        assert (pull.draft, pull.base_ref) == (draft, base)

    def open_pulls(self, name: str) -> list[Issue]:
        """Those of the bot."""
        own = NATIONS[name]
        return [one for one in self.double.pulls(own.repo, "open") if one.pull and one.pull.head_ref == own.branch]

    def open_pull(self, name: str) -> Issue:
        (issue,) = self.open_pulls(name)
        return issue

    def bots_pulls(self, name: str) -> list[Issue]:
        """The open pull requests that the bot opened, whatever their branch."""
        return [one for one in self.double.pulls(NATIONS[name].repo, "open") if one.author.login == "amts-bot"]

    def proposal(self, name: str) -> str:
        """The branch that shows what the book would be: the open pull request's, or main."""
        return NATIONS[name].branch if self.open_pulls(name) else MAIN

    def translation(self, name: str, branch: str) -> dict[str, str]:
        store = self.double.repo(NATIONS[name].repo).store
        texts = _texts(store.path, store.branch(branch) or "")
        return {path: text for path, text in texts.items() if path.endswith(".md") and "_origin" not in path}

    def stale(self, name: str, branch: str) -> StaleRecord:
        store, path = self.double.repo(NATIONS[name].repo).store, stale_path(name)
        text = _texts(store.path, store.branch(branch) or "").get(path)
        return parse_stale(text.encode(), path) if text else {}

    def told(self, name: str, branch: str, path: str) -> list[str]:
        """For each sentence of a translation its English, today's if the sentence is recorded as stale."""
        return self._told(name, branch, path, self.sentences(name, branch)[path])

    def _told(self, name: str, branch: str, path: str, found: Sequence[Segment]) -> list[str]:
        today = [one.text for one in segments("en", self.book().get(path, ""))]
        return told_english(found, self.stale(name, branch).get(path, ()), today)

    def sentences(self, name: str, branch: str) -> dict[str, tuple[Segment, ...]]:
        return {path: segments(name, text) for path, text in self.translation(name, branch).items()}


@lru_cache(maxsize=1000)
def _texts(repository: Path, commit: str) -> Mapping[str, str]:
    return {path: data.decode() for path, data in tree(repository, commit).items()}


@lru_cache(maxsize=1000)
def segments(name: str, text: str) -> tuple[Segment, ...]:
    """Of a translation, or of the English (`en`)."""
    return parse(text, NATIONS[name].language if name in NATIONS else ENGLISH).segments


def told_english(found: Sequence[Segment], stale: Collection[StaleSentence], wanted: Sequence[str]) -> list[str]:
    """The English that each sentence translates; of a sentence recorded as stale, the English of today in its place."""
    told = [english_of(one) for one in found]
    texts = [one.text for one in found]
    for sentence in stale:
        size = len(sentence.translation)
        for start in range(len(texts) - size + 1):
            stands = tuple(texts[start : start + size]) == sentence.translation
            if stands and tuple(wanted[start : start + len(sentence.now)]) == sentence.now:
                told[start : start + size] = sentence.now
                break
    return told


def gist(text: str) -> tuple[str, ...]:
    """The words of an English sentence that a translation has to tell."""
    return tuple(content_words(re.findall(r"\w+", text)))


def english_of(segment: Segment) -> str:
    """The English that a segment of a translation translates; its own text where it is not translated."""
    found = _TRANSLATED.fullmatch(segment.text)
    if found is None:
        return segment.text
    return f"{found[2]}." if segment.text[-1] in ".。" else found[2]


def is_translated(segment: Segment) -> bool:
    return _TRANSLATED.fullmatch(segment.text) is not None
