"""`amts emulator`: a local stand-in for Amazon Translate and S3, until it is interrupted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.book.files import json_bytes
from bot.cli.commands import stop_signals
from bot.cli.options import given
from bot.cli.output import Output, make_output
from bot.emulator import EmulatorSettings, Fallback
from bot.errors import UsageError, install_hint

if TYPE_CHECKING:
    from bot.emulator.server import Emulator


@given(make_output)
def command(
    out: Output,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port (0: a free one).")] = 0,
    memory: Annotated[
        list[Path] | None,
        typer.Option(help="Recorded translations to answer from: TMX, CSV, TSV or XLIFF (repeatable)."),
    ] = None,
    fallback: Annotated[
        Fallback, typer.Option(help="The answer to any other text: the text with accents, or a copy of it.")
    ] = Fallback.PSEUDO,
    bucket: Annotated[list[str] | None, typer.Option(help="A bucket that exists from the start (repeatable).")] = None,
    job_seconds: Annotated[float, typer.Option(min=0, help="How long a batch job takes.")] = 5.0,
) -> None:
    settings = EmulatorSettings(
        port=port, memory=tuple(memory or ()), buckets=tuple(bucket or ()), fallback=fallback, job_seconds=job_seconds
    )
    run(settings, out)


def make_emulator(settings: EmulatorSettings) -> Emulator:
    """An emulator that is not started yet. Raises UsageError if the extra is not installed, InputError for a memory
    file that can't be read."""
    try:
        from bot.emulator.server import Emulator

        return Emulator(settings)
    except ModuleNotFoundError as error:
        raise UsageError(f"the emulator needs {error.name}: {install_hint('emulator')}") from None


def run(settings: EmulatorSettings, out: Output) -> None:
    """Prints the address and serves until SIGINT or SIGTERM, which end it cleanly. Raises UsageError if the extra is
    not installed or the port is not available, InputError for a memory file that can't be read."""
    made = make_emulator(settings)
    with stop_signals() as ended, made as emulator:
        if out.as_json:
            out.result(json_bytes({"endpoint_url": emulator.endpoint_url}))
        out.say(f"Emulator of Amazon Translate and S3 at {emulator.endpoint_url}")
        out.say("Its translations do not come from Amazon, and nothing is billed. To use it from another terminal:")
        out.say(f"  export AWS_ENDPOINT_URL={emulator.endpoint_url} AWS_DEFAULT_REGION=us-east-1")
        out.say("  export AWS_ACCESS_KEY_ID=emulator AWS_SECRET_ACCESS_KEY=emulator")
        out.say(f"Its jobs, calls and bills: {emulator.endpoint_url}/_emulator/state. Press Control-C to end it.")
        ended.wait()
    out.say("Emulator ended; its buckets and jobs are gone.")
