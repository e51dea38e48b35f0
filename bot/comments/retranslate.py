"""`/amts retranslate`: has the machine translate again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.comments.answers import quoted
from bot.comments.base import Form, Owned, Place, Word, one_place
from bot.documents import reads_the_same
from bot.errors import UsageError
from bot.report.markdown import code_span, counted, escaped, fitted

NOTHING = (
    "The machine wrote nothing there that people left as it is; nothing was done. What a person wrote is only replaced"
    " where its line is named: `/amts retranslate <path>:<line>`."
)
_OPTION = "--engine"
_MAX_LIST = 40_000


@dataclass(frozen=True, slots=True)
class Retranslate(Owned):
    """Asks for new translations: of the sentence at a line, whoever wrote it, or of all sentences of a file that the
    machine wrote and nobody changed since. `engine` is an entry of the configuration, "" for the language's own."""

    place: Place
    engine: str = ""


def read(words: Sequence[Word]) -> Retranslate:
    names = [word.text for word in words]
    engine = ""
    rest = list(words)
    if _OPTION in names:
        at = names.index(_OPTION)
        if at + 1 == len(words):
            raise UsageError(f"{_OPTION} needs the name of an engine")
        engine = names[at + 1]
        del rest[at : at + 2]
    unknown = next((word.text for word in rest if word.text.startswith("-") and not word.quoted), None)
    if unknown is not None:
        raise UsageError(f'there is no option "{unknown}"')
    return Retranslate(one_place(rest), engine)


FORM = Form(
    "retranslate <path>[:line] [--engine E]",
    "have the machine translate again what it wrote in this file; with a line, the sentence there, even a person's",
    read,
)


@dataclass(frozen=True, slots=True)
class Retranslated:
    """A sentence that was translated again: `new` is "" where the answer was `refused`, with the reason, and `old`
    stands: the translation before, or the source itself where nobody translated it."""

    source: str
    old: str
    new: str
    refused: str


def retranslation(path: str, sentences: Sequence[Retranslated], engine: str, cost: str, commit: str) -> str:
    """`cost` is empty where nothing was billed, `commit` where nothing was written."""
    new = sum(one.new != "" for one in sentences)
    told = f"{code_span(path)}: {counted(len(sentences), 'sentence')} asked of engine {code_span(engine)}"
    told += f", billed as {escaped(cost)}" if cost else ""
    told += f"; {new:,} written in {commit[:10]}." if commit else "; nothing changed."
    entries = [_entry(one) for one in sentences]
    return f"{told}\n\n{fitted(entries, _MAX_LIST, chr(10) * 2)}"


def _entry(one: Retranslated) -> str:
    untranslated = reads_the_same(one.source, one.old)
    if one.refused:
        told = "It stays untranslated" if untranslated else "The old translation stands"
        return f"{quoted(one.source)}\n\n{told}: {escaped(one.refused)}."
    if one.old == one.new:
        return f"{quoted(one.source)}\n\nThe answer is the same as before."
    sides = [("+", one.new)] if untranslated else [("-", one.old), ("+", one.new)]
    lines = "\n".join(f"{sign} {' '.join(text.split())}" for sign, text in sides)
    return f"{quoted(one.source)}\n\n{quoted(lines, 'diff')}"
