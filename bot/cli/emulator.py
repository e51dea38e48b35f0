"""`amts emulator`: a local stand-in for Amazon Translate and S3, until it is interrupted."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from bot.book.files import json_bytes
from bot.cli.output import Output
from bot.emulator import EmulatorSettings
from bot.errors import UsageError, install_hint

if TYPE_CHECKING:
    from bot.emulator.server import Emulator


def make_emulator(settings: EmulatorSettings) -> Emulator:
    """An emulator that was not started yet. Raises UsageError where the extra is not installed, InputError for a memory
    file that can't be read."""
    try:
        from bot.emulator.server import Emulator

        return Emulator(settings)
    except ModuleNotFoundError as error:
        raise UsageError(f"the emulator needs {error.name}: {install_hint('emulator')}") from None


def run(settings: EmulatorSettings, out: Output) -> None:
    """Tells the address and serves until SIGINT or SIGTERM, which end it cleanly. Raises UsageError where the extra is
    not installed or the port can't be had, InputError for a memory file that can't be read."""
    made = make_emulator(settings)
    ended = threading.Event()
    handlers = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with made as emulator:
            if out.as_json:
                out.result(json_bytes({"endpoint_url": emulator.endpoint_url}))
            out.say(f"Emulator of Amazon Translate and S3 at {emulator.endpoint_url}")
            out.say("Nothing it says comes from Amazon, and nothing is billed. To use it from another terminal:")
            out.say(f"  export AWS_ENDPOINT_URL={emulator.endpoint_url} AWS_DEFAULT_REGION=us-east-1")
            out.say("  export AWS_ACCESS_KEY_ID=emulator AWS_SECRET_ACCESS_KEY=emulator")
            out.say(f"What it has done: {emulator.endpoint_url}/_emulator/state. Control-C ends it.")
            ended.wait()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    out.say("Emulator ended; its buckets and jobs are gone.")
