"""Which columns of a table hold the terms: by its header, as people and the common tools write it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.glossary.sides import side_of
from bot.model import Direction

# `Term [de]` (Crowdin), `translation_de` (Transifex), `target: de`; but `term_id` has no Indonesian.
_TERM_IN = re.compile(
    r"(?:term|translation|source|target|text)\s*(?:\[([^\]]+)\]|\(([^)]+)\)|\s*[_:]\s*(?!id\b)(.+))", re.IGNORECASE
)
# `German (Austria)`, `English_United States` (memoQ).
_REGION = re.compile(r"\s*[_(].*")
_LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
# Without a language: Weblate, Transifex, Lokalise, POEditor, and people.
_SOURCE = frozenset({"source", "source term", "source text", "term", "original", "source language"})
_TARGET = frozenset({"target", "target term", "target text", "translation", "translated term", "target language"})
# What is said of a term, by the beginning of its label in the languages of many glossaries.
_REMARKS = re.compile(
    r"#|№|no\.?$|nr\.?$|n°|id$|.*\bid$|note|comment|remark|desc|def|context|example|usage|pos$|part|status|domain|subject|"
    r"categor|tag|gender|type|url|link|author|date|created|modified|case|forbidden|translatable|fuzzy|location|developer|"
    r"anmerk|bemerk|hinweis|komment|notiz|beispiel|erläut|beschr|remarq|exempl|nota|coment|observ|descr|ejemplo|"
    r"açıkla|not$|notlar|yorum|örnek|примеч|коммент|опис|пример|ghi chú|chú thích|uwag|komentar|poznám|"
    r"备注|備註|说明|說明|注释|註釋|解释|例|注|備考|説明|コメント|비고|설명|메모",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"(not recommended|do not use|deprecated|superseded|obsolete|forbidden|rejected|prohibited)\b", re.IGNORECASE
)


def term_side(direction: Direction, label: str) -> int | None:
    """Whether a column with this label has terms of the source (0) or translations (1); None if it has neither, or
    terms of another language."""
    text = " ".join(label.split())
    found = _TERM_IN.fullmatch(text)
    for name in (text, *(filter(None, found.groups()) if found else ()), _REGION.sub("", text)):
        side = side_of(direction, name)
        if side is not None:
            return side
    folded = text.casefold().replace("_", " ")
    return 0 if folded in _SOURCE else 1 if folded in _TARGET else None


def term_languages(labels: Sequence[str]) -> list[str]:
    """The languages that the labels of columns with terms name, as they write them."""
    found = (_TERM_IN.fullmatch(" ".join(label.split())) for label in labels)
    names = [name for match in found if match for name in match.groups() if name]
    return [name for name in names if _LANGUAGE_CODE.fullmatch(name)]


def term_columns(direction: Direction, labels: Sequence[str]) -> tuple[int | None, int | None]:
    """The columns of the source and of the translation, each None if no label names it. A column with exactly the code
    comes first, then a label that names the language."""
    columns: list[int | None] = []
    for side, language in enumerate(direction):
        own = [place for place, label in enumerate(labels) if term_side(direction, label) == side]
        code = language.code.casefold()
        exact = [place for place in own if labels[place].strip().replace("_", "-").casefold() == code]
        named = [place for place in own if labels[place].strip().casefold() not in _SOURCE | _TARGET]
        columns.append(next(iter(exact or named or own), None))
    return columns[0], columns[1]


def table_columns(direction: Direction, labels: Sequence[str]) -> tuple[int, int, bool | None]:
    """The two columns with terms, in their order, of a table whose header may name no language: the named ones, then
    the first that hold no remarks; and whether the source comes first, None if no label tells."""
    named = term_columns(direction, labels)
    others = [place for place, label in enumerate(labels) if not _REMARKS.match(label.strip())]
    others += [place for place in range(len(labels)) if place not in others]
    chosen = [place for place in named if place is not None]
    chosen += [place for place in others if place not in chosen][: 2 - len(chosen)]
    first, second = sorted(chosen)
    if named == (None, None):
        return first, second, None
    return first, second, first == named[0] or second == named[1]


def refusal(labels: Sequence[str], row: Sequence[str]) -> str:
    """What a row says against the use of its term, "" for nothing: its status (`Status [de]`), or that it is fuzzy."""
    for label, text in zip(labels, row, strict=False):
        words = re.split(r"[\W_]+", label.casefold())
        if "status" in words and (found := _REFUSED.match(text.strip())):
            return f"is marked as {found[1].casefold()}"
        if words == ["fuzzy"] and text.strip().casefold() in ("true", "1", "yes"):
            return "is marked as fuzzy"
    return ""
