"""`/amts bleu`: the measured quality of the machine, and how much of its work reviewers changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.book.state import TranslatedFile
from bot.comments.case import Case, PullRequestCommand, Reply
from bot.comments.parsing import Form, without_words
from bot.errors import InputError
from bot.evaluation import Metric, score
from bot.evaluation.tables import in_points
from bot.report.markdown import code_span, counted
from bot.report.scores import read_scores, scores_section

_MAX_SECTION_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Bleu(PullRequestCommand):
    """Asks for the measurement on held-out sentences that the pull request carries, and for the machine's sentences of
    this pull request against what reviewers made of them. Takes no new measurement."""

    def run(self, case: Case) -> Reply:
        return Reply(f"{_measured(case)}\n\n## What was changed in this pull request\n\n{_edited(case)}")


FORM = Form(
    "bleu",
    "show how well the machine translates held-out sentences, and how many of its sentences were changed here",
    without_words(Bleu),
)


def _measured(case: Case) -> str:
    history = read_scores(case.pull.body)
    if history:
        section = scores_section(history[-1], history[:-1], _MAX_SECTION_CHARACTERS)
        return f"{section}\n\nMeasured last with the published translation of {code_span(history[-1].revision)}."
    if case.edition.settings.measure is False:
        return "The machine is not measured on held-out sentences: the configuration has `measure: false` here."
    return "The machine was not measured on held-out sentences; the text of this pull request says why."


def _edited(case: Case) -> str:
    """Compares the machine's last answer for each sentence of the source with what stands there now."""
    pairs = [pair for file in case.book.files if _is_proposed(case, file) for pair in _pairs(case, file)]
    if not pairs:
        return "No machine translation stands here, so there is nothing to compare."
    changed = sum(said != now for said, now in pairs)
    sentences = counted(len(pairs), "sentence")
    summary = f"The machine wrote {sentences} of it; {changed:,} were changed since."
    if not changed:
        return f"{summary} There is nothing to score them against until somebody changes some."
    hypotheses, references = zip(*pairs, strict=True)
    compared = "machine translations of a pull request with what people made of them"
    bleu = score(Metric.BLEU, hypotheses, references, case.direction.target, compared)
    return (
        f"{summary}\n\nBLEU {in_points(bleu)}: what the machine wrote against what stands there now,"
        f" {sentences}. Signature: {code_span(bleu.signature)}\n\n"
        "This shows how much was changed, not how good the machine is: a sentence that nobody reviewed counts as"
        " right, and a corrected sentence stays close to the machine's."
    )


def _is_proposed(case: Case, file: TranslatedFile) -> bool:
    return (
        file.exists
        and file.base is not None
        and case.edition.published.entries.get(file.path) != case.head.entries[file.path]
    )


def _pairs(case: Case, file: TranslatedFile) -> Iterator[tuple[str, str]]:
    """The machine's last answer for each sentence of the source that it was asked, and what stands there now."""
    try:
        attributed = case.attribute(file)
    except InputError:
        return
    for sentence in attributed.sentences:
        answer = attributed.answers.get(tuple(attributed.english.segments[i].text for i in sentence.bead.source))
        if answer is not None and sentence.target and all(segment.is_prose for segment in sentence.target):
            yield answer, case.direction.target.joiner.join(segment.text for segment in sentence.target)
