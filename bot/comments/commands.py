"""All slash-commands, in the order in which people are shown them. A new command is registered here."""

from __future__ import annotations

from collections.abc import Mapping

from bot.comments import accept, align, bleu, cost, explain, help, keep, pause, retranslate, status, sync, term
from bot.comments.case import PullRequestCommand
from bot.comments.parsing import Form

Command = help.Help | status.Status | PullRequestCommand

_FORMS: tuple[Form[Command], ...] = (
    help.FORM,
    status.FORM,
    sync.FORM,
    retranslate.FORM,
    explain.FORM,
    align.FORM,
    bleu.FORM,
    term.FORM,
    keep.KEEP,
    keep.UNKEEP,
    accept.FORM,
    pause.PAUSE,
    pause.RESUME,
    cost.FORM,
)

COMMANDS: Mapping[str, Form[Command]] = {form.name: form for form in _FORMS}
