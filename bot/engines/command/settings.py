"""The settings of the engine `command`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.engines.base import About, Engine, EngineOptions, EngineSettings, Lesson

Protocol = Literal["json", "lines", "apertium"]
MarkupName = Literal["html", "tokens", "markdown"]

_Word = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class CommandSettings(EngineSettings):
    """A program that reads sentences from its standard input and writes their translations to its standard output:
    Apertium, Argos, a script of one's own. docs/reference/engines.md has the protocol."""

    kind: Literal["command"]
    about = About((Lesson.EXAMPLES, Lesson.TERMS))
    command: Annotated[tuple[_Word, ...], Field(min_length=1)]
    """The program and its arguments, each by itself; no shell reads them. A program with a slash in its name is looked
    for relative to this file."""
    protocol: Protocol = "json"
    """How sentences are written and read: `json` (an object a line), `lines` (a sentence a line, for line filters), or
    `apertium` (for `apertium -u -f html`)."""
    markup: MarkupName | None = None
    """How formulas, code and links are written in a sentence: as `html`, as `tokens` ({0}, {1}…{/1}), or as they stand
    in the file (`markdown`). Left out: `html` with `json`, `tokens` with `lines`; `apertium` has its own."""
    revises: bool = False
    """Whether the program brings people's translation up to date if it is given the text before and that translation;
    needs `protocol: json` and `markup: markdown`."""
    examples: Annotated[int, Field(ge=0, le=20)] = 0
    """How many similar sentences with people's translations go with each sentence (`protocol: json`)."""
    terms: bool = False
    """Whether the terms of the glossary that occur go with each sentence (`protocol: json`)."""
    environment: tuple[Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")], ...] = ()
    """Variables of the environment that the program gets beside PATH, HOME, TMPDIR, LANG, LC_…; no other."""
    timeout_minutes: Annotated[float, Field(gt=0, le=10_080)] = 120.0
    """How long the program may take for the sentences of one run."""
    idle_seconds: Annotated[float, Field(gt=0, le=604_800)] = 300.0
    """How long it may neither read nor write anything."""
    answer_megabytes: Annotated[float, Field(gt=0, le=100_000)] = 64.0
    """The most that it may write."""

    @model_validator(mode="after")
    def _fits(self) -> CommandSettings:
        if not self.command[0].strip():
            raise ValueError("has no program: the first word of `command` is empty")
        if self.protocol == "apertium" and self.markup is not None:
            raise ValueError("has a `markup`, but `protocol: apertium` has its own; leave `markup` out")
        if self.protocol != "json" and (self.revises or self.examples or self.terms):
            raise ValueError("has `revises`, `examples` or `terms`, which need `protocol: json`")
        if self.revises and self.markup != "markdown":
            raise ValueError("has `revises`, which needs `markup: markdown`")
        return self

    @property
    def own_markup(self) -> str:
        """The markup in force."""
        return self.markup or {"json": "html", "lines": "tokens", "apertium": "apertium"}[self.protocol]

    def create(self, options: EngineOptions) -> Engine:
        from bot.engines.command.engine import CommandEngine

        return CommandEngine(options, self)
