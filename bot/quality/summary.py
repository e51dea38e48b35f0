"""The BLEU summary of one pull request: the section of its body, and the hidden measurements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot import pipeline
from bot.book.edition import LanguageEdition, SyncOptions
from bot.book.state import TranslatedFile
from bot.documents import decode
from bot.drafts.corrections import recent_drafts
from bot.errors import InputError
from bot.forge.base import PullRequest
from bot.model import Kind, Language, PlaceableKind
from bot.quality.measurement import score_language
from bot.report.scores import RecentDrafts, hide_scores, read_scores, scores_section, with_scores

# Of a body of 46,000 characters.
_MAX_SECTION = 8_000
_SEGMENT_NAMES = {
    Kind.PARAGRAPH: "sentences of text",
    Kind.HEADING: "headings",
    Kind.CAPTION: "captions",
    Kind.CELL: "table cells",
    Kind.MATH: "formulas",
    Kind.CODE: "code blocks",
    Kind.IMAGE: "images",
}
_PLACEABLE_NAMES = {
    PlaceableKind.MATH: "formulas in text",
    PlaceableKind.CODE: "code in text",
    PlaceableKind.ROLE: "references",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """`section` is Markdown; `marker` the hidden measurements, "" if there are none."""

    section: str = ""
    marker: str = ""


def summarize_scores(
    edition: LanguageEdition,
    pull: PullRequest | None,
    contents: Mapping[TranslatedFile, bytes | None],
    options: SyncOptions,
    spent: Decimal = Decimal(0),
) -> Summary:
    """For the pull request that writes `contents`; `pull` is the open one; `spent` (US dollars) is what this run's
    translations cost. Nothing is told of an engine that translates nothing, unless the settings ask for it. Raises
    PendingError if a measurement takes time that nobody waits for, RepositoryError if the host can't be asked for
    earlier pull requests."""
    translates = edition.project.engine(edition.name).translates_anything
    if edition.settings.measure is False or (edition.settings.measure is None and not translates):
        return Summary()
    # Earlier measurements, oldest first: of the open pull request, else of the latest merged one.
    history = read_scores(pull.body) if pull else []
    if not history and (latest := edition.fetch_merged(1)):
        history = read_scores(latest[0].pull.body)
    scores = score_language(
        edition, options.tell, history=history, dry_run=options.dry_run, wait=options.wait, spent=spent
    )
    drafts = recent_drafts(edition) if translates else RecentDrafts()
    files = file_contents({file.new_path: data for file, data in contents.items()}, edition.direction.target)
    section = scores_section(scores, history, _MAX_SECTION, files, drafts)
    return Summary(section, hide_scores(with_scores(history, scores)))


def file_contents(contents: Mapping[str, bytes | None], language: Language) -> dict[str, Mapping[str, int]]:
    """The amount of each kind of text by file, sorted by path. `contents` has the new bytes of a file, None for a
    deleted one. A file that can't be read is left out: it is reported elsewhere."""
    counts: dict[str, Mapping[str, int]] = {}
    for path, data in sorted(contents.items()):
        if data is None:
            continue
        try:
            segments = pipeline.parse(decode(data, path), language, path).segments
        except InputError:
            continue
        kinds = Counter(segment.kind for segment in segments)
        inside = Counter(placeable.kind for segment in segments for placeable in segment.placeables)
        counts[path] = {name: kinds[kind] for kind, name in _SEGMENT_NAMES.items()} | {
            name: inside[placeable] for placeable, name in _PLACEABLE_NAMES.items()
        }
    return counts
