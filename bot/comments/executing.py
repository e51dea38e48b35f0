"""Which function carries out which command."""

from __future__ import annotations

from bot.comments import overview, recording
from bot.comments.accept import Accept
from bot.comments.align import Align
from bot.comments.answers import done_before
from bot.comments.base import Command
from bot.comments.bleu import Bleu
from bot.comments.case import Case, Reply
from bot.comments.cost import Cost
from bot.comments.examining import align_file, explain_place, score_machine
from bot.comments.explain import Explain
from bot.comments.keep import Keep
from bot.comments.pause import Pause
from bot.comments.resume import Resume
from bot.comments.retranslate import Retranslate
from bot.comments.retranslating import retranslate
from bot.comments.sync import Sync
from bot.comments.term import AddTerm, ListTerms
from bot.comments.terms import add_term, list_terms
from bot.comments.unkeep import Unkeep
from bot.comments.updating import sync


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
