"""Results as plain data, for `--json` and for files."""

from __future__ import annotations

from collections.abc import Iterable

from bot.model import Bead, Document, FileResult, FuzzyMatch, Merge, Revision


def merge_report(merge: Merge) -> dict[str, object]:
    """Spans of edits are in characters: replacing each `before` of the old text by its `text` gives the new one."""
    return {
        "edits": [
            {
                "action": edit.action.value,
                "reason": edit.reason,
                "before": list(edit.before),
                "after": list(edit.after),
                "source": edit.source,
                "text": edit.text,
                **_fuzzy(edit.fuzzy),
            }
            for edit in merge.edits
        ],
        "counts": dict(merge.counts),
        "sentences": dict(merge.sentences),
        "characters": merge.characters,
        "left": [
            {
                "reason": left.reason,
                "source": left.source,
                "after": list(left.after),
                **_fuzzy(left.fuzzy),
                **({"rejected": left.rejected} if left.rejected else {}),
                **({"standing": True} if left.standing else {}),
            }
            for left in sorted((*merge.left, *merge.beside), key=lambda left: left.after)
        ],
        "doubts": [
            {"warnings": list(doubt.warnings), "source": doubt.source, "after": list(doubt.after)}
            for doubt in merge.doubts
        ],
        "revisions": [_revision(revision, merge.line_at(revision.after[0])) for revision in merge.revisions],
        "verified": merge.verified,
    }


def _revision(revision: Revision, line: int) -> dict[str, object]:
    return {
        "action": revision.action.value,
        "reason": revision.reason,
        "line": line,
        "after": list(revision.after),
        "kinds": list(revision.carried.kinds),
        "small": list(revision.carried.small),
        "unsure": list(revision.carried.unsure),
        "source": {"before": revision.base, "after": revision.source},
        "translation": {"before": revision.before, "after": revision.text},
        **({"rejected": revision.rejected} if revision.rejected else {}),
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
        **({"stranded": list(result.stranded)} if result.stranded else {}),
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


def _fuzzy(match: FuzzyMatch | None) -> dict[str, object]:
    if match is None:
        return {}
    similarity = round(match.similarity, 4)
    sides = {"source": match.source, "target": match.target, "similarity": similarity, "path": match.path}
    return {"fuzzy": sides}
