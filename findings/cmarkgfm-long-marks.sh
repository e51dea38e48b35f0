#!/usr/bin/env bash
# Guess: text in a code span or a fenced block is code if the marks around it are one backtick longer than any run in it:
#        CommonMark sets no limit, and other renderers (markdown-it, pulldown-cmark) have none.
# Seen:  cmark-gfm takes no run above 80 backticks for the mark of a code span, so the text between is Markdown. The marks
#        of a block count up to 255 only: a block that 301 backticks open is closed by a line of 300 within it.
# Package: cmarkgfm 2025.10.22 (GitHub's fork of cmark), comrak 0.0.16 (the same for spans), markdown-it-py 4.3.0. Date: 2026-11-30.
# AMTS therefore shortens runs of more than 60 backticks in the code that it shows (bot/markup/inert.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q cmarkgfm==2025.10.22 comrak==0.0.16 markdown-it-py==4.3.0
"$folder/venv/bin/python" - <<'PYTHON'
import cmarkgfm
import comrak
from markdown_it import MarkdownIt

renderers = {
    "markdown-it": MarkdownIt("commonmark").render,
    "cmark-gfm": cmarkgfm.github_flavored_markdown_to_html,
    "comrak": comrak.render_markdown,
}
span = lambda run: f"{'`' * (run + 1)} a {'`' * run} *b* {'`' * (run + 1)}\n"
block = lambda run: f"{'`' * (run + 1)}\n{'`' * run}\n*b*\n{'`' * (run + 1)}\n"
seen = {}
for name, render in renderers.items():
    for kind, text, run in (("span", span, 79), ("span", span, 80), ("block", block, 253), ("block", block, 300)):
        seen[name, kind, run] = "<em>" not in render(text(run))
        print(f"{name}: a {kind} around {run} backticks: {'code' if seen[name, kind, run] else 'Markdown'}")
assert all(seen["markdown-it", kind, run] for _, kind, run in seen)
assert seen["cmark-gfm", "span", 79] and not seen["cmark-gfm", "span", 80], "cmark-gfm behaves differently now"
assert seen["cmark-gfm", "block", 253] and not seen["cmark-gfm", "block", 300], "cmark-gfm behaves differently now"
PYTHON
