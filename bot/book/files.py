"""Files that the user names: reads documents, and writes results all or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.errors import InputError, UsageError
from bot.forge.failures import storage_errors


def read_document(path: Path) -> str:
    """The text of a document, line ends and byte order mark included. Raises InputError."""
    # Not before: commands that read no document start faster without the formats.
    from bot.documents import decode

    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: does not exist") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; name a document") from None
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from None
    return decode(data, str(path))


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


def json_bytes(value: object, indent: int | None = None) -> bytes:
    """JSON as every command writes it, in UTF-8. The bytes of a path that are not UTF-8 become escapes of JSON, such as
    `\\udce9`."""
    return (json.dumps(value, ensure_ascii=False, indent=indent) + "\n").encode("utf-8", "backslashreplace")


def write_files(files: Mapping[Path, bytes]) -> None:
    """Writes each beside its place, then puts all in their places: what stood there is intact until all is written.

    Raises StorageError where the disk refuses.
    """
    staged: dict[Path, Path] = {}
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
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        staged[path] = Path(file.name)
        file.write(data)
    staged[path].chmod(mode)
