"""The last look at a text before it is sent: nothing in it means anything to a host but the bot's own words."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection

from markdown_it import MarkdownIt

from bot.markup.inert import code_block, unlinked
from bot.markup.notes import split_notes
from bot.markup.reading import foreign_elements
from bot.markup.visible import visible, visible_line

_LOG = logging.getLogger(__name__)
_AS_CODE = "Something in this text would have meant more than it says, so all of it is shown as it was written:"
_CUT = "\n\n…"
_CO_AUTHOR = re.compile(r"Co-authored-by: [^<>@#]* <[^<>\s]+>")
# The least that is shown of a text that has no end before the limit.
_AN_ENTRY = frozenset({"list_item_open", "tr_open"})


def safe_body(body: str, pages: Collection[str] = ()) -> str:
    """The Markdown as it may be sent: as it is or, if anything in it is live and not the bot's own, as a block of code,
    with the notes at its end. `pages` are the web pages of repositories that the bot's links lead to."""
    body = visible(body)
    found = foreign_elements(body, pages)
    if not found:
        return body
    _LOG.warning("a text is sent as code, since it would hold %s that is not the bot's", ", ".join(found))
    text, notes = split_notes(body)
    shown = f"{_AS_CODE}\n\n{code_block(text, 'text')}\n"
    return shown if not notes or foreign_elements(notes, pages) else f"{shown}\n{notes}"


def safe_line(text: str) -> str:
    """A title or a status as it may be sent: one line without mentions, references and addresses. Ids of commits in it
    are the bot's own."""
    return unlinked(visible_line(text))


def safe_message(message: str) -> str:
    """The message of a commit, where no escape of Markdown helps: without mentions, references and addresses. Authors
    who are named as such keep theirs."""
    lines = visible(message).split("\n")
    return "\n".join(line if _CO_AUTHOR.fullmatch(line) else unlinked(line) for line in lines)


def fitting_body(body: str, room: int) -> str:
    """The Markdown in at most `room` characters: whole blocks, rows and entries from its beginning. A cut within one of
    them could leave a block of code, or a part that is collapsed, open."""
    if len(body) <= room:
        return body
    head = body[: room - len(_CUT)].replace("\r\n", "\n").replace("\r", "\n")
    lines = head.split("\n")
    end = depth = 0
    # The last line may be cut, so what reaches it does not count.
    for token in MarkdownIt("commonmark").enable("table").parse(head):
        if token.map is None or token.map[1] >= len(lines):
            continue
        if token.level == 0 and token.type == "html_block":
            depth += token.content.count("<details>") - token.content.count("</details>")
        if depth == 0 and (token.level == 0 or token.type in _AN_ENTRY):
            end = max(end, token.map[1])
    if not end:
        # Backticks in it make the marks of a block as long as itself.
        return code_block(head[: room // 4]) + _CUT
    return "\n".join(lines[:end]).rstrip() + _CUT
