"""People's pairs as a translation memory of DeepL: a new one for each content, since DeepL changes none in place.

The hash of the content stands in the memory's name. What a killed push left behind is found by it, or deleted by the
next push.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from bot.engines.deepl.client import Account, DeepLError
from bot.engines.teaching import ParallelDataContent, ParallelDataState, PushResult, Reason
from bot.errors import EngineError
from bot.memory.formats import to_tmx
from bot.model import TranslationUnit
from bot.network.deadline import uncounted
from bot.network.words import plain

if TYPE_CHECKING:
    from deepl.api_data import TranslationMemoryInfo

_NAME = re.compile(r"(?P<name>[A-Za-z0-9-]+) \((?P<level>\w+) pairs: (?P<pairs>\d+); sha256 (?P<hash>[0-9a-f]{64})\)")
_PAGE_SIZE = 25
_MISSING = 404
_MEDIA_TYPE = "application/xml"


@dataclass(frozen=True)
class DeepLMemory:
    """The ParallelDataService of one language."""

    connection: Account

    @property
    def name(self) -> str:
        return self.connection.resource

    @property
    def region(self) -> str:
        return self.connection.host

    def is_due(self) -> bool:
        return self.connection.settings.refresh == "every-run"

    def id(self) -> str:
        """The memory's id in DeepL; "" if there is none."""
        ours = self._ours()
        return str(ours[0].translation_memory_id) if ours else ""

    def find(self) -> ParallelDataState | None:
        ours = self._ours()
        return _state(ours[0]) if ours else None

    def list_all(self) -> Iterator[ParallelDataState]:
        yield from map(_state, self._list())

    def reasons(self) -> list[Reason]:
        """DeepL gives none."""
        return []

    def push(self, content: ParallelDataContent, *, force: bool = False) -> PushResult:
        """Raises EngineError, with DeepL's reason, if it refuses the content."""
        ours = self._ours()
        current = next((info for info in ours if _state(info).hash == content.hash), None)
        changed = current is None or force
        if changed:
            current = self._import(content)
        assert current is not None
        for info in ours:
            if info.translation_memory_id != current.translation_memory_id:
                self._delete(info)
        return PushResult(changed, _state(current), ())

    def download(self) -> tuple[ParallelDataState, bytes] | None:
        """The content as TMX."""
        ours = self._ours()
        if not ours:
            return None
        doing = f"exporting the translation memory {self.name}"
        ask, known = self.connection.ask, ours[0].translation_memory_id
        export = ask(doing, lambda client: client.create_translation_memory_export(known))
        job = self._done(export.job_id, doing)
        answer: Any = ask(doing, lambda client: client.download_translation_memory_export(job))
        return _state(ours[0]), bytes(answer.content)

    def delete(self) -> bool:
        ours = self._ours()
        for info in ours:
            self._delete(info)
        return bool(ours)

    def _ours(self) -> list[TranslationMemoryInfo]:
        """Those of this language, the newest first."""
        ours = [info for info in self._list() if _state(info).name == self.name]
        return sorted(ours, key=lambda info: (str(info.creation_time), str(info.translation_memory_id)), reverse=True)

    def _list(self) -> Iterator[TranslationMemoryInfo]:
        doing = "listing the translation memories"
        for page in range(self.connection.network.list_pages):
            infos = self.connection.ask(
                doing,
                lambda client, page=page: client.list_translation_memories(page, _PAGE_SIZE),  # type: ignore[misc]
            )
            yield from infos
            if len(infos) < _PAGE_SIZE:
                return
        raise DeepLError(f"{doing}: the list has no end (more than network.list_pages pages); check `server_url`")

    def _import(self, content: ParallelDataContent) -> TranslationMemoryInfo:
        doing = f"importing the translation memory {self.name}"
        data = _tmx(content)
        display = f"{self.name} ({content.level} pairs: {content.pairs}; sha256 {content.hash})"
        ask = self.connection.ask
        created = ask(
            doing,
            lambda client: client.create_translation_memory_import(
                f"{self.name}.tmx", len(data), content_type=_MEDIA_TYPE, display_name=display
            ),
        )
        if self.connection.url.startswith("https:") and not str(created.upload_url).startswith("https:"):
            raise DeepLError(f"{doing}: DeepL names an address that is not safe; check `server_url`")
        ask(doing, lambda client: client.upload_translation_memory_file(created, data, _MEDIA_TYPE))
        job = self._done(created.job_id, doing)
        known = str(job.result.translation_memory_id)
        return ask(doing, lambda client: client.get_translation_memory(known))

    def _done(self, job_id: str, doing: str) -> Any:
        """The job when it is done. Raises EngineError if it failed or takes too long."""
        settings = self.connection.settings
        waited = 0.0
        while True:
            job = self.connection.ask(doing, lambda client: client.get_translation_memory_job(job_id))
            if job.done:
                break
            if waited > settings.timeout_minutes * 60:
                raise EngineError(f"{doing}: is not done after {settings.timeout_minutes:g} minutes; run again later")
            with uncounted():
                self.connection.sleep(settings.poll_seconds)
            waited += settings.poll_seconds
        if not job.ok:
            reason = plain(str((job.result and job.result.error_message) or job.status)).rstrip(".")
            raise EngineError(
                f"{doing}: DeepL did not take it: {reason}; look at the pairs (`amts parallel-data build`), or set"
                " `parallel_data: none`"
            )
        return job

    def _delete(self, info: TranslationMemoryInfo) -> None:
        with suppress_missing():
            self.connection.ask(
                f"deleting the translation memory {self.name}", lambda client: client.delete_translation_memory(info)
            )


class suppress_missing(suppress):  # noqa: N801  # as contextlib's
    """For what another run has deleted already."""

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        return isinstance(error, DeepLError) and error.status == _MISSING


def _tmx(content: ParallelDataContent) -> bytes:
    """The pairs of the CSV file, below its two codes."""
    rows = list(csv.reader(io.StringIO(content.data.decode("utf-8"), newline="")))
    (source, target), pairs = rows[0], rows[1:]
    units = [TranslationUnit(pair[0], pair[1], "") for pair in pairs]
    return to_tmx(units, source, target, version=version("amts"), segments=content.level).encode("utf-8")


def _state(info: TranslationMemoryInfo) -> ParallelDataState:
    match = _NAME.fullmatch(str(info.name))
    found: Mapping[str, str] = match.groupdict() if match else {}
    pairs = int(found.get("pairs", 0))
    return ParallelDataState(
        name=found.get("name") or str(info.name),
        status="ACTIVE",
        update="",
        hash=found.get("hash", ""),
        level=found.get("level", ""),
        pairs=pairs,
        message="",
        imported=info.segment_count,
        skipped=max(0, pairs - info.segment_count),
        failed=0,
        characters=0,
        source=info.source_language,
        targets=tuple(info.target_languages),
        file="",
        created=info.creation_time,
        updated=info.updated_time,
        attempted=None,
    )
