"""A pull request of the local forge as a folder of files that people can read and edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from bot.errors import RepositoryError
from bot.forge.base import PullRequest, PullRequestState
from bot.forge.failures import storage_errors
from bot.forge.git import has_control_character

CARD = "pull-request.yaml"
BODY = "body.md"
PATCH = "changes.patch"
NOTES = "notes.md"
REPORT, REPORTS = "report.md", "report*.md"
THREAD = "thread"


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
    numbers = sorted(int(place.parent.name) for place in (folder / language).glob(f"[0-9]*/{CARD}"))
    return [_read(folder / language / str(number), language, number) for number in numbers]


def read_body(pull: PullRequest) -> str:
    body = Path(pull.location) / BODY
    return body.read_text(encoding="utf-8") if body.is_file() else ""


def comment_files(pull: PullRequest) -> list[Path]:
    """The comments of its thread, oldest first."""
    return sorted((Path(pull.location) / THREAD).glob("[0-9][0-9][0-9][0-9]*.md"))


def read_thread(pull: PullRequest) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in comment_files(pull)]


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
        with TemporaryDirectory(dir=place.parent, prefix=".new-") as staging:
            for number, data in enumerate(files.values()):
                (Path(staging) / str(number)).write_bytes(data)
            for number, name in enumerate(files):
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                (Path(staging) / str(number)).replace(place / name)


def _read(place: Path, language: str, number: int) -> PullRequestRecord:
    card = place / CARD
    try:
        facts = yaml.safe_load(card.read_bytes())
        pull = PullRequest(
            language=language,
            number=number,
            state=PullRequestState(facts["state"]),
            branch=str(facts["branch"]),
            base=str(facts["base"]),
            head=str(facts["head"]),
            title=str(facts["title"]),
            location=str(place),
        )
        if has_control_character(f"{pull.branch}{pull.base}{pull.head}"):
            raise ValueError
        contents = tuple(str(content) for content in facts.get("contents") or ())
        # If people opened it again, closing it is their refusal.
        withdrawn = bool(facts.get("withdrawn")) and pull.state is not PullRequestState.OPEN
        return PullRequestRecord(pull, contents, withdrawn)
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError):
        raise RepositoryError(
            f'{card}: must hold "branch", "base", "head" (without line breaks), "title" and a "state" of open, closed'
            " or merged; "
            "correct it, or delete the folder to forget this pull request"
        ) from None
