"""The facts that the bot's commits record in trailers (git-interpret-trailers(1)), and the seal that proves them.

Words in a message prove nothing: people copy, amend, squash and rebase. So a commit of the bot is made twice: first
without its last line, then with the seal, a last line that names the first one. Whoever makes the commit again from
what it holds gets the same name only if it holds what the bot wrote: files, parents, names, dates and words. The seal
needs no secret, which every machine of the bot would have to keep; somebody who forges one deliberately only lets the
bot treat their own words as its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha1, sha256

from bot.forge.git import Repository
from bot.markup.sending import safe_line

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_PERCENT = re.compile(r"[0-9]{1,3}")
_TRAILER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)[ \t]*:(.*)")
_SEALED = re.compile(rb"(.*\n)AMTS-Seal: ([0-9a-f]{40}|[0-9a-f]{64})\n", re.DOTALL)

CONTINUES = "AMTS-Continues"
"""The commit that a bot's commit was made from, before the base branch was merged in."""

ENGINE = "AMTS-Engine"
"""Who translated what a bot's commit has of a machine."""

ASKED = "AMTS-Asked"
"""The engine that a sync asked for each sentence of its files that was not translated, whatever came of it."""

RETRANSLATED = "AMTS-Retranslated-Below"
"""How alike (per cent) the English of a sentence had to stay for people's sentence to stand."""

COMMENT = "AMTS-Comment"
"""The id of the comment that asked for a bot's commit."""

SEAL = "AMTS-Seal"
"""The name of the same commit without this line, which is its last."""


@dataclass(frozen=True, slots=True)
class BranchCommit:
    """A commit of a pull request's branch. `trailers` are what its message says, by name. `sealed`: it is as the bot
    made it. Otherwise it is people's, even if they took it from the bot, and what its trailers say does not hold."""

    id: str
    parents: tuple[str, ...]
    subject: str
    sealed: bool
    trailers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def continues(self) -> str:
        """Of several values, the last; the branch may be the bot's even if the commit is not."""
        return self._last(CONTINUES)

    @property
    def comment(self) -> str:
        return self._last(COMMENT)

    @property
    def engine(self) -> str:
        return self._last(ENGINE)

    @property
    def retranslated_below(self) -> float:
        """As in RepairPolicy. A bot that does not say so had every changed sentence translated anew."""
        said = self._last(RETRANSLATED)
        return int(said) / 100 if _PERCENT.fullmatch(said) else 1.0

    @property
    def by_sync(self) -> bool:
        return self.sealed and bool(self.continues)

    @property
    def by_command(self) -> bool:
        """Whether the bot made it because a comment asked for it."""
        return self.sealed and bool(self.comment)

    @property
    def by_bot(self) -> bool:
        return self.by_sync or self.by_command

    def _last(self, name: str) -> str:
        return self.trailers.get(name, ("",))[-1]


def read_commits(
    repository: Repository, head: str, excluded: Sequence[str], *, first_parent: bool = False
) -> list[BranchCommit]:
    """The commits that `head` contains and none of the `excluded` does, oldest first."""
    options = ["--first-parent"] if first_parent else []
    names = repository.lines("rev-list", "--reverse", *options, head, *(f"^{commit}" for commit in excluded))
    return [parse_commit(name, repository.read(name)) for name in names]


def last_asked(repository: Repository, head: str, path: str, engine: str) -> str:
    """The newest sync in the history of `head` that changed the file and asked this engine; "" if there is none."""
    names = {engine, safe_line(engine)}
    for name in repository.lines("rev-list", f"--grep=^{ASKED}: ", head, "--", f":(literal){path}"):
        commit = parse_commit(name, repository.read(name))
        if commit.sealed and not names.isdisjoint(commit.trailers.get(ASKED, ())):
            return name
    return ""


def continued_from(repository: Repository, commit: str) -> str | None:
    """The start of a commit of the bot; None for a person's commit, or a commit of the bot that people amended or
    rebased."""
    made = parse_commit(commit, repository.read(commit))
    is_known = made.by_sync and _COMMIT.fullmatch(made.continues) and repository.has_commit(made.continues)
    return made.continues if is_known else None


def parse_commit(name: str, raw: bytes) -> BranchCommit:
    """The commit whose object has these bytes, whatever they are."""
    header, _, message = raw.partition(b"\n\n")
    words = [line.decode("utf-8", "replace").split(" ") for line in header.split(b"\n")]
    parents = tuple(line[1] for line in words if line[0] == "parent" and len(line) == 2)
    text = message.decode("utf-8", "replace")
    subject = text.lstrip("\n").partition("\n")[0].strip()
    return BranchCommit(name, parents, subject, is_sealed(raw), read_trailers(text))


def read_trailers(message: str) -> Mapping[str, tuple[str, ...]]:
    """The trailers in the last paragraph of a message, by name: a value that goes on in the next line (which begins
    with a space) is one value, and a name may stand there several times. Any other line there is passed over."""
    found: dict[str, list[str]] = {}
    values: list[str] | None = None
    for line in _last_paragraph(message):
        if line[:1] in (" ", "\t"):
            if values is not None:
                values[-1] = f"{values[-1]} {line.strip()}".strip()
            continue
        match = _TRAILER.fullmatch(line.rstrip())
        values = found.setdefault(match[1], []) if match else None
        if match and values is not None:
            values.append(match[2].strip())
    return {name: tuple(each) for name, each in found.items()}


def is_sealed(raw: bytes) -> bool:
    """Whether a commit's object is as the bot made it: its seal is the name of what stands before the seal."""
    match = _SEALED.fullmatch(raw)
    if match is None:
        return False
    make = sha1 if len(match[2]) == 40 else sha256
    made = make(b"commit %d\0" % len(match[1]) + match[1], usedforsecurity=False)
    return made.hexdigest().encode() == match[2]


def before_seal(message: str) -> str:
    """The message of the bot's commit up to its seal, which becomes a trailer."""
    whole = message if message.endswith("\n") else f"{message}\n"
    return whole if read_trailers(whole) else f"{whole}\n"


def _last_paragraph(message: str) -> Iterator[str]:
    """Its lines; none if there is only one paragraph, the subject."""
    lines = [line.removesuffix("\r") for line in message.split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    start = next((number for number in range(len(lines) - 1, -1, -1) if not lines[number].strip()), None)
    # What stands above is the subject, unless nothing does.
    if start is not None and any(line.strip() for line in lines[:start]):
        yield from lines[start + 1 :]
