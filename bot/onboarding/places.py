"""The repositories that the user named: how they are opened, their main branch, and how a configuration names them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UsageError
from bot.forge.base import ForgeSettings
from bot.forge.git import Repository
from bot.forge.locations import PUBLIC_GITHUB, is_url, repository_name

_BOT_BRANCHES = ("amts/", "amts-report/")


@dataclass(frozen=True, slots=True)
class RepositoryPlace:
    """A repository as the user gave it: a URL, or a path relative to the current folder."""

    given: str

    @property
    def is_url(self) -> bool:
        return is_url(self.given)

    @property
    def is_local(self) -> bool:
        return not self.is_url or self.given.lower().startswith("file:")

    @property
    def path(self) -> Path:
        return Path(self.given).expanduser().resolve()

    @property
    def location(self) -> str:
        """For git."""
        return self.given if self.is_url else str(self.path)

    def seen_from(self, folder: Path) -> str:
        """As a configuration in `folder` names it."""
        return self.given if self.is_url else Path(os.path.relpath(self.path, folder)).as_posix()


def read_place(given: str) -> RepositoryPlace:
    """Raises UsageError for a URL that holds a user name or a token."""
    if re.match(r"[a-z+]+://[^/]*@", given, re.IGNORECASE) and not given.startswith("ssh://"):
        # Not quoted: a token must not get into a log.
        raise UsageError("a URL must not hold a user name or a token; leave out what stands before the @")
    return RepositoryPlace(given)


def are_same_place(first: RepositoryPlace, second: RepositoryPlace) -> bool:
    """Whether two names are those of one repository."""
    return _identity(first) == _identity(second)


def refuse_unreachable(source: RepositoryPlace, targets: list[RepositoryPlace]) -> None:
    """Raises UsageError if a pull request into a remote repository would name a folder of this machine."""
    if source.is_local and not all(target.is_local for target in targets):
        raise UsageError(
            f"{source.given}: the source is a folder of this machine, which a workflow can't reach; give its URL, or"
            " use --write FILE"
        )


def open_place(
    place: RepositoryPlace, cache: Path, settings: ForgeSettings | None, environment: Mapping[str, str]
) -> Repository:
    """The repository; with a token if there is one, since a public repository can be read without. Raises
    RepositoryError."""
    if settings is None:
        return Repository.open(place.location, cache)
    return settings.create(Path(), environment).open_repository(place.location, cache, public=True)


def default_branch(repository: Repository) -> str:
    """The host's default branch; in a checkout without a host `main` or `master`, then the branch that is checked out.
    Raises RepositoryError if nothing was ever committed."""
    branches = repository.branches()
    heads = [_symbolic_ref(repository, "refs/remotes/origin/HEAD").removeprefix("refs/remotes/origin/")]
    checked_out = _symbolic_ref(repository, "HEAD").removeprefix("refs/heads/")
    usual = ["main", "master"]
    heads += [checked_out, *usual] if _is_bare(repository) else [*usual, checked_out]
    heads += sorted(branch for branch in branches if not branch.startswith(_BOT_BRANCHES))
    return next((branch for branch in heads if branch in branches), sorted(branches)[0])


def work_tree(repository: Repository) -> Path | None:
    """The folder of a checkout; None for a bare repository."""
    if _is_bare(repository):
        return None
    return Path(repository.run("rev-parse", "--show-toplevel").decode().rstrip("\n"))


def _is_bare(repository: Repository) -> bool:
    return repository.run("rev-parse", "--is-bare-repository").strip() == b"true"


def _symbolic_ref(repository: Repository, ref: str) -> str:
    return repository.run("symbolic-ref", "--quiet", ref, accepted=(0, 1)).decode().strip()


def _identity(place: RepositoryPlace) -> str:
    if not place.is_url:
        return str(place.path)
    name = repository_name(place.given)
    return f"{PUBLIC_GITHUB}/{name}".lower() if name else place.given.rstrip("/").removesuffix(".git")
