"""What the draft of a pull request says of sentences that were left behind by their English."""

from __future__ import annotations

from bot.model import PullRequestDraft, ReviewNote
from tests.support.commented import NEW, Commented

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


def sync(talk: Commented) -> PullRequestDraft:
    draft = talk.sync().draft
    assert draft is not None
    return draft


def notes(draft: PullRequestDraft) -> list[ReviewNote]:
    return [note for note in draft.notes if note.path == "cups.md"]


def test_a_pull_request_is_complete_once_nothing_in_it_is_stale(talk: Commented) -> None:
    talk.book.english({"cups.md": "# Cups\n\nA cup holds the hot sea.\n"})
    first = sync(talk)
    talk.book.english({"tea.md": f"{NEW}\nOne more line about tea.\n"})
    second = sync(talk)
    for draft in (first, second):
        assert draft.status.startswith("translations: 1 to revise, ")
        assert not draft.complete
        assert [note.line for note in notes(draft)] == [3]
    assert notes(first)[0].key == notes(second)[0].key
    talk.command("/amts accept cups.md:3")
    talk.book.english({"tea.md": f"{NEW}\nOne last line about tea.\n"})
    last = sync(talk)
    assert "to revise" not in last.status + last.body.casefold()
    assert last.complete
    assert notes(last) == []
