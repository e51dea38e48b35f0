"""Commands that look closely at sentences: where one came from, how sure links are, how much reviewers changed."""

from __future__ import annotations

from collections.abc import Iterator

from bot import pipeline
from bot.changes import make_plan
from bot.comments.align import Align, links_answer
from bot.comments.authorship import Reading, Sentence, Writer, published_file, read_file, requested, versions
from bot.comments.bleu import Edited, score_answer
from bot.comments.case import Case, Reply
from bot.comments.explain import UNRECORDED, Explain, Origin, explanation
from bot.documents import decode, reads_the_same
from bot.errors import InputError, UsageError
from bot.evaluation import Metric, score
from bot.evaluation.tables import in_points
from bot.forge.book import TranslatedFile
from bot.pipeline import Texts
from bot.report.explanation import explain
from bot.report.scores import read_scores

_WRITERS = {
    Writer.PUBLISHED: "people, before this pull request",
    Writer.PEOPLE: "people, in this pull request",
    Writer.BOT: "people; the bot carried it over to the new source",
    Writer.MACHINE: "the machine",
    Writer.LEFT: "nobody yet: the {source} stands, for a person to translate",
}


def explain_place(command: Explain, case: Case) -> Reply:
    """Raises UsageError where no sentence stands on the line."""
    file = case.file(command.place)
    line = command.place.line
    assert line is not None, "the parser asks for a line"
    reading = read_file(case, file)
    found = reading.at(line)
    if not found:
        raise UsageError(f'there is no sentence on line {line} of "{file.path}"')
    history = _history(case, file)
    origins = [_origin(sentence, reading, history, case.direction.source.name) for sentence in found]
    return Reply(explanation(command.place, origins))


def align_file(command: Align, case: Case) -> Reply:
    file = case.file(command.place)
    english, text = case.english(file), case.translation(file, case.head)
    beads = pipeline.align_texts(Texts(file.path, english, english, text), case.direction).beads
    documents = pipeline.parse(english, case.direction.source), pipeline.parse(text, case.direction.target)
    return Reply(links_answer(file.path, explain(*documents, beads)))


def score_machine(case: Case) -> Reply:
    measures = case.edition.settings.measure
    return Reply(score_answer(read_scores(case.pull.body), _edited(case), measures=measures))


def _edited(case: Case) -> Edited:
    """By the sentences of the source: what the machine said last, against what stands there now."""
    pairs = [pair for file in case.book.files if _is_proposed(case, file) for pair in _pairs(case, file)]
    changed = sum(one != other for one, other in pairs)
    if not changed:
        return Edited(len(pairs), 0)
    hypotheses, references = zip(*pairs, strict=True)
    compared = "machine translations of a pull request with what people made of them"
    found = score(Metric.BLEU, hypotheses, references, case.direction.target, compared)
    return Edited(len(pairs), changed, in_points(found), found.signature)


# What the sync did with a sentence of the source: its old source, its old translation ("" where there was none), the
# action and the reason.
_Past = tuple[str, str, str, str]


def _history(case: Case, file: TranslatedFile) -> dict[str, _Past]:
    """By the text of the source, from what is published to what the pull request was made from."""
    before = published_file(case, file)
    if before is None or before.base is None or not before.exists:
        return {}
    old = decode(case.edition.published_book.baselines.repository.read(before.base.blob), before.base.source_path)
    texts = Texts(file.path, old, case.english(file), case.translation(before, case.edition.published))
    direction = case.direction
    base, new, target = (
        pipeline.parse(text, language)
        for text, language in (
            (texts.base, direction.source),
            (texts.new, direction.source),
            (texts.target, direction.target),
        )
    )
    past = {}
    for op in make_plan(base, new, target, pipeline.align_texts(texts, direction).beads).operations:
        was = " ".join(base.segments[i].text for i in op.base)
        old = " ".join(target.segments[i].text for i in op.target)
        sides = was, "" if reads_the_same(was, old) else old
        for number in op.new:
            past[new.segments[number].text] = (*sides, op.action.value, op.reason)
    return past


def _origin(sentence: Sentence, reading: Reading, history: dict[str, _Past], source: str) -> Origin:
    """`source` is the name of the source language."""
    text = " ".join(segment.text for segment in sentence.target)
    writer = _WRITERS[sentence.writer].format(source=source)
    if not sentence.bead.source:
        return Origin(text, "", None, writer, sentence.commit)
    first = reading.english.segments[sentence.bead.source[0]].text
    past = history.get(first, ("", "", "", ""))
    engine = (sentence.engine or UNRECORDED) if sentence.writer is Writer.MACHINE else ""
    return Origin(text, sentence.english, sentence.bead.score, writer, sentence.commit, *past, engine)


def _is_proposed(case: Case, file: TranslatedFile) -> bool:
    return (
        file.exists
        and file.base is not None
        and case.edition.published.entries.get(file.path) != case.head.entries[file.path]
    )


def _pairs(case: Case, file: TranslatedFile) -> Iterator[tuple[str, str]]:
    """What the machine said of a sentence of the source when it was asked last, and what stands there now."""
    try:
        asked = requested(case, file)
        reading = read_file(case, file)
    except InputError:
        return
    said: dict[str, str] = {}
    for version in versions(case, file):
        if version.by_bot:
            said |= dict(_said(case, file, version.commit, version.added, asked if not version.asked else None))
    for sentence in reading.sentences:
        if sentence.english in said and sentence.target:
            yield said[sentence.english], " ".join(segment.text for segment in sentence.target)


def _said(
    case: Case, file: TranslatedFile, commit: str, added: frozenset[str], asked: frozenset[str] | None
) -> Iterator[tuple[str, str]]:
    """What a commit of the bot added, by the sentence of the source; only those `asked`, where they are given. The
    source itself, left in place, is no machine's."""
    blob, base = case.edition.repository.holds(f"{commit}:{file.path}"), case.baselines(commit).get(file.path)
    if blob is None or base is None:
        return
    english = decode(case.book.baselines.repository.read(base), file.path)
    text = decode(case.edition.repository.read(blob), file.path)
    source, target = pipeline.parse(english, case.direction.source), pipeline.parse(text, case.direction.target)
    for bead in pipeline.align_texts(Texts(file.path, english, english, text), case.direction).beads:
        key = " ".join(source.segments[i].text for i in bead.source)
        texts = [target.segments[i].text for i in bead.target]
        said = " ".join(texts)
        prose = all(target.segments[i].is_prose for i in bead.target) and not reads_the_same(key, said)
        if key and texts and prose and added.issuperset(texts) and (asked is None or key in asked):
            yield key, said
