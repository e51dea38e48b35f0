"""Decisions of people, as the language repository records them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputError
from bot.sync.decisions import Decisions, parse_state, serialize_state

PATHS = st.text(min_size=1, max_size=20).filter(str.isprintable)


SENTENCES = st.frozensets(PATHS, min_size=1, max_size=3)


DECISIONS = st.builds(
    Decisions, st.booleans(), st.frozensets(PATHS, max_size=3), st.dictionaries(PATHS, SENTENCES, max_size=3)
)


@given(DECISIONS)
def test_decisions_are_read_as_they_were_written(decisions: Decisions) -> None:
    data = serialize_state(decisions)
    assert (data is None) == (decisions == Decisions())
    assert data is None or parse_state(data, "state.yaml") == decisions


@given(DECISIONS, PATHS, SENTENCES)
def test_what_is_kept_and_not_any_more_is_as_before(decisions: Decisions, path: str, texts: frozenset[str]) -> None:
    free = decisions.unkeep(path)
    assert free.keep(path).unkeep(path) == free
    assert free.keep(path, texts).unkeep(path, texts) == free
    assert free.keep(path, texts).unkeep(path) == free
    assert free.keep(path, texts).kept_in(path, {*free.sentences, path}) == texts


@pytest.mark.parametrize(
    "text",
    [
        "- a",
        "version: 2",
        "version: 1\nmore: 1",
        "version: 1\npaused: maybe",
        "version: 1\nfiles: tea.md",
        "version: 1\nfiles: [[a]]",
        "version: 1\npaused: 1",
        "version: 1\nfiles: &a [*a]",
        "version: 1\nfiles: [!!float 1]",
        "version: 1\nsentences: [a]",
        "version: 1\nsentences: {a.md: b}",
        "a: [",
        "!!python/object/apply:os.system [ls]",
    ],
)
def test_a_broken_record_is_an_error_that_says_what_to_do(text: str) -> None:
    with pytest.raises(InputError, match=r"^state\.yaml.*restore the file from git"):
        parse_state(text.encode(), "state.yaml")
