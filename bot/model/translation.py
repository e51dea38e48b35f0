"""Languages, and links between sentences and their translations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from bot.model.document import Kind


@dataclass(frozen=True, slots=True)
class SentenceRules:
    """What says where sentences of a language end, beside the lists of the library; config/sentences.yaml explains each
    list. Abbreviations are without their last period."""

    leads: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    starters: frozenset[str] = frozenset()
    ordinals: frozenset[str] = frozenset()
    ordinal_nouns: frozenset[str] = frozenset()
    after_quote: frozenset[str] = frozenset()
    not_after_quote: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Language:
    """A language's entry in the data file. `joiner` stands between two sentences of a paragraph; `length_ratio` is its
    characters per character of English; with `verb_last` the verb ends the sentence; `rules` are those of its
    `splitter`."""

    code: str
    name: str
    joiner: str = " "
    enders: str = ".?!"
    length_ratio: float = 1.0
    verb_last: bool = False
    splitter: str = "en"
    engine_codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    bleu_tokenizer: str = "13a"
    # Its hash would take long; the codes tell most languages apart.
    rules: SentenceRules = field(default_factory=SentenceRules, hash=False)

    @property
    def has_spaces(self) -> bool:
        return self.joiner != ""

    def code_for(self, engine: str) -> str:
        """The engine's code for the language, or the language's own if the engine has none."""
        return self.engine_codes.get(engine, self.code)


_Version = TypeVar("_Version")


class Versions(NamedTuple, Generic[_Version]):
    """The three sides of a merge: the English that the translation was made from, today's, and the translation."""

    base: _Version
    new: _Version
    target: _Version


class Direction(NamedTuple):
    """The languages of a translation."""

    source: Language
    target: Language


@dataclass(frozen=True, slots=True)
class Bead:
    """A link: source segments and the target segments that translate them (indices; either side may be empty).
    `score` is the probability that it is right."""

    source: tuple[int, ...]
    target: tuple[int, ...]
    score: float


class Origin(StrEnum):
    HUMAN = "human"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """A source text, its translation and their provenance. `before` is the preceding source text; `complete` says that
    both sides have the same formulas, code, references and addresses: the pair can then be reused elsewhere."""

    source: str
    target: str
    path: str
    kind: Kind = Kind.PARAGRAPH
    before: str = ""
    score: float = 1.0
    origin: Origin = Origin.HUMAN
    complete: bool = True


class Draft(NamedTuple):
    """What a machine wrote in a pull request that was merged: the source text and the sentences of its translation, one
    line each. `path` is the translation's; "" if the words stood nowhere in the book before: then they are a machine's
    in any file that people moved them to."""

    path: str
    source: str
    targets: tuple[str, ...]


class Drafts:
    """The drafts of a book in one language. A text that differs from them in more than white space is people's."""

    def __init__(self, drafts: Iterable[Draft] = ()) -> None:
        self.all = frozenset(drafts)
        self._sources: dict[tuple[str, str], list[str]] = {}
        for draft in self.all:
            for target in draft.targets:
                self._sources.setdefault((draft.path, without_spaces(target)), []).append(without_spaces(draft.source))

    def __bool__(self) -> bool:
        return bool(self.all)

    def hold(self, path: str, source: str, targets: Iterable[str]) -> bool:
        """Whether one of the sentences `targets`, which translate `source`, stands as a machine wrote it. Sentences may
        be joined or divided since."""
        english = without_spaces(source)
        for target in map(without_spaces, targets):
            for place in (path, ""):
                known = self._sources.get((place, target), ())
                if any(part in english or english in part for part in known):
                    return True
        return False


NO_DRAFTS = Drafts()


def without_spaces(text: str) -> str:
    """The same for a text whose lines are broken elsewhere, in any script."""
    return "".join(text.split())
