"""What kind of text the files of a pull request hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bot import pipeline
from bot.documents import decode
from bot.errors import InputError
from bot.model import Document, Kind, Language, PlaceableKind
from bot.report.scores import FileText

_NAMES = {
    Kind.PARAGRAPH: "sentences of text",
    Kind.HEADING: "headings",
    Kind.CAPTION: "captions",
    Kind.CELL: "table cells",
    Kind.MATH: "formulas",
    Kind.CODE: "code blocks",
    Kind.IMAGE: "images",
}
_INSIDE = {PlaceableKind.MATH: "formulas in text", PlaceableKind.CODE: "code in text", PlaceableKind.ROLE: "references"}


def file_texts(contents: Mapping[str, bytes | None], language: Language) -> list[FileText]:
    """Of each file that is written (path to new bytes, None for a deleted one), sorted by path; what is no text is left
    out, since it is reported elsewhere."""
    found = []
    for path, data in sorted(contents.items()):
        if data is not None:
            try:
                found.append(_file_text(path, pipeline.parse(decode(data, path), language)))
            except InputError:
                continue
    return found


def _file_text(path: str, document: Document) -> FileText:
    counts: Counter[str] = Counter()
    for segment in document.segments:
        counts[_NAMES.get(segment.kind, "")] += 1
        counts.update(_INSIDE.get(placeable.kind, "") for placeable in segment.placeables)
    names = [*_NAMES.values(), *_INSIDE.values()]
    characters = sum(len(segment.text) for segment in document.segments if segment.is_prose)
    return FileText(path, {name: counts[name] for name in names}, characters)
