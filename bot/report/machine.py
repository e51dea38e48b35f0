"""Results as plain data for `--json` and for report files."""

from __future__ import annotations

from collections.abc import Iterable

from bot.model import Bead, Document, Doubt, Edit, FileResult, FuzzyMatch, Left, Merge


def merge_report(merge: Merge) -> dict[str, object]:
    """All edits, by spans in characters: replacing each `before` of the old text by its `text` gives the new one."""
    return {
        "edits": [_edit(edit) for edit in merge.edits],
        "counts": dict(merge.counts),
        "sentences": dict(merge.sentences),
        "characters": merge.characters,
        "left": [_left(left) for left in merge.left],
        "doubts": [_doubt(doubt) for doubt in merge.doubts],
        "verified": merge.verified,
    }


def file_report(result: FileResult) -> dict[str, object]:
    return {
        "path": result.path,
        "source_path": result.source_path,
        "old_path": result.old_path,
        "change": result.change.value,
        "problem": result.problem,
        "base": result.base,
        **({"merge": merge_report(result.merge)} if result.merge else {}),
    }


def bead_records(source: Document, target: Document, beads: Iterable[Bead]) -> list[dict[str, object]]:
    """Spans in characters of each bead of prose; code and other opaque segments are left out."""
    records: list[dict[str, object]] = []
    for bead in beads:
        left = [source.segments[i] for i in bead.source]
        right = [target.segments[i] for i in bead.target]
        if all(segment.is_prose for segment in [*left, *right]):
            records.append(
                {
                    "source": [[segment.start, segment.end] for segment in left],
                    "target": [[segment.start, segment.end] for segment in right],
                    "score": round(bead.score, 4),
                }
            )
    return records


def _edit(edit: Edit) -> dict[str, object]:
    return {
        "action": edit.action.value,
        "reason": edit.reason,
        "before": list(edit.before),
        "after": list(edit.after),
        "source": edit.source,
        "text": edit.text,
        **({"fuzzy": _fuzzy(edit.fuzzy)} if edit.fuzzy else {}),
    }


def _left(left: Left) -> dict[str, object]:
    return {
        "reason": left.reason,
        "source": left.source,
        "after": list(left.after),
        **({"fuzzy": _fuzzy(left.fuzzy)} if left.fuzzy else {}),
        **({"rejected": left.rejected} if left.rejected else {}),
    }


def _doubt(doubt: Doubt) -> dict[str, object]:
    return {"warnings": list(doubt.warnings), "source": doubt.source, "after": list(doubt.after)}


def _fuzzy(match: FuzzyMatch) -> dict[str, object]:
    return {
        "source": match.source,
        "target": match.target,
        "similarity": round(match.similarity, 4),
        "path": match.path,
    }
