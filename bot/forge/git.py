"""A git repository read as a database: trees, blobs and branches, never the work tree."""

from __future__ import annotations

import posixpath
from collections.abc import Container, Mapping
from configparser import Error as ConfigurationError
from contextlib import AbstractContextManager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from subprocess import PIPE
from typing import Self
from weakref import finalize

import git
from git.exc import CommandError, GitCommandError, InvalidGitRepositoryError, NoSuchPathError

from bot.config.network import NETWORK, NetworkSettings
from bot.config.records import has_control_character
from bot.errors import InputError, RepositoryError
from bot.forge.blocking import blocked_failure, blocking_branch
from bot.forge.clones import Access, mirrored
from bot.forge.failures import moved_failure, redacted
from bot.forge.git_failures import git_failure
from bot.forge.git_settings import SAFE_OPTIONS, refuse_sha256
from bot.forge.locations import is_url
from bot.forge.objects import DamagedObjectError, RealObjects
from bot.forge.transfer import transfer


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A path in a tree. `mode` is git's: `100644` and `100755` files, `120000` symbolic links, `160000` submodules."""

    blob: str
    mode: str

    @property
    def is_file(self) -> bool:
        return self.mode.startswith("100")


@dataclass(frozen=True)
class Snapshot:
    """All paths (with slashes, relative to the root) of one commit, and the repository that holds them."""

    repository: Repository
    commit: str
    entries: Mapping[str, TreeEntry]

    def read(self, path: str) -> bytes:
        """The bytes of a file as committed. Raises InputError for a missing path, a symbolic link or a submodule."""
        entry = self.entries.get(path)
        if entry is None:
            raise InputError(f"{path}: not in {self.repository.name} at {self.commit[:10]}")
        if entry.is_file:
            return self.repository.read(entry.blob)
        if entry.mode != "120000":
            raise InputError(f"{path}: is a submodule, not a document; exclude it in the configuration")
        aim = self.repository.read(entry.blob).decode("utf-8", "replace")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(path), aim))
        leads = "out of the repository" if f"{place}/".startswith(("../", "/")) else f"to {aim}"
        raise InputError(
            f"{path}: is a symbolic link that leads {leads}; links are not followed, so exclude it from the book"
        )


class Repository(AbstractContextManager["Repository", None]):
    """An open repository. Not safe for use by several threads: all blobs are read through one running `git
    cat-file`."""

    def __init__(self, repo: git.Repo, name: str, network: NetworkSettings = NETWORK) -> None:
        self.name = name
        self._repo = repo
        self._network = network
        # GIT_DIR: inside a git hook the environment would point every command at the hook's own repository.
        repo.git.set_persistent_git_options(c=list(SAFE_OPTIONS[1::2]))
        repo.git.update_environment(GIT_DIR=str(repo.git_dir), GIT_TERMINAL_PROMPT="0", GIT_OPTIONAL_LOCKS="0")
        self._objects = RealObjects(repo)
        # A repository that nobody closes leaves no process behind.
        finalize(self, repo.close)
        finalize(self, self._objects.close)

    @classmethod
    def open(
        cls, location: str | Path, cache_dir: Path, access: Access | None = None, network: NetworkSettings = NETWORK
    ) -> Self:
        """The repository at a path (work tree or bare), or an up-to-date bare clone, in `cache_dir`, of a bundle file
        or a URL. Raises RepositoryError if there is none.

        With `access`, the bot's branches live at the URL, too: a branch that was deleted there is deleted in the clone.
        """
        name = redacted(str(location))
        path = Path(location)
        if is_url(str(location)) or path.is_file():
            url = str(path.resolve()) if path.is_file() else str(location)
            path = mirrored(url, name, cache_dir, access, network)
        try:
            repository = cls(git.Repo(path, expand_vars=False), name, network)
        except NoSuchPathError:
            raise RepositoryError(f"{name}: no such folder; give the path or the URL of a git repository") from None
        except InvalidGitRepositoryError:
            raise RepositoryError(f"{name}: not a git repository; run git init there or give another path") from None
        except (ConfigurationError, ValueError, OSError) as error:
            told = ascii(str(error).splitlines()[0])[1:-1]
            raise RepositoryError(f"{name}: its git configuration can't be read, so mend it: {told}") from None
        refuse_sha256(repository.run("rev-parse", "--show-object-format").decode(), name)
        return repository

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the running `git cat-file`s."""
        self._repo.close()
        self._objects.close()

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        accepted: Container[int] = (0,),
    ) -> bytes:
        """The output of a git command. Raises RepositoryError or StorageError if its exit code is not `accepted`."""
        command = next(argument for argument in arguments if not argument.startswith("-") and "=" not in argument)
        words = [git.Git.GIT_PYTHON_GIT_EXECUTABLE or "git", *SAFE_OPTIONS, *arguments]
        try:
            process = self._repo.git.execute(words, istream=PIPE, as_process=True, env=environment)
            output, errors = process.communicate(stdin)
            if process.returncode not in accepted:
                raise GitCommandError([command], process.returncode, errors)
        except CommandError as error:
            raise git_failure(error, command, self.name) from error
        return bytes(output)

    def transfer(self, *arguments: str, environment: Mapping[str, str]) -> bytes:
        """The output of a git command that talks to another machine, within the limits of the network. Raises as
        `bot.forge.transfer.transfer`."""
        return transfer(self._repo.git, arguments, self.name, environment, self._network)

    def lines(self, *arguments: str) -> list[str]:
        # Not `splitlines`: a name may hold one of Unicode's other line ends.
        text = self.run(*arguments).decode("utf-8", "surrogateescape")
        return text.removesuffix("\n").split("\n") if text else []

    def branches(self) -> dict[str, str]:
        """Branch name to commit. Raises RepositoryError if nothing was ever committed."""
        lines = self.lines("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads")
        branches = dict(line.split(" ", 1) for line in lines)
        if not branches:
            raise RepositoryError(f"{self.name}: has no commits yet; commit the book there first")
        return branches

    def head(self, branch: str) -> str:
        """The tip of a branch. For an unknown branch, raises RepositoryError with the most similar name."""
        branches = self.branches()
        if branch not in branches:
            nearest = get_close_matches(branch, branches, 1, 0.5) or sorted(branches)[:1]
            raise RepositoryError(f'{self.name}: has no branch "{branch}"; did you mean "{nearest[0]}"?')
        return branches[branch]

    def ref(self, name: str) -> str | None:
        """The object that a full ref name points to; None if there is no such ref."""
        # `for-each-ref` gives those below a name as well: of people's `amts/zh/mine` for `amts/zh`.
        refs = dict(
            line.split(" ", 1) for line in self.lines("for-each-ref", "--format=%(refname) %(objectname)", name)
        )
        return refs.get(name)

    def refuse_blocked(self, branch: str) -> None:
        """Raises RefusedError if there can be no such branch, since another stands in its way."""
        if found := blocking_branch(branch, self.branches()):
            raise blocked_failure(self.name, branch, found)

    def snapshot(self, commit: str) -> Snapshot:
        return Snapshot(self, commit, self.files(commit))

    def files(self, commit: str) -> dict[str, TreeEntry]:
        """Every path of a commit's tree, in git's order."""
        entries = {}
        listing = self.run("ls-tree", "-r", "-z", "--full-tree", commit).decode("utf-8", "surrogateescape")
        for record in listing.split("\0")[:-1]:
            facts, path = record.split("\t", 1)
            mode, _, blob = facts.split(" ")
            entries[path] = TreeEntry(blob, mode)
        return entries

    def read(self, name: str) -> bytes:
        """The bytes of a blob or another object, given by its id; replacements (`git replace`) don't count. Raises
        RepositoryError if this clone lacks it."""
        try:
            return self._objects.read(self._one_line(name))
        except DamagedObjectError:
            raise RepositoryError(
                f"{self.name}: object {name[:10]} is damaged; git fsck says more, and a new clone mends it"
            ) from None
        except (ValueError, OSError):
            self._refuse_partial(name[:10])
            raise RepositoryError(
                f"{self.name}: object {name[:10]} is missing; a shallow clone needs git fetch --unshallow"
            ) from None

    def holds(self, name: str) -> str | None:
        """The id of a blob that is given by its id or as `commit:path`; None if this clone lacks it. Raises
        RepositoryError if this is a partial clone that could not fetch it."""
        try:
            answer: tuple[str | bytes, ...] = self._repo.git.get_object_header(self._one_line(name))[:2]
        except (ValueError, OSError):
            self._refuse_partial(name[:10])
            return None
        # GitPython declares text and gives bytes.
        blob, kind = (word.decode() if isinstance(word, bytes) else word for word in answer)
        return blob if kind == "blob" else None

    def _one_line(self, name: str) -> str:
        """The name, if the running `git cat-file` reads it as one line. Raises InputError otherwise."""
        if has_control_character(name):
            raise InputError(f"{self.name}: {name!r} holds a control character, so git is not asked for it")
        return name

    def _refuse_partial(self, name: str) -> None:
        """Raises RepositoryError if this is a partial clone: git ends where it can't fetch what such a clone lacks."""
        if self.run("config", "--get-regexp", r"^remote\..*\.promisor$", accepted=(0, 1)):
            raise RepositoryError(
                f"{self.name}: is a partial clone (git clone --filter), and git could not fetch object {name} of it;"
                " run where its remote can be reached, or fetch everything first (git fetch --refetch --no-filter)"
            ) from None

    def cut_at(self, head: str) -> str | None:
        """A commit in the history of `head` whose parents this clone does not know or show, as at the border of a
        shallow clone or at a graft; None if the history is whole."""
        for root in self.lines("rev-list", "--max-parents=0", head):
            commit = self.run("--no-replace-objects", "cat-file", "commit", root)
            if b"\nparent " in commit.partition(b"\n\n")[0]:
                return root
        return None

    def has_commit(self, commit: str) -> bool:
        """Whether this clone holds a commit."""
        return bool(self.run("rev-parse", "--quiet", "--verify", f"{commit}^{{commit}}", accepted=(0, 1)))

    def contains(self, commit: str, other: str) -> bool:
        """Whether `other` is `commit` itself or one of its ancestors."""
        return not self.lines("rev-list", "--max-count=1", other, f"^{commit}")

    def merge_base(self, commit: str, other: str) -> str:
        return self.lines("merge-base", commit, other)[0]

    def common_ancestor(self, commit: str, other: str) -> str | None:
        """As `merge_base`; None if the two have no history in common."""
        bases = self.run("merge-base", commit, other, accepted=(0, 1)).decode().split()
        return bases[0] if bases else None

    def patch(self, base: str, head: str) -> bytes:
        """The changes of `head` since it left `base`, for `git apply`."""
        start = self.merge_base(base, head)
        return self.run("diff-tree", "-r", "-p", "-M", "--binary", "--full-index", start, head)

    def refuse_if_checked_out(self, branch: str) -> None:
        """Raises RepositoryError if `branch` is checked out in any work tree, which would not follow its move."""
        lines = self.lines("for-each-ref", "--format=%(refname:lstrip=2) %(worktreepath)", f"refs/heads/{branch}")
        found = dict(line.split(" ", 1) for line in lines).get(branch)
        if not found:
            return
        place = Path(found).resolve()
        # For the HEAD of a bare repository git names the repository itself, which has no checkout.
        if place == Path(self._repo.git_dir).resolve():
            return
        here = self._repo.working_tree_dir is not None and place == Path(self._repo.working_tree_dir).resolve()
        state = "with uncommitted changes " if here and self.dirty() else ""
        raise RepositoryError(
            f'{self.name}: the branch "{branch}" is checked out {state}in {place}; '
            "commit or stash what is there, check out another branch and run again"
        )

    def dirty(self) -> bool:
        """Whether the checkout differs from its commit (untracked files aside). A bare repository never does."""
        return not self._repo.bare and bool(self.lines("status", "--porcelain", "--untracked-files=no"))

    def update_ref(self, ref: str, new: str, expected: str | None) -> None:
        """Compare and swap: moves a full ref name from `expected` (None: it must not exist) to `new`. Raises MovedError
        if it stands elsewhere by now."""
        old = expected or "0" * len(new)
        try:
            self.run("update-ref", "-m", "amts", ref, new, old)
        except RepositoryError as error:
            branch = ref.removeprefix("refs/heads/")
            if self.ref(ref) != expected:
                raise moved_failure(self.name, branch) from error
            self.refuse_blocked(branch)
            raise
