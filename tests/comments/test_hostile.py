"""Three hundred comments that mean harm: nothing but answers comes of them."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

from bot.comments import CommentOutcome
from bot.comments.answers import guarded, unknown
from bot.comments.commands import COMMANDS
from bot.comments.parsing import Unknown, parse_comment
from bot.forge.comment import read_comment
from tests.support.commented import REPO, Commented

pytest_plugins = ["tests.github_double.fixtures", "tests.support.commented_fixtures"]

NAMES = ("sync", "retranslate", "explain", "align", "term add", "keep", "unkeep", "accept")
HARM = (
    "$(touch PWNED)",
    "`touch PWNED`.md",
    "tea.md;touch PWNED",
    "tea.md && touch PWNED",
    "tea.md|tee PWNED",
    "${IFS}tea.md",
    "--upload-pack=touch PWNED",
    "-c core.sshCommand=touch PWNED",
    "--output=PWNED",
    "../../../etc/passwd",
    "/etc/passwd:1",
    "..\\..\\secrets:2",
    ".git/config:1",
    ".github/workflows/ci.yml",
    ".amts/state.zh.yaml",
    "tea_origin.md:1",
    "**",
    "!tea.md",
    "tea.md\u0000:1",
    "tea.md\u202e:1",
    "te\u0430.md:3",
    "ｔｅａ.md:3",
    "tea\u200b.md:3",
    '"tea.md:3',
    "'tea.md:3'",
    '"" = ""',
    '"=cmd|x" = "@SUM(1)"',
    "<script>alert(1)</script>",
    "[x](javascript:alert(1)):3",
    "![x](https://example.org/track.png):3",
    "@everyone #1 GH-1 https://example.org",
    "tea.md:99999999999999999999",
    "tea.md:-1",
    "tea.md:3 --engine ../../x",
    "tea.md:3 --engine $(id)",
    "%0A%0A::set-output name=x::y",
    "a" * 900,
    "a" * 100_000,
    "“tea.md:3",
)
WRAPPED = (
    "> /amts pause",
    "> > /amts pause",
    "```\n/amts pause\n```",
    "~~~\n/amts pause",
    "    /amts pause",
    "<details>\n\n/amts pause\n\n</details>",
    "<!--\n/amts pause\n-->",
    "Please do\n/amts pause",
    "\u200b/amts pause",
    "/amts\u2028pause",
    "/\u0430mts pause",
    "/amts\u00a0pause",
    "/amts pause\u200b",
    "/amts p\u0430use",
    "/amts PAUSE",
    "/amts pause; rm -rf /",
    "/amts pause --force",
    "/amts pause\x0bnow",
    "/amts \x1b[31mpause",
    "/amts " + '"' * 501,
    "/amts " + "pause " * 200,
)


def hostile() -> list[str]:
    """All of them."""
    return [f"/amts {name} {harm}" for name, harm in product(NAMES, HARM)] + list(WRAPPED)


@pytest.fixture
def world(talk: Commented, monkeypatch: pytest.MonkeyPatch) -> Commented:
    monkeypatch.chdir(talk.folder)
    return talk


@pytest.mark.parametrize("step", [6, pytest.param(1, marks=pytest.mark.sweep)], ids=["some", "all"])
def test_three_hundred_hostile_comments_have_no_side_effect(world: Commented, step: int) -> None:
    bodies = hostile()
    assert len(bodies) >= 300
    before = _state(world)
    assert len(set(bodies)) == len(bodies)
    # A comment that the parser refuses is only answered, so only every eighth of them is posted.
    understood = [body for body in bodies if not isinstance(parse_comment(body, COMMANDS), Unknown)]
    refused = [body for body in bodies if isinstance(parse_comment(body, COMMANDS), Unknown)][::8]
    for body in [*understood, *refused][::step]:
        if len(body) > 60_000:
            continue
        handled = world.command(body)
        assert handled.outcome in (CommentOutcome.IGNORED, CommentOutcome.REFUSED), body
    assert _state(world) == before
    assert not list(world.folder.rglob("PWNED"))
    for answer in world.answers():
        assert is_plain(answer.partition("<!-- amts:answer")[0]), answer


def is_plain(answer: str) -> bool:
    """Whether nothing that was quoted is markup, names anybody, or is a command."""
    bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", answer, flags=re.DOTALL)
    commands = [line for line in answer.split("\n") if line.startswith("/amts")]
    return not re.search(r"(?<!\\)[<\[]|@\w|#\d|://", bare) and not commands


def test_every_refusal_quotes_what_means_harm_as_plain_text() -> None:
    refused = [command for body in hostile() if isinstance(command := parse_comment(body, COMMANDS), Unknown)]
    assert len(refused) > 200
    for command in refused:
        assert is_plain(guarded(unknown(command))), command


def test_none_is_read_from_an_edit_a_bot_or_an_issue(world: Commented) -> None:
    payload = world.payload(world.comment("/amts pause"))
    user = payload["comment"]["user"]
    for body in hostile():
        said = {**payload["comment"], "body": body}
        assert read_comment({**payload, "comment": said}) is not None
        assert read_comment({**payload, "comment": said, "action": "edited"}) is None
        assert read_comment({**payload, "comment": {**said, "user": {**user, "type": "Bot"}}}) is None
        assert read_comment({**payload, "comment": said, "issue": {"number": 1}}) is None


@pytest.mark.parametrize("command", ["pause", "keep tea.md", "accept cups.md", "sync", "retranslate tea.md", "help"])
def test_strangers_are_not_even_answered(world: Commented, command: str) -> None:
    world.double.set_role(REPO, "stranger", "read")
    before = _state(world)
    comment = world.comment(f"/amts {command}", "stranger")
    assert world.handle(comment).outcome is CommentOutcome.IGNORED
    assert (_state(world), world.reactions(comment), world.answers()) == (before, [], [])


def test_only_new_comments_of_people_on_pull_requests_are_read(world: Commented) -> None:
    comment = world.comment("/amts pause")
    payload = world.payload(comment)
    assert read_comment(payload) == comment
    user = payload["comment"]["user"]
    others: list[dict[str, Any]] = [
        {**payload, "action": "edited"},
        {**payload, "action": "deleted"},
        {**payload, "issue": {"number": 1}},
        {**payload, "issue": {"number": 1, "pull_request": None}},
        {**payload, "comment": {**payload["comment"], "user": {**user, "type": "Bot"}}},
        {**payload, "comment": {**payload["comment"], "user": {**user, "type": "Organization"}}},
        {**payload, "comment": {**payload["comment"], "user": None}},
        {**payload, "comment": {**payload["comment"], "user": {**user, "login": "../../admin"}}},
        {**payload, "comment": {**payload["comment"], "performed_via_github_app": {"id": 1}}},
        {**payload, "comment": {**payload["comment"], "id": "x"}},
        {**payload, "repository": {"full_name": "../../x"}},
        {**payload, "repository": None},
        {},
    ]
    assert [read_comment(each) for each in others] == [None] * len(others)


def _state(world: Commented) -> object:
    """All that a comment could change but comments and reactions."""
    repo = world.double.repo(REPO)
    pulls = [(each.number, each.state, each.title, each.body, len(each.labels)) for each in world.double.pulls(REPO)]
    return dict(repo.refs), pulls
