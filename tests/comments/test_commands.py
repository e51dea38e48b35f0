"""Comments to commands: column one of the first line, quotation marks, places, and what is refused."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.comments
from bot.comments.accept import Accept
from bot.comments.answers import guarded, refusal, unknown
from bot.comments.bleu import Bleu
from bot.comments.commands import COMMANDS, Command
from bot.comments.explain import Explain
from bot.comments.help import Help, help_answer
from bot.comments.keep import Keep
from bot.comments.parsing import FilePlace, Form, Unknown, parse_comment
from bot.comments.pause import Pause
from bot.comments.retranslate import Retranslate
from bot.comments.status import Status
from bot.comments.sync import Sync
from bot.comments.term import AddTerm, ListTerms
from bot.errors import InputError
from bot.sync.recorded import Decisions, parse_state, serialize_state

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
        ("/amts accept a.md:3", "names a line", "/amts accept <path>"),
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


def test_the_docs_have_the_table_of_all_commands() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "comments.md").read_text("utf-8").replace("\\|", "|")
    table = "".join(f"| `/amts {form.usage}` | {form.help} |\n" for form in COMMANDS.values())
    assert f"|---|---|\n{table}\n" in page


def test_every_form_of_the_room_is_registered() -> None:
    folder = Path(bot.comments.__file__).parent
    modules = [import_module(f"bot.comments.{path.stem}") for path in folder.glob("*.py")]
    forms = [value for module in modules for value in vars(module).values() if isinstance(value, Form)]
    assert {form.usage for form in forms} == {form.usage for form in COMMANDS.values()}


def test_every_usage_is_listed_and_none_is_a_command_itself() -> None:
    answer = guarded(help_answer(COMMANDS.values()))
    for form in COMMANDS.values():
        assert f"`/amts {form.usage}`" in answer
    assert not any(line.startswith("/amts") for line in answer.split("\n"))


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


@given(st.text(alphabet="@#<>`*_[]()!|~:/.\\ \nwaxGH-1", max_size=60))
def test_what_an_answer_quotes_is_no_markup_and_calls_nobody(text: str) -> None:
    answer = guarded(refusal(text))
    bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", answer)
    assert not re.search(r"(?<![\\])[<\[*_]", bare)
    assert not re.search(r"@\w|#\d|://|\bwww\.", bare)
    assert "\n" not in answer


def test_a_line_of_an_answer_is_no_command_outside_of_code() -> None:
    assert guarded("a\n/amts sync\n```\n/amts sync\n```\n/amts") == "a\n\\/amts sync\n```\n/amts sync\n```\n\\/amts"


PATHS = st.text(min_size=1, max_size=20).filter(str.isprintable)
SENTENCES = st.frozensets(PATHS, min_size=1, max_size=3)
DECISIONS = st.builds(
    Decisions, st.booleans(), st.frozensets(PATHS, max_size=3), st.dictionaries(PATHS, SENTENCES, max_size=3)
)


@given(DECISIONS)
def test_decisions_are_read_as_they_were_written(decisions: Decisions) -> None:
    data = serialize_state(decisions)
    assert (data is None) == (decisions == Decisions())
    assert data is None or parse_state(data, "state.yaml") == decisions


@given(DECISIONS, PATHS, SENTENCES)
def test_what_is_kept_and_not_any_more_is_as_before(decisions: Decisions, path: str, texts: frozenset[str]) -> None:
    free = decisions.unkeep(path)
    assert free.keep(path).unkeep(path) == free
    assert free.keep(path, texts).unkeep(path, texts) == free
    assert free.keep(path, texts).unkeep(path) == free
    assert free.keep(path, texts).kept_in(path, {*free.sentences, path}) == texts


@pytest.mark.parametrize(
    "text",
    [
        "- a",
        "version: 2",
        "version: 1\nmore: 1",
        "version: 1\npaused: maybe",
        "version: 1\nfiles: tea.md",
        "version: 1\nfiles: [1]",
        "version: 1\nsentences: [a]",
        "version: 1\nsentences: {a.md: b}",
        "a: [",
        "!!python/object/apply:os.system [ls]",
    ],
)
def test_a_broken_record_is_an_error_that_says_what_to_do(text: str) -> None:
    with pytest.raises(InputError, match=r"^state\.yaml.*restore the file from git"):
        parse_state(text.encode(), "state.yaml")
