"""A pull request of the local forge as a folder of files that people can read and edit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.config.records import Fields, YamlRecord
from bot.errors import RepositoryError
from bot.forge.base import PullRequest, PullRequestState
from bot.forge.failures import storage_errors
from bot.forge.staging import staging

CARD = "pull-request.yaml"
BODY = "body.md"
PATCH = "changes.patch"
NOTES = "notes.md"
REPORT, REPORTS = "report.md", "report*.md"
THREAD = "thread"
# Beyond that, a folder's name is no number of ours.
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_FACTS = ("state", "title", "branch", "base", "head")
OWN_COMMENT = "-amts.md"


@dataclass(frozen=True, slots=True)
class PullRequestRecord:
    """What `pull-request.yaml` says. `contents` are the hashes of everything that the pull request ever proposed;
    `withdrawn`: the bot closed it itself, which is no refusal."""

    pull_request: PullRequest
    contents: tuple[str, ...]
    withdrawn: bool = False

    def card(self) -> bytes:
        """The text of `pull-request.yaml`. People close the pull request by editing `state`."""
        pull = self.pull_request
        facts: dict[str, object] = {
            "number": pull.number,
            "state": pull.state.value,
            "title": pull.title,
            "branch": pull.branch,
            "base": pull.base,
            "head": pull.head,
            "contents": list(self.contents),
        }
        if self.withdrawn:
            facts["withdrawn"] = True
        return yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, width=4096).encode()


def read_records(folder: Path, language: str) -> list[PullRequestRecord]:
    """The pull requests of a language, oldest first. Raises RepositoryError for a card that can't be understood."""
    names = (place.parent.name for place in (folder / language).glob(f"[0-9]*/{CARD}"))
    numbers = sorted(int(name) for name in names if _NUMBER.fullmatch(name))
    return [_read(folder / language / str(number), language, number) for number in numbers]


def read_body(pull: PullRequest) -> str:
    body = Path(pull.location) / BODY
    return _text(body) if body.is_file() else ""


def comment_files(pull: PullRequest) -> list[Path]:
    """The comments of its thread, oldest first."""
    found = (Path(pull.location) / THREAD).glob("[0-9][0-9][0-9][0-9]*.md")
    return sorted(path for path in found if path.is_file())


def read_thread(pull: PullRequest) -> list[str]:
    """The bot's own comments; people's files may imitate them, but not their names."""
    return [_text(path) for path in comment_files(pull) if path.name.endswith(OWN_COMMENT)]


def make_folder(folder: Path) -> None:
    """Makes the folder of all pull requests, with a `.gitignore`, since it may lie in somebody's checkout. A folder
    that is not empty stays unchanged."""
    with storage_errors(folder):
        is_new = not folder.is_dir() or not any(folder.iterdir())
    if is_new:
        write_files(folder, {".gitignore": b"*\n"})


def write_files(place: Path, files: Mapping[str, bytes]) -> None:
    """Writes all files (by path below `place`), or none if the disk is full. No file is ever there in part."""
    with storage_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        with staging(place.parent, ".new-") as folder:
            for number, data in enumerate(files.values()):
                (folder / str(number)).write_bytes(data)
            for number, name in enumerate(files):
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / str(number)).replace(place / name)


def _text(path: Path) -> str:
    """What people wrote or an editor of theirs, whatever its encoding. Raises RepositoryError."""
    return _bytes(path).decode("utf-8", "replace")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RepositoryError(f"{path}: can't be read: {error.strerror or type(error).__name__}") from None


def _read(place: Path, language: str, number: int) -> PullRequestRecord:
    card = place / CARD
    record = YamlRecord(str(card), RepositoryError, "correct it, or delete the folder to forget this pull request")
    root = record.read(_bytes(card))
    facts = record.fields(root) if isinstance(root, Fields) else {}
    known = [state.value for state in PullRequestState]
    if not facts.keys() >= {*_FACTS} or record.text(facts["state"]) not in known:
        record.refuse(None, 'must hold "branch", "base", "head", "title" and a "state" of open, closed or merged')
    pull = PullRequest(
        language=language,
        number=number,
        state=PullRequestState(record.text(facts["state"])),
        branch=record.name(facts["branch"]),
        base=record.name(facts["base"]),
        head=record.git_id(facts["head"], "head"),
        title=record.text(facts["title"]),
        location=str(place),
    )
    contents = tuple(map(record.name, record.items(facts["contents"]))) if "contents" in facts else ()
    # If people opened it again, closing it is their refusal.
    was_withdrawn = "withdrawn" in facts and record.flag(facts["withdrawn"], "withdrawn")
    return PullRequestRecord(pull, contents, was_withdrawn and pull.state is not PullRequestState.OPEN)
