"""What people made of a machine's drafts, sentence by sentence: pure, and from the commits of real pull requests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.book.project import load_project
from bot.drafts.announcements import announce_corrections, corrections_comment, read_comment, sum_corrections
from bot.evaluation.corrections import Correction, EditOutcome, Figures, Rendition, judge, matched, summarize
from bot.forge.git import Repository
from bot.forge.merged import merge_of
from bot.model import Language
from tests.support.cli_run import CHINESE, Book, Cli
from tests.support.commented import NEW, STEEP, Machine, said
from tests.support.editions import edition_of
from tests.support.gitrepo import add_commits, git, make_repo

ENGLISH = Language("en", "English")
CHINESE_LANGUAGE = Language("zh", "Chinese", joiner="", enders="。？！", bleu_tokenizer="zh")

words = st.text("abcde  ", min_size=1, max_size=30).map(str.strip).filter(bool)


def outcome(draft: str, final: str, *, left: bool = False) -> EditOutcome:
    return judge(Rendition((0,), draft, not left, left), Rendition((0,), final), ENGLISH).outcome


def test_a_draft_is_accepted_edited_rewritten_removed_or_left() -> None:
    draft = "The tea is ready to drink after four long minutes."
    assert outcome(draft, draft.replace(" tea ", "\ntea  ")) is EditOutcome.ACCEPTED
    assert outcome(draft, draft.replace("four long", "three")) is EditOutcome.EDITED
    assert outcome(draft, "Nobody knows when anything here will be cold enough for us.") is EditOutcome.REWRITTEN
    assert outcome(draft, "") is EditOutcome.REMOVED
    assert outcome("", "Anything.", left=True) is outcome("English.", "Anything.", left=True) is EditOutcome.LEFT


def test_characters_are_counted_by_the_fewest_edits() -> None:
    drafts = [("茶很热。", "茶很热。"), ("水很冷。", "水不冷。"), ("多余。", "")]
    found = [judge(Rendition((0,), a, True), Rendition((0,), b), CHINESE_LANGUAGE) for a, b in drafts]
    assert [one.edits for one in found] == [0, 1, 3]
    figures = summarize(found, ["茶很热。", "水不冷。", "别的。"], CHINESE_LANGUAGE)
    assert (figures.drafted, figures.edited, figures.sentences, figures.characters) == (11, 4, 3, 11)
    assert (figures.asked, figures.answered, figures.work) == (3, 3, 2)
    assert figures.ter is not None
    assert "asian:yes" in figures.ter.signature
    assert figures.ter.sentences == 2


@given(st.lists(words, min_size=1, max_size=6))
def test_what_nobody_touched_is_accepted_whole(texts: list[str]) -> None:
    stretches = [Rendition((place,), text, True) for place, text in enumerate(texts)]
    corrections = [judge(*pair, ENGLISH) for pair in matched(stretches, stretches, " ")]
    figures = summarize(corrections, texts, ENGLISH)
    assert figures.outcomes[EditOutcome.ACCEPTED] == len(texts) == figures.asked
    assert (figures.edited, figures.work) == (0, 0)


@st.composite
def partitions(draw: st.DrawFn, size: int) -> list[tuple[int, ...]]:
    """The places up to `size`, in runs: as sentences are joined in a translation."""
    cuts = sorted(draw(st.sets(st.integers(1, size - 1))) if size > 1 else [])
    return [tuple(range(start, end)) for start, end in zip([0, *cuts], [*cuts, size], strict=True)]


@given(st.integers(1, 8).flatmap(lambda size: st.tuples(partitions(size), partitions(size))))
def test_however_people_join_sentences_each_draft_is_judged_once_and_against_the_same_source(
    sides: tuple[list[tuple[int, ...]], list[tuple[int, ...]]],
) -> None:
    drafts, finals = ([Rendition(p, "".join(f"<{i}>" for i in p), True) for p in side] for side in sides)
    pairs = list(matched(drafts, finals, ""))
    assert sorted(place for draft, _ in pairs for place in draft.places) == list(range(sides[0][-1][-1] + 1))
    assert all((draft.places, draft.text) == (final.places, final.text) for draft, final in pairs)
    cuts = [{one[0] for one in side} for side in sides]
    assert len(pairs) == len(cuts[0] & cuts[1])


def test_sentences_that_the_machine_did_not_write_are_not_judged() -> None:
    drafts = [Rendition((0,), "old"), Rendition((1,), "new", True), Rendition((2,), "kept")]
    pairs = list(matched(drafts, [Rendition((0,), "changed"), Rendition((1, 2), "new kept")], " "))
    assert [(a.text, b.text) for a, b in pairs] == [("new kept", "new kept")]


counts = st.integers(0, 10**6)
figures = st.builds(Figures, st.fixed_dictionaries(dict.fromkeys(EditOutcome, counts)), counts, counts, counts, counts)


@given(st.integers(0, 10**6), figures)
def test_a_comment_tells_a_machine_what_it_tells_people(number: int, one: Figures) -> None:
    assert read_comment(f"Quoted:\n{corrections_comment(number, one, {})}") == (number, one)


@given(figures, figures)
def test_a_sum_counts_everything_once(one: Figures, other: Figures) -> None:
    total = one + other
    assert total.asked == one.asked + other.asked
    assert total.work == one.work + other.work
    assert one + Figures() == one


@pytest.mark.parametrize("body", ["", "Thanks!", "<!-- amts:corrections x -->", "<!-- amts:corrections bm8= -->"])
def test_another_comment_tells_nothing(body: str) -> None:
    assert read_comment(body) is None


GOLDEN = Path(__file__).parents[1] / "golden" / "scores" / "corrections.md"


def test_the_comment_is_as_expected() -> None:
    drafts = [
        ("茶很热，要等四分钟。", "茶很热，要等四分钟。"),
        ("水很冷不好喝。", "水不冷不好喝。"),
        ("甲乙丙丁。", "茶叶要少放。"),
    ]
    found = [judge(Rendition((0,), a, True), Rendition((0,), b), CHINESE_LANGUAGE) for a, b in drafts]
    found.append(Correction("", "人写的。", EditOutcome.LEFT, None, 4))
    whole = [final for _, final in drafts] * 10
    one = summarize(found, whole, CHINESE_LANGUAGE)
    text = corrections_comment(7, one, {"tea.md": one, "cups|x.md": summarize(found[:1], whole, CHINESE_LANGUAGE)})
    assert text.partition("<!--")[0] == GOLDEN.read_text("utf-8").partition("<!--")[0]


# Pull requests of the bot in real repositories, merged as people merge them.


def sync(cli: Cli, book: Book) -> str:
    ran = cli("sync", "--config", book.config, "--json")
    assert ran.code == 0, ran.err
    languages = ran.json()["languages"]
    assert isinstance(languages, list)
    return str(languages[0]["outcome"])


def edit(book: Book, changes: Mapping[str, str], branch: str = "amts/zh", path: str = "tea.md") -> None:
    text = book.text(path, branch=branch)
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    add_commits(book.folder / "zh", {path: text}, branch=branch)


def merge(book: Book, how: str = "merge") -> None:
    """As people do: with a merge commit, or by moving the branch on."""
    folder = book.folder / "zh"
    head, base = book.tip(), book.tip(branch="main")
    if how == "merge":
        tree = git(folder, "merge-tree", "--write-tree", base, head)
        head = git(folder, "commit-tree", "-p", base, "-p", head, "-m", "Merge", tree)
    git(folder, "update-ref", "refs/heads/main", head, base)


def tell(book: Book, *, dry_run: bool = False) -> int:
    return announce_corrections(edition_of(load_project(book.config)), lambda _: None, dry_run=dry_run)


def comments(book: Book, number: int = 1) -> list[str]:
    return [path.read_text("utf-8") for path in sorted((book.pulls / "zh" / str(number) / "thread").glob("*.md"))]


def outcomes(book: Book, number: int = 1) -> dict[str, int]:
    (body,) = [body for body in comments(book, number) if read_comment(body)]
    told = read_comment(body)
    assert told is not None
    assert told[0] == number
    return {outcome.value: count for outcome, count in told[1].outcomes.items() if count}


@pytest.mark.parametrize("how", ["merge", "fast-forward"])
def test_untouched_drafts_are_all_accepted_and_told_once(cli: Cli, book: Book, how: str) -> None:
    assert sync(cli, book) == "created"
    assert said("steep") in book.text("tea.md")
    assert tell(book) == 0
    merge(book, how)
    assert tell(book, dry_run=True) == 1
    assert comments(book) == []
    assert tell(book) == 1
    assert outcomes(book) == {"accepted": 3}
    (book.pulls / "zh" / "1" / "thread" / "0002-people.md").write_text("Thanks!", "utf-8")
    assert tell(book) == 0
    assert len(comments(book)) == 2


@pytest.mark.parametrize("how", ["merge", "fast-forward"])
def test_what_reviewers_did_on_the_branch_is_told_by_sentence(cli: Cli, book: Book, how: str) -> None:
    sync(cli, book)
    edit(book, {said("green"): "绿茶的叶子比红茶的叶子更需要凉一些的水。"})
    edit(book, {said("steep"): said("steep").replace("茶水", "热茶水")})
    merge(book, how)
    assert tell(book) == 1
    assert outcomes(book) == {"accepted": 1, "edited": 1, "rewritten": 1}
    total = sum_corrections(edition_of(load_project(book.config)))
    assert total.pulls == 1
    assert total.figures.work == 2
    assert 1 < total.figures.edited < total.figures.characters
    assert "1 merged pull request: 3 drafts (33% accepted, 33% edited, 33% rewritten" in total.line


def test_what_people_change_after_the_merge_is_not_of_the_pull_request(cli: Cli, book: Book) -> None:
    sync(cli, book)
    merge(book, "fast-forward")
    edit(book, {said("steep"): "浸泡。"}, branch="main")
    assert tell(book) == 1
    assert outcomes(book) == {"accepted": 3}


def test_people_s_words_are_compared_with_the_first_draft_though_the_bot_went_on(cli: Cli, book: Book) -> None:
    sync(cli, book)
    edit(book, {said("steep"): said("steep").replace("茶水", "热茶水")})
    Machine.round = 2
    book.english({"tea.md": NEW + "\nAdd some cold milk to the cup.\n"})
    assert sync(cli, book) == "updated"
    assert said("add", 2) in book.text("tea.md")
    merge(book)
    assert tell(book) == 1
    assert outcomes(book) == {"accepted": 3, "edited": 1}


def test_a_later_pull_request_has_only_its_own_drafts(cli: Cli, book: Book) -> None:
    sync(cli, book)
    merge(book, "fast-forward")
    assert tell(book) == 1
    book.english({"tea.md": NEW + "\nAdd some cold milk to the cup.\n"})
    assert sync(cli, book) == "created"
    merge(book, "fast-forward")
    assert tell(book) == 1
    assert (outcomes(book, 1), outcomes(book, 2)) == ({"accepted": 3}, {"accepted": 1})
    assert sum_corrections(edition_of(load_project(book.config))).figures.asked == 4


def test_what_the_machine_had_no_answer_to_is_left_to_people(cli: Cli, book: Book) -> None:
    Machine.refuses = frozenset({STEEP})
    sync(cli, book)
    merge(book)
    assert tell(book) == 1
    assert outcomes(book) == {"accepted": 2, "left": 1}


def test_a_draft_that_people_took_out_is_removed(cli: Cli, book: Book) -> None:
    sync(cli, book)
    edit(book, {f"{said('green')}\n": ""})
    merge(book)
    assert tell(book) == 1
    assert outcomes(book) == {"accepted": 2, "removed": 1}


def test_people_s_own_pull_requests_and_unmerged_ones_are_not_told_of(cli: Cli, book: Book) -> None:
    sync(cli, book)
    edit(book, {CHINESE.splitlines()[2]: "茶很好。"}, branch="main")
    assert tell(book) == 0
    assert sum_corrections(edition_of(load_project(book.config))).line == ""


def test_the_merge_is_found_among_later_commits(tmp_path: Path) -> None:
    folder = tmp_path / "repo"
    make_repo(folder, {"a": "1"}, {"a": "2"})
    start = git(folder, "rev-parse", "main~1")
    (head,) = add_commits(folder, {"b": "1"}, branch="side", start=start)
    tree = git(folder, "rev-parse", "main^{tree}")
    merged = git(folder, "commit-tree", "-p", "main", "-p", head, "-m", "Merge", tree)
    git(folder, "update-ref", "refs/heads/main", merged)
    add_commits(folder, *({"c": str(number)} for number in range(5)))
    with Repository.open(folder, tmp_path) as repository:
        base = repository.head("main")
        assert merge_of(repository, base, head) == merged
        assert merge_of(repository, head, head) == head
        assert merge_of(repository, base, git(folder, "rev-parse", "main~2")) == git(folder, "rev-parse", "main~2")
