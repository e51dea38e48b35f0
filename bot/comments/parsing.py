"""A comment's body to the command in it. Column one of the first line, or it is no command at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from bot.comments import (
    accept,
    align,
    bleu,
    cost,
    explain,
    help,
    keep,
    pause,
    resume,
    retranslate,
    status,
    sync,
    term,
    unkeep,
)
from bot.comments.base import Command, Form, Unknown, Word
from bot.errors import UsageError
from bot.report.commands import PREFIX

_MODULES = (help, status, sync, retranslate, explain, align, bleu, term, keep, unkeep, accept, pause, resume, cost)

COMMANDS: Mapping[str, Form] = {module.FORM.name: module.FORM for module in _MODULES}
"""In the order in which people are told of them."""

# A path and two sentences fit; what is longer is pasted, or meant to do harm.
_LONGEST = 1_000
_BREAK = re.compile(r"[\r\n]")
_WORD = re.compile(r'"([^"]*)"|“([^”“]*)”|([^\s"“”]+)')


def parse_comment(body: str) -> Command | Unknown | None:
    """What a comment asks for; None where it is not meant for the bot, Unknown where it is and can't be followed."""
    line = _BREAK.split(body, maxsplit=1)[0]
    if not line.startswith(PREFIX) or line[len(PREFIX) : len(PREFIX) + 1] not in ("", " ", "\t"):
        return None
    rest = line[len(PREFIX) :].strip(" \t")
    if len(rest) > _LONGEST:
        return Unknown(f"a command has at most {_LONGEST:,} characters; this one has {len(rest):,}")
    if not rest.replace("\t", " ").isprintable():
        return Unknown("the line has characters that nobody can see; type it anew")
    try:
        words = split_words(rest)
    except UsageError as error:
        return Unknown(str(error))
    if not words:
        return help.Help()
    name = words[0].text
    if words[0].quoted or name not in COMMANDS:
        return Unknown(f'there is no command "{_clipped(name)}"', _nearest(name))
    try:
        return COMMANDS[name].read(words[1:])
    except UsageError as error:
        return Unknown(str(error), f"{PREFIX} {COMMANDS[name].usage}")


def split_words(text: str) -> Sequence[Word]:
    """Words between spaces; one between quotation marks may hold spaces. Nothing else means anything: no escapes, no
    variables, no wildcards. Raises UsageError for a quotation mark without its other half."""
    words: list[Word] = []
    at = 0
    while at < len(text):
        if text[at] in " \t":
            at += 1
            continue
        found = _WORD.match(text, at)
        if found is None or (found.end() < len(text) and text[found.end()] not in " \t"):
            raise UsageError("quotation marks go around a whole word, in pairs")
        plain = found[3]
        words.append(Word(plain) if plain is not None else Word(found[1] or found[2] or "", quoted=True))
        at = found.end()
    return words


def _nearest(name: str) -> str:
    found = get_close_matches(name.casefold(), COMMANDS, 1, 0.5)
    return f"{PREFIX} {COMMANDS[found[0]].usage}" if found else ""


def _clipped(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
