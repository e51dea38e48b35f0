"""People of the double: what translators and maintainers do on the site or with git, not through the bot's API."""

from __future__ import annotations

from collections.abc import Mapping

from tests.github_double import comments, pulls
from tests.github_double.refs import refs_changed
from tests.github_double.state import Account, Comment, Issue, Pull, Repo, ReviewComment
from tests.github_double.world import World

Files = Mapping[str, str | bytes | None]


def typed(text: str) -> str:
    """As a browser's form sends it."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


class Person:
    """Acts as one account. `repo` is `owner/name` throughout, `number` that of an issue or pull request. What is typed
    into the site gets the line ends of a form, CR LF, as on GitHub. Raises ApiError where GitHub refuses."""

    def __init__(self, world: World, account: Account) -> None:
        self._world = world
        self.account = account

    def push(
        self, repo: str, branch: str, files: Files, message: str = "Edit", *, start: str = "", force: bool = False
    ) -> str:
        """A commit on a branch (a new branch begins at `start`, or at the default branch); None deletes a file. With
        `force` the commit replaces the tip instead of following it. The commit's id."""
        with self._world.acting():
            found = self._world.repo(repo)
            tip = found.store.branch(branch)
            if tip is not None and force:
                tip = next(iter(found.store.commit(tip).parents), None)
            if tip is None:
                tip = found.store.commit_of(start or found.store.default_branch)
            self._commit(found, branch, tip, files, message)
            refs_changed(self._world, found, self.account)
            return found.refs[f"refs/heads/{branch}"]

    def merge_branch(self, repo: str, branch: str, into: str) -> str:
        """Merges a branch into another one, as `git merge` and `git push` would. The merge's id."""
        with self._world.acting():
            found = self._world.repo(repo)
            ours, theirs = found.store.branch(into), found.store.branch(branch)
            assert ours is not None, f"no branch {into}"
            assert theirs is not None, f"no branch {branch}"
            tree = found.store.merge_tree(ours, theirs)
            assert tree is not None, f"{branch} and {into} conflict"
            signature = self._world.signature(self.account)
            message = f"Merge branch '{branch}' into {into}\n"
            new = found.store.commit_tree(tree, [ours, theirs], message, signature)
            found.store.move(f"refs/heads/{into}", new, ours)
            refs_changed(self._world, found, self.account)
            return new

    def delete_branch(self, repo: str, branch: str) -> None:
        with self._world.acting():
            found = self._world.repo(repo)
            found.store.move(f"refs/heads/{branch}", None)
            refs_changed(self._world, found, self.account)

    def open_pull(self, repo: str, head: str, base: str, title: str = "A change", body: str = "") -> int:
        """The new pull request's number; `head` is `branch`, or `owner:branch` of a fork."""
        with self._world.acting():
            found = self._world.repo(repo)
            body = typed(body)
            made = pulls.create_pull(self._world, found, self.account, title=title, head=head, base=base, body=body)
            return made.number

    def merge_pull(self, repo: str, number: int, method: str = "merge") -> str:
        """`method` is merge, squash or rebase. The id of what the base branch now points at."""
        with self._world.acting():
            return pulls.merge_pull(self._world, *self._pull(repo, number), self.account, method=method)

    def close(self, repo: str, number: int) -> None:
        with self._world.acting():
            pulls.set_state(self._world, self._issue(repo, number), self.account, "closed")

    def reopen(self, repo: str, number: int) -> None:
        with self._world.acting():
            pulls.set_state(self._world, self._issue(repo, number), self.account, "open")

    def edit(self, repo: str, number: int, *, title: str | None = None, body: str | None = None) -> None:
        """Changes a pull request's title or body."""
        changes = {name: typed(text) for name, text in (("title", title), ("body", body)) if text is not None}
        with self._world.acting():
            pulls.edit_pull(self._world, *self._pull(repo, number), self.account, changes)

    def comment(self, repo: str, number: int, body: str) -> Comment:
        with self._world.acting():
            return comments.add_comment(self._world, self._issue(repo, number), self.account, typed(body))

    def edit_comment(self, repo: str, comment: int, body: str) -> None:
        with self._world.acting():
            found = comments.find_comment(self._world.repo(repo), comment)
            comments.edit_comment(self._world, *found, self.account, typed(body))

    def delete_comment(self, repo: str, comment: int) -> None:
        with self._world.acting():
            found = comments.find_comment(self._world.repo(repo), comment)
            comments.remove_comment(self._world, *found, self.account)

    def comment_line(self, repo: str, number: int, path: str, line: int, body: str) -> ReviewComment:
        """A review comment at a line of the new text."""
        fields = {"path": path, "line": line, "side": "RIGHT", "body": typed(body)}
        with self._world.acting():
            return comments.add_review_comment(self._world, *self._pull(repo, number), self.account, fields)

    def reply(self, repo: str, comment: int, body: str) -> ReviewComment:
        """Answers a review comment."""
        with self._world.acting():
            _, pull, parent = comments.find_review_comment(self._world.repo(repo), comment)
            return comments.reply(self._world, pull, self.account, parent, typed(body))

    def review(self, repo: str, number: int, event: str = "APPROVE", body: str = "") -> None:
        """`event` is APPROVE, REQUEST_CHANGES or COMMENT."""
        with self._world.acting():
            comments.add_review(self._world, *self._pull(repo, number), self.account, event, typed(body), [])

    def resolve(self, repo: str, comment: int) -> None:
        """Resolves the thread that this review comment heads."""
        with self._world.acting():
            comments.find_review_comment(self._world.repo(repo), comment)[2].resolved_by = self.account

    def _issue(self, repo: str, number: int) -> Issue:
        return self._world.repo(repo).issues[number]

    def _pull(self, repo: str, number: int) -> tuple[Issue, Pull]:
        issue = self._issue(repo, number)
        assert issue.pull is not None, f"#{number} is an issue"
        return issue, issue.pull

    def _commit(self, repo: Repo, branch: str, tip: str | None, files: Files, message: str) -> None:
        who = self._world.signature(self.account)
        person = f"{who.name} <{who.email}> {who.when} +0000"
        text = message.encode()
        stream = f"commit refs/heads/{branch}\ncommitter {person}\ndata {len(text)}\n".encode() + text + b"\n"
        stream += f"from {tip}\n".encode() if tip else b""
        for path, content in files.items():
            if content is None:
                stream += f"D {path}\n".encode()
                continue
            data = content.encode() if isinstance(content, str) else content
            stream += f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
        repo.store.run("fast-import", "--quiet", "--force", stdin=stream)
