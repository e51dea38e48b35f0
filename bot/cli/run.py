"""`amts run`: the service, until a signal stops it."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.commands import stop_signals
from bot.cli.options import DEFAULT_CONFIG, Jobs
from bot.errors import AmtsError, UsageError, install_hint
from bot.network.processes import end_processes

_LOG = logging.getLogger(__name__)
_CHECK_SECONDS = 5.0


def command(
    configs: Annotated[
        list[Path] | None, typer.Option("--config", "-c", help="A configuration file (repeatable).")
    ] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on (default: the configuration's).")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port, 0 for a free one (default: the configuration's).")
    ] = None,
    jobs: Jobs = None,
) -> None:
    """Serves until SIGINT or SIGTERM. Raises UsageError if the extra is not installed or the port is not available,
    ConfigError for a configuration that is not valid."""
    try:
        from bot.service.logs import log_to
        from bot.service.projects import Projects
        from bot.service.schedule import Schedule, SteadyScheduler, check_times
        from bot.service.server import Server
        from bot.service.service import Service
        from bot.service.web import create_app
        from bot.service.webhooks import webhook_secrets
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("bot"):
            raise
        raise UsageError(f"the service needs {error.name}: {install_hint('service')}") from None
    with stop_signals() as stopped:
        secrets = webhook_secrets(os.environ)
        projects = Projects(configs or [DEFAULT_CONFIG], jobs)
        for config, section in projects.settings.items():
            check_times(config, section)
        log_to()
        settings = next(iter(projects.settings.values()))
        changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
        web = settings.web.model_copy(update=changes)
        if not secrets:
            _LOG.warning("AMTS_WEBHOOK_SECRET is not set: webhooks are refused, changes are found by schedule alone")
        schedule = Schedule(SteadyScheduler(timezone="UTC"))
        service = Service(projects.subscriptions(), projects.settings, projects, schedule)
        with Server(create_app(service, secrets, web), web) as server:
            service.start()
            _LOG.info("the service listens", extra={"url": server.url})
            while not stopped.wait(_CHECK_SECONDS):
                if not server.is_alive:
                    raise AmtsError("the web server ended; the log says why, so mend that and start again")
            _LOG.info("the service stops")
            left = service.stop(settings.stop_seconds)
    for language in left:
        _LOG.warning("%s: still at work, and left behind; the next start takes it up", language)
    _LOG.info("the service ended")
    if left:
        # Python would wait for the threads; a kill at any point loses nothing, so this one does not either.
        end_processes()
        logging.shutdown()
        os._exit(0)
