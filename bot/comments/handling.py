"""From a comment to its one answer: whether its author may give commands, the command, and the reply."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.book.chapters import scope_of
from bot.book.edition import SyncOptions, open_edition, open_source
from bot.book.project import Project
from bot.book.workers import Runner
from bot.comments.answers import done_before, failure, guarded, refusal, unknown
from bot.comments.audience import Audience
from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.commands import COMMANDS, Command
from bot.comments.help import Help, help_answer
from bot.comments.parsing import Unknown, parse_comment
from bot.comments.status import Status
from bot.errors import AmtsError, MovedError, PendingError, TransientError, UsageError
from bot.forge.base import Discussion, PullRequestState, Reaction, Role
from bot.forge.comment import Comment

_LOG = logging.getLogger(__name__)
# People may push while the bot works; then it starts again.
_MAX_ATTEMPTS = 3


class CommentOutcome(StrEnum):
    """`ignored`: nothing happened on GitHub; `done` and `refused`: the comment was answered, now or before; `limited`:
    its author gave too many commands, and is told so once; `pending`: a batch job runs, so the same comment has to be
    handled again later."""

    IGNORED = "ignored"
    DONE = "done"
    REFUSED = "refused"
    LIMITED = "limited"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Handled:
    """The result of a comment: `answer` was posted this time, `reason` says why the comment was ignored or waits."""

    outcome: CommentOutcome
    answer: str = ""
    reason: str = ""


def handle_comment(
    project: Project,
    comment: Comment,
    runner: Runner | None = None,
    *,
    wait: bool = False,
    tell: Callable[[str], None] = lambda _: None,
    lasting: bool = False,
    audience: Audience | None = None,
) -> Handled:
    """Carries out the command in a comment, if the comment holds one and its author may write to the repository. The
    command is answered once, however often this is called and wherever an earlier call was interrupted.

    `wait` waits for batch jobs. Raises AmtsError if GitHub does not respond, and TransientError for a failure that may
    pass by itself: it is not answered: the same comment can be handled again later. With `lasting`, such a failure is
    answered, and so is a bug. `audience` remembers who may write, and counts commands, from one comment to the next.
    """
    command = parse_comment(comment.body, COMMANDS)
    if command is None:
        return Handled(CommentOutcome.IGNORED, reason="it is no command")
    names = _languages_at(project, comment.repository)
    if not names:
        return Handled(CommentOutcome.IGNORED, reason=f"{comment.repository} is not a repository of the configuration")
    if audience is None:
        audience = Audience(project.host.open_discussion(project.config.languages[names[0]].repo))
    discussion = audience.discussion
    role = audience.role(comment)
    if role is Role.BOT:
        return Handled(CommentOutcome.IGNORED, reason="the bot wrote it")
    if role is Role.READER:
        return Handled(CommentOutcome.IGNORED, reason=f"{comment.author} may not write to {comment.repository}")
    over = audience.is_over(comment)
    if over and not audience.is_to_be_told(comment):
        return Handled(CommentOutcome.LIMITED, reason=f"{comment.author} gave too many commands in an hour")
    earlier = discussion.fetch_answer(comment)
    if earlier is not None:
        audience.answered_before(comment)
        discussion.react(comment, earlier)
        outcome = CommentOutcome.DONE if earlier is Reaction.DONE else CommentOutcome.REFUSED
        return Handled(outcome, reason="it is answered already")
    if not discussion.react(comment, Reaction.SEEN):
        return Handled(CommentOutcome.IGNORED, reason="it was deleted")
    try:
        job = _Job(project, comment, names, discussion, SyncOptions(wait=wait, tell=tell), runner or Runner(), lasting)
        reply = Reply(over, done=False) if over else _reply(command, job)
    except PendingError as error:
        return Handled(CommentOutcome.PENDING, reason=str(error))
    text, reaction = guarded(reply.text), Reaction.DONE if reply.done else Reaction.REFUSED
    discussion.answer(comment, text, reaction)
    discussion.react(comment, reaction)
    outcome = CommentOutcome.DONE if reply.done else CommentOutcome.REFUSED
    return Handled(CommentOutcome.LIMITED if over else outcome, text)


@dataclass(frozen=True)
class _Job:
    project: Project
    comment: Comment
    names: tuple[str, ...]
    discussion: Discussion
    options: SyncOptions
    runner: Runner
    lasting: bool


def _reply(command: Command | Unknown, job: _Job) -> Reply:
    match command:
        case Unknown():
            return Reply(unknown(command), done=False)
        case Help():
            return Reply(help_answer(COMMANDS.values()))
        case Status() | PullRequestCommand():
            return _attempt(command, job)


def _attempt(command: Status | PullRequestCommand, job: _Job) -> Reply:
    """Raises PendingError, or an error that is not to be answered yet."""
    for attempt in range(1, _MAX_ATTEMPTS + 1):
        try:
            return _carry_out(command, job)
        except PendingError:
            raise
        except MovedError as error:
            if attempt == _MAX_ATTEMPTS:
                return Reply(failure(str(error)), done=False)
        except UsageError as error:
            return Reply(refusal(str(error)), done=False)
        except AmtsError as error:
            if isinstance(error, TransientError) and not job.lasting:
                raise
            return Reply(failure(str(error)), done=False)
        except Exception as error:
            if not job.lasting:
                raise
            _LOG.exception("comment %d crashed", job.comment.id)
            return Reply(failure(f"a bug of mine, {type(error).__name__}; my log says more"), done=False)
    raise AssertionError("the last attempt returns")


def _carry_out(command: Status | PullRequestCommand, job: _Job) -> Reply:
    source = open_source(job.project)
    with source.repository:
        if isinstance(command, Status):
            return command.run(
                source.snapshot.commit, job.names, lambda name: open_edition(job.project, source, name, job.runner)
            )
        pull = job.discussion.fetch_pull_request(job.comment)
        name = next((name for name in job.names if scope_of(pull.branch, name) is not None), "")
        if not name or pull.base != job.project.config.languages[name].branch:
            return Reply("This is not a pull request of mine; here I only know `help` and `status`.", done=False)
        if pull.state is not PullRequestState.OPEN:
            return Reply("This pull request is closed; nothing was done.", done=False)
        edition = open_edition(job.project, source, name, job.runner)
        with edition.repository:
            forge = edition.open_forge(dry_run=False)
            own = forge.fetch_open(name, pull.branch, pull.base)
            # A fork may have a branch of the same name.
            if own is None or own.number != job.comment.number:
                return Reply("This is not the pull request that I work on; nothing was done.", done=False)
            # Read after the branch: the source is at least as new as what the branch was made from.
            edition = replace(edition, source=open_source(job.project, source))
            case = Case(edition, job.names, forge, own, job.comment, job.options)
            earlier = case.earlier_commit()
            if earlier is None:
                return command.run(case)
            commit, subject = earlier
            return Reply(done_before(case.commit_link(commit), subject))


def _languages_at(project: Project, repository: str) -> tuple[str, ...]:
    """The languages of this repository; none if the host reads no commands. GitHub's names are case-insensitive."""
    host = project.host
    if not host.profile.reads_commands:
        return ()
    places = {name: host.repository_name(target.repo) for name, target in project.config.languages.items()}
    return tuple(name for name, place in places.items() if place == repository.lower())
