"""The links of two documents side by side on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.model import Kind
from bot.report.explanation import ExplanationRow, Passage, Verdict, location, printable, summarize

_TONES = {Verdict.SURE: "green", Verdict.LIKELY: "yellow", Verdict.DOUBTFUL: "bold red", Verdict.ALONE: "magenta"}


def show_links(rows: Sequence[ExplanationRow], names: tuple[str, str], console: Console) -> None:
    """A table of two columns, a row for each bead; colour only adds to what is said in words."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", expand=True, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("score", justify="right", width=10)
    for name in names:
        table.add_column("line", justify="right", style="dim", no_wrap=True)
        table.add_column(Text(printable(name)), ratio=1, overflow="fold")
    for row in rows:
        left, right = _side(row, row.source, "not in the source"), _side(row, row.target, "not translated")
        score = Text("\n".join((row.label, *row.notes)), style=_TONES[row.verdict])
        table.add_row(score, location(row.source), left, location(row.target), right)
    console.print(table)
    console.print(summarize(rows), markup=False, soft_wrap=True)


def _side(row: ExplanationRow, passages: Sequence[Passage], missing: str) -> Text:
    if not passages:
        return Text(f"({missing})", style="dim italic")
    text = Text()
    prose = Style(bold=row.kind is Kind.HEADING) if row.kind.is_prose else Style(dim=True)
    for k, passage in enumerate(passages):
        text.append("\n" if k else "")
        for part in passage.parts:
            style = (
                Style(color="cyan") if part.shared else Style(color="red", underline=True) if part.lacking else prose
            )
            text.append(part.text, style=style)
        if passage.hidden:
            text.append(f"\n… {passage.hidden} more lines", style="dim italic")
    return text
