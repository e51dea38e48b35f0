"""Source text speaking through the bot: bodies, answers, titles and commit messages that are full of hostile texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.book.chapters import Scope
from bot.comments.answers import done_before, failure, guarded, quoted, refusal, unknown
from bot.comments.commands import COMMANDS
from bot.comments.parsing import Unknown, parse_comment
from bot.drafts.announcements import corrections_comment
from bot.evaluation.corrections import EditOutcome, Figures
from bot.forge.base import Outcome, PullRequest, PullRequestState
from bot.forge.github.marker import Memo, key_in, marked, read_memo, with_memo, without_memo
from bot.forge.guarded import MAX_COMMENT, safe_draft
from bot.forge.report_pages import with_report_link
from bot.glossary.mining import MiningSentence, TermProposal
from bot.markup.notes import split_notes
from bot.markup.sending import fitting_body, safe_body, safe_message
from bot.markup.visible import INVISIBLE
from bot.model import FileChange, FileResult, Language, PullRequestDraft, Signature
from bot.report.onboarding import FirstRun, Onboarding, OnboardingRow, onboarding_body, onboarding_title
from bot.report.pull_request import Context, commit_message, pull_request_body, pull_request_title
from bot.report.review import review_notes
from bot.report.scores import BleuFigure, Scores, scores_section
from bot.report.tally import Tally, read_tally
from bot.report.terms import TermOffer, terms_section
from bot.sync.results import Synced, describe_results, job_summary
from tests.support.hostile_texts import contexts, paths, results, texts
from tests.support.live import live_elements
from tests.support.reported import OLD

SOURCE, OWN = "https://example.org/a/b", "https://host.example/o/r"
ALLOWED = (SOURCE, OWN, "report-")
WHEN: Any = None  # a signature's time, which no body shows
MESSAGE = re.compile(r"(?<!\w)@\w|#\d|\bGH-\d|://", re.IGNORECASE)


def attack(examples: int, *strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], None]:
    """Runs a function once for each example; without shrinking, which takes longer than the whole run."""

    def run(function: Callable[..., None]) -> None:
        quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
        phases = (Phase.explicit, Phase.generate)
        configured = settings(
            max_examples=examples, suppress_health_check=quiet, phases=phases, database=None, deadline=None
        )
        configured(given(*strategies)(function))()

    return run


def drafted(found: list[FileResult], context: Context, word: str) -> PullRequestDraft:
    """As a sync makes it, with sections of hostile terms and scores."""
    term = TermProposal(word, word, 9, 8, 2, ((word, 1),), 5, 4, word, 1.0, (MiningSentence(word, word, word, word),))
    scores = Scores(
        *(word, word, word, 9, BleuFigure(1.0, 0.5, 1), BleuFigure(2.0, 0.5, 1), 3, word, 0.01, word, word, word)
    )
    offers, offered = split_notes(terms_section([TermOffer(term, word)], 3000, by_comment=True))
    context = replace(
        context,
        chapter=word,
        base=word,
        reviewers=(word,),
        terms=offers.rstrip(),
        scores=scores_section(scores, [replace(scores, key="x")], 8000, {word: {"headings": 1}}),
    )
    page = pull_request_body(context, found)
    tally = Tally().add("key", found).marker()
    return PullRequestDraft(
        *("zh", "amts/zh", "main", pull_request_title(context, found), f"{page.text}\n{tally}\n{offered}\n"),
        *(commit_message(context, found, OLD), {}, OLD, Signature("AMTS", "amts@example.org", WHEN)),
        notes=review_notes(found),
        report=page.report,
        pages=(SOURCE,),
    )


def answers(word: str, path: str) -> Iterator[str]:
    yield from (refusal(word), failure(f"{path}: {word}"), quoted(word), done_before(f"[x]({OWN}/commit/{OLD})", word))
    command = parse_comment(f"/amts sync {word}", COMMANDS)
    if isinstance(command, Unknown):
        yield unknown(command)
    pull = PullRequest("zh", 7, PullRequestState.OPEN, "amts/zh", "main", OLD, word, f"{OWN}/pull/7")
    failed = FileResult(path, path, FileChange.FAILED, problem=word)
    synced = Synced(Scope("zh", f"+{word}"), (failed,), Outcome.UPDATED, pull, remarks=(word,))
    yield describe_results([synced])
    yield job_summary([synced], {"zh": word})
    figures = Figures({EditOutcome.ACCEPTED: 3}, 3, 1, 3, 9)
    yield corrections_comment(7, figures, {path: figures, f"{path}2": figures})


def onboarded(word: str, path: str) -> Onboarding:
    rows = (
        OnboardingRow(path, path, "stale", word, 40, 50, word),
        OnboardingRow(path, None, "unknown", None, 1, 2, word),
    )
    run = FirstRun({}, {"translated": 3}, 2, 9, 1, "$1 ($2)", "engine", True, word, ((path, word),))
    return Onboarding(
        *(Language("zh", "Chinese"), Language("en", "English"), word, word, word, "infer", (word,), {word: path}, rows),
        *((path,), run, word, (word,)),
        untranslated=(path,),
    )


def is_inert(body: str) -> None:
    """Nothing in it is live, and no block of code had to be made of it."""
    sent = safe_body(body, (SOURCE, OWN))
    assert sent == body
    assert live_elements(sent, ALLOWED) == []
    assert not INVISIBLE.search(sent)
    # GitHub's renderer takes no longer run for the mark of code (findings/cmarkgfm-long-marks.sh).
    assert "`" * 81 not in split_notes(sent)[0]


@pytest.mark.parametrize("examples", [12, pytest.param(400, marks=pytest.mark.sweep)], ids=["some", "all"])
def test_nothing_in_a_pull_request_is_live_but_the_bots_own(
    examples: int, attacked: Callable[[str, int], None]
) -> None:
    tried = 0

    @attack(examples, results, contexts, texts)
    def _(found: list[FileResult], context: Context, word: str) -> None:
        nonlocal tried
        draft = drafted(found, context, word)
        sent = safe_draft(draft, OWN)
        assert (sent.body, sent.notes, sent.report) == (draft.body, draft.notes, draft.report)
        word = word.encode("utf-8", "replace").decode()  # as a configuration has it
        memo = Memo(labels=(word,), milestone=word)
        body = with_memo(with_report_link(sent.body, f"{OWN}/blob/{OLD}/README.md") if sent.report else sent.body, memo)
        for text in (body, *(marked(note.body, "note", "0" * 16) for note in sent.notes), *sent.report):
            is_inert(text)
            tried += 1
        assert read_memo(body) == Memo(labels=(word[:100],), milestone=word[:100])
        assert without_memo(body).startswith(sent.body.rstrip())
        assert read_tally(without_memo(body)) == read_tally(draft.body)
        assert all(key_in(marked(note.body, "note", "0" * 16)) == "0" * 16 for note in sent.notes)
        assert not MESSAGE.search(sent.title)
        assert not MESSAGE.search(safe_message(draft.message))

    attacked("bodies of pull requests made of hostile texts", tried)


@pytest.mark.parametrize("examples", [25, pytest.param(250, marks=pytest.mark.sweep)], ids=["some", "all"])
def test_nothing_in_an_answer_or_a_proposal_is_live_but_the_bots_own(
    examples: int, attacked: Callable[[str, int], None]
) -> None:
    tried = 0

    @attack(examples, texts, paths)
    def _(word: str, path: str) -> None:
        nonlocal tried
        for answer in answers(word, path):
            is_inert(guarded(answer))
            assert not re.search(r"^/amts", re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", guarded(answer)), re.MULTILINE)
            tried += 1
        proposed = [onboarded(word, path)]
        is_inert(onboarding_body(proposed))
        assert not MESSAGE.search(onboarding_title(proposed))
        tried += 1

    attacked("answers and proposals made of hostile texts", tried)


@pytest.mark.parametrize("examples", [150, pytest.param(2000, marks=pytest.mark.sweep)], ids=["some", "all"])
def test_what_nobody_escaped_is_sent_as_code(examples: int, attacked: Callable[[str, int], None]) -> None:
    @attack(
        examples,
        texts,
        texts,
        st.sampled_from(["{}", "Words {} more.", "- {}\n- {}", "| a |\n|---|\n| {} |", "`{}` {}"]),
    )
    def _(word: str, other: str, place: str) -> None:
        body = f"{place.replace('{}', word, 1).replace('{}', other)}\n\n<!-- amts:tally eJw= -->\n"
        sent = safe_body(body, (SOURCE, OWN))
        assert live_elements(sent, ALLOWED) == []
        assert safe_body(sent, (SOURCE, OWN)) == sent

    attacked("bodies of texts that nobody escaped", examples)


@given(texts, st.integers(60, 700))
@settings(max_examples=60)
def test_a_body_that_is_too_long_ends_between_two_blocks(word: str, room: int) -> None:
    rows = "\n".join(f"| {n} | `x` |" for n in range(5))
    body = "\n\n".join(
        [refusal(word), quoted(word), f"| a | b |\n|---|---|\n{rows}", "- one\n- two\n\n  ```\n  x\n  ```\n- three"]
    )
    body = f"{body}\n\n<details><summary>more</summary>\n\n{quoted(word)}\n\n</details>\n\n{refusal(word)}"
    cut = fitting_body(body, room)
    assert cut == body or len(cut) <= room
    is_inert(cut)


def test_an_answer_of_any_length_has_room_for_its_note() -> None:
    long = "\n\n".join(quoted(f"line {n}\n" * 40) for n in range(400))
    cut = fitting_body(long, MAX_COMMENT)
    assert MAX_COMMENT // 2 < len(cut) <= MAX_COMMENT
    assert cut.count("```") % 2 == 0
    is_inert(cut)


@pytest.mark.parametrize(
    ("message", "sent"),
    [
        ("Fix @canary fixes #1\n", "Fix @\u2060canary fixes #\u20601\n"),
        ("Closes o/r#2 and GH-3\n", "Closes o/r#\u20602 and GH\u2060-3\n"),
        ("fixes https://host.example/o/r/issues/1\n", "fixes https:\u2060//host.example/o/r/issues/1\n"),
        ("x\n\nCo-authored-by: A B <a@b.example>\n", "x\n\nCo-authored-by: A B <a@b.example>\n"),
        ("x\n\nCo-authored-by: @a <a@b.example>\n", "x\n\nCo-authored-by: @\u2060a <a@\u2060b.example>\n"),
        ("\x1b[31mred\u202e\n", "\\x1b[31mred\\u202e\n"),
    ],
)
def test_a_commit_message_mentions_nobody_and_closes_nothing(message: str, sent: str) -> None:
    assert safe_message(message) == sent
