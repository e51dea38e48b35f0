"""`/amts cost`: what the next sync would cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import Form, without_words
from bot.report.markdown import escaped
from bot.sync.language import sync_language


@dataclass(frozen=True, slots=True)
class Cost(PullRequestCommand):
    """Asks for a quote, by a sync that writes and spends nothing."""

    def run(self, case: Case) -> Reply:
        options = replace(case.options, dry_run=True, scopes=[case.scope])
        (synced,) = sync_language(case.open_edition(case.name), options)
        quote = synced.quote
        billed = f"be billed as {escaped(quote.describe())}" if quote.characters else "cost nothing"
        return Reply("\n\n".join([f"A sync now would {billed}.", *(f"{escaped(text)}." for text in synced.remarks)]))


FORM = Form("cost", "estimate what a sync of this language would cost now; nothing is spent", without_words(Cost))
