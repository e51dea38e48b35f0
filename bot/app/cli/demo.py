"""`amts demo`: a sample book whose English moves on, synced in two languages, all on this machine."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

from bot.app.cli.output import Output
from bot.app.cli.sync import Wanted, report_language, sync_all
from bot.app.project import load_project
from bot.app.sample_book import build_sample
from bot.errors import UsageError
from bot.forge.failures import storage_errors

_PREVIEW_LINES = 40


def run(folder: Path | None, out: Output) -> None:
    """Raises UsageError where the folder holds something already."""
    place = _place(folder)
    build_sample(place)
    out.heading("AMTS demo: a small book in English, with human translations into Chinese and Spanish")
    out.say(f"The repositories are in {place}. The English has moved on since they were translated.")
    out.say("A small phrasebook stands in for a machine translation service; it knows the sentences of this demo only.")
    synced, errors = sync_all(load_project(place / "amts.yaml"), Wanted(), out)
    for error in errors.values():
        raise error
    pulls = {one.language: one.pull_request for one in synced if one.pull_request}
    for language, pull in pulls.items():
        out.heading(f"The {language} pull request: {pull.title}")
        _show_start((Path(pull.location) / "body.md").read_text(encoding="utf-8"), out)
    out.data({"folder": str(place), "languages": [report_language(one) for one in synced]})
    out.heading("Look further")
    for language, pull in pulls.items():
        out.say(f"git -C {place / language} diff main {pull.branch}    # what the {language} pull request changes")
        out.say(f"{pull.location}    # its body, its patch and its thread")
    out.say(f"amts status --config {place / 'amts.yaml'}")


def _place(folder: Path | None) -> Path:
    if folder is None:
        with storage_errors("the folder for temporary files"):
            return Path(mkdtemp(prefix="amts-demo-"))
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name a new folder with --dir")
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder}: is not empty; name a new folder with --dir")
    return folder.resolve()


def _show_start(body: str, out: Output) -> None:
    lines = body.splitlines()
    for line in lines[:_PREVIEW_LINES]:
        out.say(f"  {line}")
    if len(lines) > _PREVIEW_LINES:
        out.say(f"  … {len(lines) - _PREVIEW_LINES} more lines in body.md")
