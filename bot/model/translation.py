"""What is known of a language, and which sentence translates which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from bot.model.document import Kind


@dataclass(frozen=True, slots=True)
class Language:
    """What the data file says of a language. `joiner` stands between two sentences of a paragraph; `length_ratio` is
    its characters per character of English."""

    code: str
    name: str
    joiner: str = " "
    enders: str = ".?!"
    length_ratio: float = 1.0
    splitter: str = "en"
    engine_codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    bleu_tokenizer: str = "13a"

    @property
    def has_spaces(self) -> bool:
        return self.joiner != ""

    def code_for(self, engine: str) -> str:
        """What a file for an engine calls the language: the engine's code, or the language's own where it has none."""
        return self.engine_codes.get(engine, self.code)


_Version = TypeVar("_Version")


class Versions(NamedTuple, Generic[_Version]):
    """The three sides of a merge: the English that a translation was made from, today's English, the translation."""

    base: _Version
    new: _Version
    target: _Version


class Direction(NamedTuple):
    """The language of the source and that of the translation."""

    source: Language
    target: Language


@dataclass(frozen=True, slots=True)
class Bead:
    """A group of source segments and the target segments that translate it (indices, either side may be empty), with
    the probability that this link is right."""

    source: tuple[int, ...]
    target: tuple[int, ...]
    score: float


class Origin(StrEnum):
    HUMAN = "human"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """A source text and its translation, with where they come from. `before` is the source text that preceded it;
    `complete` says that the translation has the source's formulas, code, references and addresses and no others, so
    that it can stand in another place."""

    source: str
    target: str
    path: str
    kind: Kind = Kind.PARAGRAPH
    before: str = ""
    score: float = 1.0
    origin: Origin = Origin.HUMAN
    complete: bool = True


Draft = tuple[str, str, str]
"""What a machine made of a source text for a merged pull request: path of the translation, source, draft; on one line
each."""
