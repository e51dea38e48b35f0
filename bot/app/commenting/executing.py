"""Which function carries out which command."""

from __future__ import annotations

from bot.app.commenting import overview, recording
from bot.app.commenting.case import Case, Reply
from bot.app.commenting.examining import align_file, explain_place, score_machine
from bot.app.commenting.retranslating import retranslate
from bot.app.commenting.terms import add_term, list_terms
from bot.app.commenting.updating import sync
from bot.commands import Command
from bot.commands.accept import Accept
from bot.commands.align import Align
from bot.commands.answers import done_before
from bot.commands.bleu import Bleu
from bot.commands.cost import Cost
from bot.commands.explain import Explain
from bot.commands.keep import Keep
from bot.commands.pause import Pause
from bot.commands.resume import Resume
from bot.commands.retranslate import Retranslate
from bot.commands.sync import Sync
from bot.commands.term import AddTerm, ListTerms
from bot.commands.unkeep import Unkeep


def execute(command: Command, case: Case) -> Reply:
    """Raises AmtsError where it can't be done, MovedError where people pushed meanwhile, PendingError where a batch job
    goes on."""
    earlier = case.earlier_commit()
    if earlier is not None:
        return Reply(done_before(*earlier))
    match command:
        case Sync():
            return sync(command, case)
        case Retranslate():
            return retranslate(command, case)
        case Explain():
            return explain_place(command, case)
        case Align():
            return align_file(command, case)
        case Bleu():
            return score_machine(case)
        case AddTerm():
            return add_term(command, case)
        case ListTerms():
            return list_terms(case)
        case Keep() | Unkeep():
            return recording.keep(command, case)
        case Accept():
            return recording.accept(command, case)
        case Pause() | Resume():
            return recording.pause(case, paused=isinstance(command, Pause))
        case Cost():
            return overview.cost(case)
        case _:
            raise AssertionError(f"{command} is not carried out here")
