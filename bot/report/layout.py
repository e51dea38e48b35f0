"""A long list in three places: its beginning where everybody sees it, more of it in a collapsed part, the rest in files
of the full report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FULL_REPORT = "[full report][report]"
"""In the body of a pull request: a link to the first file of the report, whose address its forge adds."""

MAX_PAGE_BYTES = 400_000
"""Of a file of the report; a host shows larger ones without their markup."""

# For the marks around a collapsed part, and the line that counts what is left out.
_FRAME = 250


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of a list, in Markdown. Those in a row with the same `group` stand under that line."""

    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A part of a body. `title` is what it is called, `intro` what is told above its entries, `head` what each stretch
    of them begins with (that of a table). The first `visible` entries are never collapsed. `noun` names them, in the
    plural; `rest` says where those are that do not fit, after how many they are ("" for in the full report)."""

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
class Laid:
    """The Markdown of a part, and how many entries it does not hold that should be in the full report."""

    text: str = ""
    missing: int = 0


def lay_out(part: BodyPart, room: int) -> Laid:
    """The part in at most `room` characters (but always its title and what is left out); empty for no entries."""
    if not part.entries:
        return Laid()
    room -= len(part.opening) + _FRAME
    shown = part.entries[: fitting(part.entries[: part.visible], room - len(part.head))]
    pieces = [part.opening, stretch(part, shown)]
    others = part.entries[len(shown) :]
    if part.collapses and len(shown) == part.visible:
        room -= len(pieces[1]) + _FRAME
        collapsed = others[: fitting(others, room - len(part.head))]
        pieces.append(_collapsed(part, collapsed))
        others = others[len(collapsed) :]
    if others:
        told = part.rest or f"stand in the {FULL_REPORT}."
        pieces.append(f"{len(others):,} more {part.noun} {told}")
    return Laid("\n\n".join(filter(None, pieces)), 0 if part.rest else len(others))


def stretch(part: BodyPart, entries: Sequence[ListEntry]) -> str:
    """Some entries of a part, with its head and the lines of their groups; empty for none."""
    if not entries:
        return ""
    lines = [part.head] if part.head else []
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


def pages(title: str, parts: Sequence[BodyPart | str], most: int = MAX_PAGE_BYTES) -> tuple[str, ...]:
    """All parts with all entries, as files of at most about `most` bytes each; the first leads to the others, which are
    `report-2.md` and so on. A text stands for itself."""
    found = [""]
    for text in _stretches(parts, most):
        if found[-1] and len(found[-1].encode()) + len(text.encode()) > most:
            found.append("")
        found[-1] += f"{text}\n\n"
    links = ", ".join(f"[{number}]({page_name(number)})" for number in range(2, len(found) + 1))
    told = f"# {title}\n\n" + (f"This is page 1 of {len(found)}; the others: {links}.\n\n" if links else "")
    return tuple(f"{head}{text.rstrip()}\n" for head, text in zip((told, *[""] * len(found)), found, strict=False))


def page_name(number: int) -> str:
    """The name of a file of the report but for the first, which is each forge's to name."""
    return f"report-{number}.md"


def _collapsed(part: BodyPart, entries: Sequence[ListEntry]) -> str:
    if not entries:
        return ""
    # The empty lines end the HTML: what stands between them is Markdown again.
    return f"<details><summary>{len(entries):,} more {part.noun}</summary>\n\n{stretch(part, entries)}\n\n</details>"


def _stretches(parts: Sequence[BodyPart | str], most: int) -> Iterator[str]:
    """The parts, each in as many pieces as pages need, with its title above each of them."""
    for part in parts:
        if isinstance(part, str):
            yield part
            continue
        rest, opening = part.entries, part.opening
        while rest:
            # A character has up to four bytes; one entry may be longer than a page.
            number = max(1, fitting(rest, most // 4))
            yield f"{opening}\n\n{stretch(part, rest[:number])}"
            rest, opening = rest[number:], f"## {part.title} (continued)"
