"""The side-by-side view of links: rows, terminal, web page."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from bisect import bisect_left
from collections import Counter
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.cli.align import show_links
from bot.documents import parse
from bot.model import Bead, Direction, Language
from bot.report.explanation import ExplanationRow, Verdict, explain, summarize
from bot.report.explanation_page import explanation_page
from tests.support.cli_run import Cli

GOLDEN = Path(__file__).parents[1] / "golden" / "report"
ENGLISH = Language("en", "English")
SPANISH = Language("es", "Spanish")
NAMES = "en/means.md", "es/means.md"
TEMPLATE = resources.files("bot.report").joinpath("explanation_page.html").read_text("utf-8")

SOURCE = """# Means

The mean of $n$ numbers is `mean(x)`. See :numref:`fig_mean`.

```python
def mean(x):
    # Add them up.
    total = 0
    for number in x:
        total += number
    return total / len(x)
```

It moves a lot.

It is easy.
"""
TARGET = """# Medias

Es fácil.

La media de $n$ números es `media(x)`. Véase :numref:`fig_mean`.

```python
def mean(x):
    # Súmalos.
    total = 0
    for number in x:
        total += number
    return total / len(x)
```

Nota: <i>esto</i> es nuestro.
"""
# Segments: heading, two sentences, code, two sentences; and heading, the last one, two sentences, code, a note.
BEADS = (
    Bead((0,), (0,), 0.99),
    Bead((1,), (2,), 0.897),
    Bead((2,), (3,), 0.5),
    Bead((3,), (4,), 0.97),
    Bead((), (5,), 0.8),
    Bead((4,), (), 0.7),
    Bead((5,), (1,), 0.75),
)


def rows() -> tuple[ExplanationRow, ...]:
    return explain(parse(SOURCE, ENGLISH), parse(TARGET, SPANISH), BEADS)


def page() -> str:
    return explanation_page(rows(), NAMES, Direction(ENGLISH, SPANISH), TEMPLATE)


def on_terminal(found: tuple[ExplanationRow, ...], width: int = 80) -> str:
    out = io.StringIO()
    show_links(found, NAMES, Console(file=out, width=width, color_system=None, legacy_windows=False))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def test_the_terminal_shows_every_link_in_two_columns() -> None:
    assert on_terminal(rows()) == (GOLDEN / "explanation.txt").read_text(encoding="utf-8")


def test_a_row_knows_how_far_it_can_be_trusted() -> None:
    assert [row.verdict for row in rows()] == [
        *(Verdict.SURE, Verdict.LIKELY, Verdict.DOUBTFUL, Verdict.SURE),
        *(Verdict.ALONE, Verdict.ALONE, Verdict.LIKELY),
    ]


def test_what_left_the_order_of_the_source_is_moved() -> None:
    assert [row.number for row in rows() if row.moved] == [7]


def test_the_summary_counts_what_there_is_to_look_at() -> None:
    assert summarize(rows()) == (
        "5 links (2 sure, 2 likely, 1 doubtful); 1 without a translation; 1 only in the translation; 1 moved"
    )


def test_placeables_of_both_sides_are_told_from_those_of_one() -> None:
    (passage,) = rows()[1].source
    assert [part.text for part in passage.parts if part.shared] == ["$n$"]
    assert [part.text for part in passage.parts if part.lacking] == ["`mean(x)`"]


def test_long_code_is_shortened_and_says_so() -> None:
    (code,) = rows()[3].source
    assert (code.line, code.text.count("\n"), code.hidden) == (5, 3, 4)


@given(st.permutations(range(8)))
def test_only_links_out_of_the_longest_order_are_moved(order: list[int]) -> None:
    text = "".join(f"Sentence {number}.\n\n" for number in range(8))
    document = parse(text, ENGLISH)
    found = explain(document, document, [Bead((i,), (j,), 0.9) for i, j in enumerate(order)])
    kept = [j for row, j in zip(found, order, strict=True) if not row.moved]
    assert kept == sorted(kept)
    tails: list[int] = []  # of the runs of each length, the smallest last member (patience sorting)
    for j in order:
        tails[(place := bisect_left(tails, j)) : place + 1] = [j]
    assert len(kept) == len(tails)


class Reader(HTMLParser):
    """Collects what a page consists of, and whether its tags are closed in order."""

    VOID = frozenset({"meta", "input", "br", "link", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


def test_the_page_is_well_formed_and_has_a_row_for_each_link() -> None:
    reader = read(page())
    assert (reader.wrong, reader.open) == ([], [])
    assert reader.tags["tr"] == len(BEADS) + 1
    ids = [value for _, name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_the_page_needs_nothing_but_itself() -> None:
    reader = read(page())
    assert not {"link", "img", "iframe", "object", "base"} & set(reader.tags)
    addresses = [value or "" for _, name, value in reader.attributes if name in ("src", "href", "action", "srcset")]
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    assert not re.search(r"https?:|url\(|@import|fetch\(", page())


def test_the_text_of_a_book_is_text_on_the_page() -> None:
    hostile = 'A <script>alert(1)</script> & "quotes" `</td>` &lt;b&gt; \x1b[31m red\u202e.\n'
    document = parse(hostile, ENGLISH)
    found = explain(document, document, [Bead((i,), (i,), 0.9) for i in range(len(document.segments))])
    text = explanation_page(found, ("<b>.md", "'\"&.md"), Direction(ENGLISH, SPANISH), TEMPLATE)
    reader = read(text)
    assert (reader.tags["script"], reader.tags["b"], reader.wrong) == (1, 0, [])
    assert "<script>alert(1)</script>" in "".join(reader.text)
    assert not re.search("[\x1b\u202e]", text)
    assert not re.search("[\x1b\u202e]", on_terminal(found))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_make_a_well_formed_page(left: str, right: str) -> None:
    source, target = parse(left, ENGLISH), parse(right, SPANISH)
    beads = [Bead((i,), (), 0.5) for i in range(len(source.segments))]
    beads += [Bead((), (j,), 0.5) for j in range(len(target.segments))]
    reader = read(
        explanation_page(explain(source, target, beads), (left, right), Direction(ENGLISH, SPANISH), TEMPLATE)
    )
    assert (reader.wrong, reader.open) == ([], [])


def test_a_language_that_is_written_from_the_right_is_shown_so() -> None:
    text = explanation_page(rows(), NAMES, Direction(ENGLISH, Language("ar", "Arabic")), TEMPLATE)
    assert '<td lang="ar" dir="rtl"><p>' in text
    assert '<td lang="ar" dir="ltr"><pre>' in text


def documents(folder: Path) -> list[str]:
    (folder / "en.md").write_text(SOURCE, encoding="utf-8")
    (folder / "es.md").write_text(TARGET, encoding="utf-8")
    return ["align", "--language", "es", str(folder / "en.md"), str(folder / "es.md")]


def test_the_command_explains_on_the_terminal(cli: Cli, tmp_path: Path) -> None:
    shown = cli(*documents(tmp_path), "--explain")
    assert shown.code == 0
    assert re.search(r"%\s+1\s+Means\s+1\s+Medias", shown.out)
    assert " links (" in shown.out


def test_the_command_explains_on_a_page(cli: Cli, tmp_path: Path) -> None:
    written = cli(*documents(tmp_path), "--html", tmp_path / "links.html")
    assert written.code == 0
    assert " links (" in written.out
    assert read((tmp_path / "links.html").read_text(encoding="utf-8")).tags["tr"] > 5


@pytest.mark.parametrize("more", [["--output", "x.tmx"], ["--json"]])
def test_an_explanation_goes_with_no_other_output(cli: Cli, tmp_path: Path, more: list[str]) -> None:
    refused = cli(*documents(tmp_path), "--explain", *more)
    assert refused.code == 2
    assert "leave out the other output" in refused.err


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.skipif(CHROMIUM is None, reason="no browser: install chromium to try the page in one")
def test_a_browser_runs_the_page_and_filters_it(tmp_path: Path) -> None:
    assert CHROMIUM is not None
    asked = "<script>form.most.value = 80; form.code.checked = false; filter();</script></body>"
    (tmp_path / "page.html").write_text(page().replace("</body>", asked), encoding="utf-8")
    flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    more = f"--disable-component-update --disable-sync --user-data-dir={tmp_path / 'profile'} --dump-dom"
    command = [CHROMIUM, *flags.split(), *more.split(), (tmp_path / "page.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    shown = [id_ for id_, rest in re.findall(r'<tr [^>]*id="r(\d+)"([^>]*)>', done.stdout) if "hidden" not in rest]
    assert shown == ["3", "5", "6", "7"]
    assert "4 of 7 rows" in done.stdout
