"""The figures of a pull request over all its updates: kept in its body, and never counted twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Action, FileChange, FileResult, Left, Merge
from bot.report.hidden import hide
from bot.report.tally import MAX_MARKER, Tally, read_tally


def result(
    path: str, change: FileChange = FileChange.UPDATED, old_path: str | None = None, **numbers: int
) -> FileResult:
    counts = {action.value: numbers.get(action.value, 0) for action in Action}
    merge = Merge("text", (), counts, counts, (), sum(numbers.values()))
    return FileResult(path, path, change, None if change is FileChange.REMOVED else merge, "", "b" * 40, old_path, 10)


names = st.text(max_size=5)
numbers = st.fixed_dictionaries({action.value: st.integers(0, 99) for action in Action})
results = st.builds(
    FileResult,
    *(names, names, st.sampled_from(FileChange)),
    st.none() | st.builds(Merge, st.just(""), st.just(()), numbers, numbers, st.just(()), st.integers(0, 99)),
    *(st.just(""), st.none() | names, st.none() | names, st.integers(0, 99)),
)


@given(st.lists(results, max_size=5), st.lists(results, max_size=5), st.text(max_size=5), st.text(max_size=5))
def test_a_body_gives_back_the_tally_that_was_put_into_it(
    first: list[FileResult], then: list[FileResult], key: str, other: str
) -> None:
    tally = Tally().add(key, first).add(other, then)
    assert read_tally(f"body\n\n{tally.marker()}\n") == tally


@given(st.text(alphabet="abAB01-_=", max_size=40))
def test_a_damaged_marker_is_no_tally(text: str) -> None:
    assert read_tally(f"<!-- amts:tally {text} -->") == Tally()


@pytest.mark.parametrize(
    "row",
    [
        ["a.md", ["x"], "updated", None, None, 0, None],
        ["a.md", "a.md", "updated", ["x"], None, 0, None],
        ["a.md", "a.md", "updated", 5, None, 0, None],
        ["a.md", "a.md", "updated", None, {"x": 1}, 0, None],
        [["a.md"], "a.md", "updated", None, None, 0, None],
    ],
)
def test_names_in_a_forged_marker_are_texts(row: list[object]) -> None:
    (found,) = read_tally(hide("tally", ["key", [row], []], 10_000)).total([])
    for name in (found.path, found.source_path, found.base, found.old_path):
        assert name is None or isinstance(name, str)


@pytest.mark.parametrize("number", [float("inf"), float("nan"), "many", None])
def test_a_marker_with_a_forged_number_is_no_tally(number: object) -> None:
    counts = [0] * len(Action)
    for row in ([number, None], [0, [counts, counts, number, True]], [0, [counts, [number] * len(Action), 0, True]]):
        body = hide("tally", ["key", [["a.md", "a.md", "updated", None, None, *row]], []], 10_000)
        assert read_tally(body) == Tally()


ZEROS = [0] * len(Action)
forged = st.sampled_from([None, "", "a.md", "x", 5, True, ["x"], {"x": 1}])
forged_numbers = st.sampled_from([0, -1, 1.5, True, float("inf"), "x"])
forged_merges = st.none() | st.tuples(st.just(ZEROS), st.just(ZEROS), forged_numbers, forged)
forged_rows = st.lists(
    st.tuples(forged, forged, st.sampled_from(FileChange), forged, forged, forged_numbers, forged_merges), max_size=2
)


@given(forged | st.tuples(forged, forged_rows, forged_rows))
def test_no_forged_marker_stops_an_update(data: object) -> None:
    tally = read_tally(hide("tally", data, 100_000)).add("key", [result("a.md", kept=1)])
    assert "a.md" in [one.path for one in tally.total([])]
    assert read_tally(tally.marker()) == tally


def test_a_marker_from_before_sentences_were_stale_is_read() -> None:
    old = [1, 2, 3, 4, 5, 6, 7]
    row = ["a.md", "a.md", "updated", None, None, 10, [old, old, 9, True]]
    (found,) = read_tally(hide("tally", ["key", [row], []], 10_000)).add("other", []).before.values()
    assert found.merge is not None
    names = ("kept", "patched", "reused", "translated", "removed", "moved", "left", "stale")
    assert found.merge.counts == dict(zip(names, [*old, 0], strict=True))


def test_a_body_without_a_marker_has_an_empty_tally() -> None:
    assert read_tally("Nothing here.") == Tally()
    assert Tally().total([]) == []


def test_a_marker_that_would_be_too_long_is_left_out() -> None:
    many = [result(f"{hash((number, 'x')):x}/{number * 7919:x}.md", kept=number) for number in range(2000)]
    assert Tally().add("k", many).marker() == ""
    assert 0 < len(Tally().add("k", many[:100]).marker()) <= MAX_MARKER


def test_two_updates_of_a_file_are_summed_but_for_what_stayed() -> None:
    first = Tally().add("1", [result("a.md", kept=8, translated=2, left=1, stale=4)])
    (total,) = first.add("2", [result("a.md", kept=9, translated=1, patched=1, left=2, stale=3)]).total([])
    assert total.merge is not None
    assert {name: n for name, n in total.merge.sentences.items() if n} == {"kept": 8, "translated": 3, "patched": 1}


def test_the_same_update_made_again_counts_once() -> None:
    update = [result("a.md", kept=8, translated=2)]
    once = Tally().add("1", [result("b.md", kept=1)]).add("2", update)
    assert once.add("2", update) == once
    assert sorted(one.path for one in once.total([])) == ["a.md", "b.md"]


def test_the_last_update_keeps_its_own_words() -> None:
    merge = Merge("text", (), {}, {"translated": 1}, (Left("why", "what", (0, 1)),), 5)
    last = [
        FileResult("a.md", "a.md", FileChange.UPDATED, merge),
        FileResult("x.md", None, FileChange.FAILED, problem="!"),
    ]
    tally = Tally().add("1", [result("a.md", translated=2), result("b.md")]).add("2", last)
    told = tally.total(last)
    assert [one.path for one in told] == ["a.md", "x.md", "b.md"]
    assert told[0].merge is not None
    assert told[0].merge.left == merge.left
    assert told[0].merge.sentences["translated"] == 3
    assert told[1] == last[1]


def test_a_file_that_came_and_went_is_gone_and_one_that_moved_has_its_new_name() -> None:
    first = Tally().add("1", [result("new.md", FileChange.ADDED, translated=3), result("old.md", translated=1)])
    second = first.add(
        "2",
        [result("new.md", FileChange.REMOVED), result("moved.md", FileChange.RENAMED, "old.md", kept=1)],
    )
    (moved,) = second.total([])
    assert (moved.path, moved.old_path, moved.change) == ("moved.md", "old.md", FileChange.RENAMED)
    assert moved.merge is not None
    assert moved.merge.sentences["translated"] == 1


def test_a_new_file_stays_new_however_often_it_is_updated() -> None:
    tally = Tally().add("1", [result("a.md", FileChange.ADDED, translated=3)]).add("2", [result("a.md", kept=3)])
    assert [one.change for one in tally.total([])] == [FileChange.ADDED]
