"""A sync's outcome as the values that people are told of."""

from __future__ import annotations

from bot.model import Action
from bot.report.files import UNWRITTEN, sentence_totals
from bot.report.sync_results import SyncResult
from bot.sync.language import Synced


def told_of(one: Synced) -> SyncResult:
    sentences, pull = sentence_totals(one.results), one.pull_request
    return SyncResult(
        language=one.scope.label,
        outcome=one.outcome.value if one.outcome else "",
        number=pull.number if pull else 0,
        location=pull.location if pull else "",
        written=sum(result.change not in UNWRITTEN for result in one.results),
        translated=sentences[Action.TRANSLATED.value],
        left=sentences[Action.LEFT.value],
        unwritten=tuple((result.path, result.problem) for result in one.results if result.change in UNWRITTEN),
        cost=one.quote.describe(),
        remarks=one.remarks,
    )
