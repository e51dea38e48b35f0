"""Files that the user names: reading documents, and writing results all or nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.documents import decode
from bot.errors import InputError
from bot.forge.failures import storage_errors


def read_document(path: Path) -> str:
    """The text of a document, line ends and byte order mark included. Raises InputError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: does not exist") from None
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from None
    return decode(data, str(path))


def write_file(path: Path, data: bytes) -> None:
    """Write beside the file, then put it in its place: what stood there is intact until all is written.

    Raises StorageError where the disk refuses.
    """
    with storage_errors(path):
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = Path(file.name)
            try:
                file.write(data)
                file.flush()
                if path.exists():
                    temporary.chmod(path.stat().st_mode & 0o777)
                else:
                    temporary.chmod(0o644)
            except OSError:
                temporary.unlink()
                raise
        temporary.replace(path)
