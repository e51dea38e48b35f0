"""The order of the stages, nothing else: parse, align, plan … translate, merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.alignment import align
from bot.changes import make_plan
from bot.changes.protecting import protect
from bot.documents import parse as parse_anew
from bot.engines import Engine
from bot.errors import EngineError
from bot.memory import TranslationMemory, collect_units
from bot.merging import apply_plan
from bot.model import Bead, Direction, Document, Merge, Operation, Plan, Request, Translation, TranslationUnit, Versions

# The stages of one file look at the same three texts; documents are frozen, so they can share what was read.
parse = lru_cache(maxsize=6)(parse_anew)

Beads = Sequence[Bead]


@dataclass(frozen=True, slots=True)
class Texts:
    """The three inputs of a merge: the English a translation was made from, today's, and the translation. `path` is
    the translation's. A new file has no base and no target text. `kept` are the texts of translated sentences that
    people protected."""

    path: str
    base: str
    new: str
    target: str
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Alignment:
    """What is kept of an alignment between the stages: which segment translates which, and the pairs worth knowing."""

    beads: tuple[Bead, ...]
    units: tuple[TranslationUnit, ...]


def align_texts(texts: Texts, direction: Direction) -> Alignment:
    """The first stage: needs nothing but the one file."""
    base, target = parse(texts.base, direction.source), parse(texts.target, direction.target)
    beads = align(base, target, direction)
    return Alignment(beads, tuple(collect_units(base, target, beads, texts.path)))


def new_sentences(texts: Texts, direction: Direction) -> frozenset[str]:
    """The texts of the new English that the base does not have: what may be found elsewhere in the book."""
    old = {segment.text for segment in parse(texts.base, direction.source).segments}
    return frozenset(segment.text for segment in parse(texts.new, direction.source).segments) - old


def list_requests(texts: Texts, beads: Beads, direction: Direction, memory: TranslationMemory) -> tuple[Request, ...]:
    """The end of the first half: what the engine is asked, once the whole book's memory is known."""
    documents = _parse(texts, direction)
    return plan_requests(documents.new, _plan(texts, documents, beads, memory), texts.path)


def complete(
    texts: Texts,
    beads: Beads,
    direction: Direction,
    memory: TranslationMemory,
    translations: Sequence[Translation],
) -> Merge:
    """The second half: the verified new translation, from a plan that is made again. `translations` answers
    `list_requests` in its order. Raises VerificationError."""
    documents = _parse(texts, direction)
    plan = _plan(texts, documents, beads, memory)
    answers: Mapping[int, Translation] = dict(zip(plan.requests, translations, strict=True))
    return apply_plan(plan, answers, documents, direction)


def translate(
    requests: Sequence[Request], engine: Engine, direction: Direction, memory: TranslationMemory
) -> list[Translation]:
    """The engine's answers, as many as requests. Raises EngineError where it breaks its contract."""
    if not requests:
        return []
    answers = engine.translate(requests, source=direction.source, target=direction.target, examples=memory)
    if len(answers) != len(requests):
        raise EngineError(f"engine {engine.name} gave {len(answers)} answers to {len(requests)} sentences; report this")
    return list(answers)


def merge_document(base: str, new: str, target: str, direction: Direction, engine: Engine) -> Merge:
    """One document through both halves, with no memory but its own."""
    documents = _parse(Texts("", base, new, target), direction)
    beads = align(documents.base, documents.target, direction)
    memory = TranslationMemory(collect_units(documents.base, documents.target, beads, ""))
    plan = make_plan(*documents, beads, memory)
    answers = translate(plan_requests(documents.new, plan, ""), engine, direction, memory)
    return apply_plan(plan, dict(zip(plan.requests, answers, strict=True)), documents, direction)


def _parse(texts: Texts, direction: Direction) -> Versions[Document]:
    return Versions(
        parse(texts.base, direction.source),
        parse(texts.new, direction.source),
        parse(texts.target, direction.target),
    )


def _plan(texts: Texts, documents: Versions[Document], beads: Beads, memory: TranslationMemory) -> Plan:
    return protect(make_plan(*documents, beads, memory), documents.new, documents.target, texts.kept)


def plan_requests(new: Document, plan: Plan, path: str) -> tuple[Request, ...]:
    """What the engine is asked, in the order of `plan.requests`."""
    return tuple(_request(new, plan.operations[i], path) for i in plan.requests)


def _request(new: Document, operation: Operation, path: str) -> Request:
    segments = [new.segments[i] for i in operation.new]
    first = operation.new[0]
    return Request(
        " ".join(segment.text for segment in segments),
        segments[0].kind,
        tuple(placeable.text for segment in segments for placeable in segment.placeables),
        new.segments[first - 1].text if first else "",
        path,
    )
