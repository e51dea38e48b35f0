"""The body of the onboarding pull request: complete, short enough, and with nothing smuggled into it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import FileChange, Language
from bot.report.onboarding import (
    FirstRun,
    Onboarding,
    OnboardingRow,
    first_sentences,
    onboarding_body,
    onboarding_title,
)

CHINESE = Language("zh", "Chinese")
ENGLISH = Language("en", "English")
RUN = FirstRun({FileChange.UPDATED: 2}, {"kept": 5, "left": 1}, 1, 20, 0, "", "memory", spends=False)
NOTHING = FirstRun({}, {}, 0, 0, 0, "", "memory", spends=False)


def row(path: str, status: str = "stale", sure: int | None = None, note: str = "") -> OnboardingRow:
    return OnboardingRow(path, path, status, "0123456789abcdef", sure, sure, note)


def make(*rows: OnboardingRow, run: FirstRun = RUN, baseline: str = "origin-file", **more: object) -> Onboarding:
    one = Onboarding(
        language=CHINESE,
        source_language=ENGLISH,
        source="https://example.org/book",
        source_branch="main",
        branch="main",
        baseline=baseline,
        suffixes=("_origin",),
        paths={},
        rows=rows,
        own=(),
        first_run=run,
    )
    return replace(one, **more)  # type: ignore[arg-type] # fields by name


def test_a_body_fits_however_large_the_books_are() -> None:
    rows = [row(f"{'x' * 200}/{number}.md", "unknown", note="why " * 100) for number in range(3000)]
    paths = {f"{number}/*": f"{number}{'y' * 200}/*" for number in range(500)}
    body = onboarding_body([make(*rows, paths=paths), make(*rows, language=Language("tr", "Turkish"))])
    assert len(body) < 50_000
    assert "more do not fit here" in body
    assert "and 495 more" in body


@pytest.mark.parametrize("smuggled", ["@everyone", "#1", "<!-- x -->", "a|b", "`@x`", "</details>"])
def test_no_path_becomes_markup(smuggled: str) -> None:
    body = onboarding_body([make(row(f"{smuggled}.md", "unknown", note=f"no {smuggled}"))])
    bare = "".join(part for number, part in enumerate(body.replace("``", "`").split("`")) if number % 2 == 0)
    assert smuggled not in bare.replace("</details>\n", "")
    lines = [line for line in body.splitlines() if line.startswith("| `")]
    assert {line.count("|") for line in lines} == {5}


def test_unsure_baselines_are_counted_and_the_least_sure_named() -> None:
    rows = [row(f"{number}.md", sure=number) for number in range(30, 96)]
    body = onboarding_body([make(*rows, baseline="infer")])
    assert "inferred for 66 files: 6 at least 90% certain, 40 at least 50%, 20 less" in body
    assert "For 20 files, the source revision behind the translation is less than 50% certain" in body
    assert "`30.md` (30%)" in body
    assert "`40.md` (40%)" not in body.partition("<details>")[0]


def test_a_book_in_step_says_so() -> None:
    body = onboarding_body([make(row("a.md", "current"), run=NOTHING)])
    assert "the first run has nothing to propose" in body
    assert "Look at this" not in body


def test_what_a_priced_engine_is_not_asked_in_a_preview_counts_as_to_be_translated() -> None:
    priced = replace(RUN, spends=True, engine="Amazon Translate", quote="20 characters, $0.01 (prices of 2026-11)")
    assert ("to be translated by Amazon Translate", 1) in first_sentences(priced)
    assert ("left for a person, marked in the pull request", 1) in first_sentences(RUN)
    body = onboarding_body([make(row("a.md"), run=priced)])
    assert "It would cost `20 characters, $0.01 (prices of 2026-11)`. This preview cost nothing" in body


def test_the_title_names_the_languages() -> None:
    one, other = make(), make(language=Language("tr", "Turkish"))
    assert onboarding_title([one]) == "Configure AMTS for the Chinese translation"
    assert onboarding_title([one, other]) == "Configure AMTS for the Chinese and Turkish translations"
