"""Engine `command`: a program translates. Whatever it does, each sentence has a checked answer or a reason."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.engines.base import Engine, EngineOptions, Finding, Severity
from bot.engines.command.markups import MARKUPS, Written, written_side
from bot.engines.command.protocols import PROTOCOLS, Answer, Question, Reading, Unanswered
from bot.engines.command.running import Run, RunLimits, run
from bot.engines.command.settings import CommandSettings
from bot.errors import DeadlineError, EngineError
from bot.glossary import Term, read_glossary, unfollowed, unfollowed_warnings
from bot.markup.visible import visible
from bot.memory import TranslationMemory
from bot.merging import check_translation
from bot.model import Direction, Request, Translation
from bot.network.deadline import seconds_left
from bot.network.words import plain

_MAX_RUNS = 5
"""How often the program is started for the sentences of one translation, if it ends before it answered all."""
_SHOWN_ERRORS = 280
"""Characters of the end of the standard error that are shown."""
_LEAST_SECRET = 4
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST_ECHOED = 3
"""Words of a sentence that may rightly be the same in both languages."""
_LONGEST, _LONGEST_FACTOR = 500, 10
"""No translation has more characters than this and that many times those of its sentence."""
_VARIABLES = re.compile(r"PATH|HOME|TMPDIR|TZ|LANG|LANGUAGE|LC_[A-Z]+")


class CommandEngine(Engine):
    """Starts the program for each translation; between runs nothing is kept."""

    name = "command"
    limit_seconds = None
    compares = True

    def __init__(self, options: EngineOptions, settings: CommandSettings) -> None:
        self._options = options
        self._settings = settings
        self._protocol = PROTOCOLS[settings.protocol]
        self.revises = settings.revises
        names = set(settings.environment)
        self._environment = {
            name: value
            for name, value in (options.environment or os.environ).items()
            if name in names or _VARIABLES.fullmatch(name)
        }
        self._secrets = [value for name in names if len(value := self._environment.get(name, "")) >= _LEAST_SECRET]

    @property
    def label(self) -> str:
        return f"{self.name} ({self._program})"

    @property
    def training_level(self) -> str:
        return "sentence" if self._settings.examples else ""

    def findings(self) -> Iterable[Finding]:
        name = self._settings.command[0]
        if self._found() is None:
            yield Finding("program", Severity.PROBLEM, f"{name} is not there, or can't be run; install it, or correct"
                          " `command`")  # fmt: skip
        else:
            yield Finding("program", Severity.FACT, f"{name} is there")
        for variable in self._settings.environment:
            if variable not in self._environment:
                yield Finding("environment", Severity.PROBLEM, f"the variable {variable} is not set")

    def translate(
        self, requests: Sequence[Request], direction: Direction, examples: TranslationMemory
    ) -> Sequence[Translation]:
        terms = self._terms(direction)
        written = [MARKUPS[self._settings.own_markup](request, direction) for request in requests]
        asked: dict[str, Question] = {}
        ids: list[str] = []
        for request, one in zip(requests, written, strict=True):
            if not one.has_words:
                ids.append("")
                continue
            more = self._more(request, direction, examples, terms)
            key = json.dumps([one.text, more])
            asked.setdefault(key, Question(str(len(asked) + 1), one.text, more))
            ids.append(asked[key].id)
        answers = self._ask(list(asked.values())) if asked else {}
        return [
            _translation(request, one, answers.get(id, ""), terms, direction)
            for request, one, id in zip(requests, written, ids, strict=True)
        ]

    @property
    def _program(self) -> str:
        return plain(Path(self._settings.command[0]).name)

    def _found(self) -> str | None:
        name = self._settings.command[0]
        if "/" in name:
            return shutil.which(str(self._options.folder / name))
        return shutil.which(name, path=self._environment.get("PATH"))

    def _more(
        self, request: Request, direction: Direction, examples: TranslationMemory, terms: Sequence[Term]
    ) -> Mapping[str, Any]:
        """What goes with a sentence beside its text."""
        if self._settings.protocol != "json":
            return {}
        codes, markup = self.codes(direction), self._settings.own_markup
        more: dict[str, Any] = {"source": codes[0], "target": codes[1], "kind": str(request.kind)}
        if self.revises and request.revised is not None:
            more["revised"] = {"source": request.revised.source, "target": request.revised.target}
        if self._settings.examples:
            more["examples"] = [
                {
                    "source": written_side(markup, match.source, direction.source),
                    "target": written_side(markup, match.target, direction.target),
                }
                for match in examples.fuzzy(request.text, self._settings.examples)
            ]
        if self._settings.terms:
            # Every term that occurs is one that an empty translation does not follow.
            occurring = unfollowed(terms, request.text, "", direction)
            more["terms"] = [{"source": term.source, "targets": list(term.targets)} for term in occurring]
        return more

    def _terms(self, direction: Direction) -> Sequence[Term]:
        name = self._options.glossary
        return read_glossary(self._options.read_text(name).encode(), direction, name).terms if name else ()

    def _ask(self, asked: Sequence[Question]) -> Mapping[str, Answer]:
        """An answer for every sentence. A program that ends early is started again for the others; where it answers
        nothing at all then, its first sentence is what it fails at. Raises EngineError if it never answers any."""
        answers: dict[str, Answer] = {}
        pending = list(asked)
        ends = time.monotonic() + self._settings.timeout_minutes * 60
        reason = ""
        for _ in range(_MAX_RUNS):
            ran = self._run(pending, seconds_left(max(ends - time.monotonic(), 1)))
            if not ran.in_time:
                seconds_left(1)  # says so if it was the limit around this run
            reading = self._protocol.read(ran.output, pending)
            reason = self._reason(ran, reading, len(pending))
            if not answers and not reading.answers:
                raise (EngineError if ran.in_time else DeadlineError)(f"{reason}; nothing was written")
            for id, answer in reading.answers.items():
                answers[id] = Unanswered(self._masked(answer.reason)) if isinstance(answer, Unanswered) else answer
            if ran.fault and not reading.answers:
                answers[pending[0].id] = Unanswered(reason)
            pending = [one for one in pending if one.id not in answers]
            if not pending or not ran.fault or not ran.in_time:
                break
        if reading.fault or ran.fault:
            self._options.tell(f"{self._options.language}: {reason}")
        answers.update((one.id, Unanswered(reason)) for one in pending)
        return answers

    def _run(self, asked: Sequence[Question], seconds: float) -> Run:
        command = self._settings.command
        if "/" in command[0]:
            command = (str(self._options.folder / command[0]), *command[1:])
        limits = RunLimits(seconds, self._settings.idle_seconds, int(self._settings.answer_megabytes * 1e6))
        return run(command, self._protocol.write(asked), self._options.folder, self._environment, limits)

    def _reason(self, ran: Run, reading: Reading, count: int) -> str:
        """What became of a run, in a sentence without its end."""
        sentences = "1 sentence" if count == 1 else f"{count} sentences"
        what = f"the engine's program {self._program} answered {len(reading.answers)} of {sentences}"
        errors = ran.errors.strip()
        shown = errors if len(errors) <= _SHOWN_ERRORS else f"…{errors[-_SHOWN_ERRORS:]}"
        parts = [what, f"and {ran.fault}" if ran.fault else ""]
        notes = [reading.fault, f"it said “{plain(self._masked(shown))}”" if shown else ""]
        return "; ".join([" ".join(filter(None, parts)), *filter(None, map(self._masked, notes))])

    def _masked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def _translation(
    request: Request, written: Written, answer: Answer, terms: Sequence[Term], direction: Direction
) -> Translation:
    if not written.has_words:
        return Translation(request.text)
    if isinstance(answer, Unanswered):
        return Translation(request.text, left=answer.reason)
    if not answer.strip():
        return Translation(request.text, left="the program's answer is empty")
    if len(answer) > _LONGEST + _LONGEST_FACTOR * len(written.text):
        return Translation(request.text, left=f"the program's answer has {len(answer):,} characters")
    result = written.read(answer)
    if problem := result.problem or check_translation(request.text, result.text, request.kind, direction):
        return Translation(request.text, left=problem, rejected=visible(result.rejected or result.text))
    if _is_echo(request.text, result.text):
        return Translation(request.text, left=f"the program returned the {direction.source.name} unchanged")
    reordered = f"formulas, code or links stand in another order than in the {direction.source.name}"
    warnings = [reordered] if result.reordered else []
    return Translation(
        result.text, warnings=(*warnings, *unfollowed_warnings(terms, request.text, result.text, direction))
    )


def _is_echo(source: str, translation: str) -> bool:
    words = _WORD.findall(source.casefold())
    return len(words) > _MOST_ECHOED and words == _WORD.findall(translation.casefold())
