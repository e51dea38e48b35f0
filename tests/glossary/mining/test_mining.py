"""Terminology mining: which terms are proposed, with which translation, and from what evidence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.book.package_data import known_language
from bot.glossary import Term, read_glossary
from bot.glossary.mining import MiningSentence, Replacement, TermProposal, Thresholds, apply_replacements, learn, mine
from bot.glossary.mining.words import read_runs
from bot.model import Direction
from tests.support.cli_run import Book, Cli
from tests.support.gitrepo import add_commits, git

ENGLISH, CHINESE, TURKISH = known_language("en"), known_language("zh"), known_language("tr")
FRUIT = [
    ("apple", "苹果"), ("pear", "雪梨"), ("plum", "李子"), ("melon", "甜瓜"), ("peach", "桃子"), ("grape", "葡萄"),
]  # fmt: skip


FRAMES = [
    ("We drew the saddle point beside the {}.", "我们把{}画在{}旁边。"),
    ("Every saddle point looks like a {}.", "每个{}都像{}。"),
    ("Two saddle points hide the {}.", "两个{}遮住了{}。"),
    ("She found a saddle point in the {}.", "她在{1}里找到了{0}。"),
    ("Nobody has seen the saddle point or the {}.", "没有人见过{}或{}。"),
    ("Our saddle points are not the {}.", "这些{}不是{}。"),
]


def sentences(draft: str | None = None) -> list[MiningSentence]:
    """Eighteen sentences on a saddle point, three times translated otherwise, among others. `draft` is what the machine
    called it."""
    found = []
    for number, ((english, chinese), (source, target)) in enumerate(zip(FRUIT, FRAMES, strict=True)):
        term = "鞍点" if number else "中心"
        machine = None if draft is None else target.format(draft, chinese)
        found.append(MiningSentence(source.format(english), target.format(term, chinese), f"{number}.md", machine))
        plain = None if draft is None else f"他吃了{chinese}。"
        found.append(MiningSentence(f"He ate the {english}.", f"他吃了{chinese}。", "fruit.md", plain))
    return found * 3


def proposed(found: list[TermProposal]) -> dict[str, TermProposal]:
    return {one.source: one for one in found}


def test_a_term_is_proposed_with_its_translation_and_the_counts() -> None:
    one = proposed(mine(sentences(), Direction(ENGLISH, CHINESE)))["saddle point"]
    assert (one.target, one.sentences, one.followed, one.files) == ("鞍点", 18, 15, 6)
    ((other, count),) = one.others
    assert ("中心" in other, count) == (True, 3)
    assert one.consistency == pytest.approx(15 / 18)
    assert all("saddle point" in example.source and "鞍点" in example.target for example in one.examples)


def test_singular_and_plural_are_one_term_and_its_parts_are_none() -> None:
    found = proposed(mine(sentences(), Direction(ENGLISH, CHINESE)))
    assert "saddle point" in found
    assert not {"saddle", "point", "saddle points"} & found.keys()


def test_what_the_glossary_has_is_left_out() -> None:
    found = mine(sentences(), Direction(ENGLISH, CHINESE), [Term("Saddle Point", ("鞍点",))])
    assert "saddle point" not in proposed(found)


def test_a_term_that_is_translated_now_so_now_so_is_none() -> None:
    strict = Thresholds(consistency=0.9)
    assert "saddle point" not in proposed(mine(sentences(), Direction(ENGLISH, CHINESE), thresholds=strict))


def test_a_rare_term_is_none() -> None:
    assert "saddle point" not in proposed(
        mine(sentences(), Direction(ENGLISH, CHINESE), thresholds=Thresholds(least=19))
    )


def test_of_drafts_only_what_the_machine_missed_is_proposed() -> None:
    found = mine(sentences(draft="山口"), Direction(ENGLISH, CHINESE))
    (one,) = found
    assert (one.source, one.target, one.machine) == ("saddle point", "鞍点", "山口")
    assert (one.drafted, one.missed) == (15, 15)
    assert one.examples[0].draft is not None
    assert mine(sentences(draft="鞍点"), Direction(ENGLISH, CHINESE)) == []


def test_a_draft_is_missed_if_it_lacks_the_translation_or_has_the_machines_too() -> None:
    texts = sentences(draft="山口")
    followed = [number for number, text in enumerate(texts) if "鞍点" in text.target]
    for number, draft in zip(followed, ("鞍点。", "鞍点和山口。", "别的。"), strict=False):
        texts[number] = replace(texts[number], draft=draft)
    one = proposed(mine(texts, Direction(ENGLISH, CHINESE)))["saddle point"]
    assert (one.drafted, one.missed) == (15, 14)


def test_a_term_of_one_file_scores_higher_than_an_equally_frequent_one_of_many() -> None:
    texts = [
        MiningSentence(source.replace("saddle point", term).format(fruit), target.format(chinese, other), path)
        for term, chinese, file in (("copper pipe", "铜管", "{}.md"), ("kettle valve", "壶阀", "kettle.md"))
        for (fruit, other), (source, target) in zip(FRUIT, FRAMES, strict=True)
        for path in [file.format(fruit)]
    ]
    terms = proposed(mine(texts, Direction(ENGLISH, CHINESE)))
    assert terms["kettle valve"].score > terms["copper pipe"].score > 0


def test_what_the_machine_says_is_replaced_by_what_people_say_where_the_source_has_the_term() -> None:
    learnt = learn(sentences(draft="山口"), Direction(ENGLISH, CHINESE))
    assert ("saddle point", ("山", "口"), ("鞍", "点")) in {(one.term, one.machine, one.target) for one in learnt}

    def mended(source: str, draft: str) -> str:
        return apply_replacements(learnt, source, draft, Direction(ENGLISH, CHINESE))

    assert mended("Two Saddle Points, and `山口`.", "两个山口和 `山口`。") == "两个鞍点和 `山口`。"
    assert mended("A saddle $x$ point.", "山口。") == "山口。"
    assert mended("A mountain pass.", "山口。") == "山口。"


def test_what_people_left_as_it_was_half_the_time_is_not_replaced() -> None:
    unsure = [
        MiningSentence(one.source, one.draft or "", one.path, one.draft) if number % 2 else one
        for number, one in enumerate(sentences(draft="山口"))
    ]
    half = [one for pair in zip(sentences(draft="山口"), unsure, strict=True) for one in pair]
    assert all(one.better * 2 > one.sentences for one in learn(half, Direction(ENGLISH, CHINESE)))


@pytest.mark.parametrize(
    ("draft", "mended"),
    [
        ("预训模型", "预训练模型"),
        ("预训练模型", "预训练模型"),  # it is so already
        ("一个预训 RNN 模型", "一个预训练 RNN 模型"),
        ("$预训$", "$预训$"),
    ],
)
def test_a_replacement_that_holds_what_it_replaces_is_made_once(draft: str, mended: str) -> None:
    one = Replacement("pretraining", ("预", "训"), ("预", "训", "练"), 5, 5)
    assert apply_replacements([one], "Pretraining", draft, Direction(ENGLISH, CHINESE)) == mended


@pytest.mark.parametrize(
    ("draft", "mended"),
    [
        ("一个 RNN 层", "一个 循环层 层"),
        ("RNN层", "循环层层"),
        ("RNNs 和 BRNN", "RNNs 和 BRNN"),
    ],
)
def test_words_with_letters_are_replaced_whole(draft: str, mended: str) -> None:
    one = Replacement("rnn", ("RNN",), ("循", "环", "层"), 5, 5)
    assert apply_replacements([one], "The RNNs", draft, Direction(ENGLISH, CHINESE)) == mended


def test_words_with_suffixes_are_one_translation_named_by_its_shortest_form() -> None:
    nouns = ["elma", "armut", "erik", "kavun", "şeftali", "üzüm"]
    forms = ["çekirdek", "çekirdeği", "çekirdekler", "çekirdeğin", "çekirdek", "çekirdekte"]
    frames = ["Burada {} {} görülür.", "{} için {} gerekir.", "Her {} bir {} ister.", "O {} ile {} aynı."]
    texts = [
        MiningSentence(f"See the kernel of the {english}.", frames[number % 4].format(noun, form), "a.md")
        for number, (noun, form, (english, _)) in enumerate(zip(nouns, forms, FRUIT, strict=True))
    ]
    others = [
        MiningSentence(f"He ate the {english}.", f"Adam {noun} yedi.", "b.md")
        for noun, (english, _) in zip(nouns, FRUIT, strict=True)
    ]
    one = proposed(mine([*texts, *others] * 2, Direction(ENGLISH, TURKISH)))["kernel"]
    assert (one.target, one.followed, one.sentences) == ("çekirdek", 12, 12)


def test_two_terms_that_stand_side_by_side_do_not_share_a_translation() -> None:
    texts = [MiningSentence("The height and the width differ.", "高度和宽度不同。", "a.md")] * 9
    texts += [MiningSentence("The width is small.", "宽度很小。", "a.md")] * 3
    texts += [MiningSentence("He ate the plum.", "他吃了李子。", "b.md")] * 30
    found = proposed(mine(texts, Direction(ENGLISH, CHINESE)))
    assert found["width"].target == "宽度"
    assert "高度" in found["height"].target


def test_what_stands_on_two_sides_of_a_formula_or_a_comma_is_no_term() -> None:
    assert read_runs("the saddle $x$ point, a `code` cell", ENGLISH) == (
        ("the", "saddle"),
        ("point",),
        ("a",),
        ("cell",),
    )
    assert read_runs("鞍点softmax层", CHINESE) == (("鞍", "点", "softmax", "层"),)


def test_no_sentence_gives_no_term() -> None:
    assert mine([], Direction(ENGLISH, CHINESE)) == []


@pytest.fixture
def amts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Cli(monkeypatch, capsys)


def as_file(texts: list[str]) -> str:
    return "\n\n".join(texts) + "\n"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """The machine's draft of the chapter, and what people made of it."""
    made = sentences(draft="山口")
    english = as_file([one.source for one in made])
    draft = as_file([one.draft or "" for one in made])
    book = Book(tmp_path, {"zh": {"fruit.md": draft, "fruit_origin.md": english}}, {"fruit.md": english})
    commit = git(tmp_path / "zh", "rev-parse", "main")
    (tmp_path / "drafts.json").write_text(json.dumps([{"path": "fruit.md", "commit": commit}]))
    add_commits(tmp_path / "zh", {"fruit.md": as_file([one.target for one in made])})
    return book


def test_the_command_proposes_what_the_drafts_of_the_history_missed(amts: Cli, book: Book) -> None:
    ran = amts("term", "mine", "-c", book.config, "-l", "zh", "--drafts", book.folder / "drafts.json")
    assert ran.code == 0, ran.err
    (row,) = (line for line in ran.out.splitlines() if line.startswith("| saddle point | 鞍点 | "))
    assert row.endswith(" | 山口 | 15 of 18 | 1 | 15 of 15 |")
    assert "machine: `每个山口都像" in ran.out


def test_a_csv_of_proposals_is_a_glossary(amts: Cli, book: Book) -> None:
    file = book.folder / "terms.csv"
    ran = amts("term", "mine", "-c", book.config, "--format", "csv", "-o", file)
    assert ran.code == 0, ran.err
    assert "proposed" in ran.out
    terms = read_glossary(file.read_bytes(), Direction(ENGLISH, CHINESE), "terms.csv").terms
    assert Term("saddle point", ("鞍点",)) in terms
    languages = {"zh": {"repo": "zh", "glossary": "terms.csv"}}
    book.configure({}, languages=languages)
    again = amts("term", "mine", "-c", book.config, "--json")
    assert again.json() == {"zh": []}


def test_drafts_may_be_a_memory(amts: Cli, book: Book) -> None:
    made = sentences(draft="山口")
    memory = book.folder / "drafts.csv"
    memory.write_text("en,zh\n" + "".join(f"{one.source},{one.draft}\n" for one in made), "utf-8")
    ran = amts("term", "mine", "-c", book.config, "-l", "zh", "--drafts", memory, "--json")
    assert '"missed": 15' in ran.out


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("drafts.json", "{}x", "is no JSON list"),
        ("drafts.json", '[{"path": 1}]', "is no JSON list"),
        ("drafts.txt", "", "is of no known format"),
        ("none.csv", None, "does not exist"),
    ],
)
def test_drafts_that_cannot_be_read(amts: Cli, book: Book, name: str, text: str | None, said: str) -> None:
    file = book.folder / "other" / name
    file.parent.mkdir()
    if text is not None:
        file.write_text(text)
    ran = amts("term", "mine", "-c", book.config, "-l", "zh", "--drafts", file)
    assert ran.code == 4
    assert said in ran.err


def test_drafts_are_of_one_language(amts: Cli, tmp_path: Path) -> None:
    book = Book(tmp_path, {"zh": {}, "tr": {}})
    assert amts("term", "mine", "-c", book.config, "--format", "csv").code == 2
