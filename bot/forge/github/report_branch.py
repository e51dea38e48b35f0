"""The full report of a pull request, if it is too long for the body: a commit on a branch of its own. The body links to
the commit: each version of the body keeps its report."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import RefusedError
from bot.forge.commit import write_commit
from bot.forge.git import Repository
from bot.forge.github.remote import Remote
from bot.forge.report_pages import report_files, with_report_link
from bot.model import PullRequestDraft

_PREFIX = "amts-report/"
_FIRST_PAGE = "README.md"
_SUBJECT = "Full report of "


def report_branch(branch: str) -> str:
    """`amts-report/zh` for `amts/zh`. It does not begin with `amts/`, as the branches of pull requests do."""
    return _PREFIX + branch.removeprefix("amts/")


def publish_report(remote: Remote, repository: Repository, draft: PullRequestDraft, page: str) -> PullRequestDraft:
    """Pushes the draft's report and returns the draft with a body that links to it; `page` is the repository's web
    page. If the draft has no report, an older one is deleted. The same report is the same commit, which is pushed once.

    Raises RefusedError if people have commits on the branch, MovedError if somebody moves it at this moment.
    """
    branch = report_branch(draft.branch)
    tip = repository.ref(f"refs/heads/{branch}")
    commit = None
    if draft.report:
        # Without parents, and of the report alone.
        empty = repository.run("hash-object", "-t", "tree", "-w", "--stdin").decode().strip()
        files, subject = report_files(draft.report, _FIRST_PAGE), f"{_SUBJECT}{draft.branch}\n"
        commit = write_commit(repository, [], files, subject, draft.signature, tree=empty)
    if tip is not None and not repository.lines("show", "-s", "--format=%P%x00%s", tip)[0].startswith(f"\0{_SUBJECT}"):
        if commit is None:
            return draft
        raise RefusedError(f'{repository.name}: people have commits on the branch "{branch}"; move them elsewhere')
    if tip != commit:
        # A report does not descend from the previous one, so GitHub needs a new branch for it.
        if tip is not None:
            remote.delete(branch, tip)
        if commit is not None:
            remote.push(branch, commit, None)
    if commit is None:
        return draft
    return replace(draft, body=with_report_link(draft.body, f"{page}/blob/{commit}/{_FIRST_PAGE}"))
