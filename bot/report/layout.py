"""Lists in the body of a pull request: the beginning is visible, more is collapsed, the rest is in the full report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import indent

from bot.report.markdown import code_block, code_span, counted

FULL_REPORT = "[full report][report]"
"""In the body of a pull request: a link to the first page of the report, whose address the forge adds."""

MAX_PAGE_BYTES = 400_000
"""Of a page of the report; a host shows larger files without rendering their Markdown."""

BREAK = "\\\n  "
"""A new line within an item."""

# The first lines of a code cell are enough: the file has all, and the reason quotes the line in question.
MAX_LINES = 12
_MAX_CHARACTERS = 1_500
# Longer code is collapsed.
_MAX_OPEN_LINES = 6
# Characters for the marks around a collapsed list, and for the line that counts what is left out.
_FRAME = 250


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of a list, in Markdown. Consecutive entries with the same `group` stand under that line."""

    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A titled list in a body. `intro` stands above the entries; each continuation repeats `head` (of a table). The
    first `visible` entries are never collapsed; `collapses` is False if no others are shown. `noun` is the word for
    an entry. `rest` ends the sentence on entries that do not fit ("" for "are in the full report")."""

    title: str
    entries: tuple[ListEntry, ...]
    noun: str
    visible: int
    intro: str = ""
    head: str = ""
    rest: str = ""
    collapses: bool = True

    @property
    def opening(self) -> str:
        return "\n\n".join(filter(None, (f"## {self.title}", self.intro)))


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The Markdown of a part, and the number of its entries that are only in the full report."""

    text: str = ""
    missing: int = 0


def lay_out(part: BodyPart, room: int) -> LaidOut:
    """The part in at most `room` characters, but always with title and number of omitted entries; "" for no entry."""
    if not part.entries:
        return LaidOut()
    room -= len(part.opening) + _FRAME
    shown = part.entries[: fitting(part.entries[: part.visible], room - len(part.head))]
    pieces = [part.opening, stretch(part, shown)]
    others = part.entries[len(shown) :]
    if part.collapses and len(shown) == part.visible:
        room -= len(pieces[1]) + _FRAME
        collapsed = others[: fitting(others, room - len(part.head))]
        if collapsed:
            summary = counted(len(collapsed), "more " * bool(shown) + part.noun)
            pieces.append(folded(summary, stretch(part, collapsed)))
        others = others[len(collapsed) :]
    if others:
        more = "more " if len(others) < len(part.entries) else ""
        rest = part.rest or f"{'is' if len(others) == 1 else 'are'} in the {FULL_REPORT}."
        pieces.append(f"{counted(len(others), more + part.noun)} {rest}")
    return LaidOut("\n\n".join(filter(None, pieces)), 0 if part.rest else len(others))


def stretch(part: BodyPart, entries: Sequence[ListEntry]) -> str:
    """Some entries of a part, with its head and the lines of their groups; empty for none."""
    lines = [part.head] if part.head and entries else []
    group = ""
    for entry in entries:
        if entry.group != group:
            group = entry.group
            lines.append(f"\n{group}\n" if lines else f"{group}\n")
        lines.append(entry.text)
    return "\n".join(lines)


def fitting(entries: Sequence[ListEntry], room: int) -> int:
    """How many of the entries, from the first on, fit into `room` characters."""
    group = ""
    for number, entry in enumerate(entries):
        room -= len(entry.text) + 1 + (len(entry.group) + 3 if entry.group != group else 0)
        group = entry.group
        if room < 0:
            return number
    return len(entries)


def pages(title: str, parts: Sequence[BodyPart | str], max_bytes: int = MAX_PAGE_BYTES) -> tuple[str, ...]:
    """All parts with all entries (a plain text is a part as it is), as files of about `max_bytes` each. The first page
    links the others, `report-2.md` and so on."""
    bodies = [""]
    for text in _stretches(parts, max_bytes):
        if bodies[-1] and len(bodies[-1].encode()) + len(text.encode()) > max_bytes:
            bodies.append("")
        bodies[-1] += f"{text}\n\n"
    links = ", ".join(f"[{number}](report-{number}.md)" for number in range(2, len(bodies) + 1))
    head = f"# {title}\n\n" + (f"This is page 1 of {len(bodies)}; the others: {links}.\n\n" if links else "")
    return tuple(f"{'' if number else head}{text.rstrip()}\n" for number, text in enumerate(bodies))


def is_code(text: str) -> bool:
    return "\n" in text or text.lstrip().startswith(("```", "~~~", "$$"))


def quoted(text: str) -> str:
    """A text of the book below the words of an item: a sentence as inline code, which wraps (the lines of a block are
    cut off at the edge of the page); code as a block."""
    if is_code(text):
        return block(text)
    sentence = code_span(clipped(text))
    return f"{BREAK}{sentence}" if sentence else ""


def block(text: str, info: str = "", *, title: str = "", collapsed: bool = False) -> str:
    """A text as a block of an item. A long one is collapsed, under the words `title`."""
    markdown = code_block(clipped(text), info)
    lines = markdown.count("\n") - 1
    if collapsed or lines > _MAX_OPEN_LINES:
        markdown = folded(", ".join(filter(None, (title, counted(lines, "line") * (lines > 1)))), markdown)
    return f"\n\n{indent(markdown, '  ')}\n\n"


def item(*pieces: str) -> str:
    """An item of a list."""
    text = "- "
    for piece in pieces:
        # After a block, a new paragraph begins.
        text += f"  {piece.removeprefix(BREAK).lstrip()}" if text.endswith("\n\n") else piece
    return text.rstrip()


def clipped(text: str) -> str:
    """The first lines of a text."""
    lines = text[:_MAX_CHARACTERS].splitlines()
    kept = "\n".join(lines[:MAX_LINES])
    return kept if len(kept) == len(text.rstrip("\n")) else f"{kept}\n…" if len(lines) > 1 else f"{kept}…"


def folded(summary: str, markdown: str) -> str:
    """Both are Markdown; only the summary is seen at first."""
    # The empty lines end the HTML: the text between them is Markdown again.
    return f"<details><summary>{summary}</summary>\n\n{markdown}\n\n</details>"


def _stretches(parts: Sequence[BodyPart | str], max_bytes: int) -> Iterator[str]:
    """The parts, each in as many pieces as pages need, with its title above each of them."""
    for part in parts:
        if isinstance(part, str):
            yield part
            continue
        rest, opening = part.entries, part.opening
        while rest:
            # A character has up to four bytes; one entry may be longer than a page.
            number = max(1, fitting(rest, max_bytes // 4))
            yield f"{opening}\n\n{stretch(part, rest[:number])}"
            rest, opening = rest[number:], f"## {part.title} (continued)"
