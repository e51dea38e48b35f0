"""What goes on when something fails: the other languages. Every failure is told, and counted in the exit code."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from bot.errors import AmtsError, UnforeseenError
from bot.forge.failures import redacted, storage_failure
from bot.report.markdown import counted

_MAX_LETTERS = 300
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})


@contextmanager
def foreseen() -> Iterator[None]:
    """Turns every exception of its block that is no AmtsError into one: a bug, or no memory. Its traceback is kept."""
    try:
        yield
    except (AmtsError, BrokenPipeError):
        # Of a broken pipe the reader knows: it has had enough.
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise storage_failure(str(error.filename or "the disk"), error.strerror or "it is full") from error
        raise UnforeseenError(f"{_described(error)}; {_keep(error)}") from error
    except Exception as error:
        raise UnforeseenError(f"{_described(error)}; {_keep(error)}") from error


@dataclass
class Failures:
    """Why languages (or what else stands by itself) failed, by name."""

    errors: dict[str, AmtsError] = field(default_factory=dict)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Records the failure of its block, whatever it is."""
        try:
            with foreseen():
                yield
        except AmtsError as error:
            self.errors[name] = error

    @property
    def reasons(self) -> dict[str, str]:
        return {name: str(error) for name, error in self.errors.items()}

    def raise_all(self, done: str) -> None:
        """Raises an error with the reasons of all failures and the exit code of the first, if there is one."""
        if self.errors:
            lines = "\n".join(f"{name}: {reason}" for name, reason in self.reasons.items())
            failure = AmtsError(f"{counted(len(self.errors), 'language')} could not be {done}\n{lines}")
            failure.exit_code = next(iter(self.errors.values())).exit_code
            raise failure


def _described(error: Exception) -> str:
    """The kind of error, its first line, and where it was raised."""
    lines = redacted(str(error)).splitlines() or [""]
    said = f"{type(error).__name__}{f': {lines[0][:_MAX_LETTERS]}' if lines[0] else ''}"
    places = [place for place in traceback.extract_tb(error.__traceback__) if "bot" in Path(place.filename).parts]
    where = f" ({Path(places[-1].filename).name}, line {places[-1].lineno})" if places else ""
    if isinstance(error, MemoryError):
        return f"the memory is used up: {said}{where}"
    return f"this is a bug of amts: {said}{where}"


def _keep(error: Exception) -> str:
    """Writes the traceback into a file of the cache folder, named by its content; a few words on where it is. A runner
    of GitHub Actions throws its disk away, so there it is in the log."""
    from bot.book.project import cache_folder

    text = redacted("".join(traceback.format_exception(error)))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        sys.stderr.write(text)
        return "the log has the traceback"
    place = cache_folder(os.environ) / "failures" / f"{sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}.txt"
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8", errors="backslashreplace")
        return f"its traceback is in {place}"
    sys.stderr.write(text)
    return "its traceback is above"
