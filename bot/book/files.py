"""Files that the user names: reads documents, and writes results all or nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import InputError, UsageError
from bot.forge.failures import storage_errors
from bot.forge.staging import stage_file
from bot.markup.visible import visible_json


@dataclass(frozen=True, slots=True)
class FilePair:
    """A line of a list of documents: the files to align, the file for the links, and the place of the line."""

    source: Path
    target: Path
    output: Path
    place: str


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that the user named. Raises InputError if it can't be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: does not exist") from None
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from None


def read_document(path: Path) -> str:
    """The text of a document, line ends and byte order mark included. Raises InputError."""
    # Not before: commands that read no document start faster without the formats.
    from bot.documents import decode

    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a document")
    return decode(read_bytes(path), str(path))


def check_outputs(*paths: Path | None) -> None:
    """Before any work is done: raises UsageError for a place that can't be written, or that is named twice."""
    named = [path for path in paths if path is not None]
    for path in named:
        if path.is_dir():
            raise UsageError(f"{path}: is a folder; name the file to write in it")
        if not path.parent.is_dir():
            raise UsageError(f"{path}: there is no folder {path.parent}; create it first")
    if len({path.resolve() for path in named}) < len(named):
        raise UsageError(f"{named[0]}: is named for two results; name two files")


def check_folder(folder: Path, option: str = "--output") -> None:
    """Raises UsageError for a folder that can't be written because it is a file."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name a folder with {option}")


def json_bytes(value: object, indent: int | None = None) -> bytes:
    """JSON as every command writes it, in UTF-8. Invisible characters, and the bytes of a path that are not UTF-8, are
    escapes of JSON, such as `\\udce9`."""
    return (visible_json(json.dumps(value, ensure_ascii=False, indent=indent)) + "\n").encode()


def read_file_pairs(listing: Path) -> list[FilePair]:
    """The lines of the list without blank ones. Raises InputError and UsageError with the number of the line."""
    pairs: list[FilePair] = []
    for number, line in enumerate(read_document(listing).splitlines(), 1):
        if not line.strip():
            continue
        place = f"{listing}, line {number}"
        fields = line.split("\t")
        if len(fields) != 3 or not all(field.strip() for field in fields):
            raise InputError(f"{place}: must hold a source file, a target file and an output file, with tabs between")
        pairs.append(FilePair(Path(fields[0]), Path(fields[1]), Path(fields[2]), place))
        try:
            check_outputs(pairs[-1].output)
        except UsageError as error:
            raise UsageError(f"{place}: {error}") from None
    if not pairs:
        raise InputError(f"{listing}: names no documents; a line is a source file, a target file and an output file")
    outputs = Counter(pair.output.resolve() for pair in pairs)
    for pair in reversed(pairs):
        if outputs[pair.output.resolve()] > 1:
            raise UsageError(f"{pair.place}: {pair.output} is the output of another line too; name one file a line")
    return pairs


def write_files(files: Mapping[Path, bytes]) -> None:
    """Writes all files or none: each beside its place, then all into their places. Creates missing folders.

    Raises StorageError if the disk refuses.
    """
    staged: dict[Path, Path] = {}
    for folder in {path.parent for path in files}:
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
    try:
        for path, data in files.items():
            with storage_errors(path):
                _stage(path.resolve(), data, staged)
        for path, temporary in staged.items():
            with storage_errors(path):
                temporary.replace(path)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def _stage(path: Path, data: bytes, staged: dict[Path, Path]) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    staged[path] = stage_file(path, data)
    staged[path].chmod(mode)
