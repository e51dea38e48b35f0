"""Reviewers' corrections in an open pull request: applied to the same draft elsewhere in it."""

from __future__ import annotations

from dataclasses import replace

from bot.book.loading import LoadedFiles
from bot.drafts.reviewing import ReviewedDrafts
from bot.report.markdown import counted


def with_corrections(loaded: LoadedFiles, reviewed: ReviewedDrafts) -> LoadedFiles:
    texts = {
        file: replace(text, corrections=reviewed.corrections.get(file.path, ())) for file, text in loaded.texts.items()
    }
    return replace(loaded, texts=texts)


def count_divided(reviewed: ReviewedDrafts) -> str:
    """A remark, "" if reviewers agree."""
    drafts = counted(len(reviewed.divided), "draft")
    return f"{drafts} corrected in different ways: nothing was applied elsewhere" if reviewed.divided else ""
