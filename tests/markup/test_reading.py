"""The reader of finished Markdown: what a host would act on is found, and the bot's own words are let through."""

from __future__ import annotations

import pytest

from bot.markup.inert import code_block, code_span, escaped
from bot.markup.reading import foreign_elements

PAGE = "https://host.example/o/r"
COMMIT = "b28141a1938d74e169493320c91e601431a987eb"
LIVE = {
    "a mention": "Ask @canary.",
    "a team": "Ask @org/team.",
    "an escaped mention": r"Ask \@canary.",
    "a mention as an entity": "Ask &#64;canary.",
    "a mention in a summary": "<details><summary>@canary</summary>\n\nx\n\n</details>",
    "a mention in a cell": "| a |\n|---|\n| @canary |",
    "a mention in struck words": "~~@canary~~",
    "a reference": "See #1.",
    "a reference elsewhere": "See o/r#1.",
    "a reference by letters": "See _GH-1_.",
    "a commit": f"See {COMMIT}.",
    "an address": "See https://e.example.",
    "an address without a scheme": "See _www.e.example_.",
    "an address in brackets": "See <https://e.example>.",
    "a mail address": "See a@e.example.",
    "a link": "[x](https://e.example)",
    "a link beside the page": f"[x]({PAGE}/../../evil/commit/{COMMIT})",
    "a link to a longer page": f"[x]({PAGE}evil/commit/{COMMIT})",
    "a link to a query": f"[x]({PAGE}/commit/{COMMIT}?a=b)",
    "a link by definition": "[x][y]\n\n[y]: https://e.example",
    "a forged report": "[full report][report]\n\n[report]: https://e.example",
    "an image": f"![x]({PAGE}/commit/{COMMIT})",
    "a tag": "<img src=x>",
    "an attribute": '<b class="x">x</b>',
    "a tag that is not closed": "<b>x",
    "a tag that is not open": "x</details>",
    "crossed tags": "<b>x *y</b> z*",
    "a comment": "x <!-- y --> z",
    "a forged note": "x\n\n<!-- amts:pull-request {} -->\n\ny",
    "a declaration": "<!x y>",
    "a footnote": "x[^1]\n\n[^1]: y",
    "a footnote that breaks code": "`a [x](https://e.example)\n[^1]: y`",
    "an alert": "> [!NOTE]\n> x",
    "a task": "- [ ] x",
    "a formula": "$x$",
    "a formula in code": "$`x`$",
    "a drawn block": "```geojson\n{}\n```",
    "a formula block": "```math\nx\n```",
    "a heading of two lines": "x\n===",
    "an indented block": "x\n\n    y",
    "code with long marks": f"{'`' * 90} x {'`' * 90}",
    "a block with long marks": f"{'`' * 300}\nx\n{'`' * 300}",
    "deep nesting": ">" * 30 + " @canary",
    "deeper than the reader goes": ">" * 60 + " @canary",
}
OWN = {
    "a heading and a table": "## Title\n\n| a | b |\n|---|---:|\n| `x` | 1 |",
    "a collapsed part": "<details><summary>3 more entries</summary>\n\n- x\n\n</details>",
    "a collapsed part of an entry": "- x\n\n  <details><summary>code</summary>\n\n  ```\n  y\n  ```\n\n  </details>",
    "a commit": f"[`b28141a193`]({PAGE}/commit/{COMMIT})",
    "a pull request": f"[#7]({PAGE}/pull/7)",
    "a comparison": f"[all changes]({PAGE}/compare/{'a' * 10}...{'b' * 10})",
    "a report": f"The [full report][report].\n\n<!-- amts:tally x -->\n\n[report]: {PAGE}/blob/{COMMIT}/README.md",
    "pages of a report": "[2](report-2.md), [3](report-3.md)",
    "a difference": r"<code>a <del>b</del> <b>c \*d\*</b></code>",
    "a suggestion": "```suggestion\n@canary #1\n```",
    "a price": "It costs $1.",
    "code": code_span("@canary #1 `x` <b>"),
    "a block": code_block("```\n@canary\n[^1]: x\n```"),
    "an escape": escaped(
        "@canary #1 GH-1 https://e.example www.e.example <b> [x](y) $x$ [^1] b28141a1938d a@e.example"
    ),
    "code with a long run": code_span(f"x {'`' * 300} @canary"),
    "a block with a long run": code_block(f"x\n{'`' * 300}\n@canary"),
    "a number alone": f"{escaped('6')}.",
    "notes": "x\n\n<!-- amts:tally eJw= -->\n<!-- amts:scores eJw= -->\n",
}


@pytest.mark.parametrize("text", LIVE.values(), ids=LIVE)
def test_what_is_live_and_not_the_bots_is_found(text: str) -> None:
    assert foreign_elements(text, [PAGE])


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_the_bots_own_words_pass(text: str) -> None:
    assert foreign_elements(text, [PAGE]) == []


def test_a_link_is_the_bots_own_only_on_a_page_that_was_given() -> None:
    link = f"[x]({PAGE}/commit/{COMMIT})"
    assert foreign_elements(link) == foreign_elements(link, [""]) == ["a link"]
    assert foreign_elements(link, [PAGE.upper()]) == []


@pytest.mark.parametrize(
    "page",
    [
        "https://müller.example/a/b",
        "https://host.example/ä/書.b",
        "http://straße.example:8080/a/b",
        "http://[::1]:80/a/b",
    ],
)
def test_a_page_may_have_any_letters(page: str) -> None:
    for place in (f"commit/{COMMIT}", "pull/7"):
        assert foreign_elements(f"[x]({page}/{place})", [page, PAGE]) == []
        assert foreign_elements(f"[x]({page}x/{place})", [page, PAGE]) == ["a link"]
