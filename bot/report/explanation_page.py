"""The links of two documents as a self-contained web page: it needs no network and no other file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

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

_STYLE = """
:root { color-scheme: light dark; --text: #1c1c1a; --soft: #63625c; --page: #fbfaf7; --paper: #fff; --line: #dddbd2;
  --sure: #2c7a4b; --likely: #a06a00; --doubtful: #b3261e; --alone: #75736b; --shared: #e3efe0; --lacking: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e8e6df; --soft: #a5a298; --page: #17181a; --paper: #1f2123;
  --line: #393b3e; --sure: #6cc08b; --likely: #e0b04c; --doubtful: #f2837a; --alone: #9b988f; --shared: #2b4031;
  --lacking: #f2837a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
header { position: sticky; top: 0; z-index: 1; background: var(--page); border-bottom: 1px solid var(--line);
  padding: .6rem 1.2rem; }
h1 { font-size: 1.05rem; margin: 0; } header p { margin: .1rem 0 .4rem; color: var(--soft); font-size: .9rem; }
form { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; align-items: center; font-size: .9rem; }
form label { display: inline-flex; gap: .4rem; align-items: center; } form input[type=range] { width: 9rem; }
output { min-width: 3em; font-variant-numeric: tabular-nums; } kbd { font: inherit; border: 1px solid var(--line);
  border-radius: 3px; padding: 0 .3em; background: var(--paper); }
main { max-width: 96rem; margin: 0 auto; padding: 0 1.2rem 3rem; }
table { width: 100%; border-collapse: separate; border-spacing: 0 .3rem; table-layout: fixed; }
th { text-align: start; font-weight: 600; color: var(--soft); font-size: .85rem; padding: .5rem .7rem 0; }
th.score, td.score { width: 5.6rem; text-align: end; }
td { background: var(--paper); vertical-align: top; padding: .45rem .7rem; border-block: 1px solid var(--line);
  overflow-wrap: anywhere; }
td.score { border-inline-start: 4px solid var(--tone); color: var(--tone); font-variant-numeric: tabular-nums;
  font-weight: 600; line-height: 1.3; padding-inline: .4rem .6rem; }
td.score small { display: block; font-weight: 400; } td.score a { color: inherit; text-decoration: none; }
td:last-child { border-inline-end: 1px solid var(--line); }
tr.sure { --tone: var(--sure); } tr.likely { --tone: var(--likely); } tr.doubtful { --tone: var(--doubtful); }
tr.alone { --tone: var(--alone); } tr.alone td.none { background: none; color: var(--soft); font-style: italic; }
tbody tr:hover td, tbody tr:focus-within td, tbody tr:target td { outline: 2px solid var(--tone);
  outline-offset: -2px; }
tr { scroll-margin-top: 9rem; } tr.heading td { font-weight: 650; }
.place { color: var(--soft); font-size: .75rem; font-weight: 400;
  font-variant-numeric: tabular-nums; margin-inline-end: .5em; user-select: none; }
p { margin: 0; } p + p, p + pre { margin-top: .35rem; }
pre { margin: 0; font: .82rem/1.45 ui-monospace, monospace; white-space: pre-wrap; }
.more { color: var(--soft); font-style: italic; font-size: .82rem; }
mark { background: var(--shared); color: inherit; border-radius: 3px; padding: 0 .1em; }
mark.lacking { background: none; text-decoration: underline wavy var(--lacking) 1px; text-underline-offset: 3px; }
[hidden] { display: none; }
@media (max-width: 42rem) { header { position: static; }
  table, tbody, tr, td { display: block; } thead { display: none; }
  tr { margin-bottom: .8rem; } td, td.score { width: auto; text-align: start; border-inline: 1px solid var(--line); }
  td.score small { display: inline; margin-inline-start: .5em; } }
@media print { header { position: static; } form { display: none; } tr { break-inside: avoid; }
  body { background: #fff; color: #000; font-size: 10pt; } main { padding: 0; } }
"""

_SCRIPT = """
const rows = [...document.querySelectorAll("tbody tr")];
const form = document.querySelector("form");
const count = document.querySelector("#count");
function filter() {
  const most = Number(form.most.value);
  form.querySelector("output").value = most + "%";
  let shown = 0;
  for (const row of rows) {
    const links = row.dataset.score === undefined || Number(row.dataset.score) <= most;
    const special = row.classList.contains("alone") || row.dataset.moved !== undefined;
    const wanted = form.code.checked || row.dataset.prose !== undefined;
    row.hidden = !(links && wanted && (!form.special.checked || special));
    if (!row.hidden) shown += 1;
  }
  count.textContent = shown + " of " + rows.length + " rows";
}
function go(step) {
  const shown = rows.filter(row => !row.hidden && !row.classList.contains("sure"));
  const here = rows.indexOf(document.activeElement.closest("tr"));
  const next = step > 0 ? shown.find(row => rows.indexOf(row) > here) : shown.findLast(row => rows.indexOf(row) < here);
  if (next) { next.querySelector("a").focus({ preventScroll: true }); next.scrollIntoView({ block: "center" }); }
}
form.addEventListener("input", filter);
form.addEventListener("submit", event => event.preventDefault());
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j" || event.key === "k") { go(event.key === "j" ? 1 : -1); event.preventDefault(); }
});
form.hidden = false;
filter();
"""


def explanation_page(rows: Sequence[ExplanationRow], names: tuple[str, str], direction: Direction) -> str:
    """A whole HTML document. `names` are those of the two documents, as the reader knows them."""
    title = _text(f"{names[0]} and {names[1]}")
    heads = "".join(
        f'<th scope="col">{_text(name)} <span lang="en">({_text(language.name)})</span></th>'
        for name, language in zip(names, direction, strict=True)
    )
    body = "\n".join(_row(row, direction) for row in rows)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Links: {title}</title>
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p>{_text(summarize(rows))}. Sure: {SURE:.0%} and above; doubtful: below {LIKELY:.0%}.</p>
<form hidden>
<label>Scores up to <input type="range" name="most" min="0" max="100" value="100"><output>100%</output></label>
<label><input type="checkbox" name="special">only rows that are alone or moved</label>
<label><input type="checkbox" name="code" checked>code, maths and labels too</label>
<span id="count" role="status"></span>
<span><kbd>j</kbd> <kbd>k</kbd> next and previous row to check</span>
</form>
</header>
<main>
<table>
<thead><tr><th class="score" scope="col">Score</th>{heads}</tr></thead>
<tbody>
{body}
</tbody>
</table>
</main>
<script>{_SCRIPT}</script>
</body>
</html>
"""


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
