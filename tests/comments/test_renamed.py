"""A repository that was renamed at its host: the bot's links and what is known as such agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.workflow import Workflow
from bot.sync.results import job_summary
from tests.github_double.state import Repo
from tests.github_double.views import View
from tests.support.commented import REPO, Commented

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]


@pytest.mark.parametrize("command", ["/amts status", "/amts keep tea.md", "/amts pause"])
def test_answers_with_links_stay_what_they_are(
    talk: Commented, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renamed(view: View, repo: Repo) -> str:
        return f"{view.web}/renamed/{repo.full_name.rpartition('/')[2]}"

    monkeypatch.setattr(View, "repo_web", renamed)
    talk.command(command)
    body = talk.double.pulls(REPO)[0].comments[-1].body
    page = f"{talk.double.url}/{REPO}"
    assert f"]({page}/pull/1)" in body or f"]({page}/commit/" in body
    assert "would have meant more" not in body
    workflow = Workflow(tmp_path / "summary.md", None)
    synced = talk.sync()
    workflow.summary(job_summary([synced], {}), [talk.project.host.page(page)])
    assert f"([#1]({page}/pull/1))" in (tmp_path / "summary.md").read_text()
