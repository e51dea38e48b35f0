"""The repositories that the user named: how to get in, which branch counts, and how a configuration names them."""

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

_OWN_BRANCHES = ("amts/", "amts-report/")


@dataclass(frozen=True, slots=True)
class Place:
    """A repository by the words of the user: a URL, or a path relative to where the command runs."""

    given: str

    @property
    def is_url(self) -> bool:
        return is_url(self.given)

    @property
    def is_of_this_machine(self) -> bool:
        return not self.is_url or self.given.lower().startswith("file:")

    @property
    def path(self) -> Path:
        return Path(self.given).expanduser().resolve()

    @property
    def location(self) -> str:
        """As git is given it."""
        return self.given if self.is_url else str(self.path)

    def seen_from(self, folder: Path) -> str:
        """As a configuration in `folder` names it."""
        return self.given if self.is_url else Path(os.path.relpath(self.path, folder)).as_posix()


def read_place(given: str) -> Place:
    """Raises UsageError for a URL that holds a user name or a token."""
    if re.match(r"[a-z+]+://[^/]*@", given, re.IGNORECASE) and not given.startswith("ssh://"):
        # Not quoted: a token must not travel on into a log.
        raise UsageError("a URL must not hold a user name or a token; leave out what stands before the @")
    return Place(given)


def refuse_same(source: Place, targets: list[Place]) -> None:
    """Raises UsageError where a translation is its own source."""
    for target in targets:
        if _identity(target) == _identity(source):
            raise UsageError(
                f"{target.given}: is the source itself; name the repository of the source first, then another one that"
                " holds a translation"
            )


def refuse_unreachable(source: Place, targets: list[Place]) -> None:
    """Raises UsageError where a pull request into a repository elsewhere would name a folder of this machine."""
    if source.is_of_this_machine and not all(target.is_of_this_machine for target in targets):
        raise UsageError(
            f"{source.given}: the source is a folder of this machine, which a workflow can't reach; give its URL, or"
            " use --write FILE"
        )


def open_place(place: Place, cache: Path, settings: ForgeSettings | None, environment: Mapping[str, str]) -> Repository:
    """The repository; with a token where there is one, since a public one can be read without. Raises
    RepositoryError."""
    if settings is None:
        return Repository.open(place.location, cache)
    return settings.create(Path(), environment).open_repository(place.location, cache, public=True)


def default_branch(repository: Repository) -> str:
    """The branch that the repository's host shows first; in a checkout without a host `main` or `master`, before the
    one that is checked out. Raises RepositoryError where nothing was ever committed."""
    branches = repository.branches()
    heads = [_points_to(repository, "refs/remotes/origin/HEAD").removeprefix("refs/remotes/origin/")]
    checked_out = _points_to(repository, "HEAD").removeprefix("refs/heads/")
    usual = ["main", "master"]
    is_bare = repository.run("rev-parse", "--is-bare-repository").strip() == b"true"
    heads += [checked_out, *usual] if is_bare else [*usual, checked_out]
    heads += sorted(branch for branch in branches if not branch.startswith(_OWN_BRANCHES))
    return next((branch for branch in heads if branch in branches), sorted(branches)[0])


def work_tree(repository: Repository) -> Path | None:
    """The folder of a checkout; None for a bare repository."""
    if repository.run("rev-parse", "--is-bare-repository").strip() == b"true":
        return None
    return Path(repository.run("rev-parse", "--show-toplevel").decode().rstrip("\n"))


def _points_to(repository: Repository, ref: str) -> str:
    return repository.run("symbolic-ref", "--quiet", ref, accepted=(0, 1)).decode().strip()


def _identity(place: Place) -> str:
    if not place.is_url:
        return str(place.path)
    name = repository_name(place.given)
    return f"{PUBLIC_GITHUB}/{name}".lower() if name else place.given.rstrip("/").removesuffix(".git")
