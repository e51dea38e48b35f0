"""`amts demo`: a sample book whose English has changed, synced into two languages, mostly through the emulator."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING, Annotated

import typer

from bot.book.files import check_folder
from bot.cli.emulator import make_emulator
from bot.cli.opened import OpenedProject, load_project
from bot.cli.options import given
from bot.cli.output import Output, make_output
from bot.cli.sync import SyncRequest, sync_all, sync_report
from bot.emulator import EmulatorSettings, Fault, FaultKind
from bot.errors import UsageError
from bot.forge.failures import storage_errors

if TYPE_CHECKING:
    from bot.emulator.service import EmulatorState
    from bot.forge.base import PullRequest
    from bot.sync.results import Synced

BUCKET = "amts-demo"
"""The bucket in the sample's amts.yaml."""

_JOB_SECONDS = 0.5
_APERTIUM_PAIR = "eng-spa"
_APERTIUM_INSTALL = "apt-get install apertium apertium-eng-spa"
_LIST_SECONDS = 60.0
_MAX_PREVIEW_LINES = 38
# Backslashes of Markdown: at a line end, and before punctuation. A terminal needs neither.
_MARKUP = re.compile(r"(`[^`]*`)|\\([!-/:-@\[-`{-~]|$)|</?(?:code|del|b)>")
_WORD_MARKS = {"<del>": "[-", "</del>": "-]", "<b>": "{+", "</b>": "+}"}
# The emulator always loses the reference in this sentence.
_DAMAGED_SENTENCE = "The readings of*hold no such surprise."
# Hides the user's AWS account from this process, and the emulator from proxies.
_AWS_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "emulator",
    "AWS_SECRET_ACCESS_KEY": "emulator",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "NO_PROXY": "127.0.0.1",
    "no_proxy": "127.0.0.1",
}


@given(make_output)
def command(
    out: Output,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="A new folder for the sample book (default: a temporary one).")
    ] = None,
    apertium: Annotated[
        bool | None,
        typer.Option(
            "--apertium/--no-apertium",
            help="Whether Debian's Apertium translates into Spanish (default: where it is installed).",
            show_default=False,
        ),
    ] = None,
) -> None:
    run(folder, out, apertium)


def run(folder: Path | None, out: Output, apertium: bool | None = None) -> None:
    """`apertium` says whether that translates into Spanish; None: where it is installed. Raises UsageError if the
    folder is not empty, or what the emulator or `apertium` needs is not installed."""
    from bot.cli.sample_book import build_sample, memory_files

    is_installed = _has_apertium() if apertium is not False else False
    if apertium and not is_installed:
        raise UsageError(
            f"Apertium with {_APERTIUM_PAIR} is not installed: {_APERTIUM_INSTALL}; or leave out --apertium"
        )
    with memory_files() as files:
        emulator = make_emulator(EmulatorSettings(memory=files, buckets=(BUCKET,), job_seconds=_JOB_SECONDS))
    place = _place(folder)
    build_sample(place, "apertium" if is_installed else "translate")
    out.heading("AMTS demo: a small book in English, with human translations into Chinese and Spanish")
    out.say(f"The repositories are in {place}. The English has changed since it was translated.")
    with _environment(), emulator:
        os.environ["AWS_ENDPOINT_URL"] = emulator.endpoint_url
        emulator.add_fault(Fault(FaultKind.LOSE, _DAMAGED_SENTENCE))
        out.say(f"A local emulator of Amazon Translate and S3 runs at {emulator.endpoint_url}: nothing is billed.")
        out.say("It has translations for the sentences of this demo; any other sentence it returns with accents.")
        out.say("Its BLEU says nothing about Amazon Translate. The prices are Amazon's.")
        if is_installed:
            out.say("Spanish is translated by Apertium, a real machine on this computer; the emulator serves Chinese.")
        elif apertium is None:
            out.say(f"A real machine translates into Spanish where Apertium is installed: {_APERTIUM_INSTALL}")
        synced = _sync(place, out)
        _show_service(emulator.state(), out)
    out.data({"folder": str(place), "languages": [sync_report(result) for result in synced]})
    pulls = {result.language: result.pull_request for result in synced if result.pull_request}
    for language, pull in pulls.items():
        out.heading(f"The pull request for {language}: “{pull.title}”")
        _show_start((Path(pull.location) / "body.md").read_text(encoding="utf-8"), out)
    _show_next_steps(place, pulls, out)


def _place(folder: Path | None) -> Path:
    if folder is None:
        with storage_errors("the folder for temporary files"):
            return Path(mkdtemp(prefix="amts-demo-"))
    check_folder(folder, "--dir")
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder}: is not empty; name a new folder with --dir")
    return folder.resolve()


def _has_apertium() -> bool:
    if which("apertium") is None:
        return False
    listed = subprocess.run(["apertium", "-l"], capture_output=True, text=True, check=False, timeout=_LIST_SECONDS)
    return _APERTIUM_PAIR in listed.stdout.split()


@contextmanager
def _environment() -> Iterator[None]:
    saved = dict(os.environ)
    for name in saved:
        if name.startswith("AWS_"):
            del os.environ[name]
    os.environ.update(_AWS_ENVIRONMENT)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(saved)


def _sync(place: Path, out: Output) -> Sequence[Synced]:
    with TemporaryDirectory(prefix="amts-demo-cache-") as cache:
        project = replace(load_project(place / "amts.yaml"), cache=Path(cache))
        # One process: with the emulator's threads in it, it must not be forked.
        opened = OpenedProject(project, (), 1, out)
        synced, errors = sync_all(opened, SyncRequest())
    for error in errors.values():
        raise error
    return synced


def _show_service(state: EmulatorState, out: Output) -> None:
    """The work of the service, as the emulator recorded it."""
    out.heading("What the emulator received")
    records = {data.name: data.records for data in state.parallel_data}
    # A measurement deletes what it taught.
    measured = [job for job in state.jobs if job.parallel_data not in records]
    for job in state.jobs:
        if job in measured:
            continue
        pairs = f"{records[job.parallel_data]:,} sentence pairs as parallel data"
        terms = ", a glossary as terminology" if job.terminology else ""
        size = f"{job.documents} documents with {sum(job.billed.values()):,} characters"
        out.say(f"{', '.join(job.targets)}: {pairs}{terms}, and a job of {size}")
    characters = sum(sum(job.billed.values()) for job in measured)
    out.say(f"{len(measured)} jobs with {characters:,} characters measured it on sentences that it was not taught")
    again = ", ".join(f"{characters:,} characters ({pair})" for pair, characters in sorted(state.billed.items()))
    out.say(f"Sentences that came back without their reference were sent again, alone: {again}")


def _show_start(body: str, out: Output) -> None:
    lines, is_code = body.splitlines(), False
    for line in lines[:_MAX_PREVIEW_LINES]:
        is_code ^= line.strip().startswith("```")
        out.say(f"  {line if is_code else _unescaped(line)}")
    if len(lines) > _MAX_PREVIEW_LINES:
        out.say(f"  … {len(lines) - _MAX_PREVIEW_LINES} more lines in body.md")


def _unescaped(line: str) -> str:
    """A line of Markdown without escapes (between backticks there are none), and with word differences as of git."""
    return _MARKUP.sub(lambda found: _WORD_MARKS.get(found[0], found[1] or found[2] or ""), line)


def _show_next_steps(place: Path, pulls: Mapping[str, PullRequest], out: Output) -> None:
    from bot.cli.sample_book import MEMORIES

    out.heading("Next steps")
    for language, pull in pulls.items():
        out.say(f"git -C {place / language} diff main {pull.branch}    # what the {language} pull request changes")
        out.say(f"{pull.location}    # the folder with its text, its patch and its comments")
    out.say(f"amts status --config {place / 'amts.yaml'}")
    out.say("The emulator has ended. To change the English and sync again, start another and export its variables:")
    memories = " ".join(f"--memory {place / name}" for name in MEMORIES)
    out.say(f"amts emulator {memories} --bucket {BUCKET} --job-seconds 0")
