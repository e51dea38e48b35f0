"""`/amts pause` and `/amts resume`: whether a language is synced."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import Form, without_words


@dataclass(frozen=True, slots=True)
class Pause(PullRequestCommand):
    """Stops syncing this language."""

    def run(self, case: Case) -> Reply:
        commit = case.record(replace(case.decisions, paused=True), "Pause syncs")
        return _reply(case, "paused until `/amts resume`", commit)


@dataclass(frozen=True, slots=True)
class Resume(PullRequestCommand):
    """Syncs this language again."""

    def run(self, case: Case) -> Reply:
        commit = case.record(replace(case.decisions, paused=False), "Resume syncs")
        return _reply(case, "no longer paused", commit)


PAUSE = Form("pause", "stop syncing this language until `resume`", without_words(Pause))
RESUME = Form("resume", "sync this language again", without_words(Resume))


def _reply(case: Case, state: str, commit: str) -> Reply:
    recorded = f"recorded in {commit[:10]}" if commit else "nothing had to change"
    return Reply(f"Syncs of {case.direction.target.name} are {state} ({recorded}).")
