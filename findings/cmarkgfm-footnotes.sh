#!/usr/bin/env bash
# Guess: a code span may run over a line break of its paragraph, whatever the second line holds. So a reader of CommonMark
#        without footnotes sees at least as much of a text as live as GitHub's renderer, which adds a few extensions.
# Seen:  with footnotes, a line that begins with `[^1]:` begins a definition, even within an open code span: the paragraph
#        ends before it, the backtick stands alone, and a link behind the backtick is live. A reader without footnotes
#        takes the same text for code.
# Package: cmarkgfm 2025.10.22 (GitHub's fork of cmark), markdown-it-py 4.3.0. Date: 2026-11-30.
# AMTS's last look at a text (bot/markup/reading.py) therefore refuses lines of a paragraph that begin like a footnote.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q cmarkgfm==2025.10.22 markdown-it-py==4.3.0
"$folder/venv/bin/python" - <<'PYTHON'
import cmarkgfm
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

text = "It says `see [here](report-2.md)\n[^1]: and there` today.\n"
plain = MarkdownIt("commonmark").render(text)
github = cmarkgfm.markdown_to_html_with_extensions(text, options=Options.CMARK_OPT_FOOTNOTES, extensions=["table"])
without = cmarkgfm.markdown_to_html_with_extensions(text, extensions=["table"])
for name, html in {"markdown-it": plain, "cmark-gfm": without, "cmark-gfm with footnotes": github}.items():
    print(f"{name}: {'a link' if '<a href' in html else 'code'}")
assert "<a href" not in plain and "<a href" not in without and "<a href" in github, "they behave differently now"
PYTHON
