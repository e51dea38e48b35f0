"""Whatever a program does: no wrong sentence is published, none is lost, and each run ends with a reason."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.engines import EngineOptions
from bot.engines.command import running
from bot.engines.command.settings import CommandSettings
from bot.errors import DeadlineError, EngineError
from bot.memory import TranslationMemory
from bot.model import Kind, Request, Translation
from bot.network.deadline import time_limit
from tests.support import translating_program
from tests.support.engine_contract import DIRECTION
from tests.support.translating_program import DAMAGES, HARMLESS
from tests.support.waiting import eventually

PROGRAM = (sys.executable, "-I", str(Path(translating_program.__file__)))
SENTENCES = (
    "Open the file `a.py` before you go on.",
    "The *small red* book lies on the table.",
    "What is $x^2$ for the values in [the table](t.md)?",
    "Nobody counts the birds on the roof.",
    "Take **all of them** with you today.",
)
RIGHT = (
    "Openo theo fileo `a.py` beforeo youo goo ono.",
    "Theo *smallo redo* booko lieso ono theo tableo.",
    "Whato iso $x^2$ foro theo valueso ino [theo tableo](t.md)?",
    "Nobodyo countso theo birdso ono theo roofo.",
    "Takeo **allo ofo themo** witho youo todayo.",
)


@pytest.fixture(autouse=True)
def _little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "GRACE_SECONDS", 0.3)


class Asked:
    """What became of the sentences with a program that misbehaves, and what it said meanwhile."""

    def __init__(self, *fault: str, sentences: Sequence[str] = SENTENCES, env: Any = None, **settings: Any) -> None:
        self.told: list[str] = []
        options = EngineOptions(
            str, "es", tell=self.told.append, environment={"PATH": os.environ["PATH"], **(env or {})}
        )
        command = settings.pop("command", (*PROGRAM, *fault))
        self.engine = CommandSettings(kind="command", command=command, **settings).create(options)
        self.requests = [Request(sentence, Kind.PARAGRAPH) for sentence in sentences]

    def answers(self) -> Sequence[Translation]:
        return self.engine.translate(self.requests, DIRECTION, TranslationMemory())


def assert_none_wrong(answers: Sequence[Translation], left: int | None = None) -> None:
    assert len(answers) == len(SENTENCES)
    for sentence, right, answer in zip(SENTENCES, RIGHT, answers, strict=True):
        assert answer.text == (sentence if answer.left else right)
        assert not set(answer.left + answer.rejected) & {"\x1b", "\u202e", "\ud83d"}
    if left is not None:
        assert sum(bool(answer.left) for answer in answers) == left


@pytest.mark.parametrize("fault", HARMLESS)
def test_what_does_no_harm(fault: str) -> None:
    assert_none_wrong(Asked(fault, "1").answers(), left=0)


@pytest.mark.parametrize("fault", DAMAGES)
def test_an_answer_of_no_use_is_left_for_a_person_and_the_others_are_used(fault: str) -> None:
    assert_none_wrong(Asked(fault, "2").answers(), left=1)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("fails at once", "answered 0 of 5 sentences and ended with exit code 1; it said “…"),
        ("reads nothing, writes nothing", "neither read nor wrote anything for 0.4 s"),
        ("ignores the signal", "neither read nor wrote anything for 0.4 s"),
        ("writes for ever", "wrote more than 1 MB (answer_megabytes) and was ended"),
    ],
)
def test_a_program_that_answers_nothing_fails_the_run(fault: str, message: str) -> None:
    asked = Asked(fault, idle_seconds=0.4, answer_megabytes=1)
    began = time.monotonic()
    with pytest.raises(EngineError) as failure:
        asked.answers()
    assert message in str(failure.value)
    assert time.monotonic() - began < 60
    assert len(str(failure.value)) < 700


def test_the_end_of_what_it_said_is_shown_without_the_secrets_that_it_was_given() -> None:
    with pytest.raises(EngineError) as failure:
        Asked("fails at once", env={"KEY": "secret-key", "OTHER": "x"}, environment=("KEY",)).answers()
    assert str(failure.value).endswith(".*** ends here”; nothing was written")


def test_it_gets_no_other_variables() -> None:
    program = (sys.executable, "-I", "-c", "import os, sys; sys.exit(' '.join(sorted(os.environ)))")
    env = {"GITHUB_TOKEN": "secret", "AWS_SECRET_ACCESS_KEY": "secret", "KEY": "1", "LANG": "C.UTF-8"}
    with pytest.raises(EngineError) as failure:
        Asked(command=program, env=env, environment=("KEY",)).answers()
    assert "TOKEN" not in str(failure.value)
    assert "AWS" not in str(failure.value)
    assert "KEY LANG" in str(failure.value)


@pytest.mark.parametrize("count", ["1", "3", "4"])
def test_a_program_that_dies_in_the_middle_is_started_again_for_the_others(count: str) -> None:
    asked = Asked("dies after some", count)
    assert_none_wrong(asked.answers(), left=0)


def test_a_program_that_dies_at_a_sentence_loses_only_this_one() -> None:
    sentences = [*SENTENCES[:2], "Never drink the poison.", *SENTENCES[2:]]
    asked = Asked("dies at a word", sentences=sentences)
    answers = list(asked.answers())
    poisoned = answers.pop(2)
    assert poisoned.text == "Never drink the poison."
    program = Path(sys.executable).name
    ended = f"the engine's program {program} answered 0 of 4 sentences and was ended by the signal SIGSEGV"
    assert poisoned.left == ended
    assert_none_wrong(answers, left=0)


def test_a_program_that_dies_in_a_line_is_started_again() -> None:
    assert_none_wrong(Asked("dies in a line").answers())


def test_a_program_that_stops_is_ended_and_started_again() -> None:
    assert_none_wrong(Asked("stops after some", "2", idle_seconds=0.4).answers(), left=0)


def test_a_program_that_only_drips_has_the_whole_time_and_no_more() -> None:
    with pytest.raises(DeadlineError, match=r"was not done after 1 s \(timeout_minutes\) and was ended"):
        Asked("drips", timeout_minutes=0.01).answers()


def test_the_time_of_the_sync_bounds_it() -> None:
    with time_limit(0.5, "the sync took too long"), pytest.raises(DeadlineError, match="the sync took too long"):
        Asked("drips").answers()


def test_many_words_on_the_standard_error_block_nothing() -> None:
    assert_none_wrong(Asked("floods the standard error").answers(), left=0)


def test_more_sentences_than_a_pipe_holds() -> None:
    sentences = [f"Number {'abc' * 200} {number} is here." for number in range(300)]
    answers = Asked(sentences=sentences).answers()
    assert [answer.text for answer in answers] == [f"Numbero {'abc' * 200}o {n} iso hereo." for n in range(300)]


def test_what_it_started_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "child"
    assert_none_wrong(Asked("leaves a child", env={"CHILD": str(note)}, environment=("CHILD",)).answers(), left=0)
    state = Path(f"/proc/{note.read_text()}/stat")
    eventually(lambda: not state.exists() or state.read_text().split()[2] in "ZX")


@pytest.mark.parametrize(
    "command", [("no-such-program",), ("./no-such-program",), ("/",), (str(Path(__file__)),)], ids=str
)
def test_a_missing_program_is_named(command: tuple[str, ...]) -> None:
    asked = Asked(command=command)
    with pytest.raises(EngineError, match=r"can't be started .*; install it, or correct `command`"):
        asked.answers()
    assert [str(finding.severity) for finding in asked.engine.findings()] == ["problem"]


def test_no_shell_reads_the_command() -> None:
    sentence = "The words of $(touch x) and `touch x`; touch x"
    program = (sys.executable, "-I", "-c", "import sys; sys.exit(sys.argv[1])", "$(echo no) ; `echo no` *")
    with pytest.raises(EngineError, match=r"\$\(echo no\) ; `echo no` \*"):
        Asked(command=program, sentences=[sentence]).answers()
