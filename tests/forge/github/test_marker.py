"""What the bot notes for itself in the bodies of pull requests: read back, and no harm where people forged it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forge.github.marker import Memo, key_in, key_of, marked, own_text, read_memo, with_memo, without_memo

TALLY = "<!-- amts:tally eJyrVg -->"
NAMES = ("contents", "pushes", "asked", "labels", "milestone", "draft", "withdrawn", "done")

words = st.lists(st.text(max_size=20), max_size=4).map(tuple)
memos = st.builds(
    Memo,
    *(words, st.lists(st.integers(), max_size=4).map(tuple), words, words),
    *(st.text(max_size=20), st.booleans(), st.booleans(), st.text(max_size=40)),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=9,
)


def noted(facts: str) -> str:
    return f"Some body.\n\n<!-- amts:pull-request {facts} -->\n"


@given(memos, memos)
def test_a_body_gives_back_the_last_memo_that_was_put_into_it(memo: Memo, older: Memo) -> None:
    body = with_memo(with_memo("Some body.", older), memo)
    assert read_memo(body) == memo
    assert without_memo(body).strip() == "Some body."


@pytest.mark.parametrize(
    "facts",
    [
        *("{}", "{", "{1}", '{"pushes":[1e999]}', '{"pushes":[NaN]}', '{"pushes":["now"]}', '{"pushes":5}'),
        *('{"labels":5}', '{"contents":' + "[" * 100_000 + "}", '{"contents":' + "[" * 9999 + "]" * 9999 + "}"),
    ],
)
def test_a_memo_that_people_broke_is_an_empty_one(facts: str) -> None:
    assert read_memo(noted(facts)) == Memo()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "added", ["Fixes the rest.", "\nFixes the rest.\n", "<!-- mine -->", "<!-- amts:pull-request {} -->x"]
)
def test_what_people_write_below_the_memo_costs_nothing(added: str, end: str) -> None:
    memo = Memo(withdrawn=True, contents=("a" * 16,))
    body = f"{with_memo(f'Some body.{chr(10) * 2}{TALLY}', memo)}{added}".replace("\n", end)
    assert read_memo(body) == memo
    assert own_text(body).split() == f"Some body. {TALLY}".split()
    again = with_memo(body, replace(memo, withdrawn=False))
    assert read_memo(again) == replace(memo, withdrawn=False)
    assert again.count('"contents"') == 1
    assert added.strip() in again
    # Above it, somebody may have quoted anything.
    assert read_memo(f"Not that.\n{body}") == Memo()


@given(st.dictionaries(st.sampled_from(NAMES), anything) | anything)
def test_no_forged_memo_stops_the_bot(facts: object) -> None:
    memo = read_memo(noted(json.dumps(facts))).proposing("a" * 40).pushed(1_800_000_000.0)
    assert memo.knows("a" * 40)
    assert 1_800_000_000 in memo.recent(1_800_000_000.0)
    assert read_memo(with_memo("Some body.", memo)) == memo


@pytest.mark.parametrize("name", ["milestone", "labels", "asked", "contents"])
def test_a_forged_memo_takes_no_room_from_the_body(name: str) -> None:
    long = "x" * 20_000
    facts = json.dumps({name: long if name == "milestone" else [long, *map(str, range(5000))]})
    assert len(with_memo("Some body.", read_memo(noted(facts)))) < 2000


@given(st.text())
def test_a_comment_is_known_again_by_its_key(text: str) -> None:
    key = key_of(text)
    assert key_in(marked("A comment", "note", key)) == key
    assert key_in(marked(f"It quotes {marked('x', 'note', '0' * 16)}", "comment", key)) == key
    assert key_in(f"<!-- amts:note {key.upper()}x -->") == key_in(None) == ""


@pytest.mark.parametrize("memo", [Memo(withdrawn=True, contents=("a" * 16,)), Memo(done="b" * 40)])
def test_a_memo_that_the_body_quotes_is_text(memo: Memo) -> None:
    forged = with_memo("", memo).strip()
    quotes = f"`a`{forged}`@canary fixes #1`", f"```\n{forged}\n```", f"| `{forged}` |", f"It says\n{forged}\nand more."
    for body in quotes:
        assert (read_memo(body), without_memo(body), key_in(body)) == (Memo(), body, "")
        own = Memo(labels=("translation",))
        assert read_memo(with_memo(body, own)) == own
        assert without_memo(with_memo(body, own)) == f"{body}\n"
