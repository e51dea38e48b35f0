"""What `amts parallel-data build` does: the pairs of the whole book, as files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.book.files import json_bytes, write_files
from bot.book.languages import known_language
from bot.book.opening import open_edition, open_source
from bot.book.project import Project, load_project
from bot.book.workers import Runner
from bot.cli.output import Output, number
from bot.drafts.corrections import merged_drafts
from bot.errors import ConfigError, InputError, UsageError, install_hint
from bot.forge.failures import storage_errors
from bot.memory.filters import Rules
from bot.memory.pairs import PairStatus
from bot.memory.reading import FORMATS, read_memory
from bot.model import Direction, TranslationUnit
from bot.parallel_data.book_pairs import ParallelData, build_parallel_data
from bot.parallel_data.files import data_files
from bot.parallel_data.language_detection import detector_version
from bot.parallel_data.options import Format, Level
from bot.report.markdown import counted


@dataclass(frozen=True, slots=True)
class Options:
    """About one source text in `held_out` is held out, none for 0; pairs scored below `min_score` are left out."""

    languages: Sequence[str]
    level: Level
    format: Format
    held_out: int
    min_score: float
    imports: Sequence[Path]
    jobs: int | None


def run(config: Path, options: Options, folder: Path, out: Output) -> None:
    """All files are written at the end, or none."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name a folder with --output")
    project = load_project(config)
    names = project.select(options.languages)
    imported = _read_imports(project, names, options.imports)
    source = open_source(project)
    built: dict[str, ParallelData] = {}
    files: dict[Path, bytes] = {}
    for name in names:
        direction = project.direction(name)
        with out.progress() as advance:
            edition = open_edition(project, source, name, Runner(options.jobs, advance))
            rules = Rules(
                options.min_score, direction.target.length_ratio, options.held_out, refuse_signs=_signs(options)
            )
            drafts = merged_drafts(edition)
            built[name] = build_parallel_data(edition, options.level, rules, imported[name], drafts)
        written = data_files(name, built[name], direction, options.level, options.format)
        files |= {folder / path: data for path, data in written.items()}
    notice = "" if detector_version() else _NO_DETECTOR
    report = {
        "source": source.snapshot.commit,
        "level": options.level.value,
        "format": options.format.value,
        "held_out": options.held_out,
        "min_score": options.min_score,
        "language_detector": detector_version() or None,
        "languages": {name: _report(data) for name, data in built.items()},
    }
    files[folder / "report.json"] = json_bytes(report, indent=1)
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_files(files)
    out.data({"output": str(folder), **report, "aligned": {name: data.aligned for name, data in built.items()}})
    _show(built, folder, notice, out)


_NO_DETECTOR = f"pairs in a wrong language were not looked for; to have that done: {install_hint('parallel-data')}"


def _signs(options: Options) -> bool:
    """Amazon Translate refuses leading signs in CSV and TSV; a TMX may have them."""
    return options.format is not Format.TMX


def _read_imports(
    project: Project, names: Sequence[str], paths: Sequence[Path]
) -> Mapping[str, Sequence[TranslationUnit]]:
    """The units of all files for each language. Raises InputError for a file that has none for any of them."""
    found: dict[str, list[TranslationUnit]] = {name: [] for name in names}
    for path in paths:
        form = FORMATS.get(path.suffix.lower())
        if form is None:
            raise UsageError(f"{path}: is of no known format; import {', '.join(FORMATS)}")
        data = _read(path)
        used = False
        for name in names:
            units = read_memory(data, form, partial(_side, project.direction(name)), path.name)
            found[name] += units
            used = used or bool(units)
        if not used:
            codes = ", ".join(project.config.languages[name].language for name in names)
            raise InputError(f"{path}: has no pairs of {project.config.source.language} and {codes}")
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from None


def _side(direction: Direction, code: str) -> int | None:
    try:
        named = known_language(code)
    except ConfigError:
        return None
    return next((side for side, language in enumerate(direction) if language.name == named.name), None)


def _report(data: ParallelData) -> dict[str, object]:
    return {
        "pairs": len(data.records),
        "fates": {fate.value: count for fate, count in data.counts.items()},
        "sentences": data.sentences,
        "paired": data.paired,
        "covered": data.covered,
        "files": data.files,
        "unread": dict(data.unread),
    }


def _show(built: Mapping[str, ParallelData], folder: Path, notice: str, out: Output) -> None:
    counts = {name: data.counts for name, data in built.items()}
    rows = [
        [fate.value, *(number(found[fate]) for found in counts.values())]
        for fate in PairStatus
        if any(found[fate] for found in counts.values())
    ]
    if rows:
        out.table(["pairs", *built], rows, ["all", *(f"{len(data.records):,}" for data in built.values())])
    for name, data in built.items():
        for reason, number_of_files in Counter(data.unread.values()).items():
            out.say(f"{name}: {counted(number_of_files, 'file')} without pairs: {reason}")
        share = data.covered / data.sentences if data.sentences else 0.0
        size = f"{counted(data.sentences, 'sentence')} of {counted(data.files, 'file')}"
        out.say(f"{name}: {share:.1%} of the {size} covered; {data.aligned:,} aligned, the others unchanged")
    if notice:
        out.say(notice)
    out.say(f"{folder}: written")
