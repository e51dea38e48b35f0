"""The order of the stages of one document: parse, align, plan … translate, merge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from bot.alignment import align
from bot.changes import DraftCorrection, correct, make_plan, protect, requests_of, untranslated_sentences, withhold
from bot.documents import parse as parse_anew
from bot.engines.base import Engine, limited
from bot.errors import EngineError, InputError
from bot.memory import TranslationMemory, collect_units
from bot.merging import apply_plan, assist
from bot.model import Bead, Direction, Document, Merge, Plan, Request, Translation, TranslationUnit, Versions
from bot.repair import RepairPolicy

# The stages of one file read the same three texts; documents are frozen, so the stages can share them.
parse = lru_cache(maxsize=6)(parse_anew)

# Three times what a page of a megabyte has, and forty times the longest page of the books we know. Beyond, one file
# would take minutes.
MAX_SEGMENTS = 30_000

Beads = Sequence[Bead]
DEFAULT_POLICY = RepairPolicy()


@dataclass(frozen=True, slots=True)
class Texts:
    """The input of a merge: the base English, the new English and the translation, at `path`, all in its format. A new
    file has no base and no target text. `kept` are the texts of translated sentences that people protected; `refused`
    are sentences that stand in English because the engine had no usable answer, and that it is not asked again;
    `corrections` are reviewers', of drafts that stand here untouched."""

    path: str
    base: str
    new: str
    target: str
    kept: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    corrections: tuple[DraftCorrection, ...] = ()


@dataclass(frozen=True, slots=True)
class Alignment:
    """The part of an alignment that later stages need: the links, and the pairs for the memory. `fresh` are the
    sentences of the new English that the base does not have, or that nobody translated here (`untranslated`); other
    files may have their translations."""

    beads: tuple[Bead, ...]
    units: tuple[TranslationUnit, ...]
    fresh: frozenset[str]
    untranslated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PlannedTexts:
    """The plan of a file, and its requests to the engine in the order of `plan.requests`."""

    plan: Plan
    requests: tuple[Request, ...]


def align_texts(texts: Texts, direction: Direction) -> Alignment:
    """The first stage, which needs only this file."""
    base, new, target = parse_texts(texts, direction)
    beads = align(base, target, direction)
    untranslated = frozenset(untranslated_sentences(base, target, beads))
    known = {segment.text for segment in base.segments} - untranslated
    fresh = frozenset(segment.text for segment in new.segments) - known
    return Alignment(beads, tuple(collect_units(base, target, beads, texts.path)), fresh, untranslated)


def plan_texts(
    texts: Texts, beads: Beads, direction: Direction, memory: TranslationMemory, policy: RepairPolicy = DEFAULT_POLICY
) -> PlannedTexts:
    """The end of the first half, once the whole book's memory is known."""
    documents = parse_texts(texts, direction)
    plan = protect(make_plan(documents, beads, direction, memory, policy), documents, texts.kept)
    plan = withhold(plan, documents, texts.refused)
    plan = correct(plan, documents, texts.corrections, direction.target.joiner)
    return PlannedTexts(plan, plan_requests(documents.new, plan, texts.path))


def complete(texts: Texts, planned: PlannedTexts, direction: Direction, translations: Sequence[Translation]) -> Merge:
    """The second half: the verified new translation. `translations` answers the plan's requests in their order. Raises
    VerificationError."""
    documents = parse_texts(texts, direction)
    answers = _share_out(planned.plan, translations, documents.new)
    plan = assist(planned.plan, answers, documents, direction)
    whole = {i: given[0] for i, given in answers.items() if plan.operations[i].awaits_translation}
    return apply_plan(plan, whole, documents, direction)


def translate(
    requests: Sequence[Request], engine: Engine, direction: Direction, memory: TranslationMemory
) -> list[Translation]:
    """The engine's answers, one for each request. Raises EngineError if it breaks its contract."""
    if not requests:
        return []
    answers = limited(engine, lambda: engine.translate(requests, direction, memory))
    if len(answers) != len(requests):
        raise EngineError(f"engine {engine.name} gave {len(answers)} answers to {len(requests)} sentences; report this")
    return list(answers)


def merge_document(
    texts: Versions[str], direction: Direction, engine: Engine, path: str = "", policy: RepairPolicy = DEFAULT_POLICY
) -> Merge:
    """One document through both halves, with no memory but its own. `path` says its format."""
    whole = Texts(path, *texts)
    alignment = align_texts(whole, direction)
    # All matches are from this document, so none names it.
    memory = TranslationMemory(replace(unit, path="") for unit in alignment.units)
    planned = plan_texts(whole, alignment.beads, direction, memory, policy)
    return complete(whole, planned, direction, translate(planned.requests, engine, direction, memory))


def parse_texts(texts: Texts, direction: Direction) -> Versions[Document]:
    """Raises InputError for more sentences than a file of a book has."""
    path, (source, target) = texts.path, direction
    documents: list[Document] = []
    for text, language in ((texts.base, source), (texts.new, source), (texts.target, target)):
        documents.append(parse(text, language, path))
        size = len(documents[-1].segments)
        if size > MAX_SEGMENTS:
            limit = f"more than the {MAX_SEGMENTS:,} of a document; exclude it or split it"
            raise InputError(f"{path}: has {size:,} sentences and blocks, {limit}")
    return Versions(*documents)


def plan_requests(new: Document, plan: Plan, path: str) -> tuple[Request, ...]:
    """The requests to the engine, in the order of `plan.requests`."""
    return tuple(request for i in plan.requests for request in requests_of(plan.operations[i], new, path))


def _share_out(plan: Plan, translations: Sequence[Translation], new: Document) -> dict[int, tuple[Translation, ...]]:
    """The answers to `plan_requests`, by operation."""
    answers = iter(translations)
    shares = {i: tuple(islice(answers, len(requests_of(plan.operations[i], new)))) for i in plan.requests}
    assert next(answers, None) is None
    return shares
