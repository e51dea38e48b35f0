"""Branches that stand in each other's way: git keeps `amts/zh` as a file in a folder `amts`."""

from __future__ import annotations

from collections.abc import Callable, Collection

from bot.errors import RefusedError


def blocking_branch(branch: str, branches: Collection[str]) -> str | None:
    """One of the `branches` beside which there can be no `branch`: a part of its name, or one below it."""
    parts = branch.split("/")
    above = ("/".join(parts[:end]) for end in range(1, len(parts)))
    below = (other for other in sorted(branches) if other.startswith(f"{branch}/"))
    return next((name for name in above if name in branches), None) or next(below, None)


def blocked_failure(repository: str, branch: str, found: str) -> RefusedError:
    return RefusedError(
        f'{repository}: the branch "{found}" stands in the way of the bot\'s branch "{branch}": git can\'t have'
        f' both, so rename or delete "{found}" and run again'
    )


def branches_there(run: Callable[..., bytes], url: str) -> list[str]:
    """The branches at a URL. `run` gives the output of a git command. What is not UTF-8 in a name is replaced."""
    lines = run("ls-remote", "--heads", url).decode("utf-8", "replace").split("\n")
    return [line.partition("\trefs/heads/")[2] for line in lines if line]
