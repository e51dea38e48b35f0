"""`/amts explain`: where a sentence came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.answers import quoted
from bot.comments.base import Form, Owned, Place, Word, one_place
from bot.report.markdown import code_span, escaped


@dataclass(frozen=True, slots=True)
class Explain(Owned):
    """Asks where the sentence at a line of a translation came from."""

    place: Place


def read(words: Sequence[Word]) -> Explain:
    return Explain(one_place(words, line=True))


FORM = Form(
    "explain <path>:<line>",
    "where this sentence came from: its source before and after, its old translation, the score of the link, who wrote"
    " it, the engine",
    read,
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sentence came from. `score` is that of the link to its source, None where it has no source; `before` is
    what the source said when `old` was its translation, "" where there was none; `action` and `reason` are what the
    sync did with it, "" where the source did not change; `engine` is the machine that wrote it, "" where none did."""

    text: str
    source: str
    score: float | None
    writer: str
    commit: str
    before: str = ""
    old: str = ""
    action: str = ""
    reason: str = ""
    engine: str = ""


UNRECORDED = "its commit does not say which"
"""In place of an engine, for a commit that was made before the bot noted it."""


def explanation(place: Place, origins: Sequence[Origin]) -> str:
    sections = [f"{code_span(f'{place.path}:{place.line}')}:"]
    sections += [_origin(origin) for origin in origins]
    return "\n\n---\n\n".join(sections)


def _origin(origin: Origin) -> str:
    where = f" ({origin.commit[:10]})" if origin.commit else ""
    engine = f", engine {code_span(origin.engine)}" if origin.engine else ""
    parts = [quoted(origin.text), f"Written by: {escaped(origin.writer)}{engine}{where}."]
    if origin.score is None:
        return "\n\n".join([*parts, "It translates nothing of the source: the translators' own words."])
    # Rounded down: a link of 89.7% does not pass for a sure one.
    parts += [f"Its source (this link is sure to {int(origin.score * 100)} %):", quoted(origin.source)]
    if origin.before and origin.before != origin.source:
        parts += ["Before, the source was:", quoted(origin.before)]
    if origin.old and origin.old != origin.text:
        parts += ["And its translation:" if origin.engine else "Its translation before:", quoted(origin.old)]
    if origin.action:
        parts.append(f"The sync: {escaped(origin.action)}, {escaped(origin.reason)}.")
    return "\n\n".join(parts)
