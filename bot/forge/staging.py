"""What is made before it takes its place: files, and folders, of which those of killed processes are swept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp


@contextmanager
def staging(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder in `parent` that is gone after the block. Raises OSError."""
    sweep(parent, prefix)
    while True:
        folder = Path(mkdtemp(dir=parent, prefix=prefix))
        with suppress(FileNotFoundError):
            # Its maker lives as long as it holds this.
            descriptor = os.open(folder, os.O_RDONLY)
            flock(descriptor, LOCK_EX)
            if folder.exists():
                break
            os.close(descriptor)  # another process swept it before it was locked
    try:
        yield folder
    finally:
        os.close(descriptor)
        shutil.rmtree(folder, ignore_errors=True)


def sweep(parent: Path, prefix: str) -> None:
    """Deletes the folders in `parent` whose makers are dead."""
    for folder in parent.glob(f"{prefix}*"):
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                flock(descriptor, LOCK_EX | LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file, and its folder, in one step: who reads it finds what was there before, or all of `data`. Raises
    OSError, and then leaves all as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = stage_file(path, data)
    try:
        staged.replace(path)
    except OSError:
        staged.unlink(missing_ok=True)
        raise


def stage_file(path: Path, data: bytes) -> Path:
    """A new file beside `path`, to be moved there. Raises OSError, and then leaves nothing: on a full disk, what was
    begun would take the last room."""
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        staged = Path(file.name)
        try:
            file.write(data)
            file.flush()
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
    return staged
