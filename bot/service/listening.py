"""The comments in one repository: which of them the service still has to answer."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from bot.book.project import Project
from bot.book.workers import Runner
from bot.comments import Audience, CommentOutcome, Handled, handle_comment
from bot.errors import AmtsError
from bot.forge.base import Role
from bot.forge.comment import Comment
from bot.report.commands import PREFIX
from bot.service.heard import Heard

_LOG = logging.getLogger(__name__)


class FairLock:
    """A lock that threads get in the order in which they asked for it: whoever takes it again and again (for one
    comment after another) keeps nobody else waiting."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._line: deque[threading.Event] = deque()

    def __enter__(self) -> Self:
        turn = threading.Event()
        with self._guard:
            self._line.append(turn)
            self._line[0].set()
        turn.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            self._line.popleft()
            if self._line:
                self._line[0].set()


class Listener:
    """Hears each comment once, by the right that its author has when it is first seen. Not safe for use by several
    threads at once."""

    def __init__(self, audience: Audience, heard: Heard) -> None:
        self._audience = audience
        self._heard = heard
        self._waiting: dict[int, Comment] = {}
        """By id: commands that were found in a list and are not done yet."""

    def missed(self, is_wanted: Callable[[str], bool]) -> list[Comment]:
        """The commands on open pull requests from wanted branches that wait for an answer. Raises RepositoryError."""
        for thread in self._audience.discussion.fetch_threads(is_wanted, self._heard.read_to):
            last, created, found = thread.last, thread.created, dict[int, Comment]()
            before = 0, ""
            for comment in thread.comments:
                if comment.body.startswith(PREFIX) and not self._heard.knows(comment.number, comment.id):
                    try:
                        if self._audience.role(comment) is Role.WRITER:
                            found[comment.id] = comment
                    except AmtsError as error:
                        # The sync goes on. From this comment on, all are read again at the next one.
                        _LOG.warning("comment %d waits: %s", comment.id, error)
                        last, created = before
                        break
                before = comment.id, comment.created
            self._waiting |= found
            waiting = {number: comment.created for number, comment in found.items()}
            self._heard.read(thread.number, last, created, waiting)
        return list(self._waiting.values())

    def handle(self, project: Project, comment: Comment, runner: Runner, *, lasting: bool) -> Handled:
        """As `handle_comment`; a comment that was settled costs nothing."""
        if self._heard.knows(comment.number, comment.id):
            return Handled(CommentOutcome.IGNORED, reason="it is answered already, or is to be ignored")
        handled = handle_comment(project, comment, runner, lasting=lasting, audience=self._audience)
        if handled.outcome is not CommentOutcome.PENDING:
            self._heard.settle(comment.number, comment.id)
            self._waiting.pop(comment.id, None)
        return handled
