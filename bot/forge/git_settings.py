"""With what settings git runs: in every repository, and in the clones of the cache; and what it can't be used for."""

from __future__ import annotations

from bot.errors import RepositoryError

SAFE_OPTIONS = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "protocol.ext.allow=never"),
)
"""For every git command, in people's repositories as well: no program runs that a repository names."""

# These stand above what the user's own configuration says.
_SETTINGS = {
    "core": {
        "repositoryformatversion": "0",
        "filemode": "true",
        "bare": "true",
        "commitGraph": "false",
        "multiPackIndex": "false",
        "logAllRefUpdates": "false",
    },
    # Packs have a checksum. The branches that the cache alone has are not pruned unless a fetch asks for it.
    "fetch": {"unpackLimit": "1", "prune": "false", "pruneTags": "false", "writeCommitGraph": "false"},
    # No process goes on in the background. What another process wrote and has no branch for yet stays.
    "gc": {"autoDetach": "false", "pruneExpire": "2.weeks.ago"},
    "repack": {"updateServerInfo": "false"},
}
CONFIGURATION = "".join(
    f"[{name}]\n" + "".join(f"\t{key} = {value}\n" for key, value in section.items())
    for name, section in _SETTINGS.items()
).encode()
"""The whole configuration of a clone in the cache."""


def refuse_sha256(object_format: str, name: str) -> None:
    """Raises RepositoryError unless the repository has SHA-1 ids (`git rev-parse --show-object-format`)."""
    if object_format.strip() != "sha1":
        raise RepositoryError(
            f"{name}: is a repository with {object_format.strip().upper()} ids (git init --object-format), which AMTS"
            " can't read; give one with SHA-1 ids, git's default"
        )
