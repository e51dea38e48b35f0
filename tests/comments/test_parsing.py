"""Comments to commands: column one of the first line, quotation marks, places, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.comments.accept import Accept
from bot.comments.answers import guarded, unknown
from bot.comments.bleu import Bleu
from bot.comments.commands import COMMANDS, Command
from bot.comments.explain import Explain
from bot.comments.help import Help
from bot.comments.keep import Keep
from bot.comments.parsing import FilePlace, Unknown, parse_comment
from bot.comments.pause import Pause
from bot.comments.retranslate import Retranslate
from bot.comments.status import Status
from bot.comments.sync import Sync
from bot.comments.term import AddTerm, ListTerms

ANYTHING = st.text(max_size=80)


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("/amts", Help()),
        ("/amts help", Help()),
        ("/amts\tstatus  ", Status()),
        ("/amts sync", Sync()),
        ("/amts sync zh a/b.md", Sync(("zh", "a/b.md"))),
        ("/amts bleu\r\n\r\nThanks!", Bleu()),
        ("/amts pause\n/amts resume", Pause()),
        ("/amts keep a.md", Keep(FilePlace("a.md"))),
        ("/amts keep a.md:12", Keep(FilePlace("a.md", 12))),
        ('/amts keep "a b.md:12"', Keep(FilePlace("a b.md", 12))),
        ("/amts accept 第一章/名.md", Accept(FilePlace("第一章/名.md"))),
        ("/amts accept a.md:3", Accept(FilePlace("a.md", 3))),
        ("/amts explain a:b.md:7", Explain(FilePlace("a:b.md", 7))),
        ("/amts retranslate a.md", Retranslate(FilePlace("a.md"))),
        ("/amts retranslate --engine zh-batch a.md:3", Retranslate(FilePlace("a.md", 3), "zh-batch")),
        ('/amts term add "deep  learning" = "深度学习"', AddTerm("deep learning", "深度学习")),
        ("/amts term add “bias” = “偏差”", AddTerm("bias", "偏差")),
        ("/amts term list", ListTerms()),
    ],
)
def test_commands_are_understood(body: str, command: Command) -> None:
    assert parse_comment(body, COMMANDS) == command


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Looks good.",
        " /amts sync",
        "> /amts sync",
        "```\n/amts sync\n```",
        "Hello\n/amts sync",
        "\n/amts sync",
        "\ufeff/amts sync",
        "/amtssync",
        "/amts-sync",
        "/amts/sync",
        "/AMTS sync",
        "/аmts sync",
        "／amts sync",
        "`/amts sync`",
        "<!-- -->/amts sync",
    ],
)
def test_what_is_not_in_column_one_of_the_first_line_is_no_command(body: str) -> None:
    assert parse_comment(body, COMMANDS) is None


@pytest.mark.parametrize(
    ("body", "problem", "nearest"),
    [
        ("/amts synk", 'there is no command "synk"', "/amts sync [language|path…]"),
        ("/amts Sync", 'there is no command "Sync"', "/amts sync [language|path…]"),
        ("/amts retransalte a.md", 'there is no command "retransalte"', "/amts retranslate"),
        ("/amts xyzzy", 'there is no command "xyzzy"', ""),
        ('/amts "sync"', 'there is no command "sync"', "/amts sync"),
        ("/amts pause now", '"now" is one word too many', "/amts pause"),
        ("/amts keep", "a file is missing", "/amts keep <path>[:line]"),
        ("/amts keep a.md b.md", '"b.md" is one word too many', "/amts keep"),
        ("/amts explain a.md", "names no line", "/amts explain <path>:<line>"),
        ("/amts accept ../a.md", "no path inside the book", "/amts accept"),
        ("/amts retranslate a.md --force", 'no option "--force"', "/amts retranslate"),
        ("/amts retranslate a.md --engine", "needs the name of an engine", "/amts retranslate"),
        ("/amts term", "add or list is missing", "/amts term add"),
        ("/amts term add bias = 偏差", "between quotation marks", "/amts term add"),
        ('/amts term add "=1+1" = "x"', "can't begin with", "/amts term add"),
        ('/amts term add "a" = " "', "is empty", "/amts term add"),
        ('/amts keep "a.md', "quotation marks", ""),
        ("/amts keep a\u202egd.md", "invisible characters", ""),
        ("/amts sync\u00a0zh", "invisible characters", ""),
        ("/amts sync " + "a" * 2_000, "at most 1,000 characters", ""),
    ],
)
def test_what_is_not_understood_names_the_nearest(body: str, problem: str, nearest: str) -> None:
    found = parse_comment(body, COMMANDS)
    assert isinstance(found, Unknown)
    assert problem in found.problem
    assert found.nearest.startswith(nearest)


@given(ANYTHING)
def test_any_text_is_a_command_a_question_or_nothing(text: str) -> None:
    found = parse_comment(f"/amts {text}", COMMANDS)
    if isinstance(found, Unknown):
        answer = guarded(unknown(found))
        assert not any(line.startswith("/amts") for line in answer.split("\n"))
        assert "\n\n\n" not in answer
    assert parse_comment(f" {text}", COMMANDS) is None


PARTS = st.sampled_from(["..", ".", "", "~", "-a", "a\\b", "a", "名.md"])


LEADING_OUT = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


@given(st.sampled_from(["keep", "unkeep", "accept", "align", "retranslate", "sync"]), ANYTHING | LEADING_OUT)
def test_no_path_leads_out_of_the_book(name: str, text: str) -> None:
    found = parse_comment(f"/amts {name} {text}", COMMANDS)
    places = [found.place.path] if isinstance(found, Keep | Accept | Retranslate) else []
    places += found.names if isinstance(found, Sync) else ()
    for path in places:
        assert not path.startswith(("/", "-"))
        assert {"..", ".", ""}.isdisjoint(path.split("/"))
        assert "\\" not in path
        assert path.isprintable()
