"""The onboarding pull request: opened once, updated in place, and never against people who changed or closed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.book.languages import known_language
from bot.book.opening import Source
from bot.book.project import Project, commit_signature, read_config
from bot.errors import ConfigError, InputError
from bot.forge.base import Forge, Published, PullRequest
from bot.forge.git import Repository, Snapshot
from bot.forge.trailers import continued_from
from bot.model import PullRequestDraft, Signature
from bot.report.onboarding import CONFIG_PATH, Onboarding, onboarding_body, onboarding_message, onboarding_title

NAME = "init"
BRANCH = f"amts/{NAME}"


@dataclass(frozen=True)
class Desk:
    """Where the configuration of one language repository is proposed: its forge, and the pull request that is open.
    `edited` is the text that people made of it, None where it is as the bot left it."""

    forge: Forge
    pull: PullRequest | None
    base: str
    start: str
    signature: Signature
    edited: str | None


def make_project(text: str, folder: Path, cache: Path) -> Project:
    """The project of a configuration that nobody wrote yet, as if it stood in `folder`. Raises ConfigError."""
    config = read_config(text, name=CONFIG_PATH)
    return Project(config, folder, cache, known_language(config.source.language))


def open_desk(project: Project, source: Source, repository: Repository, base: str, *, dry_run: bool) -> Desk:
    """Raises ConfigError where the repository is configured already."""
    published = repository.snapshot(repository.head(base))
    if CONFIG_PATH in published.entries:
        raise ConfigError(
            f"{repository.name}: has an {CONFIG_PATH} on {base} already; `amts status` shows what it does, and"
            " `amts init --write FILE` writes another proposal to compare it with"
        )
    forge = project.host.open_forge(repository, dry_run=dry_run)
    pull = forge.fetch_open(NAME, BRANCH, base)
    start = pull.head if pull else published.commit
    signature = commit_signature(project, source.repository, source.snapshot.commit)
    return Desk(forge, pull, base, start, signature, _edited(repository.snapshot(start)) if pull else None)


def publish(desk: Desk, text: str, proposed: Sequence[Onboarding]) -> tuple[Published, PullRequestDraft]:
    """Proposes `text`, the very text of the branch where people edited it."""
    draft = PullRequestDraft(
        language=NAME,
        branch=BRANCH,
        base=desk.base,
        title=onboarding_title(proposed),
        body=onboarding_body(proposed, edited=desk.edited is not None),
        message=onboarding_message(proposed, desk.start),
        files={CONFIG_PATH: text.encode()},
        expected_head=desk.start,
        signature=desk.signature,
    )
    return desk.forge.publish(draft), draft


def _edited(branch: Snapshot) -> str | None:
    if CONFIG_PATH not in branch.entries or continued_from(branch.repository, branch.commit) is not None:
        return None
    try:
        return branch.read(CONFIG_PATH).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(
            f"{CONFIG_PATH} on {BRANCH}: is not UTF-8; correct it there, or close the pull request"
        ) from None
