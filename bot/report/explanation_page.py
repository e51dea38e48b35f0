"""The links of two documents as a self-contained web page: it needs no network and no other file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from string import Template

from bot.model import Direction, Kind, Language
from bot.report.explanation import (
    LIKELY,
    SURE,
    ExplanationPart,
    ExplanationRow,
    Passage,
    location,
    printable,
    summarize,
)

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def explanation_page(
    rows: Sequence[ExplanationRow], names: tuple[str, str], direction: Direction, template: str
) -> str:
    """A whole HTML document. `names` are the names of the two documents, `template` is the text of
    explanation_page.html, which stands beside this module."""
    limits = f"Sure: {SURE:.0%} and above; doubtful: below {LIKELY:.0%}."
    heads = "".join(
        f'<th scope="col">{_text(name)} <span lang="en">({_text(language.name)})</span></th>'
        for name, language in zip(names, direction, strict=True)
    )
    return Template(template).substitute(
        title=_text(f"{names[0]} and {names[1]}"),
        summary=f"{_text(summarize(rows))}. {limits}",
        heads=heads,
        rows="\n".join(_row(row, direction) for row in rows),
    )


def _row(row: ExplanationRow, direction: Direction) -> str:
    classes = [row.verdict.value, *(["heading"] if row.kind is Kind.HEADING else [])]
    attributes = [f'class="{" ".join(classes)}"', f'id="r{row.number}"']
    attributes += [f'data-score="{int(row.score * 100)}"'] if row.is_linked else []
    attributes += ["data-moved"] if row.moved else []
    attributes += ["data-prose"] if row.kind.is_prose else []
    notes = "".join(f"<small>{note}</small>" for note in row.notes)
    score = f'<td class="score"><a href="#r{row.number}">{row.label}</a>{notes}</td>'
    source = _cell(row.kind, row.source, direction.source, "not in the source")
    target = _cell(row.kind, row.target, direction.target, "not translated")
    return f"<tr {' '.join(attributes)}>{score}{source}{target}</tr>"


def _cell(kind: Kind, passages: Sequence[Passage], language: Language, missing: str) -> str:
    if not passages:
        return f'<td class="none">{missing}</td>'
    code = language.code.split("-")[0]
    direction = "rtl" if kind.is_prose and code in _RIGHT_TO_LEFT else "ltr"
    place = f'<span class="place" title="line">{location(passages)}</span>'
    texts = [_passage(kind, passage, place if k == 0 else "") for k, passage in enumerate(passages)]
    return f'<td lang="{_text(language.code)}" dir="{direction}">{"".join(texts)}</td>'


def _passage(kind: Kind, passage: Passage, place: str) -> str:
    text = "".join(map(_part, passage.parts))
    if kind.is_prose:
        return f"<p>{place}{text}</p>"
    more = f'<p class="more">… {passage.hidden} more lines</p>' if passage.hidden else ""
    # The parser drops a line break that follows the tag.
    return f"<pre>{place}{text}</pre>{more}"


def _part(part: ExplanationPart) -> str:
    if part.shared:
        return f"<mark>{_text(part.text)}</mark>"
    if part.lacking:
        return f'<mark class="lacking" title="only on this side">{_text(part.text)}</mark>'
    return _text(part.text)


def _text(text: str) -> str:
    return escape(printable(text))
