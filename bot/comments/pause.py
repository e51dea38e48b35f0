"""`/amts pause` and `/amts resume`: whether a language is synced."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import Form, without_words


@dataclass(frozen=True, slots=True)
class Pause(PullRequestCommand):
    """Stops syncing this language, or (not `paused`) syncs it again."""

    paused: bool = True

    def run(self, case: Case) -> Reply:
        subject = "Pause syncs" if self.paused else "Resume syncs"
        commit = case.record(replace(case.decisions, paused=self.paused), subject)
        state = "paused until `/amts resume`" if self.paused else "no longer paused"
        recorded = f"recorded in {case.commit_link(commit)}" if commit else "nothing had to change"
        return Reply(f"Syncs of {case.direction.target.name} are {state} ({recorded}).")


PAUSE = Form("pause", "stop syncing this language until `resume`", without_words(Pause))
RESUME = Form("resume", "sync this language again", without_words(lambda: Pause(paused=False)))
